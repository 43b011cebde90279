//! The table of what was measured, and which aims hold: told, never asserted.

use std::time::Duration;

use super::options::Options;
use super::{APPLY_ALL, APPLY_ONE, PLAN_NOTHING, PLAN_SOME};

const MIB: f64 = 1024.0 * 1024.0;

/// What was measured of one thing at one size.
#[derive(Clone, Debug)]
pub struct Row {
    /// How many monitors.
    pub size: usize,
    /// What.
    pub name: &'static str,
    /// Each run of the program.
    pub program: Vec<Duration>,
    /// Each run of the bare client.
    pub floor: Vec<Duration>,
    /// The most memory of the program, in bytes.
    pub peak: Option<u64>,
    /// How many requests each of them sends.
    pub requests: usize,
}

/// The head of the table.
pub fn heading(options: &Options) -> String {
    let cluster = match &options.url {
        None => format!("a sandbox of line {} in a process of its own", options.line),
        Some(url) => format!("{url}, line {}", options.line),
    };
    format!(
        "against {cluster}; medians of {}, lowest and highest in brackets, in milliseconds\n\n\
         | monitors | measure | requests | program | floor | ratio | peak MiB |\n\
         |---:|---|---:|---:|---:|---:|---:|\n",
        options.runs,
    )
}

/// One line of the table.
pub fn line(row: &Row) -> String {
    let Row { size, name, program, floor, peak, requests } = row;
    let peak = peak.map_or_else(|| "not measured".to_owned(), |peak| format!("{:.1}", mebibytes(peak)));
    format!(
        "| {size} | {name} | {requests} | {} | {} | {:.2} | {peak} |\n",
        spread(program),
        spread(floor),
        ratio(row),
    )
}

/// Which aims hold, a line each.
pub fn aims(rows: &[Row]) -> String {
    rows.iter().flat_map(|row| [speed(row), memory(row)]).flatten().collect()
}

fn speed(row: &Row) -> Option<String> {
    let (program, floor) = (millis(median(&row.program)), millis(median(&row.floor)));
    let (aim, most) = match row.name {
        PLAN_NOTHING | PLAN_SOME => ("1.5 x the floor + 10 ms", floor * 1.5 + 10.0),
        APPLY_ALL | APPLY_ONE => ("1.2 x the floor", floor * 1.2),
        _ => return None,
    };
    let (verdict, Row { size, name, .. }) = (verdict(program <= most), row);
    Some(format!("{verdict}: {size} monitors, {name}: {program:.1} ms, aim {aim} = {most:.1} ms\n"))
}

fn memory(row: &Row) -> Option<String> {
    let Row { size: 10_000, name: name @ (PLAN_NOTHING | PLAN_SOME), peak: Some(peak), .. } = row else {
        return None;
    };
    let peak = mebibytes(*peak);
    let verdict = verdict(peak < 60.0);
    Some(format!("{verdict}: 10000 monitors, {name}: {peak:.1} MiB, aim under 60 MiB\n"))
}

const fn verdict(holds: bool) -> &'static str {
    if holds { "holds" } else { "missed" }
}

fn ratio(row: &Row) -> f64 {
    millis(median(&row.program)) / millis(median(&row.floor))
}

fn spread(runs: &[Duration]) -> String {
    let least = runs.iter().min().copied().unwrap_or_default();
    let most = runs.iter().max().copied().unwrap_or_default();
    format!("{:.1} ({:.1}–{:.1})", millis(median(runs)), millis(least), millis(most))
}

fn median(runs: &[Duration]) -> Duration {
    let mut sorted = runs.to_vec();
    sorted.sort_unstable();
    sorted.get(sorted.len() / 2).copied().unwrap_or_default()
}

fn millis(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1000.0
}

#[expect(clippy::cast_precision_loss, reason = "no process has that much memory")]
fn mebibytes(bytes: u64) -> f64 {
    bytes as f64 / MIB
}

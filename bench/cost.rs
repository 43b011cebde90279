//! Measures what it costs to bring monitors into the canonical form and compare them, on one core; asserts no timing.

#![expect(clippy::print_stdout, clippy::print_stderr, reason = "whoever measures looks at the screen")]

mod project;

use std::collections::BTreeMap;
use std::error::Error;
use std::hint::black_box;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use alertform::api::line::Line;
use alertform::api::wire::ids::Ids;
use alertform::api::wire::{canonical, monitor};
use alertform::model::monitor::Monitor;
use alertform::model::resource::{Kind, Resource};
use alertform::sandbox::exchange::Request;
use alertform::sandbox::server::Sandbox;
use alertform::sandbox::state::{Clock, State};
use alertform::source::load;
use serde_json::Value;

use project::{Project, TOKEN};

/// What can go wrong here is told to whoever measures, and never handled.
type Result<T> = std::result::Result<T, Box<dyn Error>>;

const LINE: Line = Line::V2_19;
const SIZES: [usize; 4] = [1_000, 2_500, 5_000, 10_000];
const RUNS: usize = 5;

/// The aim for the largest size.
const AIM: Duration = Duration::from_secs(1);

fn main() -> ExitCode {
    match measure() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn measure() -> Result<()> {
    println!("one thread, line {LINE}, medians of {RUNS}\n");
    println!("| monitors | live MiB | milliseconds | microseconds a monitor |\n|---:|---:|---:|---:|");
    let mut last = Duration::ZERO;
    for size in SIZES {
        let (declared, live) = pairs(size)?;
        let mut runs = Vec::new();
        for _ in 0..RUNS {
            let start = Instant::now();
            let different = declared.iter().zip(&live).filter(|(declared, live)| differ(declared, live));
            let different = black_box(different.count());
            runs.push(start.elapsed());
            if different > 0 {
                return Err(
                    format!("{different} of {size} monitors differ from what was made of them").into()
                );
            }
        }
        runs.sort();
        last = runs[RUNS / 2];
        let mib = live.iter().map(String::len).sum::<usize>() / (1 << 20);
        let each = last.as_micros() / size as u128;
        println!("| {size} | {mib} | {} | {each} |", last.as_millis());
    }
    let verdict = if last < AIM { "holds" } else { "does not hold" };
    println!("\n{} monitors in under {} ms: {verdict}", SIZES[SIZES.len() - 1], AIM.as_millis());
    Ok(())
}

/// What a plan does with each monitor: both sides into the canonical form, the live one from its text, and compared.
fn differ(declared: &Monitor, live: &str) -> bool {
    let declared = canonical::monitor(declared.clone(), LINE);
    let live: Value = serde_json::from_str(live).unwrap_or_default();
    monitor::decode_live(Kind::Monitor, &live, LINE).map_or(true, |live| live.monitor != declared)
}

/// Monitors as files declare them, and as a server shows them, spelled in its own way.
fn pairs(size: usize) -> Result<(Vec<Monitor>, Vec<String>)> {
    let dir = std::env::temp_dir().join(format!("alertform-cost-{}", std::process::id()));
    let project = Project::write(&dir, "bench-", size)?;
    let variables = BTreeMap::from([(TOKEN.0.to_owned(), TOKEN.1.to_owned())]);
    let loaded = load(&project.dir, &variables.clone().into());
    std::fs::remove_dir_all(&dir)?;
    let loaded = loaded.map_err(|findings| format!("{} errors in the project", findings.len()))?;
    let mut declared = Vec::with_capacity(size);
    let mut live = Vec::with_capacity(size);
    for declaration in &loaded.resources {
        let Resource::Monitor(monitor) = &declaration.resource else { continue };
        let document = monitor::encode(monitor, &Ids::minted("bench", monitor), LINE, None);
        let body = document.to_string().into_bytes();
        let mut request = Request::new("POST", "/_plugins/_alerting/monitors", body);
        request.content_type = Some("application/json".to_owned());
        // a cluster for each, so that no limit is met
        let mut sandbox = Sandbox { state: State::new(LINE, Clock::System), journal: None };
        let answer: Value = serde_json::from_slice(&sandbox.answer(&request).body)?;
        let Some(monitor) = answer.get("monitor") else { return Err(format!("refused: {answer}").into()) };
        live.push(monitor.to_string());
        // names for ids are none of this: the ids are those names
        let shown = monitor::decode(Kind::Monitor, &document).map_err(|_| "a monitor that cannot be read")?;
        declared.push(shown.monitor);
    }
    Ok((declared, live))
}

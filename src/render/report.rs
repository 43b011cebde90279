//! What became of a plan, in words: for people, and for the formats that show it their own way.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::fmt::Write;

use super::text::{line, listed};
use crate::apply::{Failed, NotTried, Report};
use crate::error::Error;
use crate::plan::Counts;
use crate::source::finding::Finding;

/// What was done, failed and was not tried; of failures with one answer only the first in full.
pub fn text(report: &Report) -> String {
    let mut text = String::new();
    for (failed, more) in alike(&report.failed, |failed| answer(&failed.error)) {
        line(&mut text, &format!("failed: {}", of_failed(failed)));
        if !more.is_empty() {
            let more = listed(more.iter().map(|failed| &failed.key));
            line(&mut text, &format!("  and with the same answer {more}"));
        }
    }
    for (skipped, more) in alike(&report.not_tried, |skipped| skipped.reason.to_owned()) {
        line(&mut text, &format!("not tried: {}", of_not_tried(skipped)));
        if !more.is_empty() {
            line(&mut text, &format!("  and so {}", listed(more.iter().map(|skipped| &skipped.key))));
        }
    }
    for finding in report.unseen.iter().flat_map(Error::findings) {
        line(&mut text, &format!("failed: {finding}"));
    }
    line(&mut text, &summary(report));
    text
}

/// The report in one line: `applied: 2 created, 1 updated, 0 deleted; 1 failed, 0 not tried`.
pub fn summary(report: &Report) -> String {
    let Counts { create, update, delete } = report.counts();
    let mut summary = format!("applied: {create} created, {update} updated, {delete} deleted");
    match report.already() {
        0 => {}
        // writing to a `String` cannot fail, here and below
        some => {
            let _ = write!(summary, ", {some} so already");
        }
    }
    let failed = failed(report).len();
    if failed > 0 || !report.not_tried.is_empty() {
        let _ = write!(summary, "; {failed} failed, {} not tried", report.not_tried.len());
    }
    summary
}

/// What failed.
pub fn failed(report: &Report) -> Vec<Finding> {
    report.failed.iter().map(of_failed).chain(report.unseen.iter().flat_map(Error::findings)).collect()
}

/// What was not tried.
pub fn not_tried(report: &Report) -> Vec<Finding> {
    report.not_tried.iter().map(of_not_tried).collect()
}

fn of_failed(failed: &Failed) -> Finding {
    let message = format!("{}: {}", failed.key, failed.error);
    Finding { place: failed.place.clone(), message, hint: failed.error.hint() }
}

fn of_not_tried(skipped: &NotTried) -> Finding {
    let message = format!("{}: {}", skipped.key, skipped.reason);
    let hint = "run it again: what is done is not done again";
    Finding { place: skipped.place.clone(), message, hint: Some(hint.to_owned()) }
}

/// The first of those for which `word` is the same, and the others.
fn alike<T>(items: &[T], word: impl Fn(&T) -> String) -> Vec<(&T, Vec<&T>)> {
    let mut places: HashMap<String, usize> = HashMap::new();
    let mut alike: Vec<(&T, Vec<&T>)> = Vec::new();
    for item in items {
        match places.entry(word(item)) {
            Entry::Occupied(place) => alike[*place.get()].1.push(item),
            Entry::Vacant(place) => {
                place.insert(alike.len());
                alike.push((item, Vec::new()));
            }
        }
    }
    alike
}

/// What an error says, without the paths of requests, which hold ids.
fn answer(error: &Error) -> String {
    let text = error.to_string();
    let words = text.split(' ').map(|word| if word.starts_with('/') { "/" } else { word });
    words.collect::<Vec<_>>().join(" ")
}

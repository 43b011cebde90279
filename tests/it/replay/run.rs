//! Runs a scenario against a server, step by step, up to the first answer that is not the recorded one.

use std::fmt;
use std::time::Duration;

use serde_json::Value;

use super::matcher::{Captured, Difference, differences, text_matches};
use super::scenario::{Response, Scenario, Step};
use super::server::{Answer, Clock, Server};

/// How a scenario went.
#[derive(Default)]
pub struct Outcome {
    /// Steps that were answered as recorded.
    pub steps: usize,
    /// Steps (from 1) in the list of exceptions that were indeed answered otherwise.
    pub excepted: Vec<usize>,
    pub mismatch: Option<Mismatch>,
}

/// The first step that was answered otherwise than recorded.
pub struct Mismatch {
    pub scenario: String,
    about: String,
    pub step: usize,
    steps: usize,
    request: String,
    note: Option<String>,
    differences: Vec<Difference>,
}

/// Sends the steps in turn; the answers to `excepted` steps (from 1) may differ.
pub async fn run(scenario: &Scenario, server: &Server, excepted: &[usize]) -> Outcome {
    let mut captured = Captured::new();
    let mut outcome = Outcome::default();
    for (index, step) in scenario.steps.iter().enumerate() {
        if step.after_ms > 0 {
            server.wait(Duration::from_millis(step.after_ms)).await;
        }
        let differences = ask(step, server, &mut captured).await;
        if differences.is_empty() {
            outcome.steps += 1;
        } else if excepted.contains(&(index + 1)) {
            outcome.excepted.push(index + 1);
        } else {
            outcome.mismatch = Some(Mismatch {
                scenario: scenario.path.clone(),
                about: scenario.about.clone(),
                step: index + 1,
                steps: scenario.steps.len(),
                request: format!("{} {}", step.request.method, step.request.path),
                note: step.note.clone(),
                differences,
            });
            break;
        }
    }
    outcome
}

/// Asks once, or again and again where only the last answer counts.
async fn ask(step: &Step, server: &Server, captured: &mut Captured) -> Vec<Difference> {
    let (patience, tries, pause) = match (&server.clock, step.response.status) {
        // Nothing but the end of a short patience can tell that no answer comes.
        (Clock::Moved(_), 0) => (Duration::from_millis(300), 3, Duration::from_secs(1)),
        (Clock::Moved(_), _) => (Duration::from_secs(20), 3, Duration::from_secs(1)),
        (Clock::Real, 0) => (Duration::from_secs(10), 1, Duration::ZERO),
        (Clock::Real, _) => (Duration::from_secs(60), 150, Duration::from_millis(400)),
    };
    let mut found = Vec::new();
    for again in 0..if step.eventually { tries } else { 1 } {
        if again > 0 {
            server.wait(pause).await;
        }
        let answer = server.send(&step.request, captured, patience).await;
        found = judge(step, &answer, captured);
        if found.is_empty() {
            break;
        }
    }
    found
}

fn judge(step: &Step, answer: &Answer, captured: &mut Captured) -> Vec<Difference> {
    if let Ok(body) = serde_json::from_str::<Value>(&answer.text) {
        for (name, pointer) in &step.capture {
            if let Some(value) = body.pointer(pointer) {
                captured.insert(name.clone(), value.clone());
            }
        }
    }
    let Response { status, body, location, content_type } = &step.response;
    if *status != answer.status {
        return vec![difference(
            "status",
            &status.to_string(),
            &format!("{} {}", answer.status, answer.text),
        )];
    }
    if step.setup || *status == 0 {
        return Vec::new();
    }
    let mut found = header("location", location.as_deref(), answer.location.as_deref(), captured);
    if let Some(expected) = body {
        found.extend(judge_body(expected, content_type.as_deref(), answer, captured));
    }
    found
}

fn judge_body(
    expected: &Value,
    content_type: Option<&str>,
    answer: &Answer,
    captured: &Captured,
) -> Vec<Difference> {
    let type_got = answer.content_type.as_deref().and_then(|text| text.split(';').next());
    match expected {
        Value::String(any) if any == "<<any>>" => Vec::new(),
        Value::Null if answer.text.is_empty() => Vec::new(),
        Value::Null => vec![difference("body", "nothing", &answer.text)],
        Value::String(text) if content_type.is_some() => {
            let mut found = header("content-type", content_type, type_got, captured);
            if !text_matches(text, &answer.text, captured) {
                found.push(difference("body", text, &answer.text));
            }
            found
        }
        expected => match serde_json::from_str(&answer.text) {
            Ok(got) => {
                let mut found = header("content-type", Some("application/json"), type_got, captured);
                found.extend(differences(expected, &got, captured));
                found
            }
            Err(error) => vec![difference("body", &format!("JSON ({error})"), &answer.text)],
        },
    }
}

fn header(name: &str, expected: Option<&str>, got: Option<&str>, captured: &Captured) -> Vec<Difference> {
    let same = match (expected, got) {
        (Some(expected), Some(got)) => text_matches(expected, got, captured),
        (expected, got) => expected.is_none() && got.is_none(),
    };
    if same { Vec::new() } else { vec![difference(name, expected.unwrap_or("none"), got.unwrap_or("none"))] }
}

fn difference(at: &str, expected: &str, got: &str) -> Difference {
    Difference { at: at.to_owned(), expected: expected.to_owned(), got: got.to_owned() }
}

/// Differences shown of one step.
const SHOWN: usize = 6;

impl fmt::Display for Mismatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Mismatch { scenario, about, step, steps, request, note, differences } = self;
        writeln!(f, "{scenario} ({about})")?;
        writeln!(f, "  step {step} of {steps}: {request}")?;
        if let Some(note) = note {
            writeln!(f, "  note: {note}")?;
        }
        for Difference { at, expected, got } in differences.iter().take(SHOWN) {
            writeln!(f, "    {}", if at.is_empty() { "body" } else { at })?;
            writeln!(f, "      - {expected}")?;
            writeln!(f, "      + {got}")?;
        }
        match differences.len().saturating_sub(SHOWN) {
            0 => Ok(()),
            more => writeln!(f, "    … and {more} more"),
        }
    }
}

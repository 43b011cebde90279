//! Projects of all kinds, as people declare them: the documents of their files, with all that a line of servers can
//! hold.

mod actions;
mod channels;
mod mail;
mod names;
mod schedules;
mod searches;
mod watches;
mod workflows;

use std::fmt;

use alertform::api::line::Line;
use proptest::prelude::*;
use serde_json::{Value, json};

use super::layout::files;

/// The documents of a project.
#[derive(Clone)]
pub struct Project(Vec<Value>);

impl fmt::Debug for Project {
    /// Shows the file, to be tried by hand.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        files(&self.0).iter().try_for_each(|(_, text)| write!(f, "\n{text}"))
    }
}

impl Project {
    /// All documents, accounts first and workflows last.
    pub fn documents(&self) -> Vec<Value> {
        self.0.clone()
    }

    /// How many there are.
    pub const fn len(&self) -> usize {
        self.0.len()
    }

    /// Puts another document in the place of one.
    pub fn replace(&mut self, index: usize, document: Value) {
        self.0[index] = document;
    }
}

/// The indices that must be there before a project is applied.
pub const INDICES: [&str; 2] = ["logs", "audit"];

/// A project that servers of `line` take.
pub fn project(line: Line) -> BoxedStrategy<Project> {
    let many = |least: usize, most: usize| least..=most;
    let workflows = if line.has_channels() { many(0, 3) } else { many(0, 0) };
    let parts = (
        prop::collection::vec(mail::account(line), many(1, 3)),
        prop::collection::vec(mail::group(line), many(0, 3)),
        prop::collection::vec(channels::destination(line), many(1, 7)),
        prop::collection::vec(watches::monitor(line), many(1, 14)),
        prop::collection::vec(workflows::workflow(), workflows),
    );
    parts
        .prop_map(move |(accounts, groups, destinations, monitors, workflows)| {
            let (accounts, groups) = (named(accounts), named(groups));
            let mut destinations = named(destinations);
            destinations.extend(mail::emails(&accounts, &groups));
            let mut monitors = named(monitors);
            // before 2.0 only the monitors that tell a destination say whose it is
            monitors.push(actions::roll_call(&destinations));
            let mut workflows = named(workflows);
            workflows.retain_mut(|workflow| workflows::link(workflow, &monitors));
            for document in monitors.iter_mut().chain(&mut workflows) {
                actions::link(document, &destinations);
            }
            Project([accounts, groups, destinations, monitors, workflows].concat())
        })
        .boxed()
}

/// Gives each document of a kind a name of its own: drafts have a beginning and an end, between which a number stands.
fn named(mut drafts: Vec<Value>) -> Vec<Value> {
    for (number, draft) in drafts.iter_mut().enumerate() {
        names::settle(draft, number);
    }
    drafts
}

/// Something of a kind, with the beginning and the end of its name, and what else it has.
fn draft(kind: &str, name: Value, mut rest: Value) -> Value {
    let mut document = json!({"kind": kind, "name": name});
    if let (Value::Object(document), Value::Object(rest)) = (&mut document, &mut rest) {
        document.append(rest);
    }
    document
}

fn name_of(document: &Value) -> &str {
    document["name"].as_str().unwrap()
}

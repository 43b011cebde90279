//! A plan's changes in the terms of the YAML that people write, for all formats.

use super::outline::{Line, Sign, outline};
use crate::api::live::LiveResource;
use crate::api::wire::canonical;
use crate::model::resource::{Key, Resource};
use crate::owner::Owner;
use crate::plan::{Change, Plan};
use crate::source::place::Place;
use crate::source::print::{print_masked, print_pair};

/// A change as people see it.
#[derive(Clone, Debug)]
pub struct Shown {
    /// What is done.
    pub verb: Verb,
    /// What changes.
    pub key: Key,
    /// Where it is declared.
    pub place: Option<Place>,
    /// Its id in the cluster.
    pub id: Option<String>,
    /// Why it needs a word of consent, if it does.
    pub adoption: Option<String>,
    /// The lines that change.
    pub lines: Vec<Line>,
}

/// What is done to a resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verb {
    /// It is made.
    Create,
    /// It is changed in place.
    Update,
    /// It is removed.
    Delete,
}

impl Verb {
    /// The sign before the headline.
    pub const fn sign(self) -> char {
        match self {
            Verb::Create => '+',
            Verb::Update => '~',
            Verb::Delete => '-',
        }
    }

    /// The word for it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Verb::Create => "create",
            Verb::Update => "update",
            Verb::Delete => "delete",
        }
    }
}

/// A change of `plan` as people see it.
pub fn show(plan: &Plan, change: &Change) -> Shown {
    let (verb, lines, adoption) = match change {
        Change::Create(create) => {
            let text = print_masked(&create.after.resource);
            (Verb::Create, all(&text, Sign::Added), None)
        }
        Change::Update(update) => {
            let before = resource(&update.before);
            let after = declared(plan, &update.after.resource);
            (Verb::Update, difference(&before, &after), adoption(&update.owner))
        }
        Change::Delete(delete) => {
            let text = print_masked(&resource(&delete.before));
            (Verb::Delete, all(&text, Sign::Removed), None)
        }
    };
    let id = match change {
        Change::Create(_) => None,
        Change::Update(update) => Some(update.before.id().to_owned()),
        Change::Delete(delete) => Some(delete.before.id().to_owned()),
    };
    Shown { verb, key: change.key(), place: change.place().cloned(), id, adoption, lines }
}

/// The declared resource in the form in which the live one stands: canonical, with names for ids.
fn declared(plan: &Plan, after: &Resource) -> Resource {
    match canonical::resource(after, plan.line) {
        Resource::Monitor(monitor) => Resource::Monitor(plan.directory.with_names(monitor)),
        destination @ Resource::Destination(_) => destination,
    }
}

fn resource(live: &LiveResource) -> Resource {
    match live {
        LiveResource::Destination(live) => Resource::Destination(live.destination.clone()),
        LiveResource::Monitor(live) => Resource::Monitor(live.monitor.clone()),
    }
}

/// The changed lines.
fn difference(before: &Resource, after: &Resource) -> Vec<Line> {
    let (before, after) = print_pair(before, after);
    outline(&before, &after)
}

fn all(text: &str, sign: Sign) -> Vec<Line> {
    text.lines().map(|line| Line { sign, text: line.to_owned() }).collect()
}

fn adoption(owner: &Owner) -> Option<String> {
    match owner {
        Owner::Ours => None,
        Owner::Nobody => Some("it bears no mark of this project".to_owned()),
        Owner::Project(project) => Some(format!("it bears the mark of project `{project}`")),
    }
}

//! A plan's changes in the terms of the YAML that people write, for all formats.

use super::align::{Aligned, align};
use super::outline::{Line, Sign, outline};
use super::{shapes, words};
use crate::api::live::LiveResource;
use crate::api::wire::{canonical, doc_queries};
use crate::model::cover::{cover, cover_pair};
use crate::model::destination::{Destination, Target};
use crate::model::monitor::Monitor;
use crate::model::name::Name;
use crate::model::resource::{Key, Resource};
use crate::owner::Owner;
use crate::plan::{Change, Pair, Plan, Update};
use crate::plural::count;
use crate::source::declared::Declaration;
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
    /// The destinations, accounts and groups that become the project's, which only its mark says.
    pub claimed: Vec<Key>,
    /// What ends with it that hangs on ids, in words.
    pub ends: Vec<String>,
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
            let Declaration { resource, secrets, .. } = &*create.after;
            let text = print_masked(&cover(resource, secrets));
            (Verb::Create, all(&text, Sign::Added), None)
        }
        Change::Update(update) => (Verb::Update, difference(plan, update), adoption(&update.owner)),
        Change::Delete(delete) => {
            let mut gone = resource(&delete.before);
            if let Resource::Monitor(monitor) = &mut gone {
                doc_queries::forget_unnamed(monitor);
            }
            let text = print_masked(&cover(&gone, &plan.secrets));
            (Verb::Delete, all(&text, Sign::Removed), None)
        }
    };
    let id = match change {
        Change::Create(_) => None,
        Change::Update(update) => Some(update.pair.id().to_owned()),
        Change::Delete(delete) => Some(delete.before.id().to_owned()),
    };
    let (claimed, ends) = (claimed(plan, change), ends(change));
    Shown { verb, key: change.key(), place: change.place().cloned(), id, adoption, claimed, ends, lines }
}

fn resource(live: &LiveResource) -> Resource {
    match live {
        LiveResource::Destination(live) => Resource::Destination(live.destination.clone()),
        LiveResource::Monitor(live) => Resource::Monitor(live.monitor.clone()),
    }
}

/// The changed lines, both sides canonical and with names for ids; and what only our mark says.
fn difference(plan: &Plan, update: &Update) -> Vec<Line> {
    let (before, after, Aligned { moved, renamed }) = match &update.pair {
        Pair::Destination { before, after } => {
            let after = plan.directory.with_names(canonical::destination(after.clone(), plan.line));
            let before = Resource::Destination(before.destination.clone());
            (before, Resource::Destination(after), Aligned::default())
        }
        Pair::Monitor { before, after } => {
            let mut after = plan.directory.with_names(canonical::monitor(after.clone(), plan.line));
            let renamed = update.declaration.previous.renamed(&before.monitor, &after);
            let mut before = before.monitor.clone();
            doc_queries::forget_where_none_is_stated(&mut before, &after);
            let (mut before, aligned) = align(&before, &renamed, &after);
            shapes::align(&mut before, &mut after);
            (Resource::Monitor(before), Resource::Monitor(after), aligned)
        }
    };
    let (before, after) = cover_pair(&before, &after, &plan.secrets);
    let (before, after) = print_pair(&before, &after);
    moved.into_iter().chain(outline(&before, &after, &renamed)).collect()
}

/// The destinations, accounts and groups that become the project's by this change's mark.
fn claimed(plan: &Plan, change: &Change) -> Vec<Key> {
    let Change::Update(update) = change else { return Vec::new() };
    let Pair::Monitor { before, after } = &update.pair else { return Vec::new() };
    plan.unnamed(before, after)
}

/// What hangs on the ids of monitors, triggers and actions that go, and ends with them.
fn ends(change: &Change) -> Vec<String> {
    match change {
        Change::Create(_) => Vec::new(),
        Change::Update(update) => match &update.pair {
            Pair::Monitor { before, after } => {
                let renamed = update.declaration.previous.renamed(&before.monitor, after);
                ends_of_triggers(&before.monitor, &renamed, after)
            }
            Pair::Destination { before, after } => ends_of_account(&before.destination, after),
        },
        Change::Delete(delete) => match &delete.before {
            LiveResource::Monitor(live) if !live.monitor.triggers.is_empty() => {
                let triggers = count(live.monitor.triggers.len(), "trigger");
                vec![format!("active alerts of its {triggers}, with their acknowledgements and throttles")]
            }
            LiveResource::Monitor(_) | LiveResource::Destination(_) => Vec::new(),
        },
    }
}

/// What ends with the triggers and actions that go; `renamed` is `before` by the names that they have in `after`.
fn ends_of_triggers(before: &Monitor, renamed: &Monitor, after: &Monitor) -> Vec<String> {
    // a new one beside it may be the same under another name
    let has_new =
        after.triggers.iter().any(|after| renamed.triggers.iter().all(|was| was.name != after.name));
    let mut ends = Vec::new();
    for (trigger, shown) in renamed.triggers.iter().zip(&before.triggers) {
        let Some(after) = after.triggers.iter().find(|after| after.name == trigger.name) else {
            let hint = if has_new { "; `previous_names` keeps them for one that is renamed" } else { "" };
            ends.push(format!("{}{hint}", alerts_of(&shown.name)));
            continue;
        };
        if !trigger.is_same_trigger(after) {
            ends.push(format!("{}; it becomes a `{}`", alerts_of(&shown.name), after.kind.as_str()));
            continue;
        }
        for (action, shown_action) in trigger.actions.iter().zip(&shown.actions) {
            let goes_on = after.actions.iter().any(|after| after.name == action.name);
            if action.throttle.is_some() && !goes_on {
                let (action, trigger) = (&shown_action.name, &shown.name);
                ends.push(format!("the throttle of action `{action}` of trigger `{trigger}`"));
            }
        }
    }
    ends
}

fn alerts_of(trigger: &Name) -> String {
    format!("active alerts of trigger `{trigger}`, with their acknowledgements and throttles")
}

/// The keystore of each node has the password of an account under the account's name.
fn ends_of_account(before: &Destination, after: &Destination) -> Vec<String> {
    match after.target {
        Target::SmtpAccount(_) if before.name != after.name => {
            vec![format!("the user and the password in the keystore, which are under `{}`", before.name)]
        }
        _ => Vec::new(),
    }
}

fn all(text: &str, sign: Sign) -> Vec<Line> {
    text.lines().map(|line| Line { sign, text: line.to_owned() }).collect()
}

fn adoption(owner: &Owner) -> Option<String> {
    match owner {
        Owner::Ours => None,
        Owner::Nobody => Some("it bears no mark of this project".to_owned()),
        Owner::Project(project) => Some(format!("it bears the mark of {}", words::project(project))),
    }
}

//! What monitors and e-mails lead to that is not there, or is disabled.

use std::collections::{BTreeMap, BTreeSet};

use super::{Advice, MOST, Severity, fine};
use crate::api::live::{Destinations, LiveMonitor};
use crate::model::name::Name;
use crate::model::reference::Refer;
use crate::model::resource::{Key, Kind};
use crate::render::words::listed;

const SUBJECT: &str = "channels";

/// What is said of them.
pub fn advice(destinations: &Destinations, monitors: &[&LiveMonitor]) -> Vec<Advice> {
    let monitors: Vec<&LiveMonitor> = monitors.iter().filter(|live| live.monitor.enabled).copied().collect();
    let users = monitors.iter().map(|live| (live.key(), &live.monitor as &dyn Refer));
    let emails = destinations.live.iter().map(|live| (live.key(), &live.destination as &dyn Refer));
    let mut advice = gone(destinations, users.chain(emails));
    advice.extend(silent(destinations, &monitors));
    if advice.is_empty() {
        advice.push(fine(
            SUBJECT,
            "all that enabled monitors tell, and all that e-mails use, is there and enabled",
        ));
    }
    advice
}

/// What is referred to and is not there; of a kind that cannot be listed nobody knows.
fn gone<'a>(destinations: &Destinations, users: impl Iterator<Item = (Key, &'a dyn Refer)>) -> Vec<Advice> {
    let mut dangling: BTreeMap<(Kind, String), BTreeSet<Key>> = BTreeMap::new();
    for (key, user) in users {
        user.each_reference(&mut |kind, reference| {
            let is_asked =
                !kind.is_scheduled() && !destinations.hidden.iter().any(|(hidden, _)| *hidden == kind);
            if let Some(id) = reference.id().filter(|id| is_asked && !destinations.has(kind, id)) {
                dangling.entry((kind, id.to_owned())).or_default().insert(key.clone());
            }
        });
    }
    let advice = |((kind, id), keys): ((Kind, String), BTreeSet<Key>)| {
        let (does, hint) = match kind {
            Kind::EmailAccount | Kind::EmailGroup => {
                ("use", "declare it, and have the e-mail use it: nothing is sent without it")
            }
            Kind::Destination | Kind::Monitor | Kind::Workflow => (
                "tell",
                "declare the destination, or take it out of the actions; a list that is filtered may hide it",
            ),
        };
        let what = if kind == Kind::Destination { String::new() } else { format!("{kind} ") };
        said(Severity::Error, format!("{what}`{id}` is not there, and {} it", who(&keys, does)), hint)
    };
    dangling.into_iter().map(advice).collect()
}

/// What is told and is disabled.
fn silent(destinations: &Destinations, monitors: &[&LiveMonitor]) -> Vec<Advice> {
    let disabled = destinations.live.iter().filter(|live| !live.destination.enabled);
    let disabled: BTreeMap<&str, &Name> =
        disabled.map(|live| (live.id.as_str(), &live.destination.name)).collect();
    let mut silent: BTreeMap<&Name, BTreeSet<Key>> = BTreeMap::new();
    for live in monitors {
        for id in live.monitor.told().filter_map(|told| told.id()) {
            if let Some(name) = disabled.get(id) {
                silent.entry(name).or_default().insert(live.key());
            }
        }
    }
    let advice = |(name, keys): (&Name, BTreeSet<Key>)| {
        let message = format!("`{name}` is disabled, and {} it", who(&keys, "tell"));
        said(
            Severity::Warning,
            message,
            "enable it, or take it out of the actions: nobody hears of these alerts",
        )
    };
    silent.into_iter().map(advice).collect()
}

fn said(severity: Severity, message: String, hint: &str) -> Advice {
    Advice { severity, subject: SUBJECT, message, hint: Some(hint.to_owned()) }
}

/// Who does what, that is said of several.
fn who(keys: &BTreeSet<Key>, does: &str) -> String {
    let s = if keys.len() == 1 { "s" } else { "" };
    format!("{} {does}{s}", listed(keys.iter(), MOST))
}

//! What can be said only of all files together: doubled names, dangling destinations, an empty project.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

use super::declared::Declaration;
use super::finding::Finding;
use super::read::{Notes, Read, Told};
use super::report::Report;
use super::words::{listed, nearest};
use crate::model::monitor::{Monitor, Reference};
use crate::model::name::Name;
use crate::model::resource::{Key, Kind, Resource};

/// How many names of destinations an error lists.
const MOST_LISTED: usize = 8;

/// Puts the resources in order, and checks what they say of one another.
pub fn settle(mut read: Vec<Read>, dir: &Path, report: &Report) -> Vec<Arc<Declaration>> {
    let is_empty = read.is_empty();
    // of two with one key the first in the order of the files stays first
    read.sort_by(|a, b| a.key.cmp(&b.key));
    read.dedup_by(|second, first| {
        let is_double = second.key == first.key;
        if is_double {
            let message = format!("{} is declared twice, first at {}", first.key, first.name_place);
            report.error(Finding::at(&second.name_place, message).hint("give one of the two another name"));
        }
        is_double
    });
    if is_empty && !report.has_errors() {
        let message = format!("no monitor and no destination is declared below `{}`", dir.display());
        report.error(Finding::about_all(message).hint(
            "expected YAML files with `kind: monitor` or `kind: destination`; `--dir` names another folder",
        ));
    }
    let keys = read.iter().map(|read| &read.key).filter(|key| key.kind == Kind::Destination);
    let destinations: BTreeSet<Name> = keys.map(|key| key.name.clone()).collect();
    refuse_former_names(&read, report);
    let mut resources = Vec::with_capacity(read.len());
    for read in read {
        let Read { resource, name_place: _, notes, key: _ } = read;
        for told in &notes.told {
            if let Some(finding) = dangling(told, &destinations) {
                report.error(finding);
            }
        }
        // one that did not read well counts by its name, so that references to it do not dangle
        let Some(mut resource) = resource else { continue };
        if let Resource::Monitor(monitor) = &mut resource {
            name_ids(monitor, &destinations);
        }
        let Notes { labels, places, told: _, secrets, previous } = notes;
        resources.push(Arc::new(Declaration { resource, labels, places, secrets, previous }));
    }
    resources
}

/// A former name that is declared is another resource's.
fn refuse_former_names(read: &[Read], report: &Report) {
    let mut claimed: BTreeMap<Key, &Name> = BTreeMap::new();
    for renamed in read {
        for former in renamed.notes.previous.of_resource() {
            let key = Key { kind: renamed.key.kind, name: former.clone() };
            if let Some(other) = claimed.insert(key.clone(), &renamed.key.name) {
                let message = format!("{key} is the former name of `{other}` too");
                let finding = Finding::at(&renamed.name_place, message);
                report.error(finding.hint("one of the two was called so"));
            }
            if read.binary_search_by(|read| read.key.cmp(&key)).is_ok() {
                let message =
                    format!("{key} is declared, and so it is no former name of `{}`", renamed.key.name);
                let finding = Finding::at(&renamed.name_place, message);
                report.error(finding.hint(match key.kind {
                    Kind::Monitor => "remove it from `previous_names`",
                    // its id was made from that name, and stands for it
                    Kind::Destination => {
                        "choose another name for the new one: a renamed channel keeps its id"
                    }
                }));
            }
        }
    }
}

/// What is wrong with a name that an action tells.
fn dangling(told: &Told, destinations: &BTreeSet<Name>) -> Option<Finding> {
    let Told { name, place, is_filled } = told;
    if destinations.contains(name) {
        return None;
    }
    if *is_filled {
        let message = "no destination has the name that was filled in";
        return Some(Finding::at(place, message).hint("expected the name of a destination, and no URL"));
    }
    let message = format!("no destination is named `{name}`");
    Some(Finding::at(place, message).hint(ways_out(name, destinations)))
}

/// Turns ids that are the names of destinations into names.
fn name_ids(monitor: &mut Monitor, destinations: &BTreeSet<Name>) {
    for action in monitor.triggers.iter_mut().flat_map(|trigger| &mut trigger.actions) {
        if let Reference::Id(id) = &action.destination {
            let name = Name::new(id.as_str());
            if destinations.contains(&name) {
                action.destination = Reference::Name(name);
            }
        }
    }
}

fn ways_out(name: &Name, destinations: &BTreeSet<Name>) -> String {
    let names = || destinations.iter().map(Name::as_str);
    if let Some(near) = nearest(name.as_str(), names()) {
        return format!("did you mean `{near}`?");
    }
    if destinations.is_empty() {
        return "declare it: a document with `kind: destination`".to_owned();
    }
    let shown: Vec<&str> = names().take(MOST_LISTED).collect();
    match destinations.len() - shown.len() {
        0 => format!("declared are {}", listed(&shown)),
        more => format!("declared are {} and {more} more", listed(&shown)),
    }
}

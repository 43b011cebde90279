//! What can be said only of all files together: doubled names, dangling destinations, an empty project.

use std::collections::BTreeMap;
use std::path::Path;

use super::declared::Meta;
use super::fields::{listed, nearest};
use super::finding::Finding;
use super::place::{Located, Place};
use super::read::Read;
use super::report::Report;
use crate::model::monitor::{Monitor, Reference};
use crate::model::name::Name;
use crate::model::resource::{Key, Kind, Resource};

/// How many names of destinations an error lists.
const MOST_LISTED: usize = 8;

/// Puts the resources in order, and checks what they say of one another.
pub fn settle(read: Vec<Read>, dir: &Path, report: &Report) -> (Vec<Located<Resource>>, BTreeMap<Key, Meta>) {
    let mut by_key: BTreeMap<Key, Read> = BTreeMap::new();
    let is_empty = read.is_empty();
    for read in read {
        let key = read.key.clone();
        match by_key.get(&key) {
            Some(first) => {
                let message = format!("{key} is declared twice, first at {}", first.name_place);
                report.error(Finding::at(&read.name_place, message).hint("give one of the two another name"));
            }
            None => {
                by_key.insert(key, read);
            }
        }
    }
    if is_empty && !report.has_errors() {
        let message = format!("no monitor and no destination is declared below `{}`", dir.display());
        report.error(Finding::about_all(message).hint(
            "expected YAML files with `kind: monitor` or `kind: destination`; `--dir` names another folder",
        ));
    }
    let destinations: Vec<Name> =
        by_key.keys().filter(|key| key.kind == Kind::Destination).map(|key| key.name.clone()).collect();
    let mut resources = Vec::new();
    let mut metas = BTreeMap::new();
    for (key, read) in by_key {
        let Read { resource, place, name_place: _, meta, key: _ } = read;
        // one that did not read well is known by its name, so that references to it do not dangle
        let Some(mut resource) = resource else { continue };
        if let Resource::Monitor(monitor) = &mut resource {
            resolve(monitor, &meta, &destinations, &place, report);
        }
        resources.push(Located { value: resource, place });
        metas.insert(key, meta);
    }
    (resources, metas)
}

/// Turns ids that are names into names, and finds names that lead nowhere.
fn resolve(monitor: &mut Monitor, meta: &Meta, destinations: &[Name], around: &Place, report: &Report) {
    for (i, trigger) in monitor.triggers.iter_mut().enumerate() {
        for (j, action) in trigger.actions.iter_mut().enumerate() {
            match &action.destination {
                Reference::Id(id) => {
                    let id = Name::new(id.as_str());
                    if destinations.contains(&id) {
                        action.destination = Reference::Name(id);
                    }
                }
                Reference::Name(name) if destinations.contains(name) => {}
                Reference::Name(name) => {
                    let pointer = format!("/triggers/{i}/actions/{j}/destination");
                    let place = meta.place(&pointer).unwrap_or(around);
                    let message = format!("no destination is named `{name}`");
                    report.error(Finding::at(place, message).hint(ways_out(name, destinations)));
                }
            }
        }
    }
}

fn ways_out(name: &Name, destinations: &[Name]) -> String {
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

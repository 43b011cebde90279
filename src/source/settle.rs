//! What can be said only of all files together: doubled names, dangling destinations, an empty project.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::path::Path;
use std::sync::Arc;

use super::declared::{Declaration, for_item};
use super::finding::Finding;
use super::read::{Beside, Notes, Read, Told};
use super::report::Report;
use super::words::{listed, nearest};
use crate::model::name::Name;
use crate::model::reference::{Refer, Reference};
use crate::model::resource::{Key, Kind};

/// How many names an error lists.
const MOST_LISTED: usize = 8;

/// Puts the resources in order, and checks what they say of one another; others are declared elsewhere, for other
/// environments.
pub fn settle(
    mut read: Vec<Read>,
    elsewhere: &BTreeMap<Key, Vec<String>>,
    dir: &Path,
    report: &Report,
) -> Vec<Arc<Declaration>> {
    let is_empty = read.is_empty();
    // of two with one key the first in the order of the files stays first
    read.sort_by(|a, b| a.key.cmp(&b.key));
    read.dedup_by(|second, first| {
        let is_double = second.key == first.key;
        if is_double {
            let of_first = for_item(first.notes.beside.item.as_ref());
            let of_second = for_item(second.notes.beside.item.as_ref());
            let message = format!(
                "{} is declared twice{of_second}, first at {}{of_first}",
                first.key, first.name_place
            );
            report.error(Finding::at(&second.name_place, message).hint("give one of the two another name"));
        }
        is_double
    });
    if is_empty && elsewhere.is_empty() && !report.has_errors() {
        let message = format!("no monitor and no destination is declared below `{}`", dir.display());
        report.error(Finding::about_all(message).hint(
            "expected YAML files with `kind: monitor` or `kind: destination`; `--dir` names another folder",
        ));
    }
    let declared: BTreeSet<Key> = read.iter().map(|read| read.key.clone()).collect();
    refuse_former_names(&read, report);
    let mut resources = Vec::with_capacity(read.len());
    for read in read {
        let Read { resource, name_place, notes, key } = read;
        // what cannot be read may declare anything
        for told in notes.told.iter().filter(|_| !report.is_partial()) {
            if let Some(mut finding) = dangling(told, &declared, elsewhere) {
                finding.message.push_str(&for_item(notes.beside.item.as_ref()));
                if finding.place.as_ref().is_some_and(|place| place.file != name_place.file) {
                    let _ = write!(finding.message, " (in the {key})");
                }
                report.error(finding);
            }
        }
        // one that did not read well counts by its name, so that references to it do not dangle
        let Some(mut resource) = resource else { continue };
        name_ids(&mut resource, &declared);
        let Notes { labels, protected, body, places, told: _, beside, previous } = notes;
        let Beside { secrets, origins, item } = beside;
        resources.push(Arc::new(Declaration {
            resource,
            labels,
            protected,
            body,
            places,
            item,
            secrets,
            origins,
            previous,
        }));
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
                    Kind::Monitor | Kind::Workflow => "remove it from `previous_names`",
                    // its id was made from that name, and stands for it
                    Kind::EmailAccount | Kind::EmailGroup | Kind::Destination => {
                        "choose another name for the new one: a renamed channel keeps its id"
                    }
                }));
            }
        }
    }
}

/// What is wrong with a name that refers to another resource.
fn dangling(
    told: &Told,
    declared: &BTreeSet<Key>,
    elsewhere: &BTreeMap<Key, Vec<String>>,
) -> Option<Finding> {
    let Told { key, place, is_filled } = told;
    if declared.contains(key) {
        return None;
    }
    let Key { kind, name } = key;
    if *is_filled {
        let message = format!("no {kind} has the name that was filled in");
        let hint = format!("expected the name of {}, and no URL", kind.with_article());
        return Some(Finding::at(place, message).hint(hint));
    }
    if let Some(environments) = elsewhere.get(key) {
        let environments: Vec<&str> = environments.iter().map(String::as_str).collect();
        let message = format!("the {kind} `{name}` is only in {}", listed(&environments));
        let hint = "limit what tells it by `environments` too, or name another in an overlay or a variable";
        return Some(Finding::at(place, message).hint(hint));
    }
    let message = format!("no {kind} is named `{name}`");
    Some(Finding::at(place, message).hint(ways_out(key, declared)))
}

/// Turns ids that are the names of declared resources into names.
fn name_ids(resource: &mut impl Refer, declared: &BTreeSet<Key>) {
    resource.each_reference_mut(&mut |kind, reference| {
        if let Reference::Id(id) = &*reference {
            let key = Key { kind, name: Name::new(id.as_str()) };
            if declared.contains(&key) {
                *reference = Reference::Name(key.name);
            }
        }
    });
}

fn ways_out(key: &Key, declared: &BTreeSet<Key>) -> String {
    let names: Vec<&str> =
        declared.iter().filter(|other| other.kind == key.kind).map(|other| other.name.as_str()).collect();
    if let Some(near) = nearest(key.name.as_str(), names.iter().copied()) {
        return format!("did you mean `{near}`?");
    }
    if names.is_empty() {
        return format!("declare it: a document with `kind: {}`", key.kind);
    }
    let shown = &names[..names.len().min(MOST_LISTED)];
    match names.len() - shown.len() {
        0 => format!("declared are {}", listed(shown)),
        more => format!("declared are {} and {more} more", listed(shown)),
    }
}

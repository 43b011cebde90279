//! `defaults.yaml`: what the resources of a folder, and of those below it, have that say nothing else.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::fields::Fields;
use super::finding::Finding;
use super::overlay::WHOLE;
use super::report::Report;
use super::surroundings::LISTS;
use super::yaml::{Content, Entry, Node};
use crate::model::resource::Kind;

/// The name of such a file.
pub const FILE: &str = "defaults.yaml";

/// The word for what such a file holds.
pub const KIND: &str = "defaults";

/// What resources have by default, by folder and kind; the project's folder is an empty name.
#[derive(Debug, Default)]
pub struct Defaults(BTreeMap<String, BTreeMap<Kind, Node>>);

impl Defaults {
    /// Takes down a document of such a file.
    pub fn add(&mut self, document: &Node, report: &Report) {
        let words: Vec<&str> = ["kind"].into_iter().chain(Kind::ALL.map(Kind::as_str)).collect();
        let Some(fields) = Fields::of(document, "`kind: defaults`", &words, report) else { return };
        let kinds = self.0.entry(document.place.folder().to_owned()).or_default();
        for kind in Kind::ALL {
            let Some(node) = fields.get(kind.as_str()) else { continue };
            let keys: Vec<&str> = node.entries().iter().map(|entry| entry.key.as_str()).collect();
            let Some(inner) = Fields::of(node, "defaults", &keys, report) else { continue };
            for key in ["kind", "name", "previous_names", "definition", "for_each", "environments"] {
                if inner.get(key).is_some() {
                    inner.refuse(key, format!("no default for `{key}`"), "say it in each file");
                }
            }
            must_be_for_items(node, report);
            if kinds.insert(kind, node.clone()).is_some() {
                let message = format!("a second default for each {kind} of this folder");
                report.error(Finding::at(&node.place, message).hint("say all in one"));
            }
        }
    }

    /// All that is by default, be it laid below anything or not.
    pub fn nodes(&self) -> impl Iterator<Item = &Node> {
        self.0.values().flat_map(BTreeMap::values)
    }

    /// Lays what is by default below a document of a kind, and gives the files of that; the nearest folder goes first.
    pub fn lay_below(&self, document: &mut Node, kind: Kind) -> Vec<Arc<str>> {
        let mut files = Vec::new();
        if self.0.is_empty() {
            return files;
        }
        let is_definition = document.get("definition").is_some();
        let file = document.place.file.to_string();
        let mut folder = file.as_str();
        while !folder.is_empty() {
            folder = folder.rsplit_once('/').map_or("", |(folder, _)| folder);
            let Some(node) = self.0.get(folder).and_then(|kinds| kinds.get(&kind)) else { continue };
            files.push(Arc::clone(&node.place.file));
            for entry in node.entries() {
                // the API's own words have no defaults of ours; labels never reach it
                if !is_definition || entry.key == "labels" {
                    lay_entry(document, entry);
                }
            }
        }
        files
    }
}

/// Takes out labels that are nothing: the wish to have none, whatever is by default.
pub fn decline_labels(document: &mut Node) {
    let Content::Mapping(entries) = &mut document.content else { return };
    for entry in entries.iter_mut().filter(|entry| entry.key == "labels") {
        if let Content::Mapping(labels) = &mut entry.value.content {
            labels.retain(|label| label.value.content != Content::Null);
        }
    }
}

/// What is by default for each item of a list is a mapping.
fn must_be_for_items(node: &Node, report: &Report) {
    for entry in node.entries().iter().filter(|entry| LISTS.contains(&entry.key.as_str())) {
        if !matches!(entry.value.content, Content::Mapping(_)) {
            let message = format!(
                "expected a mapping for `{}`, of what each of them has, found {}",
                entry.key,
                entry.value.describe()
            );
            report.error(Finding::at(&entry.value.place, message).hint("as `triggers: {severity: 3}`"));
        }
        must_be_for_items(&entry.value, report);
    }
}

/// Adds an entry where there is none, and goes into mappings and the items of lists.
fn lay_entry(below: &mut Node, default: &Entry) {
    let Content::Mapping(entries) = &mut below.content else { return };
    let is_for_items =
        LISTS.contains(&default.key.as_str()) && matches!(default.value.content, Content::Mapping(_));
    match entries.iter_mut().find(|entry| entry.key == default.key) {
        None if is_for_items => {}
        None => entries.push(default.clone()),
        Some(entry) => match &mut entry.value.content {
            Content::Sequence(items) if is_for_items => {
                for item in items {
                    lay_all(item, &default.value);
                }
            }
            // its keys exclude one another
            Content::Mapping(_) if !WHOLE.contains(&default.key.as_str()) => {
                lay_all(&mut entry.value, &default.value);
            }
            _ => {}
        },
    }
}

fn lay_all(below: &mut Node, default: &Node) {
    for entry in default.entries() {
        lay_entry(below, entry);
    }
}

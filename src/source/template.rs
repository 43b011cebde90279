//! A family of resources from one document: `for_each` lists what differs, and `${each.KEY}` stands for it.
//!
//! It is expanded before all else, so that whatever reads a document sees one resource. A value that is nothing but a
//! parameter is the parameter, whatever it is; in a text it is filled in. What is said of a document says for which item.

use std::collections::BTreeSet;

use super::fields::scalar_text;
use super::finding::Finding;
use super::place::Place;
use super::report::Report;
use super::substitution::{Piece, pieces, references, sole_reference};
use super::words::{listed, nearest};
use super::yaml::{Content, Entry, Node};

/// One resource of a document.
pub struct Instance {
    /// The document of that resource.
    pub node: Node,
    /// Where the item stands that made it, if the document is a family.
    pub item: Option<Place>,
    /// Where nothing was filled in, as was said.
    pub unknown: Vec<Place>,
}

const KEY: &str = "for_each";

/// How a family is written.
const EXAMPLE: &str = "as `for_each: [{service: checkout, most: 10}, {service: search, most: 50}]`, with `${each.service}` below";

/// All resources of a document.
pub fn expand(mut node: Node, report: &Report) -> Vec<Instance> {
    let Some(entry) = node.take(&[KEY]).into_iter().next() else {
        return vec![Instance { node, item: None, unknown: Vec::new() }];
    };
    let Content::Sequence(items) = &entry.value.content else {
        let message = format!("expected a list for `{KEY}`, found {}", entry.value.describe());
        report.lost(Finding::at(&entry.value.place, message).hint(EXAMPLE));
        return Vec::new();
    };
    if items.is_empty() {
        report.lost(Finding::at(&entry.value.place, format!("`{KEY}` is an empty list")).hint(EXAMPLE));
    }
    let instance = |item: &Node| {
        let others = items.iter().flat_map(Node::entries).map(|entry| entry.key.as_str()).collect();
        let mut filling = Filling { item, others, used: BTreeSet::new(), missing: Vec::new(), report };
        let mut node = node.clone();
        filling.fill(&mut node);
        filling.refuse();
        let unknown = filling.missing.into_iter().map(|(place, _)| place).collect();
        Instance { node, item: Some(item.place.clone()), unknown }
    };
    items.iter().map(instance).collect()
}

struct Filling<'a> {
    item: &'a Node,
    /// The keys of all items.
    others: BTreeSet<&'a str>,
    used: BTreeSet<String>,
    /// What is asked for, and where, and the item has not.
    missing: Vec<(Place, String)>,
    report: &'a Report,
}

impl Filling<'_> {
    fn fill(&mut self, node: &mut Node) {
        match &mut node.content {
            Content::Text(text) if text.contains("${each") => {
                let text = std::mem::take(text);
                self.fill_text(node, &text);
            }
            Content::Sequence(items) => items.iter_mut().for_each(|item| self.fill(item)),
            Content::Mapping(entries) => {
                for Entry { key, place, value } in entries {
                    if references(key).any(|inner| path_in(inner).is_some()) {
                        let message = format!("`{key}` is a key, in which nothing is filled in");
                        self.report
                            .error(Finding::at(place, message).hint("write it out, or make a value of it"));
                    }
                    self.fill(value);
                }
            }
            Content::Null | Content::Bool(_) | Content::Number(_) | Content::Text(_) => {}
        }
    }

    fn fill_text(&mut self, node: &mut Node, text: &str) {
        if let Some(path) = sole_reference(text).and_then(path_in) {
            if let Some(value) = self.value(&node.place, path) {
                // what is said of it names the document, and the item beside it
                *node = Node { place: node.place.clone(), ..value };
            } else {
                node.content = Content::Text(String::new());
            }
            return;
        }
        let mut out = String::with_capacity(text.len());
        for piece in pieces(text) {
            match piece {
                Piece::Plain(text) | Piece::Open(text) => out.push_str(text),
                // variables are filled in later
                Piece::Escaped => out.push_str("$${"),
                Piece::Reference(inner) => match path_in(inner) {
                    Some(path) => out.push_str(&self.text(&node.place, path)),
                    None => out.extend(["${", inner, "}"]),
                },
            }
        }
        node.content = Content::Text(out);
        node.text_start = None;
    }

    /// The text of a parameter.
    fn text(&mut self, place: &Place, path: &str) -> String {
        let Some(value) = self.value(place, path) else { return String::new() };
        let text = scalar_text(&value);
        if text.is_none() {
            let message =
                format!("expected a text for `${{each{path}}}` within a text, found {}", value.describe());
            self.report
                .error(Finding::at(&value.place, message).hint(format!("it stands in the text at {place}")));
        }
        text.unwrap_or_default()
    }

    /// What a parameter stands for: `.KEY` of a mapping, or nothing for the item itself.
    fn value(&mut self, place: &Place, path: &str) -> Option<Node> {
        let is_mapping = matches!(self.item.content, Content::Mapping(_));
        let found = match (path.strip_prefix('.'), is_mapping) {
            (None, false) if path.is_empty() => Some(self.item.clone()),
            (Some(key), true) => {
                let found = self.item.get(key).cloned();
                self.used.extend(found.is_some().then(|| key.to_owned()));
                found
            }
            _ => None,
        };
        if found.is_none() {
            // it may be a part of the name
            self.report.set_partial();
            self.missing.push((place.clone(), path.to_owned()));
        }
        found
    }

    /// Says what is asked for and is not there, and what nothing asks for: where one is the other misspelled, only where the
    /// slip is, in the item or, if no item has what is asked for, in the document.
    fn refuse(&self) {
        let unused: Vec<&Entry> =
            self.item.entries().iter().filter(|entry| !self.used.contains(&entry.key)).collect();
        let keys: Vec<&str> = self.item.entries().iter().map(|entry| &*entry.key).collect();
        let mut slips = BTreeSet::new();
        for (place, path) in &self.missing {
            let Some(key) = path.strip_prefix('.').filter(|_| !keys.is_empty()) else {
                let message =
                    format!("`${{each{path}}}` is nothing that the item at {} says", self.item.place);
                let hint = if keys.is_empty() {
                    "it is no mapping: `${each}` stands for it".to_owned()
                } else {
                    format!("it has {}", listed(&keys))
                };
                self.report.error(Finding::at(place, message).hint(hint));
                continue;
            };
            let near = nearest(key, unused.iter().map(|entry| &*entry.key));
            if self.others.contains(key) {
                if let Some(near) = near {
                    let entry = unused.iter().find(|entry| entry.key == near);
                    if let Some(entry) = entry.filter(|entry| slips.insert(entry.key.as_str())) {
                        let message = format!("`${{each.{}}}` stands nowhere in the document", entry.key);
                        self.report
                            .error(Finding::at(&entry.place, message).hint(format!("did you mean `{key}`?")));
                    }
                    continue;
                }
                let message = format!("the item at {} has no `{key}`", self.item.place);
                self.report.error(Finding::at(place, message).hint("other items have it"));
                continue;
            }
            let near = near.or_else(|| nearest(key, self.others.iter().copied()));
            slips.extend(near);
            let hint = match near {
                Some(near) => format!("did you mean `${{each.{near}}}`?"),
                None => format!("they have {}", listed(&self.others.iter().copied().collect::<Vec<_>>())),
            };
            self.report.error(Finding::at(place, format!("no item has `{key}`")).hint(hint));
        }
        for entry in unused.into_iter().filter(|entry| !slips.contains(entry.key.as_str())) {
            let message = format!("`${{each.{}}}` stands nowhere in the document", entry.key);
            self.report.error(Finding::at(&entry.place, message).hint("remove it, or use it"));
        }
    }
}

/// What a substitution names of the item, if it is of that: `.KEY`, or nothing for the item itself.
fn path_in(inner: &str) -> Option<&str> {
    // a variable's name may begin so
    inner.strip_prefix("each").filter(|path| path.is_empty() || path.starts_with('.'))
}

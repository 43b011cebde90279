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
}

const KEY: &str = "for_each";

/// How a family is written.
const EXAMPLE: &str = "as `for_each: [{service: checkout, most: 10}, {service: search, most: 50}]`, with `${each.service}` below";

/// All resources of a document.
pub fn expand(mut node: Node, report: &Report) -> Vec<Instance> {
    let Some(entry) = node.take(&[KEY]).into_iter().next() else {
        return vec![Instance { node, item: None }];
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
        let mut filling = Filling { item, others, used: BTreeSet::new(), missing: BTreeSet::new(), report };
        let mut node = node.clone();
        filling.fill(&mut node);
        filling.refuse_unused();
        Instance { node, item: Some(item.place.clone()) }
    };
    items.iter().map(instance).collect()
}

struct Filling<'a> {
    item: &'a Node,
    /// The keys of all items.
    others: BTreeSet<&'a str>,
    used: BTreeSet<String>,
    /// What is asked for, and the item has not.
    missing: BTreeSet<String>,
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
        let (is_mapping, keys) = (
            matches!(self.item.content, Content::Mapping(_)),
            self.item.entries().iter().map(|entry| &*entry.key),
        );
        let keys: Vec<&str> = keys.collect();
        let key = path.strip_prefix('.');
        let found = match (key, is_mapping) {
            (None, false) if path.is_empty() => Some(self.item.clone()),
            (Some(key), true) => self.item.get(key).cloned(),
            _ => None,
        };
        match (&found, key) {
            (Some(_), Some(key)) => {
                self.used.insert(key.to_owned());
            }
            (Some(_), None) => {}
            (None, _) => {
                // it may be a part of the name
                self.report.set_partial();
                self.missing.extend(key.map(str::to_owned));
                let hint = match (key.and_then(|key| nearest(key, keys.iter().copied())), is_mapping) {
                    _ if key.is_some_and(|key| self.others.contains(key)) => "other items have it".to_owned(),
                    (Some(near), _) => format!("did you mean `${{each.{near}}}`?"),
                    (None, true) => format!("it has {}", listed(&keys)),
                    (None, false) => "it is no mapping: `${each}` stands for it".to_owned(),
                };
                let message = match key {
                    Some(key) => format!("the item at {} has no `{key}`", self.item.place),
                    None => format!("`${{each{path}}}` is nothing that the item at {} says", self.item.place),
                };
                self.report.error(Finding::at(place, message).hint(hint));
            }
        }
        found
    }

    /// A parameter that nothing asks for may be the misspelled one.
    fn refuse_unused(&self) {
        for entry in self.item.entries() {
            if !self.used.contains(&entry.key) {
                let message = format!("`${{each.{}}}` stands nowhere in the document", entry.key);
                let near = nearest(&entry.key, self.missing.iter().map(String::as_str));
                let hint = near.map_or_else(
                    || "remove it, or use it".to_owned(),
                    |near| format!("did you mean `{near}`?"),
                );
                self.report.error(Finding::at(&entry.place, message).hint(hint));
            }
        }
    }
}

/// What a substitution names of the item, if it is of that: `.KEY`, or nothing for the item itself.
fn path_in(inner: &str) -> Option<&str> {
    // a variable's name may begin so
    inner.strip_prefix("each").filter(|path| path.is_empty() || path.starts_with('.'))
}

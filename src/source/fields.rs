//! Reads single fields out of a mapping that a person wrote; what is unknown or of the wrong type is reported.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;

use super::finding::Finding;
use super::place::Place;
use super::report::Report;
use super::words::suggestion;
use super::yaml::{Content, Entry, Node};

/// A mapping of known keys.
pub struct Fields<'a> {
    node: &'a Node,
    report: &'a Report,
}

impl<'a> Fields<'a> {
    /// Takes `node` for a mapping whose keys are among `known`; `what` names it in errors: `a monitor`.
    pub fn of(node: &'a Node, what: &str, known: &[&str], report: &'a Report) -> Option<Self> {
        let Content::Mapping(entries) = &node.content else {
            report.error(Finding::at(
                &node.place,
                format!("expected a mapping for {what}, found {}", node.describe()),
            ));
            return None;
        };
        for entry in entries {
            if !known.contains(&entry.key.as_str()) {
                let message = format!("unknown key{} in {what}", key_name("", &entry.key, node));
                report.error(Finding::at(&entry.place, message).hint(suggestion(&entry.key, known)));
            }
        }
        Some(Self { node, report })
    }

    /// Where the mapping begins.
    pub const fn place(&self) -> &'a Place {
        &self.node.place
    }

    /// The keys that have a value.
    pub fn keys(&self) -> impl Iterator<Item = &'a str> {
        let entries = self.node.entries().iter();
        entries.filter(|entry| entry.value.content != Content::Null).map(|entry| entry.key.as_str())
    }

    /// The entry `key`; one without a value counts as absent.
    pub fn entry(&self, key: &str) -> Option<&'a Entry> {
        let mut entries = self.node.entries().iter();
        entries.find(|entry| entry.key == key && entry.value.content != Content::Null)
    }

    /// The value of `key`; nothing counts as absent.
    pub fn get(&self, key: &str) -> Option<&'a Node> {
        self.entry(key).map(|entry| &entry.value)
    }

    /// The value of `key`, which must be there; `hint` shows one.
    pub fn need(&self, key: &str, hint: &str) -> Option<&'a Node> {
        let found = self.get(key);
        if found.is_none() {
            self.missing(key, hint);
        }
        found
    }

    /// The text in `key`.
    pub fn text(&self, key: &str) -> Option<&'a str> {
        self.get(key).and_then(|node| text(node, key, self.report))
    }

    /// The text in `key`, which must be there and not be blank.
    pub fn need_text(&self, key: &str, hint: &str) -> Option<&'a str> {
        let node = self.need(key, hint)?;
        filled_text(node, key, self.report)
    }

    /// The truth value in `key`; a substitution may make one.
    pub fn flag(&self, key: &str) -> Option<bool> {
        let node = self.get(key)?;
        match (&node.content, node.as_text().filter(|_| node.is_filled)) {
            (Content::Bool(truth), _) => Some(*truth),
            (_, Some("true")) => Some(true),
            (_, Some("false")) => Some(false),
            _ => {
                self.expected(node, key, "`true` or `false`");
                None
            }
        }
    }

    /// The whole number in `key`, which may stand in quotes.
    pub fn whole(&self, key: &str, range: RangeInclusive<u32>) -> Option<u32> {
        let node = self.get(key)?;
        let text = match &node.content {
            Content::Number(text) => Some(text.as_str()),
            _ => node.as_text().filter(|text| text.bytes().all(|byte| byte.is_ascii_digit())),
        };
        let number = text.and_then(|text| text.parse().ok()).filter(|number| range.contains(number));
        if number.is_none() {
            let wanted = format!("a whole number from {} to {}", range.start(), range.end());
            self.expected(node, key, &wanted);
        }
        number
    }

    /// The texts in the list `key`, or the one text there.
    pub fn texts(&self, key: &str) -> Option<Vec<String>> {
        texts(self.get(key)?, key, self.report)
    }

    /// The items of the list `key`; none when it is absent.
    pub fn items(&self, key: &str) -> &'a [Node] {
        let Some(node) = self.get(key) else { return &[] };
        if let Content::Sequence(items) = &node.content {
            return items;
        }
        self.expected(node, key, "a list");
        &[]
    }

    /// The entries of the mapping `key`, each a text; a number or a truth value counts as its spelling.
    pub fn text_map(&self, key: &str) -> BTreeMap<String, &'a Node> {
        let Some(node) = self.get(key) else {
            return BTreeMap::new();
        };
        if !matches!(node.content, Content::Mapping(_)) {
            self.expected(node, key, "a mapping of texts");
        }
        let mut texts = BTreeMap::new();
        for entry in node.entries() {
            if scalar_text(&entry.value).is_some() {
                texts.insert(entry.key.clone(), &entry.value);
            } else {
                let key = key_name(" for", &entry.key, node);
                let message = format!("expected a text{key}, found {}", entry.value.describe());
                self.report.error(Finding::at(&entry.value.place, message));
            }
        }
        texts
    }

    /// Reports that the value is of the wrong kind.
    pub fn expected(&self, node: &Node, key: &str, wanted: &str) {
        let message = format!("expected {wanted} for `{key}`, found {}", node.describe());
        self.report.error(Finding::at(&node.place, message));
    }

    /// Reports that `key` is missing; `hint` shows one.
    pub fn missing(&self, key: &str, hint: &str) {
        self.report.error(Finding::at(self.place(), format!("`{key}` is missing")).hint(hint));
    }

    /// Reports what is wrong with the entry `key` as such.
    pub fn refuse(&self, key: &str, message: impl Into<String>, hint: impl Into<String>) {
        let place = self.entry(key).map_or(self.place(), |entry| &entry.place);
        self.report.error(Finding::at(place, message).hint(hint));
    }
}

/// The texts in a list, or the one text there.
pub fn texts(node: &Node, key: &str, report: &Report) -> Option<Vec<String>> {
    let nodes = match &node.content {
        Content::Sequence(items) => items.as_slice(),
        _ => std::slice::from_ref(node),
    };
    let texts = nodes.iter().map(|node| filled_text(node, key, report));
    let texts: Vec<Option<String>> = texts.map(|text| text.map(str::to_owned)).collect();
    texts.into_iter().collect()
}

/// The text of a node.
pub fn text<'a>(node: &'a Node, key: &str, report: &Report) -> Option<&'a str> {
    let found = node.as_text();
    if found.is_none() {
        let finding =
            Finding::at(&node.place, format!("expected a text for `{key}`, found {}", node.describe()));
        report.error(match &node.content {
            Content::Bool(_) | Content::Number(_) => finding.hint("put it in quotes"),
            Content::Sequence(_) | Content::Mapping(_) => {
                finding.hint("a text that begins with `[`, `{` or `- ` needs quotes")
            }
            Content::Null | Content::Text(_) => finding,
        });
    }
    found
}

/// The text of a node, which must not be blank.
pub fn filled_text<'a>(node: &'a Node, key: &str, report: &Report) -> Option<&'a str> {
    let found = text(node, key, report)?;
    if found.trim().is_empty() {
        report.error(Finding::at(&node.place, format!("`{key}` is empty")));
        return None;
    }
    Some(found)
}

/// The text of a scalar: a number or a truth value counts as its spelling.
pub fn scalar_text(node: &Node) -> Option<String> {
    match &node.content {
        Content::Text(text) | Content::Number(text) => Some(text.clone()),
        Content::Bool(truth) => Some(truth.to_string()),
        Content::Null | Content::Sequence(_) | Content::Mapping(_) => None,
    }
}

/// Names a key for an error: `` `name` ``, with what leads to it.
///
/// Among secrets one that looks like no key may be a value in the wrong place, and so nothing is said of it.
pub fn key_name(before: &str, key: &str, node: &Node) -> String {
    let is_plain = key.len() <= 40 && key.chars().all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c));
    if is_plain || !node.is_secret { format!("{before} `{key}`") } else { String::new() }
}

/// Reports that a `definition` is no mapping.
pub fn expected_definition(node: &Node, report: &Report) {
    let message = format!("expected a mapping for `definition`, found {}", node.describe());
    let finding = Finding::at(&node.place, message);
    report.error(match node.as_text().filter(|text| text.trim_start().starts_with('{')) {
        Some(_) => finding.hint("JSON may stand here as it is, without quotes and without `|`"),
        None => finding,
    });
}

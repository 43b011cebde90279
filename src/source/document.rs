//! One document to the resources that it declares in an environment.
//!
//! In this order: a family is expanded, what is for other environments goes, defaults and labels are laid below, overlays
//! above, and what is left is filled in and read. Each layer keeps the places of its values.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use super::defaults::{Defaults, decline_labels};
use super::fields::scalar_text;
use super::finding::Finding;
use super::origins::origins;
use super::overlay::{Ground, Met, lay};
use super::place::Place;
use super::read::{self, Read, Scope};
use super::report::Report;
use super::shown;
use super::surroundings::Surroundings;
use super::template::{Instance, expand};
use super::variables::{self, Taken, Values};
use super::yaml::{Content, Entry, Node};
use crate::model::name::Name;
use crate::model::resource::{Key, Kind};

/// What documents come to.
#[derive(Default)]
pub struct Harvest {
    /// The resources.
    pub resources: Vec<Read>,
    /// What is declared for other environments alone, and for which.
    pub elsewhere: BTreeMap<Key, Vec<String>>,
    /// Which variables of `alertform.yaml` were used.
    pub used: BTreeSet<String>,
    /// Which variables of all environments are mentioned, be it where something else goes before that.
    pub mentioned: BTreeSet<String>,
    /// What of the overlays met something.
    pub met: Met,
    /// The files that monitors name as their search bodies.
    pub bodies: BTreeSet<PathBuf>,
}

impl Harvest {
    /// Adds another.
    pub fn absorb(&mut self, other: Harvest) {
        let Harvest { resources, elsewhere, used, mentioned, met, bodies } = other;
        self.mentioned.extend(mentioned);
        self.resources.extend(resources);
        for (key, environments) in elsewhere {
            self.elsewhere.entry(key).or_default().extend(environments);
        }
        self.used.extend(used);
        self.met.absorb(met);
        self.bodies.extend(bodies);
    }
}

/// What a document is read in.
#[derive(Clone, Copy)]
pub struct Frame<'a> {
    /// The project's folder.
    pub dir: &'a Path,
    /// The environment and the variables.
    pub surroundings: &'a Surroundings,
    /// What is by default.
    pub defaults: &'a Defaults,
}

/// Reads a document of a known kind.
pub fn read(kind: Kind, node: Node, frame: Frame<'_>, harvest: &mut Harvest, report: &Report) {
    for instance in expand(node, report) {
        read_one(kind, instance, frame, harvest, report);
    }
}

fn read_one(kind: Kind, instance: Instance, frame: Frame<'_>, harvest: &mut Harvest, report: &Report) {
    let Frame { dir, surroundings, defaults } = frame;
    let Instance { mut node, item, unknown } = instance;
    let values = Values { variables: &surroundings.variables, dir };
    variables::mentioned(&node, &surroundings.of_all, &mut harvest.mentioned);
    let name = name(&node, values);
    let own = Report::default();
    for place in &unknown {
        own.set_unknown(place);
    }
    if name.is_none() {
        // its reader says so
        own.set_partial();
    }
    let mut emptied = BTreeSet::new();
    let others = surroundings.others(&mut node, &mut emptied, &own);
    if let Some(others) = others {
        let key = name.map(|name| Key { kind, name: Name::new(name) });
        if let Some(key) = key {
            harvest.elsewhere.entry(key).or_default().extend(others);
        }
        report.absorb(own);
        return;
    }
    let laid = defaults.lay_below(&mut node, kind);
    let mut layers: Vec<String> = laid.iter().map(|file| format!("`{file}`")).collect();
    if let Some(environment) = &surroundings.environment {
        label(&mut node, &environment.labels);
    }
    decline_labels(&mut node);
    if let Some(environment) = &surroundings.environment {
        let called = name.as_deref().unwrap_or_default();
        let used = RefCell::new(BTreeSet::new());
        let spell = |node: &Node| {
            let (text, written) = spelled(node, values);
            used.borrow_mut().extend(written);
            text
        };
        let ground = Ground { spell: &spell, emptied: &emptied };
        let laid = lay(&environment.overlays, kind, called, &mut node, &mut harvest.met, ground);
        layers.extend(laid.iter().map(|place| format!("the overlay at {place}")));
        harvest.used.extend(used.into_inner());
    }
    read::hide(kind, &mut node);
    let Taken { secrets, written, origins: filled } = variables::fill(&mut node, values, &own);
    harvest.used.extend(written);
    shown::warn(&node, &own);
    let beside = read::Beside { secrets, origins: origins(&node, &filled), item: item.clone() };
    let scope = Scope::new(&own);
    harvest.resources.extend(read::resource(kind, &node, beside, &scope, dir));
    harvest.bodies.extend(scope.into_bodies());
    let with = if layers.is_empty() { String::new() } else { format!("with {}", layers.join(", ")) };
    if let Some(item) = item {
        let with = if with.is_empty() { with } else { format!(", {with}") };
        let context = format!("for the item at {item}{with}");
        report.absorb_of(own, &context, |finding| finding.place.as_ref() != Some(&item));
    } else {
        if !with.is_empty() {
            report.note_context(&own, &with, |finding| !is_elsewhere(finding, &node.place));
        }
        let name = name.map(|name| format!(" `{name}`")).unwrap_or_default();
        let context = format!("in the {kind}{name} at {}", node.place);
        report.absorb_of(own, &context, |finding| is_elsewhere(finding, &node.place));
    }
}

/// Whether something is said of another file than that of the document.
fn is_elsewhere(finding: &Finding, document: &Place) -> bool {
    finding.place.as_ref().is_some_and(|place| place.file != document.file)
}

/// The name of a document.
fn name(node: &Node, values: Values<'_>) -> Option<String> {
    let named = |node: &Node| node.get("name").filter(|name| scalar_text(name).is_some()).cloned();
    spelled(&named(node).or_else(|| node.get("definition").and_then(named))?, values).0
}

/// The text of a value once it is filled in, for what is said of it by name, and the variables of `alertform.yaml` that are
/// in it; what is wrong with it is said later.
fn spelled(node: &Node, values: Values<'_>) -> (Option<String>, BTreeSet<String>) {
    let mut node = node.clone();
    let Taken { written, .. } = variables::fill(&mut node, values, &Report::default());
    (scalar_text(&node), written)
}

/// Adds the labels that a document does not say itself.
fn label(node: &mut Node, labels: &[Entry]) {
    if labels.is_empty() {
        return;
    }
    let start: Place = node.place.clone();
    let Content::Mapping(entries) = &mut node.content else { return };
    let at = entries.iter().position(|entry| entry.key == "labels").unwrap_or_else(|| {
        let value = Node::new(start.clone(), Content::Mapping(Vec::new()));
        entries.push(Entry { key: "labels".into(), place: start, value });
        entries.len() - 1
    });
    if entries[at].value.content == Content::Null {
        entries[at].value.content = Content::Mapping(Vec::new());
    }
    // of what is no mapping the reader complains
    let Content::Mapping(own) = &mut entries[at].value.content else { return };
    for label in labels {
        if !own.iter().any(|entry| entry.key == label.key) {
            own.push(label.clone());
        }
    }
}

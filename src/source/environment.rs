//! An environment of a project: a cluster, and what the files say otherwise for it.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::deferred::Deferred;
use super::finding::Finding;
use super::overlay::{self, Overlay};
use super::place::Place;
use super::project_file::variables;
use super::report::Report;
use super::settings::{self, Scope, Settings};
use super::variables::Values;
use super::yaml::{Content, Entry, Node};
use crate::source::fields::Fields;

/// An environment.
#[derive(Clone, Debug)]
pub struct Environment {
    /// Its name.
    pub name: String,
    /// Where its name stands.
    pub place: Place,
    /// What goes before the settings of the project; or why that cannot be known here, which matters only where it is used.
    pub settings: Result<Settings, Vec<Finding>>,
    /// The settings for which a command must be run, which is done only where they are needed.
    deferred: Deferred,
    /// What goes before the variables of the project; each a scalar.
    pub variables: BTreeMap<String, Node>,
    /// The labels of all resources that do not say otherwise.
    pub labels: Vec<Entry>,
    /// What single resources have otherwise, in the order of the file.
    pub overlays: Vec<Overlay>,
}

/// The word for all environments, which none can be called.
pub const ALL: &str = "all";

const SECTIONS: [&str; 3] = ["variables", "labels", "overlays"];

/// Reads all environments, by name; `values` are what may be filled in where their clusters are said.
pub fn read_all(node: &Node, values: Values<'_>, report: &Report) -> BTreeMap<String, Arc<Environment>> {
    let names: Vec<&str> = node.entries().iter().map(|entry| entry.key.as_str()).collect();
    let mut environments = BTreeMap::new();
    if Fields::of(node, "`environments`", &names, report).is_none() {
        return environments;
    }
    for entry in node.entries() {
        if is_name(&entry.key) {
            environments.insert(entry.key.clone(), Arc::new(read(entry, values, report)));
        } else {
            let message = format!("`{}` is no name of an environment", entry.key);
            let hint = "expected letters, digits, `-` and `_`, and not `all`: `prod`";
            report.error(Finding::at(&entry.place, message).hint(hint));
        }
    }
    environments
}

fn is_name(name: &str) -> bool {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "-_".contains(c);
    name != ALL && !name.is_empty() && !name.starts_with('-') && name.chars().all(is_plain)
}

fn read(entry: &Entry, values: Values<'_>, report: &Report) -> Environment {
    let mut node = entry.value.clone();
    if node.content == Content::Null {
        // one that says nothing is only a name
        node.content = Content::Mapping(Vec::new());
    }
    let sections = node.take(&SECTIONS);
    let section =
        |key: &str| sections.iter().find(|entry| entry.key == key && entry.value.content != Content::Null);
    settings::refuse_secrets(&mut node, Scope::Environment, report);
    let deferred = Deferred::take(&mut node, "an environment", &values.variables.commands, report);
    let unset = settings::fill(&mut node, values, report);
    let own = Report::default();
    for finding in &unset {
        own.unknown(finding.place.as_ref().unwrap_or(&entry.place), finding.clone());
    }
    own.take_errors();
    let read = settings::read(&node, "an environment", &SECTIONS, values.dir, &own).unwrap_or_default();
    report.errors(own.take_errors());
    Environment {
        name: entry.key.clone(),
        place: entry.place.clone(),
        deferred,
        settings: if unset.is_empty() { Ok(read) } else { Err(unset) },
        variables: section("variables").map(|entry| variables(entry, report)).unwrap_or_default(),
        labels: section("labels").map(|entry| labels(&entry.value, report)).unwrap_or_default(),
        overlays: section("overlays")
            .map(|entry| overlay::read_all(&entry.value, report))
            .unwrap_or_default(),
    }
}

impl Environment {
    /// The settings with those for which a command must be run.
    pub fn settings_to_connect(&self, values: Values<'_>) -> Result<Settings, Vec<Finding>> {
        self.deferred.fill(self.settings.as_ref().map_err(Clone::clone)?, values)
    }
}

fn labels(node: &Node, report: &Report) -> Vec<Entry> {
    let holder = Node::new(
        node.place.clone(),
        Content::Mapping(vec![Entry {
            key: "labels".into(),
            place: node.place.clone(),
            value: node.clone(),
        }]),
    );
    if let Some(fields) = Fields::of(&holder, "an environment", &["labels"], report) {
        fields.text_map("labels");
    }
    node.entries().to_vec()
}

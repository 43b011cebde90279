//! What is filled into values, never into keys, and which of it is secret.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::commands::Commands;
use super::fields::scalar_text;
use super::finding::Finding;
use super::place::Place;
use super::report::Report;
use super::substitution::{self, Filled, Source, name_in, references};
use super::yaml::{Content, Node};
use crate::model::secret::{CERTAIN, Secret};
use crate::model::secret_names::is_secret_variable;

/// What `${NAME}` may stand for.
#[derive(Clone, Debug, Default)]
pub struct Variables {
    /// Those of the process, as `config` read them.
    pub process: Arc<BTreeMap<String, String>>,
    /// Those of `alertform.yaml`, each a scalar, which go before them, and in which they may stand.
    pub written: BTreeMap<String, Node>,
    /// What `${cmd:…}` may run.
    pub commands: Arc<Commands>,
    /// Where `${NAME}` is looked for when no variable is called so: folders of files that each hold a secret, as Docker and
    /// Kubernetes mount them.
    pub secret_folders: Arc<[PathBuf]>,
}

impl From<Arc<BTreeMap<String, String>>> for Variables {
    fn from(process: Arc<BTreeMap<String, String>>) -> Self {
        Self { process, ..Self::default() }
    }
}

/// Where values come from.
#[derive(Clone, Copy)]
pub struct Values<'a> {
    /// What names stand for.
    pub variables: &'a Variables,
    /// The project's folder, below which the files are that name others.
    pub dir: &'a Path,
}

/// What was filled in.
#[derive(Debug, Default)]
pub struct Taken {
    /// What is secret, by its name or by where it comes from, each once.
    pub secrets: Vec<Secret>,
    /// Which variables of `alertform.yaml` were used.
    pub written: BTreeSet<String>,
    /// Where they were filled in, and where they stand.
    pub origins: BTreeMap<Place, Vec<Place>>,
}

/// Fills in all values below `node`, and gives what is known of that.
pub fn fill(node: &mut Node, values: Values<'_>, report: &Report) -> Taken {
    let mut taken = Taken::default();
    fill_below(node, values, report, &mut taken);
    taken
}

/// What to do about a secret that would be shown where it is filled in.
pub const NO_SECRET: &str =
    "if it is none, give it a name that tells no secret, and keep it out of secret folders";

/// Variables of the shell whose names look like those of passwords.
const FOLDERS: [&str; 2] = ["PWD", "OLDPWD"];

/// All that is known to be secret: what was filled in, and what other variables hold whose names say so. A live resource
/// may have it, though no file says it any more.
pub fn secrets<'a>(
    process: &BTreeMap<String, String>,
    filled: impl Iterator<Item = &'a Secret>,
) -> Vec<Secret> {
    let is_secret = |name: &str| is_secret_variable(name) && !FOLDERS.contains(&name);
    let other = process.iter().filter(|(name, value)| is_secret(name) && value.len() >= CERTAIN);
    let mut secrets: Vec<Secret> = other.map(|(_, value)| Secret::new(value.as_str())).collect();
    secrets.extend(filled.filter(|secret| !secret.expose().is_empty()).cloned());
    secrets.sort_by(|a, b| a.expose().cmp(b.expose()));
    secrets.dedup();
    secrets
}

/// The variables of `alertform.yaml` that are secret by their names, are used, and stand there for all to read.
pub fn in_clear(variables: &Variables, used: &BTreeSet<String>) -> Vec<Finding> {
    let is_clear = |node: &Node| {
        scalar_text(node).is_some_and(|text| !text.is_empty() && references(&text).next().is_none())
    };
    let clear = variables
        .written
        .iter()
        .filter(|(name, node)| used.contains(*name) && is_secret_variable(name) && is_clear(node));
    let finding = |(name, node): (&String, &Node)| {
        let message = format!("`{name}` is a secret by its name, and stands in the file");
        Finding::at(&node.place, message).hint(format!("let it come from outside: `{name}: ${{{name}}}`"))
    };
    clear.map(finding).collect()
}

/// Takes down which of the `known` variables are mentioned below `node`.
pub fn mentioned(node: &Node, known: &BTreeMap<String, Node>, found: &mut BTreeSet<String>) {
    if known.is_empty() {
        return;
    }
    if let Content::Text(text) = &node.content {
        let names = references(text).map(name_in);
        found.extend(names.filter(|name| known.contains_key(*name)).map(str::to_owned));
    }
    node.items().iter().for_each(|item| mentioned(item, known, found));
    node.entries().iter().for_each(|entry| mentioned(&entry.value, known, found));
}

fn fill_below(node: &mut Node, values: Values<'_>, report: &Report, taken: &mut Taken) {
    match &mut node.content {
        Content::Text(text) if text.contains("${") => {
            let source = Source { values, folder: &values.dir.join(node.place.folder()) };
            match substitution::fill(text, source, taken) {
                Ok(Filled { text, has_any, has_secret, origins }) => {
                    node.content = Content::Text(text);
                    node.is_filled = has_any;
                    node.is_secret |= has_secret;
                    node.text_start = None;
                    for (name, origin) in origins {
                        report.note_origin(&node.place, &name, &origin);
                        taken.origins.entry(node.place.clone()).or_default().push(origin);
                    }
                }
                Err(finding) => {
                    // it may be a part of a name, or stand for a variable that nothing else asks for
                    report.set_partial();
                    let place = finding.place.clone().unwrap_or_else(|| node.place.clone());
                    report.unknown(&node.place, Finding { place: Some(place), ..finding });
                }
            }
        }
        Content::Sequence(items) => {
            for item in items {
                fill_below(item, values, report, taken);
            }
        }
        Content::Mapping(entries) => {
            for entry in entries {
                fill_below(&mut entry.value, values, report, taken);
            }
        }
        Content::Text(_) | Content::Null | Content::Bool(_) | Content::Number(_) => {}
    }
}

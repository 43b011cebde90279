//! What a project is loaded in: an environment, and what names stand for there.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::environment::Environment;
use super::finding::Finding;
use super::load::Parsed;
use super::place::Place;
use super::report::Report;
use super::variables::Variables;
use super::words::{listed, nearest};
use super::yaml::{Content, Node};

/// What a project is loaded in.
#[derive(Clone, Debug, Default)]
pub struct Surroundings {
    /// What `${NAME}` may stand for.
    pub variables: Variables,
    /// The environment, where the project has any.
    pub environment: Option<Arc<Environment>>,
    /// The variables of all environments that must be in some file.
    pub of_all: BTreeMap<String, Node>,
    /// The names of all environments, in order.
    pub environments: Vec<String>,
    /// The documents, where several environments are loaded from them.
    pub parsed: Option<Arc<Parsed>>,
}

impl From<BTreeMap<String, String>> for Surroundings {
    fn from(process: BTreeMap<String, String>) -> Self {
        Self { variables: Arc::new(process).into(), ..Self::default() }
    }
}

/// The key that limits what it stands in to environments.
const KEY: &str = "environments";

/// Lists whose items may be limited, at any depth.
pub const LISTS: [&str; 3] = ["triggers", "actions", "document_queries"];

impl Surroundings {
    /// Takes out of a document what says to which environments it, or a part of it, is limited, with the parts that are
    /// for others; if that is the whole, gives these. Where the lists stand that lost all their items goes to `emptied`.
    pub fn others(
        &self,
        document: &mut Node,
        emptied: &mut BTreeSet<Place>,
        report: &Report,
    ) -> Option<Vec<String>> {
        let limits = self.limits(document, report);
        let others = limits.filter(|names| !self.is_among(names));
        if others.is_none() {
            self.drop_parts(document, emptied, report);
        }
        others
    }

    fn drop_parts(&self, node: &mut Node, emptied: &mut BTreeSet<Place>, report: &Report) {
        let Content::Mapping(entries) = &mut node.content else { return };
        for entry in entries.iter_mut().filter(|entry| LISTS.contains(&entry.key.as_str())) {
            let Content::Sequence(items) = &mut entry.value.content else { continue };
            let had_some = !items.is_empty();
            items.retain_mut(|item| {
                let is_here = self.limits(item, report).is_none_or(|names| self.is_among(&names));
                if is_here {
                    self.drop_parts(item, emptied, report);
                }
                is_here
            });
            if had_some && items.is_empty() {
                emptied.insert(entry.value.place.clone());
            }
        }
    }

    /// Takes out to which environments something is limited, if it is.
    fn limits(&self, node: &mut Node, report: &Report) -> Option<Vec<String>> {
        let entry = node.take(&[KEY]).into_iter().next()?;
        let value = &entry.value;
        let nodes = match &value.content {
            Content::Null => &[],
            Content::Sequence(items) => items.as_slice(),
            _ => std::slice::from_ref(value),
        };
        if nodes.is_empty() {
            let finding = Finding::at(&entry.place, "limited to no environment");
            report.error(finding.hint("name one at least, or remove it"));
        }
        let names = nodes.iter().filter_map(|node| {
            let name = node.as_text().filter(|name| self.environments.iter().any(|known| known == name));
            if name.is_none() {
                report.error(self.unknown(node));
            }
            name.map(str::to_owned)
        });
        Some(names.collect())
    }

    fn unknown(&self, node: &Node) -> Finding {
        let known: Vec<&str> = self.environments.iter().map(String::as_str).collect();
        let word = node.as_text().unwrap_or_default();
        let hint = match nearest(word, known.iter().copied()) {
            Some(near) => format!("did you mean `{near}`?"),
            None if known.is_empty() => "`environments` in `alertform.yaml` names them".to_owned(),
            None => format!("expected one of {}", listed(&known)),
        };
        let message = match node.as_text() {
            Some(word) => format!("no environment is named `{word}`"),
            None => format!("expected the name of an environment, found {}", node.describe()),
        };
        Finding::at(&node.place, message).hint(hint)
    }

    fn is_among(&self, names: &[String]) -> bool {
        self.environment.as_ref().is_some_and(|environment| names.contains(&environment.name))
    }
}

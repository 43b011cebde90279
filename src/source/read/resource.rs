//! What all kinds of documents have: a kind, a name, labels.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::{destination, monitor, workflow};
use crate::model::name::Name;
use crate::model::part::Part;
use crate::model::previous::Previous;
use crate::model::resource::{Key, Kind, Resource};
use crate::model::secret::Secret;
use crate::source::fields::{Fields, scalar_text};
use crate::source::origins::Origin;
use crate::source::place::Place;
use crate::source::places::Places;
use crate::source::report::Report;
use crate::source::yaml::{Content, Node};

/// What a document declares, as far as it could be read.
pub struct Read {
    /// What it is; `None` when an error was reported.
    pub resource: Option<Resource>,
    /// Where its name stands.
    pub name_place: Place,
    /// What stands beside it.
    pub notes: Notes,
    /// What it is known by.
    pub key: Key,
}

/// What is taken down beside the resource while a document is read.
pub struct Notes {
    /// Keys and values, ordered by key.
    pub labels: Vec<(String, String)>,
    /// Whether it is not to be deleted, disabled, or to lose active alerts.
    pub protected: bool,
    /// The file that has the search body, if it has one of its own.
    pub body: Option<Arc<str>>,
    /// Where the document and its parts stand.
    pub places: Places,
    /// Which resources are told by name, and where.
    pub told: Vec<Told>,
    /// What was known before.
    pub beside: Beside,
    /// What the document and its parts were called before.
    pub previous: Previous,
}

/// What is known of a document before it is read.
#[derive(Clone, Debug, Default)]
pub struct Beside {
    /// What was filled in and is secret by its name.
    pub secrets: Vec<Secret>,
    /// Which of its values stand in another file.
    pub origins: Vec<Origin>,
    /// Where the item stands that made it, of a family.
    pub item: Option<Place>,
}

/// A resource that is told by name.
pub struct Told {
    /// What it is and what it is called.
    pub key: Key,
    /// Where the name stands.
    pub place: Place,
    /// Whether a substitution made it: then it may be a secret in the wrong place.
    pub is_filled: bool,
}

impl Told {
    /// Takes down the name that stands at `node`.
    pub fn at(node: &Node, key: Key) -> Self {
        Self { key, place: node.place.clone(), is_filled: node.is_filled }
    }
}

/// What reading a document can reach beside the document.
pub struct Scope<'a> {
    /// Takes what is wrong.
    pub report: &'a Report,
    bodies: RefCell<BTreeSet<PathBuf>>,
}

impl<'a> Scope<'a> {
    /// Begins with nothing read.
    pub const fn new(report: &'a Report) -> Self {
        Self { report, bodies: RefCell::new(BTreeSet::new()) }
    }

    /// Remembers that a file is the search body of a monitor.
    pub fn add_body(&self, path: &Path) {
        if let Ok(path) = path.canonicalize() {
            self.bodies.borrow_mut().insert(path);
        }
    }

    /// The files that are search bodies of monitors.
    pub fn into_bodies(self) -> BTreeSet<PathBuf> {
        self.bodies.into_inner()
    }
}

/// Marks what may be a secret in a document of a known kind, before anything is said of it.
pub fn hide(kind: Kind, node: &mut Node) {
    match kind {
        Kind::Destination => destination::hide(node),
        Kind::EmailAccount | Kind::EmailGroup | Kind::Monitor | Kind::Workflow => {}
    }
}

/// Reads a document of a known kind in the project in `dir`.
pub fn resource(kind: Kind, node: &Node, beside: Beside, scope: &Scope<'_>, dir: &Path) -> Option<Read> {
    let places = Places::new(node.place.clone());
    let previous = Previous::default();
    let mut notes = Notes {
        labels: Vec::new(),
        protected: false,
        body: None,
        places,
        told: Vec::new(),
        beside,
        previous,
    };
    let resource = match kind {
        Kind::EmailAccount | Kind::EmailGroup | Kind::Destination => {
            destination::read(kind, node, &mut notes, scope.report).map(Resource::Destination)
        }
        Kind::Monitor => monitor::read(node, &mut notes, scope, dir).map(Resource::Monitor),
        Kind::Workflow => workflow::read(node, &mut notes, scope).map(Resource::Monitor),
    };
    let named = |node: &'_ Node| node.get("name").filter(|name| name.content != Content::Null).cloned();
    let name_node = named(node).or_else(|| node.get("definition").and_then(named));
    let key = match (&resource, &name_node) {
        (Some(resource), _) => resource.key(),
        // one that did not read well counts by its name
        (None, Some(node)) => Key { kind, name: Name::new(scalar_text(node)?) },
        (None, None) => return None,
    };
    let name_place = name_node.map_or(node.place.clone(), |node| node.place);
    Some(Read { resource, name_place, notes, key })
}

/// The labels of a document, ordered by key.
pub fn labels(fields: &Fields<'_>) -> Vec<(String, String)> {
    let labels = fields.text_map("labels").into_iter();
    labels.filter_map(|(key, node)| Some((key, scalar_text(node)?))).collect()
}

/// Takes down the former names of a document, or of a part of it.
pub fn previous_names(fields: &Fields<'_>, part: Option<Part>, notes: &mut Notes) {
    for name in fields.texts("previous_names").into_iter().flatten() {
        notes.previous.note(part, Name::new(name));
    }
}

/// The name of a document; no `/` is forbidden and no case changed, since it is spelled as in the cluster.
pub fn name(fields: &Fields<'_>, example: &str) -> Option<Name> {
    fields.need_text("name", &format!("add one: `name: {example}`")).map(Name::new)
}

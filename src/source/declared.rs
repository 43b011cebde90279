//! All that the files of a project declare.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::finding::Finding;
use super::origins::Origin;
use super::place::Place;
use super::places::Places;
use crate::model::monitor::Monitor;
use crate::model::part::Part;
use crate::model::previous::Previous;
use crate::model::resource::{Key, Resource};
use crate::model::secret::Secret;

/// All that the files of a project declare.
#[derive(Clone, Debug, Default)]
pub struct Declared {
    /// The resources, ordered by kind and name; no two share both.
    pub resources: Vec<Arc<Declaration>>,
    /// What is declared for other environments alone.
    pub elsewhere: BTreeSet<Key>,
    /// What is odd and no error, in the order of the files.
    pub warnings: Vec<Finding>,
    /// What could not be read and is taken for another tool's: odd, and a reason to delete nothing.
    pub unread: Vec<Finding>,
    /// What is known to be secret: what was filled in by names that say so, and what else such variables hold.
    pub secrets: Vec<Secret>,
}

impl Declared {
    /// The resource with this kind and name.
    pub fn find(&self, key: &Key) -> Option<&Arc<Declaration>> {
        let of = |declaration: &Arc<Declaration>| {
            let resource = &declaration.resource;
            (resource.kind(), resource.name()).cmp(&(key.kind, &key.name))
        };
        self.resources.binary_search_by(of).ok().map(|index| &self.resources[index])
    }

    /// The monitors and workflows, in order, with what is said beside them.
    pub fn monitors(&self) -> impl Iterator<Item = (&Monitor, &Declaration)> {
        self.resources.iter().filter_map(|declaration| match &declaration.resource {
            Resource::Monitor(monitor) => Some((monitor, &**declaration)),
            Resource::Destination(_) => None,
        })
    }
}

/// A resource, and what its file says beside it, which never reaches a server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Declaration {
    /// The resource.
    pub resource: Resource,
    /// For selections, reports and ownership: keys and values, ordered by key.
    pub labels: Vec<(String, String)>,
    /// Whether it is not to be deleted, disabled, or to lose active alerts.
    pub protected: bool,
    /// The file that has its search body, if that is not the one of the resource.
    pub body: Option<Arc<str>>,
    /// Where the resource and its parts stand.
    pub places: Places,
    /// The item that made it of that document, if that is of a family.
    pub item: Option<Place>,
    /// What was filled in that is secret, by its name or by where it comes from; an empty one where that was nothing.
    pub secrets: Vec<Secret>,
    /// Which of its values stand in another file, such as `alertform.yaml`.
    pub origins: Vec<Origin>,
    /// What it and its parts were called before.
    pub previous: Previous,
}

impl Declaration {
    /// Where the resource begins.
    pub const fn place(&self) -> &Place {
        self.places.whole()
    }

    /// How many secrets were filled in.
    pub fn filled(&self) -> usize {
        self.secrets.iter().filter(|secret| !secret.expose().is_empty()).count()
    }

    /// Whether nothing was filled in where a secret may have stood before.
    pub fn has_emptied(&self) -> bool {
        self.filled() < self.secrets.len()
    }

    /// The files that declare it, from the project's folder on, those of its defaults and overlays too.
    pub fn files(&self) -> Vec<&str> {
        let own = [Some(&self.place().file), self.body.as_ref()].into_iter().flatten();
        let all = own.chain(self.origins.iter().map(|origin| &origin.place.file)).map(|file| &**file);
        let mut files: Vec<&str> = Vec::new();
        for file in all {
            if !files.contains(&file) {
                files.push(file);
            }
        }
        files
    }

    /// Says something of a part of the resource, or of the whole of it, and for which item of a family that is.
    pub fn finding(&self, part: Option<Part>, message: impl Into<String>) -> Finding {
        let place = part.map_or_else(|| self.place().clone(), |part| self.places.of(part));
        Finding::at(&place, message.into() + &for_item(self.item.as_ref()))
    }
}

/// For which item of a family something is said.
pub fn for_item(item: Option<&Place>) -> String {
    item.map(|item| format!(" (for the item at {item})")).unwrap_or_default()
}

//! Names for ids of destinations and back: ids exist only on the wire.

use std::collections::HashMap;

use crate::model::monitor::{Monitor, Reference};
use crate::model::name::Name;

/// Which destination has which id in one cluster.
#[derive(Clone, Debug, Default)]
pub struct Directory {
    names: HashMap<String, Name>,
    ids: HashMap<Name, String>,
}

impl Directory {
    /// Lists destinations by id and name; a name that several bear stands for none of them.
    pub fn of(destinations: impl IntoIterator<Item = (String, Name)>) -> Self {
        let mut directory = Directory::default();
        let mut ambiguous: Vec<Name> = Vec::new();
        for (id, name) in destinations {
            if directory.ids.insert(name.clone(), id.clone()).is_some() {
                ambiguous.push(name.clone());
            }
            directory.names.insert(id, name);
        }
        for name in ambiguous {
            directory.ids.remove(&name);
            directory.names.retain(|_, other| *other != name);
        }
        directory
    }

    /// Notes that a destination was made, or that its name leads to `id` from now on.
    pub fn insert(&mut self, name: Name, id: String) {
        self.names.insert(id.clone(), name.clone());
        self.ids.insert(name, id);
    }

    /// The id of the destination `name`.
    pub fn id(&self, name: &Name) -> Option<&str> {
        self.ids.get(name).map(String::as_str)
    }

    /// The name of the destination with this id.
    pub fn name(&self, id: &str) -> Option<&Name> {
        self.names.get(id)
    }

    /// The same monitor with ids in place of the names that have one, as it is on the wire.
    #[must_use]
    pub fn with_ids(&self, mut monitor: Monitor) -> Monitor {
        for action in monitor.triggers.iter_mut().flat_map(|trigger| &mut trigger.actions) {
            if let Reference::Name(name) = &action.destination
                && let Some(id) = self.ids.get(name)
            {
                action.destination = Reference::Id(id.clone());
            }
        }
        monitor
    }

    /// The same monitor with names in place of the ids that have one.
    #[must_use]
    pub fn with_names(&self, mut monitor: Monitor) -> Monitor {
        for action in monitor.triggers.iter_mut().flat_map(|trigger| &mut trigger.actions) {
            if let Reference::Id(id) = &action.destination
                && let Some(name) = self.names.get(id)
            {
                action.destination = Reference::Name(name.clone());
            }
        }
        monitor
    }
}

//! Names for ids and back: ids exist only on the wire.

use std::collections::{HashMap, HashSet};

use crate::model::name::Name;
use crate::model::reference::{Refer, Reference};
use crate::model::resource::{Key, Kind};

/// Which resource has which id in one cluster.
#[derive(Clone, Debug, Default)]
pub struct Directory(HashMap<Kind, Names>);

/// The resources of one kind.
#[derive(Clone, Debug, Default)]
struct Names {
    names: HashMap<String, Name>,
    ids: HashMap<Name, String>,
}

impl Directory {
    /// Lists resources by id; a name that several of a kind bear stands for none of them.
    pub fn of(resources: impl IntoIterator<Item = (String, Key)>) -> Self {
        let mut directory = Directory::default();
        let mut ambiguous: HashSet<Key> = HashSet::new();
        for (id, key) in resources {
            if directory.id(key.kind, &key.name).is_some_and(|other| other != id) {
                ambiguous.insert(key.clone());
            }
            directory.insert(key, id);
        }
        for Key { kind, name } in ambiguous {
            if let Some(names) = directory.0.get_mut(&kind) {
                names.ids.remove(&name);
                names.names.retain(|_, other| *other != name);
            }
        }
        directory
    }

    /// Notes that a resource was made, or that its name leads to `id` from now on.
    pub fn insert(&mut self, key: Key, id: String) {
        let names = self.0.entry(key.kind).or_default();
        names.names.insert(id.clone(), key.name.clone());
        names.ids.insert(key.name, id);
    }

    /// The id of the resource `name` of a kind.
    pub fn id(&self, kind: Kind, name: &Name) -> Option<&str> {
        self.0.get(&kind)?.ids.get(name).map(String::as_str)
    }

    /// The name of the resource of a kind with this id.
    pub fn name(&self, kind: Kind, id: &str) -> Option<&Name> {
        self.0.get(&kind)?.names.get(id)
    }

    /// The same resource with ids in place of the names that have one, as it is on the wire.
    #[must_use]
    pub fn with_ids<R: Refer>(&self, mut resource: R) -> R {
        resource.each_reference_mut(&mut |kind, reference| {
            if let Reference::Name(name) = &*reference
                && let Some(id) = self.id(kind, name)
            {
                *reference = Reference::Id(id.to_owned());
            }
        });
        resource
    }

    /// The same resource with names in place of the ids that have one.
    #[must_use]
    pub fn with_names<R: Refer>(&self, mut resource: R) -> R {
        resource.each_reference_mut(&mut |kind, reference| {
            if let Reference::Id(id) = &*reference
                && let Some(name) = self.name(kind, id)
            {
                *reference = Reference::Name(name.clone());
            }
        });
        resource
    }
}

//! References: what one resource says of another. Files say names; ids exist only on the wire.

use super::name::Name;
use super::resource::{Key, Kind};

/// What another resource is known by.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reference {
    /// Its name.
    Name(Name),
    /// An id that no name is known for: of what is gone, or not to be told from a namesake.
    Id(String),
}

impl Reference {
    /// The id, if that is all that is known.
    pub fn id(&self) -> Option<&str> {
        match self {
            Reference::Id(id) => Some(id),
            Reference::Name(_) => None,
        }
    }

    /// The name or the id.
    pub fn as_str(&self) -> &str {
        match self {
            Reference::Name(name) => name.as_str(),
            Reference::Id(id) => id,
        }
    }
}

/// A resource that may refer to others.
pub trait Refer {
    /// Gives each reference, with the kind of what it refers to.
    fn each_reference(&self, on_reference: &mut dyn FnMut(Kind, &Reference));

    /// Gives each reference to be changed, with the kind of what it refers to.
    fn each_reference_mut(&mut self, on_reference: &mut dyn FnMut(Kind, &mut Reference));
}

/// What a resource refers to by name.
pub fn keys_of(resource: &impl Refer) -> Vec<Key> {
    let mut keys = Vec::new();
    resource.each_reference(&mut |kind, reference| {
        if let Reference::Name(name) = reference {
            keys.push(Key { kind, name: name.clone() });
        }
    });
    keys
}

/// The ids of what a resource refers to.
pub fn ids_of(resource: &impl Refer) -> Vec<String> {
    let mut ids = Vec::new();
    resource.each_reference(&mut |_, reference| ids.extend(reference.id().map(str::to_owned)));
    ids
}

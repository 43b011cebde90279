//! All that the files of a project declare.

use std::collections::BTreeMap;

use super::finding::Finding;
use super::place::{Located, Place};
use crate::model::resource::{Key, Resource};

/// All that the files of a project declare.
#[derive(Clone, Debug, Default)]
pub struct Declared {
    /// The resources, ordered by kind and name; no two share both.
    pub resources: Vec<Located<Resource>>,
    /// What the files say beside each resource; it never reaches a server.
    pub meta: BTreeMap<Key, Meta>,
    /// What is odd and no error, in the order of the files.
    pub warnings: Vec<Finding>,
}

/// What a file says beside a resource.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Meta {
    /// For `--select`, reports and ownership.
    pub labels: BTreeMap<String, String>,
    /// Where the parts of the resource stand, by a pointer into the model: `/schedule`, `/inputs/0`, `/triggers/0`,
    /// `/triggers/0/condition`, `/triggers/0/actions/1`, `/triggers/0/actions/1/destination`.
    pub places: BTreeMap<String, Place>,
}

impl Meta {
    /// Where the part stands, or the nearest part around it that has a place.
    pub fn place(&self, pointer: &str) -> Option<&Place> {
        let mut pointer = pointer;
        loop {
            if let Some(place) = self.places.get(pointer) {
                return Some(place);
            }
            pointer = &pointer[..pointer.rfind('/')?];
        }
    }
}

//! What is declared and not there, and what still refers to it: somebody deleted it. Channels alone are known so, and the
//! accounts and groups of e-mail beside them, by the ids that we choose for them.

use std::collections::{BTreeMap, HashMap};

use super::destinations::Index;
use crate::api::line::Line;
use crate::api::live::{Destinations, Found};
use crate::model::reference::ids_of;
use crate::model::resource::Key;

/// The ids that declared channels will have which are not there.
#[derive(Default)]
pub struct Missing<'a>(HashMap<&'a str, &'a Key>);

impl<'a> Missing<'a> {
    /// Looks for what is not there; before 2.0 servers choose the ids.
    pub fn of(index: &'a Index<'_>, line: Line) -> Self {
        if line.has_channels() { Self(index.missing().collect()) } else { Self::default() }
    }

    /// The ids and what each will be.
    pub fn ids(&self) -> impl Iterator<Item = (String, Key)> {
        self.0.iter().map(|(id, key)| ((*id).to_owned(), (*key).clone()))
    }

    /// What is missing that a live monitor still tells.
    pub fn told_by(&self, found: &Found) -> Vec<(Key, Key)> {
        if self.0.is_empty() { Vec::new() } else { self.among(&found.told(), &found.key()).collect() }
    }

    /// What is missing that a live e-mail still uses.
    pub fn used_by(&self, live: &Destinations) -> BTreeMap<Key, Key> {
        let uses = live.live.iter().map(|live| (ids_of(&live.destination), live.key()));
        uses.flat_map(|(ids, user)| self.among(&ids, &user).collect::<Vec<_>>()).collect()
    }

    fn among(&self, ids: &[String], user: &Key) -> impl Iterator<Item = (Key, Key)> {
        let gone = ids.iter().filter_map(|id| self.0.get(id.as_str()));
        gone.map(|gone| ((*gone).clone(), user.clone()))
    }
}

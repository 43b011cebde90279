//! What of two clusters is opaque: a secret that nobody here knows may stand in its texts, so that none of them is shown.

use std::collections::BTreeSet;

use crate::api::live::{Found, LiveDestination};
use crate::config::Config;
use crate::model::cover::count_held;
use crate::model::resource::{Key, Resource};
use crate::model::secret::Secret;
use crate::source::declared::{Declaration, Declared};
use crate::source::{self, variables};

/// What files tell of secrets.
pub struct Told {
    /// All that are known, by the process too; what somebody made by hand may hold one.
    pub secrets: Vec<Secret>,
    /// What has some filled into its texts.
    filled: BTreeSet<Key>,
    /// Whether some files tell nothing, since something is wrong with them.
    pub is_broken: bool,
}

impl Told {
    /// By the files of an environment.
    pub fn by(config: &Config) -> Self {
        match source::load(&config.dir, &config.surroundings) {
            Ok(declared) => Self::of(&declared),
            Err(findings) => {
                // files that are broken say nothing of a cluster; what the process knows is covered all the same
                let secrets = variables::secrets(&config.surroundings.variables.process, std::iter::empty());
                let is_broken = findings.iter().any(|finding| finding.place.is_some());
                Self { secrets, filled: BTreeSet::new(), is_broken }
            }
        }
    }

    /// By files that are loaded.
    pub fn of(declared: &Declared) -> Self {
        let filled = declared.resources.iter().filter(|one| is_filled(one)).map(|one| one.resource.key());
        Self { secrets: declared.secrets.clone(), filled: filled.collect(), is_broken: false }
    }

    /// By the files of another environment, too.
    pub fn and(mut self, other: Self) -> Self {
        let Self { secrets, filled, is_broken } = other;
        self.secrets.extend(secrets);
        self.filled.extend(filled);
        self.is_broken |= is_broken;
        self
    }

    /// Which of what lives in a cluster is opaque. What was filled in is not looked for: another secret, or a word that is
    /// no secret there, would pass for it.
    pub fn opaque(&self, destinations: &[LiveDestination], found: &[Found]) -> BTreeSet<Key> {
        let destinations = destinations.iter().map(|live| (live.key(), None));
        let monitors = found.iter().filter_map(|found| match found {
            Found::Monitor(live) => Some((live.key(), live.mark.as_ref().map(|mark| mark.secrets))),
            Found::Unreadable(_) | Found::Notice { .. } => None,
        });
        // monitors alone say how many were filled in
        let is_opaque = |(key, filled): &(Key, Option<usize>)| {
            self.filled.contains(key) || filled.map_or(self.is_broken, |filled| filled > 0)
        };
        destinations.chain(monitors).filter(is_opaque).map(|(key, _)| key).collect()
    }
}

/// Whether secrets are filled into the texts of what is declared; an empty one may have been there before.
fn is_filled(declaration: &Declaration) -> bool {
    let Declaration { resource, secrets, .. } = declaration;
    let is_text = |secret: &Secret| {
        secret.expose().is_empty() || count_held(resource, std::slice::from_ref(secret)) > 0
    };
    match resource {
        // what has a type of its own for secrets keeps them by itself
        Resource::Destination(_) => secrets.iter().any(is_text),
        Resource::Monitor(_) => !secrets.is_empty(),
    }
}

//! What of two clusters is opaque: a secret that nobody here knows may stand in its texts, so that none of them is shown.

use std::collections::BTreeSet;

use super::make::load;
use crate::api::live::{Found, LiveDestination};
use crate::api::wire::config_id;
use crate::api::wire::mark::Mark;
use crate::config::Config;
use crate::model::cover::count_held;
use crate::model::resource::{Key, Kind, Resource};
use crate::model::secret::Secret;
use crate::source::declared::{Declaration, Declared};
use crate::source::variables;

/// What files tell of secrets.
pub struct Told {
    /// All that are known, by the process too; what somebody made by hand may hold one.
    pub secrets: Vec<Secret>,
    /// What is declared.
    declared: BTreeSet<Key>,
    /// What of that has some filled into its texts.
    filled: BTreeSet<Key>,
    /// Whether some files tell nothing, since something is wrong with them.
    pub is_broken: bool,
}

impl Told {
    /// By the files of an environment.
    pub async fn by(config: &Config) -> Self {
        match load(config).await {
            Ok(declared) => Self::of(&declared),
            Err(error) => {
                // files that are broken say nothing of a cluster; what the process knows is covered all the same
                let secrets = variables::secrets(&config.surroundings.variables.process, std::iter::empty());
                let is_broken = error.findings().iter().any(|finding| finding.place.is_some());
                Self { secrets, declared: BTreeSet::new(), filled: BTreeSet::new(), is_broken }
            }
        }
    }

    /// By files that are loaded.
    pub fn of(declared: &Declared) -> Self {
        let filled = declared.resources.iter().filter(|one| is_filled(one));
        Self {
            secrets: declared.secrets.clone(),
            filled: filled.map(|one| one.resource.key()).collect(),
            declared: declared.resources.iter().map(|one| one.resource.key()).collect(),
            is_broken: false,
        }
    }

    /// By the files of another environment, too.
    pub fn and(mut self, other: Self) -> Self {
        let Self { secrets, declared, filled, is_broken } = other;
        self.secrets.extend(secrets);
        self.declared.extend(declared);
        self.filled.extend(filled);
        self.is_broken |= is_broken;
        self
    }

    /// Which of what lives in a cluster is opaque. What was filled in is not looked for: another secret, or a word that is
    /// no secret there, would pass for it.
    pub fn opaque(&self, destinations: &[LiveDestination], found: &[Found]) -> BTreeSet<Key> {
        let monitors = || {
            found.iter().filter_map(|found| match found {
                Found::Monitor(live) => Some(live),
                Found::Unreadable(_) | Found::Notice { .. } => None,
            })
        };
        let has_marks = monitors().any(|live| live.mark.is_some());
        let has_ids = destinations.iter().any(|live| config_id::project_of(&live.id).is_some());
        // monitors alone say how many were filled in; of all else that nobody declares here another apply may have made it
        let may_hold = |key: &Key| {
            let is_told = key.kind == Kind::Monitor || self.declared.contains(key);
            self.is_broken || (has_marks || has_ids) && !is_told
        };
        let destinations = destinations.iter().map(|live| (live.key(), None));
        let all = destinations.chain(monitors().map(|live| (live.key(), live.mark.as_ref())));
        let is_opaque = |(key, mark): &(Key, Option<&Mark>)| {
            self.filled.contains(key) || mark.map_or_else(|| may_hold(key), |mark| mark.secrets > 0)
        };
        all.filter(is_opaque).map(|(key, _)| key).collect()
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

//! What depends on who asks: what lists hide from that user, and whose rights its writes would replace.
//!
//! Pure: what a server said goes in. A plan and the doctor word what comes out.

use std::collections::BTreeMap;

use crate::api::line::Line;
use crate::api::security::{Asker, Filter, Filters};
use crate::model::resource::{Key, Kind};

/// Lists that are filtered together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Lists {
    /// Of destinations, accounts and groups.
    Destinations,
    /// Of monitors and workflows.
    Monitors,
}

impl Lists {
    /// Those in which a kind stands.
    pub const fn of(kind: Kind) -> Self {
        match kind {
            Kind::Monitor | Kind::Workflow => Self::Monitors,
            Kind::Destination | Kind::EmailAccount | Kind::EmailGroup => Self::Destinations,
        }
    }

    /// What they list, in a word.
    pub const fn what(self) -> &'static str {
        match self {
            Self::Destinations => "destination",
            Self::Monitors => "monitor",
        }
    }
}

/// How much each of the lists shows, whoever made it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Seen {
    /// How many destinations, accounts and groups.
    pub destinations: usize,
    /// How many monitors and workflows.
    pub monitors: usize,
}

impl Seen {
    /// How much of them there is.
    pub const fn of(self, lists: Lists) -> usize {
        match lists {
            Lists::Destinations => self.destinations,
            Lists::Monitors => self.monitors,
        }
    }
}

/// How much of what there is a user sees in a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Sight {
    /// All.
    All,
    /// All or less: nobody can know, and something is listed.
    Unsure,
    /// All or less, and nothing is listed, as where all is hidden.
    Doubtful,
    /// What shares a backend role with the user.
    Filtered,
}

/// How much of what there is `asker` sees in lists that show `seen`.
pub fn sight(asker: &Asker, filters: Filters, line: Line, lists: Lists, seen: Seen) -> Sight {
    // before 2.0 one plugin has both
    let filter = match lists {
        Lists::Destinations if line.has_channels() => filters.notifications,
        Lists::Destinations | Lists::Monitors => filters.alerting,
    };
    match (asker, filter) {
        (Asker::Nobody, _) | (_, Filter::Off) => Sight::All,
        (Asker::Known(who), _) if who.sees_all() => Sight::All,
        (_, Filter::On) => Sight::Filtered,
        (_, Filter::Unknown) if seen.of(lists) == 0 => Sight::Doubtful,
        (_, Filter::Unknown) => Sight::Unsure,
    }
}

/// The monitors that run with the rights of somebody else than `who`, by whose: an apply that writes them would replace
/// those rights.
pub fn of_others<'r>(
    who: &str,
    runners: &'r BTreeMap<String, String>,
    monitors: impl Iterator<Item = (String, Key)>,
) -> BTreeMap<&'r str, Vec<Key>> {
    let mut others: BTreeMap<&str, Vec<Key>> = BTreeMap::new();
    for (id, key) in monitors {
        if let Some(runner) = runners.get(&id).filter(|runner| *runner != who) {
            others.entry(runner).or_default().push(key);
        }
    }
    others
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::security::Who;

    #[test]
    fn each_list_is_judged_by_its_own_filter() {
        let who = |role: &str| {
            Asker::Known(Who { name: "ci".into(), backend_roles: Vec::new(), roles: vec![role.into()] })
        };
        let filters = Filters { alerting: Filter::On, notifications: Filter::Unknown };
        let seen = Seen { destinations: 0, monitors: 7 };
        for (asker, line, monitors, destinations) in [
            (who("some"), Line::V2_19, Sight::Filtered, Sight::Doubtful),
            (who("some"), Line::V1_3, Sight::Filtered, Sight::Filtered),
            (who("all_access"), Line::V2_19, Sight::All, Sight::All),
            (Asker::Hidden, Line::V2_19, Sight::Filtered, Sight::Doubtful),
            (Asker::Nobody, Line::V2_19, Sight::All, Sight::All),
        ] {
            let sight = |lists| sight(&asker, filters, line, lists, seen);
            assert_eq!(
                (sight(Lists::Monitors), sight(Lists::Destinations)),
                (monitors, destinations),
                "{asker:?}"
            );
        }
    }
}

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
}

/// How much of what there is a user sees in a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Sight {
    /// All.
    All,
    /// All or less: this user may not know.
    Unsure,
    /// What shares a backend role with the user.
    Filtered,
}

/// How much of what there is `asker` sees in lists.
pub fn sight(asker: &Asker, filters: Filters, line: Line, lists: Lists) -> Sight {
    // before 2.0 one plugin has both
    let filter = match lists {
        Lists::Destinations if line.has_channels() => filters.notifications,
        Lists::Destinations | Lists::Monitors => filters.alerting,
    };
    match (asker, filter) {
        (Asker::Nobody, _) | (_, Filter::Off) => Sight::All,
        (Asker::Known(who), _) if who.sees_all() => Sight::All,
        (_, Filter::On) => Sight::Filtered,
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
        for (asker, line, monitors, destinations) in [
            (who("some"), Line::V2_19, Sight::Filtered, Sight::Unsure),
            (who("some"), Line::V1_3, Sight::Filtered, Sight::Filtered),
            (who("all_access"), Line::V2_19, Sight::All, Sight::All),
            (Asker::Hidden, Line::V2_19, Sight::Filtered, Sight::Unsure),
            (Asker::Nobody, Line::V2_19, Sight::All, Sight::All),
        ] {
            let sight = |lists| sight(&asker, filters, line, lists);
            assert_eq!(
                (sight(Lists::Monitors), sight(Lists::Destinations)),
                (monitors, destinations),
                "{asker:?}"
            );
        }
    }
}

//! How much one run may do: limits that a project sets, and a flag raises.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

/// What is limited.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Limit {
    /// How many resources are deleted.
    Deletions,
    /// How many resources are updated.
    Updates,
    /// How many resources that ran, or delivered, are disabled.
    Disabled,
    /// How many active alerts end; where they cannot be seen, of how many triggers they would.
    EndedAlerts,
}

impl Limit {
    /// All limits.
    pub const ALL: [Limit; 4] = [Limit::Deletions, Limit::Updates, Limit::Disabled, Limit::EndedAlerts];

    /// Its name in settings and flags.
    pub const fn as_str(self) -> &'static str {
        match self {
            Limit::Deletions => "deletions",
            Limit::Updates => "updates",
            Limit::Disabled => "disabled",
            Limit::EndedAlerts => "ended_alerts",
        }
    }
}

impl FromStr for Limit {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        let limit = Limit::ALL.into_iter().find(|limit| limit.as_str() == name);
        limit.ok_or_else(|| {
            let names = Limit::ALL.map(Limit::as_str);
            format!("no limit is called `{name}`: expected one of {}", names.join(", "))
        })
    }
}

/// The most that a limit allows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Most {
    /// As much as there is.
    Any,
    /// So many.
    Number(usize),
    /// So many in a hundred of what the project has in the cluster, rounded up.
    Share(u8),
}

/// How a limit is written.
pub const EXPECTED: &str = "a number, a share such as `25%`, or `none`";

impl FromStr for Most {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let share = text.strip_suffix('%').map(|share| share.parse().ok().filter(|share| *share <= 100));
        let most = match share {
            Some(share) => share.map(Most::Share),
            None if text == "none" => Some(Most::Any),
            None => text.parse().ok().map(Most::Number),
        };
        most.ok_or_else(|| format!("expected {EXPECTED}"))
    }
}

impl fmt::Display for Most {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Most::Any => f.write_str("none"),
            Most::Number(number) => write!(f, "{number}"),
            Most::Share(share) => write!(f, "{share}%"),
        }
    }
}

/// So many resources a run deletes where nothing is said: an empty folder, or the wrong one, must not end all.
const DELETIONS: Most = Most::Number(10);

/// The limits of one run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits(BTreeMap<Limit, Most>);

impl Default for Limits {
    fn default() -> Self {
        Self(BTreeMap::from([(Limit::Deletions, DELETIONS)]))
    }
}

impl Limits {
    /// Sets one.
    pub fn set(&mut self, limit: Limit, most: Most) {
        self.0.insert(limit, most);
    }

    /// Those that are set.
    pub fn each(&self) -> impl Iterator<Item = (Limit, Most)> {
        self.0.iter().map(|(limit, most)| (*limit, *most))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_limit_is_a_number_a_share_or_none() {
        let read = |text: &str| text.parse::<Most>();
        assert_eq!(read("12"), Ok(Most::Number(12)));
        assert_eq!(read("25%"), Ok(Most::Share(25)));
        assert_eq!(read("none"), Ok(Most::Any));
        for wrong in ["", "-1", "101%", "%", "all", "1.5"] {
            assert!(read(wrong).is_err(), "{wrong}");
        }
    }
}

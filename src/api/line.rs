//! The lines of servers that alertform speaks to, and what sets each apart; no other file compares versions.

use std::fmt;
use std::str::FromStr;

/// A family of server versions that speak the same Alerting API, oldest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Line {
    /// Open Distro 1.13 on Elasticsearch 7.10, Amazon Elasticsearch Service 7.x, and OpenSearch 1.0, which still takes
    /// bare triggers alone.
    Odfe,
    /// OpenSearch 1.1 to 1.3.
    V1_3,
    /// OpenSearch 2.0 to 2.19.
    V2_19,
    /// OpenSearch 3.x.
    V3,
}

impl Line {
    /// All lines, oldest first.
    pub const ALL: [Line; 4] = [Line::Odfe, Line::V1_3, Line::V2_19, Line::V3];

    /// The word for this line on the command line and in settings.
    pub const fn as_str(self) -> &'static str {
        match self {
            Line::Odfe => "odfe",
            Line::V1_3 => "1.3",
            Line::V2_19 => "2.19",
            Line::V3 => "3",
        }
    }

    /// The path under which the Alerting API of this line lives.
    pub const fn alerting(self) -> &'static str {
        match self {
            Line::Odfe => "/_opendistro/_alerting",
            Line::V1_3 | Line::V2_19 | Line::V3 => "/_plugins/_alerting",
        }
    }

    /// Whether destinations are notification channels here, as from 2.0 on.
    pub const fn has_channels(self) -> bool {
        matches!(self, Line::V2_19 | Line::V3)
    }

    /// Whether a trigger stands in a wrapper that names its kind, as from 1.1 on.
    pub const fn wraps_triggers(self) -> bool {
        !matches!(self, Line::Odfe)
    }
}

impl fmt::Display for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A word that names no line.
#[derive(Debug, thiserror::Error)]
#[error("`{0}` is no server line, expected `odfe`, `1.3`, `2.19` or `3`")]
pub struct UnknownLine(String);

impl FromStr for Line {
    type Err = UnknownLine;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Line::ALL.into_iter().find(|line| line.as_str() == text).ok_or_else(|| UnknownLine(text.to_owned()))
    }
}

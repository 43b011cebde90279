//! When a monitor runs.

use std::fmt;

/// When a monitor runs: every so often, or at the times of a cron expression.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Schedule {
    /// Every so many minutes, hours or days, counted from when the monitor was enabled.
    Interval {
        /// How many units; at least 1, at most 2,147,483,647.
        every: u32,
        /// The unit, as the server spells it.
        unit: Unit,
    },
    /// At the times of a five-field Unix cron expression.
    Cron {
        /// Minute, hour, day of month, month, day of week; kept verbatim.
        expression: String,
        /// A time zone's name such as `Asia/Tokyo`, or an offset as Java's `ZoneId` takes it.
        timezone: String,
    },
}

impl Schedule {
    /// Runs every so many units; whole minutes that are said in seconds are minutes, which every line takes.
    pub const fn every(every: u32, unit: Unit) -> Self {
        match unit {
            Unit::Seconds if every.is_multiple_of(60) => {
                Schedule::Interval { every: every / 60, unit: Unit::Minutes }
            }
            _ => Schedule::Interval { every, unit },
        }
    }
}

/// The unit of an interval.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Unit {
    /// From 3.4 on.
    Seconds,
    /// One minute, the least that every line takes.
    Minutes,
    /// Sixty minutes.
    Hours,
    /// Twenty-four hours.
    Days,
}

impl Unit {
    /// All units, smallest first.
    pub const ALL: [Unit; 4] = [Unit::Seconds, Unit::Minutes, Unit::Hours, Unit::Days];

    /// The server's word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Unit::Seconds => "SECONDS",
            Unit::Minutes => "MINUTES",
            Unit::Hours => "HOURS",
            Unit::Days => "DAYS",
        }
    }

    /// The letter that a duration in a file ends with: `15m`.
    pub const fn letter(self) -> char {
        match self {
            Unit::Seconds => 's',
            Unit::Minutes => 'm',
            Unit::Hours => 'h',
            Unit::Days => 'd',
        }
    }
}

impl fmt::Display for Schedule {
    /// Writes the schedule in words: `every 15m`, `cron 0 9 * * 1-5 (Asia/Tokyo)`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Schedule::Interval { every, unit } => write!(f, "every {every}{}", unit.letter()),
            Schedule::Cron { expression, timezone } => write!(f, "cron {expression} ({timezone})"),
        }
    }
}

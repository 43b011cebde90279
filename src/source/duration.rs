//! Durations as people write them: `15m`, one number and one unit.

use std::time;

use crate::model::schedule::Unit;

/// A number of units.
pub type Duration = (u32, Unit);

/// What a duration looks like, for hints.
pub const EXAMPLE: &str = "expected a whole number and a unit: `30s`, `15m`, `2h` or `1d`";

/// The longest interval that a server stores, in any unit.
const MOST: u32 = i32::MAX.unsigned_abs();

/// Reads `15m`; `None` for what is no duration, zero, or beyond what a server can hold.
pub fn parse(text: &str) -> Option<Duration> {
    let unit = Unit::ALL.into_iter().find(|unit| text.ends_with(unit.letter()))?;
    let digits = &text[..text.len() - 1];
    let is_number = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    let number = is_number.then(|| digits.parse().ok()).flatten()?;
    (1..=MOST).contains(&number).then_some((number, unit))
}

/// So many minutes, in hours where that is a whole number.
pub const fn in_minutes(minutes: u32) -> Duration {
    match minutes % 60 {
        0 if minutes > 0 => (minutes / 60, Unit::Hours),
        _ => (minutes, Unit::Minutes),
    }
}

/// So many seconds, in the largest unit of which that is a whole number.
pub fn in_seconds(count: u64) -> Duration {
    let units = Unit::ALL.into_iter().rev();
    let whole = |unit| count.is_multiple_of(seconds((1, unit)));
    let unit = units.into_iter().find(|unit| whole(*unit)).unwrap_or(Unit::Seconds);
    (u32::try_from(count / seconds((1, unit))).unwrap_or(u32::MAX), unit)
}

/// Writes `15m`.
pub fn print((number, unit): Duration) -> String {
    format!("{number}{}", unit.letter())
}

/// The seconds that it lasts.
pub fn seconds((number, unit): Duration) -> u64 {
    let unit = match unit {
        Unit::Seconds => 1,
        Unit::Minutes => 60,
        Unit::Hours => 3_600,
        Unit::Days => 86_400,
    };
    u64::from(number) * unit
}

/// Reads a time limit, as of a request: `30s`, `2m`.
pub fn limit(text: &str) -> Result<time::Duration, String> {
    let seconds = parse(text).map(seconds);
    seconds.map(time::Duration::from_secs).ok_or_else(|| format!("`{text}` is no time limit, {EXAMPLE}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_number_and_one_unit() {
        assert_eq!(parse("15m"), Some((15, Unit::Minutes)));
        assert_eq!(parse("2147483647d"), Some((2_147_483_647, Unit::Days)));
        for text in
            ["", "m", "0m", "15", "1.5h", "-1m", "+1m", "1h30m", "2147483648s", "15 m", "15M", "1w", "１m"]
        {
            assert_eq!(parse(text), None, "{text}");
        }
    }
}

//! Names of time zones, as Java's `ZoneId.of` takes them.

use chrono_tz::TZ_VARIANTS;

use super::super::fault::Fault;

/// Names that the database of zones has but `ZoneId.of` does not take.
const REFUSED: [&str; 3] = ["EST", "HST", "MST"];

/// Checks the name of a zone, case and all, and gives it as it is shown.
pub fn parse(name: &str) -> Result<String, Fault> {
    let region = || TZ_VARIANTS.iter().any(|zone| zone.name() == name) && !REFUSED.contains(&name);
    offset(name)
        .or_else(|| prefixed(name))
        .or_else(|| region().then(|| name.to_owned()))
        .ok_or_else(|| Fault::illegal_argument(format!("Timezone {name} is not supported")))
}

/// `UTC+2` and its like; the offset is shown in full.
fn prefixed(name: &str) -> Option<String> {
    let prefix = ["UTC", "GMT", "UT"].into_iter().find(|prefix| name.starts_with(prefix))?;
    let rest = &name[prefix.len()..];
    if rest.is_empty() {
        return Some(name.to_owned());
    }
    let shown = offset(rest).filter(|_| rest != "Z")?;
    Some(if shown == "Z" { prefix.to_owned() } else { format!("{prefix}{shown}") })
}

/// `Z`, `+h`, `+hh`, `+hh:mm`, `+hhmm`, `+hh:mm:ss`, `+hhmmss`, shown as `+hh:mm[:ss]`.
fn offset(text: &str) -> Option<String> {
    if text == "Z" {
        return Some(text.to_owned());
    }
    let sign = text.chars().next().filter(|sign| matches!(sign, '+' | '-'))?;
    let rest = &text[1..];
    let parts: Vec<&str> = if rest.contains(':') {
        rest.split(':').collect()
    } else if rest.len() <= 2 {
        vec![rest]
    } else {
        (0..rest.len()).step_by(2).map(|at| rest.get(at..at + 2).unwrap_or("")).collect()
    };
    let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    let whole = |part: &str| part.len() == 2 || (parts.len() == 1 && part.len() == 1);
    if parts.len() > 3 || !parts.iter().all(|part| digits(part) && whole(part)) {
        return None;
    }
    let numbers: Vec<u32> = parts.iter().filter_map(|part| part.parse().ok()).collect();
    let at = |index: usize| numbers.get(index).copied().unwrap_or(0);
    let (hours, minutes, seconds) = (at(0), at(1), at(2));
    if minutes > 59 || seconds > 59 || hours * 3600 + minutes * 60 + seconds > 18 * 3600 {
        return None;
    }
    Some(match (hours, minutes, seconds) {
        (0, 0, 0) => "Z".to_owned(),
        (_, _, 0) => format!("{sign}{hours:02}:{minutes:02}"),
        _ => format!("{sign}{hours:02}:{minutes:02}:{seconds:02}"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zones_are_known_by_name_and_by_offset() {
        for (sent, shown) in [
            ("UTC", "UTC"),
            ("Asia/Tokyo", "Asia/Tokyo"),
            ("Z", "Z"),
            ("+02:00", "+02:00"),
            ("-0930", "-09:30"),
            ("+2", "+02:00"),
            ("UTC+2", "UTC+02:00"),
            ("GMT", "GMT"),
        ] {
            assert_eq!(parse(sent).unwrap(), shown);
        }
        for sent in ["Tokyo", "asia/tokyo", "EST", "", "+19", "+ab", "utc", "+1:00", "+123"] {
            assert!(parse(sent).is_err(), "{sent}");
        }
    }
}

//! Time zones as Java's `ZoneId` takes them, so that a wrong one is found before the server is asked.

use std::str::FromStr;

/// What a time zone looks like, for hints.
pub const EXAMPLE: &str =
    "expected a name such as `Europe/Berlin`, case counts, or an offset such as `+09:00`, `UTC` or `Z`";

/// Names that the time zone database has and `ZoneId` has not.
const NOT_IN_JAVA: [&str; 4] = ["EST", "HST", "MST", "ROC"];

/// The id that the server shows for a time zone; `None` when it refuses it.
pub fn canonical(text: &str) -> Option<String> {
    if text == "Z" || text.starts_with(['+', '-']) {
        return offset(text);
    }
    for prefix in ["UTC", "GMT", "UT"] {
        if let Some(rest) = text.strip_prefix(prefix) {
            if rest.is_empty() {
                return Some(text.to_owned());
            }
            if rest.starts_with(['+', '-']) {
                let offset = offset(rest)?;
                return Some(if offset == "Z" { prefix.to_owned() } else { format!("{prefix}{offset}") });
            }
        }
    }
    let is_known = !NOT_IN_JAVA.contains(&text) && chrono_tz::Tz::from_str(text).is_ok();
    is_known.then(|| text.to_owned())
}

/// The normal form of `±h`, `±hh`, `±hh:mm`, `±hhmm`, `±hh:mm:ss` or `±hhmmss`, up to eighteen hours.
fn offset(text: &str) -> Option<String> {
    if text == "Z" {
        return Some("Z".to_owned());
    }
    let (sign, rest) = text.split_at_checked(1)?;
    let digits: String = match rest.len() {
        1 => format!("0{rest}"),
        2 | 4 | 6 => rest.to_owned(),
        5 | 8 if rest.bytes().skip(2).step_by(3).all(|byte| byte == b':') => rest.replace(':', ""),
        _ => return None,
    };
    if !matches!(digits.len(), 2 | 4 | 6) || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let part = |at: usize| digits.get(at..at + 2).map_or(Some(0), |part| part.parse::<u32>().ok());
    let (hours, minutes, seconds) = (part(0)?, part(2)?, part(4)?);
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
    fn as_recorded_and_as_zone_id_says() {
        for (text, wanted) in [
            ("UTC", Some("UTC")),
            ("Asia/Tokyo", Some("Asia/Tokyo")),
            ("Z", Some("Z")),
            ("+02:00", Some("+02:00")),
            ("+9", Some("+09:00")),
            ("-0330", Some("-03:30")),
            ("+00:00", Some("Z")),
            ("UTC+9", Some("UTC+09:00")),
            ("GMT+0", Some("GMT")),
            ("Etc/GMT+5", Some("Etc/GMT+5")),
            ("Tokyo", None),
            ("asia/tokyo", None),
            ("EST", None),
            ("+19:00", None),
            ("+1:00", None),
            ("+09:60", None),
            ("utc", None),
            ("", None),
            ("+é", None),
        ] {
            assert_eq!(canonical(text).as_deref(), wanted, "{text}");
        }
    }
}

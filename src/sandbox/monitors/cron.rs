//! Checks cron expressions as the servers' own library does: Unix cron, five fields, in its words.

use super::super::fault::Fault;
use super::super::line_differences::monitors as lines;
use crate::api::line::Line;

/// A field: its least and greatest value, and the names of values, the first of which is `named_from`.
struct Field {
    least: u32,
    greatest: u32,
    named_from: u32,
    names: &'static [&'static str],
}

const FIELDS: [Field; 5] = [
    Field { least: 0, greatest: 59, named_from: 0, names: &[] },
    Field { least: 0, greatest: 23, named_from: 0, names: &[] },
    Field { least: 1, greatest: 31, named_from: 0, names: &[] },
    Field {
        least: 1,
        greatest: 12,
        named_from: 1,
        names: &["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"],
    },
    Field { least: 0, greatest: 7, named_from: 1, names: &["MON", "TUE", "WED", "THU", "FRI", "SAT", "SUN"] },
];

/// Refuses what is no cron expression.
pub fn check(expression: &str, line: Line) -> Result<(), Fault> {
    let parts: Vec<&str> = expression.split_whitespace().collect();
    if parts.is_empty() {
        return Err(Fault::illegal_argument("Empty expression!"));
    }
    if lines::knows_cron_nicknames(line) && parts[0].starts_with('@') {
        return Err(Fault::illegal_argument("Nicknames not supported!"));
    }
    if parts.len() != FIELDS.len() {
        let count = parts.len();
        return Err(Fault::illegal_argument(format!(
            "Cron expression contains {count} parts but we expect one of [5]"
        )));
    }
    for (part, field) in parts.iter().zip(&FIELDS) {
        check_field(part, field).map_err(|cause| {
            let what = lines::failed_cron(line, expression);
            Fault::illegal_argument(format!("{what} {cause}")).caused_by("illegal_argument_exception", cause)
        })?;
    }
    Ok(())
}

/// A field is a list of values, ranges and steps.
fn check_field(text: &str, field: &Field) -> Result<(), String> {
    if text.ends_with(',') || text.starts_with(',') {
        return Err(format!("Invalid field value! Expected values separated by commas, found '{text}'"));
    }
    text.split(',').try_for_each(|item| {
        let (range, step) = item.split_once('/').map_or((item, None), |(range, step)| (range, Some(step)));
        if let Some(step) = step {
            let period: u32 = step.parse().map_err(|_| format!("Invalid expression: {step}"))?;
            if period == 0 || period > field.greatest {
                return Err(format!("Period {period} not in range [{}, {}]", field.least, field.greatest));
            }
        }
        if range == "*" {
            return Ok(());
        }
        match range.split_once('-') {
            Some((from, to)) => {
                let (from, to) = (value(from, field)?, value(to, field)?);
                // Sunday may stand at the end of a week as well as at its beginning
                let wraps = field.greatest == 7 && to == 0;
                if from > to && !wraps {
                    return Err(format!("Invalid range! [{from},{to}]"));
                }
                Ok(())
            }
            None => value(range, field).map(|_| ()),
        }
    })
}

fn value(text: &str, field: &Field) -> Result<u32, String> {
    let named = field.names.iter().zip(field.named_from..).find(|(name, _)| name.eq_ignore_ascii_case(text));
    if let Some((_, value)) = named {
        return Ok(value);
    }
    let number: u32 = text.parse().map_err(|_| format!("Invalid expression: {text}"))?;
    if number < field.least || number > field.greatest {
        return Err(format!("Value {number} not in range [{}, {}]", field.least, field.greatest));
    }
    Ok(number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unix_cron_is_taken_and_other_dialects_are_refused() {
        for good in ["0 9 * * 1-5", "*/15 * * * *", "0  9 * * MON", "0,30 8-18/2 1 JAN-MAR 0", "* * * * 5-7"]
        {
            assert!(check(good, Line::V3).is_ok(), "{good}");
        }
        for bad in [
            "",
            "@daily",
            "* * * *",
            "0 9 ? * 1",
            "61 * * * *",
            "*/0 * * * *",
            "5-1 * * * *",
            "0 9 L * *",
            ", * * * *",
        ] {
            assert!(check(bad, Line::V3).is_err(), "{bad}");
        }
    }
}

//! Cron expressions as the server takes them: cron-utils' Unix definition, five fields and nothing else.

use std::collections::BTreeSet;

use chrono::{Datelike, NaiveDate};

use crate::plural::count;

/// What a cron expression looks like, for hints.
pub const EXAMPLE: &str = "expected five fields, minute hour day-of-month month day-of-week: `0 9 * * 1-5`";

const MONTHS: [&str; 12] =
    ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];
const DAYS: [&str; 7] = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];

struct Field {
    name: &'static str,
    range: (u32, u32),
    /// Names for numbers, the first of which stands for the second value.
    names: (&'static [&'static str], u32),
}

const FIELDS: [Field; 5] = [
    Field { name: "minute", range: (0, 59), names: (&[], 0) },
    Field { name: "hour", range: (0, 23), names: (&[], 0) },
    Field { name: "day of month", range: (1, 31), names: (&[], 0) },
    Field { name: "month", range: (1, 12), names: (&MONTHS, 1) },
    Field { name: "day of week", range: (0, 7), names: (&DAYS, 0) },
];

/// Says what is wrong with an expression, as a fragment such as `the minute 61 is not between 0 and 59`.
pub fn check(expression: &str) -> Result<(), String> {
    let parts: Vec<&str> = expression.split_whitespace().collect();
    if parts.len() != FIELDS.len() {
        return Err(format!("it has {} instead of 5", count(parts.len(), "field")));
    }
    FIELDS
        .iter()
        .zip(parts)
        .try_for_each(|(field, part)| part.split(',').try_for_each(|item| field.check(item)))
}

/// How often an expression is met in a leap year, which has every date; `None` for one that no server takes.
pub fn runs_in_a_year(expression: &str) -> Option<u64> {
    let Times { minutes, hours, days } = times(expression, Years::Leap)?;
    u64::try_from(minutes.len() * hours.len() * days.len()).ok()
}

/// When an expression is met.
struct Times {
    minutes: BTreeSet<u32>,
    hours: BTreeSet<u32>,
    /// By their numbers from the first of the years, in order.
    days: Vec<u64>,
}

/// Which years are looked at.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Years {
    /// A leap year, which has every date.
    Leap,
    /// That and the next one: December is followed by January.
    LeapAndNext,
}

/// A day is meant by either of the two fields that speak of days, if both do.
fn times(expression: &str, years: Years) -> Option<Times> {
    check(expression).ok()?;
    let parts: Vec<&str> = expression.split_whitespace().collect();
    let met = |index: usize| FIELDS[index].values(parts[index]);
    let (minutes, hours, dates, months, weekdays) = (met(0), met(1), met(2), met(3), met(4));
    let first = NaiveDate::from_ymd_opt(2024, 1, 1)?;
    let is_meant = |day: &NaiveDate| {
        let is_date = dates.contains(&day.day());
        let weekday = day.weekday().num_days_from_sunday();
        let is_weekday = weekdays.contains(&weekday) || (weekday == 0 && weekdays.contains(&7));
        let is_day = match (parts[2], parts[4]) {
            ("*", _) => is_weekday,
            (_, "*") => is_date,
            _ => is_date || is_weekday,
        };
        months.contains(&day.month()) && is_day
    };
    let number = match years {
        Years::Leap => 366,
        Years::LeapAndNext => 366 + 365,
    };
    let days = (0..).zip(first.iter_days().take(number));
    let days = days.filter(|(_, day)| is_meant(day)).map(|(number, _)| number).collect();
    Some(Times { minutes, hours, days })
}

/// The least number of minutes from one time at which an expression is met to the next; `None` where it is met less than
/// twice in two years, or no server takes it.
pub fn shortest_gap(expression: &str) -> Option<u64> {
    let Times { minutes, hours, days } = times(expression, Years::LeapAndNext)?;
    let times: Vec<u64> = hours
        .iter()
        .flat_map(|hour| minutes.iter().map(move |minute| u64::from(hour * 60 + minute)))
        .collect();
    let (first, last) = (*times.first()?, *times.last()?);
    let within = times.windows(2).map(|pair| pair[1] - pair[0]);
    let between = days.windows(2).map(|pair| (pair[1] - pair[0]) * 24 * 60 + first - last);
    within.chain(between).min()
}

impl Field {
    /// The values that are meant, of a field that was checked.
    fn values(&self, part: &str) -> BTreeSet<u32> {
        part.split(',').flat_map(|item| self.values_of(item)).collect()
    }

    fn values_of(&self, item: &str) -> Vec<u32> {
        let (range, step) = match item.split_once('/') {
            Some((range, step)) => (range, number(step)),
            None => (item, None),
        };
        let value = |text: &str| self.value(text).unwrap_or_default();
        let (from, to) = match range.split_once('-') {
            None if range == "*" => self.range,
            // `5/10` goes on to the end
            None if step.is_some() => (value(range), self.range.1),
            None => (value(range), value(range)),
            // to Sunday, which is the last value too
            Some((from, to)) if value(to) < value(from) => (value(from), self.range.1),
            Some((from, to)) => (value(from), value(to)),
        };
        (from..=to).step_by(step.map_or(1, |step| step as usize)).collect()
    }

    fn check(&self, item: &str) -> Result<(), String> {
        let (range, step) = match item.split_once('/') {
            Some((range, step)) => (range, Some(step)),
            None => (item, None),
        };
        if let Some(step) = step {
            let is_step = number(step).is_some_and(|step| (1..=self.range.1).contains(&step));
            if !is_step {
                return Err(format!(
                    "the step `{step}` of the {} is not between 1 and {}",
                    self.name, self.range.1
                ));
            }
        }
        if range == "*" {
            return Ok(());
        }
        match range.split_once('-') {
            None => self.value(range).map(drop),
            Some((from, to)) => {
                let (from, to) = (self.value(from)?, self.value(to)?);
                // Sunday may be 0 and 7, so that `5-0` does not run backwards
                let runs_on = from <= to || (self.name == "day of week" && to == 0);
                if runs_on {
                    Ok(())
                } else {
                    Err(format!("the {} range `{range}` runs backwards", self.name))
                }
            }
        }
    }

    fn value(&self, text: &str) -> Result<u32, String> {
        let (names, first) = self.names;
        let named = names.iter().zip(first..).find(|(name, _)| name.eq_ignore_ascii_case(text));
        if let Some((_, value)) = named {
            return Ok(value);
        }
        let (least, most) = self.range;
        match number(text) {
            Some(value) if (least..=most).contains(&value) => Ok(value),
            Some(value) => Err(format!("the {} {value} is not between {least} and {most}", self.name)),
            None => Err(format!(
                "`{text}` is no {}: only numbers{}, `*`, `,`, `-` and `/` are",
                self.name,
                if names.is_empty() { "" } else { ", names" }
            )),
        }
    }
}

fn number(text: &str) -> Option<u32> {
    let is_number = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| text.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_what_the_servers_took() {
        for text in [
            "0 9 * * *",
            "0 9 * * 1-5",
            "*/15 * * * *",
            "0  9 * * MON",
            "0 9 1 1 *",
            "1,2-4/2 0-23/6 1,15 jan-MAR 7",
        ] {
            assert_eq!(check(text), Ok(()), "{text}");
        }
    }

    #[test]
    fn knows_how_often_an_expression_is_met() {
        for (text, expected) in [
            ("* * * * *", Some(366 * 24 * 60)),
            ("*/10 * * * *", Some(366 * 24 * 6)),
            ("0,30 9-17 * * *", Some(366 * 18)),
            ("0 9 * * 1-5", Some(262)),
            ("0 9 * * MON", Some(53)),
            ("0 9 * * 5-0", Some(52 * 3)),
            ("0 9 1 * *", Some(12)),
            ("0 9 1 * 1", Some(12 + 53 - 3)),
            ("0 9 29 2 *", Some(1)),
            ("0 9 31 FEB *", Some(0)),
            ("50/5 0 1 1 *", Some(2)),
            ("0 x-y * * *", None),
            ("*/0 * * * *", None),
        ] {
            assert_eq!(runs_in_a_year(text), expected, "{text}");
        }
    }

    #[test]
    fn knows_the_shortest_time_between_two_runs() {
        for (text, expected) in [
            ("* * * * *", Some(1)),
            ("0 */6 * * *", Some(6 * 60)),
            ("0 9,10 * * *", Some(60)),
            ("0 9 * * 1-5", Some(24 * 60)),
            ("30 23,0 * * *", Some(60)),
            ("0 9 * * 1", Some(7 * 24 * 60)),
            ("0 9 31 2 *", None),
            ("0 9 29 2 *", None),
            ("0 9 1 1 *", Some(366 * 24 * 60)),
            ("0 9 1,31 1,12 *", Some(24 * 60)),
            ("59 23,0 31,1 1,12 *", Some(60)),
        ] {
            assert_eq!(shortest_gap(text), expected, "{text}");
        }
    }

    #[test]
    fn refuses_what_the_servers_refused() {
        let message = |text: &str| check(text).unwrap_err();
        assert_eq!(message(""), "it has 0 fields instead of 5");
        assert_eq!(message("@daily"), "it has 1 field instead of 5");
        assert_eq!(message("0 0 9 * * *"), "it has 6 fields instead of 5");
        assert_eq!(message("0 9 ? * 1"), "`?` is no day of month: only numbers, `*`, `,`, `-` and `/` are");
        assert_eq!(message("61 * * * *"), "the minute 61 is not between 0 and 59");
        assert_eq!(message("*/0 * * * *"), "the step `0` of the minute is not between 1 and 59");
        assert_eq!(message("0 17-9 * * *"), "the hour range `17-9` runs backwards");
    }
}

//! Schedules of monitors.

use serde_json::{Value, json};

use super::super::fault::Fault;
use super::super::line_differences::monitors as lines;
use super::super::reader::{Reader, Token};
use super::{cron, fields, zone};
use crate::api::line::Line;

/// The units of time that Java knows, and how it prints them.
const UNITS: [(&str, &str); 16] = [
    ("NANOS", "Nanos"),
    ("MICROS", "Micros"),
    ("MILLIS", "Millis"),
    ("SECONDS", "Seconds"),
    ("MINUTES", "Minutes"),
    ("HOURS", "Hours"),
    ("HALF_DAYS", "HalfDays"),
    ("DAYS", "Days"),
    ("WEEKS", "Weeks"),
    ("MONTHS", "Months"),
    ("YEARS", "Years"),
    ("DECADES", "Decades"),
    ("CENTURIES", "Centuries"),
    ("MILLENNIA", "Millennia"),
    ("ERAS", "Eras"),
    ("FOREVER", "Forever"),
];

/// What a schedule object held; each kind still lacks what it must have.
enum Given {
    Cron { expression: Option<String>, timezone: Option<String> },
    Period { interval: Option<i32>, unit: Option<(&'static str, &'static str)> },
}

/// Reads the schedule that begins here, and gives what is shown of it.
pub fn parse(reader: &mut Reader, line: Line) -> Result<Value, Fault> {
    let mut given = None;
    fields::object(reader, |reader, key| {
        if given.is_some() {
            return Err(Fault::illegal_argument("You can only specify one type of schedule."));
        }
        given = Some(match key {
            "cron" => parse_cron(reader)?,
            "period" => parse_period(reader)?,
            _ => {
                return Err(Fault::illegal_argument(format!("Invalid field: [{key}] found in schedule.")));
            }
        });
        Ok(())
    })?;
    match given {
        Some(Given::Cron { expression, timezone }) => {
            let expression = expression.ok_or_else(|| missing("Expression in cron"))?;
            let timezone = timezone.ok_or_else(|| missing("Timezone in cron"))?;
            cron::check(&expression, line)?;
            Ok(json!({"cron": {"expression": expression, "timezone": timezone}}))
        }
        Some(Given::Period { interval, unit }) => {
            let interval = interval.ok_or_else(|| missing("Interval in period"))?;
            let unit = unit.ok_or_else(|| missing("Unit in period"))?;
            check_period(interval, unit, line)?;
            Ok(json!({"period": {"interval": interval, "unit": unit.0}}))
        }
        None => Err(Fault::illegal_argument("Schedule is null.")),
    }
}

fn parse_cron(reader: &mut Reader) -> Result<Given, Fault> {
    let (mut expression, mut timezone) = (None, None);
    fields::rest(reader, |reader, key| {
        match key {
            "expression" => expression = reader.text_or_null()?,
            "timezone" => timezone = Some(zone::parse(&reader.text()?)?),
            _ => {}
        }
        Ok(())
    })?;
    Ok(Given::Cron { expression, timezone })
}

fn parse_period(reader: &mut Reader) -> Result<Given, Fault> {
    let (mut interval, mut unit) = (None, None);
    fields::rest(reader, |reader, key| {
        match key {
            "interval" => interval = Some(reader.int()?),
            "unit" => unit = Some(unit_named(&reader.text()?.to_uppercase())?),
            _ => debug_assert!(*reader.token() != Token::EndObject, "a key has a value"),
        }
        Ok(())
    })?;
    Ok(Given::Period { interval, unit })
}

fn unit_named(name: &str) -> Result<(&'static str, &'static str), Fault> {
    UNITS.into_iter().find(|(known, _)| *known == name).ok_or_else(|| {
        Fault::illegal_argument(format!("No enum constant java.time.temporal.ChronoUnit.{name}"))
    })
}

fn check_period(interval: i32, (name, printed): (&str, &str), line: Line) -> Result<(), Fault> {
    let known: Vec<&str> = lines::schedule_units(line).to_vec();
    if !known.contains(&name) {
        let expected: Vec<&str> =
            UNITS.iter().filter(|(name, _)| known.contains(name)).map(|(_, printed)| *printed).collect();
        return Err(Fault::illegal_argument(format!(
            "Timezone {printed} is not supported expected [{}]",
            expected.join(", ")
        )));
    }
    if interval <= 0 {
        return Err(Fault::illegal_argument("Interval is not allowed to be 0 or negative"));
    }
    Ok(())
}

fn missing(what: &str) -> Fault {
    Fault::illegal_argument(format!("{what} schedule is null."))
}

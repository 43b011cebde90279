//! Schedules on the wire: `{"period": {…}}` or `{"cron": {…}}`.

use serde_json::{Value, json};

use super::fields::{Fields, flaw, mismatch};
use super::flaw::Flaw;
use crate::model::schedule::{Schedule, Unit};

/// Reads a schedule as the server does.
pub fn decode(value: &Value, pointer: &str) -> Result<Schedule, Flaw> {
    let fields = Fields::of(value, pointer)?;
    match (fields.get("period"), fields.get("cron")) {
        (Some(period), None) => interval(&Fields::of(period, &fields.at("period"))?),
        (None, Some(cron)) => {
            let cron = Fields::of(cron, &fields.at("cron"))?;
            Ok(Schedule::Cron {
                expression: cron.need_text("expression")?,
                timezone: cron.need_text("timezone")?,
            })
        }
        (Some(_), Some(_)) => Err(flaw(pointer, "`period` and `cron` exclude each other")),
        (None, None) => Err(flaw(pointer, "expected `period` or `cron`")),
    }
}

/// Writes a schedule as the server takes it.
pub fn encode(schedule: &Schedule) -> Value {
    match schedule {
        Schedule::Interval { every, unit } => json!({"period": {"interval": every, "unit": unit.as_str()}}),
        Schedule::Cron { expression, timezone } => {
            json!({"cron": {"expression": expression, "timezone": timezone}})
        }
    }
}

fn interval(period: &Fields<'_>) -> Result<Schedule, Flaw> {
    let Some(every) = period.positive("interval")? else {
        return Err(flaw(&period.pointer, "`interval` is missing"));
    };
    let word = period.need("unit")?;
    let unit = word
        .as_str()
        .and_then(|word| Unit::ALL.into_iter().find(|unit| unit.as_str().eq_ignore_ascii_case(word)));
    match unit {
        Some(unit) => Ok(Schedule::Interval { every, unit }),
        None => Err(mismatch(&period.at("unit"), "`MINUTES`, `HOURS` or `DAYS`", word)),
    }
}

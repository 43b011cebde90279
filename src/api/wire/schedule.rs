//! Schedules on the wire: `{"period": {…}}` or `{"cron": {…}}`.

use serde_json::{Value, json};

use super::fields::{Fields, flaw, mismatch};
use super::flaw::{Defects, Flaw};
use crate::model::schedule::{Schedule, Unit};

/// Reads a schedule as the server does.
pub fn decode(value: &Value, pointer: &str, defects: &mut Defects) -> Result<Schedule, Flaw> {
    let fields = Fields::of(value, pointer)?;
    defects.drop_beside(&fields, &["period", "cron"]);
    match (fields.get("period"), fields.get("cron")) {
        (Some(period), None) => {
            let period = Fields::of(period, &fields.at("period"))?;
            defects.drop_beside(&period, &["interval", "unit"]);
            interval(&period)
        }
        (None, Some(cron)) => {
            let cron = Fields::of(cron, &fields.at("cron"))?;
            defects.drop_beside(&cron, &["expression", "timezone"]);
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
        Some(unit) => Ok(Schedule::every(every, unit)),
        None => Err(mismatch(&period.at("unit"), "`MINUTES`, `HOURS` or `DAYS`", word)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_minutes_in_seconds_are_minutes() {
        for (interval, unit, wanted) in [
            (120, "SECONDS", (2, Unit::Minutes)),
            (90, "seconds", (90, Unit::Seconds)),
            (60, "MINUTES", (60, Unit::Minutes)),
        ] {
            let decoded =
                decode(&json!({"period": {"interval": interval, "unit": unit}}), "", &mut Defects::default());
            assert_eq!(decoded, Ok(Schedule::Interval { every: wanted.0, unit: wanted.1 }));
        }
    }
}

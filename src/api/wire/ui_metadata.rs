//! What Dashboards keeps beside a monitor: it survives our writes, but what would mislead its forms is mended.
//!
//! Without `schedule` the forms of Dashboards before 2.19 show one minute, and save it; with a stale `search` of type
//! `graph` they show the old graph, and overwrite the query with it.

use serde_json::{Map, Value, json};

use super::mark::{KEY, Mark};
use crate::model::monitor::Monitor;
use crate::model::schedule::Schedule;

/// The `ui_metadata` for a monitor that is not in the cluster yet.
pub fn new(monitor: &Monitor, mark: &Mark) -> Value {
    let mut fields = Map::new();
    fields.insert("schedule".into(), schedule(&monitor.schedule));
    fields.insert("search".into(), json!({"searchType": "query"}));
    fields.insert("monitor_type".into(), monitor.monitor_type.as_str().into());
    fields.insert(KEY.into(), mark.write());
    Value::Object(fields)
}

/// The `ui_metadata` with which `before` becomes `after`: all that `live` holds, but for what changes with the monitor.
pub fn updated(live: Option<&Value>, before: &Monitor, after: &Monitor, mark: &Mark) -> Value {
    let Value::Object(mut fields) = new(after, mark) else {
        return Value::Null;
    };
    let kept = live.and_then(Value::as_object).into_iter().flatten();
    for (key, value) in kept {
        let stale = match key.as_str() {
            KEY => true,
            "schedule" => before.schedule != after.schedule,
            "search" => before.inputs != after.inputs,
            "monitor_type" => before.monitor_type != after.monitor_type,
            _ => false,
        };
        if !stale {
            fields.insert(key.clone(), value.clone());
        }
    }
    Value::Object(fields)
}

/// The schedule as the forms of Dashboards spell it.
fn schedule(schedule: &Schedule) -> Value {
    match schedule {
        Schedule::Interval { every, unit } => {
            json!({"frequency": "interval", "period": {"interval": every, "unit": unit.as_str()}})
        }
        Schedule::Cron { expression, timezone } => {
            json!({"frequency": "cronExpression", "cronExpression": expression, "timezone": timezone})
        }
    }
}

//! What Dashboards keeps beside a monitor: it survives our writes, but what would mislead its forms is mended.
//!
//! Without `schedule` the forms of Dashboards before 2.19 show one minute, and save it; with a stale `search` of type
//! `graph` they show the old graph, and overwrite the query with it; with a stale threshold in `triggers`, that
//! threshold.

use serde_json::{Map, Value, json};

use super::mark::{KEY, Mark};
use crate::model::json::Json;
use crate::model::monitor::Monitor;
use crate::model::schedule::Schedule;

/// The `ui_metadata` for a monitor that is not in the cluster yet.
pub fn new(monitor: &Monitor, mark: &Mark) -> Value {
    let mut fields = Map::new();
    fields.insert("schedule".into(), schedule(&monitor.schedule));
    let search = match monitor.monitor_type.as_str() {
        "cluster_metrics_monitor" => "clusterMetrics",
        _ => "query",
    };
    fields.insert("search".into(), json!({ "searchType": search }));
    fields.insert("monitor_type".into(), monitor.monitor_type.as_str().into());
    fields.insert(KEY.into(), mark.write());
    Value::Object(fields)
}

/// The `ui_metadata` with which `before` becomes `after`: all that `live` holds, but for what changes with the monitor.
/// `renamed` is `before` by the names that its triggers have in `after`.
pub fn updated(
    live: Option<&Value>,
    (before, renamed): (&Monitor, &Monitor),
    after: &Monitor,
    mark: &Mark,
) -> Value {
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
        match (key.as_str(), value) {
            _ if stale => {}
            ("triggers", Value::Object(triggers)) => {
                let names = before.triggers.iter().zip(&renamed.triggers);
                let kept = names.filter(|(_, now)| {
                    condition(renamed, now.name.as_str()) == condition(after, now.name.as_str())
                });
                let kept = kept.filter_map(|(was, now)| {
                    Some((now.name.as_str().to_owned(), triggers.get(was.name.as_str())?.clone()))
                });
                fields.insert(key.clone(), Value::Object(kept.collect()));
            }
            _ => {
                fields.insert(key.clone(), value.clone());
            }
        }
    }
    Value::Object(fields)
}

/// All that the forms say of a trigger in their own words.
fn condition<'a>(monitor: &'a Monitor, trigger: &str) -> Option<&'a Json> {
    monitor.triggers.iter().find(|other| other.name.as_str() == trigger).map(|trigger| &trigger.body)
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::wire::monitor::decode;
    use crate::model::resource::Kind;

    fn monitor(condition: &str) -> Monitor {
        let trigger = |name: &str, source: &str| json!({"name": name, "severity": "1", "condition": {"script": {"source": source}}});
        let triggers = [trigger("changed", condition), trigger("kept", "true")];
        let schedule = json!({"period": {"interval": 1, "unit": "MINUTES"}});
        decode(Kind::Monitor, &json!({"name": "m", "schedule": schedule, "triggers": triggers}))
            .unwrap()
            .monitor
    }

    #[test]
    fn the_forms_forget_a_condition_that_changed() {
        let live = json!({"triggers": {"changed": {"value": 1}, "kept": {"value": 2}}, "note": "theirs"});
        let mark = Mark {
            project: "p".into(),
            version: 1,
            id: None,
            sent: 0,
            inputs: String::new(),
            fields: String::new(),
            destinations: Vec::new(),
            protected: false,
            secrets: 0,
        };
        let before = monitor("a > 1");
        let after = updated(Some(&live), (&before, &before), &monitor("a > 2"), &mark);
        assert_eq!(after["triggers"], json!({"kept": {"value": 2}}));
        assert_eq!(after["note"], "theirs");
    }
}

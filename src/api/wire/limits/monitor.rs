//! What a line cannot do of a monitor or a workflow.

use serde_json::Value;

use super::{Limit, refused};
use crate::api::line::Line;
use crate::api::wire::cluster_apis;
use crate::model::monitor::{Action, Input, Monitor};
use crate::model::part::Part;
use crate::model::resource::Kind;
use crate::model::schedule::{Schedule, Unit};

/// All that `line` cannot do of it.
pub fn check(monitor: &Monitor, line: Line) -> Vec<Limit> {
    let mut limits = Vec::new();
    if monitor.kind() == Kind::Workflow {
        return check_workflow(monitor, line);
    }
    if line == Line::Odfe && !monitor.monitor_type.is_query_level() {
        let what = format!("has no monitors of type `{}`", monitor.monitor_type.as_str());
        limits.push(refused(line, &what, "only query-level monitors can be applied here"));
    }
    if line == Line::Odfe {
        for (trigger, index, _) in
            actions(monitor).filter(|(.., action)| action.other.contains_key("action_execution_policy"))
        {
            let hint = "leave it out: query-level monitors have one alert";
            let limit = refused(line, "refuses `action_execution_policy`", hint);
            limits.push(limit.of(Part::action(trigger, index)));
        }
    }
    if let Some(Input::Search { body, .. }) = monitor.inputs.first()
        && body.as_str().contains(JSON_TYPE)
        && is_broken(&body.value())
    {
        let limit =
            refused(line, "may hang for ever on a script of this content type", "leave `options` out");
        limits.push(limit.of(Part::Input));
    }
    if let Some(Input::Other(input)) = monitor.inputs.first() {
        let of_input = check_input(&input.value(), line).into_iter();
        limits.extend(of_input.map(|limit| limit.of(Part::Input)));
    }
    for key in monitor.other.keys() {
        if let Some(limit) = further(key, line) {
            limits.push(limit);
        }
    }
    if line == Line::V2_19 && monitor.monitor_type.as_str() == "ppl_monitor" {
        limits.push(refused(line, "has no monitors of type `ppl_monitor`", "they came with 3.7"));
    }
    if line == Line::V1_3 && !TYPES_OF_1_3.contains(&monitor.monitor_type.as_str()) {
        let what = format!("has no monitors of type `{}`", monitor.monitor_type.as_str());
        let hint = "query-level, bucket-level and cluster-metrics monitors can be applied here";
        limits.push(refused(line, &what, hint));
    }
    if line < Line::V3 && monitor.triggers.len() > MOST_TRIGGERS {
        let what = format!("takes up to {MOST_TRIGGERS} triggers in a monitor");
        let limit = refused(line, &what, "split the monitor in two");
        limits.push(limit.of(Part::trigger(MOST_TRIGGERS)));
    }
    if line < Line::V3 && matches!(monitor.schedule, Schedule::Interval { unit: Unit::Seconds, .. }) {
        let limit = refused(line, "takes no seconds in a schedule", "use minutes: `1m` is the least");
        limits.push(limit.of(Part::Schedule));
    }
    limits
}

fn check_workflow(workflow: &Monitor, line: Line) -> Vec<Limit> {
    if line < Line::V2_19 {
        return vec![refused(
            line,
            "has no workflows",
            "they came with 2.9; give the monitors triggers of their own",
        )];
    }
    let delegates = workflow.inputs.iter().map(|input| input.delegates().len()).sum::<usize>();
    if delegates > MOST_DELEGATES {
        let what = format!("finds no more than {MOST_DELEGATES} monitors of a workflow");
        return vec![refused(line, &what, "split the workflow in two").of(Part::Input)];
    }
    Vec::new()
}

/// What a line cannot ask of a cluster.
fn check_input(input: &Value, line: Line) -> Vec<Limit> {
    let mut limits = Vec::new();
    let Some(uri) = input.get("uri") else { return limits };
    let clusters = uri.get("clusters").and_then(Value::as_array);
    if line == Line::V1_3 && clusters.is_some_and(|clusters| !clusters.is_empty()) {
        limits.push(refused(line, "asks no other clusters", "leave `clusters` out: only this one is asked"));
    }
    let path = uri.get("path").and_then(Value::as_str).unwrap_or_default();
    if let Some((api, _)) = cluster_apis::asked(path.trim_start_matches('/'))
        && !api.lines().contains(&line)
    {
        limits.push(refused(line, &format!("lets no monitor ask `{}`", api.path), "it came after 1.3"));
    }
    limits
}

/// What a line makes of a further field whose value is not its default.
fn further(key: &str, line: Line) -> Option<Limit> {
    let (what, hint) = match key {
        // refused by 2.x, and hidden from every search by 3.x, so that each apply would make the monitor again
        "owner" => ("takes no `owner` but `alerting`".to_owned(), "leave it out"),
        "target" if line < Line::V3 => (format!("has no `{key}`"), "leave it out"),
        _ if line < Line::V2_19 => (format!("has no `{key}`"), "leave it out"),
        _ => return None,
    };
    Some(refused(line, &what, hint))
}

/// The type of a script whose source is a mapping, as servers write it.
const JSON_TYPE: &str = "application/json; charset=UTF-8";

/// Whether a text is said to be JSON somewhere: 2.19 fails to show it, never answers, and then answers no other write.
fn is_broken(value: &Value) -> bool {
    match value {
        Value::Object(fields) => {
            let is_json = value.pointer("/options/content_type").is_some_and(|word| word == JSON_TYPE);
            (is_json && value["source"].is_string()) || fields.values().any(is_broken)
        }
        Value::Array(items) => items.iter().any(is_broken),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => false,
    }
}

/// The most triggers until 3.5; from 3.6 on it is a setting of the cluster.
const MOST_TRIGGERS: usize = 10;

/// Servers say that they allow 25, and look for ten: an eleventh is refused as no valid id.
const MOST_DELEGATES: usize = 10;

/// What 1.3 knows by name; later lines store any type, and fail when it runs.
const TYPES_OF_1_3: [&str; 3] = ["query_level_monitor", "bucket_level_monitor", "cluster_metrics_monitor"];

/// All actions, with the index of the trigger and their own.
fn actions(monitor: &Monitor) -> impl Iterator<Item = (usize, usize, &Action)> {
    let triggers = monitor.triggers.iter().enumerate();
    triggers
        .flat_map(|(i, trigger)| trigger.actions.iter().enumerate().map(move |(j, action)| (i, j, action)))
}

//! Triggers' actions: whom they tell, what, and how often.

use alertform::api::line::Line;
use proptest::prelude::*;
use serde_json::{Value, json};

use super::names::name;
use super::{draft, name_of};
use crate::laws::texts::text;

/// What every trigger has, whatever it looks at: name, severity and actions.
pub fn trigger(line: Line) -> impl Strategy<Value = Value> {
    let actions = prop_oneof![
        1 => Just(None),
        3 => prop::collection::vec(action(line), 0..4).prop_map(Some),
    ];
    (name(), prop::option::of(1..=5_u8), actions).prop_map(|(name, severity, actions)| {
        let mut trigger = json!({ "name": name });
        if let Some(severity) = severity {
            trigger["severity"] = severity.into();
        }
        if let Some(actions) = actions {
            trigger["actions"] = actions.into();
        }
        trigger
    })
}

/// An action; its destination is a number, for which [`link`] puts a name.
fn action(line: Line) -> impl Strategy<Value = Value> {
    let throttle = prop::option::of("([1-9][0-9]{0,2}m|[1-9]h|1d)");
    let categories = prop::collection::vec(prop::sample::select(vec!["NEW", "DEDUPED", "COMPLETED"]), 0..5);
    let scope = prop_oneof![
        2 => Just(None),
        1 => Just(Some(json!("per_execution"))),
        1 => categories.prop_map(|categories| Some(json!({ "per_alert": categories }))),
    ];
    let scope = if line.wraps_triggers() { scope.boxed() } else { Just(None).boxed() };
    let destination = prop_oneof![9 => any::<u16>().prop_map(Value::from), 1 => Just(json!({"id": "gone"}))];
    (name(), destination, prop::option::of(text()), text(), throttle, scope).prop_map(
        |(name, destination, subject, message, throttle, scope)| {
            let mut action = json!({"name": name, "destination": destination, "message": message});
            let is_throttled = scope != Some(json!("per_execution"));
            let parts = [
                ("subject", json!(subject)),
                ("throttle", if is_throttled { json!(throttle) } else { Value::Null }),
                ("action_execution_scope", json!(scope)),
            ];
            for (key, value) in parts.into_iter().filter(|(_, value)| !value.is_null()) {
                action[key] = value;
            }
            action
        },
    )
}

/// A monitor that tells all destinations.
pub fn roll_call(destinations: &[Value]) -> Value {
    let actions = destinations.iter().enumerate().map(|(number, destination)| {
        json!({"name": number.to_string(), "destination": name_of(destination), "message": "here"})
    });
    let trigger = json!({"name": "all", "condition": "true", "actions": actions.collect::<Vec<_>>()});
    let rest = json!({
        "schedule": {"every": "1d"}, "index": "logs", "query": "*", "window": "none", "triggers": [trigger],
    });
    draft("monitor", "roll call".into(), rest)
}

/// Puts the names of destinations for numbers.
pub fn link(document: &mut Value, destinations: &[Value]) {
    for trigger in triggers_of(document) {
        for action in trigger.get_mut("actions").and_then(Value::as_array_mut).into_iter().flatten() {
            if let Some(number) = action["destination"].as_u64() {
                let number = usize::try_from(number).unwrap() % destinations.len();
                action["destination"] = name_of(&destinations[number]).into();
            }
        }
    }
}

/// The triggers of a monitor or a workflow, out of their wrappers.
fn triggers_of(document: &mut Value) -> impl Iterator<Item = &mut Value> {
    let outer = if document.get("definition").is_some() { &mut document["definition"] } else { document };
    let triggers = outer.get_mut("triggers").and_then(Value::as_array_mut).into_iter().flatten();
    triggers.map(|trigger| {
        let is_wrapped = trigger.get("query_level_trigger").is_some();
        if is_wrapped { &mut trigger["query_level_trigger"] } else { trigger }
    })
}

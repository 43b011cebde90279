//! Ids of the queries of document-level monitors: findings name them, and conditions may. A file need not state them;
//! then the server makes them, and they are carried over by name.

use serde_json::Value;

use crate::model::json::Json;
use crate::model::monitor::{Input, Monitor};

const INPUT: &str = "doc_level_input";

/// Name and id of each query, in order.
pub fn ids(monitor: &Monitor) -> Vec<(Box<str>, Box<str>)> {
    let bodies = monitor.inputs.iter().filter_map(body);
    bodies
        .flat_map(|body| {
            let named = queries(&body).map(|query| (text(query, "name").into(), text(query, "id").into()));
            named.collect::<Vec<_>>()
        })
        .collect()
}

/// Takes the ids out of `before` that `after` does not state for queries of the same names.
pub fn forget_unstated(before: &mut Monitor, after: &Monitor) {
    let stated = ids(after);
    forget(before, |name| stated.iter().any(|(other, id)| &**other == name && id.is_empty()));
}

/// Takes all ids out, unless a condition may name one.
pub fn forget_unnamed(monitor: &mut Monitor) {
    if !monitor.triggers.iter().any(|trigger| trigger.body.as_str().contains("id=")) {
        forget(monitor, |_| true);
    }
}

/// Gives each query of an input without an id the one that its name has among `ids`.
pub fn identify(input: &mut Value, ids: &[(Box<str>, Box<str>)]) {
    let listed = input.pointer_mut("/doc_level_input/queries").and_then(Value::as_array_mut);
    for query in listed.into_iter().flatten() {
        let id = ids.iter().find(|(name, _)| **name == *text(query, "name")).map(|(_, id)| id.to_string());
        if let (Some(id), Value::Object(fields)) = (id.filter(|id| !id.is_empty()), query)
            && !fields.contains_key("id")
        {
            fields.insert("id".to_owned(), id.into());
        }
    }
}

fn forget(monitor: &mut Monitor, is_meant: impl Fn(&str) -> bool) {
    for input in &mut monitor.inputs {
        let Some(mut value) = body(input) else { continue };
        let listed = value.pointer_mut("/doc_level_input/queries").and_then(Value::as_array_mut);
        for query in listed.into_iter().flatten() {
            if is_meant(text(query, "name"))
                && let Value::Object(fields) = query
            {
                fields.shift_remove("id");
            }
        }
        *input = Input::Other(Json::sorted(value));
    }
}

/// A document-level input; `None` for any other.
fn body(input: &Input) -> Option<Value> {
    match input {
        Input::Other(input) if input.as_str().contains(INPUT) => Some(input.value()),
        Input::Other(_) | Input::Search { .. } => None,
    }
}

fn queries(body: &Value) -> impl Iterator<Item = &Value> {
    body.pointer("/doc_level_input/queries").and_then(Value::as_array).into_iter().flatten()
}

fn text<'a>(query: &'a Value, key: &str) -> &'a str {
    query.get(key).and_then(Value::as_str).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::api::wire::monitor::decode;

    fn monitor(queries: &Value) -> Monitor {
        let schedule = json!({"period": {"interval": 1, "unit": "MINUTES"}});
        let inputs = json!([{"doc_level_input": {"indices": ["a"], "queries": queries}}]);
        decode(&json!({"name": "m", "schedule": schedule, "inputs": inputs})).unwrap().monitor
    }

    #[test]
    fn ids_that_a_file_does_not_state_are_no_difference_and_are_carried_over() {
        let mut live =
            monitor(&json!([{"name": "a", "id": "1"}, {"name": "b", "id": "2"}, {"name": "c", "id": "3"}]));
        let ids = ids(&live);
        let declared = monitor(&json!([{"name": "b"}, {"name": "a", "id": "other"}]));
        forget_unstated(&mut live, &declared);
        assert_eq!(
            live,
            monitor(&json!([{"name": "a", "id": "1"}, {"name": "b"}, {"name": "c", "id": "3"}]))
        );
        let Input::Other(input) = &declared.inputs[0] else { panic!("a search") };
        let mut sent = input.value();
        identify(&mut sent, &ids);
        let queries = json!([{"name": "b", "id": "2"}, {"name": "a", "id": "other"}]);
        assert_eq!(sent["doc_level_input"]["queries"], queries);
    }
}

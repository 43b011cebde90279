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

/// The indices of a document-level monitor, and its queries in order, each by its name with all else but its id; `None` for
/// any other monitor.
pub fn named(inputs: &[Input]) -> Option<(Value, Vec<(String, Value)>)> {
    let [input] = inputs else { return None };
    let body = body(input)?;
    let named = queries(&body).cloned().map(|mut query| {
        let name = text(&query, "name").to_owned();
        if let Value::Object(fields) = &mut query {
            fields.retain(|key, _| key != "id" && key != "name");
        }
        (name, query)
    });
    let named = named.collect();
    Some((body.pointer("/doc_level_input/indices").cloned().unwrap_or_default(), named))
}

/// Takes the ids out of `before` that `after` does not state for queries of the same names: of several with one name the
/// first stands for the first.
pub fn forget_unstated(before: &mut Monitor, after: &Monitor) {
    let mut stated = ids(after);
    forget(before, |name| {
        let first = stated.iter().position(|(other, _)| &**other == name);
        first.is_some_and(|index| stated.remove(index).1.is_empty())
    });
}

/// Takes the ids out of `before` when `after` states none: what is left of them is that of a query which was renamed or
/// is gone, and no person wrote it.
pub fn forget_where_none_is_stated(before: &mut Monitor, after: &Monitor) {
    let (had, stated) = (ids(before), ids(after));
    if !had.is_empty() && stated.iter().all(|(_, id)| id.is_empty()) {
        forget(before, |_| true);
    }
}

/// Takes all ids out, unless a condition may name one, or only they tell two queries from each other.
pub fn forget_unnamed(monitor: &mut Monitor) {
    let ids = ids(monitor);
    let mut names: Vec<&str> = ids.iter().map(|(name, _)| &**name).collect();
    names.sort_unstable();
    let is_doubled = names.windows(2).any(|pair| pair[0] == pair[1]);
    if !is_doubled && !monitor.triggers.iter().any(|trigger| trigger.body.as_str().contains("id=")) {
        forget(monitor, |_| true);
    }
}

/// Gives each query of an input without an id the first one that its name has among `ids` and no other query has.
pub fn identify(input: &mut Value, ids: &[(Box<str>, Box<str>)]) {
    let stated: Vec<String> = queries(input).map(|query| text(query, "id").to_owned()).collect();
    let mut left: Vec<_> =
        ids.iter().filter(|(_, id)| !stated.iter().any(|stated| **stated == **id)).collect();
    let listed = input.pointer_mut("/doc_level_input/queries").and_then(Value::as_array_mut);
    for query in listed.into_iter().flatten() {
        if !text(query, "id").is_empty() {
            continue;
        }
        let first = left.iter().position(|(name, id)| **name == *text(query, "name") && !id.is_empty());
        if let (Some(index), Value::Object(fields)) = (first, query) {
            fields.insert("id".to_owned(), left.remove(index).1.to_string().into());
        }
    }
}

fn forget(monitor: &mut Monitor, mut is_meant: impl FnMut(&str) -> bool) {
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
        Input::Other(_) | Input::Search { .. } | Input::Composite(_) => None,
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
    use crate::model::resource::Kind;

    fn monitor(queries: &Value) -> Monitor {
        let mut queries = queries.clone();
        for query in queries.as_array_mut().unwrap() {
            query["query"] = "level:ERROR".into();
        }
        let schedule = json!({"period": {"interval": 1, "unit": "MINUTES"}});
        let inputs = json!([{"doc_level_input": {"indices": ["a"], "queries": queries}}]);
        decode(Kind::Monitor, &json!({"name": "m", "schedule": schedule, "inputs": inputs})).unwrap().monitor
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
        let said = |query: &Value| (query["name"].clone(), query["id"].clone());
        let queries: Vec<_> = super::queries(&sent).map(said).collect();
        assert_eq!(queries, [(json!("b"), json!("2")), (json!("a"), json!("other"))]);
    }

    #[test]
    fn queries_of_one_name_keep_an_id_each() {
        let live = json!([{"name": "a", "id": "1"}, {"name": "a", "id": "2"}]);
        let mut before = monitor(&live);
        let ids = ids(&before);
        let declared = monitor(&json!([{"name": "a"}, {"name": "a"}]));
        forget_unstated(&mut before, &declared);
        assert_eq!(before, declared);
        let mut sent = json!({"doc_level_input": {"queries": [{"name": "a"}, {"name": "a"}]}});
        identify(&mut sent, &ids);
        assert_eq!(sent["doc_level_input"]["queries"], live);
        let mut exported = monitor(&live);
        forget_unnamed(&mut exported);
        assert_eq!(exported, monitor(&live));
    }
}

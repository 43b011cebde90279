//! Two search bodies in spellings of like shape: `{a: x}` beside `{a: {query: x, operator: and}}` would show three
//! lines of which but one changed.

use std::mem;

use serde_json::{Map, Value};

use crate::api::line::Line;
use crate::api::wire::canonical;
use crate::model::json::Json;
use crate::model::monitor::{Input, Monitor};

/// The keys whose value may stand for the whole, where the whole has nothing else to say.
const SHORT: [&str; 6] = ["value", "query", "wildcard", "source", "field", "order"];

/// Spells out in the search of either monitor what stands alone there, and not in the other's; but only if it means the
/// same to a server of `line`: what no table knows may mean another thing when it stands alone.
pub fn spell_out_alike(before: &mut Monitor, after: &mut Monitor, line: Line) {
    for (before, after) in before.inputs.iter_mut().zip(&mut after.inputs) {
        if let (Input::Search { body: before, .. }, Input::Search { body: after, .. }) = (before, after) {
            let (mut one, mut other) = (before.value(), after.value());
            align_values(&mut one, &mut other);
            let is_same = |body: &Json, spelled: &Value| canonical::body(spelled, line) == *body;
            if is_same(before, &one) && is_same(after, &other) {
                (*before, *after) = (Json::of(&one), Json::of(&other));
            }
        }
    }
}

fn align_values(one: &mut Value, other: &mut Value) {
    match (&mut *one, &mut *other) {
        (Value::Array(ones), Value::Array(others)) => {
            if ones.len() == others.len() {
                ones.iter_mut().zip(others).for_each(|(one, other)| align_values(one, other));
            }
            return;
        }
        (Value::Object(ones), Value::Object(others)) => {
            for (key, one) in ones {
                if let Some(other) = others.get_mut(key) {
                    align_values(one, other);
                    if key == "sort" {
                        align_sorts(one, other);
                    }
                }
            }
            return;
        }
        _ => {}
    }
    if spell_out(one, other) || spell_out(other, one) {
        align_values(one, other);
    }
}

/// Spells out the fields of a sort, if one of either is not in the usual order.
fn align_sorts(one: &mut Value, other: &mut Value) {
    let (Value::Array(ones), Value::Array(others)) = (one, other) else { return };
    if ones.iter().chain(&*others).any(Value::is_object) {
        for sort in ones.iter_mut().chain(others) {
            if let Value::String(field) = sort {
                let order = if field == "_score" { "desc" } else { "asc" };
                *sort = Value::Object(Map::from_iter([(mem::take(field), order.into())]));
            }
        }
    }
}

/// Gives `short` the shape that `long` has; whether there was anything to do.
fn spell_out(short: &mut Value, long: &Value) -> bool {
    match long {
        Value::Array(_) if !short.is_array() && !short.is_null() => {
            *short = Value::Array(vec![mem::take(short)]);
            true
        }
        Value::Object(long) if !short.is_object() && !short.is_array() && !short.is_null() => {
            let is_same = |key: &&str| long.get(*key) == Some(short);
            let key = SHORT.into_iter().find(is_same);
            let Some(key) = key.or_else(|| SHORT.into_iter().find(|key| long.contains_key(*key))) else {
                return false;
            };
            *short = Value::Object(Map::from_iter([(key.to_owned(), mem::take(short))]));
            true
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_stands_alone_is_spelled_out_where_the_other_is() {
        for (one, other, spelled) in [
            (json!("x"), json!({"query": "x", "operator": "and"}), json!({"query": "x"})),
            (json!("y"), json!({"value": "x", "boost": 2}), json!({"value": "y"})),
            (json!({"a": "asc"}), json!([{"a": "asc"}, {"b": "desc"}]), json!([{"a": "asc"}])),
            (json!("a"), json!(["a", "b"]), json!(["a"])),
            (json!({"f": [1, "x"]}), json!({"f": [1, {"value": "x"}]}), json!({"f": [1, {"value": "x"}]})),
            (json!("a"), json!([{"order": "asc"}]), json!([{"order": "a"}])),
            (json!(5), json!({"gte": 5}), json!(5)),
            (
                json!({"sort": "a"}),
                json!({"sort": [{"a": "asc"}, {"b": "desc"}]}),
                json!({"sort": [{"a": "asc"}]}),
            ),
        ] {
            let (mut before, mut after) = (one.clone(), other.clone());
            align_values(&mut before, &mut after);
            assert_eq!((&before, &after), (&spelled, &other));
            let (mut before, mut after) = (other.clone(), one);
            align_values(&mut before, &mut after);
            assert_eq!((&before, &after), (&other, &spelled));
        }
    }
}

//! Bodies that differ from a recorded one in one place.

use serde_json::{Map, Value, json};

/// Mutations that mean something else, if the server takes them at all: another leaf, another key, a key less,
/// a clause elsewhere, an item less.
pub fn meaningful(body: &Value) -> Vec<Value> {
    let mut all = Vec::new();
    each_place(
        body,
        &mut |value| {
            let mut others = leaves(value);
            others.extend(maps(value));
            others.extend(lists(value));
            others
        },
        &mut all,
    );
    all.retain(|mutated| mutated != body);
    all
}

/// Mutations of any kind, most of which no server would take.
pub fn wild(body: &Value) -> Vec<Value> {
    let mut all = meaningful(body);
    each_place(
        body,
        &mut |value| {
            let mut others = vec![
                Value::Null,
                json!([]),
                json!({}),
                json!(true),
                json!("{{period_end}}"),
                json!("2"),
                json!(5.5),
                json!([value]),
                json!({"x": value}),
                json!({"boost": 1.0}),
                json!([1, {"value": 1.0}]),
            ];
            if let Value::Object(map) = value {
                for extra in ["boost", "_name", "unheard_of", "aggs", "value", "field"] {
                    let mut more = map.clone();
                    more.insert(extra.to_owned(), json!({"a": 1}));
                    others.push(Value::Object(more));
                }
            }
            others
        },
        &mut all,
    );
    all
}

/// Puts each other value into each place.
fn each_place(value: &Value, others: &mut dyn FnMut(&Value) -> Vec<Value>, out: &mut Vec<Value>) {
    out.extend(others(value));
    match value {
        Value::Object(map) => {
            for (key, inner) in map {
                let mut found = Vec::new();
                each_place(inner, others, &mut found);
                out.extend(found.into_iter().map(|inner| {
                    let mut map = map.clone();
                    map.insert(key.clone(), inner);
                    Value::Object(map)
                }));
            }
        }
        Value::Array(items) => {
            for (place, inner) in items.iter().enumerate() {
                let mut found = Vec::new();
                each_place(inner, others, &mut found);
                out.extend(found.into_iter().map(|inner| {
                    let mut items = items.clone();
                    items[place] = inner;
                    Value::Array(items)
                }));
            }
        }
        _ => {}
    }
}

fn leaves(value: &Value) -> Vec<Value> {
    match value {
        Value::Bool(flag) => vec![json!(!flag)],
        Value::String(text) => vec![json!(format!("{text}x")), json!("other")],
        Value::Number(number) => {
            let value = number.as_f64().unwrap_or_default();
            vec![json!(value + 1.0), json!(7), json!(value * 2.0 + 0.5), json!("18446744073709551617")]
        }
        _ => Vec::new(),
    }
}

fn maps(value: &Value) -> Vec<Value> {
    let Value::Object(map) = value else {
        return Vec::new();
    };
    let mut others = Vec::new();
    for key in map.keys() {
        let mut less = map.clone();
        less.shift_remove(key);
        others.push(Value::Object(less));
        others.push(Value::Object(renamed(map, key, &format!("{key}_x"))));
    }
    for (from, to) in
        [("filter", "must_not"), ("filter", "must"), ("must", "should"), ("gte", "gt"), ("lte", "lt")]
    {
        if map.contains_key(from) && !map.contains_key(to) {
            others.push(Value::Object(renamed(map, from, to)));
        }
    }
    others
}

fn lists(value: &Value) -> Vec<Value> {
    let Value::Array(items) = value else {
        return Vec::new();
    };
    (0..items.len())
        .map(|place| {
            let mut less = items.clone();
            less.remove(place);
            Value::Array(less)
        })
        .collect()
}

fn renamed(map: &Map<String, Value>, from: &str, to: &str) -> Map<String, Value> {
    map.iter()
        .map(|(key, value)| (if key == from { to.to_owned() } else { key.clone() }, value.clone()))
        .collect()
}

//! Sorts: a list of fields, each with its direction; `_score`, `_script` and `_geo_distance` are not fields.

use serde_json::Value;

use super::backward;
use super::common::{DIRECTION, IGNORE_UNMAPPED};
use super::forward;
use super::point;
use super::refusal::Fault;
use super::schema::{At, Field, Kind, Lit, Mode, Object, Outcome, Own, Rest, Spec, field};
use super::script::SCRIPT;

/// The sort of a search, of inner hits, of a bucket sort.
pub const SORT: Kind = Kind::Own(&Own { expand, shorten });

/// The same where servers take no bare word, as in inner hits.
pub const LISTED_SORT: Kind = Kind::Own(&Own { expand, shorten: shorten_listed });

const ORDER: Field = field("order", DIRECTION).or(Lit::Text("asc"));
const MODE: Field = field("mode", Kind::Lower(&["min", "max", "avg", "sum", "median"]));
const NESTED: Field = field("nested", Kind::Object(&NESTED_SORT));

static FIELD: Spec = Spec::declared(
    "field_sort",
    &[&[
        ORDER,
        field("missing", Kind::Scalar),
        field("unmapped_type", Kind::Text),
        MODE,
        field("nested_filter", Kind::Query).until(crate::api::line::Line::V1_3),
        field("nested_path", Kind::Text).until(crate::api::line::Line::V1_3),
        NESTED,
        field("numeric_type", Kind::Text),
    ]],
);

static SCORE: Spec = Spec::declared("_score", &[&[field("order", DIRECTION).or(Lit::Text("desc"))]]);

static BY_SCRIPT: Spec = Spec::declared(
    "_script",
    &[&[field("script", SCRIPT), field("type", Kind::Lower(&["number", "string"])), ORDER, MODE, NESTED]],
);

static BY_DISTANCE: Spec = Spec::hand(
    "_geo_distance",
    &[&[
        field("unit", point::UNIT).or(Lit::Text("m")),
        field("distance_type", point::DISTANCE_TYPE).or(Lit::Text("arc")),
        ORDER,
        MODE,
        NESTED,
        point::VALIDATION,
        IGNORE_UNMAPPED,
    ]],
)
.rest(Rest::Field(point::OBJECTS));

static NESTED_SORT: Spec = Spec::hand(
    "nested",
    &[&[
        field("path", Kind::Text),
        field("filter", Kind::Query),
        field("max_children", Kind::Int).unless(Lit::Int(2_147_483_647)),
        field("nested", Kind::Object(&NESTED_SORT)),
    ]],
);

/// Spells each sort out; an object of several keys is as many sorts, in its order.
fn expand(value: &Value, at: At) -> Outcome {
    let mut sorts = Vec::new();
    match value {
        Value::Array(items) => {
            for item in items {
                match expand_item(item, at, &mut sorts) {
                    Err(_) if at.mode == Mode::Lenient => sorts.push(item.clone()),
                    outcome => outcome?,
                }
            }
        }
        Value::Number(_) | Value::Bool(_) => {
            expand_item(&Value::String(forward::text(value)?), at, &mut sorts)?;
        }
        other => expand_item(other, at, &mut sorts)?,
    }
    Ok(Value::Array(sorts))
}

fn expand_item(item: &Value, at: At, sorts: &mut Vec<Value>) -> Result<(), Fault> {
    match item {
        Value::String(name) => {
            sorts.push(one(name, Value::Object(forward::object(spec(name), &Object::new(), at)?)));
        }
        Value::Object(given) => {
            for (name, options) in given {
                let name = if name == "_geoDistance" { "_geo_distance" } else { name };
                sorts.push(one(name, expand_options(name, options, at)?));
            }
        }
        other => return Err(Fault::shape(other)),
    }
    Ok(())
}

fn expand_options(name: &str, options: &Value, at: At) -> Outcome {
    match options {
        Value::Object(given) => forward::object(spec(name), given, at).map(Value::Object),
        Value::String(_) => {
            let mut given = Object::with_capacity(1);
            given.insert("order".to_owned(), options.clone());
            forward::object(spec(name), &given, at).map(Value::Object)
        }
        other if at.mode == Mode::Lenient => Ok(other.clone()),
        other => Err(Fault::shape(other)),
    }
}

fn shorten(value: &Value) -> Value {
    let Value::Array(sorts) = value else {
        return value.clone();
    };
    match sorts.as_slice() {
        [one] if one.as_object().is_some_and(|sort| sort.len() == 1) => shorten_item(one),
        sorts => sorts.iter().map(shorten_item).collect(),
    }
}

fn shorten_listed(value: &Value) -> Value {
    match shorten(value) {
        word @ Value::String(_) => Value::Array(vec![word]),
        other => other,
    }
}

fn shorten_item(item: &Value) -> Value {
    let Value::Object(sort) = item else {
        return item.clone();
    };
    let mut entries = sort.iter();
    let (Some((name, Value::Object(options))), None) = (entries.next(), entries.next()) else {
        return item.clone();
    };
    let options = backward::object(spec(name), options);
    match options.get("order") {
        None if options.is_empty() => Value::String(name.clone()),
        Some(order @ Value::String(_)) if options.len() == 1 => one(name, order.clone()),
        _ => one(name, Value::Object(options)),
    }
}

fn spec(name: &str) -> &'static Spec {
    match name {
        "_score" => &SCORE,
        "_script" => &BY_SCRIPT,
        "_geo_distance" => &BY_DISTANCE,
        _ => &FIELD,
    }
}

fn one(name: &str, options: Value) -> Value {
    let mut sort = Object::with_capacity(1);
    sort.insert(name.to_owned(), options);
    Value::Object(sort)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::api::line::Line;
    use crate::api::wire::dsl;

    #[test]
    fn inner_hits_take_no_bare_word() {
        let sort = |sort: Value| json!({"sort": sort, "collapse": {"field": "k", "inner_hits": {"name": "x", "sort": sort}}});
        for spelled in [json!("took"), json!(["took"]), json!([{"took": {"order": "asc"}}])] {
            let canonical = dsl::canonical(&sort(spelled), Line::V2_19);
            assert_eq!(canonical["sort"], "took");
            assert_eq!(canonical["collapse"]["inner_hits"]["sort"], json!(["took"]));
        }
    }
}

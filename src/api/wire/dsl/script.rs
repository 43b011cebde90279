//! Scripts, wherever they stand.

use serde_json::Value;

use super::forward;
use super::schema::{At, Kind, Lit, Object, Outcome, Own, Rest, Spec, field};

/// A script: a text alone, or an object.
pub const SCRIPT: Kind = Kind::Own(&Own { expand, shorten });

static INLINE: Spec = Spec::declared(
    "script",
    &[&[
        field("source", Kind::Text).also(&["inline"]),
        field("lang", Kind::Text).or(Lit::Text("painless")),
        OPTIONS,
        PARAMS,
    ]],
);

static STORED: Spec = Spec::declared("script", &[&[field("id", Kind::Text), OPTIONS, PARAMS]]);

static OPTIONS_SPEC: Spec = Spec::declared("options", &[]).rest(Rest::Names(Kind::Text));

const OPTIONS: super::schema::Field = field("options", Kind::Object(&OPTIONS_SPEC)).unless(Lit::Json("{}"));

const PARAMS: super::schema::Field = field("params", Kind::Names(&Kind::Any)).unless(Lit::Json("{}"));

fn expand(value: &Value, at: At) -> Outcome {
    match value {
        Value::Object(given) => forward::object(spec(given), given, at).map(Value::Object),
        other => {
            let mut script = Object::with_capacity(2);
            script.insert("source".to_owned(), Value::String(forward::text(other)?));
            script.insert("lang".to_owned(), Lit::Text("painless").value());
            Ok(Value::Object(script))
        }
    }
}

fn shorten(value: &Value) -> Value {
    let Value::Object(given) = value else {
        return value.clone();
    };
    let script = super::backward::object(spec(given), given);
    match script.get("source") {
        Some(source @ Value::String(_)) if script.len() == 1 => source.clone(),
        _ => Value::Object(script),
    }
}

fn spec(given: &Object) -> &'static Spec {
    if given.contains_key("id") { &STORED } else { &INLINE }
}

//! Scripts, wherever they stand.

use serde_json::Value;

use super::forward;
use super::refusal::Fault;
use super::schema::{At, Kind, Lit, Object, Outcome, Own, Rest, Spec, field};

/// A script: a text alone, or an object.
pub const SCRIPT: Kind = Kind::Own(&Own { expand, shorten });

/// A script where the server takes no text alone.
pub const SCRIPT_OBJECT: Kind = Kind::Own(&Own { expand: expand_object, shorten: shorten_object });

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

fn expand_object(value: &Value, at: At) -> Outcome {
    match value {
        Value::Object(_) => expand(value, at),
        other => Err(Fault::shape(other)),
    }
}

fn shorten(value: &Value) -> Value {
    let script = shorten_object(value);
    match script.as_object().and_then(|fields| fields.get("source").filter(|_| fields.len() == 1)) {
        Some(source @ Value::String(_)) => source.clone(),
        _ => script,
    }
}

fn shorten_object(value: &Value) -> Value {
    match value {
        Value::Object(given) => Value::Object(super::backward::object(spec(given), given)),
        other => other.clone(),
    }
}

fn spec(given: &Object) -> &'static Spec {
    if given.contains_key("id") { &STORED } else { &INLINE }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::api::line::Line;
    use crate::api::wire::dsl::canonical;

    #[test]
    fn where_servers_take_no_text_alone_the_short_form_is_none() {
        let script = json!({"source": "1", "lang": "painless"});
        for (sent, short) in [
            (json!({"script": {"script": script}}), json!({"script": {"script": "1"}})),
            (
                json!({"script_score": {"query": {"match_all": {}}, "script": script}}),
                json!({"script_score": {"query": {"match_all": {}}, "script": {"source": "1"}}}),
            ),
            (
                json!({"terms_set": {"f": {"terms": ["a"], "minimum_should_match_script": script}}}),
                json!({"terms_set": {"f": {"terms": ["a"], "minimum_should_match_script": {"source": "1"}}}}),
            ),
            (
                json!({"intervals": {"f": {"match": {"query": "a", "filter": {"script": script}}}}}),
                json!({"intervals": {"f": {"match": {"query": "a", "filter": {"script": {"source": "1"}}}}}}),
            ),
            (
                json!({"more_like_this": {"fields": ["f"], "like": "a", "stop_words": ["b"]}}),
                json!({"more_like_this": {"fields": ["f"], "like": "a", "stop_words": ["b"]}}),
            ),
        ] {
            assert_eq!(canonical(&json!({"query": sent}), Line::V2_19), json!({"query": short}));
        }
    }
}

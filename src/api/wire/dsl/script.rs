//! Scripts, wherever they stand.

use serde_json::Value;

use super::forward;
use super::refusal::Fault;
use super::schema::{At, Field, Kind, Lit, Object, Outcome, Own, Rest, Spec, field};

/// A script: a text alone, or an object.
pub const SCRIPT: Kind = Kind::Own(&Own { expand, shorten });

/// A script where the server takes no text alone.
pub const SCRIPT_OBJECT: Kind = Kind::Own(&Own { expand: expand_object, shorten: shorten_object });

/// A script that makes a query, for which there is another language.
pub const TEMPLATE: Kind = Kind::Own(&Own { expand: expand_template, shorten: shorten_template });

static INLINE: Spec =
    inline(&[&[SOURCE, field("lang", Kind::Text).or(Lit::Text("painless")), OPTIONS, PARAMS]]);

static INLINE_TEMPLATE: Spec =
    inline(&[&[SOURCE, field("lang", Kind::Text).or(Lit::Text("mustache")), OPTIONS, PARAMS]]);

static STORED: Spec =
    Spec::declared("script", &[&[field("id", Kind::Text).also(&["stored"]), OPTIONS, PARAMS]]);

const fn inline(fields: &'static [&'static [Field]]) -> Spec {
    Spec::declared("script", fields).tidied(say_json, unsay_json)
}

const SOURCE: Field =
    field("source", Kind::Own(&Own { expand: expand_source, shorten: Value::clone })).also(&["inline"]);

static OPTIONS_SPEC: Spec = Spec::declared("options", &[]).rest(Rest::Names(Kind::Text));

const OPTIONS: Field = field("options", Kind::Object(&OPTIONS_SPEC)).unless(Lit::Json("{}"));

const PARAMS: Field = field("params", Kind::Names(&Kind::Any)).unless(Lit::Json("{}"));

fn expand(value: &Value, at: At) -> Outcome {
    expand_as(&INLINE, value, at)
}

fn expand_template(value: &Value, at: At) -> Outcome {
    expand_as(&INLINE_TEMPLATE, value, at)
}

fn expand_as(inline: &Spec, value: &Value, at: At) -> Outcome {
    match value {
        Value::Object(given) => forward::object(spec(inline, given), given, at).map(Value::Object),
        other => {
            let mut script = Object::with_capacity(1);
            script.insert("source".to_owned(), Value::String(forward::text(other)?));
            forward::object(inline, &script, at).map(Value::Object)
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
    shorten_as(&INLINE, value)
}

fn shorten_template(value: &Value) -> Value {
    shorten_as(&INLINE_TEMPLATE, value)
}

fn shorten_as(inline: &Spec, value: &Value) -> Value {
    let Value::Object(given) = value else {
        return value.clone();
    };
    let script = Value::Object(super::backward::object(spec(inline, given), given));
    match script.as_object().and_then(|fields| fields.get("source").filter(|_| fields.len() == 1)) {
        Some(source @ Value::String(_)) => source.clone(),
        _ => script,
    }
}

fn shorten_object(value: &Value) -> Value {
    match value {
        Value::Object(given) => Value::Object(super::backward::object(spec(&INLINE, given), given)),
        other => other.clone(),
    }
}

fn spec<'a>(inline: &'a Spec, given: &Object) -> &'a Spec {
    if given.contains_key("id") || given.contains_key("stored") { &STORED } else { inline }
}

/// The source is a text, or JSON that stands here as it is.
fn expand_source(value: &Value, _: At) -> Outcome {
    match value {
        Value::Object(_) => Ok(forward::any(value)),
        other => forward::text(other).map(Value::String),
    }
}

/// What the server says of a source that is JSON.
const JSON: &str = r#"{"content_type":"application/json; charset=UTF-8"}"#;

fn say_json(script: &mut Object, _: At) {
    let says_nothing = script.get("options").is_none_or(|options| Lit::Json("{}").is(options));
    if is_json(script) && says_nothing {
        script.insert("options".to_owned(), Lit::Json(JSON).value());
    }
}

fn unsay_json(script: &mut Object) {
    if is_json(script) && script.get("options").is_some_and(|options| Lit::Json(JSON).is(options)) {
        script.shift_remove("options");
    }
}

fn is_json(script: &Object) -> bool {
    script.get("source").or_else(|| script.get("inline")).is_some_and(Value::is_object)
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

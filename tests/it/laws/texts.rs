//! Texts and values of all kinds, for the laws that make use of them.

use alertform::model::secret::Secret;
use proptest::prelude::*;
use serde_json::{Map, Value};

/// Texts that YAML, Mustache or a substitution might take for something else.
pub fn text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just("${A}"),
        Just("$${"),
        Just("${{"),
        Just("{{ctx.x}}"),
        Just(": "),
        Just(" #"),
        Just("\n"),
        Just("\n\n"),
        Just("  "),
        Just("\t"),
        Just("'"),
        Just("\""),
        Just("\\"),
        Just("- "),
        Just("a"),
        Just("word word"),
        Just("0"),
        Just("1e5"),
        Just("~"),
        Just("true"),
        Just("no"),
        Just("<<"),
        Just("%"),
        Just("é"),
        Just("日本"),
        Just("\u{feff}"),
        Just("\u{85}"),
        Just("\r\n"),
        Just("\u{2028}"),
        Just("[]"),
        Just(","),
        Just("|"),
        Just(">"),
        Just("&"),
        Just("*"),
        Just("!"),
        Just("@"),
        Just("`"),
        Just(":"),
        Just("=="),
        Just("\u{1f600}"),
        Just("..."),
        Just(
            "a long run of words that goes on and on until the line is full and must be folded somewhere, surely"
        ),
    ];
    prop_oneof![
        2 => prop::collection::vec(piece, 0..6).prop_map(|pieces| pieces.concat()),
        1 => any::<String>(),
        1 => "[a-z][a-z .:-]{0,20}",
        1 => "[-+.0-9eExo_:]{1,6}",
    ]
}

pub fn filled_text() -> impl Strategy<Value = String> {
    text().prop_filter("blank", |text| !text.trim().is_empty())
}

pub fn key() -> impl Strategy<Value = String> {
    prop_oneof![4 => "[a-z_]{1,8}", 1 => text()]
}

pub fn secret() -> impl Strategy<Value = Secret> {
    text().prop_map(Secret::new)
}

pub fn url() -> impl Strategy<Value = Secret> {
    "https?://[a-z]{1,9}(:[1-9][0-9]{1,3})?/[a-zA-Z0-9?=&$#{}-]{0,20}".prop_map(Secret::new)
}

pub fn value() -> impl Strategy<Value = Value> {
    let number = prop_oneof![
        any::<i64>().prop_map(|number| number.to_string()),
        "-?[1-9][0-9]{20,50}",
        "-?(0|[1-9][0-9]{0,4})\\.[0-9]{1,5}",
        "-?[1-9](\\.[0-9]{1,3})?[eE][+-]?[0-9]{1,3}",
    ];
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::Bool),
        number.prop_map(|number| serde_json::from_str(&number).unwrap()),
        text().prop_map(Value::String),
    ];
    leaf.prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::Array),
            prop::collection::vec((key(), inner), 0..4)
                .prop_map(|entries| Value::Object(entries.into_iter().collect())),
        ]
    })
}

pub fn object() -> impl Strategy<Value = Map<String, Value>> {
    prop::collection::vec((key(), value()), 0..4).prop_map(|entries| entries.into_iter().collect())
}

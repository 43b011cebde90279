//! Names with all that a name may have in it but line breaks: spaces, quotes, brackets, letters of any script.

use proptest::prelude::*;
use serde_json::{Value, json};

use crate::laws::texts::text;

/// A name without its number, which [`settle`] puts between its two halves.
pub fn name() -> impl Strategy<Value = Value> {
    let half = || {
        let known = prop::sample::select(vec![
            "",
            "errors",
            "[prod] ",
            "]",
            "[",
            "\"quoted\" ",
            "it's ",
            " spaced ",
            "a: b #c ",
            "日本語",
            "Ünïcödé",
            "\u{1f600}",
            "\\",
            "{{x}}",
            "${HOME}",
            "- ",
            "a/b",
            "%",
            "monitor[name=x]",
            "UPPER",
            "tab\t",
        ]);
        prop_oneof![2 => known.prop_map(str::to_owned), 1 => text().prop_map(|text| text.replace('\n', " "))]
    };
    (half(), half()).prop_map(|(front, back)| json!([front, back]))
}

/// A name of letters, digits and `_`, without its number.
pub fn plain_name() -> impl Strategy<Value = Value> {
    prop::sample::select(vec!["ops", "on_call", "A"]).prop_map(|front| json!([front, ""]))
}

/// Puts the number into the name of a draft, and numbers into those of its triggers and their actions.
pub fn settle(draft: &mut Value, number: usize) {
    let name = &mut draft["name"];
    if let Some([Value::String(front), Value::String(back)]) = name.as_array().map(Vec::as_slice) {
        *name = format!("{front}{number}{back}").into();
    }
    for part in ["triggers", "actions", "document_queries"] {
        let parts = draft.get_mut(part).and_then(Value::as_array_mut);
        for (number, part) in parts.into_iter().flatten().enumerate() {
            settle(part, number);
        }
    }
}

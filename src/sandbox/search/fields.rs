//! The fields of the config index: which are indexed, how, and what a document has in them.

use serde_json::Value;

/// How a field is indexed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Words.
    Text,
    /// The whole text, up to 256 characters of a name.
    Keyword,
    /// Numbers, times, booleans.
    Plain,
}

/// The last words of indexed fields that are whole texts.
const KEYWORDS: [&str; 10] = [
    "type",
    "monitor_type",
    "unit",
    "timezone",
    "severity",
    "id",
    "method",
    "owner",
    "destination_id",
    "roles",
];
/// Those of numbers, times and booleans.
const PLAIN: [&str; 10] = [
    "enabled",
    "enabled_time",
    "last_update_time",
    "schema_version",
    "interval",
    "start_time",
    "port",
    "throttle_enabled",
    "value",
    "version",
];
/// Those of words, each with a `.keyword` beside it.
const TEXTS: [&str; 8] = ["name", "indices", "expression", "email", "emails", "host", "url", "subject"];

/// Says how a field is indexed; of most of a document nothing is.
pub fn kind(field: &str) -> Option<Kind> {
    let last = field.rsplit('.').next()?;
    if let Some(text) = field.strip_suffix(".keyword") {
        return (kind(text)? == Kind::Text).then_some(Kind::Keyword);
    }
    if !["monitor.", "workflow.", "destination.", "email_account.", "email_group."]
        .iter()
        .any(|root| field.starts_with(root))
        || field.contains(".ui_metadata")
    {
        return None;
    }
    let table: [(&[&str], Kind); 3] =
        [(&KEYWORDS, Kind::Keyword), (&PLAIN, Kind::Plain), (&TEXTS, Kind::Text)];
    table.into_iter().find(|(words, _)| words.contains(&last)).map(|(_, kind)| kind)
}

/// Gives the values that a document has in an indexed field; lists are entered.
pub fn values<'a>(field: &str, document: &'a Value) -> Vec<&'a Value> {
    if kind(field).is_none() {
        return Vec::new();
    }
    let short =
        |value: &&Value| !field.ends_with(".keyword") || value.as_str().is_none_or(|text| text.len() <= 256);
    reached(field.strip_suffix(".keyword").unwrap_or(field), document).into_iter().filter(short).collect()
}

/// Says whether a document has anything in a field, or in one below it.
pub fn exists(field: &str, document: &Value) -> bool {
    if field.contains(".ui_metadata") {
        return false;
    }
    if kind(field).is_some() {
        return !values(field, document).is_empty();
    }
    reached(field, document)
        .into_iter()
        .any(|value| value.as_object().is_some_and(|entries| !entries.is_empty()))
}

fn reached<'a>(path: &str, document: &'a Value) -> Vec<&'a Value> {
    let mut values = vec![document];
    for key in path.split('.') {
        values = values.into_iter().filter_map(|value| value.get(key)).flat_map(items).collect();
    }
    values.retain(|value| !value.is_null());
    values
}

fn items(value: &Value) -> Vec<&Value> {
    value.as_array().map_or_else(|| vec![value], |items| items.iter().collect())
}

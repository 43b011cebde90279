//! The fields that the servers' mapping of configuration makes searchable; all others are stored, and found by nobody.

use serde_json::Value;

use super::super::words;

/// How a field is indexed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Word by word; whole under `.keyword`, up to 256 characters.
    Text,
    /// As it stands: keywords, numbers, booleans, times.
    Exact,
}

use Kind::{Exact, Text};

/// The mapped fields of each wrapper, with their paths in it.
const MAPPED: [(&str, &[(&str, Kind)]); 5] = [
    (
        "monitor",
        &[
            ("type", Exact),
            ("schema_version", Exact),
            ("name", Text),
            ("monitor_type", Exact),
            ("owner", Exact),
            ("enabled", Exact),
            ("enabled_time", Exact),
            ("last_update_time", Exact),
            ("schedule.period.interval", Exact),
            ("schedule.period.unit", Exact),
            ("schedule.cron.timezone", Exact),
            ("user.name", Text),
            ("user.backend_roles", Text),
            ("user.roles", Text),
        ],
    ),
    (
        "workflow",
        &[
            ("type", Exact),
            ("schema_version", Exact),
            ("name", Text),
            ("workflow_type", Exact),
            ("owner", Text),
            ("enabled", Exact),
            ("enabled_time", Exact),
            ("last_update_time", Exact),
            ("schedule.period.interval", Exact),
            ("schedule.period.unit", Exact),
            ("schedule.cron.timezone", Exact),
            ("audit_delegate_monitor_alerts", Exact),
        ],
    ),
    (
        "destination",
        &[
            ("type", Exact),
            ("schema_version", Exact),
            ("name", Text),
            ("last_update_time", Exact),
            ("user.name", Text),
        ],
    ),
    ("email_account", &[("name", Text), ("email", Text), ("host", Text), ("port", Exact), ("method", Text)]),
    ("email_group", &[("name", Text), ("emails.email", Text)]),
];

/// A field of the mapping.
#[derive(Clone, Copy, Debug)]
pub struct Field {
    /// How it is indexed.
    pub kind: Kind,
    /// Whether it is the whole value of a text.
    pub is_keyword: bool,
    wrapper: &'static str,
    path: &'static str,
}

/// Finds a field by its full name.
pub fn named(name: &str) -> Option<Field> {
    let (plain, is_keyword) = name.strip_suffix(".keyword").map_or((name, false), |plain| (plain, true));
    let (wrapper, path) = plain.split_once('.')?;
    let (wrapper, fields) = MAPPED.iter().find(|(known, _)| *known == wrapper)?;
    let (path, kind) = fields.iter().find(|(known, _)| *known == path)?;
    (!is_keyword || *kind == Text).then_some(Field { kind: *kind, is_keyword, wrapper, path })
}

/// Whether a document has a value in a field, or in any field below a path.
pub fn exists(name: &str, id: &str, document: &Value) -> bool {
    if matches!(name, "_id" | "_index" | "_seq_no") {
        return !id.is_empty();
    }
    if named(name).is_some_and(|field| !values(field, document).is_empty()) {
        return true;
    }
    MAPPED.iter().any(|(wrapper, fields)| {
        fields.iter().any(|(path, kind)| {
            let full = format!("{wrapper}.{path}");
            let below = full.strip_prefix(name).is_some_and(|rest| rest.starts_with('.'));
            let field = Field { kind: *kind, is_keyword: false, wrapper, path };
            below && !values(field, document).is_empty()
        })
    })
}

/// Gives the values of a field that are indexed whole; none for text.
pub fn exact(name: &str, id: &str, document: &Value) -> Vec<Value> {
    if name == "_id" {
        return vec![id.into()];
    }
    match named(name) {
        Some(field) if field.is_keyword => {
            let short = |value: &Value| value.as_str().is_none_or(|text| text.chars().count() <= 256);
            values(field, document).into_iter().filter(short).collect()
        }
        Some(field) if field.kind == Exact => values(field, document),
        _ => Vec::new(),
    }
}

/// Gives the texts of a field that is indexed word by word; none for others.
pub fn texts(name: &str, document: &Value) -> Vec<String> {
    let field = named(name).filter(|field| field.kind == Text && !field.is_keyword);
    let values = field.map(|field| values(field, document)).unwrap_or_default();
    values.into_iter().filter_map(|value| value.as_str().map(str::to_owned)).collect()
}

/// Gives what a term is held against: words of texts, and all else whole.
pub fn terms(name: &str, id: &str, document: &Value) -> Vec<Value> {
    let words =
        texts(name, document).iter().flat_map(|text| words::words(text)).map(Value::from).collect::<Vec<_>>();
    if words.is_empty() { exact(name, id, document) } else { words }
}

/// Gives a field's values as they are stored.
pub fn values(field: Field, document: &Value) -> Vec<Value> {
    let Some(root) = document.get(field.wrapper) else {
        return Vec::new();
    };
    let mut found = vec![root];
    for part in field.path.split('.') {
        found = found.into_iter().flat_map(spread).filter_map(|value| value.get(part)).collect();
    }
    found.into_iter().flat_map(spread).filter(|value| !value.is_null()).cloned().collect()
}

/// A list stands for its items.
fn spread(value: &Value) -> Vec<&Value> {
    value.as_array().map_or_else(|| vec![value], |items| items.iter().collect())
}

//! Where a monitor keeps its alerts and findings: the defaults, which nobody may change through this API.

use serde_json::{Map, Value, json};

use super::super::fault::Fault;
use super::super::reader::{Reader, Token};
use super::fields;

/// The keys that must be there, and how the server calls them when they are empty.
const REQUIRED: [(&str, &str); 6] = [
    ("query_index", "Query index"),
    ("findings_index", "Findings index"),
    ("findings_index_pattern", "Findings index pattern"),
    ("alerts_index", "Alerts index"),
    ("alerts_history_index", "Alerts history index"),
    ("alerts_history_index_pattern", "Alerts history index pattern"),
];

/// Gives the defaults.
pub fn default() -> Value {
    json!({
        "query_index": ".opensearch-alerting-queries",
        "findings_index": ".opensearch-alerting-finding-history-write",
        "findings_index_pattern": "<.opensearch-alerting-finding-history-{now/d}-1>",
        "alerts_index": ".opendistro-alerting-alerts",
        "alerts_history_index": ".opendistro-alerting-alert-history-write",
        "alerts_history_index_pattern": "<.opendistro-alerting-alert-history-{now/d}-1>",
        "comments_index": ".opensearch-alerting-comments-history-write",
        "comments_index_pattern": "<.opensearch-alerting-comments-history-{now/d}-1>",
        "query_index_mappings_by_type": {},
        "findings_enabled": false,
    })
}

/// Reads the object that begins here; what it leaves out is empty, and refused.
pub fn parse(reader: &mut Reader) -> Result<Value, Fault> {
    let mut given = Map::new();
    for key in default().as_object().into_iter().flat_map(Map::keys) {
        given.insert(key.clone(), Value::String(String::new()));
    }
    given.insert("query_index_mappings_by_type".to_owned(), json!({}));
    given.insert("findings_enabled".to_owned(), false.into());
    fields::object(reader, |reader, key| {
        match key {
            "query_index_mappings_by_type" => drop(given.insert(key.to_owned(), reader.json()?)),
            "findings_enabled" if *reader.token() != Token::Null => {
                given.insert(key.to_owned(), reader.boolean()?.into());
            }
            _ if given.contains_key(key) => drop(given.insert(key.to_owned(), reader.text()?.into())),
            _ => reader.skip()?,
        }
        Ok(())
    })?;
    for (key, name) in REQUIRED {
        if given.get(key).and_then(Value::as_str).is_none_or(str::is_empty) {
            return Err(Fault::illegal_argument(format!("{name} cannot be empty")));
        }
    }
    Ok(Value::Object(given))
}

/// Refuses indices of the client's own.
pub fn check(data_sources: &Value) -> Result<(), Fault> {
    let default = default();
    let own = ["query_index", "findings_index", "alerts_index"]
        .into_iter()
        .any(|key| data_sources.get(key) != default.get(key));
    if own {
        return Err(Fault::illegal_argument("Custom Data Sources are not allowed."));
    }
    Ok(())
}

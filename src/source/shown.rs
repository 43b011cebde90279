//! Secrets that are filled in where everybody sees them: names, and what plans say in words.

use super::finding::Finding;
use super::report::Report;
use super::variables::NO_SECRET;
use super::yaml::{Content, Node};

/// Keys whose values stand in plans as they are.
const KEYS: [&str; 13] = [
    "name",
    "previous_names",
    "environments",
    "schedule",
    "time_field",
    "window",
    "severity",
    "throttle",
    "destination",
    "destination_id",
    "account",
    "groups",
    "delegates",
];

/// What has such keys within it.
const ABOVE: [&str; 9] = [
    "triggers",
    "actions",
    "document_queries",
    "email",
    "definition",
    "query_level_trigger",
    "bucket_level_trigger",
    "document_level_trigger",
    "chained_alert_trigger",
];

/// Warns of each in a document.
pub fn warn(document: &Node, report: &Report) {
    for entry in document.entries() {
        let (key, value) = (entry.key.as_str(), &entry.value);
        if ABOVE.contains(&key) {
            warn(value, report);
            value.items().iter().for_each(|item| warn(item, report));
        } else if KEYS.contains(&key) && holds_secret(value) {
            let message = format!("what is filled in for `{key}` is a secret, and is shown");
            report.warning(Finding::at(&value.place, message).hint(NO_SECRET));
        }
    }
}

fn holds_secret(node: &Node) -> bool {
    let is_text = matches!(node.content, Content::Text(_));
    (is_text && node.is_filled && node.is_secret)
        || node.items().iter().any(holds_secret)
        || node.entries().iter().any(|entry| holds_secret(&entry.value))
}

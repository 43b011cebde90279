//! The filters and sort fields of the list of channels.

use serde_json::Value;

use crate::sandbox::exchange::Request;
use crate::sandbox::words::{self, Join};

/// The query parameters of the list: its own, the filters, and these with `.keyword`.
pub const PARAMS: &[&str] = &[
    "config_id",
    "config_id_list",
    "from_index",
    "max_items",
    "sort_field",
    "sort_order",
    "query",
    "text_query",
    "last_updated_time_ms",
    "created_time_ms",
    "config_type",
    "is_enabled",
    "email.email_account_id",
    "email.email_group_id_list",
    "smtp_account.method",
    "email.recipient_list.recipient",
    "email_group.recipient_list.recipient",
    "name",
    "description",
    "slack.url",
    "chime.url",
    "microsoft_teams.url",
    "webhook.url",
    "smtp_account.host",
    "smtp_account.from_address",
    "ses_account.region",
    "ses_account.role_arn",
    "ses_account.from_address",
    "sns.topic_arn",
    "sns.role_arn",
    "name.keyword",
    "description.keyword",
    "slack.url.keyword",
    "chime.url.keyword",
    "microsoft_teams.url.keyword",
    "webhook.url.keyword",
    "smtp_account.host.keyword",
    "smtp_account.from_address.keyword",
    "ses_account.region.keyword",
    "ses_account.role_arn.keyword",
    "ses_account.from_address.keyword",
    "sns.topic_arn.keyword",
    "sns.role_arn.keyword",
];

/// Those that say how the list is made, not what is in it.
const OWN: [&str; 6] = ["config_id", "config_id_list", "from_index", "max_items", "sort_field", "sort_order"];

/// What a field is in the index.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Field {
    /// A time of the server's, beside the channel.
    Time,
    /// Whole values.
    Keyword,
    /// Words, which can be sorted by as a whole.
    Text,
    /// Words in a list of objects, which cannot be sorted by.
    Nested,
}

/// Says what a field is, if there is one of that name.
pub fn field(name: &str) -> Option<Field> {
    match name {
        "last_updated_time_ms" | "created_time_ms" => Some(Field::Time),
        "config_type"
        | "is_enabled"
        | "email.email_account_id"
        | "email.email_group_id_list"
        | "smtp_account.method" => Some(Field::Keyword),
        _ if name.ends_with("recipient_list.recipient") => Some(Field::Nested),
        "query" | "text_query" => None,
        _ if name.ends_with(".keyword") && PARAMS.contains(&name) => Some(Field::Keyword),
        _ if PARAMS.contains(&name) && !OWN.contains(&name) => Some(Field::Text),
        _ => None,
    }
}

/// Says whether a channel (`{"metadata", "config"}`) passes all filters of a request.
pub fn pass(request: &Request, document: &Value) -> bool {
    request.query.iter().all(|(name, value)| passes(name, value, document))
}

/// Gives the value of a flag that is neither true nor false.
pub fn bad_flag(request: &Request) -> Option<&str> {
    let flags = request.param("is_enabled").into_iter().flat_map(|value| value.split(','));
    flags.into_iter().find(|flag| !matches!(*flag, "true" | "false" | ""))
}

/// Gives the texts at a dotted path; lists are entered.
pub fn texts_at(document: &Value, name: &str) -> Vec<String> {
    let mut values = vec![&document["config"]];
    for key in name.trim_end_matches(".keyword").split('.') {
        values = values.into_iter().map(|value| &value[key]).flat_map(items).collect();
    }
    values.into_iter().filter(|value| !value.is_null()).map(text).collect()
}

fn passes(name: &str, wanted: &str, document: &Value) -> bool {
    match (name, field(name)) {
        ("query" | "text_query", _) => {
            let mut texts = Vec::new();
            leaves(&document["config"], &mut texts);
            let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
            words::finds(wanted, Join::Any, &texts)
        }
        (_, None) => true,
        (_, Some(Field::Time)) => in_range(wanted, document["metadata"][name].as_i64().unwrap_or_default()),
        (_, Some(Field::Keyword)) => {
            let there = texts_at(document, name);
            wanted.split(',').any(|value| there.iter().any(|text| text == value))
        }
        (_, Some(Field::Text | Field::Nested)) => {
            let there = texts_at(document, name);
            let wanted = words::words(wanted);
            there.iter().any(|text| words::words(text).iter().any(|word| wanted.contains(word)))
        }
    }
}

fn in_range(wanted: &str, time: i64) -> bool {
    let bound = |text: &str, default: i64| text.parse::<i64>().unwrap_or(default);
    match wanted.split_once("..") {
        Some((from, to)) => (bound(from, i64::MIN)..=bound(to, i64::MAX)).contains(&time),
        None => wanted.parse() == Ok(time),
    }
}

fn items(value: &Value) -> Vec<&Value> {
    value.as_array().map_or_else(|| vec![value], |items| items.iter().collect())
}

fn leaves(value: &Value, texts: &mut Vec<String>) {
    match value {
        Value::Object(entries) => entries.values().for_each(|value| leaves(value, texts)),
        Value::Array(items) => items.iter().for_each(|value| leaves(value, texts)),
        Value::Null => {}
        scalar => texts.push(text(scalar)),
    }
}

fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

//! Values to items: what is text in the model is escaped, so that no substitution arises where none was.

use serde_json::Value;

use super::secret::Keeper;
use crate::model::reference::Reference;
use crate::model::secret::Secret;
use crate::model::secret_names::may_be_secret;
use crate::source::substitution::escape;
use crate::source::yaml::{Item, Layout};

/// The keys and values of a mapping, in the order of the document.
pub type Entries = Vec<(String, Item)>;

/// The order of keys at any level of the API's own documents; others follow as they are.
const ORDER: &[&str] = &[
    "name",
    "type",
    "config_type",
    "description",
    "is_enabled",
    "monitor_type",
    "workflow_type",
    "enabled",
    "schedule",
    "inputs",
    "topic_arn",
    "role_arn",
    "indices",
    "triggers",
    "severity",
    "condition",
    "actions",
    "destination",
    "destination_id",
    "subject_template",
    "message_template",
    "throttle_enabled",
    "throttle",
    "size",
    "track_total_hits",
    "query",
    "aggs",
    "aggregations",
    "must",
    "filter",
    "must_not",
    "should",
    "field",
    "gte",
    "gt",
    "lte",
    "lt",
];

/// A text, escaped.
pub fn text(text: &str) -> Item {
    Item::Text(escape(text))
}

/// A number or a truth value, as it is spelled.
pub fn bare(text: &str) -> Item {
    Item::Bare(text.to_owned())
}

/// An entry of a mapping.
pub fn entry(key: &str, item: Item) -> (String, Item) {
    (key.to_owned(), item)
}

/// Another resource, by its name, or by its id where no name is known.
pub fn reference(reference: &Reference) -> Item {
    match reference {
        Reference::Name(name) => text(name.as_str()),
        Reference::Id(id) => Item::Mapping(vec![entry("id", text(id))], Layout::Flow),
    }
}

/// Free-form JSON, keys in an order that reads well, lists of scalars on one line.
pub fn json(value: &Value) -> Item {
    item(value, ["", ""], &mut |_, text| self::text(text))
}

/// The content of a destination of type `kind` in the API's own words, with what may be a secret kept.
pub fn json_with_secrets(kind: &str, value: &Value, keeper: &mut Keeper<'_>) -> Item {
    item(value, ["", ""], &mut |keys, text| {
        let [above, key] = keys;
        if !may_be_secret(kind, keys) {
            return self::text(text);
        }
        let field = if above == "header_params" { &format!("header_{key}") } else { key };
        keeper.keep(field, &Secret::new(text))
    })
}

/// `on_text` gets the last two keys that lead to a text, and the text.
fn item(value: &Value, keys: [&str; 2], on_text: &mut dyn FnMut([&str; 2], &str) -> Item) -> Item {
    match value {
        Value::Null => Item::Bare("null".to_owned()),
        Value::Bool(truth) => Item::Bare(truth.to_string()),
        Value::Number(number) => Item::Bare(number.to_string()),
        Value::String(text) => on_text(keys, text),
        Value::Array(items) => {
            let is_flat = items.iter().all(|item| !item.is_object() && !item.is_array());
            let layout = if is_flat { Layout::Flow } else { Layout::Block };
            Item::Sequence(items.iter().map(|value| item(value, keys, on_text)).collect(), layout)
        }
        Value::Object(map) => {
            let mut sorted: Vec<&String> = map.keys().collect();
            let rank = |key: &str| ORDER.iter().position(|known| *known == key).unwrap_or(ORDER.len());
            sorted.sort_by(|a, b| (rank(a), a).cmp(&(rank(b), b)));
            let entries =
                sorted.into_iter().map(|key| (key.clone(), item(&map[key], [keys[1], key], on_text)));
            Item::Mapping(entries.collect(), Layout::Block)
        }
    }
}

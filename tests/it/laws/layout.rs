//! Documents as files: in order, or split and shuffled.

use serde_json::{Map, Value, json};

/// All documents in one file, as they are.
pub fn files(documents: &[Value]) -> Vec<(String, String)> {
    vec![(ALL.to_owned(), documents.iter().map(as_yaml).collect::<Vec<_>>().join("---\n"))]
}

/// The same documents with labels, which mean nothing, in another order, spread over files, and with their keys in
/// another order; each seed makes another one of it.
pub fn shuffled(documents: &[Value], seed: u64) -> Vec<(String, String)> {
    let mut files: Vec<(usize, usize, String)> = Vec::new();
    for (index, document) in documents.iter().enumerate() {
        let chance = usize::from(hash(seed, &index.to_le_bytes()));
        let mut document = document.clone();
        document["labels"] = json!({"team": "search", "n": index});
        files.push((chance % PATHS.len(), chance, as_yaml(&with_keys_shuffled(&document, seed))));
    }
    files.sort();
    let mut laid_out: Vec<(String, String)> = Vec::new();
    for (path, _, text) in files {
        match laid_out.last_mut().filter(|(last, _)| last == PATHS[path]) {
            Some((_, texts)) => *texts += &format!("---\n{text}"),
            None => laid_out.push((PATHS[path].to_owned(), text)),
        }
    }
    laid_out
}

/// Where documents may stand: below a folder of ours each one counts, whatever the folder is called.
pub const PATHS: [&str; 6] =
    [ALL, "z.yaml", "a.yml", "monitors/b.yaml", "team/destinations/c.yaml", "email_groups/d.yaml"];

/// JSON is YAML, but for our substitutions and what YAML wants escaped.
fn as_yaml(document: &Value) -> String {
    let mut document = document.clone();
    escape(&mut document);
    let text: String = document
        .to_string()
        .chars()
        .map(|c| {
            let is_odd =
                c.is_control() || matches!(c, '\u{feff}' | '\u{2028}' | '\u{2029}' | '\u{fffe}' | '\u{ffff}');
            if is_odd { format!("\\u{:04x}", u32::from(c)) } else { c.to_string() }
        })
        .collect();
    format!("{text}\n")
}

fn escape(value: &mut Value) {
    match value {
        Value::String(text) => *text = text.replace("${", "$${"),
        Value::Array(items) => items.iter_mut().for_each(escape),
        Value::Object(fields) => fields.values_mut().for_each(escape),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

const ALL: &str = "all.yaml";

/// Where the order of keys means something to a server.
const ORDERED: [&str; 2] = ["sort", "order"];

fn with_keys_shuffled(value: &Value, seed: u64) -> Value {
    match value {
        Value::Object(fields) => {
            let mut fields: Vec<(&String, &Value)> = fields.iter().collect();
            fields.sort_by_key(|(key, _)| hash(seed, key.as_bytes()));
            let inner = |(key, value): (&String, &Value)| {
                let is_ordered = ORDERED.contains(&key.as_str());
                (key.clone(), if is_ordered { value.clone() } else { with_keys_shuffled(value, seed) })
            };
            Value::Object(fields.into_iter().map(inner).collect::<Map<_, _>>())
        }
        Value::Array(items) => items.iter().map(|item| with_keys_shuffled(item, seed)).collect(),
        other => other.clone(),
    }
}

/// A number that looks like chance, as far as a test needs it.
fn hash(seed: u64, bytes: &[u8]) -> u16 {
    let mixed = bytes.iter().chain(&[0]).fold(seed | 1, |mixed, byte| {
        (mixed ^ u64::from(*byte)).wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(31)
    });
    u16::try_from(mixed >> 48).unwrap()
}

//! A YAML value and where it stands; what its file calls it, no more.

use serde_json::{Map, Value};

use crate::source::place::Place;

/// A value and where it stands.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    /// Where it begins.
    pub place: Place,
    /// What it is.
    pub content: Content,
    /// Whether a substitution made it, which is what a secret wants and a type may come from.
    pub is_filled: bool,
    /// Whether it stands where secrets do, so that no error may show it.
    pub is_secret: bool,
    /// Where its text begins, when that is known and the text is a JSON object whose lines and columns count on from
    /// there.
    pub text_start: Option<(u32, u32)>,
}

/// What a value is.
#[derive(Clone, Debug, PartialEq)]
pub enum Content {
    /// Nothing.
    Null,
    /// `true` or `false`; `yes`, `on` and the like are texts.
    Bool(bool),
    /// A number in JSON's spelling, however large.
    Number(String),
    /// A text.
    Text(String),
    /// A list.
    Sequence(Vec<Node>),
    /// Keys and values in the order of the file; no key twice.
    Mapping(Vec<Entry>),
}

/// A key and its value.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// The key; whatever scalar it was, its text.
    pub key: String,
    /// Where the key stands.
    pub place: Place,
    /// The value.
    pub value: Node,
}

impl Node {
    /// A value that nothing was substituted in.
    pub const fn new(place: Place, content: Content) -> Self {
        Self { place, content, is_filled: false, is_secret: false, text_start: None }
    }

    /// Marks it and all in it as standing where secrets do.
    pub fn hide(&mut self) {
        self.is_secret = true;
        match &mut self.content {
            Content::Sequence(items) => items.iter_mut().for_each(Node::hide),
            Content::Mapping(entries) => entries.iter_mut().for_each(|entry| entry.value.hide()),
            Content::Null | Content::Bool(_) | Content::Number(_) | Content::Text(_) => {}
        }
    }

    /// The keys and values; none when it is no mapping.
    pub fn entries(&self) -> &[Entry] {
        match &self.content {
            Content::Mapping(entries) => entries,
            _ => &[],
        }
    }

    /// The value under `key`, if it is a mapping that has it.
    pub fn get(&self, key: &str) -> Option<&Node> {
        let mut entries = self.entries().iter();
        entries.find(|entry| entry.key == key).map(|entry| &entry.value)
    }

    /// The items; none when it is no list.
    pub fn items(&self) -> &[Node] {
        match &self.content {
            Content::Sequence(items) => items,
            _ => &[],
        }
    }

    /// The text, if it is one.
    pub fn as_text(&self) -> Option<&str> {
        match &self.content {
            Content::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The node that a JSON pointer leads to, or the last one on the way there that exists.
    pub fn nearest(&self, pointer: &str) -> &Node {
        let mut node = self;
        for step in pointer.split('/').skip(1) {
            let step = step.replace("~1", "/").replace("~0", "~");
            let next = match &node.content {
                Content::Sequence(items) => step.parse().ok().and_then(|index: usize| items.get(index)),
                _ => node.get(&step),
            };
            match next {
                Some(next) => node = next,
                None => break,
            }
        }
        node
    }

    /// The same as JSON.
    pub fn json(&self) -> Value {
        match &self.content {
            Content::Null => Value::Null,
            Content::Bool(truth) => Value::Bool(*truth),
            Content::Number(number) => {
                serde_json::from_str(number).unwrap_or_else(|_| Value::String(number.clone()))
            }
            Content::Text(text) => Value::String(text.clone()),
            Content::Sequence(items) => items.iter().map(Node::json).collect(),
            Content::Mapping(entries) => {
                let entries = entries.iter().map(|entry| (entry.key.clone(), entry.value.json()));
                Value::Object(entries.collect::<Map<_, _>>())
            }
        }
    }

    /// Takes the entries of these keys out of a mapping.
    pub fn take(&mut self, keys: &[&str]) -> Vec<Entry> {
        match &mut self.content {
            Content::Mapping(entries) => {
                entries.extract_if(.., |entry| keys.contains(&entry.key.as_str())).collect()
            }
            _ => Vec::new(),
        }
    }

    /// Names it for an error; of what may be a secret only the type.
    pub fn describe(&self) -> String {
        match &self.content {
            _ if self.is_secret || self.is_filled => self.type_name().to_owned(),
            Content::Bool(truth) => format!("`{truth}`"),
            Content::Number(number) => format!("the number `{number}`"),
            Content::Text(text) if text.chars().count() > 60 || text.contains('\n') => {
                "a long text".to_owned()
            }
            Content::Text(text) => format!("the text `{text}`"),
            Content::Null | Content::Sequence(_) | Content::Mapping(_) => self.type_name().to_owned(),
        }
    }

    /// Names its type.
    pub const fn type_name(&self) -> &'static str {
        match &self.content {
            Content::Null => "nothing",
            Content::Bool(_) => "a truth value",
            Content::Number(_) => "a number",
            Content::Text(_) => "a text",
            Content::Sequence(_) => "a list",
            Content::Mapping(_) => "a mapping",
        }
    }
}

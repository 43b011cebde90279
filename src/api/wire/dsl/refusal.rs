//! How a server says that it won't have a search body; which status and type come of it is decided here alone.

use serde_json::Value;

use crate::api::line::Line;

/// The answer of a server to a monitor whose search body it refuses.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{kind}: {reason}")]
pub struct Refusal {
    /// The HTTP status.
    pub status: u16,
    /// The `type` of the error, such as `parsing_exception`.
    pub kind: String,
    /// The `reason` of the error: its sense is to be trusted, its wording changes from version to version.
    pub reason: String,
    /// Whether a server takes it all the same, and can then neither show, change nor delete the monitor.
    pub is_trap: bool,
}

/// What a parser of the server throws, before a line makes a status and a type of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The class of the exception.
    pub class: Class,
    /// Its text, without the position in the body.
    pub reason: String,
}

/// The exceptions that the server's parsers throw.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// A parser written by hand met what it does not know.
    Parsing,
    /// A parser made of declarations met what it does not know.
    Content,
    /// A value that was understood, and cannot be.
    Argument,
    /// A text where a number should be.
    Number,
    /// Nothing is wrong when it is stored, and all is when it is read again.
    Trap,
    /// Nothing is wrong; the value is as good as none, and vanishes.
    Nothing,
    /// A value of a shape that the kind has no use for; whoever holds the key says so in its own words.
    Shape,
}

impl Fault {
    /// Makes a fault of a class and its text.
    pub fn new(class: Class, reason: impl Into<String>) -> Self {
        Fault { class, reason: reason.into() }
    }

    /// Says that this value has a shape that is of no use where it stands.
    pub fn shape(value: &Value) -> Self {
        Fault::new(Class::Shape, token(value))
    }

    /// Says that the value is as good as none.
    pub fn nothing() -> Self {
        Fault::new(Class::Nothing, "")
    }

    /// Gives the answer that a server of this line makes of it: from 2.0 on the plugin wraps what it catches,
    /// and the status of a parsing exception is lost on the way.
    pub fn refusal(self, line: Line) -> Refusal {
        let wraps = matches!(line, Line::V2_19 | Line::V3);
        let kind = match self.class {
            _ if wraps => "alerting_exception",
            Class::Parsing | Class::Shape | Class::Nothing => "parsing_exception",
            Class::Content => "x_content_parse_exception",
            Class::Argument | Class::Trap => "illegal_argument_exception",
            Class::Number => "number_format_exception",
        };
        let status = match self.class {
            Class::Parsing | Class::Shape if wraps => 500,
            _ => 400,
        };
        Refusal { status, kind: kind.to_owned(), reason: self.reason, is_trap: self.class == Class::Trap }
    }
}

/// The server's word for how this value begins.
pub fn token(value: &Value) -> &'static str {
    match value {
        Value::Null => "VALUE_NULL",
        Value::Bool(_) => "VALUE_BOOLEAN",
        Value::Number(_) => "VALUE_NUMBER",
        Value::String(_) => "VALUE_STRING",
        Value::Array(_) => "START_ARRAY",
        Value::Object(_) => "START_OBJECT",
    }
}

/// The tail of an error that names what may have been meant, as the server adds it; empty if nothing is near.
pub fn did_you_mean<'a>(unknown: &str, known: impl Iterator<Item = &'a str>) -> String {
    let mut near: Vec<(usize, usize, &str)> = known
        .map(|name| {
            (strsim::levenshtein(unknown, name), unknown.chars().count().max(name.chars().count()), name)
        })
        .filter(|&(edits, length, _)| edits * 2 < length)
        .collect();
    near.sort_by(|a, b| (a.0 * b.1).cmp(&(b.0 * a.1)).then(a.2.cmp(b.2)));
    near.dedup_by_key(|found| found.2);
    let names: Vec<&str> = near.into_iter().map(|found| found.2).collect();
    match names.as_slice() {
        [] => String::new(),
        [one] => format!(" did you mean [{one}]?"),
        many => format!(" did you mean any of [{}]?", many.join(", ")),
    }
}

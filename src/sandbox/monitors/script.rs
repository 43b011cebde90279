//! Scripts: conditions in Painless, messages in Mustache. Nothing compiles them when they are saved.

use serde_json::{Map, Value, json};

use super::super::fault::Fault;
use super::super::line_differences::monitors as lines;
use super::super::reader::{Reader, Token};
use crate::api::line::Line;

/// A script as it was read.
#[derive(Clone, Debug)]
pub struct Script {
    /// The language; a stored script has none.
    pub language: Option<String>,
    /// What is shown of it.
    pub shown: Value,
}

/// Reads a script: an object, or text in the language that is taken for granted.
pub fn parse(reader: &mut Reader, line: Line, language: &str) -> Result<Script, Fault> {
    if let Token::Text(source) = reader.token().clone() {
        return Ok(inline(source, language.to_owned(), Map::new(), Map::new()));
    }
    if *reader.token() != Token::StartObject {
        reader.advance()?;
    }
    if *reader.token() != Token::StartObject {
        let found = reader.token().name();
        return Err(refused(reader, line, &format!("Expected START_OBJECT but was: {found}")));
    }
    parse_object(reader, line, language)
}

fn parse_object(reader: &mut Reader, line: Line, language: &str) -> Result<Script, Fault> {
    let (mut source, mut stored, mut named) = (None, None, None);
    let (mut options, mut params) = (Map::new(), Map::new());
    loop {
        reader.advance()?;
        let Token::Field(name) = reader.token().clone() else {
            break;
        };
        let at_name = reader.place();
        reader.advance()?;
        let at_value = reader.place();
        match (name.as_str(), reader.json()?) {
            ("source", Value::String(text)) => source = Some(text),
            ("source", Value::Object(template)) => source = Some(Value::Object(template).to_string()),
            ("id", Value::String(text)) => stored = Some(text),
            ("lang", Value::String(text)) => named = Some(text),
            ("options", Value::Object(given)) => options = given,
            ("params", Value::Object(given)) => params = given,
            ("source" | "id" | "lang" | "options" | "params", other) => {
                let found = type_name(&other);
                let reason = format!("{name} doesn't support values of type: {found}");
                return Err(refused_at(at_value, line, &reason));
            }
            _ => return Err(refused_at(at_name, line, &format!("unknown field [{name}]"))),
        }
    }
    match (source, stored) {
        (Some(source), _) => {
            Ok(inline(source, named.unwrap_or_else(|| language.to_owned()), options, params))
        }
        (None, Some(id)) => Ok(Script { language: named, shown: json!({"id": id}) }),
        (None, None) => Err(Fault::illegal_argument(
            "must specify either [source] for an inline script or [id] for a stored script",
        )),
    }
}

fn inline(
    source: String,
    language: String,
    options: Map<String, Value>,
    params: Map<String, Value>,
) -> Script {
    let mut shown = Map::new();
    shown.insert("source".to_owned(), source.into());
    shown.insert("lang".to_owned(), language.clone().into());
    if !options.is_empty() {
        shown.insert("options".to_owned(), options.into());
    }
    if !params.is_empty() {
        shown.insert("params".to_owned(), params.into());
    }
    Script { language: Some(language), shown: Value::Object(shown) }
}

fn refused(reader: &Reader, line: Line, reason: &str) -> Fault {
    refused_at(reader.place(), line, reason)
}

fn refused_at((row, column): (usize, usize), line: Line, reason: &str) -> Fault {
    Fault::new(
        400,
        "x_content_parse_exception",
        lines::x_content_parse_class(line),
        format!("[{row}:{column}] [script] {reason}"),
    )
}

const fn type_name(value: &Value) -> &'static str {
    match value {
        Value::Null => "VALUE_NULL",
        Value::Bool(_) => "VALUE_BOOLEAN",
        Value::Number(_) => "VALUE_NUMBER",
        Value::String(_) => "VALUE_STRING",
        Value::Array(_) => "START_ARRAY",
        Value::Object(_) => "START_OBJECT",
    }
}

//! Inputs of monitors: what they search or ask.

use serde_json::{Value, json};

use super::super::fault::Fault;
use super::super::line_differences::monitors as lines;
use super::super::reader::{Reader, Token};
use super::super::search;
use super::super::state::State;
use super::{document, fields, uri};

/// An input as it was read.
#[derive(Clone, Debug)]
pub struct Input {
    /// Its kind, which is also the key of its wrapper.
    pub kind: &'static str,
    /// The indices that it searches.
    pub indices: Vec<String>,
    /// What is shown of it.
    pub shown: Value,
}

/// Reads the input that begins here.
pub fn parse(reader: &mut Reader, state: &mut State) -> Result<Input, Fault> {
    let line = state.line;
    reader.expect(&Token::StartObject)?;
    reader.advance()?;
    reader.expect(&Token::Field(String::new()))?;
    let name = match reader.token() {
        Token::Field(name) => name.clone(),
        _ => String::new(),
    };
    reader.advance()?;
    reader.expect(&Token::StartObject)?;
    let input = match lines::input_kinds(line).iter().copied().find(|kind| *kind == name) {
        Some("search") => parse_search(reader, state)?,
        Some("uri") => Input { kind: "uri", indices: Vec::new(), shown: uri::parse(reader, line)? },
        Some(_) => document::parse(reader, state)?,
        None => {
            let (row, column) = reader.place();
            return Err(lines::unknown_input(line, &name, row, column));
        }
    };
    reader.advance()?;
    reader.expect(&Token::EndObject)?;
    Ok(input)
}

fn parse_search(reader: &mut Reader, state: &State) -> Result<Input, Fault> {
    let (mut indices, mut body) = (Vec::new(), None);
    fields::object(reader, |reader, key| {
        match key {
            "indices" => indices = fields::texts(reader)?,
            "query" => body = Some(search::body::parse(reader, state.line)?),
            _ => {}
        }
        Ok(())
    })?;
    let body = body.ok_or_else(|| Fault::uninitialized("searchSourceBuilder"))?;
    let shown = json!({"search": {"indices": indices, "query": body}});
    Ok(Input { kind: "search", indices, shown })
}

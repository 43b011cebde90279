//! Inputs of monitors: what they search or ask.

use serde_json::{Value, json};

use super::super::fault::Fault;
use super::super::line_differences::monitors as lines;
use super::super::reader::Reader;
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
    fields::wrapped(reader, |reader, name| {
        match lines::input_kinds(line).iter().copied().find(|kind| *kind == name) {
            Some("search") => parse_search(reader, state),
            Some("uri") => Ok(Input { kind: "uri", indices: Vec::new(), shown: uri::parse(reader, line)? }),
            Some("doc_level_input") => document::parse(reader, state),
            Some("ppl_input") => parse_ppl(reader),
            Some(kind) => parse_remote(reader, kind),
            None => {
                let (row, column) = reader.place();
                Err(lines::unknown_input(line, name, row, column))
            }
        }
    })
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

fn parse_ppl(reader: &mut Reader) -> Result<Input, Fault> {
    let (mut query, mut language) = (None, "ppl".to_owned());
    fields::object(reader, |reader, key| {
        match key {
            "query" => query = Some(reader.text()?),
            "query_language" => language = reader.text()?,
            _ => {
                let reason = format!("Unexpected field when parsing PPL Input: {key}");
                return Err(Fault::illegal_argument(reason));
            }
        }
        Ok(())
    })?;
    let query = query.ok_or_else(|| Fault::illegal_argument("Query must be included in PPL Input"))?;
    let shown = json!({"ppl_input": {"query": query, "query_language": language}});
    Ok(Input { kind: "ppl_input", indices: Vec::new(), shown })
}

/// The input of another plugin: so many bytes, which only that plugin understands.
fn parse_remote(reader: &mut Reader, kind: &'static str) -> Result<Input, Fault> {
    let (mut size, mut bytes) = (0, None);
    fields::object(reader, |reader, key| {
        match key {
            "size" => size = reader.int()?,
            "input" => bytes = Some(reader.text()?),
            _ => {}
        }
        Ok(())
    })?;
    let bytes = bytes.ok_or_else(|| Fault::illegal_argument("Required value was null."))?;
    let shown = json!({kind: {"size": size, "input": bytes}});
    Ok(Input { kind, indices: Vec::new(), shown })
}

//! What a monitor reads, on the wire.

use serde_json::{Map, Value, json};

use super::fields::{Fields, object, text};
use super::flaw::Defects;
use super::ids::Ids;
use super::{doc_queries, workflow};
use crate::api::line::Line;
use crate::model::json::Json;
use crate::model::monitor::Input;

const SEARCH: &[&str] = &["indices", "query"];
const URI: &[&str] = &["api_type", "path", "path_params", "url", "clusters"];
const QUERIES: &str = "queries";
const DOCUMENT: &[&str] = &["description", "indices", QUERIES, "fan_out_enabled"];
const DOCUMENT_QUERY: &[&str] = &["id", "name", "fields", "query", "tags", "query_field_names"];

/// Reads an input of a monitor; `body` reads a search body.
pub fn decode(
    value: &Value,
    pointer: &str,
    body: &dyn Fn(&Value) -> Json,
    defects: &mut Defects,
) -> Option<Input> {
    let fields = defects.keep(Fields::of(value, pointer))?;
    if fields.get("search").is_some() {
        defects.drop_beside(&fields, &["search"]);
        return search(&defects.keep(fields.inner("search"))?, body, defects);
    }
    let known = if fields.get("uri").is_some() {
        defects.drop_beside(&fields, &["uri"]);
        let uri = defects.keep(fields.inner("uri"))?;
        defects.drop_beside(&uri, URI);
        object("uri", only(&uri, URI))
    } else if fields.get("doc_level_input").is_some() {
        defects.drop_beside(&fields, &["doc_level_input"]);
        let document = defects.keep(fields.inner("doc_level_input"))?;
        object("doc_level_input", document_level(&document, defects)?)
    } else {
        value.clone()
    };
    Some(Input::Other(Json::sorted(known)))
}

/// Writes an input as `line` takes it.
pub fn encode(input: &Input, ids: &Ids, line: Line) -> Value {
    match input {
        Input::Search { indices, body } => json!({"search": {"indices": indices, "query": body.value()}}),
        Input::Composite(delegates) => workflow::encode_input(delegates),
        Input::Other(input) => {
            let mut input = input.value();
            doc_queries::identify(&mut input, &ids.queries);
            if line == Line::V1_3 {
                separate(&mut input);
            }
            input
        }
    }
}

fn search(search: &Fields<'_>, body: &dyn Fn(&Value) -> Json, defects: &mut Defects) -> Option<Input> {
    defects.drop_beside(search, SEARCH);
    let items = defects.keep(search.items("indices"));
    let indices = items.and_then(|items| {
        let indices = items.into_iter().map(|(pointer, index)| text(index, || pointer));
        defects.keep(indices.collect::<Result<_, _>>())
    });
    let query = defects.keep(search.need("query"));
    Some(Input::Search { indices: indices?, body: body(query?) })
}

/// A document-level input with what servers know of it.
fn document_level(document: &Fields<'_>, defects: &mut Defects) -> Option<Map<String, Value>> {
    defects.drop_beside(document, DOCUMENT);
    let mut known = Map::new();
    let mut queries = Vec::new();
    for (pointer, query) in defects.keep(document.items(QUERIES))? {
        let query = defects.keep(Fields::of(query, &pointer))?;
        defects.drop_beside(&query, DOCUMENT_QUERY);
        queries.push(Value::Object(only(&query, DOCUMENT_QUERY)));
    }
    for (key, value) in document.map.iter().filter(|(key, _)| DOCUMENT.contains(&key.as_str())) {
        let value = if key == QUERIES { std::mem::take(&mut queries).into() } else { value.clone() };
        known.insert(key.clone(), value);
    }
    Some(known)
}

fn only(fields: &Fields<'_>, known: &[&str]) -> Map<String, Value> {
    let kept = fields.map.iter().filter(|(key, _)| known.contains(&key.as_str()));
    kept.map(|(key, value)| (key.clone(), value.clone())).collect()
}

/// Line 1.3 joins the parameters of a cluster's API to its path as they are: `_cluster/healthlogs`.
fn separate(input: &mut Value) {
    if let Some(Value::String(params)) = input.pointer_mut("/uri/path_params")
        && !params.is_empty()
        && !params.starts_with('/')
    {
        params.insert(0, '/');
    }
}

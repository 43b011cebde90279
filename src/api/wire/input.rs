//! What a monitor reads, on the wire.

use serde_json::{Map, Value, json};

use super::fields::{Fields, flaw, object};
use super::flaw::Defects;
use super::ids::Ids;
use super::{canonical, doc_queries, workflow};
use crate::api::line::Line;
use crate::model::json::Json;
use crate::model::monitor::Input;

const SEARCH: &[&str] = &["indices", "query"];
const URI: &[&str] = &["api_type", "path", "path_params", "url", "clusters"];
const QUERIES: &str = "queries";
const FAN_OUT: &str = "fan_out_enabled";
const DOCUMENT: &[&str] = &["description", "indices", QUERIES, FAN_OUT];
const DOCUMENT_QUERY: &[&str] = &["id", "name", "fields", "query", "tags", "query_field_names"];

/// In which spelling an input is kept.
#[derive(Clone, Copy, Debug)]
pub enum Spelling {
    /// As it was written.
    AsWritten,
    /// In the shortest one of what a server of this line makes of it.
    Shortest(Line),
}

impl Spelling {
    fn of_body(self, body: &Value) -> Json {
        match self {
            Spelling::AsWritten => Json::of(body),
            Spelling::Shortest(line) => canonical::body(body, line),
        }
    }

    fn of_other(self, input: Value) -> Json {
        match self {
            Spelling::AsWritten => Json::sorted(input),
            Spelling::Shortest(line) => canonical::input(input, line),
        }
    }
}

/// Reads an input of a monitor.
pub fn decode(value: &Value, pointer: &str, spelling: Spelling, defects: &mut Defects) -> Option<Input> {
    let fields = defects.keep(Fields::of(value, pointer))?;
    if fields.get("search").is_some() {
        defects.drop_beside(&fields, &["search"]);
        return search(&defects.keep(fields.inner("search"))?, spelling, defects);
    }
    let known = if fields.get("uri").is_some() {
        defects.drop_beside(&fields, &["uri"]);
        object("uri", uri(&defects.keep(fields.inner("uri"))?, defects)?)
    } else if fields.get("doc_level_input").is_some() {
        defects.drop_beside(&fields, &["doc_level_input"]);
        object("doc_level_input", document_level(&defects.keep(fields.inner("doc_level_input"))?, defects)?)
    } else if fields.map.values().all(Value::is_null) {
        defects.flaws.push(flaw(pointer, "an input says nothing, which the server refuses"));
        return None;
    } else {
        value.clone()
    };
    Some(Input::Other(spelling.of_other(known)))
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

fn search(search: &Fields<'_>, spelling: Spelling, defects: &mut Defects) -> Option<Input> {
    defects.drop_beside(search, SEARCH);
    let indices = defects.keep(search.texts("indices"));
    let query = defects.keep(search.need("query"))?;
    defects.keep(Fields::of(query, &search.at("query")))?;
    Some(Input::Search { indices: indices?, body: spelling.of_body(query) })
}

/// What is asked of a cluster; the server takes the name of the API from its path, whatever is said of it.
fn uri(uri: &Fields<'_>, defects: &mut Defects) -> Option<Map<String, Value>> {
    defects.drop_beside(uri, URI);
    let mut read = typed(uri, &["path", "path_params", "url"], &["clusters"], defects)?;
    // servers show what is empty, and 1.3 takes no list
    read.retain(|_, value| *value != "" && *value != json!([]));
    if !read.contains_key("path") && !read.contains_key("url") {
        defects.flaws.push(flaw(&uri.pointer, "`path` is missing"));
    }
    Some(read)
}

fn document_level(document: &Fields<'_>, defects: &mut Defects) -> Option<Map<String, Value>> {
    defects.drop_beside(document, DOCUMENT);
    let read = typed(document, &["description"], &["indices"], defects);
    let fan_out = defects.keep(document.truth(FAN_OUT));
    let queries = defects.keep(document.items(QUERIES))?.into_iter();
    let queries: Vec<Option<Value>> =
        queries.map(|(pointer, query)| document_query(query, &pointer, defects)).collect();
    let mut read = read?;
    if read.get("indices").and_then(Value::as_array).is_none_or(Vec::is_empty) {
        defects.flaws.push(flaw(&document.at("indices"), "a document-level input needs an index"));
    }
    read.extend(fan_out?.map(|fan_out| (FAN_OUT.to_owned(), fan_out.into())));
    read.insert(QUERIES.to_owned(), queries.into_iter().collect::<Option<_>>()?);
    Some(read)
}

fn document_query(value: &Value, pointer: &str, defects: &mut Defects) -> Option<Value> {
    let query = defects.keep(Fields::of(value, pointer))?;
    defects.drop_beside(&query, DOCUMENT_QUERY);
    for key in ["name", "query"] {
        defects.keep(query.need(key));
    }
    let lists = ["fields", "tags", "query_field_names"];
    let mut read = typed(&query, &["id", "name", "query"], &lists, defects)?;
    // the server makes one
    read.retain(|key, value| key != "id" || value != "");
    Some(Value::Object(read))
}

/// What stands under these keys, as the texts and lists of texts that they are on the server.
fn typed(
    fields: &Fields<'_>,
    texts: &[&str],
    lists: &[&str],
    defects: &mut Defects,
) -> Option<Map<String, Value>> {
    let texts = texts.iter().map(|key| (*key, fields.text(key).map(|text| text.map(Value::from))));
    let list = |key: &str| fields.get(key).map(|_| fields.texts(key).map(Value::from)).transpose();
    let lists = lists.iter().map(|key| (*key, list(key)));
    let read: Vec<_> = texts.chain(lists).map(|(key, value)| (key, defects.keep(value))).collect();
    let mut typed = Map::new();
    for (key, value) in read {
        typed.extend(value?.map(|value| (key.to_owned(), value)));
    }
    Some(typed)
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

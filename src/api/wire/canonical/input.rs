//! Inputs that are no search, without what the server adds to them.

use serde_json::{Map, Value, json};

use crate::api::line::Line;
use crate::api::wire::cluster_apis;
use crate::api::wire::fields::drop_default;

/// The input in its shortest spelling, its wrapper included.
pub fn canonical(mut input: Value, line: Line) -> Value {
    let Some((kind, fields)) = input.as_object_mut().and_then(|wrapper| wrapper.iter_mut().next()) else {
        return input;
    };
    let Value::Object(fields) = fields else { return input };
    match kind.as_str() {
        "uri" => uri(fields, line),
        "doc_level_input" => document(fields),
        "ppl_input" => drop_default(fields, "query_language", &json!("ppl")),
        _ => {}
    }
    input
}

/// The server shows name, path, parameters and URL of an API, whichever of them it was told.
fn uri(fields: &mut Map<String, Value>, line: Line) {
    // 1.3 asks no other clusters, which `limits` reports
    let clusters = fields.remove("clusters").filter(|_| line >= Line::V2_19);
    if let Some(short) = shortest_uri(fields, line) {
        *fields = short;
    }
    fields.extend(clusters.map(|clusters| ("clusters".to_owned(), clusters)));
}

/// The shortest words for an API; `None` for one that we do not know.
fn shortest_uri(fields: &Map<String, Value>, line: Line) -> Option<Map<String, Value>> {
    let text = |key: &str| fields.get(key).and_then(Value::as_str).unwrap_or_default().trim();
    let (path, url, params) = (text("path"), text("url"), text("path_params"));
    let has_query = |text: &str| text.contains(['?', '#']);
    let url = if line >= Line::V2_19 && url.is_empty() && (has_query(path) || has_query(params)) {
        let behind = if params.is_empty() { String::new() } else { format!("/{params}") };
        format!("http://localhost:9200/{}{behind}", path.trim_start_matches('/'))
    } else {
        url.to_owned()
    };
    if has_query(&url) {
        // the server heeds no query string and keeps it; beside a path it takes none
        return Some(Map::from_iter([("url".to_owned(), url.into())]));
    }
    let path = if path.is_empty() { path_of(&url).unwrap_or_default() } else { path };
    let (api, behind) = cluster_apis::asked(path.trim_start_matches('/'))?;
    let params = if params.is_empty() { behind } else { params.trim_matches('/') };
    let mut short = Map::from_iter([("path".to_owned(), format!("/{}", api.path).into())]);
    if !params.is_empty() {
        short.insert("path_params".to_owned(), params.into());
    }
    Some(short)
}

/// The path in the URL of an API.
pub fn path_of(url: &str) -> Option<&str> {
    let (_, rest) = url.split_once("://")?;
    rest.split_once('/').map(|(_, path)| path)
}

fn document(fields: &mut Map<String, Value>) {
    drop_default(fields, "description", &json!(""));
    drop_default(fields, "fan_out_enabled", &json!(true));
    drop_default(fields, "queries", &json!([]));
    let queries = fields.get_mut("queries").and_then(Value::as_array_mut);
    for query in queries.into_iter().flatten().filter_map(Value::as_object_mut) {
        for list in ["fields", "tags", "query_field_names"] {
            drop_default(query, list, &json!([]));
        }
    }
}

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
    let text = |key: &str| fields.get(key).and_then(Value::as_str).unwrap_or_default().trim().to_owned();
    let (path, url, params) = (text("path"), text("url"), text("path_params"));
    let path = if path.is_empty() { path_of(&url).unwrap_or_default().to_owned() } else { path };
    let Some((api, behind)) = cluster_apis::asked(path.trim_start_matches('/')) else { return };
    let params = if params.is_empty() { behind.to_owned() } else { params.trim_matches('/').to_owned() };
    // 1.3 asks no other clusters, which `limits` reports
    let clusters = fields.remove("clusters").filter(|_| line >= Line::V2_19);
    fields.clear();
    fields.insert("path".to_owned(), format!("/{}", api.path).into());
    if !params.is_empty() {
        fields.insert("path_params".to_owned(), params.into());
    }
    fields.extend(clusters.map(|clusters| ("clusters".to_owned(), clusters)));
    drop_default(fields, "clusters", &json!([]));
}

fn path_of(url: &str) -> Option<&str> {
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

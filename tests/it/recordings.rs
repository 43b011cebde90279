//! The recorded search bodies, for tests that use them as examples of what people write.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on shall fail")]

use std::path::{Path, PathBuf};

use alertform::api::line::Line;
use serde_json::Value;

/// The folder with the recordings of this line's server.
pub fn folder(line: Line) -> PathBuf {
    let server = match line {
        Line::Odfe => "odfe-1.13",
        Line::V1_3 => "opensearch-1.3",
        Line::V2_19 => "opensearch-2.19",
        Line::V3 => "opensearch-3.8",
    };
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/conformance").join(server)
}

/// Name and spelling of every recorded search body that servers of this line accept.
pub fn accepted_bodies(line: Line) -> Vec<(String, Value)> {
    let path = folder(line).join("queries.json");
    let pairs: Vec<Value> = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let accepted = pairs.into_iter().filter(|pair| pair.get("returned").is_some());
    accepted.map(|pair| (pair["name"].as_str().unwrap().to_owned(), pair["sent"].clone())).collect()
}

/// Those of them that files may declare: under both keys of the aggregations a server forgets the first.
pub fn declarable_bodies(line: Line) -> Vec<(String, Value)> {
    let has_both = |body: &Value| body.get("aggs").is_some() && body.get("aggregations").is_some();
    accepted_bodies(line).into_iter().filter(|(_, body)| !has_both(body)).collect()
}

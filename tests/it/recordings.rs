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
    conformance().join(server)
}

fn conformance() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/conformance")
}

/// Every search body that was sent to servers of this line.
pub fn queries(line: Line) -> Vec<Value> {
    let mut pairs = read(&folder(line).join("queries.json"));
    let asked = |pair: &Value| pair["lines"].as_array().unwrap().contains(&line.as_str().into());
    pairs.extend(spellings().into_iter().filter(asked));
    pairs
}

/// What the names of such spellings begin with that few people use.
pub const ODD: &str = "odd/";

/// Spellings that few people use, each named by itself, and what it comes back as from the lines that take it.
fn spellings() -> Vec<Value> {
    let mut pairs = read(&conformance().join("spellings.json"));
    for pair in &mut pairs {
        pair["name"] = Value::String(format!("{ODD}{}", pair["sent"]));
    }
    pairs
}

fn read(path: &Path) -> Vec<Value> {
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

/// Name and spelling of every recorded search body that servers of this line accept.
pub fn accepted_bodies(line: Line) -> Vec<(String, Value)> {
    let accepted = queries(line).into_iter().filter(|pair| pair.get("returned").is_some());
    accepted.map(|pair| (pair["name"].as_str().unwrap().to_owned(), pair["sent"].clone())).collect()
}

/// Those of them that files may declare: under both keys of the aggregations a server forgets the first.
pub fn declarable_bodies(line: Line) -> Vec<(String, Value)> {
    let has_both = |body: &Value| body.get("aggs").is_some() && body.get("aggregations").is_some();
    accepted_bodies(line).into_iter().filter(|(_, body)| !has_both(body)).collect()
}

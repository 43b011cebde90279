//! What a cluster says of itself.

use serde_json::{Map, Value, json};

use super::exchange::{Request, Response};
use super::line_differences as lines;
use super::refusal::Refusal;
use super::state::State;
use crate::api::line::Line;

/// `GET /`
#[expect(clippy::unnecessary_wraps, reason = "all handlers have one signature")]
pub fn info(state: &mut State, _request: &Request) -> Result<Response, Refusal> {
    let mut version = Map::new();
    if state.line != Line::Odfe {
        version.insert("distribution".to_owned(), "opensearch".into());
    }
    version.insert("number".to_owned(), lines::version_number(state.line).into());
    let body = json!({
        "name": "sandbox",
        "cluster_name": "alertform-sandbox",
        "cluster_uuid": state.cluster_uuid,
        "version": Value::Object(version),
        "tagline": "You Know, for Rehearsals",
    });
    Ok(Response::json(200, body))
}

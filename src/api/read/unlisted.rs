//! Destinations of services that are too old to list them, or to give one by its id: until 1.0 the search for monitors
//! finds destinations as well.

use serde::Deserialize;
use serde_json::{Value, json};

use super::listing::MOST;
use super::search::Hit;
use super::{has_no_index, search};
use crate::api::client::Client;
use crate::api::line::Line;
use crate::api::request::Request;
use crate::error::Error;

/// All destinations, each as a list would give it.
pub async fn all(client: &Client, line: Line) -> Result<Vec<Value>, Error> {
    find(client, line, json!({"exists": {"field": "destination"}})).await
}

/// The destination with this id, as a list would give it; nothing when there is none.
pub async fn one(client: &Client, line: Line, id: &str) -> Result<Vec<Value>, Error> {
    let query =
        json!({"bool": {"filter": [{"exists": {"field": "destination"}}, {"ids": {"values": [id]}}]}});
    find(client, line, query).await
}

async fn find(client: &Client, line: Line, query: Value) -> Result<Vec<Value>, Error> {
    let body = json!({"size": MOST, "query": query, "track_total_hits": true});
    let request = Request::post(format!("{}/monitors/_search", line.alerting()), body).harmless();
    let answer = client.send(&request).await?;
    if has_no_index(&answer) {
        return Ok(Vec::new());
    }
    let hits = search::all(answer, &request, "destinations")?;
    Ok(hits.into_iter().map(document).collect())
}

#[derive(Deserialize)]
struct Source {
    destination: Value,
}

/// The destination as a list gives it.
fn document(hit: Hit<Source>) -> Value {
    let Hit { id, seq_no, primary_term, source: Source { mut destination } } = hit;
    // what stands there of these is what they were before the document was written
    destination["id"] = id.into();
    destination["seq_no"] = seq_no.into();
    destination["primary_term"] = primary_term.into();
    destination
}

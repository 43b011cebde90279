//! The list of destinations: filters, order and page.

use std::cmp::Ordering;

use serde_json::{Value, json};

use super::no_index;
use crate::sandbox::exchange::{Request, Response};
use crate::sandbox::index::Document;
use crate::sandbox::line_differences as lines;
use crate::sandbox::params;
use crate::sandbox::refusal::Refusal;
use crate::sandbox::state::State;
use crate::sandbox::words::{self, Join};

/// The farthest that a page may reach.
const WINDOW: i64 = 10_000;

/// `GET destinations` and `GET destinations/{id}`: both answer a list.
pub fn list(state: &mut State, request: &Request) -> Result<Response, Refusal> {
    let line = state.line;
    let size = params::int(request, "size", 20)?;
    let from = params::int(request, "startIndex", 0)?;
    let order = request.param("sortOrder").unwrap_or("asc").to_uppercase();
    if !matches!(order.as_str(), "ASC" | "DESC") {
        let root = lines::java_root(line);
        return Err(Refusal::illegal_argument(format!(
            "No enum constant {root}.search.sort.SortOrder.{order}"
        )));
    }
    if size < 0 {
        return Err(Refusal::illegal_argument(format!(
            "[size] parameter cannot be negative, found [{size}]"
        )));
    }
    if from < 0 {
        return Err(Refusal::illegal_argument("[from] parameter cannot be negative"));
    }
    if !state.config.exists {
        return Err(no_index(line));
    }
    let key = sort_key(request.param("sortString").unwrap_or("destination.name.keyword"));
    let Some(key) = key.filter(|_| from + size <= WINDOW) else {
        return Err(Refusal::alerting(500, "all shards failed", lines::search_failure_class(line)));
    };
    let mut found: Vec<(&str, &Document, &Value)> = state
        .config
        .searchable(state.now())
        .into_iter()
        .filter_map(|(id, document)| Some((id, document, document.body.get("destination")?)))
        .filter(|(id, _, destination)| wanted(request, id, destination))
        .collect();
    found.sort_by(|(_, _, a), (_, _, b)| {
        let ascending = compare(&a[key], &b[key]);
        if order == "ASC" { ascending } else { ascending.reverse() }
    });
    let total = found.len().min(usize::try_from(WINDOW).unwrap_or(usize::MAX));
    let page = found.into_iter().skip(count(from)).take(count(size));
    let destinations: Vec<Value> =
        page.map(|(id, document, destination)| shown(id, document, destination)).collect();
    Ok(Response::json(200, json!({"totalDestinations": total, "destinations": destinations})))
}

fn wanted(request: &Request, id: &str, destination: &Value) -> bool {
    let text = |key: &str| destination[key].as_str().unwrap_or_default();
    let id_asked = request.capture("id");
    let kind = request.param("destinationType").unwrap_or("ALL");
    let search = request.param("searchString").unwrap_or_default();
    (id_asked.is_empty() || id_asked == id)
        && (kind == "ALL" || kind == text("type"))
        && (search.trim().is_empty() || words::finds(search, Join::All, &[text("name"), text("type")]))
}

/// The key in a destination that a field of the index sorts by; other fields fail.
fn sort_key(field: &str) -> Option<&'static str> {
    match field {
        "destination.name.keyword" => Some("name"),
        "destination.type" => Some("type"),
        "destination.last_update_time" => Some("last_update_time"),
        "destination.schema_version" => Some("schema_version"),
        _ => None,
    }
}

fn compare(a: &Value, b: &Value) -> Ordering {
    match (a.as_i64(), b.as_i64()) {
        (Some(a), Some(b)) => a.cmp(&b),
        _ => a.as_str().cmp(&b.as_str()),
    }
}

fn count(number: i64) -> usize {
    usize::try_from(number).unwrap_or(0)
}

fn shown(id: &str, document: &Document, destination: &Value) -> Value {
    let mut shown = destination.clone();
    shown["id"] = id.into();
    shown["seq_no"] = document.seq_no.into();
    shown["primary_term"] = 1.into();
    shown
}

//! Destinations, as Open Distro and 1.x have them; from 2.0 on they can only be read, and there are none.

mod body;
mod list;

use serde_json::{Map, Value, json};

use self::body::Body;
use super::exchange::{Request, Response};
use super::line_differences as lines;
use super::params;
use super::reader::Reader;
use super::refusal::Refusal;
use super::routes::{ALL, Prefix, Route, TO_1_X, route};
use super::state::{Change, Home, State};
use crate::api::line::Line;

const WRITE: &[&str] = &["refresh", "if_seq_no", "if_primary_term"];
const LIST: &[&str] =
    &["sortString", "sortOrder", "missing", "size", "startIndex", "searchString", "destinationType"];

#[rustfmt::skip]
pub const ROUTES: &[Route] = &[
    route("POST", Prefix::Alerting, "destinations", TO_1_X, WRITE, create),
    route("PUT", Prefix::Alerting, "destinations/{id}", TO_1_X, WRITE, replace),
    route("DELETE", Prefix::Alerting, "destinations/{id}", TO_1_X, &["refresh"], delete),
    route("GET", Prefix::Alerting, "destinations", ALL, LIST, list::list),
    route("GET", Prefix::Alerting, "destinations/{id}", ALL, LIST, list::list),
];

/// Deletes a document of the config index, whatever it is: a server never looks.
pub fn delete(state: &mut State, request: &Request) -> Result<Response, Refusal> {
    let refresh = params::refresh(request)?;
    if !state.config.exists {
        return Err(no_index(state.line));
    }
    Ok(deleted(state, request.capture("id"), refresh))
}

/// Deletes a document of the config index and says so; one that is not there is no error.
pub fn deleted(state: &mut State, id: &str, refresh: super::index::Refresh) -> Response {
    let result = if state.config.get(id).is_some() { "deleted" } else { "not_found" };
    let (version, seq_no) = state.delete(Home::Config, id, refresh);
    let body = json!({
        "_index": ".opendistro-alerting-config",
        "_type": "_doc",
        "_id": id,
        "_version": version,
        "result": result,
        "forced_refresh": refresh == super::index::Refresh::Now,
        "_shards": {"total": 2, "successful": 1, "failed": 0},
        "_seq_no": seq_no,
        "_primary_term": 1,
    });
    Response::json(200, body)
}

/// The 404 of a read or delete before anything was written.
pub fn no_index(line: Line) -> Refusal {
    let (reason, cause) = lines::no_destinations_index(line);
    Refusal::alerting_caused(404, reason, cause)
}

fn create(state: &mut State, request: &Request) -> Result<Response, Refusal> {
    let body = read(state, request)?;
    params::expected(request)?;
    let refresh = params::refresh(request)?;
    let first = !state.config.exists;
    state.change(Change::Make(Home::Config));
    let Some(content) = body.content() else {
        // Recorded: as the very first write to a cluster such a request makes the index and hangs for ever.
        return if first { Ok(Response::never()) } else { Err(no_content(&body)) };
    };
    let id = state.mint_id();
    let stored = stored(state, "", &body, content);
    let document = state.put(Home::Config, &id, json!({"destination": stored}), refresh);
    let location = format!("{}/destinations/{id}", state.line.alerting());
    Ok(Response::json(201, written(&id, document.version, document.seq_no, &stored)).at(location))
}

fn replace(state: &mut State, request: &Request) -> Result<Response, Refusal> {
    let body = read(state, request)?;
    let expected = params::expected(request)?;
    let refresh = params::refresh(request)?;
    let (line, id) = (state.line, request.capture("id").to_owned());
    state.change(Change::Make(Home::Config));
    let Some(current) = state.config.get(&id) else {
        let class = lines::status_exception_class(line);
        return Err(Refusal::alerting(404, format!("Destination with {id} is not found"), class));
    };
    let content = body.content().ok_or_else(|| no_content(&body))?;
    expected
        .check(line, &id, current)
        .map_err(|fault| Refusal::alerting(fault.status, fault.reason, fault.class))?;
    let stored = stored(state, &id, &body, content);
    let document = state.put(Home::Config, &id, json!({"destination": stored}), refresh);
    Ok(Response::json(200, written(&id, document.version, document.seq_no, &stored)))
}

fn read(state: &State, request: &Request) -> Result<Body, Refusal> {
    let mut reader = Reader::new(state.line, &request.body)?;
    Ok(body::read(&mut reader)?)
}

fn no_content(body: &Body) -> Refusal {
    Refusal::illegal_argument(format!("Content is NULL for destination type {}", body.kind))
}

/// The destination as it is kept and answered to a write; its own revision is always 0 in there.
fn stored(state: &State, id: &str, body: &Body, content: &Value) -> Value {
    let mut stored = Map::new();
    let mut add = |key: &str, value: Value| stored.insert(key.to_owned(), value);
    add("id", id.into());
    add("type", body.kind.into());
    add("name", body.name.as_str().into());
    if lines::shows_user(state.line) {
        add("user", nobody());
    }
    add("schema_version", lines::destination_schema(state.line).into());
    add("seq_no", 0.into());
    add("primary_term", 0.into());
    add("last_update_time", body.last_update_time.unwrap_or_else(|| state.now()).into());
    add(body.kind, content.clone());
    Value::Object(stored)
}

/// The user that an Open Distro server without security writes into documents.
fn nobody() -> Value {
    json!({
        "name": "", "backend_roles": [], "roles": [], "custom_attribute_names": [], "user_requested_tenant": null
    })
}

fn written(id: &str, version: u64, seq_no: u64, stored: &Value) -> Value {
    json!({"_id": id, "_version": version, "_seq_no": seq_no, "_primary_term": 1, "destination": stored})
}

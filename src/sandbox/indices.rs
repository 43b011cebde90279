//! Other indices: their names are kept, since monitors may only search what exists; their documents are not.

use serde_json::{Value, json};

use super::exchange::{Request, Response};
use super::line_differences::{CHANNELS_INDEX, monitors as lines};
use super::refusal::Refusal;
use super::routes::{ALL, Prefix, Route, TO_1_X, route};
use super::state::{Change, State};
use super::unsupported;

/// The routes of indices.
#[rustfmt::skip]
pub const ROUTES: &[Route] = &[
    route("PUT", Prefix::Root, "{index}", ALL, &[], make),
    route("DELETE", Prefix::Root, "{index}", ALL, &[], remove),
    route("GET", Prefix::Root, "{index}/_refresh", ALL, &[], refresh),
    route("POST", Prefix::Root, "{index}/_refresh", ALL, &[], refresh),
    route("POST", Prefix::Root, "{index}/_bulk", ALL, &["refresh"], bulk),
    route("PUT", Prefix::Root, "{index}/_doc/{doc}", ALL, &["refresh"], index_document),
    route("POST", Prefix::Root, "{index}/_doc", ALL, &["refresh"], index_document),
    route("POST", Prefix::Root, "{index}/{type}", TO_1_X, &["refresh"], typed_write),
    route("GET", Prefix::Root, "{index}/{type}/{doc}", TO_1_X, &[], typed_read),
    route("POST", Prefix::Root, "{index}/{type}/{doc}", TO_1_X, &["refresh"], typed_write),
    route("PUT", Prefix::Root, "{index}/{type}/{doc}", TO_1_X, &["refresh"], typed_write),
];

/// Whether a name has a wildcard, is a date expression, or names a whole cluster's indices.
pub fn is_pattern(name: &str) -> bool {
    name.contains('*') || name.starts_with('<') || name == "_all" || name.is_empty()
}

/// Whether an index of this name exists.
pub fn exists(state: &State, name: &str) -> bool {
    state.indices.contains(name)
        || (name == lines::CONFIG_INDEX && state.config.exists)
        || name == CHANNELS_INDEX && state.channels.exists
}

fn make(state: &mut State, request: &Request) -> Result<Response, Refusal> {
    let name = checked(request)?;
    if exists(state, &name) {
        let reason = format!("index [{name}] already exists");
        return Err(Refusal::exception(400, "resource_already_exists_exception", reason));
    }
    state.change(Change::MakeIndex(name.clone()));
    let body = json!({"acknowledged": true, "shards_acknowledged": true, "index": name});
    Ok(Response::json(200, body))
}

fn remove(state: &mut State, request: &Request) -> Result<Response, Refusal> {
    let name = request.capture("index").to_owned();
    if !state.indices.contains(&name) {
        return Err(Refusal::exception(404, "index_not_found_exception", format!("no such index [{name}]")));
    }
    state.change(Change::DeleteIndex(name));
    Ok(Response::json(200, json!({"acknowledged": true})))
}

fn refresh(state: &mut State, request: &Request) -> Result<Response, Refusal> {
    let name = request.capture("index").to_owned();
    if !exists(state, &name) {
        return Err(Refusal::exception(404, "index_not_found_exception", format!("no such index [{name}]")));
    }
    if name == lines::CONFIG_INDEX {
        state.config.reveal();
    }
    if name == CHANNELS_INDEX {
        state.channels.reveal();
    }
    Ok(Response::json(200, json!({"_shards": {"total": 2, "successful": 1, "failed": 0}})))
}

fn bulk(state: &mut State, request: &Request) -> Result<Response, Refusal> {
    auto_make(state, request)?;
    Ok(Response::json(200, json!({"took": 0, "errors": false, "items": []})))
}

fn index_document(state: &mut State, request: &Request) -> Result<Response, Refusal> {
    let name = auto_make(state, request)?;
    let id = match request.capture("doc") {
        "" => state.mint_id(),
        id => id.to_owned(),
    };
    let body = json!({"_index": name, "_id": id, "_version": 1, "result": "created", "_seq_no": 0, "_primary_term": 1});
    Ok(Response::json(201, body))
}

/// Documents had types once: any three words are a place for one, unless the alerting plugin claims the first two.
fn typed_read(state: &mut State, request: &Request) -> Result<Response, Refusal> {
    refuse_claimed(state, request)?;
    let name = request.capture("index");
    if exists(state, name) {
        return Err(unsupported::beyond("reading a document"));
    }
    Err(Refusal::exception(404, "index_not_found_exception", format!("no such index [{name}]"))
        .detail("resource.type", "index_expression")
        .detail("resource.id", name)
        .detail("index_uuid", "_na_")
        .detail("index", name))
}

fn typed_write(state: &mut State, request: &Request) -> Result<Response, Refusal> {
    refuse_claimed(state, request)?;
    index_document(state, request)
}

fn refuse_claimed(state: &State, request: &Request) -> Result<(), Refusal> {
    let place = format!("/{}/{}", request.capture("index"), request.capture("type"));
    if place != state.line.alerting() && place != "/_opendistro/_alerting" {
        return Ok(());
    }
    let path = request.raw_path();
    Err(Refusal::illegal_argument(format!("request [{path}] contains unrecognized parameter: [nodeId]")))
}

/// An index is made by its first document.
fn auto_make(state: &mut State, request: &Request) -> Result<String, Refusal> {
    let name = checked(request)?;
    if !exists(state, &name) {
        state.change(Change::MakeIndex(name.clone()));
    }
    Ok(name)
}

fn checked(request: &Request) -> Result<String, Refusal> {
    let name = request.capture("index");
    let reason = if name.starts_with(['_', '-', '+']) {
        format!("Invalid index name [{name}], must not start with '_', '-', or '+'")
    } else if name.to_lowercase() != name {
        format!("Invalid index name [{name}], must be lowercase")
    } else {
        return Ok(name.to_owned());
    };
    Err(Refusal::exception(400, "invalid_index_name_exception", reason)
        .detail("index_uuid", "_na_")
        .detail("index", Value::from(name)))
}

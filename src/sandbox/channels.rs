//! Notification channels, from 2.0 on: create, read, replace, delete, and what there is to choose from.

mod body;
mod checks;
mod data;
mod filters;
mod list;
mod test_send;

use serde_json::{Map, Value, json};

use self::body::Body;
use super::exchange::{Request, Response};
use super::ids;
use super::index::Document;
use super::line_differences as lines;
use super::reader::Reader;
use super::refusal::Refusal;
use super::routes::{FROM_2_0, Prefix, Route, route};
use super::state::{Home, State};

/// The types that are listed as allowed; those of late lines are taken without being listed.
const TYPES: [&str; 9] = [
    "slack",
    "chime",
    "microsoft_teams",
    "webhook",
    "email",
    "sns",
    "ses_account",
    "smtp_account",
    "email_group",
];

const IDS: &[&str] = &["config_id", "config_id_list"];

/// The routes of channels.
#[rustfmt::skip]
pub const ROUTES: &[Route] = &[
    route("POST", Prefix::Notifications, "configs", FROM_2_0, &[], create),
    route("PUT", Prefix::Notifications, "configs/{id}", FROM_2_0, &[], replace),
    route("GET", Prefix::Notifications, "configs", FROM_2_0, filters::PARAMS, list::configs),
    route("GET", Prefix::Notifications, "configs/{id}", FROM_2_0, &[], list::configs),
    route("DELETE", Prefix::Notifications, "configs", FROM_2_0, IDS, delete),
    route("DELETE", Prefix::Notifications, "configs/{id}", FROM_2_0, &[], delete),
    route("GET", Prefix::Notifications, "features", FROM_2_0, &[], features),
    route("GET", Prefix::Notifications, "channels", FROM_2_0, &[], list::channels),
    route("POST", Prefix::Notifications, "feature/test/{id}", FROM_2_0, &[], test_send::send),
    route("GET", Prefix::Notifications, "feature/test/{id}", FROM_2_0, &[], test_send::send),
];

fn create(state: &mut State, request: &Request) -> Result<Response, Refusal> {
    let Body { id, config } = read(state, request)?;
    if let Some(id) = &id {
        ids::check(id)?;
    }
    checks::check(state, &config)?;
    let line = state.line;
    let id = id.unwrap_or_else(|| state.mint_id());
    if id.len() > 512 {
        return Err(lines::channel_id_too_long(line, &id));
    }
    if let Some(Document { version, .. }) = state.channels.get(&id) {
        return Err(lines::channel_exists(line, &id, *version));
    }
    let now = state.now();
    Ok(written(state, &id, now, &config))
}

/// Replaces the whole; an id in the body counts more than the one in the path.
fn replace(state: &mut State, request: &Request) -> Result<Response, Refusal> {
    let Body { id, config } = read(state, request)?;
    let id = id.unwrap_or_else(|| request.capture("id").to_owned());
    checks::check(state, &config)?;
    let Some(current) = state.channels.get(&id) else {
        return Err(not_found(&id));
    };
    if current.body["config"]["config_type"] != config["config_type"] {
        return Err(Refusal::exception(
            409,
            "status_exception",
            "Config type cannot be changed after creation",
        ));
    }
    let created = current.body["metadata"]["created_time_ms"].as_i64().unwrap_or_default();
    Ok(written(state, &id, created, &config))
}

fn delete(state: &mut State, request: &Request) -> Result<Response, Refusal> {
    let ids = asked_ids(request);
    if ids.is_empty() {
        return Err(Refusal::text(400, "either config_id or config_id_list is required"));
    }
    refuse_missing(state, &ids)?;
    let refresh = lines::channel_refresh(state.line);
    let mut deleted = Map::new();
    for id in ids {
        state.delete(Home::Channels, &id, refresh);
        deleted.insert(id, "OK".into());
    }
    Ok(Response::json(200, json!({"delete_response_list": deleted})))
}

#[expect(clippy::unnecessary_wraps, reason = "all handlers have one signature")]
fn features(_state: &mut State, _request: &Request) -> Result<Response, Refusal> {
    let body = json!({"allowed_config_type_list": TYPES, "plugin_features": {"tooltip_support": "true"}});
    Ok(Response::json(200, body))
}

fn read(state: &State, request: &Request) -> Result<Body, Refusal> {
    let mut reader = Reader::new(state.line, &request.body)?;
    let known: Vec<&str> =
        TYPES.into_iter().chain(lines::late_channel_types(state.line).iter().copied()).collect();
    Ok(body::read(&mut reader, &known)?)
}

fn written(state: &mut State, id: &str, created: i64, config: &Value) -> Response {
    let metadata = json!({"last_updated_time_ms": state.now(), "created_time_ms": created, "access": []});
    let refresh = lines::channel_refresh(state.line);
    state.put(Home::Channels, id, json!({"metadata": metadata, "config": config}), refresh);
    Response::json(200, json!({"config_id": id}))
}

/// The ids in the path or the query: a list counts more than a single one.
fn asked_ids(request: &Request) -> Vec<String> {
    let single = Some(request.capture("id")).filter(|id| !id.is_empty()).or(request.param("config_id"));
    let listed = request.param("config_id_list").filter(|list| !list.trim().is_empty());
    let mut ids = Vec::new();
    for id in listed.map_or_else(|| vec![single.unwrap_or_default()], |list| list.split(',').collect()) {
        if !id.trim().is_empty() && !ids.iter().any(|other| other == id) {
            ids.push(id.to_owned());
        }
    }
    ids
}

/// Refuses the whole when one id is missing.
fn refuse_missing(state: &State, ids: &[String]) -> Result<(), Refusal> {
    let missing: Vec<&str> =
        ids.iter().map(String::as_str).filter(|id| state.channels.get(id).is_none()).collect();
    match (missing.as_slice(), ids.len()) {
        ([], _) => Ok(()),
        ([id], 1) => Err(not_found(id)),
        (missing, _) => Err(not_found(&format!("[{}]", missing.join(", ")))),
    }
}

fn not_found(id: &str) -> Refusal {
    Refusal::exception(404, "status_exception", format!("NotificationConfig {id} not found"))
}

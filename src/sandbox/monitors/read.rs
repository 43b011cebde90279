//! Reading and deleting monitors.

use serde_json::{Map, Value, json};

use super::super::exchange::{Request, Response};
use super::super::index::{Document, Refresh};
use super::super::line_differences::{casts, monitors as lines};
use super::super::params;
use super::super::refusal::Refusal;
use super::super::state::{Home, State};
use super::super::workflows::usage;

/// `GET monitors/{id}`
pub fn get(state: &mut State, request: &Request) -> Result<Response, Refusal> {
    let id = request.capture("id");
    let document = find(state, id)?;
    let Some(monitor) = document.body.get("monitor") else {
        return Err(casts::no_monitor_to_read(state.line));
    };
    let mut body = Map::new();
    body.insert("_id".to_owned(), id.into());
    body.insert("_version".to_owned(), document.version.into());
    body.insert("_seq_no".to_owned(), document.seq_no.into());
    body.insert("_primary_term".to_owned(), 1.into());
    body.insert("monitor".to_owned(), visible(monitor, state, request));
    if lines::has_workflows(state.line) {
        let used = usage::of(state, id);
        let used = used.iter().map(|usage| json!({"id": usage.id, "name": usage.name}));
        body.insert("associated_workflows".to_owned(), used.collect());
    }
    Ok(Response::json(200, Value::Object(body)))
}

/// `HEAD monitors/{id}`
pub fn head(state: &mut State, request: &Request) -> Result<Response, Refusal> {
    find(state, request.capture("id"))?;
    Ok(Response::empty(200))
}

/// `DELETE monitors/{id}`
pub fn delete(state: &mut State, request: &Request) -> Result<Response, Refusal> {
    let id = request.capture("id").to_owned();
    let refresh = params::refresh(request)?;
    let found = state.config.get(&id).is_some();
    if lines::delete_tells_missing(state.line) {
        check_deletable(state, &id)?;
    }
    if !state.config.exists {
        return Err(lines::index_not_found(state.line, lines::CONFIG_INDEX));
    }
    let (version, seq_no) = state.delete(Home::Config, &id, refresh);
    if lines::delete_tells_missing(state.line) {
        return Ok(Response::json(200, json!({"_id": id, "_version": version})));
    }
    let mut body = Map::new();
    body.insert("_index".to_owned(), lines::CONFIG_INDEX.into());
    body.insert("_type".to_owned(), "_doc".into());
    body.insert("_id".to_owned(), id.into());
    body.insert("_version".to_owned(), version.into());
    body.insert("result".to_owned(), if found { "deleted" } else { "not_found" }.into());
    if refresh == Refresh::Now && request.param("refresh") != Some("wait_for") {
        body.insert("forced_refresh".to_owned(), true.into());
    }
    body.insert("_shards".to_owned(), json!({"total": 2, "successful": 1, "failed": 0}));
    body.insert("_seq_no".to_owned(), seq_no.into());
    body.insert("_primary_term".to_owned(), 1.into());
    Ok(Response::json(200, Value::Object(body)))
}

/// Gives a monitor without what only Dashboards may see.
pub fn visible(monitor: &Value, state: &State, request: &Request) -> Value {
    let mut shown = monitor.clone();
    if !sees_ui_metadata(state, request)
        && let Some(shown) = shown.as_object_mut()
    {
        shown.shift_remove("ui_metadata");
    }
    shown
}

/// Whether the client calls itself Dashboards.
pub fn sees_ui_metadata(state: &State, request: &Request) -> bool {
    let word = lines::dashboards_word(state.line);
    request.user_agent.as_ref().is_some_and(|agent| agent.contains(word))
}

fn find<'a>(state: &'a State, id: &str) -> Result<&'a Document, Refusal> {
    if !state.config.exists && lines::needs_config_index(state.line) {
        return Err(lines::index_not_found(state.line, lines::CONFIG_INDEX));
    }
    state.config.get(id).ok_or_else(|| lines::status_refusal(state.line, 404, "Monitor not found."))
}

/// Refuses to delete what is not there, is no monitor, or is a part of a workflow.
fn check_deletable(state: &State, id: &str) -> Result<(), Refusal> {
    let document = state.config.get(id).ok_or_else(|| missing_on_delete(state, id))?;
    if document.body.get("monitor").is_none() {
        return Err(casts::no_monitor_to_delete(state.line, id));
    }
    if !usage::of(state, id).is_empty() {
        return Err(Refusal::not_allowed("Monitor can't be deleted because it is a part of workflow(s)"));
    }
    Ok(())
}

fn missing_on_delete(state: &State, id: &str) -> Refusal {
    if !state.config.exists && lines::needs_config_index(state.line) {
        return lines::index_not_found(state.line, lines::CONFIG_INDEX);
    }
    Refusal::exception(404, "status_exception", format!("Monitor with {id} is not found"))
}

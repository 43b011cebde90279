//! What the sandbox cannot do, said in plain words; and what it has none of, as a fresh cluster says it.

use serde_json::json;

use super::exchange::{Request, Response};
use super::line_differences::{casts, monitors as lines};
use super::monitors;
use super::refusal::Refusal;
use super::state::State;

/// The parameters of the list of alerts.
pub const ALERT_PARAMS: &[&str] = &[
    "sortString",
    "sortOrder",
    "missing",
    "size",
    "startIndex",
    "searchString",
    "severityLevel",
    "alertState",
    "monitorId",
    "workflowIds",
];

/// The parameters of the list of alerts of workflows.
pub const WORKFLOW_ALERT_PARAMS: &[&str] = &[
    "sortString",
    "sortOrder",
    "missing",
    "size",
    "startIndex",
    "searchString",
    "severityLevel",
    "alertState",
    "workflowIds",
    "alertIds",
    "getAssociatedAlerts",
];

/// Refuses what only a real cluster can do.
pub fn beyond(what: &str) -> Refusal {
    let reason = format!(
        "the sandbox holds configuration, it runs no queries and sends no messages: {what} needs a real cluster"
    );
    Refusal::exception(501, "sandbox_unsupported_exception", reason)
}

/// `POST monitors/_execute`: what is wrong with the monitor itself is still told.
pub fn execute_inline(state: &mut State, request: &Request) -> Result<Response, Refusal> {
    monitors::parse(state, request)?;
    Err(beyond("running a monitor"))
}

/// `POST monitors/{id}/_execute`
pub fn execute(state: &mut State, request: &Request) -> Result<Response, Refusal> {
    let id = request.capture("id");
    if !state.config.exists {
        return Err(lines::execute_without_index(state.line));
    }
    match state.config.get(id) {
        None => Err(lines::status_refusal(state.line, 404, &format!("Can't find monitor with id: {id}"))),
        Some(document) if document.body.get("monitor").is_none() => {
            Err(casts::no_monitor_to_read(state.line))
        }
        Some(_) => Err(beyond("running a monitor")),
    }
}

/// `POST workflows/{id}/_execute`
pub fn execute_workflow(state: &mut State, request: &Request) -> Result<Response, Refusal> {
    let id = request.capture("id");
    if !state.config.exists {
        return Err(lines::index_not_found(state.line, lines::CONFIG_INDEX));
    }
    match state.config.get(id) {
        None => Err(lines::status_refusal(state.line, 404, &format!("Can't find workflow with id: {id}"))),
        Some(document) if document.body.get("workflow").is_none() => {
            Err(lines::lost_in_transport(state.line))
        }
        Some(_) => Err(beyond("running a workflow")),
    }
}

/// `POST monitors/{id}/_acknowledge/alerts`, `POST workflows/{id}/_acknowledge/alerts`
pub fn acknowledge(_state: &mut State, _request: &Request) -> Result<Response, Refusal> {
    Err(beyond("acknowledging alerts"))
}

/// `GET monitors/alerts`: nothing ever runs, so there are none.
#[expect(clippy::unnecessary_wraps, reason = "all handlers have one signature")]
pub fn alerts(_state: &mut State, _request: &Request) -> Result<Response, Refusal> {
    Ok(Response::json(200, json!({"alerts": [], "totalAlerts": 0})))
}

/// `GET workflows/alerts`: none either.
#[expect(clippy::unnecessary_wraps, reason = "all handlers have one signature")]
pub fn workflow_alerts(_state: &mut State, _request: &Request) -> Result<Response, Refusal> {
    Ok(Response::json(200, json!({"alerts": [], "associatedAlerts": [], "totalAlerts": 0})))
}

/// Refuses what would need a search engine or a network.
pub fn needs_a_cluster(_state: &mut State, request: &Request) -> Result<Response, Refusal> {
    Err(beyond(&format!("{} {}", request.method, request.raw_path())))
}

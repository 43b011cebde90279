//! What the sandbox cannot do, said in plain words; and what it has none of, as a fresh cluster says it.

use serde_json::json;

use super::exchange::{Request, Response};
use super::line_differences::monitors as lines;
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

/// Refuses what only a real cluster can do.
pub fn beyond(what: &str) -> Refusal {
    let reason = format!(
        "the sandbox holds configuration, it runs no queries and sends no messages: {what} needs a real cluster"
    );
    Refusal::exception(501, "sandbox_unsupported_exception", reason)
}

/// `POST monitors/_execute`
pub fn execute_inline(_state: &mut State, _request: &Request) -> Result<Response, Refusal> {
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
        Some(document) if document.body.get("monitor").is_none() => Err(lines::lost_in_transport(state.line)),
        Some(_) => Err(beyond("running a monitor")),
    }
}

/// `POST monitors/{id}/_acknowledge/alerts`
pub fn acknowledge(_state: &mut State, _request: &Request) -> Result<Response, Refusal> {
    Err(beyond("acknowledging alerts"))
}

/// `GET monitors/alerts`: nothing ever runs, so there are none.
#[expect(clippy::unnecessary_wraps, reason = "all handlers have one signature")]
pub fn alerts(_state: &mut State, _request: &Request) -> Result<Response, Refusal> {
    Ok(Response::json(200, json!({"alerts": [], "totalAlerts": 0})))
}

/// Anything of workflows.
pub fn workflows(_state: &mut State, _request: &Request) -> Result<Response, Refusal> {
    Err(beyond("a workflow"))
}

/// Refuses what would need a search engine or a network.
pub fn needs_a_cluster(_state: &mut State, request: &Request) -> Result<Response, Refusal> {
    Err(beyond(&format!("{} {}", request.method, request.raw_path())))
}

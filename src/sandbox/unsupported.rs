//! What the sandbox cannot do, said in plain words; and what it has none of, as a fresh cluster says it.

use serde_json::json;

use super::exchange::{Request, Response};
use super::line_differences::monitors as lines;
use super::monitors;
use super::refusal::Refusal;
use super::routes::{FROM_2_0, Prefix, Route, route};
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

/// The routes of what the sandbox has nothing of.
#[rustfmt::skip]
pub const ROUTES: &[Route] = &[
    route("POST", Prefix::PluginsAlerting, "workflows", FROM_2_0, WRITE, needs_a_cluster),
    route("GET", Prefix::PluginsAlerting, "workflows/alerts", FROM_2_0, ALERT_PARAMS, alerts),
    route("PUT", Prefix::PluginsAlerting, "workflows/{id}", FROM_2_0, WRITE, needs_a_cluster),
    route("GET", Prefix::PluginsAlerting, "workflows/{id}", FROM_2_0, &["version"], needs_a_cluster),
    route("DELETE", Prefix::PluginsAlerting, "workflows/{id}", FROM_2_0, &["refresh", "deleteDelegateMonitors"], needs_a_cluster),
    route("POST", Prefix::PluginsAlerting, "workflows/{id}/_execute", FROM_2_0, &["dryrun", "period_end"], needs_a_cluster),
];

const WRITE: &[&str] = &["refresh", "if_seq_no", "if_primary_term"];

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

/// Refuses what would need a search engine or a network.
pub fn needs_a_cluster(_state: &mut State, request: &Request) -> Result<Response, Refusal> {
    Err(beyond(&format!("{} {}", request.method, request.raw_path())))
}

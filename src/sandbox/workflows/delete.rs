//! Deleting workflows, with their delegates if that is wanted.

use serde_json::{Value, json};

use super::super::exchange::{Request, Response};
use super::super::index::Refresh;
use super::super::line_differences::casts;
use super::super::params;
use super::super::refusal::Refusal;
use super::super::state::{Home, State};
use super::{read, usage};

/// `DELETE workflows/{id}`: searches see it at once, whatever `refresh` says.
pub fn delete(state: &mut State, request: &Request) -> Result<Response, Refusal> {
    let id = request.capture("id");
    let with_delegates = params::boolean(request, "deleteDelegateMonitors")?;
    params::refresh(request)?;
    if !state.config.exists {
        return Err(Refusal::exception(404, "status_exception", "Workflow not found."));
    }
    let document = state.config.get(id).ok_or_else(|| read::missing(state))?;
    let Some(workflow) = document.body.get("workflow") else {
        return Err(casts::monitor_for_workflow(state.line).wrapped());
    };
    let monitors = if with_delegates { deletable(state, id, workflow)? } else { Vec::new() };
    let (version, _) = state.delete(Home::Config, id, Refresh::Now);
    for monitor in monitors {
        state.delete(Home::Config, &monitor, Refresh::Now);
    }
    let left = if with_delegates { json!([]) } else { Value::Null };
    Ok(Response::json(200, json!({"_id": id, "_version": version, "NON_DELETED_MONITORS": left})))
}

/// Gives the delegates of a workflow: all of them go or none does, so that none may be in another workflow.
fn deletable(state: &State, id: &str, workflow: &Value) -> Result<Vec<String>, Refusal> {
    let delegates = usage::delegates(workflow);
    let shared: Vec<&str> =
        usage::shared(state, id, &delegates).iter().flat_map(usage::Usage::monitors).collect();
    let is_there = |monitor: &str| {
        let document = state.config.get(monitor);
        document.is_some_and(|document| document.body.get("monitor").is_some())
    };
    let kept: Vec<&str> =
        delegates.iter().copied().filter(|monitor| shared.contains(monitor) || !is_there(monitor)).collect();
    if kept.is_empty() {
        return Ok(delegates.into_iter().map(str::to_owned).collect());
    }
    Err(Refusal::not_allowed(format!("Not allowed to delete {} monitors", kept.join(", "))))
}

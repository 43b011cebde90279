//! Creating and replacing workflows. What is wrong with a body is told as it is, never wrapped.

use serde_json::{Value, json};

use super::super::exchange::{Request, Response};
use super::super::fault::Fault;
use super::super::index::Refresh;
use super::super::line_differences::{casts, monitors as lines, workflows};
use super::super::params;
use super::super::reader::{Reader, Token};
use super::super::refusal::Refusal;
use super::super::state::{Home, State};
use super::workflow::Workflow;
use super::{delegates, read, sequence, workflow};

/// `POST workflows`
pub fn create(state: &mut State, request: &Request) -> Result<Response, Refusal> {
    let workflow = parse(state, request)?;
    let revision = params::expected(request)?;
    params::refresh(request)?;
    check(state, &workflow)?;
    if revision.negative_seq_no().is_some() {
        // thrown where nobody catches it, so nobody answers
        return Ok(Response::never());
    }
    revision.check_whole(state.line).map_err(refused)?;
    let shown = workflow.shown(state);
    let id = state.mint_id();
    // a document beside it, which the runs write to, is made with a refresh
    let document = state.put(Home::Config, &id, json!({"workflow": shown}), Refresh::Now);
    let location = format!("{}/workflows/{id}", state.line.alerting());
    Ok(Response::json(201, read::shown(&id, &document, &shown)).at(location))
}

/// `PUT workflows/{id}`
pub fn update(state: &mut State, request: &Request) -> Result<Response, Refusal> {
    let mut workflow = parse(state, request)?;
    let revision = params::expected(request)?;
    let refresh = params::refresh(request)?;
    let id = request.capture("id");
    check(state, &workflow)?;
    let Some(stored) = state.config.get(id) else {
        let reason = format!("Workflow with {id} is not found");
        return Err(lines::status_refusal(state.line, 404, &reason));
    };
    let Some(before) = stored.body.get("workflow") else {
        return Err(casts::monitor_for_workflow(state.line).wrapped());
    };
    if let Some(seq_no) = revision.negative_seq_no() {
        return Err(lines::negative_seq_no(state.line, seq_no));
    }
    revision.check(state.line, id, stored).map_err(refused)?;
    if workflow.enabled && before.get("enabled") == Some(&Value::Bool(true)) {
        workflow.enabled_time = before.get("enabled_time").and_then(Value::as_i64);
    }
    workflow.schema_version = lines::schema_version(state.line);
    let shown = workflow.shown(state);
    let document = state.put(Home::Config, id, json!({"workflow": shown}), refresh);
    Ok(Response::json(200, read::shown(id, &document, &shown)))
}

fn parse(state: &mut State, request: &Request) -> Result<Workflow, Refusal> {
    let mut reader = Reader::new(state.line, &request.body)?;
    reader.expect(&Token::StartObject)?;
    Ok(workflow::parse(&mut reader, state)?)
}

fn check(state: &State, workflow: &Workflow) -> Result<(), Refusal> {
    sequence::check(workflow)?;
    workflows::check_triggers(state.line, workflow.triggers.len()).map_err(Fault::wrapped)?;
    delegates::check(state, workflow)
}

/// The refusal of a revision; 3.x writes monitors by other means, and refuses theirs in other words.
fn refused(fault: Fault) -> Refusal {
    Refusal::alerting(fault.status, fault.reason, fault.class)
}

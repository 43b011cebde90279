//! Reading workflows by id.

use serde_json::{Value, json};

use super::super::exchange::{Request, Response};
use super::super::index::Document;
use super::super::line_differences::monitors as lines;
use super::super::refusal::Refusal;
use super::super::state::State;

/// `GET workflows/{id}`
pub fn get(state: &mut State, request: &Request) -> Result<Response, Refusal> {
    let id = request.capture("id");
    if !state.config.exists {
        return Err(Refusal::exception(404, "status_exception", "Workflow not found"));
    }
    let document = state.config.get(id).ok_or_else(|| missing(state))?;
    let workflow = document.body.get("workflow").ok_or_else(|| missing(state))?;
    Ok(Response::json(200, shown(id, document, workflow)))
}

/// Gives what reads and writes answer.
pub fn shown(id: &str, document: &Document, workflow: &Value) -> Value {
    let Document { version, seq_no, .. } = document;
    json!({"_id": id, "_version": version, "_seq_no": seq_no, "_primary_term": 1, "workflow": workflow})
}

/// The refusal of an id under which there is no workflow.
pub fn missing(state: &State) -> Refusal {
    lines::status_refusal(state.line, 404, "Workflow not found.")
}

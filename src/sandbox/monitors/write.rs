//! Creating and replacing monitors.

use serde_json::{Value, json};

use super::super::exchange::{Request, Response};
use super::super::fault::Fault;
use super::super::index::Refresh;
use super::super::line_differences::{casts, monitors as lines};
use super::super::reader::{Reader, Token};
use super::super::refusal::Refusal;
use super::super::state::{Change, Home, State};
use super::super::{indices, params, settings};
use super::monitor::{self, Monitor};
use super::{data_sources, document};

/// `POST monitors`
pub fn create(state: &mut State, request: &Request) -> Result<Response, Refusal> {
    let mut monitor = parse(state, request)?;
    // read, and of no use on a create
    params::expected(request)?;
    let refresh = refresh(state, request)?;
    check_document_level(state, &monitor)?;
    check_indices(state, &monitor)?;
    make_index(state);
    check_throttles(&monitor)?;
    check_count(state)?;
    monitor.schema_version = lines::created_schema_version(state.line, monitor.schema_version);
    let shown = monitor.shown(state);
    let id = state.mint_id();
    let document = state.put(Home::Config, &id, json!({"monitor": shown}), refresh);
    let body = reply(&id, document.version, document.seq_no, &shown);
    Ok(Response::json(201, body).at(format!("{}/monitors/{id}", state.line.alerting())))
}

/// `PUT monitors/{id}`
pub fn update(state: &mut State, request: &Request) -> Result<Response, Refusal> {
    let mut monitor = parse(state, request)?;
    let revision = params::expected(request)?;
    let refresh = refresh(state, request)?;
    let id = request.capture("id");
    check_document_level(state, &monitor)?;
    check_indices(state, &monitor)?;
    make_index(state);
    check_throttles(&monitor)?;
    let Some(stored) = state.config.get(id) else {
        return Err(lines::status_refusal(state.line, 404, &format!("Monitor with {id} is not found")));
    };
    let Some(before) = stored.body.get("monitor") else {
        return Err(casts::no_monitor_to_replace(state.line));
    };
    if let Some(seq_no) = revision.negative_seq_no() {
        return Err(lines::negative_seq_no(state.line, seq_no));
    }
    revision.check(state.line, id, stored).map_err(|fault| lines::conflict(state.line, id, fault))?;
    let enabled_before = before.get("enabled") == Some(&Value::Bool(true));
    if monitor.enabled && enabled_before {
        monitor.enabled_time = before.get("enabled_time").and_then(Value::as_i64);
    }
    monitor.schema_version = lines::schema_version(state.line);
    let was_document_level = before.get("monitor_type") == Some(&Value::from("doc_level_monitor"));
    let shown = monitor.shown(state);
    let document = state.put(Home::Config, id, json!({"monitor": shown}), refresh);
    if was_document_level
        && let Some(input) = monitor.inputs.iter().find(|input| input.kind != "doc_level_input")
    {
        // what is written stays so
        return Err(casts::not_a_document_input(state.line, input.kind));
    }
    Ok(Response::json(200, reply(id, document.version, document.seq_no, &shown)))
}

/// Reads the monitor of a body. What is wrong with its first token is told as it is, all else as the line tells faults.
pub fn parse(state: &mut State, request: &Request) -> Result<Monitor, Refusal> {
    let mut reader = Reader::new(state.line, &request.body)?;
    reader.expect(&Token::StartObject)?;
    let line = state.line;
    monitor::parse(&mut reader, state)
        .and_then(|monitor| {
            data_sources::check(&monitor.data_sources)?;
            if lines::checks_owner(line) && monitor.owner != "alerting" {
                return Err(Fault::illegal_argument("Invalid owner field"));
            }
            monitor.inputs.iter().try_for_each(document::check_names)?;
            Ok(monitor)
        })
        .map_err(|fault| if lines::wraps_faults(line) { fault.wrapped() } else { fault.into() })
}

fn reply(id: &str, version: u64, seq_no: u64, shown: &Value) -> Value {
    json!({"_id": id, "_version": version, "_seq_no": seq_no, "_primary_term": 1, "monitor": shown})
}

fn refresh(state: &State, request: &Request) -> Result<Refresh, Refusal> {
    let refresh = params::refresh(request)?;
    Ok(if lines::refreshes_always(state.line) { Refresh::Now } else { refresh })
}

fn make_index(state: &mut State) {
    if !state.config.exists {
        state.change(Change::Make(Home::Config));
    }
}

/// Refuses indices that are not there; a pattern may match nothing.
fn check_indices(state: &State, monitor: &Monitor) -> Result<(), Refusal> {
    let mut names = monitor.inputs.iter().flat_map(|input| &input.indices);
    let missing = names.find(|name| !indices::is_pattern(name) && !indices::exists(state, name));
    missing.map_or(Ok(()), |name| Err(lines::index_not_found(state.line, name)))
}

fn check_throttles(monitor: &Monitor) -> Result<(), Refusal> {
    for minutes in monitor.triggers.iter().flat_map(|trigger| &trigger.throttles) {
        let wrong = match minutes {
            1..=1440 => continue,
            ..1 => "greater than or equal to 1m",
            _ => "less than or equal to 1d",
        };
        return Err(refused(&format!("Can only set throttle period {wrong}")));
    }
    Ok(())
}

fn check_count(state: &State) -> Result<(), Refusal> {
    let most = settings::max_monitors(state);
    if state.config.count("monitor") < most {
        return Ok(());
    }
    Err(refused(&format!("This request would create more than the allowed monitors [{most}].")))
}

/// Document-level monitors name their indices one by one, and have no other input.
fn check_document_level(state: &State, monitor: &Monitor) -> Result<(), Refusal> {
    for input in monitor.inputs.iter().filter(|_| monitor.kind == "doc_level_monitor") {
        if input.kind != "doc_level_input" {
            return Err(casts::not_a_document_input(state.line, input.kind));
        }
        if input.indices.iter().any(|name| indices::is_pattern(name)) {
            let reason = "Validation Failed: 1: Index patterns are not supported for doc level monitors.;";
            return Err(Refusal::exception(400, "action_request_validation_exception", reason));
        }
        if input.indices.is_empty() {
            let class = "org.opensearch.commons.alerting.util.AlertingException";
            return Err(Refusal::alerting(500, "Index 0 out of bounds for length 0", class));
        }
    }
    Ok(())
}

fn refused(reason: &str) -> Refusal {
    Refusal::alerting(400, reason, "java.lang.IllegalArgumentException")
}

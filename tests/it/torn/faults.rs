//! Every kind of fault at every kind of request: the run ends with the right code and says what to do, no write is sent
//! again before somebody looked, and once the fault is over a second apply makes everything right.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};

use alertform::api::line::Line;
use alertform::sandbox::exchange::{Rendered, Request};
use alertform::sandbox::state::State;
use serde_json::{Value, json};

use super::each;
use super::project::{APPLY, changed, cluster_before, must_be_civil, must_be_whole};
use crate::cluster::{Cluster, Fate, answer};

/// What is wrong with an answer.
#[derive(Clone, Copy, Debug)]
enum Fault {
    /// The connection ends before the server sees the request.
    Reset,
    /// Nothing comes; the server never sees the request.
    Silence,
    /// The server does it, and its answer ends in the middle.
    HalfABody,
    /// The server refuses.
    Status(u16),
    /// A gate answers in place of the server, with a page.
    Page(u16),
    /// The server does it, and something else than its answer comes.
    WrongJson(&'static str),
}

const FAULTS: [Fault; 16] = [
    Fault::Reset,
    Fault::Silence,
    Fault::HalfABody,
    Fault::Status(400),
    Fault::Status(401),
    Fault::Status(403),
    Fault::Status(404),
    Fault::Status(409),
    Fault::Status(429),
    Fault::Status(500),
    Fault::Status(503),
    Fault::Page(200),
    Fault::Page(404),
    Fault::Page(502),
    Fault::WrongJson("[]"),
    Fault::WrongJson("{}"),
];

#[test]
fn no_fault_at_any_request_does_harm_where_there_are_destinations() {
    try_all(Line::Odfe);
}

#[test]
fn no_fault_at_any_request_does_harm_where_there_are_channels_and_workflows() {
    try_all(Line::V3);
}

fn try_all(line: Line) {
    let before = cluster_before(line);
    let cluster = Cluster::resume(before.clone());
    changed(&cluster).run(&APPLY).must_exit(0);
    let kinds: BTreeSet<String> = cluster.take_requests().iter().map(|request| kind(request)).collect();
    assert!(kinds.len() > 10, "{kinds:?}");
    let all = kinds.iter().flat_map(|kind| FAULTS.map(|fault| (kind.clone(), fault))).collect();
    each(all, |(kind, fault)| inflict(&before, &kind, fault));
}

/// `METHOD path` without parameters, and with `*` for ids.
fn kind(request: &str) -> String {
    let path = request.split('?').next().unwrap();
    let segments = path.split('/').map(|segment| {
        let is_id = segment.len() >= 20 && !segment.starts_with('.') || segment.starts_with("alertform_");
        if is_id { "*" } else { segment }
    });
    segments.collect::<Vec<_>>().join("/")
}

fn inflict(before: &State, faulty: &str, fault: Fault) {
    let cluster = Cluster::resume(before.clone());
    let mut cli = changed(&cluster);
    cli.set("ALERTFORM_TIMEOUT", "1s");
    let what = format!("{}: {fault:?} at {faulty}", before.line);
    let seen: Arc<Mutex<Vec<(String, String)>>> = Arc::default();
    let notes = Arc::clone(&seen);
    let faulty_kind = faulty.to_owned();
    cluster.interfere(Box::new(move |sandbox, request| {
        let name = format!("{} {}", request.method, request.uri);
        notes.lock().unwrap().push((name.clone(), written(request)));
        (kind(&name) == faulty_kind).then(|| match fault {
            Fault::Reset => Fate::Cut,
            Fault::Silence => Fate::Stall,
            Fault::HalfABody => Fate::BreakOff(sandbox.answer(request)),
            Fault::Status(status) => Fate::Answer(refusal(status)),
            Fault::Page(status) => Fate::Answer(page(status)),
            Fault::WrongJson(body) => {
                let status = sandbox.answer(request).status;
                Fate::Answer(answer(status, body))
            }
        })
    }));
    let screen = cli.run(&APPLY);
    must_be_civil(&screen, &what);
    assert!(screen.code == Some(0) || screen.to_string().contains("hint: "), "{what}: {screen}");
    let seen = seen.lock().unwrap().clone();
    must_have_looked(&seen, &what);
    cluster.interfere(Box::new(|_, _| None));
    cli.set("ALERTFORM_TIMEOUT", "60s");
    if screen.code == Some(0) {
        // who says that all is well is taken at his word
        must_be_whole(&cluster, &cli, before, &what);
    }
    let screen = cli.run(&APPLY);
    assert_eq!(screen.code, Some(0), "{what}: {screen}");
    must_be_whole(&cluster, &cli, before, &what);
}

/// What a write writes, by its name.
fn written(request: &Request) -> String {
    let body: Value = serde_json::from_slice(&request.body).unwrap_or_default();
    let name = body.pointer("/name").or_else(|| body.pointer("/config/name")).and_then(Value::as_str);
    name.unwrap_or_default().to_owned()
}

/// No write is sent a second time unless something was read in between.
fn must_have_looked(seen: &[(String, String)], what: &str) {
    let is_read = |request: &str| request.starts_with("GET ") || request.contains("_search");
    let mut reads = 0;
    let mut sent: BTreeMap<(String, String), usize> = BTreeMap::new();
    for (request, name) in seen {
        if is_read(request) {
            reads += 1;
        } else if let Some(then) = sent.insert((request.clone(), name.clone()), reads) {
            assert!(reads > then, "{what}: {request} of `{name}` was sent again without a look");
        }
    }
}

fn refusal(status: u16) -> Rendered {
    let (kind, reason) = match status {
        403 => ("security_exception", "no permissions for [cluster:admin/x] and User [name=ann]"),
        429 => ("circuit_breaking_exception", "[parent] Data too large"),
        _ => ("some_exception", "some reason"),
    };
    answer(status, json!({"error": {"type": kind, "reason": reason}, "status": status}).to_string())
}

fn page(status: u16) -> Rendered {
    let body = b"<html><head><title>Sign in</title></head></html>".to_vec();
    Rendered { status, location: None, content_type: "text/html".into(), body }
}

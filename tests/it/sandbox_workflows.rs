//! What the servers' source says of workflows and no recording shows, in the sandbox.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use alertform::api::line::Line;
use alertform::sandbox::exchange::Request;
use alertform::sandbox::server::Sandbox;
use alertform::sandbox::state::{Clock, State};
use serde_json::{Value, json};

use crate::sandbox_state;

const MONITORS: &str = "/_plugins/_alerting/monitors";
const WORKFLOWS: &str = "/_plugins/_alerting/workflows";
const LINES: [Line; 2] = [Line::V2_19, Line::V3];

#[test]
fn a_sequence_is_told_all_that_is_wrong_with_it_at_once() {
    let mut world = World::new(Line::V2_19);
    let delegates = json!([
        {"order": 1, "monitor_id": "a"},
        {"order": 1, "monitor_id": "a"},
        {"order": 2, "monitor_id": "b", "chained_monitor_findings": {"monitor_id": "b"}},
    ]);
    world.refused(
        &delegates,
        400,
        "Validation Failed: 1: Duplicate delegates not allowed;\
         2: Sequence ordering of delegate monitor shouldn't contain duplicate order values;\
         3: Chained Findings Monitor b should be executed before monitor b;",
    );
}

#[test]
fn findings_that_come_too_late_are_not_named_when_they_are_listed() {
    let mut world = World::new(Line::V3);
    let delegates = json!([
        {"order": 1, "monitor_id": "a", "chained_monitor_findings": {"monitor_ids": ["b"]}},
        {"order": 2, "monitor_id": "b"},
    ]);
    world.refused(
        &delegates,
        400,
        "Validation Failed: 1: Chained Findings Monitor null should be executed before monitor a. Order of monitor \
         being chained [2] should be smaller than order of monitor using findings as source data [1] in sequence;",
    );
}

#[test]
fn an_id_that_no_server_mints_is_no_delegate() {
    let mut world = World::new(Line::V3);
    world.refused(&json!([{"order": 1, "monitor_id": "a b!"}]), 400, "Invalid characters in id :  !");
    let blank = json!([{"order": 1, "monitor_id": "a", "chained_monitor_findings": {"monitor_id": " "}}]);
    world.refused(&blank, 400, "at least one of fields, 'monitorIds' and 'monitorId' should be provided");
}

#[test]
fn a_workflow_is_no_delegate_of_a_workflow() {
    for line in LINES {
        let mut world = World::new(line);
        let monitor = world.monitor("m", &["logs-*"], "query_level_monitor");
        let workflow = world.workflow(&[&monitor]);
        let (status, body) = world.ask("POST", WORKFLOWS, sequence(&[&workflow]));
        assert_eq!((status, &body["error"]["type"]), (500, &json!("class_cast_exception")), "{body}");
    }
}

#[test]
fn findings_come_from_indices_that_the_delegate_searches_too() {
    let mut world = World::new(Line::V2_19);
    for index in ["logs-a", "logs-b"] {
        world.ask("PUT", &format!("/{index}"), Value::Null);
    }
    let source = world.monitor("source", &["logs-a", "logs-b"], "doc_level_monitor");
    let receiver = world.monitor("receiver", &["logs-a"], "doc_level_monitor");
    let chained = |findings: Value| {
        json!([
            {"order": 1, "monitor_id": source},
            {"order": 2, "monitor_id": receiver, "chained_monitor_findings": findings},
        ])
    };
    for findings in [json!({"monitor_id": source}), json!({"monitor_ids": [source]})] {
        world.refused(
            &chained(findings),
            400,
            "Delegate monitor indices logs-a doesn't query all of chained findings monitor's indices logs-a, logs-b}",
        );
    }
}

#[test]
fn a_delegate_whose_index_is_gone_is_refused_as_unreadable() {
    let mut world = World::new(Line::V3);
    world.ask("PUT", "/logs-app", Value::Null);
    let monitor = world.monitor("m", &["logs-app"], "query_level_monitor");
    let workflow = world.workflow(&[&monitor]);
    world.ask("DELETE", "/logs-app", Value::Null);
    let reason = "User doesn't have read permissions for one or more configured index logs-app";
    world.refused(&json!([{"order": 1, "monitor_id": monitor}]), 403, reason);
    let (status, _) = world.ask("PUT", &format!("{WORKFLOWS}/{workflow}"), sequence(&[&monitor]));
    assert_eq!(status, 403);
}

#[test]
fn a_monitor_tells_of_ten_workflows_at_most() {
    let mut world = World::new(Line::V2_19);
    let monitor = world.monitor("m", &["logs-*"], "query_level_monitor");
    let ids: Vec<String> = (0..11).map(|_| world.workflow(&[&monitor])).collect();
    let (_, body) = world.ask("GET", &format!("{MONITORS}/{monitor}"), Value::Null);
    let told: Vec<&Value> =
        body["associated_workflows"].as_array().unwrap().iter().map(|used| &used["id"]).collect();
    assert_eq!(told, ids[..10].iter().collect::<Vec<_>>());
}

#[test]
fn who_was_enabled_stays_so_since_then() {
    for line in LINES {
        let mut world = World::new(line);
        let monitor = world.monitor("m", &["logs-*"], "query_level_monitor");
        let with = |enabled: bool| {
            let mut body = sequence(&[&monitor]);
            body["enabled"] = enabled.into();
            body
        };
        let (_, made) = world.ask("POST", WORKFLOWS, with(true));
        let path = format!("{WORKFLOWS}/{}", made["_id"].as_str().unwrap());
        let since = made["workflow"]["enabled_time"].clone();
        assert_eq!(since, 1000);
        world.now.store(2000, Ordering::SeqCst);
        assert_eq!(world.ask("PUT", &path, with(true)).1["workflow"]["enabled_time"], since);
        assert_eq!(world.ask("PUT", &path, with(false)).1["workflow"]["enabled_time"], Value::Null);
        assert_eq!(world.ask("PUT", &path, with(true)).1["workflow"]["enabled_time"], 2000);
    }
}

#[test]
fn half_a_revision_is_refused_and_a_stale_one_in_the_same_words_on_each_line() {
    for line in LINES {
        let mut world = World::new(line);
        let monitor = world.monitor("m", &["logs-*"], "query_level_monitor");
        let path = format!("{WORKFLOWS}/{}", world.workflow(&[&monitor]));
        for (query, status, reason) in [
            ("if_seq_no=5", 400, "Validation Failed: 1: ifSeqNo is set, but primary term is [0];".to_owned()),
            (
                "if_primary_term=1",
                400,
                "Validation Failed: 1: ifSeqNo is unassigned, but primary term is [1];".to_owned(),
            ),
            (
                "if_seq_no=-1&if_primary_term=1",
                400,
                "sequence numbers must be non negative. got [-1].".to_owned(),
            ),
            (
                "if_seq_no=99&if_primary_term=1",
                409,
                format!(
                    "[{}]: version conflict, required seqNo [99], primary term [1]. \
                     current document has seqNo [1] and primary term [1]",
                    path.rsplit('/').next().unwrap()
                ),
            ),
        ] {
            let answer = world.ask("PUT", &format!("{path}?{query}"), sequence(&[&monitor]));
            assert_eq!((answer.0, answer.1["error"]["reason"].as_str()), (status, Some(reason.as_str())));
        }
        let answer =
            world.ask("PUT", &format!("{path}?if_seq_no=1&if_primary_term=1"), sequence(&[&monitor]));
        assert_eq!(answer.0, 200, "{}", answer.1);
    }
}

#[test]
fn only_a_boolean_says_whether_delegates_go_too() {
    let mut world = World::new(Line::V2_19);
    let monitor = world.monitor("m", &["logs-*"], "query_level_monitor");
    let path = format!("{WORKFLOWS}/{}", world.workflow(&[&monitor]));
    let refused = world.ask("DELETE", &format!("{path}?deleteDelegateMonitors=yes"), Value::Null);
    assert_eq!(refused.0, 400, "{}", refused.1);
    let deleted = world.ask("DELETE", &format!("{path}?deleteDelegateMonitors"), Value::Null);
    assert_eq!((deleted.0, &deleted.1["NON_DELETED_MONITORS"]), (200, &json!([])));
    assert_eq!(world.ask("GET", &format!("{MONITORS}/{monitor}"), Value::Null).0, 404);
}

#[test]
fn a_chained_trigger_fits_no_monitor() {
    for line in LINES {
        let mut world = World::new(line);
        let trigger = json!({"chained_alert_trigger": {"id": "t", "name": "t", "severity": "1", "actions": [],
            "condition": {"script": {"source": "monitor[id=a]"}}}});
        let mut body = monitor("m", &["logs-*"], "query_level_monitor");
        body["triggers"] = json!([trigger]);
        let (status, body) = world.ask("POST", MONITORS, body);
        let reason = "Incompatible trigger [t] for monitor type [query_level_monitor]";
        assert_eq!((status, body["error"]["reason"].as_str()), (400, Some(reason)));
    }
}

#[test]
fn earlier_lines_have_no_workflows() {
    for line in [Line::Odfe, Line::V1_3] {
        let mut world = World::new(line);
        let (status, body) = world.ask("POST", WORKFLOWS, sequence(&["a"]));
        assert_eq!(status, 400, "{body}");
    }
}

#[test]
fn workflows_are_there_after_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("state.json");
    let open = || World { sandbox: sandbox_state::open(&file, Line::V3).unwrap(), now: Arc::default() };
    let mut world = open();
    let monitor = world.monitor("m", &["logs-*"], "query_level_monitor");
    let path = format!("{WORKFLOWS}/{}", world.workflow(&[&monitor]));
    let gone = format!("{WORKFLOWS}/{}", world.workflow(&[&monitor]));
    assert_eq!(world.ask("PUT", &path, sequence(&[&monitor])).0, 200);
    assert_eq!(world.ask("DELETE", &gone, Value::Null).0, 200);
    let before = world.ask("GET", &path, Value::Null);
    drop(world);
    let mut world = open();
    assert_eq!(world.ask("GET", &path, Value::Null), before);
    assert_eq!(world.ask("GET", &gone, Value::Null).0, 404);
    assert_eq!(world.ask("DELETE", &format!("{MONITORS}/{monitor}"), Value::Null).0, 403);
}

/// A sandbox and its clock.
struct World {
    sandbox: Sandbox,
    now: Arc<AtomicI64>,
}

impl World {
    fn new(line: Line) -> Self {
        let now = Arc::new(AtomicI64::new(1000));
        let state = State::new(line, Clock::Manual(now.clone()));
        World { sandbox: Sandbox { state, journal: None }, now }
    }

    fn ask(&mut self, method: &str, path: &str, body: Value) -> (u16, Value) {
        let sent = if body.is_null() { String::new() } else { body.to_string() };
        let content_type = Some("application/json".to_owned());
        let request = Request { content_type, ..Request::new(method, path, sent) };
        let answer = self.sandbox.answer(&request);
        (answer.status, serde_json::from_slice(&answer.body).unwrap_or_default())
    }

    fn monitor(&mut self, name: &str, indices: &[&str], kind: &str) -> String {
        self.make(MONITORS, monitor(name, indices, kind))
    }

    fn workflow(&mut self, monitors: &[&str]) -> String {
        self.make(WORKFLOWS, sequence(monitors))
    }

    fn make(&mut self, path: &str, body: Value) -> String {
        let (status, body) = self.ask("POST", path, body);
        assert_eq!(status, 201, "{body}");
        body["_id"].as_str().unwrap().to_owned()
    }

    /// Expects a workflow of these delegates to be refused.
    fn refused(&mut self, delegates: &Value, status: u16, reason: &str) {
        let answer = self.ask("POST", WORKFLOWS, workflow(delegates));
        assert_eq!((answer.0, answer.1["error"]["reason"].as_str()), (status, Some(reason)), "{}", answer.1);
    }
}

fn monitor(name: &str, indices: &[&str], kind: &str) -> Value {
    let input = match kind {
        "doc_level_monitor" => json!({"doc_level_input": {"indices": indices, "queries": []}}),
        _ => json!({"search": {"indices": indices, "query": {"size": 0}}}),
    };
    json!({
        "name": name,
        "monitor_type": kind,
        "enabled": false,
        "schedule": {"period": {"interval": 5, "unit": "MINUTES"}},
        "inputs": [input],
        "triggers": [],
    })
}

/// A workflow that runs monitors in this order.
fn sequence(monitors: &[&str]) -> Value {
    let delegates = monitors.iter().zip(1..).map(|(id, order)| json!({"order": order, "monitor_id": id}));
    workflow(&delegates.collect())
}

fn workflow(delegates: &Value) -> Value {
    json!({
        "name": "w",
        "enabled": false,
        "schedule": {"period": {"interval": 5, "unit": "MINUTES"}},
        "inputs": [{"composite_input": {"sequence": {"delegates": delegates}}}],
        "triggers": [],
    })
}

//! The sandbox's state outlives its process, whatever ends it, and nobody else's file is taken for it.

#![expect(clippy::unwrap_used, reason = "a test that cannot be set up shall fail")]

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::Stdio;
use std::thread;
use std::time::Duration;

use alertform::api::line::Line;
use alertform::sandbox::exchange::Request;
use alertform::sandbox::journal::{self, JournalError};
use alertform::sandbox::server::Sandbox;
use alertform::sandbox::state::Clock;
use serde_json::{Value, json};

use crate::cli::Cli;

#[test]
fn all_that_was_written_is_there_after_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("new/state.json");
    let mut sandbox = open(&file, Line::V2_19).unwrap();
    let uuid = get(&mut sandbox, "/")["cluster_uuid"].clone();
    let kept = create(&mut sandbox, "kept");
    let deleted = create(&mut sandbox, "deleted");
    put(&mut sandbox, &kept, "renamed");
    let last = ask(&mut sandbox, "DELETE", &format!("/_plugins/_alerting/monitors/{deleted}"), "");
    assert_eq!(last.0, 200);
    let settings = r#"{"persistent": {"plugins.alerting.monitor.max_monitors": 1}}"#;
    ask(&mut sandbox, "PUT", "/_cluster/settings", settings);
    ask(&mut sandbox, "PUT", "/logs-app", "");
    let before = get(&mut sandbox, &format!("/_plugins/_alerting/monitors/{kept}"));
    drop(sandbox);

    for _ in 0..2 {
        let mut sandbox = open(&file, Line::V2_19).unwrap();
        assert_eq!(get(&mut sandbox, "/")["cluster_uuid"], uuid);
        assert_eq!(get(&mut sandbox, &format!("/_plugins/_alerting/monitors/{kept}")), before);
        let gone = ask(&mut sandbox, "GET", &format!("/_plugins/_alerting/monitors/{deleted}"), "");
        assert_eq!(gone.0, 404);
        let refused = ask(&mut sandbox, "POST", "/_plugins/_alerting/monitors", &monitor("one too many"));
        assert!(refused.1["error"]["reason"].as_str().unwrap().contains("allowed monitors [1]"));
        let exists = ask(&mut sandbox, "PUT", "/logs-app", "");
        assert_eq!(exists.0, 400);
    }
}

#[cfg(unix)]
#[test]
fn nobody_else_may_read_the_file() {
    use std::os::unix::fs::PermissionsExt;

    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("state.json");
    let mut sandbox = open(&file, Line::V3).unwrap();
    create(&mut sandbox, "m");
    drop(sandbox);
    assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    fs::set_permissions(&file, fs::Permissions::from_mode(0o644)).unwrap();
    drop(open(&file, Line::V3).unwrap());
    assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
}

#[test]
fn a_sequence_number_is_never_given_twice() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("state.json");
    let mut sandbox = open(&file, Line::V1_3).unwrap();
    let id = create(&mut sandbox, "m");
    let path = format!("/_plugins/_alerting/monitors/{id}");
    let last = ask(&mut sandbox, "DELETE", &path, "").1["_seq_no"].as_u64().unwrap();
    drop(sandbox);
    let mut sandbox = open(&file, Line::V1_3).unwrap();
    let answer = ask(&mut sandbox, "POST", "/_plugins/_alerting/monitors", &monitor("n"));
    assert!(answer.1["_seq_no"].as_u64().unwrap() > last);
}

#[test]
fn a_last_line_that_a_kill_cut_off_is_dropped() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("state.json");
    let mut sandbox = open(&file, Line::V3).unwrap();
    let first = create(&mut sandbox, "first");
    create(&mut sandbox, "second");
    drop(sandbox);
    let whole = fs::read(&file).unwrap();
    for cut in [1, 20] {
        fs::write(&file, &whole[..whole.len() - cut]).unwrap();
        let mut sandbox = open(&file, Line::V3).unwrap();
        let found = get(&mut sandbox, &format!("/_plugins/_alerting/monitors/{first}"));
        assert_eq!(found["monitor"]["name"], "first");
        let all = ask(&mut sandbox, "POST", "/_plugins/_alerting/monitors/_search", r#"{"size": 0}"#);
        assert_eq!(all.1["hits"]["total"]["value"], 1);
    }
}

#[test]
fn a_file_of_another_line_or_of_something_else_is_refused_and_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("state.json");
    drop(open(&file, Line::Odfe).unwrap());
    let refused = open(&file, Line::V3).unwrap_err().to_string();
    let shown = file.display();
    assert_eq!(refused, format!("{shown} is the state of a sandbox of line `odfe`, expected `3`"));

    let newer = "{\"alertform_sandbox\":2,\"line\":\"3\",\"cluster_uuid\":\"u\"}\n";
    let notes = "# my notes\n";
    for (content, expected) in [
        (newer, format!("{shown} has version 2 of the sandbox state format, expected 1")),
        (notes, format!("{shown}:1: expected the state of a sandbox, found something else")),
    ] {
        fs::write(&file, content).unwrap();
        let refused = open(&file, Line::V3).unwrap_err().to_string();
        assert!(refused.starts_with(&expected), "{refused}");
        assert_eq!(fs::read_to_string(&file).unwrap(), content);
    }
}

#[test]
fn a_file_that_is_open_cannot_be_opened_again() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("state.json");
    let sandbox = open(&file, Line::V3).unwrap();
    assert!(matches!(open(&file, Line::V3), Err(JournalError::InUse { .. })));
    drop(sandbox);
    assert!(open(&file, Line::V3).is_ok());
}

#[test]
fn a_long_list_is_paged_through_without_gaps() {
    let folder = tempfile::tempdir().unwrap();
    let mut sandbox = open(&folder.path().join("state.json"), Line::V2_19).unwrap();
    for number in 0..250 {
        create(&mut sandbox, &format!("m{:03}", number * 7 % 250));
    }
    let (mut after, mut names) = (Value::Null, Vec::new());
    loop {
        let mut body =
            json!({"size": 40, "query": {"match_all": {}}, "sort": [{"monitor.name.keyword": "asc"}]});
        if !after.is_null() {
            body["search_after"] = after;
        }
        let path = "/_plugins/_alerting/monitors/_search";
        let (_, page) = ask(&mut sandbox, "POST", path, &body.to_string());
        let hits = page["hits"]["hits"].as_array().unwrap().clone();
        let Some(last) = hits.last() else { break };
        after = last["sort"].clone();
        names.extend(hits.iter().map(|hit| hit["_source"]["name"].as_str().unwrap().to_owned()));
    }
    let expected: Vec<String> = (0..250).map(|number| format!("m{number:03}")).collect();
    assert_eq!(names, expected);
}

#[test]
fn only_an_apply_makes_the_file() {
    let monitor = "kind: monitor\nname: m\nschedule: {every: 1h}\nindex: logs-*\nquery: a\nwindow: none\n";
    let cli = Cli::new(&[("monitors/m.yaml", monitor)]);
    let screen = cli.run(&["plan", "--url", "sandbox:?line=1.3"]).must_exit(0);
    assert!(screen.stdout.starts_with("plan: 1 to create"), "{screen}");
    cli.run(&["export", "--out", "out", "--url", "sandbox:"]).must_exit(0);
    assert!(!cli.path(".alertform").exists());
    cli.run(&["apply", "--yes", "--url", "sandbox:"]).must_exit(0);
    assert!(cli.path(".alertform/sandbox.json").exists());
    cli.run(&["plan", "--url", "sandbox:", "--detailed-exitcode"]).must_exit(0);
}

#[test]
fn who_only_looks_leaves_the_file_as_it_is() {
    let monitor = "kind: monitor\nname: m\nschedule: {every: 1h}\nindex: logs-*\nquery: a\nwindow: none\n";
    let cli = Cli::new(&[("monitors/m.yaml", monitor)]);
    cli.run(&["apply", "--yes", "--url", "sandbox:"]).must_exit(0);
    let file = cli.path(".alertform/sandbox.json");
    // a line that a kill cut off, which is dropped with the next write
    let mut content = fs::read(&file).unwrap();
    content.extend_from_slice(b"{\"Put");
    fs::write(&file, &content).unwrap();
    let modified = || fs::metadata(&file).unwrap().modified().unwrap();
    let before = modified();

    cli.run(&["plan", "--url", "sandbox:", "--detailed-exitcode"]).must_exit(0);
    cli.run(&["export", "--out", "out", "--url", "sandbox:"]).must_exit(0);
    assert_eq!(fs::read(&file).unwrap(), content);
    assert_eq!(modified(), before);
    fs::remove_dir_all(cli.path("out")).unwrap();
    cli.edit("monitors/m.yaml", "1h", "2h");
    cli.run(&["apply", "--yes", "--url", "sandbox:"]).must_exit(0);
    cli.run(&["plan", "--url", "sandbox:", "--detailed-exitcode"]).must_exit(0);
}

#[test]
fn the_command_plays_the_line_of_flag_or_environment_or_settings() {
    let mut cli = Cli::new(&[("alertform.yaml", "line: odfe\n")]);
    assert_eq!(line_played(&cli, &[]), "odfe");
    cli.set("ALERTFORM_LINE", "1.3");
    assert_eq!(line_played(&cli, &[]), "1.3");
    assert_eq!(line_played(&cli, &["--line", "3"]), "3");
}

/// The line that a sandbox says it plays.
fn line_played(cli: &Cli, flags: &[&str]) -> String {
    let mut command = cli.command(&[&["sandbox", "--listen", "127.0.0.1:0"], flags].concat());
    let mut sandbox = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
    let mut said = String::new();
    BufReader::new(sandbox.stderr.take().unwrap()).read_line(&mut said).unwrap();
    sandbox.kill().unwrap();
    sandbox.wait().unwrap();
    let line = said.strip_prefix("the sandbox plays line ").and_then(|rest| rest.split(';').next());
    line.unwrap_or(&said).to_owned()
}

/// Opens a state; a program that another test starts holds all open files until it has begun, which takes a moment.
pub fn open(file: &Path, line: Line) -> Result<Sandbox, JournalError> {
    let mut tries = 0;
    let (state, journal) = loop {
        match journal::open(file, Some(line), Clock::System) {
            Err(JournalError::InUse { .. }) if tries < 50 => {
                tries += 1;
                thread::sleep(Duration::from_millis(10));
            }
            opened => break opened?,
        }
    };
    Ok(Sandbox { state, journal: Some(journal) })
}

fn create(sandbox: &mut Sandbox, name: &str) -> String {
    let (status, body) = ask(sandbox, "POST", "/_plugins/_alerting/monitors", &monitor(name));
    assert_eq!(status, 201, "{body}");
    body["_id"].as_str().unwrap().to_owned()
}

fn put(sandbox: &mut Sandbox, id: &str, name: &str) {
    let (status, body) = ask(sandbox, "PUT", &format!("/_plugins/_alerting/monitors/{id}"), &monitor(name));
    assert_eq!(status, 200, "{body}");
}

fn get(sandbox: &mut Sandbox, path: &str) -> Value {
    ask(sandbox, "GET", path, "").1
}

fn monitor(name: &str) -> String {
    json!({
        "name": name,
        "enabled": false,
        "schedule": {"period": {"interval": 5, "unit": "MINUTES"}},
        "inputs": [{"search": {"indices": ["logs-*"], "query": {"size": 0, "query": {"match_all": {}}}}}],
        "triggers": [],
    })
    .to_string()
}

fn ask(sandbox: &mut Sandbox, method: &str, path: &str, body: &str) -> (u16, Value) {
    let content_type = Some("application/json".to_owned());
    let request = Request { content_type, ..Request::new(method, path, body) };
    let answer = sandbox.answer(&request);
    (answer.status, serde_json::from_slice(&answer.body).unwrap_or_default())
}

//! The recipes below `docs/ci/`, run: each script as it stands there, with the built binary, on a sandbox, in the order of
//! a change's life. Only what talks to GitHub, GitLab and package registries is a stub.

mod atlantis;
mod github;
mod gitlab;
mod image;
mod kubernetes;
mod machine;
mod page;

use alertform::api::line::Line;
use alertform::sandbox::exchange::Request;
use alertform::sandbox::journal;
use alertform::sandbox::server::Sandbox;
use alertform::sandbox::state::Clock;
use serde_json::{Value, json};

use self::machine::Machine;

/// Disables the monitor in the cluster, as somebody does who is at the dashboard.
fn meddle(machine: &Machine) {
    let (state, journal) =
        journal::open(&machine.path("sandbox.json"), Some(Line::V2_19), Clock::System).unwrap();
    let mut sandbox = Sandbox { state, journal: Some(journal) };
    let mut send = |method: &str, path: &str, body: &Value| -> Value {
        let mut request = Request::new(method, path, body.to_string());
        request.content_type = Some("application/json".to_owned());
        let answer = sandbox.answer(&request);
        assert_eq!(answer.status, 200, "{method} {path}: {}", String::from_utf8_lossy(&answer.body));
        serde_json::from_slice(&answer.body).unwrap()
    };
    let all = json!({"query": {"exists": {"field": "monitor"}}});
    let found = send("POST", "/_plugins/_alerting/monitors/_search", &all);
    let hit = &found["hits"]["hits"][0];
    let mut monitor = hit["_source"].clone();
    monitor["enabled"] = json!(false);
    send("PUT", &format!("/_plugins/_alerting/monitors/{}", hit["_id"].as_str().unwrap()), &monitor);
}

//! A live server to replay the recordings on, named by the environment; all it holds is wiped between scenarios.

use std::collections::BTreeMap;
use std::time::Duration;

use serde_json::{Value, json};

use super::matcher::Captured;
use super::scenario::{Request, Scenario};
use super::server::{self, Answer, Clock, Server};

/// The server of `ALERTFORM_TEST_URL`, or why there is none.
pub fn server() -> Result<Server, &'static str> {
    let base = variable("ALERTFORM_TEST_URL").ok_or("ALERTFORM_TEST_URL is not set")?;
    if variable("ALERTFORM_TEST_WIPE").as_deref() != Some("1") {
        return Err("it would wipe that server, which ALERTFORM_TEST_WIPE=1 has to allow");
    }
    let mut http = server::http();
    if let Some(path) = variable("ALERTFORM_TEST_CA") {
        let pem = std::fs::read(&path).unwrap_or_else(|error| panic!("{path}: {error}"));
        http = http.tls_certs_merge(reqwest::Certificate::from_pem_bundle(&pem).unwrap());
    }
    let password = variable("ALERTFORM_TEST_PASSWORD").unwrap_or_default();
    Ok(Server {
        base: base.trim_end_matches('/').to_owned(),
        http: http.build().unwrap(),
        user: variable("ALERTFORM_TEST_USERNAME").map(|name| (name, password)),
        clock: Clock::Real,
    })
}

/// The folder with the recordings of the line that a server belongs to.
pub async fn recordings(server: &Server) -> &'static str {
    let root = body(&ask(server, "GET", "/", None).await);
    let number = root.pointer("/version/number").and_then(Value::as_str).unwrap_or_default();
    match (root.pointer("/version/distribution").and_then(Value::as_str), number.split('.').next()) {
        (None, Some("7")) => "odfe-1.13",
        (Some("opensearch"), Some("1")) => "opensearch-1.3",
        (Some("opensearch"), Some("2")) => "opensearch-2.19",
        (Some("opensearch"), Some("3")) => "opensearch-3.8",
        other => panic!("no recordings of a server that says {other:?} at `GET /`: {root}"),
    }
}

/// Brings a server back to where each scenario begins, and removes the indices that the last one made.
pub async fn wipe(server: &Server, last: Option<&Scenario>) {
    let plain = json!({"transient": {"plugins.alerting.*": null, "opendistro.alerting.*": null}});
    ask(server, "PUT", "/_cluster/settings", Some(plain)).await;
    for prefix in ["/_plugins/_alerting", "/_opendistro/_alerting"] {
        for (field, kind) in [("workflow", "workflows"), ("monitor", "monitors")] {
            let query = json!({"size": 10_000, "query": {"exists": {"field": field}}});
            let found = body(&ask(server, "POST", &format!("{prefix}/monitors/_search"), Some(query)).await);
            delete(server, &format!("{prefix}/{kind}"), ids(&found, "/hits/hits", "_id")).await;
        }
        let path = format!("{prefix}/destinations");
        let found = body(&ask(server, "GET", &format!("{path}?size=10000"), None).await);
        delete(server, &path, ids(&found, "/destinations", "id")).await;
    }
    wipe_channels(server).await;
    for index in own_indices(server).await.into_iter().chain(last.into_iter().flat_map(made_indices)) {
        ask(server, "DELETE", &format!("/{index}"), None).await;
    }
}

/// Deletes all channels: the list shows the newest only after a second, and the deleted ones for another.
async fn wipe_channels(server: &Server) {
    let path = "/_plugins/_notifications/configs";
    if ask(server, "GET", "/_plugins/_notifications/features", None).await.status != 200 {
        return;
    }
    server.wait(Duration::from_millis(1200)).await;
    loop {
        let found = body(&ask(server, "GET", &format!("{path}?max_items=10000"), None).await);
        let left = ids(&found, "/config_list", "config_id");
        if left.is_empty() {
            return;
        }
        delete(server, path, left).await;
        server.wait(Duration::from_millis(200)).await;
    }
}

/// The indices in which the server keeps monitors, alerts and channels: a scenario begins without them.
async fn own_indices(server: &Server) -> Vec<String> {
    // a name alone that does not exist would make all of it a 404
    let path = "/_cat/indices/.opendistro-alerting-*,.opensearch-alerting-*,.opensearch-notifications-config*?h=index&format=json&expand_wildcards=all";
    ids(&body(&ask(server, "GET", path, None).await), "", "index")
}

fn made_indices(scenario: &Scenario) -> Vec<String> {
    let words = scenario.steps.iter().filter_map(|step| step.request.path.strip_prefix('/'));
    let mut indices: Vec<String> = words
        .map(|path| path.split(['/', '?']).next().unwrap_or_default().to_owned())
        .filter(|word| !word.is_empty() && !word.starts_with(['_', '.']))
        .collect();
    indices.sort();
    indices.dedup();
    indices
}

async fn delete(server: &Server, path: &str, ids: Vec<String>) {
    for id in ids {
        ask(server, "DELETE", &format!("{path}/{}", id.replace('/', "%2F").replace('+', "%2B")), None).await;
    }
}

fn ids(found: &Value, list: &str, key: &str) -> Vec<String> {
    let hits = found.pointer(list).and_then(Value::as_array).into_iter().flatten();
    hits.filter_map(|hit| hit[key].as_str().map(str::to_owned)).collect()
}

async fn ask(server: &Server, method: &str, path: &str, body: Option<Value>) -> Answer {
    let request =
        Request { method: method.to_owned(), path: path.to_owned(), headers: BTreeMap::new(), body };
    server.send(&request, &Captured::new(), Duration::from_secs(60)).await
}

fn body(answer: &Answer) -> Value {
    serde_json::from_str(&answer.text).unwrap_or_default()
}

fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

//! The clusters that the tests run on: a sandbox of every line, and a live one if the environment names it.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on shall fail")]

use std::fmt;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use alertform::api::line::Line;
use serde_json::{Value, json};

use crate::cli::Cli;
use crate::cluster::Cluster;

/// A cluster, and the beginning of the names of all that one test makes there.
pub struct Target {
    /// The line of its servers.
    pub line: Line,
    /// Begins all names.
    pub prefix: String,
    /// Whether queries are really run there, and alerts raised.
    pub is_live: bool,
    url: String,
    http: reqwest::Client,
    runtime: tokio::runtime::Runtime,
    _sandbox: Option<Cluster>,
}

/// How a live cluster is reached, by the names that `alertform` knows the settings by.
const SETTINGS: [(&str, &str); 4] = [
    ("ALERTFORM_TEST_URL", "ALERTFORM_URL"),
    ("ALERTFORM_TEST_USERNAME", "ALERTFORM_USERNAME"),
    ("ALERTFORM_TEST_PASSWORD", "ALERTFORM_PASSWORD"),
    ("ALERTFORM_TEST_CA", "ALERTFORM_CA"),
];

/// A sandbox of every line, and the live cluster that `ALERTFORM_TEST_URL` names.
pub fn targets() -> Vec<Target> {
    Line::ALL.into_iter().map(sandbox).chain(live()).collect()
}

/// The live cluster that `ALERTFORM_TEST_URL` names; says so when it names none.
pub fn live() -> Option<Target> {
    let Some(url) = variable("ALERTFORM_TEST_URL") else {
        println!("skipped on a live cluster: ALERTFORM_TEST_URL is not set");
        return None;
    };
    let url = url.trim_end_matches('/').to_owned();
    let mut target = Target::new(url, Line::V3, None);
    let root = target.send("GET", "/", None);
    let version = root["version"]["number"].as_str().unwrap().split('.').next().unwrap();
    target.line = match (root["version"]["distribution"].as_str(), version) {
        (None, _) => Line::Odfe,
        (_, "1") => Line::V1_3,
        (_, "2") => Line::V2_19,
        _ => Line::V3,
    };
    target.is_live = true;
    Some(target)
}

fn sandbox(line: Line) -> Target {
    let cluster = Cluster::start(line);
    Target::new(cluster.url.clone(), line, Some(cluster))
}

impl Target {
    fn new(url: String, line: Line, sandbox: Option<Cluster>) -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let _ = rustls::crypto::ring::default_provider().install_default();
        let mut http = reqwest::Client::builder().no_proxy().user_agent("OpenSearch-Dashboards Kibana");
        if let (None, Some(path)) = (&sandbox, variable("ALERTFORM_TEST_CA")) {
            let pem = std::fs::read(path).unwrap();
            http = http.tls_certs_merge(reqwest::Certificate::from_pem_bundle(&pem).unwrap());
        }
        Self {
            line,
            prefix: format!("alertform-test-{}-{number}", std::process::id()),
            is_live: false,
            url,
            http: http.build().unwrap(),
            runtime: tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap(),
            _sandbox: sandbox,
        }
    }

    /// A project whose files may say `${PREFIX}`, and whose binary speaks to this cluster.
    pub fn project(&self, files: &[(&str, &str)]) -> Cli {
        let mut cli = Cli::new(files);
        cli.write("alertform.yaml", &format!("project: {}\n", self.prefix));
        cli.set("PREFIX", &self.prefix);
        if self.is_live {
            for (theirs, ours) in SETTINGS {
                if let Some(value) = variable(theirs) {
                    cli.set(ours, &value);
                }
            }
        }
        cli.set("ALERTFORM_URL", &self.url);
        cli
    }

    /// Sends a request as another client would; it must succeed.
    pub fn send(&self, method: &str, path: &str, body: Option<Value>) -> Value {
        let (status, answer) = self.ask(method, path, body);
        assert!(status < 300, "{self}: {method} {path} answered {status}: {answer}");
        answer
    }

    /// Sends a request, which may fail.
    pub fn ask(&self, method: &str, path: &str, body: Option<Value>) -> (u16, Value) {
        let mut request = self.http.request(method.parse().unwrap(), format!("{}{path}", self.url));
        if let (true, Some(username)) = (self.is_live, variable("ALERTFORM_TEST_USERNAME")) {
            request = request.basic_auth(username, variable("ALERTFORM_TEST_PASSWORD"));
        }
        if let Some(body) = body {
            request = request.header("content-type", "application/json").body(body.to_string());
        }
        self.runtime.block_on(async {
            let response = request.timeout(Duration::from_secs(60)).send().await.unwrap();
            let status = response.status().as_u16();
            (status, serde_json::from_str(&response.text().await.unwrap()).unwrap_or_default())
        })
    }

    /// Makes a monitor as another client would, and gives its id.
    pub fn create_monitor(&self, mut document: Value) -> String {
        document["type"] = "monitor".into();
        let made = self.send("POST", &format!("{}/monitors", self.line.alerting()), Some(document));
        made["_id"].as_str().unwrap().to_owned()
    }

    /// A query-level trigger in the form that this line takes.
    pub fn trigger(&self, trigger: Value) -> Value {
        if self.line.wraps_triggers() { json!({"query_level_trigger": trigger}) } else { trigger }
    }

    /// The monitors of this test, by id, ordered by name.
    pub fn monitors(&self) -> Vec<(String, Value)> {
        let body = json!({"size": 10_000, "query": {"exists": {"field": "monitor"}}});
        let path = format!("{}/monitors/_search", self.line.alerting());
        let (_, page) = self.ask("POST", &path, Some(body));
        let mut found: Vec<(String, Value)> = page["hits"]["hits"]
            .as_array()
            .into_iter()
            .flatten()
            .map(|hit| (hit["_id"].as_str().unwrap().to_owned(), hit["_source"].clone()))
            .map(|(id, source)| (id, source.get("monitor").cloned().unwrap_or(source)))
            .filter(|(_, monitor)| self.is_ours(&monitor["name"]))
            .collect();
        found.sort_by(|a, b| a.1["name"].as_str().cmp(&b.1["name"].as_str()));
        found
    }

    /// The ids of the triggers and actions of a monitor, in order.
    pub fn ids(monitor: &Value) -> Vec<String> {
        let mut ids = Vec::new();
        for trigger in monitor["triggers"].as_array().unwrap() {
            let trigger = trigger.get("query_level_trigger").unwrap_or(trigger);
            ids.push(trigger["id"].as_str().unwrap().to_owned());
            let actions = trigger["actions"].as_array().unwrap();
            ids.extend(actions.iter().map(|action| action["id"].as_str().unwrap().to_owned()));
        }
        ids
    }

    /// Removes the files of an export that belong to nobody in this test.
    pub fn keep_own_files(&self, cli: &Cli, dir: &str) {
        for kind in ["email_accounts", "email_groups", "destinations", "monitors", "workflows"] {
            for entry in std::fs::read_dir(cli.path(dir).join(kind)).into_iter().flatten() {
                let path = entry.unwrap().path();
                if !self.begins(path.file_name().unwrap().to_str().unwrap()) {
                    std::fs::remove_file(path).unwrap();
                }
            }
        }
    }

    fn is_ours(&self, name: &Value) -> bool {
        name.as_str().is_some_and(|name| self.begins(name))
    }

    /// Whether a name is one of ours; those of accounts have no hyphens.
    fn begins(&self, name: &str) -> bool {
        name.replace('_', "-").starts_with(&format!("{}-", self.prefix))
    }

    /// The workflows of this test, by id, ordered by name.
    pub fn workflows(&self) -> Vec<(String, Value)> {
        let path = "/_plugins/_alerting/monitors/_search";
        let mut found = self.search(path, &json!({"exists": {"field": "workflow"}}));
        found.retain(|(_, workflow)| workflow["type"] == "workflow");
        found
    }

    /// What a search finds of this test, by id, ordered by name.
    fn search(&self, path: &str, query: &Value) -> Vec<(String, Value)> {
        let (_, page) = self.ask("POST", path, Some(json!({"size": 10_000, "query": query})));
        let hits = page["hits"]["hits"].as_array().into_iter().flatten();
        let mut found: Vec<(String, Value)> = hits
            .map(|hit| (hit["_id"].as_str().unwrap().to_owned(), hit["_source"].clone()))
            .filter(|(_, source)| self.is_ours(&source["name"]))
            .collect();
        found.sort_by(|a, b| a.1["name"].as_str().cmp(&b.1["name"].as_str()));
        found
    }

    fn destinations(&self) -> Vec<String> {
        let (path, list, id) = if self.line.has_channels() {
            ("/_plugins/_notifications/configs?max_items=10000".to_owned(), "config_list", "config_id")
        } else {
            (format!("{}/destinations?size=10000", self.line.alerting()), "destinations", "id")
        };
        let (_, page) = self.ask("GET", &path, None);
        let found = page[list].as_array().into_iter().flatten();
        let ours =
            found.filter(|entry| self.is_ours(&entry["name"]) || self.is_ours(&entry["config"]["name"]));
        ours.map(|entry| entry[id].as_str().unwrap().to_owned()).collect()
    }
}

impl Drop for Target {
    /// Leaves a live cluster as it was, but for what others did.
    fn drop(&mut self) {
        if !self.is_live {
            return;
        }
        if self.line.has_channels() {
            for (id, _) in self.workflows() {
                self.ask("DELETE", &format!("/_plugins/_alerting/workflows/{id}"), None);
            }
        } else {
            for kind in ["email_accounts", "email_groups"] {
                let home = format!("{}/destinations/{kind}", self.line.alerting());
                for (id, _) in self.search(&format!("{home}/_search"), &json!({"match_all": {}})) {
                    self.ask("DELETE", &format!("{home}/{id}"), None);
                }
            }
        }
        for (id, _) in self.monitors() {
            self.ask("DELETE", &format!("{}/monitors/{id}", self.line.alerting()), None);
        }
        for id in self.destinations() {
            let path = if self.line.has_channels() {
                format!("/_plugins/_notifications/configs/{id}")
            } else {
                format!("{}/destinations/{id}", self.line.alerting())
            };
            self.ask("DELETE", &path, None);
        }
        self.ask("DELETE", &format!("/{}-*", self.prefix), None);
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", if self.is_live { "live" } else { "sandbox" }, self.line)
    }
}

fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

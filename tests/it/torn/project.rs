//! A project with something of every kind that its line knows, before and after somebody's change: of each kind one
//! stays, one changes, one goes and one comes.

use alertform::api::line::Line;
use alertform::sandbox::state::State;
use serde_json::Value;

use crate::cli::{Cli, Screen};
use crate::cluster::Cluster;

/// The apply that is torn.
pub const APPLY: [&str; 3] = ["apply", "--yes", "--prune"];

/// A cluster in which the project was applied before the change.
pub fn cluster_before(line: Line) -> State {
    let cluster = Cluster::start(line);
    cluster.send("PUT", "/logs", "");
    let cli = project(&cluster, &before(line));
    cli.run(&APPLY).must_exit(0);
    cluster.state()
}

/// The project after the change, on a cluster.
pub fn changed(cluster: &Cluster) -> Cli {
    project(cluster, &after(cluster.line()))
}

fn project(cluster: &Cluster, files: &str) -> Cli {
    let mut cli = Cli::new(&[("alertform.yaml", "project: shop\n"), ("all.yaml", files)]);
    cli.set("ALERTFORM_URL", &cluster.url);
    cli.set("ALERTFORM_RETRIES", "1");
    cli.set("SLACK", "https://hooks.slack.com/services/T0/B0");
    cli
}

fn before(line: Line) -> String {
    ["stays", "changes", "goes"].map(|name| family(line, name, 1)).join("")
}

fn after(line: Line) -> String {
    [("stays", 1), ("changes", 2), ("comes", 1)].map(|(name, state)| family(line, name, state)).join("")
}

/// One resource of each kind; those of one family refer to each other.
fn family(line: Line, name: &str, state: u32) -> String {
    let mut text = format!(
        "kind: email_account
name: account_{name}
smtp_account: {{host: smtp.example.com, port: {state}, method: ssl, from_address: a@example.com}}
---
kind: email_group
name: group_{name}
recipients: [a{state}@example.com]
---
kind: destination
name: mail_{name}
email: {{account: account_{name}, groups: [group_{name}], recipients: [b{state}@example.com]}}
---
kind: destination
name: chat_{name}
slack: {{url: '${{SLACK}}/{state}'}}
---
kind: monitor
name: search_{name}
schedule: {{every: {state}h}}
index: logs
query: a
window: none
triggers:
  - name: t
    condition: 'true'
    actions:
      - {{name: one, destination: mail_{name}, message: x}}
      - {{name: two, destination: chat_{name}, message: x, throttle: 10m}}
---
"
    );
    if line > Line::Odfe {
        text += &format!(
            "kind: monitor
name: metrics_{name}
schedule: {{every: {state}h}}
cluster_metrics: /_cluster/health
triggers: [{{name: t, condition: 'true'}}]
---
kind: monitor
name: buckets_{name}
schedule: {{every: {state}h}}
index: logs
extraction_query:
  size: 0
  aggregations: {{by: {{composite: {{sources: [{{s: {{terms: {{field: s}}}}}}]}}}}}}
triggers: [{{name: t, parent_bucket_path: by, buckets_path: {{n: _count}}, condition: params.n > {state}}}]
---
"
        );
    }
    if line.has_channels() {
        text += &format!(
            "kind: monitor
name: documents_{name}
schedule: {{every: {state}h}}
index: logs
document_queries: [{{name: q, query: 'a:x'}}]
triggers: [{{name: t, condition: 'query[name=q]'}}]
---
kind: workflow
name: workflow_{name}
schedule: {{every: {state}h}}
delegates: [documents_{name}]
triggers: [{{name: t, condition: 'monitor[name=documents_{name}]'}}]
---
"
        );
    }
    text
}

/// What must be when all is over, however it came about: the cluster is as declared, there is nothing twice, and what
/// stayed and what changed has the ids that it had.
pub fn must_be_whole(cluster: &Cluster, cli: &Cli, before: &State, what: &str) {
    cluster.interfere(Box::new(|_, _| None));
    let screen = cli.run(&["plan", "--prune", "--detailed-exitcode"]);
    assert_eq!(screen.code, Some(0), "{what}: {screen}");
    let names = |all: &[(String, Value)]| -> Vec<String> {
        all.iter().map(|(_, resource)| resource["name"].as_str().unwrap().to_owned()).collect()
    };
    let all = scheduled(cluster);
    let mut once = names(&all);
    once.dedup();
    assert_eq!(names(&all), once, "{what}");
    let mut channels: Vec<String> = cluster.destinations().into_iter().map(|(_, name)| name).collect();
    channels.sort();
    let mut once = channels.clone();
    once.dedup();
    assert_eq!(channels, once, "{what}");
    let left = once.into_iter().chain(names(&all)).find(|name| name.ends_with("_goes"));
    assert_eq!(left, None, "{what}");
    let before = scheduled(&Cluster::resume(before.clone()));
    for (id, resource) in before {
        let name = resource["name"].as_str().unwrap();
        if name.ends_with("_goes") {
            continue;
        }
        let (id_now, now) = all.iter().find(|(_, now)| now["name"] == name).unwrap();
        assert_eq!(*id_now, id, "{what}: `{name}` was made anew");
        assert_eq!(trigger_ids(now), trigger_ids(&resource), "{what}: `{name}` lost its alerts");
    }
}

/// Monitors and workflows, by name.
fn scheduled(cluster: &Cluster) -> Vec<(String, Value)> {
    let line = cluster.line();
    let search = r#"{"size": 100, "query": {"bool": {"should": [{"exists": {"field": "monitor"}}, {"exists": {"field": "workflow"}}]}}}"#;
    let search = if line.has_channels() {
        search
    } else {
        r#"{"size": 100, "query": {"exists": {"field": "monitor"}}}"#
    };
    let page = cluster.send("POST", &format!("{}/monitors/_search", line.alerting()), search);
    let mut all: Vec<(String, Value)> = page["hits"]["hits"]
        .as_array()
        .unwrap()
        .iter()
        .map(|hit| (hit["_id"].as_str().unwrap().to_owned(), hit["_source"].clone()))
        .collect();
    all.sort_by_key(|(_, resource)| resource["name"].to_string());
    all
}

/// The ids on which alerts and throttles hang.
fn trigger_ids(resource: &Value) -> Vec<String> {
    let mut ids = Vec::new();
    for trigger in resource["triggers"].as_array().unwrap() {
        let trigger = trigger.as_object().unwrap();
        let trigger = if trigger.contains_key("name") {
            Some(&Value::Object(trigger.clone())).cloned()
        } else {
            trigger.values().next().cloned()
        };
        let trigger = trigger.unwrap();
        ids.push(trigger["id"].to_string());
        ids.extend(
            trigger["actions"].as_array().into_iter().flatten().map(|action| action["id"].to_string()),
        );
    }
    ids
}

/// A run never panics, and says what is wrong.
pub fn must_be_civil(screen: &Screen, what: &str) {
    assert!(matches!(screen.code, Some(0 | 1)), "{what}: {screen}");
    assert!(!screen.stderr.contains("panicked"), "{what}: {screen}");
    let says = ["error: ", "failed: ", "problem: ", "not tried: "];
    let is_said = |said: &&str| screen.stderr.contains(*said) || screen.stdout.contains(*said);
    assert!(screen.code == Some(0) || says.iter().any(is_said), "{what}: {screen}");
}

//! Monitors of other types than query-level ones, which a `definition` can say: no difference is left, no id is lost.

use alertform::api::line::Line;
use serde_json::{Value, json};

use super::target::{Target, targets};

#[test]
fn monitors_of_other_types_are_exported_to_files_that_plan_clean_and_keep_their_ids() {
    for target in targets().into_iter().filter(|target| target.line > Line::Odfe) {
        let logs = format!("{}-logs", target.prefix);
        target.send("PUT", &format!("/{logs}"), None);
        let monitors = other_types(&target, &logs);
        for monitor in &monitors {
            target.create_monitor(monitor.clone());
        }
        let cli = target.project(&[]);
        cli.run(&["export", "--out", "files"]).must_exit(0);
        target.keep_own_files(&cli, "files");
        let plan = ["plan", "--dir", "files", "--detailed-exitcode"];
        let screen = cli.run(&plan).must_exit(0);
        let expected = format!("plan: nothing to do; {} unchanged\n", monitors.len());
        assert!(screen.stdout.starts_with(&expected), "{target}: {screen}");

        let before: Vec<String> = target.monitors().iter().map(|(_, monitor)| all_ids(monitor)).collect();
        let changes = [
            ("bucket", "params.n > 5", "params.n > 6"),
            ("document", "message:error", "message:fatal"),
            ("health", "\"green\"", "\"red\""),
        ];
        for (name, from, to) in &changes[..] {
            let file = format!("files/monitors/{}-{name}.yaml", target.prefix);
            if cli.path(&file).exists() {
                cli.edit(&file, from, to);
            }
        }
        let screen = cli.run(&plan);
        let lines = screen.stdout.lines().filter(|line| line.starts_with("  - ") || line.starts_with("  + "));
        assert_eq!(lines.count(), 2 * monitors.len(), "{target}: {screen}");
        cli.run(&["apply", "--dir", "files", "--yes", "--adopt"]).must_exit(0);
        cli.run(&plan).must_exit(0);
        let after: Vec<String> = target.monitors().iter().map(|(_, monitor)| all_ids(monitor)).collect();
        assert_eq!(before, after, "{target}");
    }
}

#[test]
fn a_document_level_monitor_becomes_another_though_the_server_answers_with_an_error() {
    for target in targets().into_iter().filter(|target| target.line >= Line::V2_19) {
        let logs = format!("{}-logs", target.prefix);
        target.send("PUT", &format!("/{logs}"), None);
        let head = format!(
            "kind: monitor\nname: {}-logins\nschedule: {{every: 1h}}\nindex: {logs}\n",
            target.prefix
        );
        let cli = target.project(&[(
            "logins.yaml",
            &format!("{head}document_queries: [{{name: root, query: 'a:x'}}]\n"),
        )]);
        let metrics = head.replace("-logins\n", "-health\n").replace(&format!("index: {logs}\n"), "");
        cli.write(
            "health.yaml",
            &format!(
                "{}document_queries: [{{name: root, query: 'a:x'}}]\n",
                head.replace("-logins", "-health")
            ),
        );
        cli.run(&["apply", "--yes"]).must_exit(0);
        cli.write("health.yaml", &format!("{metrics}cluster_metrics: /_cluster/health\n"));
        cli.write("logins.yaml", &format!("{head}extraction_query: {{}}\n"));
        let screen = cli.run(&["apply", "--yes"]).must_exit(0);
        assert!(
            screen.stdout.contains("servers make the change, and answer with an error"),
            "{target}: {screen}"
        );
        let monitors = target.monitors();
        let types: Vec<&Value> = monitors.iter().map(|(_, monitor)| &monitor["monitor_type"]).collect();
        assert_eq!(types, ["cluster_metrics_monitor", "query_level_monitor"], "{target}");
        cli.run(&["plan", "--detailed-exitcode"]).must_exit(0);
    }
}

/// A monitor of each type that the line has, spelled as people do, who leave out what the server adds.
fn other_types(target: &Target, logs: &str) -> Vec<Value> {
    let monitor = |name: &str, kind: &str, input: Value, trigger: Value| {
        json!({
            "name": format!("{}-{name}", target.prefix), "monitor_type": kind, "enabled": false,
            "schedule": {"period": {"interval": 5, "unit": "MINUTES"}}, "inputs": [input], "triggers": [trigger],
        })
    };
    let action = |name: &str, scope: Value| {
        json!({
            "name": name, "destination_id": "gone", "message_template": {"source": "{{ctx.monitor.name}}"},
            "action_execution_policy": {"action_execution_scope": scope},
        })
    };
    let aggregation = json!({"composite": {"sources": [{"service": {"terms": {"field": "service"}}}]}});
    let body = json!({"size": 0, "query": {"match_all": {}}, "aggregations": {"by": aggregation}});
    let condition =
        json!({"buckets_path": {"n": "_count"}, "parent_bucket_path": "by", "script": "params.n > 5"});
    let per_alert = json!({"per_alert": {"actionable_alerts": ["NEW", "DEDUPED"]}});
    let bucket = monitor(
        "bucket",
        "bucket_level_monitor",
        json!({"search": {"indices": [logs], "query": body}}),
        json!({"bucket_level_trigger": {
            "name": "t", "severity": "2", "condition": condition,
            "actions": [action("each", per_alert.clone()), action("all", json!({"per_execution": {}}))],
        }}),
    );
    let script = json!({"script": {"source": "ctx.results[0].status != \"green\"", "lang": "painless"}});
    let health = monitor(
        "health",
        "cluster_metrics_monitor",
        json!({"uri": {"path": "_cluster/health", "path_params": format!("/{logs}")}}),
        json!({"query_level_trigger": {"name": "t", "severity": "1", "condition": script, "actions": []}}),
    );
    let query = json!({"name": "errors", "query": "message:error", "tags": ["sev1"]});
    let script = json!({"script": {"source": "query[name=errors] && query[tag=sev1]", "lang": "painless"}});
    let document = monitor(
        "document",
        "doc_level_monitor",
        json!({"doc_level_input": {"indices": [logs], "queries": [query]}}),
        json!({"document_level_trigger": {
            "name": "t", "severity": "1", "condition": script, "actions": [action("each", per_alert)],
        }}),
    );
    if target.line.has_channels() { vec![bucket, document, health] } else { vec![bucket, health] }
}

/// All ids in a monitor, in order.
fn all_ids(monitor: &Value) -> String {
    let text = monitor["inputs"].to_string() + &monitor["triggers"].to_string();
    text.split("\"id\":\"").skip(1).filter_map(|rest| rest.split('"').next()).collect::<Vec<_>>().join(" ")
}

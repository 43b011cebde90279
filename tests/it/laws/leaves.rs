//! Every leaf of a `definition` with values of other types, and unknown keys everywhere: either the files are refused, with
//! a place, or what a server stores of them plans clean, also after another client has saved it.

use std::collections::BTreeMap;

use alertform::api::line::Line;
use alertform::source::finding::Finding;
use alertform::source::{Surroundings, load};
use serde_json::{Value, json};

use super::live::Live;
use crate::source::project::folder;

#[test]
fn leaves_of_open_distro() {
    odd_leaves_plan_clean(Line::Odfe);
}

#[test]
fn leaves_of_1_3() {
    odd_leaves_plan_clean(Line::V1_3);
}

#[test]
fn leaves_of_2_19() {
    odd_leaves_plan_clean(Line::V2_19);
}

#[test]
fn leaves_of_3() {
    odd_leaves_plan_clean(Line::V3);
}

fn odd_leaves_plan_clean(line: Line) {
    let live = Live::start(line);
    let mut files = read(definitions(line));
    let declare = |files: &BTreeMap<String, String>| {
        let files: Vec<(String, String)> =
            files.iter().map(|(name, text)| (path(name), text.clone())).collect();
        live.declare("project", &files);
    };
    let plan = || live.cli.run(&["plan", "--detailed-exitcode", "--dir", "project"]);
    // the line has no words for some
    declare(&files);
    let refused = plan().stdout;
    files.retain(|name, _| !refused.contains(&format!("problem: {}:", path(name))));
    declare(&files);
    let applied = live.cli.run(&["apply", "--yes", "--dir", "project"]);
    for failed in applied.stdout.lines().filter(|line| line.starts_with("failed: ")) {
        assert!(REFUSALS.iter().any(|refusal| failed.contains(refusal)), "line {line}: {failed}");
    }
    let kinds = ["monitor", "destination", "email_account", "email_group"];
    let is_there =
        |name: &str| kinds.iter().any(|kind| applied.stderr.contains(&format!("created {kind} `{name}`")));
    files.retain(|name, _| is_there(name));
    assert!(files.len() > 50, "line {line}: {applied}");
    declare(&files);
    let planned = plan();
    assert_eq!(planned.code, Some(0), "line {line}: {planned}");
    live.save_without_marks();
    let planned = plan();
    assert_eq!(planned.code, Some(0), "line {line}, saved by another: {planned}");
}

/// What only a cluster can know, or what a value means to it: refused while the plan is applied.
const REFUSALS: [&str; 9] = [
    "Configured indices are not found",
    "Index patterns are not supported",
    "is null or empty",
    "Url or Host name must be provided",
    "Invalid email",
    "Invalid AWS",
    "no protocol",
    // of these a warning speaks
    "The API could not be determined",
    "form different URLs",
];

/// The files of all odd ones that are no errors, by the names of what they declare.
fn read(definitions: Vec<(&'static str, Value)>) -> BTreeMap<String, String> {
    let mut files = BTreeMap::new();
    for (number, (kind, definition)) in definitions.into_iter().enumerate() {
        for (index, odd) in odd_ones(&definition).into_iter().enumerate() {
            let name = format!("d{number}-{index}");
            let document = json!({"kind": kind, "name": name, "definition": odd});
            let text = serde_json::to_string_pretty(&document).unwrap();
            match load(folder(&[(&path(&name), &text)]).path(), &Surroundings::default()) {
                Ok(_) => {
                    files.insert(name, text);
                }
                Err(findings) => {
                    let line = |finding: &Finding| finding.place.as_ref().map_or(0, |place| place.line);
                    let is_placed = findings.iter().any(|finding| line(finding) > 1);
                    assert!(is_placed, "{text}{findings:?}");
                }
            }
        }
    }
    files
}

fn path(name: &str) -> String {
    format!("monitors/{name}.yaml")
}

/// The document with one leaf after the other made odd, and with an unknown key in one mapping after the other.
fn odd_ones(document: &Value) -> Vec<Value> {
    let mut pointers = Vec::new();
    collect(document, String::new(), &mut pointers);
    let mut odd = Vec::new();
    for pointer in pointers {
        let Some(value) = document.pointer(&pointer) else { continue };
        for other in others(value) {
            let mut document = document.clone();
            *document.pointer_mut(&pointer).unwrap() = other;
            odd.push(document);
        }
    }
    odd
}

fn others(value: &Value) -> Vec<Value> {
    match value {
        Value::Object(fields) => {
            let with = |extra: Value| {
                let mut fields = fields.clone();
                fields.insert("unheard_of".to_owned(), extra);
                Value::Object(fields)
            };
            vec![with(json!(1)), with(json!(null)), json!({}), json!([value]), json!("text"), json!(null)]
        }
        Value::Array(items) => {
            let twice = [items.as_slice(), items.as_slice()].concat();
            vec![json!(twice), json!([]), json!([5, true, "b"]), json!({}), json!("text"), json!(null)]
        }
        Value::Bool(truth) => vec![json!(truth.to_string()), json!(1), json!(null)],
        Value::Number(number) => {
            let fraction: f64 = format!("{number}.5").parse().unwrap();
            let number = number.as_i64().unwrap();
            vec![json!(number.to_string()), json!(fraction), json!(-number), json!(null)]
        }
        Value::String(text) => {
            vec![json!(5), json!(5.5), json!(true), json!(null), json!(""), json!([text]), json!({"a": text})]
        }
        Value::Null => Vec::new(),
    }
}

/// Pointers to all that stands in a value, search bodies but for their top excepted.
fn collect(value: &Value, pointer: String, found: &mut Vec<String>) {
    let is_body = pointer.ends_with("/search/query");
    match value {
        Value::Object(fields) if !is_body => {
            for (key, value) in fields {
                collect(value, format!("{pointer}/{key}"), found);
            }
        }
        Value::Array(items) => {
            for (index, value) in items.iter().enumerate() {
                collect(value, format!("{pointer}/{index}"), found);
            }
        }
        _ => {}
    }
    if !pointer.is_empty() {
        found.push(pointer);
    }
}

/// Definitions of most kinds that `line` has.
fn definitions(line: Line) -> Vec<(&'static str, Value)> {
    let search = |body: Value| json!([{"search": {"indices": ["logs"], "query": body}}]);
    let script = |source: &str| json!({"script": {"source": source, "lang": "painless"}});
    let policy = json!({"action_execution_scope": {"per_alert": {"actionable_alerts": ["NEW"]}}});
    let monitor = |monitor_type: &str, inputs: Value, trigger: (&str, Value), policy: Option<&Value>| {
        let mut action = json!({
            "name": "a", "destination_id": "some", "throttle_enabled": true,
            "throttle": {"value": 10, "unit": "MINUTES"},
            "subject_template": {"source": "s", "lang": "mustache"},
            "message_template": {"source": "m", "lang": "mustache"},
        });
        if let Some(policy) = policy {
            action["action_execution_policy"] = policy.clone();
        }
        let (kind, condition) = trigger;
        let trigger = json!({"name": "t", "severity": "2", "condition": condition, "actions": [action]});
        let trigger = if line.wraps_triggers() { json!({kind: trigger}) } else { trigger };
        json!({
            "enabled": true, "monitor_type": monitor_type, "inputs": inputs, "triggers": [trigger],
            "schedule": if policy.is_some() {
                json!({"cron": {"expression": "0 1 * * *", "timezone": "UTC"}})
            } else {
                json!({"period": {"interval": 5, "unit": "MINUTES"}})
            },
        })
    };
    let query = ("query_level_trigger", script("true"));
    let of_query = (line != Line::Odfe).then_some(&policy);
    let body = json!({"size": 0, "query": {"match_all": {}}});
    let mut all = vec![("monitor", monitor("query_level_monitor", search(body), query.clone(), of_query))];
    if line >= Line::V1_3 {
        let sources = json!([{"s": {"terms": {"field": "svc"}}}]);
        let body = json!({"size": 0, "aggs": {"c": {"composite": {"sources": sources}}}});
        for (key, filter) in [
            ("composite_agg_filter", json!({"s": {"include": ["a"], "exclude": ["b"]}})),
            ("filter", json!({"include": "a", "exclude": "b"})),
            ("filter", json!({"include": {"partition": 0, "num_partitions": 4}})),
        ] {
            let mut condition = script("params.c > 1");
            let further = json!({
                "buckets_path": {"c": "_count"}, "parent_bucket_path": "c", "gap_policy": "skip", key: filter,
            });
            condition.as_object_mut().unwrap().extend(further.as_object().unwrap().clone());
            let trigger = ("bucket_level_trigger", condition);
            let policy = (key != "filter").then_some(&policy);
            all.push(("monitor", monitor("bucket_level_monitor", search(body.clone()), trigger, policy)));
        }
        let uri =
            json!([{"uri": {"path": "_cluster/health", "path_params": "logs", "url": "", "clusters": []}}]);
        all.push(("monitor", monitor("cluster_metrics_monitor", uri, query, None)));
    }
    if line >= Line::V2_19 {
        let query = json!({
            "id": "i", "name": "a", "query": "level:A", "tags": ["x"], "fields": ["f"], "query_field_names": ["g"],
        });
        let input = json!([{"doc_level_input": {
            "description": "x", "indices": ["logs"], "fan_out_enabled": true, "queries": [query],
        }}]);
        let trigger = ("document_level_trigger", script("query[name=a]"));
        all.push(("monitor", monitor("doc_level_monitor", input, trigger, None)));
    }
    all.extend(destinations(line).into_iter().map(|definition| ("destination", definition)));
    let recipients = |key: &str| json!([{key: "on-call@example.com"}]);
    if line.has_channels() {
        let account = json!({"host": "mail", "port": 25, "method": "none", "from_address": "a@example.com"});
        all.push(("email_account", json!({"config_type": "smtp_account", "smtp_account": account})));
        let group = json!({"recipient_list": recipients("recipient")});
        all.push(("email_group", json!({"config_type": "email_group", "email_group": group})));
    } else {
        let account = json!({"email": "a@example.com", "host": "mail", "port": 25, "method": "none"});
        all.push(("email_account", account));
        all.push(("email_group", json!({"emails": recipients("email")})));
    }
    all
}

fn destinations(line: Line) -> Vec<Value> {
    let webhook = "https://hooks.example.com/x";
    if line.has_channels() {
        let channel = |kind: &str, content: Value| json!({"config_type": kind, "description": "d", "is_enabled": true, kind: content});
        let role = "arn:aws:iam::123456789012:role/r";
        return vec![
            channel("webhook", json!({"url": webhook, "method": "PUT", "header_params": {"a": "b"}})),
            channel("sns", json!({"topic_arn": "arn:aws:sns:us-west-2:123456789012:t", "role_arn": role})),
            channel("microsoft_teams", json!({"url": "https://t.webhook.office.com/x"})),
        ];
    }
    let destination = |kind: &str, content: Value| json!({"type": kind, kind: content});
    let parts = json!({
        "scheme": "https", "host": "hooks.example.com", "port": 8443, "path": "p", "query_params": {"a": "b"},
        "method": "PUT", "header_params": {"c": "d"}, "username": "u", "password": "p",
    });
    vec![
        destination("custom_webhook", parts),
        destination("custom_webhook", json!({"url": webhook, "host": "other.example.com", "port": -8443})),
        destination("test_action", json!("dummy")),
        destination("slack", json!({"url": webhook})),
    ]
}

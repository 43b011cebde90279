//! Monitors of every type that a line has, by each of the keys that say what one looks at.

use alertform::api::line::Line;
use proptest::prelude::*;
use serde_json::{Value, json};

use super::actions::trigger;
use super::draft;
use super::names::{name, settle};
use super::schedules::schedule;
use super::searches::{body, composite};
use crate::laws::texts::{filled_text, text};

/// A monitor.
pub fn monitor(line: Line) -> BoxedStrategy<Value> {
    let enabled = prop::option::of(any::<bool>());
    (name(), schedule(line), enabled, watch(line))
        .prop_map(|(name, schedule, enabled, mut rest)| {
            let inner = if let Some(definition) = rest.get_mut("definition") {
                definition
            } else {
                rest["schedule"] = schedule;
                &mut rest
            };
            if let Some(enabled) = enabled {
                inner["enabled"] = enabled.into();
            }
            draft("monitor", name, rest)
        })
        .boxed()
}

fn watch(line: Line) -> BoxedStrategy<Value> {
    let query = prop_oneof![2 => lucene(), 3 => extraction(line), 1 => definition(line)];
    match line {
        Line::Odfe => query.boxed(),
        Line::V1_3 => prop_oneof![4 => query, 2 => bucket(line), 1 => cluster_metrics(line)].boxed(),
        Line::V2_19 => {
            prop_oneof![4 => query, 2 => bucket(line), 1 => cluster_metrics(line), 3 => document(line)]
                .boxed()
        }
        Line::V3 => prop_oneof![
            4 => query, 2 => bucket(line), 1 => cluster_metrics(line), 3 => document(line), 1 => ppl(line),
        ]
        .boxed(),
    }
}

fn lucene() -> BoxedStrategy<Value> {
    let window = prop_oneof![Just("none".to_owned()), "[1-9][0-9]?[smhd]"];
    (index(), filled_text(), filled_text(), window, conditions(Line::Odfe))
        .prop_map(|(index, query, field, window, triggers)| {
            let mut rest = json!({"index": index, "query": query, "window": window, "triggers": triggers});
            if window != "none" {
                rest["time_field"] = field.into();
            }
            rest
        })
        .boxed()
}

fn extraction(line: Line) -> BoxedStrategy<Value> {
    (index(), body(line), any::<bool>(), conditions(line))
        .prop_map(|(index, body, is_text, triggers)| {
            let body = if is_text { body.to_string().into() } else { body };
            json!({"index": index, "extraction_query": body, "triggers": triggers})
        })
        .boxed()
}

/// The API's own words, its triggers bare or in their wrappers, with what no other form can say.
fn definition(line: Line) -> BoxedStrategy<Value> {
    let params = || prop::option::weighted(0.3, Just(json!({"n": 1, "list": ["a", 2.50]})));
    let throttle = prop::option::of((1..1441_u32, any::<bool>()));
    let action = (name(), any::<u16>(), text(), params(), throttle).prop_map(
        |(name, destination, message, params, throttle)| {
            let mut template = json!({"source": message});
            if let Some(params) = params {
                template["params"] = params;
            }
            let mut action = json!({"name": name, "destination": destination, "message_template": template});
            if let Some((minutes, is_on)) = throttle {
                action["throttle"] = json!({"value": minutes, "unit": "minutes"});
                action["throttle_enabled"] = is_on.into();
            }
            action
        },
    );
    let actions = prop::collection::vec(action, 0..3);
    let trigger = (name(), text(), params(), actions).prop_map(|(name, source, params, actions)| {
        let mut script = json!({"source": source, "lang": "painless"});
        if let Some(params) = params {
            script["params"] = params;
        }
        json!({"name": name, "severity": "low", "condition": {"script": script}, "actions": actions})
    });
    (index(), body(line), any::<bool>(), prop::collection::vec(trigger, 0..3))
        .prop_map(|(index, body, is_bare, triggers)| {
            let indices = if index.is_array() { index } else { json!([index]) };
            let triggers = triggers.into_iter().enumerate().map(|(number, mut trigger)| {
                settle(&mut trigger, number);
                if is_bare { trigger } else { json!({"query_level_trigger": trigger}) }
            });
            let triggers: Vec<Value> = triggers.collect();
            json!({"definition": {
                "schedule": {"period": {"interval": 5, "unit": "minutes"}},
                "inputs": [{"search": {"indices": indices, "query": body}}],
                "triggers": triggers,
            }})
        })
        .boxed()
}

fn bucket(line: Line) -> BoxedStrategy<Value> {
    let condition = (
        prop::sample::select(vec!["params.count > 5", "params.count > params.a && true"]),
        prop::option::of(prop::sample::select(vec!["skip", "insert_zeros"])),
        prop::option::of(prop::sample::select(vec![
            json!({"s0": {"include": ["a", "b"]}}),
            json!({"s0": {"exclude": "x.*"}}),
        ])),
    );
    let trigger = (trigger(line), condition).prop_map(|(mut trigger, (condition, policy, filter))| {
        trigger["condition"] = condition.into();
        trigger["parent_bucket_path"] = "by".into();
        trigger["buckets_path"] = json!({"count": "_count", "a": "_count"});
        if let Some(policy) = policy {
            trigger["gap_policy"] = policy.into();
        }
        if let Some(filter) = filter {
            trigger["composite_agg_filter"] = filter;
        }
        trigger
    });
    (index(), composite(line), prop::collection::vec(trigger, 1..4))
        .prop_map(
            |(index, body, triggers)| json!({"index": index, "extraction_query": body, "triggers": triggers}),
        )
        .boxed()
}

fn document(line: Line) -> BoxedStrategy<Value> {
    let word = || prop::sample::select(vec!["errors", "slow calls", "エラー", "a-b", "x_y"]);
    let tags = prop::option::of(prop::collection::vec("[a-z0-9-]{1,5}", 0..3));
    let fields = prop::option::of(prop::collection::vec("[a-z.]{1,5}[a-z]", 0..3));
    let query = (word(), filled_text(), tags, fields).prop_map(|(name, query, tags, fields)| {
        let mut one = json!({"name": [name, ""], "query": query});
        for (key, list) in [("tags", tags), ("fields", fields)] {
            if let Some(list) = list {
                one[key] = json!(list);
            }
        }
        one
    });
    let condition = prop::sample::select(vec![
        "query[name=errors0]",
        "query[tag=sev1] || query[name=errors0]",
        "(query[name=slow calls1] && !query[tag=a])",
    ]);
    let trigger = (trigger(line), condition).prop_map(|(mut trigger, condition)| {
        trigger["condition"] = condition.into();
        trigger
    });
    let index = prop::sample::select(vec![json!("logs"), json!("audit"), json!(["logs", "audit"])]);
    (index, prop::collection::vec(query, 1..4), prop::collection::vec(trigger, 0..3))
        .prop_map(|(index, queries, triggers)| {
            json!({"index": index, "document_queries": queries, "triggers": triggers})
        })
        .boxed()
}

fn cluster_metrics(line: Line) -> BoxedStrategy<Value> {
    let mut asked: Vec<Value> = [
        "/_cluster/health",
        "_cluster/health/logs",
        "/_cluster/stats/n1",
        "_cluster/settings",
        "_cat/pending_tasks",
        "/_cat/recovery/logs,audit",
        "/_cat/snapshots/backups",
        "_cat/tasks",
        "/_nodes/stats",
    ]
    .map(Value::from)
    .into();
    if line > Line::V1_3 {
        asked.extend(["_cat/indices", "/_cat/indices/logs", "/_cat/shards/"].map(Value::from));
        asked.push(json!({"path": "/_cluster/health", "clusters": ["here", "there"]}));
    }
    (prop::sample::select(asked), conditions(line))
        .prop_map(|(asked, triggers)| json!({"cluster_metrics": asked, "triggers": triggers}))
        .boxed()
}

fn ppl(line: Line) -> BoxedStrategy<Value> {
    let condition =
        prop::sample::select(vec!["number_of_results > 0", "number_of_results != 7", "where n > 3"]);
    let trigger = (trigger(line), condition).prop_map(|(mut trigger, condition)| {
        trigger["condition"] = condition.into();
        trigger
    });
    ("[a-z]{1,6}", prop::collection::vec(trigger, 1..3))
        .prop_map(|(index, triggers)| {
            let query = format!("source = {index} | where took > 2000 | stats count() as n by endpoint");
            json!({"ppl": query, "triggers": triggers})
        })
        .boxed()
}

/// Triggers that look at results as a whole.
fn conditions(line: Line) -> impl Strategy<Value = Vec<Value>> {
    let condition = prop_oneof![Just("ctx.results[0].hits.total.value > 0".to_owned()), filled_text()];
    let trigger = (trigger(line), condition).prop_map(|(mut trigger, condition)| {
        trigger["condition"] = condition.into();
        trigger
    });
    prop::collection::vec(trigger, 0..4)
}

fn index() -> impl Strategy<Value = Value> {
    prop::sample::select(vec![
        json!("logs"),
        json!("app-*"),
        json!(["audit", "app-*"]),
        json!(["logs", "audit"]),
        json!("<app-{now/d}>"),
    ])
}

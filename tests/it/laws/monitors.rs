//! Monitors and workflows of all shapes, most of which no server would take.

use std::collections::{BTreeMap, BTreeSet};

use alertform::model::chained::{Piece, joined};
use alertform::model::json::Json;
use alertform::model::monitor::{
    Action, Delegate, Input, Monitor, MonitorType, Throttle, Trigger, TriggerForm, TriggerKind,
};
use alertform::model::name::Name;
use alertform::model::reference::Reference;
use alertform::model::schedule::{Schedule, Unit};
use proptest::prelude::*;
use serde_json::{Value, json};

use super::destinations::reference;
use super::texts::{filled_text, object, text, value};

/// A workflow of which one may or may not be sayable in the friendly form: it may run a monitor twice.
pub fn workflow() -> impl Strategy<Value = Monitor> {
    let delegates = prop::collection::vec((reference(), any::<bool>()), 1..4);
    let other = prop_oneof![
        3 => Just(BTreeMap::new()),
        1 => Just(BTreeMap::from([("audit_delegate_monitor_alerts".to_owned(), Json::of(&json!(false)))])),
    ];
    let triggers = prop::collection::vec((trigger(), any::<bool>()), 0..3);
    (filled_text(), any::<bool>(), schedule(), delegates, triggers, other).prop_map(
        |(name, enabled, schedule, delegates, triggers, other)| {
            let mut distinct = BTreeSet::new();
            let delegates: Vec<_> =
                delegates.into_iter().filter(|(monitor, _)| distinct.insert(monitor.clone())).collect();
            let triggers = triggers.into_iter().map(|(mut trigger, is_not)| {
                let not = Piece::Between(if is_not { "!" } else { " (" });
                let pieces = delegates.iter().flat_map(|(monitor, _)| {
                    [not.clone(), Piece::Monitor(monitor.clone()), Piece::Between(" && ")]
                });
                let source = joined(&pieces.collect::<Vec<_>>());
                trigger.kind = TriggerKind::new("chained_alert_trigger");
                trigger.body = Json::of(&json!({"condition": {"script": {"source": source}}}));
                trigger
            });
            let triggers = numbered(triggers.collect(), |trigger: &mut Trigger| &mut trigger.name);
            let run = delegates.iter().enumerate().map(|(index, (monitor, looks_at_findings))| Delegate {
                monitor: monitor.clone(),
                findings: match index.checked_sub(1) {
                    Some(before) if *looks_at_findings => vec![delegates[before].0.clone()],
                    _ => Vec::new(),
                },
            });
            Monitor {
                name: Name::new(name),
                monitor_type: MonitorType::composite(),
                enabled,
                schedule,
                inputs: vec![Input::Composite(run.collect())],
                triggers,
                other,
            }
        },
    )
}

pub fn monitor() -> impl Strategy<Value = Monitor> {
    let other = prop_oneof![
        4 => Just(BTreeMap::new()),
        1 => Just(BTreeMap::from([("owner".to_owned(), Json::of(&json!("somebody")))])),
    ];
    let monitor_type = prop_oneof![6 => Just("query_level_monitor"), 1 => Just("bucket_level_monitor"), 1 => Just("remote_thing")];
    let inputs = prop_oneof![
        6 => input().prop_map(|input| vec![input]),
        1 => Just(Vec::new()),
        1 => Just(vec![Input::Other(Json::of(&json!({"uri": {"path": "_cluster/health"}})))]),
    ];
    let triggers = prop::collection::vec(trigger(), 0..3);
    (filled_text(), monitor_type, any::<bool>(), schedule(), inputs, triggers, other).prop_map(
        |(name, monitor_type, enabled, schedule, mut inputs, mut triggers, other)| {
            let form = TriggerForm::of(monitor_type);
            if form == Some(TriggerForm::Bucket) {
                inputs.iter_mut().for_each(aggregate);
            }
            triggers.retain(|trigger| form.is_none_or(|form| trigger.kind == form.kind()));
            Monitor {
                name: Name::new(name),
                monitor_type: MonitorType::new(monitor_type),
                enabled,
                schedule,
                inputs,
                triggers: numbered(triggers, |trigger| &mut trigger.name),
                other,
            }
        },
    )
}

/// Gives a search an aggregation, without which no server looks at buckets.
fn aggregate(input: &mut Input) {
    if let Input::Search { indices: _, body } = input {
        let mut aggregated = body.value();
        aggregated["aggs"] = json!({"a": {"sum": {"field": "b"}}});
        *body = Json::of(&aggregated);
    }
}

fn schedule() -> impl Strategy<Value = Schedule> {
    let unit = prop::sample::select(Unit::ALL.to_vec());
    let zone = prop::sample::select(vec!["UTC", "Z", "+09:00", "Asia/Tokyo", "UTC-03:30"]);
    prop_oneof![
        (1..=2_147_483_647_u32, unit).prop_map(|(every, unit)| Schedule::every(every, unit)),
        ("[0-5]?[0-9] ([0-9]|\\*|1,3)  \\*/2 (\\*|JAN) (1-5|SUN)", zone).prop_map(
            |(expression, timezone)| { Schedule::Cron { expression, timezone: timezone.to_owned() } }
        ),
    ]
}

fn input() -> impl Strategy<Value = Input> {
    let query = (filled_text(), filled_text(), "[1-9][0-9]?[smhd]").prop_map(|(query, field, window)| {
        json!({"size": 0, "track_total_hits": true, "query": {"bool": {"filter": [
            {"range": {field: {
                "gte": format!("{{{{period_end}}}}||-{window}"), "lte": "{{period_end}}", "format": "epoch_millis",
            }}},
            {"query_string": {"query": query}},
        ]}}})
    });
    let all_time = text().prop_map(
        |query| json!({"size": 0, "track_total_hits": true, "query": {"query_string": {"query": query}}}),
    );
    let top = prop::collection::btree_map(
        prop::sample::select(vec!["query", "size", "sort", "aggs", "_source", "ext"]).prop_map(str::to_owned),
        value(),
        0..4,
    );
    let other = top.prop_map(|entries| Value::Object(entries.into_iter().collect()));
    let body = prop_oneof![query, all_time, other];
    (prop::collection::vec(text(), 0..3), body)
        .prop_map(|(indices, body)| Input::Search { indices, body: Json::of(&body) })
}

fn trigger() -> impl Strategy<Value = Trigger> {
    let query_level =
        (text(), prop_oneof![4 => Just(None), 1 => object().prop_map(Some)]).prop_map(|(source, params)| {
            let mut script = json!({"source": source});
            if let Some(params) = params.filter(|params| !params.is_empty()) {
                script["params"] = Value::Object(params);
            }
            ("query_level_trigger", json!({"condition": {"script": script}}))
        });
    let bucket_level = on_buckets().prop_map(|condition| ("bucket_level_trigger", condition));
    let kind = prop_oneof![5 => query_level, 1 => bucket_level];
    let severity = prop_oneof![4 => "[1-5]", 1 => text()];
    let actions = prop::collection::vec(action(), 0..3);
    (text(), severity, kind, actions).prop_map(|(name, severity, (kind, body), actions)| Trigger {
        name: Name::new(name),
        severity,
        kind: TriggerKind::new(kind),
        body: Json::of(&body),
        actions: numbered(actions, |action| &mut action.name),
    })
}

fn on_buckets() -> impl Strategy<Value = Value> {
    let paths = prop::collection::btree_map(text(), text(), 0..3);
    let keys = || prop::collection::btree_set(text(), 0..3).prop_map(|keys| json!(keys));
    let filter = prop_oneof![
        (keys(), keys()).prop_map(|(include, exclude)| json!({"include": include, "exclude": exclude})),
        text().prop_map(|expression| json!({"exclude": expression})),
        (0..9_u32, 1..9_u32).prop_map(|(part, parts)| {
            json!({"include": {"partition": part % parts, "num_partitions": parts}})
        }),
    ];
    let further = prop::option::of(prop_oneof![
        Just(("gap_policy", json!("insert_zeros"))),
        filter.clone().prop_map(|filter| ("filter", filter)),
        (text(), filter).prop_map(|(source, filter)| ("composite_agg_filter", json!({source: filter}))),
    ]);
    (paths, text(), text(), further).prop_map(|(paths, parent, source, further)| {
        let script = json!({"source": source});
        let mut condition = json!({"buckets_path": paths, "parent_bucket_path": parent, "script": script});
        if let Some((key, value)) = further {
            condition[key] = value;
        }
        json!({ "condition": condition })
    })
}

fn action() -> impl Strategy<Value = Action> {
    let destination = prop_oneof![
        filled_text().prop_map(|name| Reference::Name(Name::new(format!("name-{name}")))),
        text().prop_map(|id| Reference::Id(format!("id-{id}"))),
    ];
    let throttle = prop::option::of((1..=1440_u32, prop::bool::weighted(0.8)))
        .prop_map(|throttle| throttle.map(|(minutes, enabled)| Throttle { minutes, enabled }));
    let policy = json!({"action_execution_scope": {"per_execution": {}}});
    let other = prop_oneof![
        4 => Just(BTreeMap::new()),
        1 => Just(BTreeMap::from([("action_execution_policy".to_owned(), Json::of(&policy))])),
        1 => Just(BTreeMap::from([("message_template".to_owned(), Json::of(&json!({"params": {"a": 1}})))])),
    ];
    (text(), destination, prop::option::of(text()), text(), throttle, other).prop_map(
        |(name, destination, subject, message, throttle, other)| {
            // no server throttles what is told of a whole run
            let throttle = throttle.filter(|_| !other.contains_key("action_execution_policy"));
            Action { name: Name::new(name), destination, subject, message, throttle, other }
        },
    )
}

/// Makes names differ, and none blank.
fn numbered<T>(mut items: Vec<T>, name: fn(&mut T) -> &mut Name) -> Vec<T> {
    for (index, item) in items.iter_mut().enumerate() {
        let name = name(item);
        *name = Name::new(format!("{}{index}", name.as_str()));
    }
    items
}

//! parse(print(x)) == x, for resources of all shapes and texts of all kinds.

use std::collections::{BTreeMap, BTreeSet};

use alertform::model::chained::{Piece, joined};
use alertform::model::destination::{
    CustomWebhook, Destination, Email, Endpoint, SesAccount, SmtpAccount, Target,
};
use alertform::model::json::Json;
use alertform::model::monitor::{
    Action, Delegate, Input, Monitor, MonitorType, Throttle, Trigger, TriggerKind,
};
use alertform::model::name::Name;
use alertform::model::reference::{Reference, keys_of};
use alertform::model::resource::{Key, Kind, Resource};
use alertform::model::schedule::{Schedule, Unit};
use alertform::model::secret::Secret;
use alertform::source::load;
use alertform::source::print::{Variables, print};
use proptest::prelude::*;
use serde_json::{Map, Value, json};

use crate::source::project::folder;

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_printed_destination_reads_as_itself(destination in destination()) {
        reads_as_itself(Resource::Destination(destination))?;
    }

    #[test]
    fn a_printed_workflow_reads_as_itself(workflow in workflow()) {
        reads_as_itself(Resource::Monitor(workflow))?;
    }

    #[test]
    fn a_printed_monitor_reads_as_itself(monitor in monitor()) {
        reads_as_itself(Resource::Monitor(monitor))?;
    }
}

fn reads_as_itself(resource: Resource) -> Result<(), TestCaseError> {
    let mut variables = Variables::default();
    let mut text = print(&resource, &mut variables);
    for key in keys_of(&resource).into_iter().collect::<BTreeSet<_>>() {
        text.push_str("---\n");
        text.push_str(&print(&stub(key), &mut variables));
    }
    let secrets = variables.into_secrets().into_iter();
    let variables = secrets.map(|(name, secret)| (name, secret.expose().to_owned())).collect();
    let dir = folder(&[("a.yaml", &text)]);
    let declared = load(dir.path(), &variables)
        .map_err(|findings| TestCaseError::fail(format!("{}\n{text}", findings[0])))?;
    let key = resource.key();
    let read = declared.resources.iter().find(|declaration| declaration.resource.key() == key);
    prop_assert_eq!(read.map(|declaration| &declaration.resource), Some(&resource), "{}", text);
    Ok(())
}

/// Something of a kind and a name that says as little as can be.
fn stub(Key { kind, name }: Key) -> Resource {
    let recipients = vec!["a@example.com".to_owned()];
    let target = match kind {
        Kind::EmailAccount => Target::SesAccount(SesAccount {
            region: "us-east-1".to_owned(),
            role_arn: None,
            from_address: "a@example.com".to_owned(),
        }),
        Kind::EmailGroup => Target::EmailGroup { recipients },
        Kind::Destination => Target::Slack { url: Secret::new("https://hooks.slack.com/services/x") },
        Kind::Monitor | Kind::Workflow => {
            return Resource::Monitor(Monitor {
                name,
                monitor_type: MonitorType::query_level(),
                enabled: true,
                schedule: Schedule::every(1, Unit::Minutes),
                inputs: Vec::new(),
                triggers: Vec::new(),
                other: BTreeMap::new(),
            });
        }
    };
    Resource::Destination(Destination { name, description: String::new(), enabled: true, target })
}

/// Texts that YAML, Mustache or a substitution might take for something else.
fn text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just("${A}"),
        Just("$${"),
        Just("${{"),
        Just("{{ctx.x}}"),
        Just(": "),
        Just(" #"),
        Just("\n"),
        Just("\n\n"),
        Just("  "),
        Just("\t"),
        Just("'"),
        Just("\""),
        Just("\\"),
        Just("- "),
        Just("a"),
        Just("word word"),
        Just("0"),
        Just("1e5"),
        Just("~"),
        Just("true"),
        Just("no"),
        Just("<<"),
        Just("%"),
        Just("é"),
        Just("日本"),
        Just("\u{feff}"),
        Just("\u{85}"),
        Just("\r\n"),
        Just("\u{2028}"),
        Just("[]"),
        Just(","),
        Just("|"),
        Just(">"),
        Just("&"),
        Just("*"),
        Just("!"),
        Just("@"),
        Just("`"),
        Just(":"),
        Just("=="),
        Just("\u{1f600}"),
        Just("..."),
        Just(
            "a long run of words that goes on and on until the line is full and must be folded somewhere, surely"
        ),
    ];
    prop_oneof![
        2 => prop::collection::vec(piece, 0..6).prop_map(|pieces| pieces.concat()),
        1 => any::<String>(),
        1 => "[a-z][a-z .:-]{0,20}",
        1 => "[-+.0-9eExo_:]{1,6}",
    ]
}

fn filled_text() -> impl Strategy<Value = String> {
    text().prop_filter("blank", |text| !text.trim().is_empty())
}

fn key() -> impl Strategy<Value = String> {
    prop_oneof![4 => "[a-z_]{1,8}", 1 => text()]
}

fn secret() -> impl Strategy<Value = Secret> {
    text().prop_map(Secret::new)
}

fn url() -> impl Strategy<Value = Secret> {
    "https?://[a-z]{1,9}(:[1-9][0-9]{1,3})?/[a-zA-Z0-9?=&$#{}-]{0,20}".prop_map(Secret::new)
}

fn value() -> impl Strategy<Value = Value> {
    let number = prop_oneof![
        any::<i64>().prop_map(|number| number.to_string()),
        "-?[1-9][0-9]{20,50}",
        "-?(0|[1-9][0-9]{0,4})\\.[0-9]{1,5}",
        "-?[1-9](\\.[0-9]{1,3})?[eE][+-]?[0-9]{1,3}",
    ];
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::Bool),
        number.prop_map(|number| serde_json::from_str(&number).unwrap()),
        text().prop_map(Value::String),
    ];
    leaf.prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::Array),
            prop::collection::vec((key(), inner), 0..4)
                .prop_map(|entries| Value::Object(entries.into_iter().collect())),
        ]
    })
}

fn object() -> impl Strategy<Value = Map<String, Value>> {
    prop::collection::vec((key(), value()), 0..4).prop_map(|entries| entries.into_iter().collect())
}

fn destination() -> impl Strategy<Value = Destination> {
    (filled_text(), text(), any::<bool>(), target()).prop_map(|(name, description, enabled, target)| {
        Destination { name: Name::new(name), description, enabled, target }
    })
}

fn target() -> impl Strategy<Value = Target> {
    prop_oneof![
        url().prop_map(|url| Target::Slack { url }),
        url().prop_map(|url| Target::Chime { url }),
        webhook().prop_map(|webhook| Target::CustomWebhook(Box::new(webhook))),
        (reference(), addresses(), prop::collection::vec(reference(), 0..3))
            .prop_map(|(account, recipients, groups)| Target::Email(Email { account, recipients, groups })),
        (filled_text(), -1..70_000_i64, "(none|ssl|start_tls)", address()).prop_map(
            |(host, port, method, from_address)| {
                Target::SmtpAccount(SmtpAccount { host, port, method, from_address })
            }
        ),
        (filled_text(), prop::option::of(arn()), address()).prop_map(|(region, role_arn, from_address)| {
            Target::SesAccount(SesAccount { region, role_arn, from_address })
        }),
        addresses().prop_map(|recipients| Target::EmailGroup { recipients }),
        ("(sns|microsoft_teams|test_action)", object())
            .prop_map(|(kind, body)| { Target::Other { kind, body: Json::of(&Value::Object(body)) } }),
    ]
}

fn address() -> impl Strategy<Value = String> {
    prop_oneof![4 => "[a-z.+]{1,9}@[a-z]{1,9}\\.example", 1 => filled_text()]
}

fn addresses() -> impl Strategy<Value = Vec<String>> {
    prop::collection::vec(address(), 0..4)
}

fn arn() -> impl Strategy<Value = String> {
    prop_oneof![Just("arn:aws:iam::123456789012:role/alerts".to_owned()), filled_text()]
}

fn reference() -> impl Strategy<Value = Reference> {
    prop_oneof![
        4 => filled_text().prop_map(|name| Reference::Name(Name::new(name))),
        1 => "[a-z0-9]{6,12}".prop_map(Reference::Id),
    ]
}

/// A workflow of which one may or may not be sayable in the friendly form: it may run a monitor twice.
fn workflow() -> impl Strategy<Value = Monitor> {
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

fn webhook() -> impl Strategy<Value = CustomWebhook> {
    let secrets = || prop::collection::btree_map(key(), secret(), 0..3);
    let parts = (
        prop::option::of("https?"),
        filled_text(),
        prop::option::of(1..u16::MAX),
        prop::option::of(secret()),
        secrets(),
    );
    let endpoint = prop_oneof![
        url().prop_map(Endpoint::Url),
        parts.prop_map(|(scheme, host, port, path, query_params)| Endpoint::Parts {
            scheme,
            host,
            port,
            path,
            query_params
        }),
    ];
    let method = prop_oneof![Just("POST".to_owned()), Just("PUT".to_owned()), filled_text()];
    (endpoint, method, secrets(), prop::option::of(text()), prop::option::of(secret())).prop_map(
        |(endpoint, method, header_params, username, password)| CustomWebhook {
            endpoint,
            method,
            header_params,
            username,
            password,
        },
    )
}

fn monitor() -> impl Strategy<Value = Monitor> {
    let other = prop_oneof![
        4 => Just(BTreeMap::new()),
        1 => Just(BTreeMap::from([("owner".to_owned(), Json::of(&json!("somebody")))])),
    ];
    let monitor_type = prop_oneof![6 => Just("query_level_monitor"), 1 => Just("bucket_level_monitor")];
    let inputs = prop_oneof![
        6 => input().prop_map(|input| vec![input]),
        1 => Just(Vec::new()),
        1 => Just(vec![Input::Other(Json::of(&json!({"uri": {"path": "_cluster/health"}})))]),
    ];
    let triggers = prop::collection::vec(trigger(), 0..3);
    (filled_text(), monitor_type, any::<bool>(), schedule(), inputs, triggers, other).prop_map(
        |(name, monitor_type, enabled, schedule, inputs, triggers, other)| Monitor {
            name: Name::new(name),
            monitor_type: MonitorType::new(monitor_type),
            enabled,
            schedule,
            inputs,
            triggers: numbered(triggers, |trigger| &mut trigger.name),
            other,
        },
    )
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
    let bucket_level =
        object().prop_map(|condition| ("bucket_level_trigger", json!({"condition": condition})));
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
        |(name, destination, subject, message, throttle, other)| Action {
            name: Name::new(name),
            destination,
            subject,
            message,
            throttle,
            other,
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

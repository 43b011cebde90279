//! Plan, apply and export from end to end, on a sandbox of every line and on the live cluster that `ALERTFORM_TEST_URL`
//! names. There they touch only what they made themselves, under a name prefix of their own.

mod email;
mod other_types;
mod review;
mod target;
mod workflows;

use std::sync::Mutex;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use self::target::{Target, live, targets};
use crate::cli::Cli;
use crate::recordings::{accepted_bodies, declarable_bodies};

const DESTINATIONS: &str = r"kind: destination
name: ${PREFIX}-slack
slack: {url: 'https://hooks.slack.com/services/T0/B0/planted-secret'}
---
kind: destination
name: ${PREFIX}-chime
chime: {url: 'https://hooks.chime.aws/incomingwebhooks/planted-secret?token=planted-secret'}
---
kind: destination
name: ${PREFIX}-webhook
custom_webhook:
  url: http://127.0.0.1:9/planted-secret
  method: PUT
  header_params: {Content-Type: application/json, X-Token: planted-secret}
---
kind: destination
name: ${PREFIX}-parts
custom_webhook:
  scheme: http
  host: 127.0.0.1
  port: 9
  path: alerts/in
  query_params: {token: planted-secret, team: ops room}
";

const MONITORS: &str = r#"kind: monitor
name: ${PREFIX}-a-query
schedule: {every: 15m}
index: ${PREFIX}-logs-*
time_field: "@timestamp"
query: 'action.keyword:"REJECT" AND !dstaddr:"10.200.0.0/16"'
triggers:
  - name: too-many
    severity: 1
    condition: ctx.results[0].hits.total.value > 100
    actions:
      - name: notify
        destination: ${PREFIX}-slack
        subject: Rejected
        message: |
          Monitor {{ctx.monitor.name}}: {{ctx.results.0.hits.total.value}}
        throttle: 30m
      - {name: also, destination: "${PREFIX}-parts", message: "{}"}
  - {name: any, severity: 5, condition: "ctx.results[0].hits.total.value > 0"}
---
kind: monitor
name: ${PREFIX}-b-cron
enabled: false
schedule: {cron: "0 9 * * 1-5", timezone: Asia/Tokyo}
index: ["${PREFIX}-logs-*", "${PREFIX}-more-*"]
time_field: finished_at
query: status:ok
window: 12h
triggers:
  - name: none
    condition: ctx.results[0].hits.total.value == 0
    actions: [{name: notify, destination: "${PREFIX}-chime", message: "nothing"}]
---
kind: monitor
name: ${PREFIX}-c-body
schedule: {every: 1d}
index: ${PREFIX}-logs-*
extraction_query:
  size: 0
  query: {bool: {filter: {term: {level: ERROR}}, must_not: [{terms: {host: [a, b]}}]}}
  aggs: {by: {terms: {field: svc}, aggs: {used: {max: {field: used}}}}}
triggers:
  - name: some
    condition: return ctx.results[0].hits.total.value > 0
    actions: [{name: notify, destination: "${PREFIX}-webhook", message: "some"}]
---
kind: monitor
name: ${PREFIX}-d-definition
definition:
  schedule: {period: {interval: 2, unit: hours}}
  inputs: [{search: {indices: ["${PREFIX}-logs-*"], query: {query: {match: {level: ERROR}}}}}]
  triggers:
    - name: some
      severity: 2
      condition: {script: {source: "return true"}}
      actions:
        - name: notify
          destination: ${PREFIX}-webhook
          message_template: {source: some}
          throttle_enabled: true
          throttle: {value: 10}
"#;

/// A cluster takes a thousand monitors: tests that make hundreds take turns.
static CROWD: Mutex<()> = Mutex::new(());

fn project(target: &Target) -> Cli {
    target.project(&[("destinations/all.yaml", DESTINATIONS), ("monitors/all.yaml", MONITORS)])
}

#[test]
fn a_project_is_applied_and_then_there_is_nothing_to_do() {
    for target in targets() {
        let cli = project(&target);
        let screen = cli.run(&["apply", "--yes"]).must_exit(0);
        assert!(screen.stdout.contains("applied: 8 created, 0 updated, 0 deleted"), "{target}: {screen}");
        assert!(!screen.to_string().contains("planted-secret"), "{target}: {screen}");
        let screen = cli.run(&["plan", "--detailed-exitcode"]).must_exit(0);
        assert!(screen.stdout.starts_with("plan: nothing to do; 8 unchanged\n"), "{target}: {screen}");
    }
}

#[test]
fn a_changed_value_is_the_one_line_that_is_shown_and_no_id_is_lost() {
    for target in targets() {
        let cli = project(&target);
        cli.run(&["apply", "--yes"]).must_exit(0);
        let before: Vec<_> = target.monitors().iter().map(|(_, monitor)| Target::ids(monitor)).collect();
        for (from, to) in [
            ("> 100", "> 200"),
            ("field: svc", "field: service"),
            ("interval: 2", "interval: 3"),
            ("schedule: {every: 1d}", "schedule: {every: 2d}"),
            ("timezone: Asia/Tokyo", "timezone: Europe/Paris"),
            ("throttle: 30m", "throttle: 1h"),
        ] {
            cli.edit("monitors/all.yaml", from, to);
            let screen = cli.run(&["plan", "--detailed-exitcode"]).must_exit(2);
            let changed =
                screen.stdout.lines().filter(|line| line.starts_with("  - ") || line.starts_with("  + "));
            assert_eq!(changed.count(), 2, "{target}: {from} -> {to}: {screen}");
            cli.run(&["apply", "--yes"]).must_exit(0);
            cli.run(&["plan", "--detailed-exitcode"]).must_exit(0);
        }
        let after: Vec<_> = target.monitors().iter().map(|(_, monitor)| Target::ids(monitor)).collect();
        assert_eq!(before, after, "{target}");
    }
}

#[test]
fn triggers_and_actions_come_go_and_change_places_with_their_ids() {
    for target in targets() {
        let cli = project(&target);
        cli.run(&["apply", "--yes"]).must_exit(0);
        let ids = |at: usize| Target::ids(&target.monitors()[at].1);
        let before = ids(0);
        let any = "  - {name: any, severity: 5, condition: \"ctx.results[0].hits.total.value > 0\"}\n";
        cli.edit("monitors/all.yaml", any, "");
        let first = format!("triggers:\n  - {{name: new, condition: 'true'}}\n{any}  - name: too-many");
        cli.edit("monitors/all.yaml", "triggers:\n  - name: too-many", &first);
        cli.run(&["apply", "--yes"]).must_exit(0);
        let after = ids(0);
        assert_eq!(after[1..], [&before[3..], &before[..3]].concat(), "{target}");
        cli.run(&["plan", "--detailed-exitcode"]).must_exit(0);
    }
}

#[test]
fn recorded_bodies_are_applied_in_both_forms_and_plan_clean() {
    let _turn = CROWD.lock();
    for target in targets() {
        let cli = target.project(&[]);
        let bodies = declarable_bodies(target.line);
        for (number, (_, body)) in bodies.iter().enumerate() {
            // JSON is YAML; only our substitution must be told to leave it alone
            let body = body.to_string().replace("${", "$${");
            let name = format!("${{PREFIX}}-{number}");
            let text = if number % 2 == 0 {
                format!(
                    "kind: monitor\nname: {name}\nenabled: false\nschedule: {{every: 5m}}\nindex: ${{PREFIX}}-*\n\
                     extraction_query: {body}\n"
                )
            } else {
                format!(
                    "kind: monitor\nname: {name}\ndefinition:\n  enabled: false\n  \
                     schedule: {{period: {{interval: 5, unit: MINUTES}}}}\n  \
                     inputs: [{{search: {{indices: [\"${{PREFIX}}-*\"], query: {body}}}}}]\n"
                )
            };
            cli.write(&format!("monitors/{number}.yaml"), &text);
        }
        cli.run(&["apply", "--yes"]).must_exit(0);
        let screen = cli.run(&["plan", "--detailed-exitcode"]);
        let expected = format!("plan: nothing to do; {} unchanged\n", bodies.len());
        assert!(screen.stdout.starts_with(&expected), "{target}: {screen}");
    }
}

#[test]
fn what_another_client_made_is_exported_to_files_that_plan_clean() {
    let _turn = CROWD.lock();
    for target in targets() {
        let bodies = accepted_bodies(target.line);
        for (number, (_, body)) in bodies.iter().enumerate() {
            let action = json!({
                "name": "a", "destination_id": "gone", "message_template": {"source": "x: {{ctx.error}}\n"},
            });
            let trigger = json!({
                "name": "t", "severity": "3", "condition": {"script": {"source": "return true"}},
                "actions": [action],
            });
            target.create_monitor(json!({
                "name": format!("{}-{number}", target.prefix), "enabled": false,
                "schedule": {"period": {"interval": 5, "unit": "minutes"}},
                "inputs": [{"search": {"indices": [format!("{}-*", target.prefix)], "query": body}}],
                "triggers": [target.trigger(trigger)],
            }));
        }
        let cli = target.project(&[]);
        cli.run(&["export", "--out", "files"]).must_exit(0);
        target.keep_own_files(&cli, "files");
        let plan = ["plan", "--dir", "files", "--detailed-exitcode"];
        let screen = cli.run(&plan);
        let expected = format!("plan: nothing to do; {} unchanged\n", bodies.len());
        assert!(screen.stdout.starts_with(&expected), "{target}: {screen}");

        let before: Vec<_> = target.monitors().iter().map(|(_, monitor)| Target::ids(monitor)).collect();
        for number in (0..bodies.len()).step_by(60) {
            cli.edit(
                &format!("files/monitors/{}-{number}.yaml", target.prefix),
                "severity: 3",
                "severity: 2",
            );
        }
        let changed = bodies.len().div_ceil(60);
        let screen = cli.run(&plan);
        let lines = screen.stdout.lines().filter(|line| line.starts_with("  - ") || line.starts_with("  + "));
        assert_eq!(lines.count(), 2 * changed, "{target}: {screen}");
        cli.run(&["apply", "--dir", "files", "--yes", "--adopt"]).must_exit(0);
        cli.run(&plan).must_exit(0);
        let after: Vec<_> = target.monitors().iter().map(|(_, monitor)| Target::ids(monitor)).collect();
        assert_eq!(before, after, "{target}");
    }
}

#[test]
fn blank_and_doubled_names_of_triggers_and_actions_are_exported_and_keep_their_ids() {
    for target in targets() {
        let action = |name: &str, message: &str| json!({"name": name, "destination_id": "gone", "message_template": {"source": message}});
        let trigger = |name: &str, source: &str| {
            target.trigger(json!({
                "name": name, "severity": "3", "condition": {"script": {"source": source}},
                "actions": [action("a", "first"), action("a", "second"), action("", "third")],
            }))
        };
        target.create_monitor(json!({
            "name": format!("{}-0", target.prefix), "enabled": false,
            "schedule": {"period": {"interval": 5, "unit": "MINUTES"}},
            "inputs": [{"search": {"indices": [format!("{}-*", target.prefix)], "query": {"size": 0}}}],
            "triggers": [trigger("t", "return 1 > 0"), trigger("t", "return 2 > 0"), trigger("", "return 3 > 0")],
        }));
        let cli = target.project(&[]);
        cli.run(&["export", "--out", "files"]).must_exit(0);
        target.keep_own_files(&cli, "files");
        let plan = ["plan", "--dir", "files", "--detailed-exitcode"];
        cli.run(&plan).must_exit(0);
        let before = Target::ids(&target.monitors()[0].1);
        cli.edit(&format!("files/monitors/{}-0.yaml", target.prefix), "return 2 > 0", "return 2 > 1");
        cli.run(&["apply", "--dir", "files", "--yes", "--adopt"]).must_exit(0);
        assert_eq!(Target::ids(&target.monitors()[0].1), before, "{target}");
        cli.run(&plan).must_exit(0);
    }
}

#[test]
fn destinations_that_only_old_servers_take_are_exported_without_secrets_and_plan_clean() {
    for target in targets().into_iter().filter(|target| !target.line.has_channels()) {
        let webhooks = [
            json!({"url": "planted no url"}),
            json!({"url": "http://127.0.0.1:9/planted", "host": "127.0.0.1", "header_params": {"X-Any": "planted"}}),
            json!({"host": "127.0.0.1", "port": 99999, "scheme": "HTTP", "query_params": {"q": "planted"}}),
            json!({"host": "127.0.0.1", "scheme": "HTTP", "header_params": {"a/b": "planted", "Accept": "x/y"}}),
            json!({"url": "http://127.0.0.1:9/planted", "method": "patch", "username": "u", "password": "planted"}),
        ];
        for (number, webhook) in webhooks.iter().enumerate() {
            let name = format!("{}-{number}", target.prefix);
            let body = json!({"name": name, "type": "custom_webhook", "custom_webhook": webhook});
            target.send("POST", &format!("{}/destinations?refresh=true", target.line.alerting()), Some(body));
        }
        let mut cli = target.project(&[]);
        cli.run(&["export", "--out", "files", "--secrets", "secrets.env"]).must_exit(0);
        target.keep_own_files(&cli, "files");
        for number in 0..webhooks.len() {
            let text = cli.read(&format!("files/destinations/{}-{number}.yaml", target.prefix));
            assert!(!text.contains("planted"), "{target}: {text}");
        }
        for setting in cli.read("secrets.env").lines() {
            let (name, value) = setting.split_once('=').unwrap();
            cli.set(name, value.trim_matches('\''));
        }
        let screen = cli.run(&["plan", "--dir", "files", "--detailed-exitcode"]);
        assert!(screen.stdout.starts_with("plan: nothing to do; 5 unchanged\n"), "{target}: {screen}");
        assert!(!screen.to_string().contains("planted"), "{target}: {screen}");
    }
}

#[test]
fn namesakes_are_refused_and_what_others_made_is_adopted_only_on_consent() {
    for target in targets() {
        let cli = project(&target);
        let name = format!("{}-a-query", target.prefix);
        let theirs = json!({
            "name": name, "enabled": false, "schedule": {"period": {"interval": 1, "unit": "HOURS"}},
            "inputs": [], "triggers": [],
        });
        let first = target.create_monitor(theirs.clone());
        cli.run(&["apply", "--yes"]).must_exit(1);
        assert_eq!(target.monitors().len(), 1, "{target}");
        cli.run(&["apply", "--yes", "--adopt"]).must_exit(0);
        assert!(target.monitors().iter().any(|(id, _)| *id == first), "{target}");
        assert_eq!(target.monitors().len(), 4, "{target}");

        let second = target.create_monitor(theirs);
        let screen = cli.run(&["plan"]).must_exit(1);
        assert!(screen.stdout.contains(&first) && screen.stdout.contains(&second), "{target}: {screen}");
    }
}

#[test]
fn only_prune_deletes_and_only_what_is_ours() {
    for target in targets() {
        let cli = project(&target);
        let theirs = target.create_monitor(json!({
            "name": format!("{}-theirs", target.prefix), "enabled": false,
            "schedule": {"period": {"interval": 1, "unit": "HOURS"}}, "inputs": [], "triggers": [],
        }));
        cli.run(&["apply", "--yes"]).must_exit(0);
        let kept = MONITORS.split("---\n").next().unwrap();
        cli.write("monitors/all.yaml", kept);
        cli.run(&["apply", "--yes"]).must_exit(0);
        assert_eq!(target.monitors().len(), 5, "{target}");
        let screen = cli.run(&["apply", "--yes", "--prune"]).must_exit(0);
        assert!(screen.stdout.contains("0 created, 0 updated, 3 deleted"), "{target}: {screen}");
        let left = target.monitors();
        assert_eq!(left.len(), 2, "{target}");
        assert!(left.iter().any(|(id, _)| *id == theirs), "{target}");
        cli.run(&["plan", "--detailed-exitcode"]).must_exit(0);
    }
}

#[test]
fn an_active_alert_outlives_an_update_of_its_monitor() {
    let Some(target) = live() else { return };
    let index = format!("{}-logs", target.prefix);
    let document = json!({"level": "ERROR", "@timestamp": "2026-01-01T00:00:00Z"});
    target.send("POST", &format!("/{index}/_doc?refresh=true"), Some(document));
    let cli = target.project(&[(
        "monitors/alert.yaml",
        "kind: monitor\nname: ${PREFIX}-alert\nschedule: {every: 1m}\nindex: ${PREFIX}-logs\nquery: level:ERROR\n\
         window: none\ntriggers:\n  - {name: some, condition: 'ctx.results[0].hits.total.value > 0'}\n",
    )]);
    cli.run(&["apply", "--yes"]).must_exit(0);
    let (id, _) = target.monitors().remove(0);
    let alert = wait_for_alert(&target, &id, |_| true);
    cli.edit("monitors/alert.yaml", "level:ERROR", "level:(ERROR OR FATAL)");
    cli.edit("monitors/alert.yaml", "name: some", "severity: 2, name: some");
    cli.run(&["apply", "--yes"]).must_exit(0);
    // the next run is after the update
    let since = alert["last_notification_time"].as_i64().unwrap();
    let later = wait_for_alert(&target, &id, |alert| alert["last_notification_time"].as_i64() > Some(since));
    assert_eq!((&later["id"], &later["state"]), (&alert["id"], &json!("ACTIVE")), "{target}: {later}");
    assert_eq!(later["start_time"], alert["start_time"], "{target}: {later}");
}

/// Waits, three of its intervals at most, until the monitor has one alert that is as wanted.
fn wait_for_alert(target: &Target, monitor: &str, is_wanted: impl Fn(&Value) -> bool) -> Value {
    let path = format!("{}/monitors/alerts?monitorId={monitor}", target.line.alerting());
    let began = Instant::now();
    loop {
        let (_, page) = target.ask("GET", &path, None);
        let alerts = page["alerts"].as_array().cloned().unwrap_or_default();
        match alerts.as_slice() {
            [one] if is_wanted(one) => return one.clone(),
            _ => assert!(began.elapsed() < Duration::from_secs(180), "{target}: {page}"),
        }
        std::thread::sleep(Duration::from_millis(500));
    }
}

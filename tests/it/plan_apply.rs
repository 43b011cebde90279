//! Plan and apply: the screen, the requests that were sent, and that the next plan has nothing to do; on every line.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on shall fail")]

use alertform::api::line::Line;
use alertform::sandbox::exchange::{Rendered, Request};
use serde_json::json;

use crate::cli::Cli;
use crate::cluster::Cluster;

const SLACK: &str = "kind: destination
name: ops-slack
slack:
  url: ${SLACK_URL}
";

const MONITOR: &str = r#"kind: monitor
name: rejects
schedule: {every: 15m}
index: vpc-flowlogs-*
time_field: "@timestamp"
query: 'action.keyword:"REJECT" AND !dstaddr:"10.200.0.0/16"'
triggers:
  - name: too-many
    severity: 1
    condition: ctx.results[0].hits.total.value > 100
    actions:
      - name: notify
        destination: ops-slack
        subject: Rejected outbound traffic
        message: |
          Monitor {{ctx.monitor.name}}
        throttle: 30m
"#;

fn project() -> Cli {
    let mut cli = Cli::new(&[
        ("alertform.yaml", "project: shop\n"),
        ("destinations/ops-slack.yaml", SLACK),
        ("monitors/rejects.yaml", MONITOR),
    ]);
    cli.set("SLACK_URL", "https://hooks.slack.com/services/T0/B0/planted-secret");
    cli
}

/// The same project with a second monitor.
fn project_of_two() -> Cli {
    let cli = project();
    cli.write("monitors/second.yaml", &MONITOR.replace("name: rejects", "name: second"));
    cli
}

#[test]
fn a_project_is_applied_and_then_there_is_nothing_to_do() {
    for line in Line::ALL {
        let cluster = Cluster::start(line);
        let mut cli = project();
        cli.set("ALERTFORM_URL", &cluster.url);
        let screen = cli.run(&["apply", "--yes"]).must_exit(0);
        assert!(screen.stdout.contains("applied: 2 created, 0 updated, 0 deleted"), "{line}: {screen}");
        assert!(!screen.to_string().contains("planted-secret"), "{line}: {screen}");
        cluster.take_requests();

        let screen = cli.run(&["plan", "--detailed-exitcode"]).must_exit(0);
        assert_eq!(screen.stdout, "plan: nothing to do; 2 unchanged\n", "{line}");
        assert_eq!(cluster.take_requests().len(), 3, "{line}");
    }
}

#[test]
fn an_edited_threshold_is_the_one_line_that_is_shown() {
    let cluster = Cluster::start(Line::V2_19);
    let mut cli = project();
    cli.set("ALERTFORM_URL", &cluster.url);
    cli.run(&["apply", "--yes"]).must_exit(0);
    cli.edit("monitors/rejects.yaml", "> 100", "> 200");
    let screen = cli.run(&["plan", "--detailed-exitcode"]).must_exit(2);
    insta::assert_snapshot!(screen, @r"
    plan: 0 to create, 1 to update, 0 to delete; 1 unchanged

    ~ monitor `rejects`  monitors/rejects.yaml:1
        triggers:
          - name: too-many
      -     condition: ctx.results[0].hits.total.value > 100
      +     condition: ctx.results[0].hits.total.value > 200
    --- exit code 2
    ");
}

#[test]
fn ids_of_triggers_and_actions_outlive_an_update_on_every_line() {
    for line in Line::ALL {
        let cluster = Cluster::start(line);
        let mut cli = project();
        cli.set("ALERTFORM_URL", &cluster.url);
        cli.run(&["apply", "--yes"]).must_exit(0);
        let before = ids(&cluster, line);
        cli.edit("monitors/rejects.yaml", "> 100", "> 200");
        let second = "  - name: another\n    condition: 'true'\n    actions: []\n  - name: too-many";
        cli.edit("monitors/rejects.yaml", "  - name: too-many", second);
        cli.run(&["apply", "--yes"]).must_exit(0);
        let after = ids(&cluster, line);
        assert_eq!(before.len(), 2, "{line}");
        assert_eq!(after.len(), 3, "{line}");
        assert!(before.iter().all(|id| after.contains(id)), "{line}: {before:?} {after:?}");
        cli.run(&["plan", "--detailed-exitcode"]).must_exit(0);
    }
}

#[test]
fn what_dashboards_keep_in_ui_metadata_outlives_an_update() {
    let cluster = Cluster::start(Line::V2_19);
    let mut cli = project();
    cli.set("ALERTFORM_URL", &cluster.url);
    cli.run(&["apply", "--yes"]).must_exit(0);
    let (id, mut monitor) = monitors(&cluster, Line::V2_19).remove(0);
    monitor["ui_metadata"]["triggers"] = json!({"too-many": {"value": 100, "enum": "ABOVE"}});
    cluster.send("PUT", &format!("/_plugins/_alerting/monitors/{id}"), &monitor.to_string());
    cli.run(&["plan", "--detailed-exitcode"]).must_exit(0);
    cli.edit("monitors/rejects.yaml", "15m", "10m");
    cli.run(&["apply", "--yes"]).must_exit(0);
    let (_, monitor) = monitors(&cluster, Line::V2_19).remove(0);
    let ui_metadata = &monitor["ui_metadata"];
    assert_eq!(ui_metadata["triggers"]["too-many"]["value"], 100);
    assert_eq!(ui_metadata["schedule"]["period"], json!({"interval": 10, "unit": "MINUTES"}));
    assert_eq!(ui_metadata["alertform"]["project"], "shop");
}

#[test]
fn an_object_without_our_mark_is_taken_over_only_when_someone_agrees() {
    let cluster = Cluster::start(Line::V2_19);
    let mut cli = project();
    cli.set("ALERTFORM_URL", &cluster.url);
    let foreign = json!({
        "name": "rejects", "type": "monitor", "schedule": {"period": {"interval": 1, "unit": "HOURS"}},
        "inputs": [], "triggers": [],
    });
    cluster.send("POST", "/_plugins/_alerting/monitors", &foreign.to_string());
    let screen = cli.run(&["apply", "--yes"]).must_exit(1);
    insta::assert_snapshot!(screen.stderr, @r"
    error: 1 resource would be taken over, and nobody said that they may be
      hint: `--adopt`, or `adopt: true` in `alertform.yaml`, says so
    ");
    assert!(cluster.take_requests().iter().all(|request| !request.starts_with("PUT")));
    cli.run(&["apply", "--yes", "--adopt"]).must_exit(0);
    cli.edit("monitors/rejects.yaml", "> 100", "> 200");
    cli.run(&["apply", "--yes"]).must_exit(0);
    assert_eq!(monitors(&cluster, Line::V2_19).len(), 1);
}

#[test]
fn two_live_monitors_of_one_name_are_refused_with_both_ids() {
    let cluster = Cluster::start(Line::V2_19);
    let mut cli = project();
    cli.set("ALERTFORM_URL", &cluster.url);
    cli.run(&["apply", "--yes"]).must_exit(0);
    let (first, mut monitor) = monitors(&cluster, Line::V2_19).remove(0);
    monitor.as_object_mut().unwrap().remove("ui_metadata");
    let made = cluster.send("POST", "/_plugins/_alerting/monitors", &monitor.to_string());
    let second = made["_id"].as_str().unwrap();
    cli.edit("monitors/rejects.yaml", "> 100", "> 200");
    let screen = cli.run(&["plan"]).must_exit(1);
    assert!(screen.stdout.contains(&first) && screen.stdout.contains(second), "{screen}");
    cluster.take_requests();
    cli.run(&["apply", "--yes"]).must_exit(1);
    assert!(cluster.take_requests().iter().all(|request| !request.starts_with("PUT")));
}

#[test]
fn only_prune_deletes_and_only_what_is_ours() {
    for line in Line::ALL {
        let cluster = Cluster::start(line);
        let mut cli = project_of_two();
        cli.set("ALERTFORM_URL", &cluster.url);
        cli.run(&["apply", "--yes"]).must_exit(0);
        let foreign = json!({
            "name": "foreign", "type": "monitor", "schedule": {"period": {"interval": 1, "unit": "HOURS"}},
            "inputs": [], "triggers": [],
        });
        cluster.send("POST", &format!("{}/monitors", line.alerting()), &foreign.to_string());
        std::fs::remove_file(cli.path("monitors/second.yaml")).unwrap();
        let screen = cli.run(&["plan", "--detailed-exitcode"]).must_exit(0);
        assert!(screen.stdout.contains("left alone without `--prune`: monitor `second`"), "{line}: {screen}");
        cli.run(&["apply", "--yes"]).must_exit(0);
        assert_eq!(monitors(&cluster, line).len(), 3, "{line}");
        cli.run(&["apply", "--yes", "--prune"]).must_exit(0);
        let left: Vec<String> = monitors(&cluster, line)
            .iter()
            .map(|(_, monitor)| monitor["name"].as_str().unwrap().to_owned())
            .collect();
        assert_eq!(left, ["foreign", "rejects"], "{line}");
    }
}

#[test]
fn an_empty_project_deletes_nothing() {
    let cluster = Cluster::start(Line::V2_19);
    let mut cli = project();
    cli.set("ALERTFORM_URL", &cluster.url);
    cli.run(&["apply", "--yes"]).must_exit(0);
    std::fs::remove_dir_all(cli.path("monitors")).unwrap();
    std::fs::remove_dir_all(cli.path("destinations")).unwrap();
    cli.run(&["apply", "--yes", "--prune"]).must_exit(1);
    assert_eq!(monitors(&cluster, Line::V2_19).len(), 1);
}

#[test]
fn a_monitor_changed_since_the_plan_is_not_overwritten() {
    let cluster = Cluster::start(Line::V2_19);
    let mut cli = project();
    cli.set("ALERTFORM_URL", &cluster.url);
    cli.run(&["apply", "--yes"]).must_exit(0);
    cli.edit("monitors/rejects.yaml", "> 100", "> 200");
    // somebody else writes between our reading and our writing
    cluster.meddle(Box::new(|sandbox, request| {
        if request.method == "PUT" && request.uri.contains("if_seq_no") {
            let unguarded = request.uri.split('?').next().unwrap();
            let mut theirs = Request::new("PUT", unguarded, request.body.clone());
            theirs.content_type.clone_from(&request.content_type);
            assert_eq!(sandbox.answer(&theirs).status, 200);
        }
        None
    }));
    let screen = cli.run(&["apply", "--yes"]).must_exit(1);
    insta::assert_snapshot!(screen, @r"
    plan: 0 to create, 1 to update, 0 to delete; 1 unchanged

    ~ monitor `rejects`  monitors/rejects.yaml:1
        triggers:
          - name: too-many
      -     condition: ctx.results[0].hits.total.value > 100
      +     condition: ctx.results[0].hits.total.value > 200

    failed: monitors/rejects.yaml:1:1: monitor `rejects`: somebody changed it in the cluster since the plan was made
      hint: plan again, and look at what changed
    applied: 0 created, 0 updated, 0 deleted; 1 failed, 0 not tried
    --- stderr
    failed monitor `rejects`
    --- exit code 1
    ");
}

#[test]
fn a_destination_stays_while_a_monitor_that_tells_it_could_not_be_written() {
    for line in Line::ALL {
        let cluster = Cluster::start(line);
        let mut cli = project();
        cli.set("ALERTFORM_URL", &cluster.url);
        cli.write("destinations/other.yaml", &SLACK.replace("ops-slack", "other"));
        cli.run(&["apply", "--yes"]).must_exit(0);
        cli.edit("monitors/rejects.yaml", "destination: ops-slack", "destination: other");
        std::fs::remove_file(cli.path("destinations/ops-slack.yaml")).unwrap();
        cluster.meddle(Box::new(|_, request| {
            let is_update = request.method == "PUT" && request.uri.contains("/monitors/");
            is_update.then(|| Rendered {
                status: 409,
                location: None,
                content_type: "application/json".into(),
                body: b"{}".into(),
            })
        }));
        let screen = cli.run(&["apply", "--yes", "--prune"]).must_exit(1);
        let expected = "not tried: destination `ops-slack`: a monitor that may still tell it was not written";
        assert!(screen.stdout.contains(expected), "{line}: {screen}");
        cluster.meddle(Box::new(|_, _| None));
        let screen = cli.run(&["apply", "--yes", "--prune"]).must_exit(0);
        assert!(screen.stdout.contains("0 created, 1 updated, 1 deleted"), "{line}: {screen}");
        cli.run(&["plan", "--detailed-exitcode"]).must_exit(0);
    }
}

#[test]
fn a_plan_right_after_an_apply_that_failed_at_its_end_makes_nothing_twice() {
    for line in Line::ALL {
        let cluster = Cluster::start(line);
        let mut cli = project_of_two();
        cli.set("ALERTFORM_URL", &cluster.url);
        cluster.meddle(Box::new(|_, request| {
            request.uri.contains("refresh=true").then(|| Rendered {
                status: 500,
                location: None,
                content_type: "application/json".into(),
                body: b"{}".into(),
            })
        }));
        cli.run(&["apply", "--yes"]).must_exit(1);
        cluster.meddle(Box::new(|_, _| None));
        cli.run(&["apply", "--yes"]).must_exit(0);
        assert_eq!(monitors(&cluster, line).len(), 2, "{line}");
        cli.run(&["plan", "--detailed-exitcode"]).must_exit(0);
    }
}

#[test]
fn what_was_made_although_its_answer_was_lost_is_not_made_again() {
    for line in Line::ALL {
        let cluster = Cluster::start(line);
        let mut cli = project_of_two();
        cli.set("ALERTFORM_URL", &cluster.url);
        cluster.meddle(Box::new(|sandbox, request| {
            let is_creation = request.method == "POST" && request.uri.contains("/monitors?");
            if !is_creation {
                return None;
            }
            assert_eq!(sandbox.answer(request).status, 201);
            let content_type = "text/html".into();
            Some(Rendered { status: 502, location: None, content_type, body: b"<html>".into() })
        }));
        cli.run(&["apply", "--yes"]).must_exit(1);
        cluster.meddle(Box::new(|_, _| None));
        cli.run(&["apply", "--yes"]).must_exit(0);
        assert_eq!(monitors(&cluster, line).len(), 2, "{line}");
        cli.run(&["plan", "--detailed-exitcode"]).must_exit(0);
    }
}

#[test]
fn a_monitor_on_an_index_that_is_not_there_fails_with_a_way_out() {
    let cluster = Cluster::start(Line::V2_19);
    let mut cli = project();
    cli.set("ALERTFORM_URL", &cluster.url);
    cli.edit("monitors/rejects.yaml", "index: vpc-flowlogs-*", "index: vpc-flowlogs");
    let screen = cli.run(&["apply", "--yes"]).must_exit(1);
    let report = screen.stdout.split("\nfailed: ").nth(1).unwrap();
    insta::assert_snapshot!(report, @r"
    monitors/rejects.yaml:1:1: monitor `rejects`: POST /_plugins/_alerting/monitors?refresh=true was answered with 404 (alerting_exception): Configured indices are not found: [vpc-flowlogs]
      hint: the server takes no monitor on an index that is not there; a pattern such as `logs*` may match nothing
    applied: 1 created, 0 updated, 0 deleted; 1 failed, 0 not tried
    ");
}

#[test]
fn three_thousand_monitors_are_planned_in_seven_requests() {
    let cluster = Cluster::start(Line::V3);
    cluster.send(
        "PUT",
        "/_cluster/settings",
        r#"{"persistent":{"plugins.alerting.monitor.max_monitors":5000}}"#,
    );
    let mut cli = project();
    cli.set("ALERTFORM_URL", &cluster.url);
    let many: Vec<String> =
        (0..3000).map(|number| MONITOR.replace("name: rejects", &format!("name: many-{number}"))).collect();
    cli.write("monitors/many.yaml", &many.join("---\n"));
    cli.run(&["apply", "--yes"]).must_exit(0);
    cluster.take_requests();
    let screen = cli.run(&["plan", "--detailed-exitcode"]).must_exit(0);
    assert_eq!(screen.stdout, "plan: nothing to do; 3002 unchanged\n");
    let requests = cluster.take_requests();
    assert!(requests.len() <= 7, "{requests:?}");
}

#[test]
fn what_a_line_cannot_do_is_said_at_the_part_that_asks_for_it() {
    let mut cli = Cli::new(&[
        (
            "destinations/d.yaml",
            "kind: destination\nname: hook\ndescription: the desk\nenabled: false\ncustom_webhook:\n  \
             url: https://desk.example.com/x\n  method: GET\n  username: ann\n",
        ),
        (
            "monitors/m.yaml",
            "kind: monitor\nname: fast\nschedule: {every: 30s}\nindex: logs\nquery: a\nwindow: none\n",
        ),
        (
            "monitors/owned.yaml",
            "kind: monitor\nname: owned\ndefinition:\n  schedule: {period: {interval: 1, unit: HOURS}}\n  inputs: []\n  \
             owner: somebody\n  delete_query_index_in_every_run: true\n  target: {type: remote}\n",
        ),
    ]);
    let mut screens = String::new();
    for line in Line::ALL {
        let cluster = Cluster::start(line);
        cli.set("ALERTFORM_URL", &cluster.url);
        let screen = cli.run(&["plan"]).must_exit(1).stdout;
        let said = ["problem: ", "warning: ", "  hint: "];
        let said = screen.lines().filter(|text| said.iter().any(|start| text.starts_with(start)));
        screens.push_str(&format!("{line}\n{}\n", said.collect::<Vec<_>>().join("\n")));
        cluster.take_requests();
        cli.run(&["apply", "--yes"]).must_exit(1);
        assert!(cluster.take_requests().iter().all(|request| !request.starts_with("PUT")), "{line}");
    }
    insta::assert_snapshot!(screens, @r"
    odfe
    warning: destinations/d.yaml:1:1: destination `hook`: line odfe cannot hold the description of a destination
      hint: it stays in the file alone
    problem: destinations/d.yaml:1:1: destination `hook`: line odfe cannot hold a disabled destination
      hint: remove it from the actions that name it
    problem: monitors/m.yaml:3:11: monitor `fast`: line odfe takes no seconds in a schedule
      hint: use minutes: `1m` is the least
    problem: monitors/owned.yaml:1:1: monitor `owned`: line odfe has no `delete_query_index_in_every_run`
      hint: leave it out
    problem: monitors/owned.yaml:1:1: monitor `owned`: line odfe takes no `owner` but `alerting`
      hint: leave it out
    problem: monitors/owned.yaml:1:1: monitor `owned`: line odfe has no `target`
      hint: leave it out
    1.3
    warning: destinations/d.yaml:1:1: destination `hook`: line 1.3 cannot hold the description of a destination
      hint: it stays in the file alone
    problem: destinations/d.yaml:1:1: destination `hook`: line 1.3 cannot hold a disabled destination
      hint: remove it from the actions that name it
    problem: monitors/m.yaml:3:11: monitor `fast`: line 1.3 takes no seconds in a schedule
      hint: use minutes: `1m` is the least
    problem: monitors/owned.yaml:1:1: monitor `owned`: line 1.3 has no `delete_query_index_in_every_run`
      hint: leave it out
    problem: monitors/owned.yaml:1:1: monitor `owned`: line 1.3 takes no `owner` but `alerting`
      hint: leave it out
    problem: monitors/owned.yaml:1:1: monitor `owned`: line 1.3 has no `target`
      hint: leave it out
    2.19
    problem: destinations/d.yaml:1:1: destination `hook`: line 2.19 drops `username` and `password` of a webhook
      hint: say it in `header_params`: `Authorization: ${BASIC_AUTHORIZATION}`
    problem: destinations/d.yaml:1:1: destination `hook`: line 2.19 turns the method of this webhook into POST
      hint: use `POST`, `PUT` or `PATCH`
    problem: monitors/m.yaml:3:11: monitor `fast`: line 2.19 takes no seconds in a schedule
      hint: use minutes: `1m` is the least
    problem: monitors/owned.yaml:1:1: monitor `owned`: line 2.19 takes no `owner` but `alerting`
      hint: leave it out
    problem: monitors/owned.yaml:1:1: monitor `owned`: line 2.19 has no `target`
      hint: leave it out
    3
    problem: destinations/d.yaml:1:1: destination `hook`: line 3 drops `username` and `password` of a webhook
      hint: say it in `header_params`: `Authorization: ${BASIC_AUTHORIZATION}`
    problem: destinations/d.yaml:1:1: destination `hook`: line 3 turns the method of this webhook into POST
      hint: use `POST`, `PUT` or `PATCH`
    problem: monitors/owned.yaml:1:1: monitor `owned`: line 3 takes no `owner` but `alerting`
      hint: leave it out
    ");
}

#[test]
fn a_line_that_is_only_guessed_is_said_to_be() {
    let mut cli = project();
    for (line, is_guess) in [(Line::Odfe, false), (Line::V1_3, false), (Line::V2_19, true), (Line::V3, true)]
    {
        let cluster = Cluster::start(line);
        cli.set("ALERTFORM_URL", &cluster.url);
        cluster.meddle(Box::new(|_, request| {
            let refusal = json!({"error": {"type": "security_exception", "reason":
                "no permissions for [cluster:monitor/main] and User [name=ann]"}, "status": 403});
            (request.uri == "/").then(|| Rendered {
                status: 403,
                content_type: "application/json".into(),
                body: refusal.to_string().into(),
                location: None,
            })
        }));
        let screen = cli.run(&["plan"]).must_exit(0);
        assert_eq!(
            screen.stderr.contains("is taken for 2.19\n  hint: `--line`"),
            is_guess,
            "{line}: {screen}"
        );
        let screen = cli.run(&["plan", "--line", line.as_str()]).must_exit(0);
        assert_eq!(screen.stderr, "", "{line}");
    }
}

/// Ids and documents of all monitors, by name.
fn monitors(cluster: &Cluster, line: Line) -> Vec<(String, serde_json::Value)> {
    let search =
        r#"{"size":100,"query":{"exists":{"field":"monitor"}},"sort":[{"monitor.name.keyword":"asc"}]}"#;
    let page = cluster.send("POST", &format!("{}/monitors/_search", line.alerting()), search);
    let hits = page["hits"]["hits"].as_array().unwrap();
    hits.iter().map(|hit| (hit["_id"].as_str().unwrap().to_owned(), hit["_source"].clone())).collect()
}

/// The ids of all triggers and actions of the first monitor.
fn ids(cluster: &Cluster, line: Line) -> Vec<String> {
    let (_, monitor) = monitors(cluster, line).remove(0);
    let mut ids = Vec::new();
    for trigger in monitor["triggers"].as_array().unwrap() {
        let trigger = trigger.get("query_level_trigger").unwrap_or(trigger);
        ids.push(trigger["id"].as_str().unwrap().to_owned());
        for action in trigger["actions"].as_array().unwrap() {
            ids.push(action["id"].as_str().unwrap().to_owned());
        }
    }
    ids
}

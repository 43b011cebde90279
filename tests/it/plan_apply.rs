//! Plan and apply: the screen, the requests that were sent, and that the next plan has nothing to do; on every line.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on shall fail")]

mod faults;
mod limits;
mod prune;
mod run_limits;
mod strangers;

use alertform::api::line::Line;
use serde_json::json;

use crate::cli::Cli;
use crate::cluster::{Cluster, without_notice};

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

/// The ids of all triggers and actions of the first monitor.
fn ids(cluster: &Cluster) -> Vec<String> {
    let (_, monitor) = cluster.monitors().remove(0);
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

#[test]
fn a_project_is_applied_and_then_there_is_nothing_to_do() {
    for line in Line::ALL {
        let cluster = Cluster::start(line);
        let mut cli = project();
        cli.set("ALERTFORM_URL", &cluster.url);
        let screen = cli.run(&["apply", "--yes"]).must_exit(0);
        assert!(screen.stdout.contains("applied: 2 created, 0 updated, 0 deleted"), "{line}: {screen}");
        assert!(!screen.to_string().contains("planted-secret"), "{line}: {screen}");
        let writes =
            [format!("POST {}", cluster.destinations_path()), format!("POST {}/monitors", line.alerting())];
        assert_eq!(without_notice(cluster.take_writes(), line), writes, "{line}");

        let screen = cli.run(&["plan", "--detailed-exitcode"]).must_exit(0);
        assert_eq!(screen.stdout, "plan: nothing to do; 2 unchanged\n", "{line}");
        // before 2.0 accounts and groups of e-mail have lists of their own
        let requests = if line.has_channels() { 3 } else { 5 };
        assert_eq!(cluster.take_requests().len(), requests, "{line}");
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

    ~ monitor `rejects`: condition of `too-many` `> 100` -> `> 200`  monitors/rejects.yaml:1
        triggers:
          - name: too-many
      -     condition: ctx.results[0].hits.total.value > 100
      +     condition: ctx.results[0].hits.total.value > 200
        # 14 lines unchanged
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
        let before = ids(&cluster);
        cli.edit("monitors/rejects.yaml", "> 100", "> 200");
        let second = "  - name: another\n    condition: 'true'\n    actions: []\n  - name: too-many";
        cli.edit("monitors/rejects.yaml", "  - name: too-many", second);
        cli.run(&["apply", "--yes"]).must_exit(0);
        let after = ids(&cluster);
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
    let (id, mut monitor) = cluster.monitors().remove(0);
    monitor["ui_metadata"]["triggers"] = json!({"too-many": {"value": 100, "enum": "ABOVE"}});
    cluster.send("PUT", &format!("/_plugins/_alerting/monitors/{id}"), &monitor.to_string());
    cli.run(&["plan", "--detailed-exitcode"]).must_exit(0);
    cli.edit("monitors/rejects.yaml", "15m", "10m");
    cli.run(&["apply", "--yes"]).must_exit(0);
    let (_, monitor) = cluster.monitors().remove(0);
    let ui_metadata = &monitor["ui_metadata"];
    assert_eq!(ui_metadata["triggers"]["too-many"]["value"], 100);
    assert_eq!(ui_metadata["schedule"]["period"], json!({"interval": 10, "unit": "MINUTES"}));
    assert_eq!(ui_metadata["alertform"]["project"], "shop");
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
fn triggers_that_change_places_are_shown_beside_themselves() {
    let cluster = Cluster::start(Line::V3);
    let trigger = |name: &str, most: u32| {
        format!("- name: {name}\n  condition: ctx.results[0].hits.total.value > {most}\n")
    };
    let head =
        "kind: monitor\nname: m\nschedule: {every: 5m}\nindex: logs*\nquery: a\nwindow: none\ntriggers:\n";
    let mut cli =
        Cli::new(&[("monitors/m.yaml", &format!("{head}{}{}", trigger("warn", 1), trigger("page", 10)))]);
    cli.set("ALERTFORM_URL", &cluster.url);
    cli.run(&["apply", "--yes"]).must_exit(0);
    cli.write("monitors/m.yaml", &format!("{head}{}{}", trigger("page", 11), trigger("warn", 1)));
    insta::assert_snapshot!(cli.run(&["plan"]).must_exit(0), @r"
    plan: 0 to create, 1 to update, 0 to delete; 0 unchanged

    ~ monitor `m`: condition of `page` `> 10` -> `> 11`; order of triggers  monitors/m.yaml:1
      - # order of triggers: warn, page
      + # order of triggers: page, warn
        triggers:
          - name: page
      -     condition: ctx.results[0].hits.total.value > 10
      +     condition: ctx.results[0].hits.total.value > 11
        # 10 lines unchanged
    ");
    cli.write("monitors/m.yaml", &format!("{head}{}{}", trigger("page", 10), trigger("warn", 1)));
    let screen = cli.run(&["plan"]).must_exit(0);
    let lines: Vec<&str> = screen.stdout.lines().filter(|line| line.starts_with("  ")).collect();
    assert_eq!(lines[..2], ["  - # order of triggers: warn, page", "  + # order of triggers: page, warn"]);
}

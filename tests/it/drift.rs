//! Who moved what: the files, the cluster, or both; and the job that looks for what others changed.

use alertform::api::line::Line;
use serde_json::{Value, json};

use crate::cli::{Cli, timeless};
use crate::cluster::Cluster;
use crate::reports::must_keep_the_schema;

const MONITOR: &str = "kind: monitor
name: m
schedule: {every: 1h}
index: l*
query: a
window: none
triggers:
  - name: t
    severity: 2
    condition: ctx.results[0].hits.total.value > 1
    actions:
      - {name: tell, destination: ops, subject: s, message: one}
";

const SLACK: &str = "kind: destination\nname: ops\nslack: {url: '${OPS_URL}'}\n";

fn project(cluster: &Cluster) -> Cli {
    let mut cli =
        Cli::new(&[("alertform.yaml", "project: shop\n"), ("m.yaml", MONITOR), ("ops.yaml", SLACK)]);
    cli.set("ALERTFORM_URL", &cluster.url);
    cli.set("OPS_URL", "https://hooks.slack.com/services/T0/B0/planted-secret");
    cli.run(&["apply", "--yes"]).must_exit(0);
    cli
}

/// Writes the monitor as another client does that sends all it has read.
fn write(cluster: &Cluster, change: impl FnOnce(&mut Value)) {
    let (id, mut monitor) = cluster.monitors().into_iter().next().unwrap();
    change(&mut monitor);
    let path = format!("{}/monitors/{id}?refresh=true", cluster.line().alerting());
    cluster.send("PUT", &path, &monitor.to_string());
}

fn trigger(monitor: &mut Value) -> &mut Value {
    let trigger = &mut monitor["triggers"][0];
    if trigger.get("query_level_trigger").is_some() { &mut trigger["query_level_trigger"] } else { trigger }
}

#[test]
fn each_field_is_marked_by_who_moved_it() {
    for line in Line::ALL {
        let cluster = Cluster::start(line);
        let cli = project(&cluster);
        write(&cluster, |monitor| {
            monitor["schedule"]["period"]["interval"] = json!(5);
            trigger(monitor)["actions"][0]["message_template"]["source"] = json!("two");
        });
        cli.edit("m.yaml", "severity: 2", "severity: 1");
        cli.edit("m.yaml", "message: one", "message: three");
        let screen = cli.run(&["plan"]).must_exit(0);
        let said = "\n  ! changed in the cluster: schedule\n  ! changed in the files and, otherwise, in the cluster: message of `tell`, last written TIME\n";
        assert!(timeless(&screen.stdout).contains(said), "{line}: {screen}");
        let json: Value = serde_json::from_str(&cli.run(&["plan", "--format", "json"]).stdout).unwrap();
        must_keep_the_schema(&json);
        let drift = &json["changes"][0]["drift"];
        let moved = json!([
            {"field": "schedule", "by": "cluster"},
            {"field": "severity of `t`", "by": "files"},
            {"field": "message of `tell`", "by": "both"},
        ]);
        assert_eq!(drift["moved"], moved, "{line}");
        assert!(drift["written_at"].as_str().unwrap().ends_with('Z'), "{line}: {drift}");
        // what the apply writes is the new base
        cli.run(&["apply", "--yes"]).must_exit(0);
        cli.edit("m.yaml", "message: three", "message: four");
        let screen = cli.run(&["plan"]).must_exit(0);
        assert!(!screen.stdout.contains("  ! "), "{line}: {screen}");
    }
}

#[test]
fn a_drift_job_shows_what_the_cluster_changed_and_nothing_else() {
    let cluster = Cluster::start(Line::V2_19);
    let cli = project(&cluster);
    let screen = cli.run(&["plan", "--drift"]).must_exit(0);
    assert_eq!(screen.stdout, "drift: none\n");
    cli.edit("m.yaml", "severity: 2", "severity: 1");
    let screen = cli.run(&["plan", "--drift"]).must_exit(0);
    assert_eq!(screen.stdout, "drift: none\n\nchanged by the files alone, and not shown: monitor `m`\n");

    write(&cluster, |monitor| {
        let mut added = monitor["triggers"][0].clone();
        added["query_level_trigger"]["name"] = json!("theirs");
        added["query_level_trigger"]["id"] = json!("theirs");
        monitor["triggers"].as_array_mut().unwrap().push(added);
        monitor["enabled"] = json!(false);
    });
    let screen = cli.run(&["plan", "--drift"]).must_exit(2);
    insta::assert_snapshot!(timeless(&screen.to_string()), @r"
    drift: 1 changed in the cluster
    `-` is as declared, `+` as it is in the cluster; `alertform apply` makes it as declared

    ~ monitor `m`: disabled; severity of `t` 1 -> 2; new trigger `theirs`  m.yaml:1
      ! changed in the cluster: enabled, trigger `theirs`, last written TIME
      + enabled: false
        triggers:
          - name: t
      -     severity: 1
      +     severity: 2
      +   - name: theirs
      +     severity: 2
      +     condition: ctx.results[0].hits.total.value > 1
      +     actions:
      +       - name: tell
      +         destination: ops
      +         subject: s
      +         message: one
        # 12 lines unchanged
    --- exit code 2
    ");
}

#[test]
fn what_dashboards_saved_may_have_been_moved_by_either() {
    for line in Line::ALL {
        let cluster = Cluster::start(line);
        let cli = project(&cluster);
        write(&cluster, |monitor| {
            monitor["ui_metadata"] = json!({"schedule": {}, "search": {}});
            monitor["schedule"]["period"]["interval"] = json!(5);
        });
        let screen = cli.run(&["plan", "--drift"]).must_exit(2);
        let said = "\n  ! changed in the files or in the cluster: schedule, last written TIME\n";
        assert!(timeless(&screen.stdout).contains(said), "{line}: {screen}");
    }
}

#[test]
fn what_is_missing_in_the_cluster_and_a_changed_destination_are_drift() {
    for line in Line::ALL {
        let cluster = Cluster::start(line);
        let cli = project(&cluster);
        let (id, _) = cluster.destinations().into_iter().next().unwrap();
        let url = json!({"url": "https://hooks.slack.com/services/T0/B0/planted-other"});
        let body = if line.has_channels() {
            json!({"config": {"name": "ops", "config_type": "slack", "slack": url}})
        } else {
            json!({"name": "ops", "type": "slack", "slack": url})
        };
        cluster.send("PUT", &format!("{}/{id}", cluster.destinations_path()), &body.to_string());
        let (monitor, _) = cluster.monitors().into_iter().next().unwrap();
        cluster.send("DELETE", &format!("{}/monitors/{monitor}?refresh=true", line.alerting()), "");
        cluster.await_listed(&id, "ops");
        std::thread::sleep(std::time::Duration::from_millis(1200));
        let screen = cli.run(&["plan", "--drift"]).must_exit(2);
        let summary = "drift: 1 maybe changed there, 1 missing there\n";
        assert!(screen.stdout.starts_with(summary), "{line}: {screen}");
        assert!(!screen.stdout.contains("planted"), "{line}: {screen}");
    }
}

#[test]
fn what_somebody_renamed_in_the_cluster_is_not_made_again() {
    // Dashboards' editor loses our mark
    for (line, is_marked) in Line::ALL.into_iter().flat_map(|line| [(line, true), (line, false)]) {
        let cluster = Cluster::start(line);
        let cli = project(&cluster);
        write(&cluster, |monitor| {
            monitor["name"] = json!("theirs");
            if !is_marked {
                monitor["ui_metadata"] = json!({"search": {}});
            }
        });
        let said = "monitor `m` is called `theirs` in the cluster: somebody renamed it there\n  hint: rename it back there, or \
            declare `theirs` with `previous_names: m`\n";
        let screen = cli.run(&["apply", "--yes", "--prune"]).must_exit(1);
        assert!(screen.stdout.contains(&format!("problem: {said}")), "{line}: {screen}");
        let screen = cli.run(&["plan", "--drift"]).must_exit(2);
        assert!(screen.stdout.contains(&format!("warning: {said}")), "{line}: {screen}");
        cli.edit("m.yaml", "name: m\n", "name: theirs\nprevious_names: m\n");
        cli.run(&["apply", "--yes", "--adopt"]).must_exit(0);
        cli.run(&["plan", "--detailed-exitcode"]).must_exit(0);
        assert_eq!(cluster.names_of_monitors(), ["theirs"], "{line}");
    }
}

#[test]
fn a_window_that_follows_the_schedule_is_not_moved_by_anybody() {
    let cluster = Cluster::start(Line::V3);
    let cli = project(&cluster);
    cli.edit("m.yaml", "window: none\n", "time_field: \"@timestamp\"\n");
    cli.run(&["apply", "--yes"]).must_exit(0);
    cli.edit("m.yaml", "every: 1h", "every: 2h");
    let screen = cli.run(&["plan", "--format", "json"]).must_exit(0);
    let plan: Value = serde_json::from_str(&screen.stdout).unwrap();
    assert_eq!(plan["changes"][0]["headline"], json!(["every 1h -> 2h, and the window with it"]), "{screen}");
    assert_eq!(
        plan["changes"][0]["drift"]["moved"],
        json!([{"field": "schedule", "by": "files"}]),
        "{screen}"
    );
}

#[test]
fn a_channel_that_somebody_deleted_comes_back_under_its_id_and_nothing_else_is_written() {
    for line in [Line::V2_19, Line::V3] {
        let cluster = Cluster::start(line);
        let cli = project(&cluster);
        let (id, _) = cluster.destinations().into_iter().next().unwrap();
        cluster.send("DELETE", &format!("/_plugins/_notifications/configs/{id}"), "");
        cluster.await_unlisted(&id);
        let planned = "plan: 1 to create, 0 to update, 0 to delete; 1 unchanged";
        for (arguments, code, summary) in
            [(["plan", "--prune"], 0, planned), (["plan", "--drift"], 2, "drift: 1 deleted there")]
        {
            let screen = cli.run(&arguments).must_exit(code);
            let said = "  ! deleted in the cluster: monitor `m` still refers to it\n";
            assert!(screen.stdout.contains(said), "{line}: {screen}");
            assert!(!screen.stdout.contains("~ "), "{line}: {screen}");
            assert_eq!(screen.stdout.lines().next(), Some(summary), "{line}: {screen}");
        }
        let json: Value = serde_json::from_str(&cli.run(&["plan", "--format", "json"]).stdout).unwrap();
        must_keep_the_schema(&json);
        assert_eq!(json["changes"][0]["still_used_by"], json!({"kind": "monitor", "name": "m"}), "{line}");
        assert_eq!(json["changes"][0]["risks"], json!(["deleted in the cluster, and made again"]), "{line}");
        cluster.take_requests();
        cli.run(&["apply", "--yes"]).must_exit(0);
        assert_eq!(cluster.take_writes().len(), 1, "{line}");
        let screen = cli.run(&["plan"]).must_exit(0);
        assert_eq!(screen.stdout, "plan: nothing to do; 2 unchanged\n", "{line}");
    }
}

#[test]
fn of_a_channel_it_is_said_when_it_was_last_written() {
    let cluster = Cluster::start(Line::V3);
    let mut cli = project(&cluster);
    cli.set("OPS_URL", "https://hooks.slack.com/services/T0/B0/another-secret");
    let screen = cli.run(&["plan"]).must_exit(0);
    assert!(timeless(&screen.stdout).contains("\n  # last written TIME\n"), "{screen}");
}

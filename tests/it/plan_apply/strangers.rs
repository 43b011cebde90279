//! What others made: taken over when someone agrees, and told apart by id.

use alertform::api::line::Line;
use serde_json::json;

use super::project;
use crate::cluster::Cluster;

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
    error: 1 resource would be taken over, and nobody said that they may be: monitor `rejects`
      hint: `--adopt`, or `adopt: true` in `alertform.yaml`, says so
    ");
    assert_eq!(cluster.take_writes(), [""; 0]);
    cli.run(&["apply", "--yes", "--adopt"]).must_exit(0);
    cli.edit("monitors/rejects.yaml", "> 100", "> 200");
    cli.run(&["apply", "--yes"]).must_exit(0);
    assert_eq!(cluster.monitors().len(), 1);
}

#[test]
fn two_live_monitors_of_one_name_are_refused_with_both_ids() {
    let cluster = Cluster::start(Line::V2_19);
    let mut cli = project();
    cli.set("ALERTFORM_URL", &cluster.url);
    cli.run(&["apply", "--yes"]).must_exit(0);
    let (first, mut monitor) = cluster.monitors().remove(0);
    monitor.as_object_mut().unwrap().remove("ui_metadata");
    let made = cluster.send("POST", "/_plugins/_alerting/monitors", &monitor.to_string());
    let second = made["_id"].as_str().unwrap();
    cli.edit("monitors/rejects.yaml", "> 100", "> 200");
    let screen = cli.run(&["plan"]).must_exit(1);
    assert!(screen.stdout.contains(&first) && screen.stdout.contains(second), "{screen}");
    cluster.take_requests();
    cli.run(&["apply", "--yes"]).must_exit(1);
    assert_eq!(cluster.take_writes(), [""; 0]);
}

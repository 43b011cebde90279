//! A plan that was saved is carried out as it was reviewed, or not at all.

use alertform::api::line::Line;
use serde_json::{Value, json};

use crate::cli::{Cli, Screen};
use crate::cluster::Cluster;

const SECRET: &str = "https://hooks.slack.com/services/T0/B0/planted-secret";

const MONITOR: &str = "kind: monitor\nname: m\nschedule: {every: 1h}\nindex: l*\nquery: a\nwindow: none\ntriggers:\n  \
    - name: t\n    condition: 'true'\n    actions:\n      - {name: a, destination: ops, message: 'see ${KEY}'}\n";

/// A project of a destination and two monitors, of which one is there already.
fn project(cluster: &Cluster) -> Cli {
    let mut cli = Cli::new(&[
        ("alertform.yaml", "project: shop\n"),
        ("ops.yaml", "kind: destination\nname: ops\nslack: {url: '${OPS_URL}'}\n"),
        ("old.yaml", &MONITOR.replace("name: m", "name: old")),
    ]);
    cli.set("ALERTFORM_URL", &cluster.url);
    cli.set("OPS_URL", SECRET);
    cli.set("KEY", "planted-key");
    cli.run(&["apply", "--yes"]).must_exit(0);
    cli.write("m.yaml", MONITOR);
    cli.edit("old.yaml", "every: 1h", "every: 2h");
    cli
}

fn save(cli: &Cli, flags: &[&str]) {
    cli.run(&[&["plan", "--out", "plan.saved"], flags].concat()).must_exit(0);
}

fn refused(cluster: &Cluster, cli: &Cli, why: &str) -> Screen {
    cluster.take_requests();
    let screen = cli.run(&["apply", "plan.saved"]).must_exit(4);
    let said = format!(
        "error: nothing was applied: the saved plan is stale: {why}\n  hint: plan again, and have that reviewed\n"
    );
    assert_eq!(screen.stderr, said, "{screen}");
    assert_eq!(cluster.take_writes(), [""; 0]);
    screen
}

#[test]
fn a_saved_plan_is_applied_once_and_holds_no_secret() {
    for line in Line::ALL {
        let cluster = Cluster::start(line);
        let cli = project(&cluster);
        save(&cli, &[]);
        let saved = cli.read("plan.saved");
        assert!(!saved.contains("planted"), "{saved}");
        let value: Value = serde_json::from_str(&saved).unwrap();
        assert_eq!(value["alertform_plan"], 3);
        assert_eq!(value["summary"], "plan: 1 to create, 1 to update, 0 to delete; 1 unchanged");
        let screen = cli.run(&["apply", "plan.saved"]).must_exit(0);
        assert!(screen.stdout.ends_with("applied: 1 created, 1 updated, 0 deleted\n"), "{line}: {screen}");
        cli.run(&["plan", "--detailed-exitcode"]).must_exit(0);
        // what is done is not done again, and nobody is told that it was
        refused(
            &cluster,
            &cli,
            "monitor `m` needs no change any more, or another; monitor `old` needs no change any more, or another",
        );
    }
}

#[test]
fn what_moved_since_is_named_and_nothing_is_written() {
    let cluster = Cluster::start(Line::V2_19);
    let cli = project(&cluster);
    save(&cli, &[]);
    cli.edit("m.yaml", "index: l*", "index: k*");
    refused(&cluster, &cli, "`m.yaml` changed; monitor `m` would change otherwise");
    cli.edit("m.yaml", "index: k*", "index: l*");
    cli.write("more.yaml", &MONITOR.replace("name: m", "name: more"));
    refused(&cluster, &cli, "`more.yaml` is new; monitor `more` needs a change that was not planned");
    std::fs::remove_file(cli.path("more.yaml")).unwrap();

    let (id, mut monitor) = cluster.monitors().into_iter().next().unwrap();
    monitor["enabled"] = json!(false);
    cluster.send("PUT", &format!("/_plugins/_alerting/monitors/{id}"), &monitor.to_string());
    refused(&cluster, &cli, "monitor `old` was written in the cluster");
}

#[test]
fn another_cluster_gets_nothing() {
    let cluster = Cluster::start(Line::V2_19);
    let mut cli = project(&cluster);
    save(&cli, &[]);
    let other = Cluster::start(Line::V2_19);
    cli.set("ALERTFORM_URL", &other.url);
    let screen = cli.run(&["apply", "plan.saved"]).must_exit(4);
    assert!(screen.stderr.contains("stale: it is another cluster; "), "{screen}");
    assert_eq!(other.take_writes(), [""; 0]);
}

#[test]
fn flags_are_saved_with_the_plan() {
    let cluster = Cluster::start(Line::V2_19);
    let cli = project(&cluster);
    cli.run(&["apply", "--yes"]).must_exit(0);
    std::fs::remove_file(cli.path("old.yaml")).unwrap();
    save(&cli, &["--prune", "--limit", "deletions=1", "--limit", "ended_alerts=none"]);
    cli.run(&["apply", "plan.saved", "--prune"]).must_exit(1);
    let screen = cli.run(&["apply", "plan.saved"]).must_exit(0);
    assert!(screen.stdout.ends_with("applied: 0 created, 0 updated, 1 deleted\n"), "{screen}");
}

#[test]
fn what_is_no_saved_plan_of_this_version_is_refused() {
    let cluster = Cluster::start(Line::V2_19);
    let cli = project(&cluster);
    let said = |cli: &Cli| cli.run(&["apply", "plan.saved"]).must_exit(1).stderr;
    assert!(said(&cli).starts_with("error: cannot read the saved plan `plan.saved`: "), "{}", said(&cli));
    save(&cli, &[]);
    let saved = cli.read("plan.saved");
    cli.write("plan.saved", &saved.replace("\"alertform_plan\": 3", "\"alertform_plan\": 4"));
    let other =
        "error: `plan.saved` was saved by another alertform: its version is 4, and this one reads 3\n";
    assert!(said(&cli).starts_with(other), "{}", said(&cli));
    cli.write("plan.saved", &saved.replace("\"changes\"", "\"change\""));
    assert!(said(&cli).contains("is not whole as a saved plan: missing field `changes`"), "{}", said(&cli));
    cli.write("plan.saved", "{}");
    assert!(said(&cli).starts_with("error: `plan.saved` is no saved plan\n"), "{}", said(&cli));
    // a plan with a problem can't be applied, and is not saved
    std::fs::remove_file(cli.path("plan.saved")).unwrap();
    cli.write(
        "m.yaml",
        &MONITOR
            .replace("index: l*", "index: l*\nextraction_query: {collapse: {}}")
            .replace("query: a\nwindow: none\n", ""),
    );
    cli.run(&["plan", "--out", "plan.saved"]).must_exit(1);
    assert!(!cli.path("plan.saved").exists());
}

#[test]
fn of_two_of_one_name_each_is_reviewed_by_itself() {
    let cluster = Cluster::start(Line::V2_19);
    let cli = project(&cluster);
    cli.run(&["apply", "--yes"]).must_exit(0);
    std::fs::remove_file(cli.path("old.yaml")).unwrap();
    let (_, copy) = cluster.monitors().into_iter().find(|(_, monitor)| monitor["name"] == "old").unwrap();
    let make = || cluster.send("POST", "/_plugins/_alerting/monitors?refresh=true", &copy.to_string());
    save(&cli, &["--prune"]);
    // a copy with mark and name that nobody saw
    let id = make()["_id"].as_str().unwrap().to_owned();
    refused(&cluster, &cli, "monitor `old` needs a change that was not planned");
    save(&cli, &["--prune"]);
    let path = format!("/_plugins/_alerting/monitors/{id}?refresh=true");
    cluster.send("PUT", &path, &copy.to_string());
    refused(&cluster, &cli, "monitor `old` was written in the cluster");
    let saved = cli.read("plan.saved");
    cli.write("plan.saved", &saved.replace("\"select\": []", "\"select\": [\"colour=red\"]"));
    let said = cli.run(&["apply", "plan.saved"]).must_exit(1).stderr;
    assert!(said.contains("is not whole as a saved plan: nothing is selected by `colour`"), "{said}");
}

#[test]
fn the_settings_are_reviewed_too() {
    let cluster = Cluster::start(Line::V2_19);
    let cli = project(&cluster);
    save(&cli, &[]);
    cli.edit("alertform.yaml", "shop\n", "shop\nlimits: {deletions: none}\n");
    refused(&cluster, &cli, "`alertform.yaml` changed");
}

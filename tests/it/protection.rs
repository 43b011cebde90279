//! What is protected is not deleted, not disabled, and loses no active alert, until an apply has taken that away.

use alertform::api::line::Line;
use serde_json::json;

use crate::cli::Cli;
use crate::cluster::Cluster;

const MONITOR: &str = "kind: monitor
name: m
protected: true
schedule: {every: 1h}
index: l*
query: a
window: none
triggers:
  - name: t
    condition: 'true'
    actions: [{name: a, destination: ops, message: m}]
";

const URL: &str = "https://hooks.slack.com/services/T0/B0/x";

fn project(cluster: &Cluster) -> Cli {
    let mut cli = Cli::new(&[
        ("alertform.yaml", "project: shop\n"),
        ("m.yaml", MONITOR),
        ("other.yaml", &MONITOR.replace("name: m", "name: other").replace("protected: true\n", "")),
        ("ops.yaml", "kind: destination\nname: ops\nslack: {url: '${URL}'}\n"),
        ("spare.yaml", "kind: destination\nname: spare\nslack: {url: '${URL}'}\n"),
    ]);
    cli.set("ALERTFORM_URL", &cluster.url);
    cli.set("URL", URL);
    cli.run(&["apply", "--yes"]).must_exit(0);
    cli
}

/// What stands in the way of an apply, which writes nothing.
fn refused(cluster: &Cluster, cli: &Cli) -> String {
    cluster.take_requests();
    let screen = cli.run(&["apply", "--yes", "--prune"]).must_exit(1);
    assert_eq!(cluster.take_writes(), [""; 0], "{screen}");
    screen.stdout.split("problem: ").nth(1).unwrap_or_default().split("\n\n").next().unwrap().to_owned()
}

#[test]
fn a_protected_monitor_changes_and_is_not_harmed() {
    for line in Line::ALL {
        let cluster = Cluster::start(line);
        let cli = project(&cluster);
        cli.edit("m.yaml", "every: 1h", "every: 2h");
        cli.run(&["apply", "--yes", "--prune"]).must_exit(0);
        cli.run(&["export", "--out", "live", "--secrets", "live.env"]).must_exit(0);
        cli.write("live/alertform.yaml", "project: shop\n");
        let secrets = cli.read("live.env");
        let names = secrets.lines().filter_map(|line| Some((line.split_once('=')?.0, URL)));
        let mut plan = cli.command(&["plan", "--detailed-exitcode", "--dir", "live"]);
        assert!(plan.envs(names).status().unwrap().success(), "{line}");
        std::fs::remove_dir_all(cli.path("live")).unwrap();
        cli.edit("m.yaml", "schedule:", "enabled: false\nschedule:");
        let first = "take away its `protected: true` and apply that first, in a change of its own";
        assert_eq!(
            refused(&cluster, &cli),
            format!("m.yaml:1:1: monitor `m` is protected, and would be disabled\n  hint: {first}"),
            "{line}"
        );
        cli.edit("m.yaml", "enabled: false\n", "");
        cli.edit("m.yaml", "name: t", "name: u");
        let harm = "would lose trigger `t` with whatever alerts it has";
        assert!(refused(&cluster, &cli).contains(harm), "{line}");
        // what was protected stays so although its file says nothing of it any more
        cli.edit("m.yaml", "protected: true\n", "");
        assert!(refused(&cluster, &cli).contains("apply its file without `protected: true` first"), "{line}");
        std::fs::rename(cli.path("m.yaml"), cli.path("m.txt")).unwrap();
        assert!(
            refused(&cluster, &cli).starts_with("monitor `m` is protected, and would be deleted\n"),
            "{line}"
        );

        std::fs::rename(cli.path("m.txt"), cli.path("m.yaml")).unwrap();
        cli.edit("m.yaml", "name: u", "name: t");
        let screen = cli.run(&["apply", "--yes"]).must_exit(0);
        assert!(screen.stdout.contains("~ monitor `m`: no longer protected  m.yaml:1\n"), "{line}: {screen}");
        std::fs::remove_file(cli.path("m.yaml")).unwrap();
        cli.run(&["apply", "--yes", "--prune"]).must_exit(0);
        assert_eq!(cluster.names_of_monitors(), ["other"], "{line}");
    }
}

#[test]
fn the_settings_protect_resources_of_all_kinds() {
    let cluster = Cluster::start(Line::V2_19);
    let cli = project(&cluster);
    cli.edit("alertform.yaml", "shop", "shop\nprotected: [monitor other, destination spare]");
    cli.run(&["plan", "--prune", "--detailed-exitcode"]).must_exit(0);
    std::fs::remove_file(cli.path("spare.yaml")).unwrap();
    let said = "destination `spare` is protected, and would be deleted\n  hint: take it off `protected` in `alertform.yaml`, in a change of its own";
    assert_eq!(refused(&cluster, &cli), said);
    cli.edit("other.yaml", "schedule:", "enabled: false\nschedule:");
    assert!(refused(&cluster, &cli).contains("monitor `other` is protected, and would be disabled"));
    cli.edit("alertform.yaml", "[monitor other", "[monitors other");
    let screen = cli.run(&["plan"]).must_exit(1);
    let said = "error: alertform.yaml:2:13: expected a kind and a name in `protected`, found the text `monitors other`\n  hint: as `destination ops-slack`\n";
    assert_eq!(screen.stderr, said);
}

#[test]
fn another_name_is_no_way_round() {
    let cluster = Cluster::start(Line::V2_19);
    let cli = project(&cluster);
    cli.edit("alertform.yaml", "shop", "shop\nprotected: [monitor other, destination spare, monitor nobody]");
    let screen = cli.run(&["plan"]).must_exit(0);
    let said = "warning: `protected` in `alertform.yaml` names the monitor `nobody`, which is nowhere\n";
    assert!(screen.stdout.contains(said), "{screen}");
    cli.edit("other.yaml", "name: other", "name: new\nprevious_names: other\nenabled: false");
    assert!(refused(&cluster, &cli).contains("monitor `new` is protected, and would be disabled"));
    cli.edit("other.yaml", "enabled: false\n", "");
    assert!(
        refused(&cluster, &cli)
            .starts_with("other.yaml:1:1: monitor `other` is protected, and monitor `new` would not be\n")
    );
    cli.edit("other.yaml", "name: new\nprevious_names: other\n", "name: other\n");
    cli.edit("spare.yaml", "slack:", "enabled: false\nslack:");
    assert!(refused(&cluster, &cli).contains("destination `spare` is protected, and would be disabled"));
    std::fs::remove_file(cli.path("spare.yaml")).unwrap();
    // a channel whose id was made for a protected name goes under no other one
    let id = "alertform_shop_spare";
    let slack = json!({"url": URL});
    let body = json!({"config": {"name": "renamed", "config_type": "slack", "slack": slack}});
    cluster.send("PUT", &format!("{}/{id}", cluster.destinations_path()), &body.to_string());
    cluster.await_listed(id, "renamed");
    assert!(refused(&cluster, &cli).contains("destination `renamed` is protected, and would be deleted"));
}

#[test]
fn drift_of_what_is_protected_is_drift() {
    let cluster = Cluster::start(Line::V2_19);
    let cli = project(&cluster);
    let (id, mut monitor) =
        cluster.monitors().into_iter().find(|(_, monitor)| monitor["name"] == "m").unwrap();
    let mut added = monitor["triggers"][0].clone();
    added["query_level_trigger"]["name"] = json!("theirs");
    added["query_level_trigger"]["id"] = json!("theirs");
    monitor["triggers"].as_array_mut().unwrap().push(added);
    cluster.send("PUT", &format!("/_plugins/_alerting/monitors/{id}?refresh=true"), &monitor.to_string());
    let screen = cli.run(&["plan", "--drift"]).must_exit(2);
    assert!(screen.stdout.contains("! changed in the cluster: trigger `theirs`"), "{screen}");
    // of another one nothing is said
    let screen = cli.run(&["plan", "--drift", "--select", "name=other"]).must_exit(0);
    assert_eq!(screen.stdout, "drift: none\n\nnot selected, and left alone: monitor `m`\n");
}

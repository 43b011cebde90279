//! What is no longer declared: deleted on demand alone, and never while something may still need it.

use alertform::api::line::Line;
use serde_json::json;

use super::{SLACK, monitors, project, project_of_two};
use crate::cluster::{Cluster, answer};

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
        cluster.take_requests();
        cli.run(&["apply", "--yes"]).must_exit(0);
        assert_eq!(cluster.take_writes(), [""; 0], "{line}");
        let [_, _, (second, _)] = &monitors(&cluster, line)[..] else { panic!("{line}: not three monitors") };
        cli.run(&["apply", "--yes", "--prune"]).must_exit(0);
        assert_eq!(
            cluster.take_writes(),
            [format!("DELETE {}/monitors/{second}", line.alerting())],
            "{line}"
        );
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
            is_update.then(|| answer(409, "{}"))
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

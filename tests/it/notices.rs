//! Before 2.0 destinations bear no sign of whose they are: a notice says so while an apply is under way, and is in nobody's
//! way.

use alertform::api::line::Line;
use alertform::sandbox::exchange::Request;

use crate::cli::Cli;
use crate::cluster::{Cluster, Fate, answer};
use crate::ownership::{MONITOR, SLACK};

#[test]
fn what_a_killed_apply_made_before_2_0_is_known_by_its_notice() {
    for line in [Line::Odfe, Line::V1_3] {
        let cluster = Cluster::start(line);
        let mut cli =
            Cli::new(&[("alertform.yaml", "project: shop\n"), ("m.yaml", MONITOR), ("ops.yaml", SLACK)]);
        cli.set("ALERTFORM_URL", &cluster.url);
        cli.set("SLACK_URL", "https://hooks.slack.com/services/T0/B0/x");
        // it ends when the destination is made and no monitor is
        let monitors = format!("{}/monitors?", line.alerting());
        cluster.meddle(Box::new(move |_, request| {
            let is_notice = String::from_utf8_lossy(&request.body).contains("alertform is applying");
            (request.method == "POST" && request.uri.starts_with(&monitors) && !is_notice)
                .then(|| answer(400, "{}"))
        }));
        cli.run(&["apply", "--yes"]).must_exit(1);
        cluster.meddle(Box::new(|_, _| None));
        assert_eq!(cluster.names_of_monitors(), ["alertform is applying shop"], "{line}");
        // neither a plan nor an export shows it
        let screen = cli.run(&["plan", "--prune"]).must_exit(0);
        assert!(
            screen.stdout.starts_with("plan: 1 to create, 0 to update, 0 to delete; 1 unchanged\n"),
            "{line}: {screen}"
        );
        cli.run(&["export", "--out", "exported"]).must_exit(0);
        assert!(!cli.path("exported/monitors").exists(), "{line}");
        std::fs::remove_dir_all(cli.path("exported")).unwrap();
        // a part of the project leaves the notice, and so does a run that leaves what it tells of
        let only_ops = ["apply", "--yes", "--select", "kind=destination"];
        cli.run(&only_ops).must_exit(0);
        assert_eq!(cluster.names_of_monitors(), ["alertform is applying shop"], "{line}");
        let ops = cli.read("ops.yaml");
        cli.write("ops.yaml", "");
        cli.write(
            "m.yaml",
            &MONITOR
                .replace("name: m\n", "name: n\n")
                .replace("actions:", "#")
                .replace("      - {name: a", "#"),
        );
        let screen = cli.run(&["apply", "--yes"]).must_exit(0);
        assert!(screen.stdout.contains("no longer declared, and left alone"), "{line}: {screen}");
        assert_eq!(cluster.names_of_monitors(), ["alertform is applying shop", "n"], "{line}");
        cli.write("ops.yaml", &ops);
        cli.write("m.yaml", MONITOR);
        // another address needs no consent
        cli.set("SLACK_URL", "https://hooks.slack.com/services/T0/B0/y");
        let screen = cli.run(&["apply", "--yes", "--prune"]).must_exit(0);
        assert!(screen.stdout.contains("applied: 1 created, 1 updated, 1 deleted"), "{line}: {screen}");
        assert_eq!(cluster.names_of_monitors(), ["m"], "{line}");
        cli.run(&["plan", "--detailed-exitcode"]).must_exit(0);
    }
}

#[test]
fn a_notice_that_is_refused_or_whose_answer_is_lost_is_in_nobodys_way() {
    for line in [Line::Odfe, Line::V1_3] {
        let cluster = Cluster::start(line);
        let project = |name: &str| {
            let mut cli = Cli::new(&[
                ("alertform.yaml", &format!("project: {name}\n")),
                ("m.yaml", &MONITOR.replace("name: m\n", &format!("name: {name}-m\n")).replace("ops", name)),
                ("ops.yaml", &SLACK.replace("ops", name)),
            ]);
            cli.set("ALERTFORM_URL", &cluster.url);
            cli.set("SLACK_URL", "https://hooks.slack.com/services/T0/B0/x");
            cli
        };
        let is_notice = |request: &Request| {
            request.method == "POST"
                && String::from_utf8_lossy(&request.body).contains("alertform is applying")
        };
        let (refused, lost, failed) = (project("refused"), project("lost"), project("failed"));
        cluster.meddle(Box::new(move |_, request| is_notice(request).then(|| answer(403, "{}"))));
        refused.run(&["apply", "--yes"]).must_exit(0);
        assert_eq!(cluster.names_of_monitors(), ["refused-m"], "{line}");
        // it is put up, and nobody hears of it
        cluster.interfere(Box::new(move |sandbox, request| {
            is_notice(request).then(|| Fate::BreakOff(sandbox.answer(request)))
        }));
        lost.run(&["apply", "--yes"]).must_exit(0);
        assert_eq!(cluster.names_of_monitors(), ["lost-m", "refused-m"], "{line}");
        // nothing that it tells of is made
        cluster.meddle(Box::new(move |_, request| {
            (request.method == "POST" && request.uri.contains("/destinations")).then(|| answer(400, "{}"))
        }));
        failed.run(&["apply", "--yes"]).must_exit(1);
        assert_eq!(cluster.names_of_monitors(), ["lost-m", "refused-m"], "{line}");
    }
}

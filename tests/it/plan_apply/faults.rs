//! Faults and races between a plan and its writes: nothing of others is overwritten, and nothing is made twice.

use alertform::api::line::Line;
use alertform::sandbox::exchange::{Rendered, Request};

use super::{project, project_of_two};
use crate::cli::Cli;
use crate::cluster::{Cluster, answer};

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

    ~ monitor `rejects`: condition of `too-many` `> 100` -> `> 200`  monitors/rejects.yaml:1
        triggers:
          - name: too-many
      -     condition: ctx.results[0].hits.total.value > 100
      +     condition: ctx.results[0].hits.total.value > 200
        # 14 lines unchanged

    failed: monitors/rejects.yaml:1:1: monitor `rejects`: somebody changed it in the cluster since the plan was made
      hint: plan again, and look at what changed
    applied: 0 created, 0 updated, 0 deleted; 1 failed, 0 not tried
    --- stderr
    failed monitor `rejects`
    --- exit code 1
    ");
}

#[test]
fn a_plan_right_after_an_apply_that_failed_at_its_end_makes_nothing_twice() {
    for line in Line::ALL {
        let cluster = Cluster::start(line);
        let mut cli = project_of_two();
        cli.set("ALERTFORM_URL", &cluster.url);
        cluster
            .meddle(Box::new(|_, request| request.uri.contains("refresh=true").then(|| answer(500, "{}"))));
        cli.run(&["apply", "--yes"]).must_exit(1);
        cluster.meddle(Box::new(|_, _| None));
        cli.run(&["apply", "--yes"]).must_exit(0);
        assert_eq!(cluster.monitors().len(), 2, "{line}");
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
        let screen = cli.run(&["apply", "--yes"]).must_exit(0);
        assert!(screen.stdout.ends_with("applied: 3 created, 0 updated, 0 deleted\n"), "{line}: {screen}");
        assert_eq!(cluster.monitors().len(), 2, "{line}");
        cluster.meddle(Box::new(|_, _| None));
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
fn a_monitor_that_comes_to_an_index_that_is_not_there_is_not_said_to_be_deleted() {
    for line in Line::ALL {
        let cluster = Cluster::start(line);
        let mut cli = project();
        cli.set("ALERTFORM_URL", &cluster.url);
        cli.run(&["apply", "--yes"]).must_exit(0);
        cli.edit("monitors/rejects.yaml", "index: vpc-flowlogs-*", "index: vpc-flowlogs");
        let screen = cli.run(&["apply", "--yes"]).must_exit(1);
        assert!(
            screen.stdout.contains("Configured indices are not found: [vpc-flowlogs]\n  hint: the server"),
            "{line}: {screen}"
        );
        assert!(!screen.stdout.contains("deleted it"), "{line}: {screen}");
    }
}

#[test]
fn a_channel_that_somebody_else_writes_at_the_same_time_is_no_success() {
    for line in [Line::V2_19, Line::V3] {
        let cluster = Cluster::start(line);
        let mut cli = Cli::new(&[("ops.yaml", "kind: destination\nname: ops\nslack: {url: '${URL}'}\n")]);
        cli.set("ALERTFORM_URL", &cluster.url);
        cli.set("URL", "https://hooks.slack.com/services/T0/B0/one");
        cli.run(&["apply", "--yes"]).must_exit(0);
        cli.set("URL", "https://hooks.slack.com/services/T0/B0/two");
        // before the look that follows the write, and before the one at the end
        for look in ["/configs/", "max_items"] {
            let mut written: Option<Request> = None;
            cluster.meddle(Box::new(move |sandbox, request| {
                if request.method == "PUT" {
                    written = Some(request.clone());
                } else if request.method == "GET"
                    && request.uri.contains(look)
                    && let Some(mut theirs) = written.take()
                {
                    let body = String::from_utf8(theirs.body).unwrap();
                    theirs.body = body.replace("/T0/", "/theirs/").into_bytes();
                    std::thread::sleep(std::time::Duration::from_millis(5));
                    assert_eq!(sandbox.answer(&theirs).status, 200);
                }
                None
            }));
            let screen = cli.run(&["apply", "--yes"]).must_exit(1);
            let expected = "destination `ops`: somebody else wrote it at the same time, and one of the two writes is lost";
            assert!(screen.stdout.contains(expected), "{line}, {look}: {screen}");
            assert!(screen.stdout.contains("0 created, 0 updated, 0 deleted; 1 failed"), "{line}: {screen}");
            cluster.meddle(Box::new(|_, _| None));
            cli.run(&["apply", "--yes"]).must_exit(0);
            cli.set("URL", "https://hooks.slack.com/services/T0/B0/three");
        }
    }
}

//! A service that is too old to list destinations, or to know e-mail: what lives there is found by the search for
//! monitors, and a project lives there as anywhere.

use alertform::api::line::Line;
use serde_json::json;

use crate::cli::Cli;
use crate::cluster::{Cluster, answer};

const PROJECT: &str = "\
kind: destination
name: room
custom_webhook: {url: 'https://room.example.com/${PLACE}'}
---
kind: monitor
name: errors
schedule: {every: 5m}
index: logs-*
time_field: '@timestamp'
query: level:ERROR
triggers:
  - name: t
    condition: ctx.results[0].hits.total.value > 1
    actions: [{name: a, destination: room, message: m}]
";

fn old_service() -> Cluster {
    let cluster = Cluster::start(Line::Odfe);
    cluster.send("PUT", "/logs-1", "");
    cluster.meddle(Box::new(|_, request| {
        let (method, uri) = (&request.method, &request.uri);
        let is_of_email = uri.contains("/destinations/email_");
        if !(is_of_email || method == "GET" && uri.contains("/destinations")) {
            return None;
        }
        let (status, words) = if is_of_email {
            (400, format!("no handler found for uri [{uri}] and method [{method}]"))
        } else {
            (405, format!("Incorrect HTTP method for uri [{uri}] and method [{method}], allowed: [POST]"))
        };
        Some(answer(status, json!({"error": words, "status": status}).to_string()))
    }));
    cluster
}

#[test]
fn a_project_lives_on_a_service_without_a_list_of_destinations() {
    let cluster = old_service();
    let mut cli = Cli::new(&[("alertform.yaml", "project: shop\n"), ("monitors/a.yaml", PROJECT)]);
    cli.set("ALERTFORM_URL", &cluster.url);
    cli.set("PLACE", "one");
    let said = |screen: String, end: &str| assert!(screen.trim_end().ends_with(end), "{screen}");
    said(cli.run(&["apply", "--yes"]).must_exit(0).stdout, "applied: 2 created, 0 updated, 0 deleted");
    said(cli.run(&["plan"]).must_exit(0).stdout, "plan: nothing to do; 2 unchanged");
    let [(id, _)] = &cluster.destinations()[..] else { panic!("one destination") };

    cli.set("PLACE", "two");
    said(cli.run(&["apply", "--yes"]).must_exit(0).stdout, "applied: 0 created, 1 updated, 0 deleted");
    said(cli.run(&["plan"]).must_exit(0).stdout, "plan: nothing to do; 2 unchanged");
    assert_eq!(cluster.destinations()[0].0, *id);

    said(cli.run(&["export", "--out", "out"]).must_exit(0).stdout, "exported 2 resources to out");
    std::fs::remove_dir_all(cli.path("out")).unwrap();
    cli.write("monitors/a.yaml", PROJECT.split("---").next().unwrap());
    said(
        cli.run(&["apply", "--yes", "--prune"]).must_exit(0).stdout,
        "applied: 0 created, 0 updated, 1 deleted",
    );
}

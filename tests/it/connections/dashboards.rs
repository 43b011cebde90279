//! Through OpenSearch Dashboards, which passes on what its console is told, without a word of who asks for it: played as
//! its source has it, in front of a sandbox.

use alertform::api::line::Line;
use alertform::sandbox::exchange::{Rendered, Request};
use alertform::sandbox::server::Sandbox;
use insta::assert_snapshot;
use reqwest::Url;
use serde_json::{Value, json};

use super::server::{Reply, Server};
use crate::cli::Cli;
use crate::cluster::{Cluster, answer};

const PROJECT: &str = "\
kind: destination
name: room
custom_webhook: {url: 'https://room.example.com'}
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

/// Whether Dashboards has an Alerting plugin.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Plugin {
    There,
    Missing,
}

/// A cluster that only its Dashboards, below `/_dashboards`, can be reached of.
fn behind_dashboards(line: Line, plugin: Plugin) -> (Cluster, Cli) {
    let cluster = Cluster::start(line);
    cluster.send("PUT", "/logs-1", "");
    cluster.meddle(Box::new(move |sandbox, request| Some(dashboards(sandbox, request, plugin))));
    let mut cli = Cli::new(&[("alertform.yaml", "project: shop\n"), ("monitors/a.yaml", PROJECT)]);
    cli.set("ALERTFORM_URL", &format!("{}/_dashboards", cluster.url));
    cli.set("ALERTFORM_DASHBOARDS", "true");
    (cluster, cli)
}

fn dashboards(sandbox: &mut Sandbox, request: &Request, plugin: Plugin) -> Rendered {
    let url = Url::parse("http://dashboards").unwrap().join(&request.uri).unwrap();
    let Some(route) = url.path().strip_prefix("/_dashboards/api/") else {
        return boom(404, "Not Found");
    };
    let named = |name: &str| url.query_pairs().find(|(key, _)| key == name).unwrap().1.into_owned();
    let line = sandbox.state.line;
    let by_plugin = |sandbox: &mut Sandbox, method: &str, path: &str, body: &Value| {
        let mut inner = Request::new(method, path, body.to_string().as_bytes());
        inner.content_type = Some("application/json".to_owned());
        inner.user_agent = Some("OpenSearch-Dashboards; Kibana".to_owned());
        let answered = sandbox.answer(&inner);
        let body: Value = serde_json::from_slice(&answered.body).unwrap();
        if answered.status == 200 { Ok(body) } else { Err(body["error"]["reason"].clone()) }
    };
    let shown = match (route.strip_prefix("alerting/monitors/"), plugin) {
        (Some("_search"), Plugin::There) => {
            let body: Value = serde_json::from_slice(&request.body).unwrap();
            by_plugin(sandbox, "POST", &format!("{}/monitors/_search", line.alerting()), &body["query"])
                .map(|found| json!({"ok": true, "resp": found}))
        }
        (Some(id), Plugin::There) => {
            by_plugin(sandbox, "GET", &format!("{}/monitors/{id}", line.alerting()), &Value::Null).map(|found| {
                json!({
                    "ok": true, "resp": found["monitor"], "activeCount": 0, "dayCount": 0,
                    "version": found["_version"], "ifSeqNo": found["_seq_no"], "ifPrimaryTerm": found["_primary_term"],
                })
            })
        }
        _ if route == "console/proxy" => {
            assert_eq!(request.method, "POST");
            let mut path = named("path");
            if !path.contains("?pretty") {
                path += "?pretty=true";
            }
            let mut inner = Request::new(&named("method"), &path, request.body.clone());
            inner.content_type.clone_from(&request.content_type);
            let answered = sandbox.answer(&inner);
            return match answered.status {
                400.. => boom(answered.status, &String::from_utf8(answered.body).unwrap()),
                _ => answered,
            };
        }
        _ => return boom(404, "Not Found"),
    };
    answer(200, shown.unwrap_or_else(|reason| json!({"ok": false, "resp": reason})).to_string())
}

fn boom(status: u16, message: &str) -> Rendered {
    answer(status, json!({"statusCode": status, "error": "Error", "message": message}).to_string())
}

#[test]
fn a_project_lives_behind_dashboards() {
    for line in [Line::Odfe, Line::V1_3, Line::V2_19, Line::V3] {
        let (cluster, cli) = behind_dashboards(line, Plugin::There);
        cli.run(&["apply", "--yes"]).must_exit(0);
        assert_eq!(cli.run(&["plan"]).must_exit(0).stdout, "plan: nothing to do; 2 unchanged\n");
        cli.write("monitors/a.yaml", &PROJECT.replace("5m", "7m"));
        cli.run(&["apply", "--yes"]).must_exit(0);
        cli.write("monitors/a.yaml", PROJECT.split("---").next().unwrap());
        // what shows that the monitor is ours came through
        cli.run(&["apply", "--yes", "--prune"]).must_exit(0);
        assert_eq!(cli.run(&["export", "--out", "out"]).must_exit(0).stdout, "exported 1 resource to out\n");
        assert!(cluster.sent().iter().all(|sent| sent.headers["osd-xsrf"] == "true"));
    }
}

#[test]
fn a_refusal_of_the_cluster_is_told_as_its_own() {
    let (_cluster, cli) = behind_dashboards(Line::V2_19, Plugin::There);
    cli.write("monitors/a.yaml", &PROJECT.replace("logs-*", "nowhere"));
    let told = cli.run(&["apply", "--yes"]).must_exit(1).stdout;
    assert_snapshot!(told.split_once("failed: ").unwrap().1, @r"
    monitors/a.yaml:5:1: monitor `errors`: POST /_plugins/_alerting/monitors?refresh=true was answered with 404 (alerting_exception): Configured indices are not found: [nowhere]
      hint: the server takes no monitor on an index that is not there; a pattern such as `logs*` may match nothing
    applied: 1 created, 0 updated, 0 deleted; 1 failed, 0 not tried
    ");
}

#[test]
fn without_its_plugin_dashboards_would_hide_our_marks() {
    let (cluster, cli) = behind_dashboards(Line::V2_19, Plugin::Missing);
    let stderr = cli.run(&["apply", "--yes"]).must_exit(1).stderr;
    assert_snapshot!(stderr, @r"
    error: OpenSearch Dashboards has no Alerting plugin that answers POST /_plugins/_alerting/monitors/_search, without which it hides `ui_metadata`
      hint: what we note in monitors would be lost: install that plugin in Dashboards, or give the URL of OpenSearch itself
    ");
    assert!(cluster.destinations().is_empty());
}

#[test]
fn a_login_page_of_dashboards_is_told_as_one() {
    let server = Server::start(&[Reply::of("302 Found\nosd-name: dashboards\nlocation: /app/login", "")]);
    let screen =
        Cli::new(&[]).run(&["export", "--out", "out", "--dashboards", "--url", &server.url()]).must_exit(1);
    assert_snapshot!(screen.stderr.replace(&server.address(), "SERVER"), @r"
    error: GET / was answered with a redirect to `http://SERVER/app/login` (status 302), as the console of Dashboards never does
      hint: is that the base path of Dashboards, as `/_dashboards`, and does it let this user or token in without its login page?
    ");
}

#[test]
fn dashboards_in_place_of_the_cluster_is_named() {
    let server = Server::start(&[Reply::of("302 Found\nosd-name: dashboards\nlocation: /app/home", "")]);
    let screen = Cli::new(&[]).run(&["export", "--out", "out", "--url", &server.url()]).must_exit(1);
    assert_snapshot!(screen.stderr, @r"
    error: GET / was answered with a page of OpenSearch Dashboards (status 302), as OpenSearch never does
      hint: the URL is OpenSearch's own; where only Dashboards can be reached, `--dashboards` goes through it
    ");
}

#[test]
fn opensearch_in_place_of_dashboards_is_named() {
    let cluster = Cluster::start(Line::V2_19);
    let mut cli = Cli::new(&[("monitors/a.yaml", PROJECT)]);
    cli.set("ALERTFORM_URL", &cluster.url);
    let screen = cli.run(&["plan", "--dashboards", "--retries=0"]).must_exit(1);
    assert!(
        screen.stderr.contains("hint: the URL is OpenSearch's own: leave `--dashboards` out"),
        "{screen}"
    );
}

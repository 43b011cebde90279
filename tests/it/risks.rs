//! What a plan says that nobody must miss, of edits as people make them: headlines and risks.

use alertform::api::line::Line;
use serde_json::{Value, json};

use crate::cli::Cli;
use crate::cluster::{Cluster, answer};

const MONITOR: &str = "kind: monitor
name: m
schedule: {every: 5m}
index: logs*
time_field: '@timestamp'
query: level:ERROR
triggers:
  - name: many
    condition: ctx.results[0].hits.total.value > 10
    actions:
      - {name: tell, destination: ops, message: many}
";

const MAIL: &str = "kind: email_account
name: smtp
smtp_account: {host: 'smtp.example.com', port: 587, method: start_tls, from_address: a@example.com}
---
kind: email_group
name: sre
recipients: ['anna@example.com', bob@example.com]
---
kind: email_group
name: boss
recipients: [boss@example.com]
---
kind: destination
name: mail
email: {account: smtp, groups: [sre]}
---
kind: destination
name: pager
custom_webhook:
  url: ${PAGER_URL}
  header_params: {Content-Type: application/json, Authorization: '${PAGER_TOKEN}'}
---
kind: destination
name: ops
slack: {url: '${OPS_URL}'}
";

fn project(cluster: &Cluster) -> Cli {
    let mut cli =
        Cli::new(&[("alertform.yaml", "project: shop\n"), ("m.yaml", MONITOR), ("mail.yaml", MAIL)]);
    cli.set("ALERTFORM_URL", &cluster.url);
    cli.set("OPS_URL", "https://hooks.slack.com/services/T0/B0/planted");
    cli.set("PAGER_URL", "https://pager.example.com/planted");
    cli.set("PAGER_TOKEN", "planted-token");
    cli.run(&["apply", "--yes"]).must_exit(0);
    cli
}

/// The headline and the risks of the one change that an edit makes.
fn of_edit(cli: &Cli, file: &str, from: &str, to: &str) -> (String, Vec<String>) {
    let before = cli.read(file);
    cli.edit(file, from, to);
    let screen = cli.run(&["plan", "--format", "json"]).must_exit(0);
    cli.write(file, &before);
    let plan: Value = serde_json::from_str(&screen.stdout).unwrap();
    let [change] = plan["changes"].as_array().unwrap().as_slice() else { panic!("{from} -> {to}: {plan}") };
    let texts = |key: &str| -> Vec<String> {
        change[key].as_array().unwrap().iter().map(|text| text.as_str().unwrap().to_owned()).collect()
    };
    (texts("headline").join("; "), texts("risks"))
}

fn must_say(cli: &Cli, file: &str, edits: &[(&str, &str, &str, &[&str])]) {
    for (from, to, headline, risks) in edits {
        let (said, at_risk) = of_edit(cli, file, from, to);
        assert_eq!(
            (said.as_str(), at_risk),
            (*headline, risks.iter().map(ToString::to_string).collect()),
            "{to}"
        );
    }
}

#[test]
fn when_a_monitor_runs_and_how_far_it_looks_back() {
    let cluster = Cluster::start(Line::V3);
    let cli = project(&cluster);
    let rarely = "runs more rarely";
    must_say(
        &cli,
        "m.yaml",
        &[
            ("5m", "1m", "every 5m -> 1m, and the window with it", &["looks back over less 5m -> 1m"]),
            ("5m", "10m", "every 5m -> 10m, and the window with it", &[]),
            (
                "5m}",
                "1h}\nwindow: 5m",
                "every 5m -> 1h; window stays 5m",
                &[rarely, "looks back only 5m every 1h"],
            ),
            ("5m}", "5m}\nwindow: 1h", "window 5m -> 1h", &["looks back over more 5m -> 1h"]),
            ("5m}", "5m}\nwindow: 1m", "window 5m -> 1m", &["looks back only 1m every 5m"]),
            (
                "'@timestamp'",
                "ingested",
                "time_field `@timestamp` -> `ingested`",
                &["looks for something else"],
            ),
            (
                "time_field: '@timestamp'",
                "window: none",
                "window 5m -> none",
                &["looks back over more 5m -> none"],
            ),
            (
                "{every: 5m}",
                "{cron: '0 */6 * * *'}\nwindow: 5m",
                "every 5m -> cron 0 */6 * * *; window stays 5m",
                &[rarely, "looks back only 5m every 6h"],
            ),
            (
                "{every: 5m}",
                "{cron: '0 9 31 2 *'}\nwindow: 5m",
                "every 5m -> cron 0 9 31 2 *; window stays 5m",
                &["has a schedule that is never met"],
            ),
            ("every: 5m", "every: 400d", "every 5m -> 400d, and the window with it", &[rarely]),
            ("name: m\n", "name: m\nenabled: false\n", "disabled", &["runs no more"]),
            ("level:ERROR", "level:FATAL", "query", &["looks for something else"]),
        ],
    );
    cli.edit("m.yaml", "5m}", "10m}\nwindow: 5m");
    cli.edit("m.yaml", "name: m\n", "name: m\nenabled: false\n");
    cli.run(&["apply", "--yes"]).must_exit(0);
    must_say(
        &cli,
        "m.yaml",
        &[
            ("10m}", "5m}", "every 10m -> 5m; window stays 5m", &[]),
            (
                "10m}\nwindow: 5m",
                "1h}\nwindow: 1m",
                "every 10m -> 1h; window 5m -> 1m",
                &[rarely, "looks back only 1m every 1h"],
            ),
            ("10m}\nwindow: 5m", "10m}", "window 5m -> 10m, as the schedule", &[]),
            ("enabled: false\n", "", "enabled", &["runs again"]),
        ],
    );
}

#[test]
fn when_a_trigger_fires_and_whom_it_tells() {
    let cluster = Cluster::start(Line::V3);
    let cli = project(&cluster);
    let condition = "ctx.results[0].hits.total.value > 10";
    must_say(
        &cli,
        "m.yaml",
        &[
            ("> 10", "> 11", "condition of `many` `> 10` -> `> 11`", &[]),
            (
                "> 10",
                "> 1000",
                "condition of `many` `> 10` -> `> 1000`",
                &["threshold moved tenfold in `many`"],
            ),
            (
                "> 10",
                "== 0",
                "condition of `many` `> 10` -> `== 0`",
                &["condition turned round in `many`: `>` -> `==`"],
            ),
            (
                condition,
                "'true'",
                "condition of `many` `ctx.results[0].hits.total.value > 10` -> `true`",
                &["fires at each run `many`"],
            ),
            (
                condition,
                "return false;",
                "condition of `many` `ctx.results[0].hits.total.value > 10` -> `return false;`",
                &["can never fire `many`"],
            ),
            (
                condition,
                &format!("\"!({condition})\""),
                "condition of `many` `ctx.results[0].hits.total.value > 10` -> `!(ctx.results[0].hits.total.value > 10)`",
                &["condition turned round in `many`"],
            ),
            (
                "message: many",
                "message: many, throttle: 24h",
                "throttle of `tell` none -> 24h",
                &["tells more rarely `tell`"],
            ),
            (
                "    actions:\n      - {name: tell, destination: ops, message: many}\n",
                "",
                "no longer tells `ops`; action `tell` goes",
                &["tells nobody any more", "no longer tells `ops`"],
            ),
        ],
    );
}

#[test]
fn who_is_mailed_and_how_destinations_deliver() {
    let cluster = Cluster::start(Line::V3);
    let cli = project(&cluster);
    let otherwise = "delivers otherwise";
    must_say(
        &cli,
        "mail.yaml",
        &[
            (
                "['anna@example.com', bob",
                "[bob",
                "no longer mails `anna@example.com`",
                &["no longer tells `anna@example.com`"],
            ),
            (
                "anna@",
                "dan@",
                "mails `dan@example.com` instead of `anna@example.com`",
                &["no longer tells `anna@example.com`", "tells anew `dan@example.com`"],
            ),
            (
                "groups: [sre]",
                "groups: [boss]",
                "mails group `boss` instead of group `sre`",
                &["no longer tells group `sre`", "tells anew group `boss`"],
            ),
            ("start_tls", "none", "method `start_tls` -> `none`", &[otherwise]),
            (
                "smtp.example.com",
                "mx.example.com",
                "host `smtp.example.com` -> `mx.example.com`",
                &["leads elsewhere"],
            ),
            (", Authorization: '${PAGER_TOKEN}'", "", "header `Authorization` goes", &[otherwise]),
            ("${PAGER_TOKEN}", "${OPS_URL}", "header `Authorization` changes", &[otherwise]),
            (
                "Content-Type: application/json, ",
                "Content-Type: application/json, X-Team: a, ",
                "new header `X-Team`",
                &[otherwise],
            ),
        ],
    );
}

#[test]
fn what_an_account_or_a_group_held_before_is_quoted_nowhere() {
    let cluster = Cluster::start(Line::V3);
    let files = MAIL
        .replace("smtp.example.com", "${SMTP_SECRET}")
        .replace("anna@example.com", "${ONCALL_TOKEN}@example.com");
    let monitor = MONITOR.replace("> 10", "== ${PIN_SECRET}");
    let mut cli =
        Cli::new(&[("alertform.yaml", "project: shop\n"), ("m.yaml", &monitor), ("mail.yaml", &files)]);
    cli.set("ALERTFORM_URL", &cluster.url);
    for (name, value) in [
        ("OPS_URL", "https://hooks.slack.com/services/T0/B0/x"),
        ("PAGER_URL", "https://p.example.com"),
        ("PAGER_TOKEN", "t"),
    ] {
        cli.set(name, value);
    }
    cli.set("SMTP_SECRET", "host-old-planted");
    cli.set("ONCALL_TOKEN", "old-planted");
    cli.set("PIN_SECRET", "90817263");
    cli.run(&["apply", "--yes"]).must_exit(0);
    cli.set("SMTP_SECRET", "host-new-planted");
    cli.set("ONCALL_TOKEN", "new-planted");
    cli.set("PIN_SECRET", "5");
    for format in ["text", "json", "markdown", "github", "chat"] {
        let screen = cli.run(&["plan", "--format", format]).must_exit(0);
        assert!(screen.stdout.contains("sre"), "{screen}");
        for planted in ["planted", "90817263"] {
            assert!(!screen.stdout.contains(planted), "{format}: {screen}");
        }
    }
}

#[test]
fn an_account_that_somebody_deleted_is_known_by_the_email_that_uses_it() {
    let cluster = Cluster::start(Line::V2_19);
    let cli = project(&cluster);
    let (id, _) = cluster.destinations().into_iter().find(|(_, name)| name == "smtp").unwrap();
    cluster.send("DELETE", &format!("/_plugins/_notifications/configs/{id}"), "");
    cluster.await_unlisted(&id);
    let screen = cli.run(&["plan"]).must_exit(0);
    assert!(screen.stdout.starts_with("plan: 1 to create, 0 to update, 0 to delete"), "{screen}");
    assert!(
        screen.stdout.contains("  ! deleted in the cluster: destination `mail` still refers to it\n"),
        "{screen}"
    );
    // a monitor that changes as well waits for what it tells
    let (id, _) = cluster.destinations().into_iter().find(|(_, name)| name == "ops").unwrap();
    cluster.send("DELETE", &format!("/_plugins/_notifications/configs/{id}"), "");
    cluster.await_unlisted(&id);
    cli.edit("m.yaml", "> 10", "> 11");
    cluster.meddle(Box::new(|_, request| {
        let is_creation = request.method == "POST" && request.uri.ends_with("/configs");
        is_creation.then(|| answer(400, json!({"error": {"reason": "no"}}).to_string()))
    }));
    let screen = cli.run(&["apply", "--yes", "--format", "json"]).must_exit(1);
    let report: Value = serde_json::from_str(&screen.stdout).unwrap();
    assert_eq!(report["applied"]["summary"]["not_tried"], 1, "{screen}");
    assert_eq!(report["applied"]["not_tried"][0]["name"], "m", "{screen}");
    cluster.meddle(Box::new(|_, _| None));
    cli.run(&["apply", "--yes"]).must_exit(0);
    cli.run(&["plan", "--detailed-exitcode"]).must_exit(0);
}

#[test]
fn a_new_monitor_that_would_not_do_what_people_think_is_at_risk() {
    let cluster = Cluster::start(Line::V3);
    let cli = project(&cluster);
    let new = MONITOR.replace("name: m\n", "name: n\n").replace("{every: 5m}", "{every: 1h}\nwindow: 5m");
    cli.write("n.yaml", &new.replace("ctx.results[0].hits.total.value > 10", "'false'"));
    let screen = cli.run(&["plan", "--format", "json"]).must_exit(0);
    let plan: Value = serde_json::from_str(&screen.stdout).unwrap();
    assert_eq!(plan["changes"][0]["risks"], json!(["can never fire `many`", "looks back only 5m every 1h"]));
}

#[test]
fn what_a_document_level_monitor_no_longer_looks_for_is_said_by_name() {
    let cluster = Cluster::start(Line::V3);
    let monitor = |first: &str, queries: &str| {
        format!(
            "kind: monitor\nname: logins\nschedule: {{every: 1m}}\nindex: l\ndocument_queries:\n{queries}\n\
             triggers:\n  - name: any\n    condition: query[name={first}]\n"
        )
    };
    let query = |name: &str, text: &str| format!("  - {{name: {name}, query: '{text}'}}");
    let before = [query("failed", "event:failed"), query("root", "user:root")].join("\n");
    let after = [query("failed", "event:lost"), query("admin", "user:admin")].join("\n");
    cluster.send("PUT", "/l", "");
    let mut cli = Cli::new(&[("m.yaml", &monitor("failed", &before))]);
    cli.set("ALERTFORM_URL", &cluster.url);
    cli.run(&["apply", "--yes"]).must_exit(0);
    cli.write("m.yaml", &monitor("failed", &after));
    let screen = cli.run(&["plan"]).must_exit(0);
    let said = "\n~ monitor `logins`: query `failed`; query `root` goes; new query `admin`  m.yaml:1\n";
    assert!(screen.stdout.contains(said), "{screen}");
    let json: Value = serde_json::from_str(&cli.run(&["plan", "--format", "json"]).stdout).unwrap();
    let risks = json!(["loses a document query `root`", "looks for something else"]);
    assert_eq!(json["changes"][0]["risks"], risks);
}

#[test]
fn what_is_spelled_otherwise_than_it_lives_is_not_at_risk() {
    let cluster = Cluster::start(Line::V3);
    let mut cli = project(&cluster);
    let desk = "kind: destination
name: desk
description: tickets
custom_webhook: {scheme: https, host: desk.example.com, path: hooks, query_params: {team: shop}}
---
kind: monitor
name: by-body
schedule: {every: 5m}
index: logs*
extraction_query:
  size: 0
  query: {bool: {filter: [{term: {level: ERROR}}, {range: {'@timestamp': {gte: 'now-1h'}}}]}}
triggers:
  - name: many
    condition: ctx.results[0].hits.total.value > 10
    actions:
      - {name: tell, destination: desk, message: many}
";
    cli.set("ALERTFORM_URL", &cluster.url);
    cli.write("desk.yaml", desk);
    cli.run(&["apply", "--yes"]).must_exit(0);
    must_say(
        &cli,
        "desk.yaml",
        &[
            ("description: tickets", "description: all tickets", "`description`", &[]),
            ("path: hooks", "path: other", "`url`", &["leads elsewhere"]),
            ("every: 5m", "every: 6m", "every 5m -> 6m", &[]),
            ("level: ERROR", "level: FATAL", "query", &["looks for something else"]),
            ("message: many", "message: lots", "message of `tell`", &[]),
        ],
    );
}

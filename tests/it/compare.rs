//! What differs between two clusters, or between a cluster and files.

use alertform::api::line::Line;
use insta::assert_snapshot;

use crate::cli::Cli;
use crate::cluster::{Cluster, answer, foreign};

const MONITORS: &str = "\
kind: monitor
name: errors
schedule: {every: 5m}
index: logs-*
time_field: '@timestamp'
query: level:ERROR
triggers:
  - name: too-many
    condition: ctx.results[0].hits.total.value > ${MOST}
    actions: [{name: tell, destination: room, message: m}]
---
kind: monitor
name: same
schedule: {every: 5m}
index: logs-*
window: none
query: a
---
kind: monitor
name: only-here
environments: prod
schedule: {every: 5m}
index: logs-*
window: none
query: a
---
kind: destination
name: room
custom_webhook: {url: '${ROOM}'}
";

/// Two clusters of two lines that were applied from one project.
fn applied() -> (Vec<Cluster>, Cli) {
    let clusters: Vec<Cluster> = [Line::V2_19, Line::Odfe].map(Cluster::start).into();
    for cluster in &clusters {
        cluster.send("PUT", "/logs-1", "");
    }
    let file = format!(
        "\
project: shop
environments:
  prod: {{url: '{}', variables: {{MOST: 100, ROOM: 'https://room.example.com/planted-a'}}}}
  staging: {{url: '{}', variables: {{MOST: 10, ROOM: 'https://room.example.com/planted-b'}}}}
",
        clusters[0].url, clusters[1].url
    );
    let cli = Cli::new(&[("alertform.yaml", &file), ("monitors/a.yaml", MONITORS)]);
    cli.run(&["apply", "--yes", "--env=all"]).must_exit(0);
    (clusters, cli)
}

fn shown(clusters: &[Cluster], cli: &Cli, arguments: &[&str], code: i32) -> String {
    let screen = cli.run(&[&["compare"], arguments].concat()).must_exit(code).to_string();
    assert!(!screen.contains("planted"), "{screen}");
    clusters.iter().fold(screen, |text, cluster| cluster.unnamed(&text))
}

#[test]
fn two_clusters_are_compared_whatever_their_lines() {
    let (clusters, cli) = applied();
    clusters[1].send("POST", "/_opendistro/_alerting/monitors", &foreign("clicked").to_string());
    assert_snapshot!(shown(&clusters, &cli, &["staging", "prod"], 0), @r#"
    2 differ, 1 only in prod (CLUSTER), 1 only in staging (CLUSTER); 1 the same
    `-` is staging (CLUSTER), `+` is prod (CLUSTER)

    ~ destination `room`: `url`
        custom_webhook:
      -   url: "***"
      +   url: "*** (changed)"
        # 2 lines unchanged

    ~ monitor `errors`: condition of `too-many` `> 10` -> `> 100`
        triggers:
          - name: too-many
      -     condition: ctx.results[0].hits.total.value > 10
      +     condition: ctx.results[0].hits.total.value > 100
        # 11 lines unchanged

    + monitor `only-here`: every 5m; tells nobody
      + kind: monitor
      + name: only-here
      + schedule: {every: 5m}
      + index: logs-*
      + query: a
      + window: none

    only in staging (CLUSTER): monitor `clicked`
    "#);
    assert_snapshot!(shown(&clusters, &cli, &["prod", "staging", "--detailed-exitcode"], 2), @r#"
    2 differ, 1 only in staging (CLUSTER), 1 only in prod (CLUSTER); 1 the same
    `-` is prod (CLUSTER), `+` is staging (CLUSTER)

    ~ destination `room`: `url`
        custom_webhook:
      -   url: "***"
      +   url: "*** (changed)"
        # 2 lines unchanged

    ~ monitor `errors`: condition of `too-many` `> 100` -> `> 10`
        triggers:
          - name: too-many
      -     condition: ctx.results[0].hits.total.value > 100
      +     condition: ctx.results[0].hits.total.value > 10
        # 11 lines unchanged

    + monitor `clicked`: every 1d; tells nobody
      + kind: monitor
      + name: clicked
      + definition:
      +   schedule:
      +     period:
      +       interval: 1
      +       unit: DAYS
      +   inputs: []

    only in prod (CLUSTER): monitor `only-here`
    --- exit code 2
    "#);
    assert_snapshot!(shown(&clusters, &cli, &["prod", "prod", "--detailed-exitcode"], 0), @"0 differ, 0 only in prod (CLUSTER), 0 only in prod (CLUSTER); 4 the same");
}

#[test]
fn a_cluster_is_compared_with_the_files_of_another() {
    let (clusters, cli) = applied();
    assert_snapshot!(shown(&clusters, &cli, &["staging", "files:staging", "--detailed-exitcode"], 0), @"0 differ, 0 only in the files of staging, 0 only in staging (CLUSTER); 3 the same");
    assert_snapshot!(shown(&clusters, &cli, &["staging", "files:prod", "--detailed-exitcode"], 2), @r#"
    2 differ, 1 only in the files of prod, 0 only in staging (CLUSTER); 1 the same
    `-` is staging (CLUSTER), `+` is the files of prod

    ~ destination `room`: `url`
        custom_webhook:
      -   url: "***"
      +   url: "*** (changed)"
        # 2 lines unchanged

    ~ monitor `errors`: condition of `too-many` `> 10` -> `> 100`
        triggers:
          - name: too-many
      -     condition: ctx.results[0].hits.total.value > 10
      +     condition: ctx.results[0].hits.total.value > 100
        # 11 lines unchanged

    + monitor `only-here`: every 5m; tells nobody
      + kind: monitor
      + name: only-here
      + schedule: {every: 5m}
      + index: logs-*
      + query: a
      + window: none
    --- exit code 2
    "#);
}

#[test]
fn an_empty_cluster_lacks_all() {
    let (clusters, cli) = applied();
    let empty = Cluster::start(Line::V3);
    let file = cli.read("alertform.yaml")
        + &format!("  empty: {{url: '{}', variables: {{MOST: 1, ROOM: 'https://a.example'}}}}\n", empty.url);
    cli.write("alertform.yaml", &file);
    let unnamed = |text: String| empty.unnamed(&text);
    assert_snapshot!(unnamed(shown(&clusters, &cli, &["prod", "empty", "--detailed-exitcode"], 2)), @r"
    0 differ, 0 only in empty (CLUSTER), 4 only in prod (CLUSTER); 0 the same

    only in prod (CLUSTER): destination `room`, monitor `errors`, monitor `only-here`, monitor `same`
    --- exit code 2
    ");
    assert_snapshot!(unnamed(shown(&clusters, &cli, &["empty", "empty", "--detailed-exitcode"], 0)), @"0 differ, 0 only in empty (CLUSTER), 0 only in empty (CLUSTER); 0 the same");
    let screen = cli.run(&["compare", "empty", "prod"]).must_exit(0);
    assert!(screen.stdout.starts_with("0 differ, 4 only in prod"), "{screen}");
}

#[test]
fn what_cannot_be_compared_is_said() {
    let (_clusters, cli) = applied();
    let mut all = String::new();
    for arguments in [
        &["prod", "stagin"][..],
        &["files:prod", "staging"],
        &["prod", "files:x"],
        &["prod", "staging", "--url=http://h"],
        &["prod", "staging", "--env=prod"],
    ] {
        all += &cli.run(&[&["compare"], arguments].concat()).must_exit(1).stderr;
    }
    assert_snapshot!(all, @r"
    error: no environment is named `stagin`
      hint: did you mean `staging`?
    error: files are compared with a cluster, which is named first
      hint: `alertform compare ENV files:prod`
    error: no environment is named `x`
      hint: expected `prod`, `staging`
    error: `--url` is of one cluster, and there are several environments
      hint: what differs between environments stands in `alertform.yaml`
    error: `compare` names its environments itself
      hint: `alertform compare ENV ENV`, without `--env`
    ");
}

#[test]
fn a_secret_that_stands_in_a_monitor_is_covered_on_both_sides() {
    let (clusters, mut cli) = applied();
    let secret = |text: &str| {
        let mut monitor = foreign(text);
        monitor["inputs"] = serde_json::json!([{"search": {"indices": ["logs-*"], "query": {"query": {"query_string": {"query": text}}}}}]);
        monitor["name"] = "noted".into();
        monitor.to_string()
    };
    clusters[0].send("POST", "/_plugins/_alerting/monitors", &secret("planted-first"));
    clusters[1].send("POST", "/_opendistro/_alerting/monitors", &secret("planted-second"));
    cli.set("A_SECRET_KEY", "planted-first");
    cli.set("B_SECRET_KEY", "planted-second");
    let screen = shown(&clusters, &cli, &["staging", "prod"], 0);
    assert!(screen.contains("noted"), "{screen}");
}

#[test]
fn what_cannot_be_compared_is_counted_and_namesakes_are_named() {
    let (clusters, cli) = applied();
    cli.edit(
        "monitors/a.yaml",
        "name: room\ncustom_webhook: {url: '${ROOM}'}",
        "name: room\nslack: {url: '${ROOM}'}",
    );
    let screen = shown(&clusters, &cli, &["prod", "files:staging"], 1);
    assert!(
        screen.contains("1 could not be compared") && screen.contains("\nnot compared: channel `room`"),
        "{screen}"
    );
    clusters[0].send("POST", "/_plugins/_alerting/monitors", &foreign("twice").to_string());
    clusters[0].send("POST", "/_plugins/_alerting/monitors", &foreign("twice").to_string());
    let screen = shown(&clusters, &cli, &["staging", "prod"], 1);
    assert!(screen.contains("in prod several monitors are named `twice`"), "{screen}");
}

#[test]
fn a_kind_that_cannot_be_listed_is_not_compared() {
    let (clusters, cli) = applied();
    clusters[1].meddle(Box::new(|_, request| {
        let is_of_accounts = request.uri.contains("email_accounts");
        is_of_accounts.then(|| answer(403, r#"{"error": {"type": "security_exception", "reason": "no"}}"#))
    }));
    let told = |one: &str, other: &str| {
        let screen = shown(&clusters, &cli, &[one, other], 1);
        let last = |end: &str| screen.lines().find(|line| line.contains(end)).unwrap_or_default().to_owned();
        format!("{}\n{}\n", last("could not be compared"), last("warning: "))
    };
    assert_snapshot!(told("prod", "staging") + &told("staging", "prod"), @r"
    2 differ, 0 only in staging (CLUSTER), 1 only in prod (CLUSTER); 1 the same; 1 could not be compared
    warning: in staging: left out: each email_account, which this user cannot list: POST /_opendistro/_alerting/destinations/email_accounts/_search is forbidden: no
    2 differ, 1 only in prod (CLUSTER), 0 only in staging (CLUSTER); 1 the same; 1 could not be compared
    warning: in staging: left out: each email_account, which this user cannot list: POST /_opendistro/_alerting/destinations/email_accounts/_search is forbidden: no
    ");
}

#[test]
fn a_secret_that_an_apply_filled_in_and_nobody_knows_any_more_is_covered() {
    let (clusters, mut cli) = applied();
    let noted = "kind: monitor\nname: noted\nschedule: {every: 5m}\nindex: logs-*\nwindow: none\nquery: 'key:${API_KEY} AND also:${OTHER_KEY}'\n";
    cli.set("OTHER_KEY", "planted-other");
    cli.write("monitors/noted.yaml", noted);
    for (environment, key) in [("prod", "planted-first"), ("staging", "planted-second")] {
        cli.set("API_KEY", key);
        cli.run(&["apply", "--yes", "--env", environment]).must_exit(0);
    }
    let described = "kind: destination\nname: described\ndescription: 'd ${API_KEY}'\ncustom_webhook: {url: 'https://d.example.com'}\n";
    cli.write("destinations/described.yaml", described);
    for (environment, key) in [("prod", "planted-first"), ("staging", "planted-second")] {
        cli.set("API_KEY", key);
        cli.run(&["apply", "--yes", "--adopt", "--env", environment]).must_exit(0);
    }
    cli.write("monitors/own.yaml", &noted.replace("name: noted", "name: own\nenvironments: staging"));
    cli.run(&["apply", "--yes", "--env=staging"]).must_exit(0);
    // one that passes for another: a word of the text
    for key in ["planted-second", "planted-third", "", "AND", "key"] {
        cli.set("API_KEY", key);
        for sides in [["prod", "staging"], ["staging", "prod"]] {
            let screen = shown(&clusters, &cli, &sides, 0);
            assert!(screen.contains("monitor `noted`"), "{screen}");
        }
    }
    // files that cannot be loaded tell nothing
    cli.edit("destinations/described.yaml", "${API_KEY}", "${NOWHERE}");
    for sides in [["prod", "staging"], ["staging", "prod"]] {
        let screen = shown(&clusters, &cli, &sides, 0);
        assert!(
            screen.contains("warning: in prod: files have errors, and do not say where secrets stand"),
            "{screen}"
        );
    }
}

#[test]
fn what_secrets_are_filled_into_differs_without_its_texts() {
    let clusters = [Line::V2_19, Line::V3].map(Cluster::start);
    let file = format!(
        "project: shop\nenvironments:\n  prod: {{url: '{}', variables: {{FIRST: lone}}}}\n  staging: {{url: '{}', variables: {{FIRST: other}}}}\n",
        clusters[0].url, clusters[1].url
    );
    let files = "\
kind: destination
name: room
slack: {url: 'https://hooks.slack.com/services/planted'}
---
kind: monitor
for_each: [lone, other]
name: ${each}
schedule: {every: 1m}
index: events-1
document_queries: [{name: abroad, query: 'event:login'}]
triggers: [{name: any, condition: 'query[name=abroad]'}]
---
kind: workflow
name: both
schedule: {every: 5m}
delegates: ['${FIRST}']
triggers:
  - name: any
    condition: monitor[name=${FIRST}]
    actions: [{name: tell, destination: room, message: 'see https://${WIKI_TOKEN}@wiki.example.com'}]
";
    let mut cli = Cli::new(&[("alertform.yaml", &file), ("monitors/a.yaml", files)]);
    for (environment, token, cluster) in
        [("prod", "planted-first", &clusters[0]), ("staging", "planted-second", &clusters[1])]
    {
        cluster.send("PUT", "/events-1", "");
        cli.set("WIKI_TOKEN", token);
        cli.run(&["apply", "--yes", "--env", environment]).must_exit(0);
    }
    // by now a word of the message
    cli.set("WIKI_TOKEN", "wiki");
    assert_snapshot!(shown(&clusters, &cli, &["prod", "staging"], 0), @r#"
    1 differs, 0 only in staging (CLUSTER), 0 only in prod (CLUSTER); 3 the same
    `-` is prod (CLUSTER), `+` is staging (CLUSTER)

    ~ workflow `both`: runs `other`; no longer runs `lone`; condition of `any`; message of `tell`
        delegates:
      -   - ***
      +   - ***
        triggers:
          - name: any
      -     condition: "***"
      +     condition: "***"
            actions:
              - name: tell
      -         message: "***"
      +         message: "***"
        # 5 lines unchanged
        # all texts that differ are covered: secrets are filled into it, or may have been
    "#);
    let screen = shown(&clusters, &cli, &["staging", "files:prod"], 0);
    assert!(screen.contains("~ workflow `both`"), "{screen}");
    // nobody declares it any more; monitors with marks say that alertform was here
    let marked =
        "kind: monitor\nname: m\nschedule: {every: 5m}\nindex: events-1\nwindow: none\nquery: ${FIRST}\n";
    cli.write("monitors/a.yaml", marked);
    cli.run(&["apply", "--yes", "--env=all"]).must_exit(0);
    for sides in [["prod", "staging"], ["staging", "prod"], ["staging", "files:prod"]] {
        shown(&clusters, &cli, &sides, 0);
    }
}

#[test]
fn what_was_clicked_together_is_shown_whole() {
    let clusters = [Line::V2_19, Line::V3].map(Cluster::start);
    let file = format!(
        "environments:\n  prod: {{url: '{}'}}\n  staging: {{url: '{}'}}\n",
        clusters[0].url, clusters[1].url
    );
    let cli = Cli::new(&[("alertform.yaml", &file)]);
    for (cluster, description) in clusters.iter().zip(["the desk", "another desk"]) {
        let hook = serde_json::json!({"url": "https://hook.example.com"});
        let config = serde_json::json!({
            "name": "hook", "description": description, "config_type": "webhook", "is_enabled": true, "webhook": hook,
        });
        let body = serde_json::json!({"config": config}).to_string();
        cluster.send("POST", "/_plugins/_notifications/configs", &body);
    }
    let screen = shown(&clusters, &cli, &["prod", "staging"], 0);
    assert!(screen.contains("+ description: another desk"), "{screen}");
    // where alertform made a channel, nobody knows which it filled secrets into
    let made = Cli::new(&[(
        "d/a.yaml",
        "kind: destination\nname: made\ncustom_webhook: {url: 'https://made.example.com'}\n",
    )]);
    made.run(&["apply", "--yes", &format!("--url={}", clusters[1].url)]).must_exit(0);
    let screen = shown(&clusters, &cli, &["prod", "staging"], 0);
    assert!(!screen.contains("another desk"), "{screen}");
}

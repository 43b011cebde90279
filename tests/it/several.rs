//! Plans and applies in several environments at once: one report, and one that fails stops no other.

use alertform::api::line::Line;
use insta::assert_snapshot;
use serde_json::Value;

use crate::cli::Cli;
use crate::cluster::{Cluster, answer};
use crate::reports::must_keep_the_schema;

const MONITOR: &str = "\
kind: monitor
name: errors
schedule: {every: 5m}
index: logs-*
time_field: '@timestamp'
query: level:ERROR
triggers:
  - name: too-many
    condition: ctx.results[0].hits.total.value > ${MOST}
";

const ROOM: &str = "kind: destination\nname: room\ncustom_webhook: {url: 'https://room.example.com'}\n";

/// Three clusters of three lines, and one that nobody can reach.
fn clusters() -> (Vec<Cluster>, Cli) {
    let clusters: Vec<Cluster> = [Line::V2_19, Line::Odfe, Line::V3].map(Cluster::start).into();
    for cluster in &clusters {
        cluster.send("PUT", "/logs-1", "");
    }
    let [a, b, c] = [&clusters[0].url, &clusters[1].url, &clusters[2].url];
    let file = format!(
        "\
project: shop
variables: {{MOST: 10}}
retries: 0
environments:
  prod: {{url: '{a}', variables: {{MOST: 100}}}}
  staging: {{url: '{b}'}}
  test: {{url: '{c}', limits: {{updates: 0}}}}
  gone: {{url: 'http://127.0.0.1:1'}}
"
    );
    let cli =
        Cli::new(&[("alertform.yaml", &file), ("monitors/a.yaml", MONITOR), ("destinations/a.yaml", ROOM)]);
    (clusters, cli)
}

fn unnamed(clusters: &[Cluster], text: &str) -> String {
    clusters.iter().fold(text.to_owned(), |text, cluster| cluster.unnamed(&text))
}

#[test]
fn several_are_planned_and_applied_side_by_side() {
    let (clusters, cli) = clusters();
    let three = "prod,staging,test";
    assert_snapshot!(unnamed(&clusters, &cli.run(&["plan", "--env", three]).must_exit(0).to_string()), @r#"
    3 environments: 6 to create, 0 to update, 0 to delete

    prod     plan: 2 to create, 0 to update, 0 to delete; 0 unchanged
    staging  plan: 2 to create, 0 to update, 0 to delete; 0 unchanged
    test     plan: 2 to create, 0 to update, 0 to delete; 0 unchanged

                        prod  staging  test
    destination `room`   +       +      +
    monitor `errors`     +       +      +

    == prod (CLUSTER) ==

    plan: 2 to create, 0 to update, 0 to delete; 0 unchanged

    + destination `room`  destinations/a.yaml:1
      + kind: destination
      + name: room
      + custom_webhook:
      +   url: "***"

    + monitor `errors`: every 5m; tells nobody  monitors/a.yaml:1
      + kind: monitor
      + name: errors
      + schedule: {every: 5m}
      + index: logs-*
      + time_field: "@timestamp"
      + query: level:ERROR
      + triggers:
      +   - name: too-many
      +     severity: 1
      +     condition: ctx.results[0].hits.total.value > 100

    plan: 2 to create, 0 to update, 0 to delete; 0 unchanged

    == staging (CLUSTER), test (CLUSTER) ==

    plan: 2 to create, 0 to update, 0 to delete; 0 unchanged

    + destination `room`  destinations/a.yaml:1
      + kind: destination
      + name: room
      + custom_webhook:
      +   url: "***"

    + monitor `errors`: every 5m; tells nobody  monitors/a.yaml:1
      + kind: monitor
      + name: errors
      + schedule: {every: 5m}
      + index: logs-*
      + time_field: "@timestamp"
      + query: level:ERROR
      + triggers:
      +   - name: too-many
      +     severity: 1
      +     condition: ctx.results[0].hits.total.value > 10

    plan: 2 to create, 0 to update, 0 to delete; 0 unchanged

    3 environments: 6 to create, 0 to update, 0 to delete
    "#);
    cli.run(&["plan", "--env", three, "--detailed-exitcode"]).must_exit(2);
    // one by one first, then all
    cli.run(&["apply", "--env", "prod", "--yes"]).must_exit(0);
    let screen = cli.run(&["apply", "--env", three, "--yes"]).must_exit(0);
    let report = screen.stdout.rsplit_once("\n\n3 environments: 4").unwrap().1;
    assert_snapshot!(unnamed(&clusters, &format!("3 environments: 4{report}")), @"3 environments: 4 created, 0 updated, 0 deleted");
    cli.run(&["plan", "--env", three, "--detailed-exitcode"]).must_exit(0);
}

#[test]
fn one_that_fails_stops_no_other() {
    let (clusters, cli) = clusters();
    let screen = cli.run(&["apply", "--env", "all", "--yes"]).must_exit(1);
    assert_snapshot!(unnamed(&clusters, screen.stdout.split_once("\n== prod").unwrap().0), @r"
    4 environments: 6 to create, 0 to update, 0 to delete; 1 failed

    gone     failed: `127.0.0.1:1` refused the connection
    prod     plan: 2 to create, 0 to update, 0 to delete; 0 unchanged
    staging  plan: 2 to create, 0 to update, 0 to delete; 0 unchanged
    test     plan: 2 to create, 0 to update, 0 to delete; 0 unchanged

                        prod  staging  test
    destination `room`   +       +      +
    monitor `errors`     +       +      +

    == gone ==

    error: `127.0.0.1:1` refused the connection
      hint: is the server running, and is this its port?
    ");
    for environment in ["prod", "staging", "test"] {
        cli.run(&["plan", "--env", environment, "--detailed-exitcode"]).must_exit(0);
    }
    // a limit of one is a matter of that one
    cli.edit("monitors/a.yaml", "every: 5m", "every: 10m");
    let screen = cli.run(&["apply", "--env", "prod,test", "--yes"]).must_exit(3);
    assert!(screen.stdout.contains("over a limit"), "{screen}");
    cli.run(&["plan", "--env", "prod", "--detailed-exitcode"]).must_exit(0);
    cli.run(&["plan", "--env", "test", "--detailed-exitcode"]).must_exit(2);
    // a write that is refused in one
    clusters[0].meddle(Box::new(|_, request| (request.method == "PUT").then(|| answer(403, "{}"))));
    cli.edit("monitors/a.yaml", "every: 10m", "every: 15m");
    let screen = cli.run(&["apply", "--env", "prod,staging", "--yes"]).must_exit(1);
    assert!(screen.stdout.contains("1 failed"), "{screen}");
    cli.run(&["plan", "--env", "staging", "--detailed-exitcode"]).must_exit(0);
}

#[test]
fn every_format_tells_of_all() {
    let (clusters, cli) = clusters();
    let screen = cli
        .run(&[
            "plan",
            "--env",
            "all",
            "--format=json",
            "--report=github=g.txt",
            "--report=gitlab=l.json",
            "--report=chat=c.txt",
        ])
        .must_exit(1);
    let json: Value = serde_json::from_str(&screen.stdout).unwrap();
    must_keep_the_schema(&json);
    let environments = json["environments"].as_array().unwrap();
    let see = |one: &Value| format!("{} {}", one["environment"], one["summary"]);
    assert_snapshot!(environments.iter().map(see).collect::<Vec<_>>().join("\n"), @r#"
    "gone" {"create":0,"update":0,"delete":0,"unchanged":0,"problems":1,"warnings":0}
    "prod" {"create":2,"update":0,"delete":0,"unchanged":0,"problems":0,"warnings":0}
    "staging" {"create":2,"update":0,"delete":0,"unchanged":0,"problems":0,"warnings":0}
    "test" {"create":2,"update":0,"delete":0,"unchanged":0,"problems":0,"warnings":0}
    "#);
    assert_snapshot!(screen.stderr, @r"
    in gone: error: `127.0.0.1:1` refused the connection
      hint: is the server running, and is this its port?
    ");
    assert_snapshot!(cli.read("g.txt"), @r"
    ::error title=alertform::gone: `127.0.0.1:1` refused the connection%0Ahint: is the server running, and is this its port?
    ::notice title=alertform::prod: plan: 2 to create, 0 to update, 0 to delete; 0 unchanged
    ::notice file=destinations/a.yaml,line=1,col=1,title=alertform::prod: create destination `room`
    ::notice file=monitors/a.yaml,line=1,col=1,title=alertform::prod: create monitor `errors`: every 5m; tells nobody
    ::notice title=alertform::staging: plan: 2 to create, 0 to update, 0 to delete; 0 unchanged
    ::notice file=destinations/a.yaml,line=1,col=1,title=alertform::staging: create destination `room`
    ::notice file=monitors/a.yaml,line=1,col=1,title=alertform::staging: create monitor `errors`: every 5m; tells nobody
    ::notice title=alertform::test: plan: 2 to create, 0 to update, 0 to delete; 0 unchanged
    ::notice file=destinations/a.yaml,line=1,col=1,title=alertform::test: create destination `room`
    ::notice file=monitors/a.yaml,line=1,col=1,title=alertform::test: create monitor `errors`: every 5m; tells nobody
    ");
    assert_snapshot!(cli.read("l.json"), @"");
    assert_snapshot!(unnamed(&clusters, &cli.read("c.txt")), @r"
    4 environments: 6 to create, 0 to update, 0 to delete; 1 failed
    gone: no plan: `127.0.0.1:1` refused the connection
    project `shop` in prod (CLUSTER): plan: 2 to create, 0 to update, 0 to delete; 0 unchanged | create destination `room` | create monitor `errors`: every 5m; tells nobody
    project `shop` in staging (CLUSTER): plan: 2 to create, 0 to update, 0 to delete; 0 unchanged | create destination `room` | create monitor `errors`: every 5m; tells nobody
    project `shop` in test (CLUSTER): plan: 2 to create, 0 to update, 0 to delete; 0 unchanged | create destination `room` | create monitor `errors`: every 5m; tells nobody
    ");
    let screen = cli.run(&["apply", "--env", "all", "--yes", "--format=json"]).must_exit(1);
    must_keep_the_schema(&serde_json::from_str(&screen.stdout).unwrap());
}

#[test]
fn a_comment_has_a_table_above_and_a_part_for_each() {
    let (clusters, cli) = clusters();
    cli.run(&["plan", "--env=all", "--report=markdown=m.md"]).must_exit(1);
    assert_snapshot!(unnamed(&clusters, &cli.read("m.md")), @r#"
    <!-- alertform plan shop -->
    ### 4 environments: 6 to create, 0 to update, 0 to delete; 1 failed

    | environment | |
    |---|---|
    | gone | ❌ failed: <code>127.0.0.1:1</code> refused the connection |
    | prod | plan: 2 to create, 0 to update, 0 to delete; 0 unchanged |
    | staging | plan: 2 to create, 0 to update, 0 to delete; 0 unchanged |
    | test | plan: 2 to create, 0 to update, 0 to delete; 0 unchanged |

    | | prod | staging | test |
    |---|:-:|:-:|:-:|
    | destination <code>room</code> | + | + | + |
    | monitor <code>errors</code> | + | + | + |

    ### gone: no plan

    **Problems**

    - <code>127.0.0.1:1</code> refused the connection<br>hint: is the server running, and is this its port?

    ### plan: 2 to create, 0 to update, 0 to delete; 0 unchanged

    **prod**, <code>CLUSTER</code>, line 2.19

    <details><summary><b>create</b> destination <code>room</code></summary>

    destinations/a.yaml:1<br>

    ```diff
    + kind: destination
    + name: room
    + custom_webhook:
    +   url: "***"
    ```

    </details>

    <details><summary><b>create</b> monitor <code>errors</code>: every 5m; tells nobody</summary>

    monitors/a.yaml:1<br>

    ```diff
    + kind: monitor
    + name: errors
    + schedule: {every: 5m}
    + index: logs-*
    + time_field: "@timestamp"
    + query: level:ERROR
    + triggers:
    +   - name: too-many
    +     severity: 1
    +     condition: ctx.results[0].hits.total.value > 100
    ```

    </details>

    **plan: 2 to create, 0 to update, 0 to delete; 0 unchanged**

    In test the same as in staging:

    ### plan: 2 to create, 0 to update, 0 to delete; 0 unchanged

    **staging**, <code>CLUSTER</code>, line odfe

    <details><summary><b>create</b> destination <code>room</code></summary>

    destinations/a.yaml:1<br>

    ```diff
    + kind: destination
    + name: room
    + custom_webhook:
    +   url: "***"
    ```

    </details>

    <details><summary><b>create</b> monitor <code>errors</code>: every 5m; tells nobody</summary>

    monitors/a.yaml:1<br>

    ```diff
    + kind: monitor
    + name: errors
    + schedule: {every: 5m}
    + index: logs-*
    + time_field: "@timestamp"
    + query: level:ERROR
    + triggers:
    +   - name: too-many
    +     severity: 1
    +     condition: ctx.results[0].hits.total.value > 10
    ```

    </details>

    **plan: 2 to create, 0 to update, 0 to delete; 0 unchanged**
    "#);
}

#[test]
fn a_comment_of_many_environments_keeps_within_its_bytes() {
    let mut file = "project: shop\nretries: 0\nvariables: {MOST: 1}\nenvironments:\n".to_owned();
    for number in 0..60 {
        file += &format!("  cluster-{number:02}: {{url: 'sandbox:'}}\n");
    }
    let files = (0..40).map(|number| MONITOR.replace("errors", &format!("errors-{number}")) + "---\n");
    let cli = Cli::new(&[("alertform.yaml", &file), ("monitors/a.yaml", &files.collect::<String>())]);
    for budget in ["1000", "5000", "60000"] {
        let arguments = ["plan", "--env=all", "--format=markdown", "--markdown-bytes", budget];
        let page = cli.run(&arguments).must_exit(0).stdout;
        assert!(page.len() <= budget.parse().unwrap(), "{budget}: {}", page.len());
        assert!(
            page.starts_with("<!-- alertform plan shop -->\n### 60 environments: 2400 to create"),
            "{page}"
        );
        let is_whole = page.contains("\n| cluster-59 |") && page.contains("\nIn cluster-01, ");
        assert_ne!(page.contains("more environment"), is_whole, "{page}");
    }
}

#[test]
fn what_is_of_one_environment_is_refused_for_several() {
    let (_clusters, cli) = clusters();
    let mut all = String::new();
    for arguments in [
        &["plan", "--env", "prod,test", "--url", "http://127.0.0.1:1"][..],
        &["apply", "--env", "all", "--connect-to", "a:1"],
        &["plan", "--env", "prod,test", "--out", "plan.saved"],
        &["apply", "--env", "prod,test"],
        &["apply", "plan.saved", "--env", "prod,test", "--yes"],
    ] {
        let screen = cli.run(arguments).must_exit(1);
        all += &screen.stderr;
    }
    assert_snapshot!(all, @r"
    error: `--url` is of one cluster, and there are several environments
      hint: what differs between environments stands in `alertform.yaml`
    error: `--connect-to` is of one cluster, and there are several environments
      hint: what differs between environments stands in `alertform.yaml`
    error: a saved plan is of one environment
      hint: save one for each: `alertform plan --env NAME --out NAME.plan`
    error: nobody is there to ask
      hint: `--yes` applies the plan without asking
    nothing was applied
    error: a saved plan is of one environment
      hint: name that one, or none: the plan knows it
    ");
}

#[test]
fn a_saved_plan_knows_its_environment() {
    let (_clusters, cli) = clusters();
    cli.run(&["plan", "--env", "staging", "--out", "plan.saved"]).must_exit(0);
    let screen = cli.run(&["apply", "plan.saved", "--env", "prod"]).must_exit(4);
    assert!(screen.stderr.contains("the environment is `prod`, and was `staging`"), "{screen}");
    cli.run(&["apply", "plan.saved"]).must_exit(0);
    cli.run(&["plan", "--env", "staging", "--detailed-exitcode"]).must_exit(0);
    cli.run(&["plan", "--env", "prod", "--detailed-exitcode"]).must_exit(2);
}

#[test]
fn what_is_no_longer_declared_is_told_of_several_too() {
    let (_clusters, cli) = clusters();
    let two = ["--env", "prod,staging"];
    cli.run(&[&["apply", "--yes"], two.as_slice()].concat()).must_exit(0);
    cli.write("monitors/a.yaml", &MONITOR.replace("name: errors", "name: others"));
    cli.run(&[&["apply", "--yes"], two.as_slice()].concat()).must_exit(0);
    let shown = cli.run(&[&["plan"], two.as_slice()].concat()).must_exit(0).stdout;
    assert!(shown.contains("monitor `errors`"), "{shown}");
    let sums =
        cli.run(&[&["plan", "--prune", "--format=gitlab"], two.as_slice()].concat()).must_exit(0).stdout;
    assert_eq!(sums, "{\"create\":0,\"update\":0,\"delete\":2}\n");
    let none = cli.run(&["plan", "--env=gone,gone", "--format=gitlab"]).must_exit(1).stdout;
    assert_eq!(none, "");
}

#[test]
fn a_variable_that_is_one_for_all_does_not_make_one_cluster_of_several() {
    let (clusters, mut cli) = clusters();
    let file = "project: shop\nvariables: {MOST: 1}\nretries: 0\nenvironments: {a: {}, b: {}}\n";
    cli.write("alertform.yaml", file);
    cli.set("ALERTFORM_URL", &clusters[0].url);
    let screen = cli.run(&["apply", "--yes", "--env=all"]).must_exit(1);
    assert!(screen.stdout.contains("its cluster and its project are also those of b"), "{screen}");
    assert!(screen.stdout.contains("also those of a"), "{screen}");
    cli.run(&["plan", "--env=a", "--detailed-exitcode"]).must_exit(2);
    cli.set("ALERTFORM_CONNECT_TO", "localhost:1");
    assert!(
        cli.run(&["plan", "--env=all"])
            .must_exit(1)
            .stderr
            .contains("`ALERTFORM_CONNECT_TO` is of one cluster")
    );
}

#[test]
fn what_was_planned_and_not_applied_is_counted_so() {
    let (_clusters, cli) = clusters();
    let report = "--report=markdown=m.md";
    let screen = cli.run(&["apply", "--env=prod,staging", "--report=gitlab=l.json", report]).must_exit(1);
    assert!(screen.stderr.contains("nobody is there to ask"), "{screen}");
    assert!(
        cli.read("m.md").contains("### 2 environments: 4 to create, 0 to update, 0 to delete; 2 not applied")
    );
    assert_eq!(cli.read("l.json"), "{\"create\":4,\"update\":0,\"delete\":0}\n");
    // a page of an environment is found again however the environment is named
    let mut cli = cli;
    cli.write("monitors/broken.yaml", "kind: monitor\n");
    cli.set("ALERTFORM_ENV", "staging");
    let page = cli.run(&["plan", "--format=markdown"]).must_exit(1).stdout;
    assert!(page.starts_with("<!-- alertform plan shop staging -->\n"), "{page}");
}

#[test]
fn what_is_selected_must_be_in_one_of_them() {
    let (clusters, cli) = clusters();
    cli.write("monitors/b.yaml", &MONITOR.replace("name: errors", "name: own\nenvironments: prod"));
    let plan = |pattern: &str| cli.run(&["plan", "--env=prod,staging", &format!("--select=name={pattern}")]);
    assert_snapshot!(unnamed(&clusters, &plan("own").must_exit(0).to_string()), @r#"
    2 environments: 1 to create, 0 to update, 0 to delete

    prod     plan: 1 to create, 0 to update, 0 to delete; 0 unchanged
    staging  plan: nothing to do; 0 unchanged

                   prod  staging
    monitor `own`   +       ·

    == prod (CLUSTER) ==

    plan: 1 to create, 0 to update, 0 to delete; 0 unchanged

    + monitor `own`: every 5m; tells nobody  monitors/b.yaml:1
      + kind: monitor
      + name: own
      + schedule: {every: 5m}
      + index: logs-*
      + time_field: "@timestamp"
      + query: level:ERROR
      + triggers:
      +   - name: too-many
      +     severity: 1
      +     condition: ctx.results[0].hits.total.value > 100

    not selected, and left alone: destination `room`, monitor `errors`

    == staging (CLUSTER) ==

    plan: nothing to do; 0 unchanged

    not selected, and left alone: destination `room`, monitor `errors`

    2 environments: 1 to create, 0 to update, 0 to delete
    "#);
    assert_snapshot!(unnamed(&clusters, &plan("nobody").must_exit(1).to_string()), @r"
    2 environments: no plan; 2 failed

    prod     failed: nothing is selected: no resource is what `--select` says
    staging  failed: nothing is selected: no resource is what `--select` says

    == prod ==

    error: nothing is selected: no resource is what `--select` says
      hint: patterns are of whole names: `name=web-*`; paths begin at the project's folder; what no file declares any more is selected by name and kind alone

    == staging ==

    error: nothing is selected: no resource is what `--select` says
      hint: patterns are of whole names: `name=web-*`; paths begin at the project's folder; what no file declares any more is selected by name and kind alone

    2 environments: no plan; 2 failed
    --- exit code 1
    ");
}

#[test]
fn one_cluster_of_two_names_is_noticed() {
    let (clusters, cli) = clusters();
    let url = &clusters[0].url;
    let file = format!(
        "project: shop\nvariables: {{MOST: 10}}\nenvironments:\n  a: {{url: '{url}'}}\n  b: {{url: '{}'}}\n",
        url.replace("127.0.0.1", "localhost")
    );
    cli.write("alertform.yaml", &file);
    let screen = cli.run(&["apply", "--yes", "--env=all"]).must_exit(1).stdout;
    assert!(screen.contains("its cluster and its project are also those of b"), "{screen}");
    assert!(clusters[0].destinations().is_empty());
}

#[test]
fn after_an_apply_the_matrix_says_what_became_of_each() {
    let (clusters, cli) = clusters();
    cli.run(&["apply", "--yes", "--env=prod,staging,test"]).must_exit(0);
    cli.edit("monitors/a.yaml", "every: 5m", "every: 6m");
    cli.write("monitors/b.yaml", &MONITOR.replace("name: errors", "name: more"));
    clusters[1].meddle(Box::new(|_, request| {
        (request.method == "PUT").then(|| answer(400, r#"{"error": "no", "status": 400}"#))
    }));
    let screen = cli.run(&["apply", "--yes", "--env=prod,staging,test"]).must_exit(1).stdout;
    let matrix: Vec<&str> = screen.lines().filter(|line| line.starts_with("monitor ")).collect();
    assert_snapshot!(matrix.join("\n"), @r"
    monitor `errors`   ~       ~      ~
    monitor `more`     +       +      +
    monitor `errors`   ~       !      ?
    monitor `more`     +       +      ?
    ");
}

//! How much one run may do.

use alertform::api::line::Line;
use serde_json::{Value, json};

use crate::cli::Cli;
use crate::cluster::{Cluster, answer};

/// A project with so many monitors in its cluster.
fn project(cluster: &Cluster, settings: &str, monitors: usize) -> Cli {
    let mut cli = Cli::new(&[("alertform.yaml", &format!("project: shop\n{settings}"))]);
    cli.set("ALERTFORM_URL", &cluster.url);
    for number in 0..monitors {
        cli.write(&file(number), &monitor(number));
    }
    cli.run(&["apply", "--yes"]).must_exit(0);
    cli
}

fn file(number: usize) -> String {
    format!("m{number}.yaml")
}

fn monitor(number: usize) -> String {
    format!(
        "kind: monitor\nname: m{number}\nenabled: true\nschedule: {{every: 1h}}\nindex: l*\nquery: a\nwindow: none\n\
         triggers:\n  - {{name: t, condition: 'true'}}\n"
    )
}

fn remove(cli: &Cli, numbers: impl Iterator<Item = usize>) {
    for number in numbers {
        std::fs::remove_file(cli.path(&file(number))).unwrap();
    }
}

#[test]
fn no_run_deletes_more_than_ten_resources_unless_told_to() {
    let cluster = Cluster::start(Line::V2_19);
    let cli = project(&cluster, "", 13);
    remove(&cli, 0..11);
    let over = "11 deletions, and the limit `deletions` is 10";
    let planned = cli.run(&["plan", "--prune"]).must_exit(0).stdout;
    assert!(
        planned.contains(&format!("over a limit: {over}\n  hint: `--limit deletions=11` allows it")),
        "{planned}"
    );
    cluster.take_requests();
    let refused = cli.run(&["apply", "--prune", "--yes"]).must_exit(3);
    assert!(refused.stderr.contains(&format!("error: over a limit: {over}")), "{refused}");
    assert_eq!(cluster.take_writes(), [""; 0]);
    for format in ["json", "markdown", "github", "chat"] {
        let said = cli.run(&["plan", "--prune", "--format", format]).must_exit(0).stdout;
        assert!(said.contains("deletions"), "{said}");
    }
    cli.run(&["apply", "--prune", "--yes", "--limit", "deletions=11"]).must_exit(0);
    cli.run(&["plan", "--prune", "--detailed-exitcode"]).must_exit(0);
}

#[test]
fn a_project_limits_updates_what_is_disabled_and_alerts_that_end() {
    let cluster = Cluster::start(Line::V2_19);
    let settings = "limits: {deletions: none, updates: 25%, disabled: 1, ended_alerts: 1}\n";
    let cli = project(&cluster, settings, 8);
    let refused = |hint: &str, over: &str| {
        let screen = cli.run(&["apply", "--prune", "--yes"]).must_exit(3).stderr;
        assert_eq!(screen, format!("error: over a limit: {over}\n  hint: {hint}\n"));
    };
    let change = |from: &str, to: &str, numbers: std::ops::Range<usize>| {
        numbers.for_each(|number| cli.edit(&file(number), from, to));
    };
    change("1h", "2h", 0..3);
    refused(
        "`--limit updates=3` allows it for one run",
        "3 updates, and the limit `updates` is 25%, which is 2 here",
    );
    change("2h", "1h", 2..3);
    cli.run(&["apply", "--yes"]).must_exit(0);

    change("enabled: true", "enabled: false", 0..2);
    let over = "2 resources that are disabled, and the limit `disabled` is 1";
    refused("`--limit disabled=2` allows it for one run", over);
    change("enabled: false", "enabled: true", 0..2);
    change("name: t,", "name: u,", 0..2);
    // nothing is active
    cli.run(&["plan", "--prune"]).must_exit(0);
    let trigger = |monitor: &Value| monitor["triggers"][0]["query_level_trigger"]["id"].clone();
    let ids: Vec<(String, Value)> =
        cluster.monitors().iter().map(|(id, monitor)| (id.clone(), trigger(monitor))).collect();
    let alerts = |status| {
        let ids = ids.clone();
        cluster.meddle(Box::new(move |_, request| {
            let state = request.uri.split("alertState=").nth(1)?.split('&').next()?;
            let alert = |(id, trigger): &(String, Value)| json!({"monitor_id": id, "trigger_id": trigger});
            let of_state = if state == "ACTIVE" { &ids[..2] } else { &ids[2..3] };
            let body = json!({"alerts": of_state.iter().map(alert).collect::<Vec<_>>(), "totalAlerts": of_state.len()});
            Some(answer(status, body.to_string()))
        }));
    };
    alerts(403);
    let over = "2 triggers whose active alerts end, and the limit `ended_alerts` is 1";
    refused("`--limit ended_alerts=2` allows it for one run", over);
    alerts(200);
    let screen = cli.run(&["plan"]).must_exit(0);
    insta::assert_snapshot!(screen, @r"
    plan: 0 to create, 2 to update, 0 to delete; 6 unchanged; over 1 limit

    over a limit: 2 active alerts that end, and the limit `ended_alerts` is 1
      hint: `--limit ended_alerts=2` allows it for one run

    ~ 2 monitors: trigger `t` goes; new trigger `u`
        monitor `m0`  m0.yaml:1
        monitor `m1`  m1.yaml:1
      ! ends: active alerts of trigger `t`, with their acknowledgements and throttles; `previous_names` keeps them for one that is renamed (1 is active now)
        triggers:
      -   - name: t
      +   - name: u
        # 8 lines unchanged

    plan: 0 to create, 2 to update, 0 to delete; 6 unchanged; over 1 limit
    ");
    change("name: u,", "name: u, previous_names: t,", 0..2);
    cli.run(&["apply", "--yes"]).must_exit(0);
}

#[test]
fn a_limit_that_says_nothing_is_an_error() {
    let cli = Cli::new(&[("alertform.yaml", "limits:\n  deletion: 3\n  updates: lots\n")]);
    insta::assert_snapshot!(cli.run(&["validate"]).must_exit(1).stderr, @r"
    error: alertform.yaml:2:3: unknown key `deletion` in `limits`
      hint: did you mean `deletions`?
    error: alertform.yaml:3:12: expected a number, a share such as `25%`, or `none` for `updates`, found the text `lots`
    error: no monitor and no destination is declared below `.`
      hint: expected YAML files with `kind: monitor` or `kind: destination`; `--dir` names another folder
    ");
    for wrong in ["deletions", "deletions=all", "deletion=3", "updates=101%"] {
        let screen = cli.run(&["plan", "--limit", wrong]).must_exit(1);
        assert!(screen.stderr.contains(wrong), "{screen}");
    }
}

#[test]
fn where_alerts_cannot_be_read_a_plan_counts_the_triggers_that_end() {
    let cluster = Cluster::start(Line::V3);
    let cli = project(&cluster, "limits: {ended_alerts: 1}\n", 3);
    remove(&cli, 0..2);
    for status in [403, 500] {
        cluster.meddle(Box::new(move |_, request| {
            request.uri.contains("/monitors/alerts").then(|| answer(status, "{\"error\": \"no\"}"))
        }));
        let screen = cli.run(&["plan", "--prune", "--retries", "0"]).must_exit(0);
        let said = "over a limit: 2 triggers whose active alerts end, and the limit `ended_alerts` is 1\n";
        assert!(screen.stdout.contains(said), "{status}: {screen}");
        assert!(screen.stdout.contains("  ! ends: active alerts of its 1 trigger"), "{status}: {screen}");
    }
}

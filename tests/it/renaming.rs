//! Renamed monitors, triggers, actions and destinations keep their ids, when the files say what they were called before.

use alertform::api::line::Line;

use crate::cli::Cli;
use crate::cluster::Cluster;

const SLACK: &str = "kind: destination\nname: ops\nslack: {url: \"${URL}\"}\n";

const MONITOR: &str = "kind: monitor
name: errors
schedule: {every: 5m}
index: logs-*
query: level:ERROR
window: none
triggers:
- name: many
  condition: ctx.results[0].hits.total.value > 10
  actions:
  - name: tell
    destination: ops
    message: many
    throttle: 10m
- name: any
  condition: ctx.results[0].hits.total.value > 0
";

fn project(cluster: &Cluster) -> Cli {
    let mut cli = Cli::new(&[
        ("alertform.yaml", "project: shop\n"),
        ("destinations/ops.yaml", SLACK),
        ("monitors/errors.yaml", MONITOR),
    ]);
    cli.set("ALERTFORM_URL", &cluster.url);
    cli.set("URL", "https://hooks.slack.com/services/T0/B0/planted-secret");
    cli.run(&["apply", "--yes"]).must_exit(0);
    cli
}

/// The ids of all in the one monitor there is, in order, those of all destinations, and its own.
fn ids(cluster: &Cluster) -> Vec<String> {
    let monitors = cluster.monitors();
    assert_eq!(monitors.len(), 1);
    let (id, monitor) = &monitors[0];
    let triggers = monitor["triggers"].to_string();
    let within = triggers.split("\"id\":\"").skip(1).map(|rest| rest.split('"').next().unwrap_or_default());
    let destinations = cluster.destinations().into_iter().map(|(id, _)| id);
    let mut ids: Vec<String> = within.map(str::to_owned).chain(destinations).collect();
    ids.push(id.clone());
    ids
}

#[test]
fn what_is_renamed_keeps_its_ids_when_its_former_name_is_said() {
    for line in Line::ALL {
        let cluster = Cluster::start(line);
        let cli = project(&cluster);
        let before = ids(&cluster);
        cli.edit("destinations/ops.yaml", "name: ops", "name: on-call\nprevious_names: [ops]");
        cli.edit("monitors/errors.yaml", "name: errors", "name: failures\nprevious_names: [faults, errors]");
        cli.edit("monitors/errors.yaml", "name: many", "name: flood\n  previous_names: many");
        cli.edit("monitors/errors.yaml", "name: tell", "name: page\n    previous_names: [tell]");
        cli.edit("monitors/errors.yaml", "destination: ops", "destination: on-call");
        let screen = cli.run(&["plan", "--prune"]).must_exit(0);
        insta::allow_duplicates! {
            let lines = screen.stdout.split_inclusive('\n').filter(|line| !line.starts_with("  # last written"));
            insta::assert_snapshot!(lines.collect::<String>(), @r"
    plan: 0 to create, 2 to update, 0 to delete; 0 unchanged

    ~ destination `on-call`: was `ops`  destinations/ops.yaml:1
      ! used by monitor `failures`
      - name: ops
      + name: on-call
        # 3 lines unchanged

    ~ monitor `failures`: was `errors`; trigger `many` is now `flood`; action `tell` is now `page`  monitors/errors.yaml:1
      - name: errors
      + name: failures
        triggers:
      -   - name: many
      +   - name: flood
            actions:
      -       - name: tell
      +       - name: page
        # 13 lines unchanged

    plan: 0 to create, 2 to update, 0 to delete; 0 unchanged
    ");
        }
        let screen = cli.run(&["apply", "--yes", "--prune"]).must_exit(0);
        assert!(screen.stdout.contains("0 created, 2 updated, 0 deleted"), "{line}: {screen}");
        assert_eq!(ids(&cluster), before, "{line}");
        cli.run(&["plan", "--prune", "--detailed-exitcode"]).must_exit(0);
    }
}

#[test]
fn what_ends_with_a_trigger_or_an_action_that_goes_is_said() {
    let cluster = Cluster::start(Line::V3);
    let cli = project(&cluster);
    cli.edit("monitors/errors.yaml", "name: any", "name: some");
    cli.edit("monitors/errors.yaml", "name: tell", "name: page");
    insta::assert_snapshot!(cli.run(&["plan"]).must_exit(0), @r"
    plan: 0 to create, 1 to update, 0 to delete; 1 unchanged

    ~ monitor `errors`: action `tell` goes; new action `page`; trigger `any` goes; new trigger `some`  monitors/errors.yaml:1
      ! ends: the throttle of action `tell` of trigger `many`
      # ends: active alerts of trigger `any`, with their acknowledgements and throttles; `previous_names` keeps them for one that is renamed (none is active now)
        triggers:
          - name: many
            actions:
      -       - name: tell
      +       - name: page
      -   - name: any
      +   - name: some
        # 13 lines unchanged
    ");
}

#[test]
fn a_former_name_that_is_declared_is_refused() {
    let cluster = Cluster::start(Line::V3);
    let cli = project(&cluster);
    let other = MONITOR.replace("name: errors", "name: other\nprevious_names: [errors]");
    cli.write("monitors/other.yaml", &other);
    insta::assert_snapshot!(cli.run(&["plan"]).must_exit(1), @r"
    --- stderr
    error: monitors/other.yaml:2:7: monitor `errors` is declared, and so it is no former name of `other`
      hint: remove it from `previous_names`
    --- exit code 1
    ");
}

#[test]
fn a_destination_with_the_former_name_of_a_renamed_one_is_refused() {
    let cluster = Cluster::start(Line::V3);
    let cli = project(&cluster);
    cli.edit("destinations/ops.yaml", "name: ops", "name: on-call\nprevious_names: [ops]");
    cli.edit("monitors/errors.yaml", "destination: ops", "destination: on-call");
    cli.run(&["apply", "--yes"]).must_exit(0);
    cli.write("destinations/new.yaml", SLACK);
    insta::assert_snapshot!(cli.run(&["plan"]).must_exit(1), @r"
    --- stderr
    error: destinations/ops.yaml:2:7: destination `ops` is declared, and so it is no former name of `on-call`
      hint: choose another name for the new one: a renamed channel keeps its id
    --- exit code 1
    ");
}

#[test]
fn another_projects_channel_is_not_renamed() {
    let cluster = Cluster::start(Line::V3);
    project(&cluster);
    let mut cli = Cli::new(&[
        ("alertform.yaml", "project: other\n"),
        ("destinations/ops.yaml", &SLACK.replace("name: ops", "name: on-call\nprevious_names: [ops]")),
    ]);
    cli.set("ALERTFORM_URL", &cluster.url);
    cli.set("URL", "https://hooks.slack.com/services/T0/B0/planted-secret");
    let screen = cli.run(&["plan"]).must_exit(0);
    assert!(screen.stdout.contains("1 to create, 0 to update"), "{screen}");
}

#[test]
fn what_ends_with_a_monitor_that_goes_or_whose_triggers_become_others() {
    let cluster = Cluster::start(Line::V3);
    let cli = project(&cluster);
    let ids = || {
        let find =
            |name: &str| cluster.monitors().into_iter().find(|(_, one)| one["name"] == name).unwrap().1;
        let trigger = find("buckets")["triggers"][0].clone();
        let (_, trigger) = trigger.as_object().unwrap().iter().next().unwrap();
        trigger["id"].to_string()
    };
    let text = "kind: monitor\nname: buckets\nschedule: {every: 5m}\nindex: logs-*\nextraction_query: {size: 0, aggs: {c: {terms: {field: a}}}}\n\
                triggers:\n- name: many\n  condition: 'true'\n";
    cli.write("monitors/buckets.yaml", text);
    cli.run(&["apply", "--yes"]).must_exit(0);
    let before = ids();
    cli.write(
        "monitors/buckets.yaml",
        &format!("{text}  parent_bucket_path: c\n  buckets_path: {{n: _count}}\n"),
    );
    std::fs::remove_file(cli.path("monitors/errors.yaml")).unwrap();
    let planned = cli.run(&["plan", "--prune"]).must_exit(0).stdout;
    let ends: Vec<&str> = planned.lines().filter(|line| line.contains(" ends:")).collect();
    insta::assert_snapshot!(ends.join("\n"), @r"
    # ends: active alerts of its 2 triggers, with their acknowledgements and throttles (none is active now)
    # ends: active alerts of trigger `many`, with their acknowledgements and throttles; it becomes a `bucket_level_trigger` (none is active now)
    ");
    cli.run(&["apply", "--yes", "--prune"]).must_exit(0);
    assert_ne!(ids(), before);
    cli.run(&["plan", "--detailed-exitcode"]).must_exit(0);
}

#[test]
fn a_query_of_a_document_level_monitor_that_is_renamed_keeps_its_id() {
    let cluster = Cluster::start(Line::V2_19);
    let monitor = "kind: monitor\nname: logins\nschedule: {every: 1m}\nindex: auth\ndocument_queries:\n\
                   - {name: root, query: 'user:root'}\n- {name: abroad, query: 'NOT country:JP'}\n\
                   triggers: [{name: any, condition: 'query[name=abroad]'}]\n";
    cluster.send("PUT", "/auth", "");
    let mut cli = Cli::new(&[("monitors/logins.yaml", monitor)]);
    cli.set("ALERTFORM_URL", &cluster.url);
    cli.run(&["apply", "--yes"]).must_exit(0);
    let queries = || {
        let queries = cluster.monitors()[0].1["inputs"][0]["doc_level_input"]["queries"].clone();
        let pair = |query: &serde_json::Value| (query["name"].to_string(), query["id"].to_string());
        queries.as_array().unwrap().iter().map(pair).collect::<std::collections::BTreeMap<_, _>>()
    };
    let before = queries();
    cli.edit("monitors/logins.yaml", "{name: root,", "{name: superuser, previous_names: root,");
    insta::assert_snapshot!(cli.run(&["plan"]).must_exit(0), @r"
    plan: 0 to create, 1 to update, 0 to delete; 0 unchanged

    ~ monitor `logins`: query `root` is now `superuser`  monitors/logins.yaml:1
        document_queries:
      -   - name: root
      +   - name: superuser
        # 11 lines unchanged
    ");
    cli.run(&["apply", "--yes"]).must_exit(0);
    let after = queries();
    assert_eq!(after["\"superuser\""], before["\"root\""]);
    assert_eq!(after["\"abroad\""], before["\"abroad\""]);
    cli.run(&["plan", "--detailed-exitcode"]).must_exit(0);
}

#[test]
fn former_names_in_a_definition_keep_ids_too() {
    for line in Line::ALL {
        let cluster = Cluster::start(line);
        let cli = project(&cluster);
        let before = ids(&cluster);
        let definition = "kind: monitor\nname: errors\ndefinition:\n  schedule: {period: {interval: 5, unit: MINUTES}}\n  \
            inputs: [{search: {indices: [logs-*], query: {size: 0, track_total_hits: true, query: {query_string: {query: 'level:ERROR'}}}}}]\n  \
            triggers:\n  - query_level_trigger:\n      name: flood\n      previous_names: many\n      severity: 1\n      \
            condition: {script: {source: 'ctx.results[0].hits.total.value > 10'}}\n      \
            actions: [{name: call, previous_names: [tell], destination: ops, message_template: many, throttle_enabled: true, throttle: {value: 10}}]\n  \
            - {name: any, severity: 1, condition: {script: {source: 'ctx.results[0].hits.total.value > 0'}}}\n";
        cli.write("monitors/errors.yaml", definition);
        let screen = cli.run(&["apply", "--yes"]).must_exit(0);
        assert!(!screen.stdout.contains(" ends:"), "{line}: {screen}");
        assert_eq!(ids(&cluster), before, "{line}");
        cli.run(&["plan", "--detailed-exitcode"]).must_exit(0);
    }
}

#[test]
fn what_seems_to_be_renamed_is_warned_of() {
    for line in Line::ALL {
        let cluster = Cluster::start(line);
        let cli = project(&cluster);
        cli.edit("destinations/ops.yaml", "name: ops", "name: on-call");
        cli.edit("monitors/errors.yaml", "destination: ops", "destination: on-call");
        cli.edit("monitors/errors.yaml", "name: errors", "name: failures");
        let screen = cli.run(&["plan", "--prune"]).must_exit(0);
        for said in [
            "destinations/ops.yaml:1:1: destination `on-call` is new, and has the content of destination `ops`, which is no longer declared\n  \
             hint: if it was renamed, `previous_names: [ops]` says so, and keeps its id\n",
            "monitors/errors.yaml:1:1: monitor `failures` is new, and has the search and the triggers of monitor `errors`, which is no longer declared\n  \
             hint: if it was renamed, `previous_names: [errors]` says so, and keeps its id and its alerts\n",
        ] {
            assert!(screen.stdout.contains(said), "{line}: {screen}");
        }
        // two that are alike may each be it
        let twin = cli.read("monitors/errors.yaml").replace("name: failures", "name: faults");
        cli.write("monitors/faults.yaml", &twin);
        let screen = cli.run(&["plan", "--prune"]).must_exit(0);
        assert!(!screen.stdout.contains("has the search and the triggers"), "{line}: {screen}");
    }
}

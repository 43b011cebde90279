//! Export: what other clients made, in their own spelling, becomes files that plan clean; and the same bytes each time.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on shall fail")]

use alertform::api::line::Line;
use serde_json::json;

use crate::cli::Cli;
use crate::cluster::{Cluster, answer};

#[test]
fn secrets_become_variables_that_a_file_sets() {
    for line in Line::ALL {
        let cluster = Cluster::start(line);
        let url = "https://hooks.slack.com/services/T0/B0/planted-secret";
        cluster.make_slack("Ops Room", url);
        let mut cli = Cli::new(&[]);
        cli.set("ALERTFORM_URL", &cluster.url);
        let screen = cli.run(&["export", "--out", "out", "--secrets", "secrets.env"]).must_exit(0);
        assert!(!screen.to_string().contains("planted-secret"), "{screen}");
        let files = files(&cli, "out");
        assert_eq!(files.len(), 1, "{line}: {files:?}");
        assert!(!files[0].1.contains("planted-secret"), "{line}: {files:?}");
        cli.run(&["plan", "--dir", "out"]).must_exit(1);
        for setting in cli.read("secrets.env").lines() {
            let (name, value) = setting.split_once('=').unwrap();
            cli.set(name, value.trim_matches('\''));
        }
        let screen = cli.run(&["plan", "--dir", "out", "--detailed-exitcode"]).must_exit(0);
        assert_eq!(screen.stdout, "plan: nothing to do; 1 unchanged\n", "{line}");
    }
}

#[test]
fn an_action_that_tells_of_no_alert_is_exported_in_the_friendly_form() {
    let cluster = Cluster::start(Line::V2_19);
    let monitor = "kind: monitor\nname: m\nschedule: {every: 1h}\nindex: l*\nquery: a\nwindow: none\ntriggers:\n  - name: t\n    severity: 1\n    \
        condition: \"true\"\n    actions:\n      - name: a\n        destination: {id: gone}\n        message: m\n        \
        action_execution_scope: {per_alert: []}\n";
    let mut cli = Cli::new(&[("m.yaml", monitor)]);
    cli.set("ALERTFORM_URL", &cluster.url);
    cli.run(&["apply", "--yes"]).must_exit(0);
    cli.run(&["export", "--out", "out"]).must_exit(0);
    assert_eq!(cli.read("out/monitors/m.yaml"), monitor);
}

#[test]
fn an_export_that_is_not_whole_is_an_error() {
    let cluster = Cluster::start(Line::V3);
    let mut cli = Cli::new(&[]);
    cli.set("ALERTFORM_URL", &cluster.url);
    let hit = |id: &str, monitor: serde_json::Value| json!({"_id": id, "_version": 1, "_seq_no": 1, "_primary_term": 1, "sort": [1], "_source": monitor});
    let schedule = json!({"period": {"interval": 5, "unit": "MINUTES"}});
    let twin = json!({"name": "twin", "enabled": false, "schedule": schedule, "inputs": [], "triggers": []});
    let hits = [
        hit("a", twin.clone()),
        hit("b", twin),
        hit("c", json!({"name": "from a later age", "schedule": 7})),
    ];
    let page =
        json!({"timed_out": false, "_shards": {"failed": 0}, "hits": {"total": {"value": 3}, "hits": hits}});
    cluster.meddle(Box::new(move |_, request| {
        request.uri.ends_with("/monitors/_search").then(|| answer(200, page.to_string()))
    }));
    let screen = cli.run(&["export", "--out", "out"]).must_exit(1);
    insta::assert_snapshot!(screen, @r"
    exported 2 resources to out
    --- stderr
    warning: the cluster has several monitors named `twin`; each is in a file of its own, and `plan` wants names that differ
    warning: left out: monitor `from a later age` (id `c`): expected a mapping, found a number at `/schedule`
    error: the export is not whole: 1 object could not be read, 1 name borne by several objects
      hint: see the warnings above; the other files are written
    --- exit code 1
    ");
}

#[test]
fn an_export_into_a_project_is_refused() {
    let cluster = Cluster::start(Line::V3);
    let mine =
        "# keep this\nkind: monitor\nname: m\nschedule: {every: 1h}\nindex: logs-*\nquery: a\nwindow: none\n";
    let mut cli = Cli::new(&[("alertform.yaml", "project: shop\n"), ("monitors/team/mine.yaml", mine)]);
    cli.set("ALERTFORM_URL", &cluster.url);
    cli.run(&["apply", "--yes"]).must_exit(0);
    let screen = cli.run(&["export", "--out", "."]).must_exit(1);
    insta::assert_snapshot!(screen.stderr, @r"
    error: `./monitors/team/mine.yaml` is there already, and this export has no such file
      hint: export to an empty folder, or say `--overwrite`
    ");
    assert_eq!(files(&cli, "monitors").len(), 1);
    cli.run(&["export", "--out", ".", "--overwrite"]).must_exit(0);
    assert_eq!(cli.read("monitors/team/mine.yaml"), mine);
    for _ in 0..2 {
        cli.run(&["export", "--out", "live"]).must_exit(0);
    }
}

#[cfg(unix)]
#[test]
fn the_file_of_secrets_is_written_over_only_on_demand_and_never_readable_by_others() {
    use std::fs::{Permissions, metadata, set_permissions};
    use std::os::unix::fs::PermissionsExt;

    let cluster = Cluster::start(Line::V3);
    cluster.make_slack("ops", "https://hooks.slack.com/services/T0/B0/planted-secret");
    let mut cli = Cli::new(&[("secrets.env", "MINE=1\n")]);
    cli.set("ALERTFORM_URL", &cluster.url);
    set_permissions(cli.path("secrets.env"), Permissions::from_mode(0o644)).unwrap();
    let mode = |path: &str| metadata(cli.path(path)).unwrap().permissions().mode() & 0o777;

    let screen = cli.run(&["export", "--out", "out", "--secrets", "secrets.env"]).must_exit(1);
    assert_eq!(
        screen.stderr,
        "error: `secrets.env` is there already, and says something else\n  \
         hint: export to an empty folder, or say `--overwrite`\n"
    );
    assert_eq!(cli.read("secrets.env"), "MINE=1\n");
    assert!(!cli.path("out").exists());

    let overwrite = ["export", "--out", "out", "--secrets", "secrets.env", "--overwrite"];
    cli.run(&overwrite).must_exit(0);
    assert_eq!(mode("secrets.env"), 0o600);
    assert!(cli.read("secrets.env").contains("planted-secret"));
    cli.run(&["export", "--out", "out", "--secrets", "out/secrets.env"]).must_exit(0);
    assert_eq!(mode("out/secrets.env"), 0o600);
}

/// Paths and texts of all files below `dir`, in order.
fn files(cli: &Cli, dir: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut folders = vec![cli.path(dir)];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let below = path.strip_prefix(cli.path(dir)).unwrap().to_str().unwrap().to_owned();
                found.push((below, std::fs::read_to_string(&path).unwrap()));
            }
        }
    }
    found.sort();
    found
}

#[test]
fn an_export_into_a_project_whose_files_lie_elsewhere_is_refused() {
    let cluster = Cluster::start(Line::V2_19);
    cluster.make_slack("ops", "https://hooks.slack.com/services/T0/B0/x");
    let other = "kind: destination\nname: ops\nslack: {url: \"${URL}\"}\n";
    let mut cli =
        Cli::new(&[("out/alerts/x.yaml", other), ("out/chart.yaml", "apiVersion: v1\nkind: Pod\n")]);
    cli.set("ALERTFORM_URL", &cluster.url);
    let screen = cli.run(&["export", "--out", "out"]).must_exit(1);
    assert!(screen.stderr.starts_with("error: `out/alerts/x.yaml` is there already"), "{screen}");
    assert_eq!(files(&cli, "out").len(), 2);
    std::fs::remove_file(cli.path("out/alerts/x.yaml")).unwrap();
    cli.run(&["export", "--out", "out"]).must_exit(0);
}

#[test]
fn an_e_mail_channel_plans_clean_with_the_lists_that_the_server_fills_in() {
    for line in [Line::V2_19, Line::V3] {
        let cluster = Cluster::start(line);
        let account = json!({"config_id": "smtp", "config": {"name": "smtp", "config_type": "smtp_account", "smtp_account": {
            "host": "smtp.example.com", "port": 465, "method": "ssl", "from_address": "a@example.com",
        }}});
        cluster.send("POST", "/_plugins/_notifications/configs", &account.to_string());
        let mail = "kind: destination\nname: mail\ndefinition:\n  config_type: email\n  email:\n    \
                    email_account_id: smtp\n    recipient_list: [{recipient: ops@example.com}]\n";
        let mut cli = Cli::new(&[("destinations/mail.yaml", mail)]);
        cli.set("ALERTFORM_URL", &cluster.url);
        cli.run(&["apply", "--yes"]).must_exit(0);
        let screen = cli.run(&["plan", "--detailed-exitcode"]).must_exit(0);
        assert_eq!(screen.stdout, "plan: nothing to do; 1 unchanged\n", "{line}");
    }
}

//! Whose a thing is, from the first adoption to the last deletion: by marks and ids, on every line, never by guess.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on shall fail")]

use alertform::api::line::Line;
use alertform::sandbox::exchange::Request;
use serde_json::{Value, json};

use crate::cli::Cli;
use crate::cluster::{Cluster, without_notice};

const SETTINGS: (&str, &str) = ("alertform.yaml", "project: shop\n");

pub const SLACK: &str = "kind: destination
name: ops
slack: {url: \"${SLACK_URL}\"}
";

pub const MONITOR: &str = "kind: monitor
name: m
schedule: {every: 15m}
index: logs-*
query: level:ERROR
window: none
triggers:
  - name: t
    condition: 'true'
    actions:
      - {name: a, destination: ops, message: hello}
";

fn project(cluster: &Cluster) -> Cli {
    let mut cli = Cli::new(&[SETTINGS, ("destinations/ops.yaml", SLACK), ("monitors/m.yaml", MONITOR)]);
    cli.set("SLACK_URL", "https://hooks.slack.com/services/T0/B0/planted-secret");
    cli.set("ALERTFORM_URL", &cluster.url);
    cli
}

/// The same as the project declares, made by somebody else; gives the id of the destination.
fn made_by_somebody_else(cluster: &Cluster, url: &str) -> String {
    let line = cluster.line();
    let id = cluster.make_slack("ops", url);
    let search =
        json!({"size": 0, "track_total_hits": true, "query": {"query_string": {"query": "level:ERROR"}}});
    let action = json!({"name": "a", "destination_id": id, "message_template": {"source": "hello"}});
    let trigger = json!({"name": "t", "severity": "1", "condition": {"script": {"source": "true"}}, "actions": [action]});
    let monitor = json!({
        "name": "m", "type": "monitor", "schedule": {"period": {"interval": 15, "unit": "MINUTES"}},
        "inputs": [{"search": {"indices": ["logs-*"], "query": search}}], "triggers": [trigger],
    });
    cluster.send("POST", &format!("{}/monitors", line.alerting()), &monitor.to_string());
    id
}

#[test]
fn what_is_as_declared_is_taken_over_when_someone_says_so_and_then_it_is_ours() {
    for line in Line::ALL {
        let cluster = Cluster::start(line);
        let cli = project(&cluster);
        let id = made_by_somebody_else(&cluster, "https://hooks.slack.com/services/T0/B0/planted-secret");
        let destination = format!("{}/{id}", cluster.destinations_path());
        let monitors_path = format!("{}/monitors", line.alerting());
        let monitor = format!("{monitors_path}/{}", cluster.monitors()[0].0);
        let screen = cli.run(&["plan", "--detailed-exitcode"]).must_exit(0);
        assert_eq!(
            screen.stdout,
            "plan: nothing to do; 2 unchanged\n\n\
             as declared, but without a mark of this project: destination `ops`, monitor `m`\n  \
             hint: `--adopt` takes them over\n",
            "{line}"
        );
        let screen = cli.run(&["apply", "--yes", "--adopt"]).must_exit(0);
        assert!(
            screen.stdout.contains(
                "~ monitor `m`  monitors/m.yaml:1\n  ! taken over: it bears no mark of this project\n  \
                 ! taken over: destination `ops`, which only the mark of this monitor says\n"
            ),
            "{line}: {screen}"
        );
        // the mark alone was written
        assert_eq!(cluster.take_writes(), [format!("PUT {monitor}")], "{line}");
        let screen = cli.run(&["plan", "--detailed-exitcode", "--adopt"]).must_exit(0);
        assert_eq!(screen.stdout, "plan: nothing to do; 2 unchanged\n", "{line}");
        // ours from now on: an edit needs no further word
        cli.edit("monitors/m.yaml", "hello", "hello again");
        let mut cli = cli;
        cli.set("SLACK_URL", "https://hooks.slack.com/services/T0/B0/another");
        let screen = cli.run(&["apply", "--yes"]).must_exit(0);
        assert!(screen.stdout.contains("0 created, 2 updated, 0 deleted"), "{line}: {screen}");
        assert_eq!(cluster.take_writes(), [format!("PUT {destination}"), format!("PUT {monitor}")], "{line}");
        // and what is no longer declared goes
        std::fs::remove_file(cli.path("monitors/m.yaml")).unwrap();
        std::fs::remove_file(cli.path("destinations/ops.yaml")).unwrap();
        cli.write(
            "monitors/other.yaml",
            &MONITOR.replace("name: m\n", "name: other\n").replace("ops", "next"),
        );
        cli.write("destinations/next.yaml", &SLACK.replace("ops", "next"));
        let screen = cli.run(&["apply", "--yes", "--prune"]).must_exit(0);
        assert!(screen.stdout.contains("2 created, 0 updated, 2 deleted"), "{line}: {screen}");
        let writes = [
            format!("POST {}", cluster.destinations_path()),
            format!("POST {monitors_path}"),
            // the monitor's mark says whose it is until it is gone
            format!("DELETE {destination}"),
            format!("DELETE {monitor}"),
        ];
        assert_eq!(without_notice(cluster.take_writes(), line), writes, "{line}");
        cli.run(&["plan", "--detailed-exitcode"]).must_exit(0);
        assert_eq!(cluster.take_writes(), [""; 0], "{line}");
    }
}

#[test]
fn a_destination_that_is_taken_over_by_a_change_is_ours_at_once() {
    for line in Line::ALL {
        let cluster = Cluster::start(line);
        let mut cli = project(&cluster);
        cli.run(&["apply", "--yes"]).must_exit(0);
        // a second destination, which somebody else made, and which our monitor tells by its id
        let theirs = cluster.make_slack("theirs", "https://hooks.slack.com/services/T0/B0/old");
        cli.edit("monitors/m.yaml", "destination: ops", &format!("destination: {{id: {theirs}}}"));
        cli.run(&["apply", "--yes"]).must_exit(0);
        cli.write("destinations/theirs.yaml", &SLACK.replace("ops", "theirs"));
        cli.edit("monitors/m.yaml", &format!("{{id: {theirs}}}"), "theirs");
        let screen = cli.run(&["apply", "--yes", "--adopt"]).must_exit(0);
        assert!(
            screen
                .stdout
                .contains("  ! taken over: destination `theirs`, which only the mark of this monitor"),
            "{line}: {screen}"
        );
        cli.set("SLACK_URL", "https://hooks.slack.com/services/T0/B0/new");
        let screen = cli.run(&["apply", "--yes"]).must_exit(0);
        assert!(screen.stdout.contains("0 created, 2 updated, 0 deleted"), "{line}: {screen}");
    }
}

#[test]
fn a_destination_that_is_no_longer_declared_is_not_forgotten() {
    for line in Line::ALL {
        let cluster = Cluster::start(line);
        let cli = project(&cluster);
        cli.run(&["apply", "--yes"]).must_exit(0);
        cli.write("destinations/next.yaml", &SLACK.replace("ops", "next"));
        std::fs::remove_file(cli.path("destinations/ops.yaml")).unwrap();
        cli.edit("monitors/m.yaml", "destination: ops", "destination: next");
        for message in ["hello 1", "hello 2"] {
            cli.edit("monitors/m.yaml", "hello", message);
            let screen = cli.run(&["apply", "--yes"]).must_exit(0);
            assert!(screen.stdout.contains("without `--prune`: destination `ops`"), "{line}: {screen}");
        }
        let screen = cli.run(&["apply", "--yes", "--prune"]).must_exit(0);
        assert!(screen.stdout.contains("0 created, 0 updated, 1 deleted"), "{line}: {screen}");
        assert_eq!(cluster.destinations().len(), 1, "{line}");
    }
}

#[test]
fn two_projects_that_declare_the_same_thing_are_told() {
    for line in Line::ALL {
        let cluster = Cluster::start(line);
        let cli = project(&cluster);
        cli.run(&["apply", "--yes"]).must_exit(0);
        cli.write("alertform.yaml", "project: kiosk\n");
        let screen = cli.run(&["plan", "--detailed-exitcode"]).must_exit(0);
        let expected = "as declared, but with the mark of project `shop`: destination `ops`, monitor `m`";
        assert!(screen.stdout.contains(expected), "{line}: {screen}");
        cli.edit("monitors/m.yaml", "hello", "goodbye");
        let screen = cli.run(&["plan"]).must_exit(0);
        let expected = "! taken over: it bears the mark of project `shop`; needs `--adopt`";
        assert!(screen.stdout.contains(expected), "{line}: {screen}");
        let screen = cli.run(&["apply", "--yes"]).must_exit(1);
        assert!(screen.stderr.contains("1 resource would be taken over"), "{line}: {screen}");
    }
}

#[test]
fn a_project_that_gets_a_name_takes_its_own_over() {
    for line in Line::ALL {
        let cluster = Cluster::start(line);
        let cli = project(&cluster);
        cli.write("alertform.yaml", "");
        cli.run(&["apply", "--yes"]).must_exit(0);
        let screen = cli.run(&["apply", "--yes", "--prune"]).must_exit(1);
        assert!(screen.stderr.contains("apply once with `--adopt`"), "{line}: {screen}");
        cli.write("alertform.yaml", "project: shop\n");
        let screen = cli.run(&["plan"]).must_exit(0);
        assert!(screen.stdout.contains("the mark of a project without a name"), "{line}: {screen}");
        cli.run(&["apply", "--yes", "--adopt"]).must_exit(0);
        let screen = cli.run(&["plan"]).must_exit(0);
        assert_eq!(screen.stdout, "plan: nothing to do; 2 unchanged\n", "{line}");
    }
}

#[test]
fn channels_that_swap_their_names_keep_their_places() {
    let cluster = Cluster::start(Line::V2_19);
    let cli = project(&cluster);
    cli.write("destinations/desk.yaml", &SLACK.replace("ops", "desk"));
    cli.run(&["apply", "--yes"]).must_exit(0);
    for (id, name) in [("alertform_shop_ops", "desk"), ("alertform_shop_desk", "ops")] {
        let url = "https://hooks.slack.com/services/T0/B0/planted-secret";
        let body = json!({"config": {"name": name, "config_type": "slack", "slack": {"url": url}}});
        cluster.send("PUT", &format!("/_plugins/_notifications/configs/{id}"), &body.to_string());
    }
    cluster.await_listed("alertform_shop_ops", "desk");
    cluster.await_listed("alertform_shop_desk", "ops");
    let screen = cli.run(&["apply", "--yes"]).must_exit(0);
    assert!(screen.stdout.contains("0 created, 2 updated, 0 deleted"), "{screen}");
    cli.run(&["plan", "--detailed-exitcode"]).must_exit(0);
}

#[test]
fn a_new_destination_with_the_name_that_another_was_given_is_refused() {
    let cluster = Cluster::start(Line::V2_19);
    let cli = project(&cluster);
    cli.run(&["apply", "--yes"]).must_exit(0);
    let url = "https://hooks.slack.com/services/T0/B0/planted-secret";
    let body = json!({"config": {"name": "desk", "config_type": "slack", "slack": {"url": url}}});
    cluster.send("PUT", "/_plugins/_notifications/configs/alertform_shop_ops", &body.to_string());
    cluster.await_listed("alertform_shop_ops", "desk");
    cli.write("destinations/desk.yaml", &SLACK.replace("ops", "desk"));
    cli.edit("monitors/m.yaml", "destination: ops", "destination: desk");
    cluster.take_requests();
    let screen = cli.run(&["apply", "--yes"]).must_exit(1);
    let expected =
        "the channel that is named `desk` in the cluster has the id of `ops`, which is declared too";
    assert!(screen.stdout.contains(expected), "{screen}");
    assert_eq!(cluster.take_writes(), [""; 0]);
}

#[test]
fn a_destination_that_somebody_elses_monitor_tells_is_not_pruned() {
    for line in Line::ALL {
        let cluster = Cluster::start(line);
        let cli = project(&cluster);
        cli.run(&["apply", "--yes"]).must_exit(0);
        let mut copy = cluster.monitors().remove(0).1;
        copy["name"] = "theirs".into();
        copy.as_object_mut().unwrap().remove("ui_metadata");
        cluster.send("POST", &format!("{}/monitors", line.alerting()), &copy.to_string());
        cli.write("destinations/next.yaml", &SLACK.replace("ops", "next"));
        std::fs::remove_file(cli.path("destinations/ops.yaml")).unwrap();
        cli.edit("monitors/m.yaml", "destination: ops", "destination: next");
        for _ in 0..2 {
            let screen = cli.run(&["apply", "--yes", "--prune"]).must_exit(0);
            let expected = "no longer declared, and left alone since `theirs` tells it: destination `ops`";
            assert!(screen.stdout.contains(expected), "{line}: {screen}");
            assert!(!screen.stdout.contains("without `--prune`"), "{line}: {screen}");
        }
        assert_eq!(cluster.destinations().len(), 2, "{line}");
    }
}

#[test]
fn an_id_that_leads_nowhere_is_said_to() {
    let cluster = Cluster::start(Line::V2_19);
    let cli = project(&cluster);
    cli.edit("monitors/m.yaml", "destination: ops", "destination: {id: gone}");
    let screen = cli.run(&["plan"]).must_exit(0);
    let expected = "warning: monitors/m.yaml:11:32: monitor `m`: no destination in the cluster has the id `gone`\n  \
                    hint: name a declared destination: `destination: NAME`\n";
    assert!(screen.stdout.contains(expected), "{screen}");
}

#[test]
fn a_delegate_that_is_not_there_is_said_to_be_missing() {
    let cluster = Cluster::start(Line::V2_19);
    let cli = project(&cluster);
    cli.run(&["apply", "--yes"]).must_exit(0);
    let id = cluster.monitors().remove(0).0;
    let workflow = format!(
        "kind: workflow\nname: w\nschedule: {{every: 1h}}\ndelegates: [{{id: {id}}}, {{id: gone}}]\n"
    );
    cli.write("workflows/w.yaml", &workflow);
    let screen = cli.run(&["plan"]).must_exit(0);
    let expected =
        "warning: workflows/w.yaml:4:41: workflow `w`: no monitor in the cluster has the id `gone`\n";
    assert!(screen.stdout.contains(expected), "{screen}");
    assert_eq!(screen.stdout.matches("warning: ").count(), 1, "{screen}");
    cli.edit("workflows/w.yaml", ", {id: gone}", "");
    cli.run(&["apply", "--yes"]).must_exit(0);
}

#[test]
fn an_account_is_not_pruned_from_under_an_e_mail_that_was_made_since_the_plan() {
    let cluster = Cluster::start(Line::V2_19);
    let cli = project(&cluster);
    let account = "kind: email_account\nname: post\nsmtp_account: {host: h, port: 25, method: none, from_address: a@example.com}\n";
    cli.write("destinations/post.yaml", account);
    cli.run(&["apply", "--yes"]).must_exit(0);
    std::fs::remove_file(cli.path("destinations/post.yaml")).unwrap();
    let email = json!({"email_account_id": "alertform_shop_email-account__post", "recipient_list": [], "email_group_id_list": []});
    let config = json!({"name": "theirs", "config_type": "email", "is_enabled": true, "email": email});
    let mut looks = 0;
    cluster.meddle(Box::new(move |sandbox, request| {
        looks += usize::from(request.uri == "/.opensearch-notifications-config/_refresh");
        if looks == 2 {
            looks += 1;
            let body = json!({ "config": config }).to_string().into_bytes();
            let mut theirs = Request::new("POST", "/_plugins/_notifications/configs", body);
            theirs.content_type = Some("application/json".to_owned());
            assert_eq!(sandbox.answer(&theirs).status, 200);
        }
        None
    }));
    let screen = cli.run(&["apply", "--yes", "--prune"]).must_exit(1);
    let expected = "email_account `post`: an e-mail that was written since the plan makes use of it";
    assert!(screen.stdout.contains(expected), "{screen}");
}

/// Adds a hit to the answer of each search for monitors.
fn add_hit(cluster: &Cluster, source: &Value) {
    let source = source.clone();
    cluster.meddle(Box::new(move |sandbox, request| {
        if !request.uri.contains("/monitors/_search") {
            return None;
        }
        let mut answer = sandbox.answer(request);
        let mut body: Value = serde_json::from_slice(&answer.body).unwrap();
        let hit = json!({"_index": ".opendistro-alerting-config", "_id": "added", "_version": 1, "_seq_no": 9999,
            "_primary_term": 1, "_score": null, "_source": source, "sort": [9999]});
        body["hits"]["hits"].as_array_mut().unwrap().push(hit);
        body["hits"]["total"]["value"] = (body["hits"]["total"]["value"].as_u64().unwrap() + 1).into();
        answer.body = body.to_string().into_bytes();
        Some(answer)
    }));
}

#[test]
fn a_destination_that_a_workflow_or_an_unreadable_monitor_tells_is_not_pruned() {
    let action = |id: &str| json!([{"name": "a", "destination_id": id, "message_template": {"source": "m"}}]);
    for line in [Line::V2_19, Line::V3] {
        let cluster = Cluster::start(line);
        let cli = project(&cluster);
        cli.run(&["apply", "--yes"]).must_exit(0);
        cli.write("destinations/next.yaml", &SLACK.replace("ops", "next"));
        std::fs::remove_file(cli.path("destinations/ops.yaml")).unwrap();
        cli.edit("monitors/m.yaml", "destination: ops", "destination: next");
        let actions = action("alertform_shop_ops");
        for source in [
            json!({"type": "workflow", "name": "theirs", "triggers": [{"chained_alert_trigger": {"actions": actions}}]}),
            json!({"workflow": {"type": "workflow", "name": "theirs", "triggers": [{"actions": actions}]}}),
            json!({"type": "monitor", "name": "theirs", "schedule": 7, "triggers": [{"actions": actions}]}),
        ] {
            add_hit(&cluster, &source);
            let screen = cli.run(&["apply", "--yes", "--prune"]).must_exit(0);
            let expected = "left alone since `theirs` tells it: destination `ops`";
            assert!(screen.stdout.contains(expected), "{line}: {screen}");
        }
        assert_eq!(cluster.destinations().len(), 2, "{line}");
        let screen = cli.run(&["export", "--out", "out"]);
        assert!(screen.stderr.contains("left out: monitor `theirs` (id `added`)"), "{line}: {screen}");
    }
}

#[test]
fn what_an_update_would_lose_is_said() {
    let cluster = Cluster::start(Line::V3);
    let cli = project(&cluster);
    cli.run(&["apply", "--yes"]).must_exit(0);
    cluster.meddle(Box::new(|sandbox, request| {
        if !request.uri.contains("/monitors/_search") {
            return None;
        }
        let mut answer = sandbox.answer(request);
        let mut body: Value = serde_json::from_slice(&answer.body).unwrap();
        body["hits"]["hits"][0]["_source"]["from_a_later_age"] = json!({"a": 1});
        answer.body = body.to_string().into_bytes();
        Some(answer)
    }));
    let screen = cli.run(&["plan"]).must_exit(0);
    assert_eq!(screen.stdout, "plan: nothing to do; 2 unchanged\n");
    cli.edit("monitors/m.yaml", "hello", "goodbye");
    let screen = cli.run(&["plan"]).must_exit(0);
    let expected = "warning: monitors/m.yaml:1:1: monitor `m` has `/from_a_later_age` in the cluster, which \
                    alertform does not know\n  hint: the update loses it\n";
    assert!(screen.stdout.contains(expected), "{screen}");
    let screen = cli.run(&["export", "--out", "out"]).must_exit(0);
    assert!(screen.stderr.contains("`/from_a_later_age` of monitor `m` is in no file"), "{screen}");
}

#[test]
fn what_an_update_of_a_channel_would_lose_is_said() {
    let cluster = Cluster::start(Line::V3);
    let mut cli = project(&cluster);
    cli.run(&["apply", "--yes"]).must_exit(0);
    cluster.meddle(Box::new(|sandbox, request| {
        if request.method != "GET" || !request.uri.contains("/configs") {
            return None;
        }
        let mut answer = sandbox.answer(request);
        let mut body: Value = serde_json::from_slice(&answer.body).unwrap();
        body["config_list"][0]["config"]["slack"]["thread"] = json!("planted");
        answer.body = body.to_string().into_bytes();
        Some(answer)
    }));
    let screen = cli.run(&["plan"]).must_exit(0);
    assert_eq!(screen.stdout, "plan: nothing to do; 2 unchanged\n");
    cli.set("SLACK_URL", "https://hooks.slack.com/services/T0/B0/other");
    let screen = cli.run(&["plan"]).must_exit(0);
    assert!(
        screen.stdout.contains("has `/slack/thread` in the cluster, which alertform does not know"),
        "{screen}"
    );
    assert!(!screen.stdout.contains("planted"), "{screen}");
    let screen = cli.run(&["export", "--out", "out"]).must_exit(0);
    assert!(screen.stderr.contains("`/slack/thread` of destination `ops` is in no file"), "{screen}");
}

#[test]
fn nothing_is_made_where_a_monitor_without_a_name_cannot_be_understood() {
    let cluster = Cluster::start(Line::V2_19);
    let cli = project(&cluster);
    cli.run(&["apply", "--yes"]).must_exit(0);
    cli.write("monitors/other.yaml", &MONITOR.replace("name: m\n", "name: other\n"));
    add_hit(&cluster, &json!({"type": "monitor", "schedule": 7}));
    let screen = cli.run(&["apply", "--yes"]).must_exit(1);
    assert!(
        screen.stdout.contains("problem: monitor `` (id `added`) in the cluster cannot be understood"),
        "{screen}"
    );
    assert_eq!(cluster.monitors().len(), 1);
}

#[test]
fn nothing_is_pruned_while_a_file_cannot_be_read() {
    let cluster = Cluster::start(Line::V2_19);
    let cli = project(&cluster);
    cli.write("alerts/other.yaml", &MONITOR.replace("name: m\n", "name: other\n"));
    cli.run(&["apply", "--yes"]).must_exit(0);
    let path = cli.path("alerts/other.yaml");
    let text = std::fs::read(&path).unwrap();
    std::fs::write(&path, [text.as_slice(), b"# caf\xe9\n"].concat()).unwrap();
    let screen = cli.run(&["plan", "--prune"]).must_exit(1);
    assert!(screen.stderr.contains("alerts/other.yaml:1:1: not text in UTF-8"), "{screen}");
    std::fs::remove_file(&path).unwrap();
    std::os::unix::fs::symlink("nowhere", &path).unwrap();
    let screen = cli.run(&["plan"]).must_exit(0);
    assert!(screen.stdout.contains("warning: alerts/other.yaml:1:1: cannot read the file"), "{screen}");
    let screen = cli.run(&["apply", "--yes", "--prune"]).must_exit(1);
    assert!(screen.stdout.contains("problem: alerts/other.yaml:1:1: cannot read the file"), "{screen}");
    assert_eq!(cluster.monitors().len(), 2);
}

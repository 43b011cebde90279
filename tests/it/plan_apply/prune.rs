//! What is no longer declared: deleted on demand alone, and never while something may still need it.

use alertform::api::line::Line;
use alertform::sandbox::exchange::Request;
use serde_json::json;

use super::{MONITOR, SLACK, project, project_of_two};
use crate::cluster::{Cluster, answer, foreign};

#[test]
fn only_prune_deletes_and_only_what_is_ours() {
    for line in Line::ALL {
        let cluster = Cluster::start(line);
        let mut cli = project_of_two();
        cli.set("ALERTFORM_URL", &cluster.url);
        cli.run(&["apply", "--yes"]).must_exit(0);
        cluster.send("POST", &format!("{}/monitors", line.alerting()), &foreign("foreign").to_string());
        std::fs::remove_file(cli.path("monitors/second.yaml")).unwrap();
        let screen = cli.run(&["plan", "--detailed-exitcode"]).must_exit(0);
        assert!(screen.stdout.contains("left alone without `--prune`: monitor `second`"), "{line}: {screen}");
        cluster.take_requests();
        cli.run(&["apply", "--yes"]).must_exit(0);
        assert_eq!(cluster.take_writes(), [""; 0], "{line}");
        let [_, _, (second, _)] = &cluster.monitors()[..] else { panic!("{line}: not three monitors") };
        cli.run(&["apply", "--yes", "--prune"]).must_exit(0);
        assert_eq!(
            cluster.take_writes(),
            [format!("DELETE {}/monitors/{second}", line.alerting())],
            "{line}"
        );
        assert_eq!(cluster.names_of_monitors(), ["foreign", "rejects"], "{line}");
    }
}

#[test]
fn an_empty_project_deletes_nothing() {
    let cluster = Cluster::start(Line::V2_19);
    let mut cli = project();
    cli.set("ALERTFORM_URL", &cluster.url);
    cli.run(&["apply", "--yes"]).must_exit(0);
    std::fs::remove_dir_all(cli.path("monitors")).unwrap();
    std::fs::remove_dir_all(cli.path("destinations")).unwrap();
    cluster.take_requests();
    let screen = cli.run(&["apply", "--yes", "--prune"]).must_exit(1);
    assert!(screen.stderr.starts_with("error: no monitor and no destination is declared below"), "{screen}");
    assert_eq!(cluster.take_requests(), [""; 0]);
    assert_eq!(cluster.monitors().len(), 1);
}

#[test]
fn a_destination_stays_while_a_monitor_that_tells_it_could_not_be_written() {
    for line in Line::ALL {
        let cluster = Cluster::start(line);
        let mut cli = project();
        cli.set("ALERTFORM_URL", &cluster.url);
        cli.write("destinations/other.yaml", &SLACK.replace("ops-slack", "other"));
        cli.run(&["apply", "--yes"]).must_exit(0);
        cli.edit("monitors/rejects.yaml", "destination: ops-slack", "destination: other");
        std::fs::remove_file(cli.path("destinations/ops-slack.yaml")).unwrap();
        cluster.meddle(Box::new(|_, request| {
            let is_update = request.method == "PUT" && request.uri.contains("/monitors/");
            is_update.then(|| answer(409, "{}"))
        }));
        let screen = cli.run(&["apply", "--yes", "--prune"]).must_exit(1);
        let expected = "not tried: destination `ops-slack`: a monitor that may still tell it was not written";
        assert!(screen.stdout.contains(expected), "{line}: {screen}");
        cluster.meddle(Box::new(|_, _| None));
        let screen = cli.run(&["apply", "--yes", "--prune"]).must_exit(0);
        assert!(screen.stdout.contains("0 created, 1 updated, 1 deleted"), "{line}: {screen}");
        cli.run(&["plan", "--detailed-exitcode"]).must_exit(0);
    }
}

#[test]
fn a_gate_that_knows_no_such_path_deletes_nothing() {
    for line in Line::ALL {
        let cluster = Cluster::start(line);
        let mut cli = project_of_two();
        cli.set("ALERTFORM_URL", &cluster.url);
        cli.write("destinations/other.yaml", &SLACK.replace("ops-slack", "other"));
        cli.edit("monitors/second.yaml", "destination: ops-slack", "destination: other");
        cli.run(&["apply", "--yes"]).must_exit(0);
        std::fs::remove_file(cli.path("monitors/second.yaml")).unwrap();
        std::fs::remove_file(cli.path("destinations/other.yaml")).unwrap();
        let listed = cluster.destinations();
        let ids: Vec<String> = cluster.monitors().into_iter().map(|(id, _)| id).collect();
        let ids: Vec<String> = ids.into_iter().chain(listed.iter().map(|(id, _)| id.clone())).collect();
        cluster.meddle(Box::new(move |_, request| {
            let is_one = ids.iter().any(|id| request.uri.contains(id));
            is_one.then(|| answer(404, r#"{"error":"no such path on this gateway","status":404}"#))
        }));
        let screen = cli.run(&["apply", "--yes", "--prune"]).must_exit(1);
        assert!(screen.stdout.contains("0 created, 0 updated, 0 deleted; "), "{line}: {screen}");
        cluster.meddle(Box::new(|_, _| None));
        let screen = cli.run(&["apply", "--yes", "--prune"]).must_exit(0);
        assert!(screen.stdout.contains("0 created, 0 updated, 2 deleted"), "{line}: {screen}");
        cli.run(&["plan", "--detailed-exitcode"]).must_exit(0);
    }
}

#[test]
fn a_monitor_that_a_workflow_runs_is_not_deleted() {
    for line in [Line::V2_19, Line::V3] {
        let cluster = Cluster::start(line);
        let mut cli = project_of_two();
        cli.set("ALERTFORM_URL", &cluster.url);
        cli.run(&["apply", "--yes"]).must_exit(0);
        let [_, (second, _)] = &cluster.monitors()[..] else { panic!("{line}: not two monitors") };
        let workflow = json!({
            "name": "chain", "type": "workflow", "workflow_type": "composite", "enabled": false,
            "schedule": {"period": {"interval": 1, "unit": "HOURS"}}, "triggers": [],
            "inputs": [{"composite_input": {"sequence": {"delegates": [{"order": 1, "monitor_id": second}]}}}],
        });
        let hit = json!({
            "_id": "w", "_version": 1, "_seq_no": 9999, "_primary_term": 1, "_source": {"workflow": workflow},
        });
        cluster.meddle(Box::new(move |sandbox, request| {
            if !request.uri.ends_with("/monitors/_search") {
                return None;
            }
            let found = sandbox.answer(request);
            let mut page: serde_json::Value = serde_json::from_slice(&found.body).unwrap();
            page["hits"]["hits"].as_array_mut().unwrap().push(hit.clone());
            page["hits"]["total"]["value"] = json!(page["hits"]["total"]["value"].as_u64().unwrap() + 1);
            Some(answer(200, page.to_string()))
        }));
        std::fs::remove_file(cli.path("monitors/second.yaml")).unwrap();
        let screen = cli.run(&["plan", "--prune", "--detailed-exitcode"]).must_exit(0);
        let expected = "no longer declared, and left alone since `chain` runs it: monitor `second`\n";
        assert!(screen.stdout.contains(expected), "{line}: {screen}");
    }
}

#[test]
fn a_destination_that_somebody_tells_since_the_plan_is_not_deleted() {
    for line in Line::ALL {
        let cluster = Cluster::start(line);
        let mut cli = project();
        cli.set("ALERTFORM_URL", &cluster.url);
        cli.write("destinations/other.yaml", &SLACK.replace("ops-slack", "other"));
        cli.write(
            "monitors/second.yaml",
            &MONITOR
                .replace("name: rejects", "name: second")
                .replace("destination: ops-slack", "destination: other"),
        );
        cli.run(&["apply", "--yes"]).must_exit(0);
        std::fs::remove_file(cli.path("destinations/other.yaml")).unwrap();
        std::fs::remove_file(cli.path("monitors/second.yaml")).unwrap();
        let other = cluster.destinations().into_iter().find(|(_, name)| name == "other").unwrap().0;
        let mut rival = foreign("rival");
        let action = json!({"name": "a", "destination_id": other, "message_template": {"source": "hello"}});
        let script = json!({"source": "true", "lang": "painless"});
        rival["triggers"] =
            json!([{"name": "t", "severity": "1", "condition": {"script": script}, "actions": [action]}]);
        let (mut rival, mut looks) = (Some(rival), 0);
        cluster.meddle(Box::new(move |sandbox, request| {
            looks += usize::from(request.uri == "/.opendistro-alerting-config/_refresh");
            if looks == 2
                && let Some(rival) = rival.take()
            {
                let path = format!("{}/monitors?refresh=false", line.alerting());
                let mut made = Request::new("POST", &path, rival.to_string());
                made.content_type = Some("application/json".to_owned());
                assert_eq!(sandbox.answer(&made).status, 201);
            }
            None
        }));
        let screen = cli.run(&["apply", "--yes", "--prune"]).must_exit(1);
        let expected = "not tried: destination `other`: a monitor that was written since the plan tells it";
        assert!(screen.stdout.contains(expected), "{line}: {screen}");
        assert!(cluster.destinations().iter().any(|(id, _)| *id == other), "{line}: {screen}");
    }
}

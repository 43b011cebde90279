//! An apply that is not alone, or that follows one which was killed: nothing is made twice, and nobody waits for a
//! server that is gone.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on shall fail")]

use alertform::api::line::Line;
use alertform::sandbox::exchange::Request;
use alertform::sandbox::server::Sandbox;
use serde_json::{Value, json};

use crate::cli::Cli;
use crate::cluster::Cluster;

fn project(cluster: &Cluster, names: &[&str]) -> Cli {
    let monitor = |name: &&str| {
        format!(
            "kind: monitor\nname: {name}\nschedule: {{every: 1h}}\nindex: logs-*\nquery: a\nwindow: none\n"
        )
    };
    let monitors: Vec<String> = names.iter().map(monitor).collect();
    let mut cli =
        Cli::new(&[("alertform.yaml", "project: shop\n"), ("monitors/all.yaml", &monitors.join("---\n"))]);
    cli.set("ALERTFORM_URL", &cluster.url);
    cli
}

fn foreign(name: &str) -> Value {
    let schedule = json!({"period": {"interval": 1, "unit": "DAYS"}});
    json!({"name": name, "type": "monitor", "schedule": schedule, "inputs": [], "triggers": []})
}

fn make(sandbox: &mut Sandbox, line: Line, name: &str) {
    let body = foreign(name).to_string().into_bytes();
    let mut request = Request::new("POST", &format!("{}/monitors?refresh=false", line.alerting()), body);
    request.content_type = Some("application/json".to_owned());
    assert_eq!(sandbox.answer(&request).status, 201);
}

fn names(cluster: &Cluster) -> Vec<String> {
    let search =
        r#"{"size":100,"query":{"exists":{"field":"monitor"}},"sort":[{"monitor.name.keyword":"asc"}]}"#;
    let page = cluster.send("POST", &format!("{}/monitors/_search", cluster.line().alerting()), search);
    let hits = page["hits"]["hits"].as_array().unwrap();
    hits.iter().map(|hit| hit["_source"]["name"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn what_was_made_a_moment_ago_and_is_hidden_from_searches_is_not_made_again() {
    for line in Line::ALL {
        let cluster = Cluster::start(line);
        let path = format!("{}/monitors?refresh=true", line.alerting());
        cluster.send("POST", &path, &foreign("other").to_string());
        let path = format!("{}/monitors?refresh=false", line.alerting());
        cluster.send("POST", &path, &foreign("a").to_string());
        let cli = project(&cluster, &["a", "b"]);
        let screen = cli.run(&["apply", "--yes"]).must_exit(1);
        assert!(screen.stderr.contains("1 resource would be taken over"), "{line}: {screen}");
        assert_eq!(names(&cluster), ["a", "other"], "{line}");
    }
}

#[test]
fn what_somebody_made_since_the_plan_is_not_made_again() {
    for line in Line::ALL {
        let cluster = Cluster::start(line);
        cluster.send("POST", &format!("{}/monitors", line.alerting()), &foreign("other").to_string());
        let cli = project(&cluster, &["a", "b", "c"]);
        let mut searches = 0;
        cluster.meddle(Box::new(move |sandbox, request| {
            searches += usize::from(request.uri.contains("/_search"));
            if searches == 2 && request.uri.contains("/_search") {
                make(sandbox, line, "b");
                let refresh = Request::new("POST", "/.opendistro-alerting-config/_refresh", Vec::new());
                assert_eq!(sandbox.answer(&refresh).status, 200);
            }
            None
        }));
        let screen = cli.run(&["apply", "--yes"]).must_exit(1);
        let report = screen.stdout.split("\nfailed: ").nth(1).unwrap_or_default();
        assert_eq!(
            report,
            "monitors/all.yaml:8:1: monitor `b`: somebody made it in the cluster since the plan was made\n  \
             hint: plan again: it may be as declared already\n\
             not tried: monitors/all.yaml:1:1: monitor `a`: somebody else makes the same at the same time\n  \
             and so monitor `c`\n\
             applied: 0 created, 0 updated, 0 deleted; 1 failed, 2 not tried\n",
            "{line}: {screen}"
        );
        assert_eq!(names(&cluster), ["b", "other"], "{line}");
    }
}

#[test]
fn of_two_applies_at_once_none_makes_everything_twice() {
    for line in Line::ALL {
        let cluster = Cluster::start(line);
        let cli = project(&cluster, &["a", "b", "c", "d"]);
        let mut is_first = true;
        cluster.meddle(Box::new(move |sandbox, request| {
            if request.method == "POST" && request.uri.contains("/monitors?") && is_first {
                is_first = false;
                make(sandbox, line, "a");
            }
            None
        }));
        let screen = cli.run(&["apply", "--yes"]).must_exit(1);
        let expected = "monitor `a`: somebody else made it at the same time, so that it is there twice";
        assert!(screen.stdout.contains(expected), "{line}: {screen}");
        assert!(
            screen.stdout.contains("1 created, 0 updated, 0 deleted; 1 failed, 3 not tried"),
            "{line}: {screen}"
        );
        assert_eq!(names(&cluster), ["a", "a"], "{line}");
    }
}

#[test]
fn an_apply_gives_up_on_a_server_that_is_gone() {
    let mut cluster = Cluster::start(Line::V2_19);
    let names: Vec<String> = (0..40).map(|number| format!("m{number:02}")).collect();
    let cli = project(&cluster, &names.iter().map(String::as_str).collect::<Vec<_>>());
    let mut end = Some(cluster.take_end());
    let mut creations = 0;
    cluster.meddle(Box::new(move |_, request| {
        creations += usize::from(request.method == "POST" && request.uri.contains("/monitors?"));
        if creations == 5 {
            let _ = end.take().map(|end| end.send(()));
        }
        None
    }));
    let screen = cli.run(&["apply", "--yes", "--retries", "0"]).must_exit(1);
    assert!(screen.stdout.contains(": the server no longer answers\n"), "{screen}");
    assert!(screen.stderr.matches("failed monitor").count() <= 8, "{screen}");
}

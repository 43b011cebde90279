//! An apply that is not alone, or that follows one which was killed: nothing is made twice, and nobody waits for a
//! server that is gone.

use std::time::Duration;

use alertform::api::line::Line;
use alertform::sandbox::exchange::Request;
use alertform::sandbox::server::Sandbox;
use serde_json::json;

use crate::cli::Cli;
use crate::cluster::{Cluster, Fate, answer, foreign};

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

fn make(sandbox: &mut Sandbox, line: Line, name: &str) {
    let body = foreign(name).to_string().into_bytes();
    let mut request = Request::new("POST", &format!("{}/monitors?refresh=false", line.alerting()), body);
    request.content_type = Some("application/json".to_owned());
    assert_eq!(sandbox.answer(&request).status, 201);
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
        assert_eq!(cluster.names_of_monitors(), ["a", "other"], "{line}");
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
            let is_search = request.uri.contains("/monitors/_search");
            searches += usize::from(is_search);
            if searches == 2 && is_search {
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
             not tried: monitors/all.yaml:1:1: monitor `a`: somebody else applies at the same time\n  \
             hint: run it again: what is done is not done again\n  and so monitor `c`\n\
             applied: 0 created, 0 updated, 0 deleted; 1 failed, 2 not tried\n",
            "{line}: {screen}"
        );
        assert_eq!(cluster.names_of_monitors(), ["b", "other"], "{line}");
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
        let expected =
            "monitor `a`: somebody else made it a moment before, and what was made here is deleted again";
        assert!(screen.stdout.contains(expected), "{line}: {screen}");
        assert!(
            screen.stdout.contains("0 created, 0 updated, 0 deleted; 1 failed, 3 not tried"),
            "{line}: {screen}"
        );
        assert_eq!(cluster.names_of_monitors(), ["a"], "{line}");
    }
}

#[test]
fn what_is_taken_back_is_looked_for_where_the_answer_is_lost() {
    for is_done in [false, true] {
        let cluster = Cluster::start(Line::V3);
        let cli = project(&cluster, &["a", "b", "c", "d"]);
        let mut is_first = true;
        let mut is_whole = true;
        cluster.interfere(Box::new(move |sandbox, request| {
            if request.method == "POST" && request.uri.contains("/monitors?") && is_first {
                is_first = false;
                make(sandbox, Line::V3, "a");
            }
            let is_hit = request.method == "DELETE" && std::mem::take(&mut is_whole);
            is_hit.then(|| if is_done { Fate::BreakOff(sandbox.answer(request)) } else { Fate::Cut })
        }));
        let screen = cli.run(&["apply", "--yes"]).must_exit(1);
        assert!(screen.stdout.contains("and what was made here is deleted again"), "{screen}");
        assert_eq!(cluster.names_of_monitors(), ["a"], "{screen}");
    }
}

#[test]
fn who_has_made_much_goes_on_where_somebody_else_makes_one_of_it() {
    for line in Line::ALL {
        let cluster = Cluster::start(line);
        let cli = project(&cluster, &["a", "b", "c", "d", "e"]);
        let mut creations = 0;
        cluster.meddle(Box::new(move |sandbox, request| {
            creations += usize::from(request.method == "POST" && request.uri.contains("/monitors?"));
            if creations == 2 {
                creations += 1;
                make(sandbox, line, "d");
            }
            None
        }));
        let screen = cli.run(&["apply", "--yes"]).must_exit(1);
        let end = "applied: 4 created, 0 updated, 0 deleted; 1 failed, 0 not tried\n";
        assert!(screen.stdout.ends_with(end), "{line}: {screen}");
        assert_eq!(screen.stdout.matches("monitor `d`: somebody else made it a moment before").count(), 1);
        assert_eq!(cluster.names_of_monitors(), ["a", "b", "c", "d", "e"], "{line}");
    }
}

#[test]
fn who_meets_another_at_a_name_that_the_server_takes_once_leaves_it_the_rest() {
    for line in [Line::Odfe, Line::V1_3] {
        let cluster = Cluster::start(line);
        let cli = project(&cluster, &["a"]);
        let account = |name: &str| {
            format!(
                "kind: email_account\nname: {name}\nsmtp_account: {{host: h, port: 25, method: none, from_address: a@b.c}}\n"
            )
        };
        cli.write("accounts.yaml", &format!("{}---\n{}", account("one"), account("two")));
        let mut is_first = true;
        cluster.meddle(Box::new(move |sandbox, request| {
            if request.method == "POST" && request.uri.contains("/email_accounts?") && is_first {
                is_first = false;
                assert_eq!(sandbox.answer(request).status, 201);
            }
            None
        }));
        let screen = cli.run(&["apply", "--yes"]).must_exit(1);
        let expected = "email_account `one`: somebody made it in the cluster since the plan was made";
        assert!(screen.stdout.contains(expected), "{line}: {screen}");
        assert!(screen.stdout.contains("1 failed, 2 not tried"), "{line}: {screen}");
        cli.run(&["apply", "--yes"]).must_exit(0);
    }
}

#[test]
fn a_first_write_that_lost_the_race_for_the_index_is_sent_again() {
    for line in Line::ALL {
        let cluster = Cluster::start(line);
        let cli = project(&cluster, &["a", "b"]);
        let mut is_first = true;
        cluster.meddle(Box::new(move |_, request| {
            let is_write = request.method == "POST" && request.uri.contains("/monitors?");
            let reason = "index [.opendistro-alerting-config/la__tnOrSLywTjieu7KZng] already exists";
            let body = json!({
                "error": {"type": "resource_already_exists_exception", "reason": reason},
                "status": 400,
            });
            (is_write && std::mem::take(&mut is_first)).then(|| answer(400, body.to_string()))
        }));
        cli.run(&["apply", "--yes"]).must_exit(0);
        assert_eq!(cluster.names_of_monitors(), ["a", "b"], "{line}");
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
    assert!(screen.stdout.contains(": no write gets through\n"), "{screen}");
    assert!(screen.stderr.matches("failed monitor").count() <= 8, "{screen}");
}

#[test]
fn a_search_for_rivals_that_did_not_look_everywhere_is_no_all_clear() {
    let cluster = Cluster::start(Line::V3);
    let cli = project(&cluster, &["a", "b"]);
    let mut searches = 0;
    cluster.meddle(Box::new(move |_, request| {
        searches += usize::from(request.uri.contains("/_search"));
        let page = json!({"timed_out": false, "_shards": {"failed": 1}, "hits": {"total": {"value": 0}, "hits": []}});
        (searches == 2 && request.uri.contains("/_search")).then(|| answer(200, page.to_string()))
    }));
    let screen = cli.run(&["apply", "--yes"]).must_exit(1);
    let expected =
        "not tried: monitors/all.yaml:1:1: monitor `a`: nobody knows what else was made since the plan";
    assert!(screen.stdout.contains(expected), "{screen}");
    assert_eq!(cluster.names_of_monitors(), [""; 0]);
    cluster.meddle(Box::new(|_, _| None));
    cli.run(&["apply", "--yes"]).must_exit(0);
    assert_eq!(cluster.names_of_monitors(), ["a", "b"]);
}

#[test]
fn an_apply_gives_up_when_nobody_lets_it_write() {
    let cluster = Cluster::start(Line::V2_19);
    let names: Vec<String> = (0..40).map(|number| format!("m{number:02}")).collect();
    let cli = project(&cluster, &names.iter().map(String::as_str).collect::<Vec<_>>());
    let reason = "no permissions for [cluster:admin/opendistro/alerting/monitor/write] and User [name=ann]";
    let refusal =
        json!({"error": {"type": "security_exception", "reason": reason}, "status": 403}).to_string();
    cluster.meddle(Box::new(move |_, request| {
        (request.method == "POST" && request.uri.contains("/monitors?")).then(|| answer(403, refusal.clone()))
    }));
    let screen = cli.run(&["apply", "--yes"]).must_exit(1);
    assert!(screen.stdout.contains(": no write gets through\n"), "{screen}");
    assert!(screen.stderr.matches("failed monitor").count() <= 8, "{screen}");
    cluster.meddle(Box::new(|_, _| None));
    cli.run(&["apply", "--yes"]).must_exit(0);
    assert_eq!(cluster.names_of_monitors(), names);
}

#[test]
fn of_two_applies_that_run_together_nothing_is_left_twice() {
    for line in Line::ALL {
        let cluster = Cluster::start(line);
        cluster.send("POST", &format!("{}/monitors", line.alerting()), &foreign("other").to_string());
        let slack = "kind: destination\nname: ops\nslack: {url: '${URL}'}\n";
        let told = "triggers:\n  - name: t\n    condition: 'true'\n    actions: [{name: a, destination: ops, message: m}]\n";
        let names: Vec<String> = (0..8).map(|number| format!("m{number}")).collect();
        let mut cli = project(&cluster, &names.iter().map(String::as_str).collect::<Vec<_>>());
        cli.write("ops.yaml", slack);
        cli.set("URL", "https://hooks.slack.com/services/T0/B0/x");
        cli.edit("monitors/all.yaml", "window: none\n", &format!("window: none\n{told}"));
        for delay in [0, 0, 60, 150] {
            let apply = |delay| {
                std::thread::sleep(Duration::from_millis(delay));
                cli.run(&["apply", "--yes"])
            };
            let (one, other) = std::thread::scope(|scope| {
                let other = scope.spawn(|| apply(delay));
                (apply(0), other.join().unwrap())
            });
            let screens = format!("{line}, {delay} ms: {one}{other}");
            // nothing is missing and nothing there twice, whoever of the two made it
            let mut expected = names.clone();
            expected.push("other".to_owned());
            assert_eq!(cluster.names_of_monitors(), expected, "{screens}");
            cli.run(&["apply", "--yes", "--adopt"]).must_exit(0);
            assert_eq!(cluster.names_of_monitors(), expected, "{screens}");
            assert_eq!(cluster.destinations().len(), 1, "{screens}");
            let everything = cli.read("monitors/all.yaml");
            cli.write("monitors/all.yaml", everything.split("---\n").last().unwrap());
            cli.run(&["apply", "--yes", "--prune"]).must_exit(0);
            cli.write("monitors/all.yaml", &everything);
        }
    }
}

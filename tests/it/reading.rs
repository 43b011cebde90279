//! Lists that change while they are read page by page: nothing slips through, or the user hears of it.

use alertform::api::line::Line;
use alertform::sandbox::exchange::Request;
use alertform::sandbox::server::Sandbox;
use serde_json::{Value, json};

use crate::cli::Cli;
use crate::cluster::{Cluster, answer};

/// Declares monitors `m0` to the one before `m{count}`.
fn declare(cli: &Cli, count: usize) {
    let monitor = |number| {
        format!(
            "kind: monitor\nname: m{number}\nschedule: {{every: 1h}}\nindex: logs-*\nquery: a\nwindow: none\n"
        )
    };
    let monitors: Vec<String> = (0..count).map(monitor).collect();
    cli.write("monitors/all.yaml", &monitors.join("---\n"));
}

#[test]
fn no_monitor_slips_through_when_others_are_written_or_deleted_between_two_pages() {
    let cluster = Cluster::start(Line::V3);
    let limit = json!({"persistent": {"plugins.alerting.monitor.max_monitors": 5000}});
    cluster.send("PUT", "/_cluster/settings", &limit.to_string());
    let mut cli = Cli::new(&[("alertform.yaml", "project: shop\n")]);
    cli.set("ALERTFORM_URL", &cluster.url);

    declare(&cli, 2000);
    cli.run(&["apply", "--yes"]).must_exit(0);
    before_the_second_page(&cluster, |sandbox| {
        let (id, mut monitor) = oldest(sandbox);
        monitor["triggers"] = json!([]);
        monitor["schedule"]["period"]["interval"] = json!(2);
        ask(sandbox, "PUT", &format!("/_plugins/_alerting/monitors/{id}"), &monitor);
    });
    let screen = cli.run(&["plan"]).must_exit(0);
    assert!(
        screen.stdout.starts_with("plan: 0 to create, 1 to update, 0 to delete; 1999 unchanged"),
        "{screen}"
    );
    assert!(screen.stdout.contains("- schedule: {every: 2h}"), "{screen}");

    declare(&cli, 2001);
    cluster.meddle(Box::new(|_, _| None));
    cli.run(&["apply", "--yes"]).must_exit(0);
    before_the_second_page(&cluster, |sandbox| {
        let (id, _) = oldest(sandbox);
        ask(sandbox, "DELETE", &format!("/_plugins/_alerting/monitors/{id}"), &Value::Null);
    });
    let screen = cli.run(&["plan"]).must_exit(0);
    assert_eq!(screen.stdout, "plan: nothing to do; 2001 unchanged\n");
}

#[test]
fn shards_that_count_their_writes_each_for_itself_hide_no_monitor() {
    let cluster = Cluster::start(Line::V1_3);
    let limit = json!({"persistent": {"plugins.alerting.monitor.max_monitors": 5000}});
    cluster.send("PUT", "/_cluster/settings", &limit.to_string());
    let mut cli = Cli::new(&[("alertform.yaml", "project: shop\n")]);
    cli.set("ALERTFORM_URL", &cluster.url);
    declare(&cli, 2500);
    cli.run(&["apply", "--yes"]).must_exit(0);
    cluster.meddle(Box::new(|sandbox, request| {
        let asked: Value = serde_json::from_slice(&request.body).ok()?;
        request
            .uri
            .ends_with("/monitors/_search")
            .then(|| answer(200, three_shards(sandbox, asked).to_string()))
    }));
    let screen = cli.run(&["plan"]).must_exit(0);
    assert_eq!(screen.stdout, "plan: nothing to do; 2500 unchanged\n");
}

/// What a search would find if each of three shards had a third of the writes.
fn three_shards(sandbox: &mut Sandbox, mut asked: Value) -> Value {
    let size = usize::try_from(asked["size"].as_u64().unwrap()).unwrap();
    let after = asked.as_object_mut().unwrap().remove("search_after");
    let after = after.map_or(-1, |after| after[0].as_i64().unwrap());
    asked["size"] = json!(5000);
    let mut page = ask(sandbox, "POST", "/_plugins/_alerting/monitors/_search", &asked);
    let hits = page["hits"]["hits"].as_array_mut().unwrap();
    for hit in hits.iter_mut() {
        hit["_seq_no"] = json!(hit["_seq_no"].as_i64().unwrap() / 3);
    }
    hits.retain(|hit| hit["_seq_no"].as_i64().unwrap() > after);
    hits.truncate(size);
    page
}

#[test]
fn three_thousand_destinations_are_one_request_and_more_than_a_server_lists_are_refused() {
    for line in [Line::V1_3, Line::V3] {
        let cluster = Cluster::start(line);
        let entry = |number| {
            let (name, slack) = (format!("d{number}"), json!({"url": "https://hooks.slack.com/services/x"}));
            if line.has_channels() {
                let config = json!({"name": name, "config_type": "slack", "slack": slack});
                json!({"config_id": name, "last_updated_time_ms": 1, "config": config})
            } else {
                json!({"id": name, "seq_no": number, "primary_term": 1, "name": name, "type": "slack", "slack": slack})
            }
        };
        let mut cli = Cli::new(&[]);
        cli.set("ALERTFORM_URL", &cluster.url);
        let mut screens = String::new();
        for (number, total) in [(3000, 3000), (10_000, 10_000), (2, 3)] {
            let entries: Vec<Value> = (0..number).map(entry).collect();
            let list = json!({"total_hits": total, "config_list": entries, "totalDestinations": total, "destinations": entries});
            let mut list = list.as_object().unwrap().clone();
            list.retain(|key, _| {
                line.has_channels() == ["total_hits", "config_list"].contains(&key.as_str())
            });
            let list = Value::Object(list).to_string();
            cluster.meddle(Box::new(move |_, request| {
                let is_list = request.uri.contains("/configs?") || request.uri.contains("/destinations?");
                is_list.then(|| answer(200, list.clone()))
            }));
            cluster.take_requests();
            let screen = cli.run(&["export", "--out", "out", "--overwrite"]);
            if number == 3000 {
                // before 2.0 accounts and groups of e-mail have lists of their own
                let requests = if line.has_channels() { 3 } else { 5 };
                assert_eq!(cluster.take_requests().len(), requests, "{line}");
                screens += &screen.must_exit(0).stdout;
            } else {
                screens += &screen.must_exit(1).stderr;
            }
        }
        let what = if line.has_channels() { "channels" } else { "destinations" };
        let screens = screens.replace(what, "WHAT");
        insta::allow_duplicates! {
            insta::assert_snapshot!(screens, @r"
            exported 3000 resources to out
            error: the cluster has 10000 WHAT or more, and no server lists more
              hint: delete those that nothing tells
            error: the list of WHAT changed while it was read: found 2 of 3
              hint: run it again
            ");
        }
    }
}

#[test]
fn a_list_with_a_gap_is_refused() {
    let cluster = Cluster::start(Line::V3);
    let mut cli = Cli::new(&[]);
    cli.set("ALERTFORM_URL", &cluster.url);
    declare(&cli, 1);
    let whole =
        json!({"timed_out": false, "_shards": {"failed": 0}, "hits": {"total": {"value": 0}, "hits": []}});
    let pages = [("/_shards/failed", json!(1)), ("/timed_out", json!(true)), ("/hits/total/value", json!(2))];
    let mut screens = String::new();
    for (pointer, value) in pages {
        let mut page = whole.clone();
        *page.pointer_mut(pointer).unwrap() = value;
        cluster.meddle(Box::new(move |_, request| {
            request.uri.ends_with("/monitors/_search").then(|| answer(200, page.to_string()))
        }));
        screens += &cli.run(&["plan"]).must_exit(1).stderr;
    }
    insta::assert_snapshot!(screens, @r"
    error: the list of monitors is not whole: 1 shard failed
      hint: see to the index `.opendistro-alerting-config`, and run it again
    error: the list of monitors is not whole: the search ran out of time
      hint: see to the index `.opendistro-alerting-config`, and run it again
    error: the list of monitors changed while it was read: found 0 of 2
      hint: run it again
    ");
}

#[test]
fn a_monitor_that_nests_too_deep_to_be_read_is_known_by_its_name() {
    let cluster = Cluster::start(Line::V3);
    let mut cli = Cli::new(&[]);
    cli.set("ALERTFORM_URL", &cluster.url);
    declare(&cli, 1);
    for wrapped in [false, true] {
        let deep = format!("{}1{}", r#"{"bool":"#.repeat(200), "}".repeat(200));
        let monitor = format!(r#"{{"inputs":{deep},"name":"m0"}}"#);
        let source = if wrapped { format!(r#"{{"monitor":{monitor}}}"#) } else { monitor };
        let hit = format!(
            r#"{{"_id":"i","_version":1,"_seq_no":1,"_primary_term":1,"sort":[1],"_source":{source}}}"#
        );
        let hits = format!(r#"{{"total":{{"value":1}},"hits":[{hit}]}}"#);
        let page = format!(r#"{{"timed_out":false,"_shards":{{"failed":0}},"hits":{hits}}}"#);
        cluster.meddle(Box::new(move |_, request| {
            request.uri.ends_with("/monitors/_search").then(|| answer(200, page.clone()))
        }));
        let screen = cli.run(&["plan"]).must_exit(1);
        let expected =
            "problem: monitors/all.yaml:1:1: monitor `m0` (id `i`) in the cluster cannot be understood";
        assert!(screen.stdout.contains(expected), "{screen}");
    }
}

/// Does something to the cluster after the first page of monitors was read.
fn before_the_second_page(cluster: &Cluster, mut change: impl FnMut(&mut Sandbox) + Send + 'static) {
    let mut pages = 0;
    cluster.meddle(Box::new(move |sandbox, request| {
        pages += usize::from(request.uri.ends_with("/monitors/_search"));
        if pages == 2 {
            change(sandbox);
            pages += 1;
        }
        None
    }));
}

/// The monitor that was not written for the longest time.
fn oldest(sandbox: &mut Sandbox) -> (String, Value) {
    let search = json!({"size": 1, "query": {"exists": {"field": "monitor"}}, "sort": [{"_seq_no": "asc"}]});
    let page = ask(sandbox, "POST", "/_plugins/_alerting/monitors/_search", &search);
    let hit = &page["hits"]["hits"][0];
    (hit["_id"].as_str().unwrap().to_owned(), hit["_source"].clone())
}

fn ask(sandbox: &mut Sandbox, method: &str, path: &str, body: &Value) -> Value {
    let body = if body.is_null() { String::new() } else { body.to_string() };
    let request = Request {
        content_type: Some("application/json".to_owned()),
        user_agent: Some("OpenSearch-Dashboards".to_owned()),
        ..Request::new(method, path, body)
    };
    let answer = sandbox.answer(&request);
    let text = String::from_utf8(answer.body).unwrap();
    assert!(answer.status < 300, "{method} {path} answered {}: {text}", answer.status);
    serde_json::from_str(&text).unwrap()
}

#[test]
fn only_a_missing_index_makes_an_empty_list() {
    for line in Line::ALL {
        let cluster = Cluster::start(line);
        let mut cli = Cli::new(&[("alertform.yaml", "project: shop\n")]);
        cli.set("ALERTFORM_URL", &cluster.url);
        declare(&cli, 2);
        cli.run(&["apply", "--yes"]).must_exit(0);
        for part in ["/_search", if line.has_channels() { "/configs" } else { "/destinations" }] {
            cluster.meddle(Box::new(move |_, request| {
                request
                    .uri
                    .contains(part)
                    .then(|| answer(404, br#"{"error":"no such path on this gateway","status":404}"#))
            }));
            let screen = cli.run(&["plan"]).must_exit(1);
            let expected = "was answered with 404: no such path on this gateway";
            assert!(screen.stderr.contains(expected), "{line}: {screen}");
        }
    }
}

#[test]
fn a_server_that_cannot_answer_is_not_taken_for_an_older_one() {
    let cluster = Cluster::start(Line::V2_19);
    let mut cli = Cli::new(&[("alertform.yaml", "project: shop\n")]);
    cli.set("ALERTFORM_URL", &cluster.url);
    declare(&cli, 1);
    cluster.meddle(Box::new(|_, request| {
        let refused = |status, reason: &str| {
            answer(status, json!({"error": {"type": "e", "reason": reason}, "status": status}).to_string())
        };
        match request.uri.as_str() {
            "/" => Some(refused(403, "no permissions for [cluster:monitor/main] and User [name=ann]")),
            "/_plugins/_notifications/features" => Some(refused(500, "not now")),
            _ => None,
        }
    }));
    let screen = cli.run(&["plan"]).must_exit(1);
    assert!(
        screen.stderr.contains("/_plugins/_notifications/features was answered with 500 (e): not now"),
        "{screen}"
    );
}

#[test]
fn a_setting_of_the_line_that_the_server_contradicts_is_warned_of() {
    let cluster = Cluster::start(Line::V3);
    let mut cli = Cli::new(&[]);
    cli.set("ALERTFORM_URL", &cluster.url);
    declare(&cli, 1);
    let screen = cli.run(&["plan", "--line", "1.3"]).must_exit(0);
    assert!(
        screen.stderr.starts_with(
            "warning: the server says that it is of line 3, and `--line` or `line:` that it is of 1.3\n"
        ),
        "{screen}"
    );
    assert_eq!(cli.run(&["plan", "--line", "3"]).must_exit(0).stderr, "");
    cluster.meddle(Box::new(|_, request| (request.uri == "/").then(|| answer(403, "{}"))));
    assert_eq!(cli.run(&["plan", "--line", "3"]).must_exit(0).stderr, "");
}

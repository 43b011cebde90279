//! What a line of servers cannot do, and which line it is.

use alertform::api::line::Line;
use serde_json::json;

use super::project;
use crate::cli::Cli;
use crate::cluster::{Cluster, answer};

#[test]
fn what_a_line_cannot_do_is_said_at_the_part_that_asks_for_it() {
    let mut cli = Cli::new(&[
        (
            "destinations/d.yaml",
            "kind: destination\nname: hook\ndescription: the desk\nenabled: false\ncustom_webhook:\n  \
             url: https://desk.example.com/x\n  method: GET\n  username: ann\n",
        ),
        (
            "monitors/m.yaml",
            "kind: monitor\nname: fast\nschedule: {every: 30s}\nindex: logs\nquery: a\nwindow: none\n",
        ),
        (
            "monitors/owned.yaml",
            "kind: monitor\nname: owned\ndefinition:\n  schedule: {period: {interval: 1, unit: HOURS}}\n  inputs: []\n  \
             owner: somebody\n  delete_query_index_in_every_run: true\n  target: {type: remote}\n",
        ),
    ]);
    let mut screens = String::new();
    for line in Line::ALL {
        let cluster = Cluster::start(line);
        cli.set("ALERTFORM_URL", &cluster.url);
        let screen = cli.run(&["plan"]).must_exit(1).stdout;
        let said = ["problem: ", "warning: ", "  hint: "];
        let said = screen.lines().filter(|text| said.iter().any(|start| text.starts_with(start)));
        screens.push_str(&format!("{line}\n{}\n", said.collect::<Vec<_>>().join("\n")));
        cluster.take_requests();
        cli.run(&["apply", "--yes"]).must_exit(1);
        assert_eq!(cluster.take_writes(), [""; 0], "{line}");
    }
    insta::assert_snapshot!(screens, @r"
    odfe
    warning: destinations/d.yaml:3:14: destination `hook`: line odfe cannot hold the description of a destination
      hint: it stays in the file alone
    problem: destinations/d.yaml:4:10: destination `hook`: line odfe cannot hold a disabled destination
      hint: remove it from the actions that name it
    problem: monitors/m.yaml:3:11: monitor `fast`: line odfe takes no seconds in a schedule
      hint: use minutes: `1m` is the least
    problem: monitors/owned.yaml:1:1: monitor `owned`: line odfe has no `delete_query_index_in_every_run`
      hint: leave it out
    problem: monitors/owned.yaml:1:1: monitor `owned`: line odfe takes no `owner` but `alerting`
      hint: leave it out
    problem: monitors/owned.yaml:1:1: monitor `owned`: line odfe has no `target`
      hint: leave it out
    1.3
    warning: destinations/d.yaml:3:14: destination `hook`: line 1.3 cannot hold the description of a destination
      hint: it stays in the file alone
    problem: destinations/d.yaml:4:10: destination `hook`: line 1.3 cannot hold a disabled destination
      hint: remove it from the actions that name it
    problem: monitors/m.yaml:3:11: monitor `fast`: line 1.3 takes no seconds in a schedule
      hint: use minutes: `1m` is the least
    problem: monitors/owned.yaml:1:1: monitor `owned`: line 1.3 has no `delete_query_index_in_every_run`
      hint: leave it out
    problem: monitors/owned.yaml:1:1: monitor `owned`: line 1.3 takes no `owner` but `alerting`
      hint: leave it out
    problem: monitors/owned.yaml:1:1: monitor `owned`: line 1.3 has no `target`
      hint: leave it out
    2.19
    problem: destinations/d.yaml:8:13: destination `hook`: line 2.19 drops `username` and `password` of a webhook
      hint: say it in `header_params`: `Authorization: ${BASIC_AUTHORIZATION}`
    problem: destinations/d.yaml:7:11: destination `hook`: line 2.19 turns the method of this webhook into POST
      hint: use `POST`, `PUT` or `PATCH`
    problem: monitors/m.yaml:3:11: monitor `fast`: line 2.19 takes no seconds in a schedule
      hint: use minutes: `1m` is the least
    problem: monitors/owned.yaml:1:1: monitor `owned`: line 2.19 takes no `owner` but `alerting`
      hint: leave it out
    problem: monitors/owned.yaml:1:1: monitor `owned`: line 2.19 has no `target`
      hint: leave it out
    3
    problem: destinations/d.yaml:8:13: destination `hook`: line 3 drops `username` and `password` of a webhook
      hint: say it in `header_params`: `Authorization: ${BASIC_AUTHORIZATION}`
    problem: destinations/d.yaml:7:11: destination `hook`: line 3 turns the method of this webhook into POST
      hint: use `POST`, `PUT` or `PATCH`
    problem: monitors/owned.yaml:1:1: monitor `owned`: line 3 takes no `owner` but `alerting`
      hint: leave it out
    ");
}

#[test]
fn a_line_that_is_only_guessed_is_said_to_be() {
    let mut cli = project();
    for (line, is_guess) in [(Line::Odfe, false), (Line::V1_3, false), (Line::V2_19, true), (Line::V3, true)]
    {
        let cluster = Cluster::start(line);
        cli.set("ALERTFORM_URL", &cluster.url);
        cluster.meddle(Box::new(|_, request| {
            let refusal = json!({"error": {"type": "security_exception", "reason":
                "no permissions for [cluster:monitor/main] and User [name=ann]"}, "status": 403});
            (request.uri == "/").then(|| answer(403, refusal.to_string()))
        }));
        let screen = cli.run(&["plan"]).must_exit(0);
        assert_eq!(
            screen.stderr.contains("is taken for 2.19\n  hint: `--line`"),
            is_guess,
            "{line}: {screen}"
        );
        let screen = cli.run(&["plan", "--line", line.as_str()]).must_exit(0);
        assert_eq!(screen.stderr, "", "{line}");
    }
}

#[test]
fn urls_that_line_3_does_not_take_for_a_provider() {
    let cluster = Cluster::start(Line::V3);
    let destination = |name: &str, key: &str, url: &str| {
        format!("kind: destination\nname: {name}\n{key}: {{url: \"{url}\"}}\n")
    };
    let all = [
        destination("chime", "chime", "https://example.com/x"),
        destination("mm", "mattermost", "https://mm.example.com/x"),
        destination("mm-good", "mattermost", "https://mm.example.com/hooks/x"),
        destination("slack", "slack", "https://example.com/x"),
        destination("teams", "microsoft_teams", "https://example.com/x"),
        destination("teams-good", "microsoft_teams", "https://x.webhook.office.com/x"),
    ];
    let mut cli = Cli::new(&[("destinations/all.yaml", &all.join("---\n"))]);
    cli.set("ALERTFORM_URL", &cluster.url);
    let screen = cli.run(&["plan"]).must_exit(1).stdout;
    let problems: Vec<&str> = screen.lines().filter(|line| line.starts_with("problem: ")).collect();
    insta::assert_snapshot!(problems.join("\n"), @r"
    problem: destinations/all.yaml:3:14: destination `chime`: line 3 takes Chime URLs of hooks.chime.aws alone
    problem: destinations/all.yaml:7:19: destination `mm`: line 3 takes only Mattermost URLs with `/hooks/` in them
    problem: destinations/all.yaml:15:14: destination `slack`: line 3 takes Slack URLs of hooks.slack.com alone
    problem: destinations/all.yaml:19:24: destination `teams`: line 3 takes Microsoft Teams URLs of webhook.office.com alone
    ");
}

#[test]
fn a_search_that_no_server_is_known_to_take_is_warned_of_and_one_that_none_can_read_again_is_refused() {
    let head = "kind: monitor\nname: m\nschedule: {every: 1h}\nindex: logs-*\n";
    let mut cli = Cli::new(&[]);
    for line in Line::ALL {
        let cluster = Cluster::start(line);
        cli.set("ALERTFORM_URL", &cluster.url);
        cli.write("m.yaml", &format!("{head}extraction_query: {{query: {{nearby: {{a: 1}}}}}}\n"));
        let screen = cli.run(&["plan"]).must_exit(0).stdout;
        assert!(
            screen.contains("is not known to take this search: unknown query [nearby]"),
            "{line}: {screen}"
        );
        for (body, reason) in [
            (
                "query: {bool: {filter: [{geo_distance: {distance: 1km, loc: {lat: 1}}}]}}",
                r#"geo_point [{"lat":1}] has but one"#,
            ),
            ("query: {parent_id: {type: a}}", "[parent_id] has no [id]"),
            ("aggs: {h: {histogram: {field: a}}}", "[histogram] has no [interval]"),
            ("collapse: {}", "[collapse] has no [field]"),
        ] {
            cli.write("m.yaml", &format!("{head}extraction_query: {{{body}}}\n"));
            let screen = cli.run(&["plan"]).must_exit(1).stdout;
            let problem = format!("problem: m.yaml:5:19: monitor `m`: {reason}");
            assert!(screen.contains(&problem), "{line}: {screen}");
            cluster.take_requests();
            cli.run(&["apply", "--yes"]).must_exit(1);
            assert_eq!(cluster.take_writes(), [""; 0], "{line}");
        }
    }
}

//! Secrets: none of them reaches a screen or a file, and none is taken for another.

use alertform::api::line::Line;

use serde_json::json;

use crate::cli::{Cli, timeless};
use crate::cluster::{Cluster, answer};

#[test]
fn names_that_differ_in_signs_alone_do_not_share_a_variable() {
    let names = ["ops-slack", "ops_slack", "Ops Slack", "\u{901a}\u{77e5}", "\u{30a8}\u{30e9}\u{30fc}"];
    for line in Line::ALL {
        let cluster = Cluster::start(line);
        for name in names {
            let url = format!("https://hooks.slack.com/services/T0/B0/{}", name.len());
            cluster.make_slack(name, &url);
        }
        let mut cli = Cli::new(&[]);
        cli.set("ALERTFORM_URL", &cluster.url);
        cli.run(&["export", "--out", "out", "--secrets", "secrets.env"]).must_exit(0);
        for setting in cli.read("secrets.env").lines() {
            let (name, value) = setting.split_once('=').unwrap();
            cli.set(name, value.trim_matches('\''));
        }
        let screen = cli.run(&["plan", "--dir", "out", "--detailed-exitcode"]).must_exit(0);
        assert!(screen.stdout.starts_with("plan: nothing to do; 5 unchanged\n"), "{line}: {screen}");
    }
}

#[test]
fn a_secret_that_changes_is_said_to_beside_other_changes() {
    let cluster = Cluster::start(Line::V2_19);
    let file = "kind: destination\nname: hook\ndescription: the desk\ncustom_webhook:\n  url: ${URL}\n  \
                header_params: {Authorization: \"${TOKEN}\"}\n";
    let mut cli = Cli::new(&[("destinations/hook.yaml", file)]);
    cli.set("ALERTFORM_URL", &cluster.url);
    cli.set("URL", "https://desk.example.com/planted-1");
    cli.set("TOKEN", "planted-2");
    cli.run(&["apply", "--yes"]).must_exit(0);
    cli.edit("destinations/hook.yaml", "the desk", "the other desk");
    cli.set("URL", "https://desk.example.com/planted-3");
    let screen = cli.run(&["plan"]).must_exit(0);
    insta::assert_snapshot!(timeless(&screen.to_string()), @r#"
    plan: 0 to create, 1 to update, 0 to delete; 0 unchanged

    ~ destination `hook`: `description`; `url`  destinations/hook.yaml:1
      ! leads elsewhere
      # last written TIME
      - description: the desk
      + description: the other desk
        custom_webhook:
      -   url: "***"
      +   url: "*** (changed)"
        # 4 lines unchanged
    "#);
    let json = cli.run(&["plan", "--format", "json"]).must_exit(0).stdout;
    assert!(json.contains("*** (changed)") && !json.contains("planted"), "{json}");
}

#[test]
fn a_secret_in_a_message_is_seen_nowhere() {
    let cluster = Cluster::start(Line::V2_19);
    let file = "kind: monitor\nname: m\nschedule: {every: 5m}\nindex: logs*\nquery: a\nwindow: none\ntriggers:\n- name: t\n  \
                condition: \"true\"\n  actions:\n  - name: page\n    destination: pager\n    \
                message: '{\"routing_key\": \"${PAGER_KEY}\", \"summary\": \"${TEAM} of ${file:token.txt}\"}'\n";
    let pager = "kind: destination\nname: pager\ndescription: with ${PAGER_KEY}\ncustom_webhook: {url: \"https://pager.example.com\"}\n";
    let files = [
        ("monitors/m.yaml", file),
        ("destinations/pager.yaml", pager),
        ("monitors/token.txt", "planted-file\n"),
    ];
    let mut cli = Cli::new(&files);
    cli.set("ALERTFORM_URL", &cluster.url);
    cli.set("TEAM", "checkout");
    cli.set("PAGER_KEY", "planted-one");
    let create = cli.run(&["plan"]).must_exit(0);
    let shown = r#"message: '{"routing_key": "***", "summary": "checkout of ***"}'"#;
    assert!(create.stdout.contains(shown) && create.stdout.contains("with ***"), "{create}");
    let rendered = cli.run(&["render"]).must_exit(0).stdout;
    let applied = cli.run(&["apply", "--yes"]).must_exit(0);
    cli.edit("monitors/m.yaml", "every: 5m", "every: 6m");
    let other = cli.run(&["plan"]).must_exit(0);
    assert!(!other.stdout.contains("message"), "only what changes is shown: {other}");
    cli.set("PAGER_KEY", "planted-two");
    let rotated = cli.run(&["plan"]).must_exit(0);
    insta::assert_snapshot!(timeless(&rotated.to_string()), @r#"
    plan: 0 to create, 2 to update, 0 to delete; 0 unchanged

    ~ destination `pager`: `description`  destinations/pager.yaml:1
      # last written TIME
      ! used by monitor `m`
      - description: "***"
      + description: with ***
        # 4 lines unchanged

    ~ monitor `m`: every 5m -> 6m; message of `page`  monitors/m.yaml:1
      - schedule: {every: 5m}
      + schedule: {every: 6m}
        triggers:
          - name: t
            actions:
              - name: page
      -         message: "***"
      +         message: '{"routing_key": "***", "summary": "checkout of ***"}'
        # 8 lines unchanged

    plan: 0 to create, 2 to update, 0 to delete; 0 unchanged
    "#);
    let json = cli.run(&["plan", "--format", "json"]).must_exit(0).stdout;
    for screen in [&create.stdout, &rendered, &applied.stdout, &other.stdout, &rotated.stdout, &json] {
        assert!(!screen.contains("planted"), "{screen}");
    }
}

#[test]
fn a_secret_that_leaves_a_monitor_or_goes_with_it_is_not_seen() {
    let cluster = Cluster::start(Line::V2_19);
    let monitor = |name: &str| {
        format!(
            "kind: monitor\nname: {name}\nschedule: {{every: 5m}}\nindex: logs*\nquery: a\nwindow: none\ntriggers:\n\
             - name: t\n  condition: \"true\"\n  actions:\n  - name: page\n    destination: pager\n    \
             message: \"${{PAGER_KEY}} says\"\n"
        )
    };
    let pager = "kind: destination\nname: pager\ncustom_webhook: {url: \"https://pager.example.com\"}\n";
    let mut cli = Cli::new(&[
        ("alertform.yaml", "project: shop\n"),
        ("monitors/gone.yaml", &monitor("gone")),
        ("monitors/plain.yaml", &monitor("plain")),
        ("monitors/renamed.yaml", &monitor("renamed")),
        ("destinations/pager.yaml", pager),
    ]);
    cli.set("ALERTFORM_URL", &cluster.url);
    cli.set("PAGER_KEY", "planted-one");
    cli.run(&["apply", "--yes"]).must_exit(0);
    std::fs::remove_file(cli.path("monitors/gone.yaml")).unwrap();
    cli.edit("monitors/plain.yaml", "${PAGER_KEY} says", "nothing");
    let screen = cli.run(&["plan", "--prune"]).must_exit(0);
    assert!(screen.stdout.contains(r#"message: "***""#), "{screen}");
    assert!(
        screen.stdout.contains("1 to update, 1 to delete") && !screen.stdout.contains("planted"),
        "{screen}"
    );
    cli.set("PAGER_KEY", "planted-two");
    cli.edit("monitors/renamed.yaml", "name: page", "name: tell");
    let screen = cli.run(&["plan"]).must_exit(0);
    // nobody knows by now what the text without the variable held
    assert!(screen.stdout.contains("name: tell") && !screen.stdout.contains("planted"), "{screen}");
}

const OTHER: &str = "kind: monitor\nname: o\nschedule: {every: 5m}\nindex: logs*\nquery: a\nwindow: none\n";

#[test]
fn a_secret_of_what_goes_with_its_variable_is_seen_nowhere() {
    for line in Line::ALL {
        let cluster = Cluster::start(line);
        let file = "kind: monitor\nname: m\nschedule: {every: 5m}\nindex: logs*\nquery: 'level:\"${KEY_TOKEN}\"'\nwindow: none\n\
                    triggers:\n- name: t\n  condition: ctx.results[0].hits.total.value > ${KEY_TOKEN}\n";
        let mut cli =
            Cli::new(&[("alertform.yaml", "project: shop\n"), ("m.yaml", file), ("other.yaml", OTHER)]);
        cli.set("ALERTFORM_URL", &cluster.url);
        cli.set("KEY_TOKEN", "planted-one");
        cli.run(&["apply", "--yes"]).must_exit(0);
        std::fs::remove_file(cli.path("m.yaml")).unwrap();
        cli.set("KEY_TOKEN", "another");
        for format in ["text", "json", "markdown", "github", "chat"] {
            let screen = cli.run(&["plan", "--prune", "--out", "saved", "--format", format]).must_exit(0);
            assert!(screen.stdout.contains("monitor") && !screen.to_string().contains("planted"), "{screen}");
        }
        let saved = cli.read("saved");
        assert!(!saved.contains("planted"), "{line}: {saved}");
    }
}

#[test]
fn what_a_server_echoes_of_the_credentials_is_covered() {
    let cluster = Cluster::start(Line::V2_19);
    let mut cli = Cli::new(&[(
        "a.yaml",
        "kind: destination\nname: a\nsns: {topic_arn: 'arn:aws:sns:us-east-1:123456789012:alerts'}\n",
    )]);
    cli.set("ALERTFORM_URL", &cluster.url);
    cli.set("ALERTFORM_USERNAME", "ann");
    cli.set("ALERTFORM_PASSWORD", "planted-word");
    cluster.meddle(Box::new(|_, request| {
        let reason = "you sent Authorization: Basic YW5uOnBsYW50ZWQtd29yZA== of ann, planted-word";
        let body = json!({"error": {"type": "some_exception", "reason": reason}, "status": 400}).to_string();
        (request.method == "POST" && request.uri.ends_with("/configs")).then(|| answer(400, body))
    }));
    let screen = cli.run(&["apply", "--yes", "-vv", "--report", "json=report.json"]).must_exit(1);
    assert!(screen.stdout.contains("you sent Authorization: Basic (secret) of ann, (secret)"), "{screen}");
    let all = format!("{screen}{}", cli.read("report.json"));
    assert!(!all.contains("planted-word") && !all.contains("YW5uOn"), "{all}");
}

#[test]
fn a_secret_that_is_filled_in_no_more_is_seen_nowhere() {
    for line in Line::ALL {
        let cluster = Cluster::start(line);
        let file = "kind: monitor\nname: m\nschedule: {every: 5m}\nindex: logs*\nquery: 'level:\"${KEY_TOKEN}\"'\nwindow: none\n\
                    triggers:\n- name: t\n  condition: ctx.results[0].hits.total.value > ${KEY_TOKEN}\n  actions:\n  - name: a\n    \
                    destination: ops\n    message: |\n      first ${KEY_TOKEN}\n      x: ${KEY_TOKEN}\n";
        let ops = "kind: destination\nname: ops\nslack: {url: '${URL}'}\n";
        let mut cli = Cli::new(&[("alertform.yaml", "project: shop\n"), ("m.yaml", file), ("ops.yaml", ops)]);
        cli.set("ALERTFORM_URL", &cluster.url);
        cli.set("URL", "https://hooks.slack.com/services/T0/B0/one");
        cli.set("KEY_TOKEN", "planted-one");
        cli.run(&["apply", "--yes"]).must_exit(0);
        cli.write("m.yaml", &file.replace("${KEY_TOKEN}", "7"));
        cli.set("KEY_TOKEN", "another");
        for format in ["text", "json", "markdown", "github", "chat"] {
            let screen = cli.run(&["plan", "--out", "saved", "--format", format]).must_exit(0);
            assert!(screen.stdout.contains("condition of"), "{line}: {screen}");
            assert!(!screen.to_string().contains("planted"), "{line}: {screen}");
        }
        let drift = cli.run(&["plan", "--drift"]).must_exit(0);
        assert!(!drift.to_string().contains("planted"), "{line}: {drift}");
        assert!(!cli.read("saved").contains("planted"), "{line}");
        cli.run(&["apply", "--yes"]).must_exit(0);
    }
}

#[test]
fn a_secret_that_is_set_to_nothing_shows_no_former_one() {
    let files = "kind: destination\nname: ops\ndescription: 'desk ${APP_TOKEN:-}'\nslack: {url: 'https://hooks.slack.com/services/T0/B0/x'}\n---\n\
                 kind: email_group\nname: night\nrecipients: ['a${APP_TOKEN:-}@example.com']\n---\n\
                 kind: monitor\nname: m\nschedule: {every: 5m}\nindex: logs*\nquery: 'a ${APP_TOKEN:-}'\nwindow: none\n\
                 triggers:\n  - name: t\n    condition: 'true'\n    actions:\n      \
                 - {name: a, destination: ops, message: 'errors ${APP_TOKEN}'}\n";
    for line in Line::ALL {
        let cluster = Cluster::start(line);
        let mut cli = Cli::new(&[("all.yaml", files)]);
        cli.set("ALERTFORM_URL", &cluster.url);
        cli.set("APP_TOKEN", "planted-token");
        cli.run(&["apply", "--yes"]).must_exit(0);
        cli.set("APP_TOKEN", "");
        let reports = ["markdown=p.md", "github=p.gh", "chat=p.chat", "json=p.json"];
        let plan: Vec<&str> = ["plan", "--adopt", "--out", "p.saved"]
            .into_iter()
            .chain(reports.iter().flat_map(|report| ["--report", report]))
            .collect();
        let mut said = cli.run(&plan).must_exit(0).to_string();
        assert!(said.contains("message of `a`"), "{line}: {said}");
        said += &cli.run(&["plan", "--drift", "-vv"]).to_string();
        for file in ["p.md", "p.gh", "p.chat", "p.json", "p.saved"] {
            said += &cli.read(file);
        }
        assert!(!said.contains("planted"), "{line}: {said}");
    }
}

#[test]
fn what_a_server_quotes_of_a_request_is_covered_however_short_or_spelled() {
    let cluster = Cluster::start(Line::V2_19);
    let file = "kind: monitor\nname: m\nschedule: {every: 5m}\nindex: logs-${IDX_KEY}\nquery: 'a:${LONG_KEY} ${SHORT_KEY}'\nwindow: none\n";
    let mut cli = Cli::new(&[("m.yaml", file)]);
    cli.set("ALERTFORM_URL", &cluster.url);
    cli.set("LONG_KEY", "planted\"q\\uote\nplanted-too");
    cli.set("SHORT_KEY", "hunter");
    cli.set("IDX_KEY", "i3");
    let missing = cli.run(&["apply", "--yes"]).must_exit(1);
    assert!(missing.stdout.contains("Configured indices are not found: [logs-(secret)]"), "{missing}");
    cluster.meddle(Box::new(|_, request| {
        let quoted = String::from_utf8(request.body.clone()).unwrap();
        let body = json!({"error": {"type": "some_exception", "reason": quoted}, "status": 400}).to_string();
        (request.method == "POST" && request.uri.contains("/monitors?")).then(|| answer(400, body))
    }));
    let screen = cli.run(&["apply", "--yes", "-vv", "--report", "json=report.json"]).must_exit(1);
    assert!(screen.stdout.contains("a:(secret) (secret)"), "{screen}");
    let all = format!("{screen}{}", cli.read("report.json"));
    assert!(!all.contains("planted") && !all.contains("hunter") && !all.contains("logs-i3"), "{all}");
}

#[test]
fn a_secret_within_a_search_that_is_written_as_json_is_covered() {
    let cluster = Cluster::start(Line::V2_19);
    let file = "kind: monitor\nname: m\nschedule: {every: 5m}\nindex: logs*\n\
                extraction_query: '{\"query\": {\"query_string\": {\"query\": \"x:${A_KEY}\"}}}'\n";
    let mut cli = Cli::new(&[("m.yaml", file)]);
    cli.set("ALERTFORM_URL", &cluster.url);
    cli.set("A_KEY", r#"planted\"qq\u0041"#);
    for arguments in [&["plan", "--out=saved"][..], &["render"], &["plan", "--format=json"]] {
        let screen = cli.run(arguments).must_exit(0);
        assert!(screen.stdout.contains("x:***") && !screen.stdout.contains("planted"), "{screen}");
    }
    assert!(!cli.read("saved").contains("planted"));
}

#[test]
fn a_secret_where_all_see_it_is_warned_of() {
    let file = "kind: monitor\nname: m-${A_KEY}\nschedule: {every: '${EVERY_KEY}'}\nindex: logs*\nwindow: none\nquery: '${A_KEY}'\n\
                triggers:\n- name: t\n  severity: ${LEVEL_KEY:-1}\n  condition: '${A_KEY}'\n";
    let mut cli = Cli::new(&[("m.yaml", file)]);
    cli.set("A_KEY", "planted");
    cli.set("EVERY_KEY", "5m");
    insta::assert_snapshot!(cli.run(&["validate"]).must_exit(0), @r"
    valid: 0 destinations, 1 monitor
    --- stderr
    warning: m.yaml:2:7: what is filled in for `name` is a secret, and is shown
      hint: if it is none, give it a name that tells no secret, and keep it out of secret folders
    warning: m.yaml:3:11: what is filled in for `schedule` is a secret, and is shown
      hint: if it is none, give it a name that tells no secret, and keep it out of secret folders
    warning: m.yaml:9:13: what is filled in for `severity` is a secret, and is shown
      hint: if it is none, give it a name that tells no secret, and keep it out of secret folders
    ");
    let definition = "kind: monitor\ndefinition:\n  name: m\n  schedule: {cron: {expression: '${A_KEY}', timezone: UTC}}\n  inputs: []\n  triggers:\n  \
                      - query_level_trigger: {name: 't-${A_KEY}', severity: '1', condition: {script: {source: 'true', lang: painless}}, actions: []}\n";
    cli.set("A_KEY", "1 * * * *");
    cli.write("m.yaml", definition);
    let screen = cli.run(&["validate"]).must_exit(0).stderr;
    for key in ["schedule", "name"] {
        assert!(
            screen.contains(&format!("what is filled in for `{key}` is a secret, and is shown")),
            "{screen}"
        );
    }
}

#[test]
fn a_channel_that_goes_shows_no_text() {
    for line in Line::ALL {
        let cluster = Cluster::start(line);
        let group = "kind: email_group\nname: g\nrecipients: ['${A_TOKEN}@example.com']\n";
        let mut cli =
            Cli::new(&[("alertform.yaml", "project: shop\n"), ("m.yaml", OTHER), ("g.yaml", group)]);
        let mail = "kind: email_account\nname: post\nses_account: {region: eu-west-1, from_address: '${A_TOKEN}@example.com'}\n---\n\
                    kind: destination\nname: hook\ndescription: 'd ${A_TOKEN}'\ncustom_webhook: {url: 'https://hook.example.com'}\n";
        if line.has_channels() {
            cli.write("more.yaml", mail);
        }
        cli.set("ALERTFORM_URL", &cluster.url);
        cli.set("ALERTFORM_FINGERPRINT_KEY", "0123456789abcdef0123456789abcdef");
        cli.set("A_TOKEN", "planted");
        cluster.send("PUT", "/logs-1", "");
        cli.run(&["apply", "--yes"]).must_exit(0);
        cli.set("A_TOKEN", "another");
        let screen = cli.run(&["plan"]).must_exit(0);
        let is_plain = |text: &str| !text.contains("planted") && !text.contains("definition:");
        assert!(screen.stdout.contains("recipients") && is_plain(&screen.stdout), "{line}: {screen}");
        // the fingerprint of asterisks would be no fingerprint
        assert!(!screen.stdout.contains("from_address: \"*** ("), "{line}: {screen}");
        std::fs::remove_file(cli.path("g.yaml")).unwrap();
        cli.write("more.yaml", OTHER.replace("name: o", "name: p").as_str());
        let screen = cli.run(&["plan", "--prune", "--limit=deletions=9", "--out=saved"]).must_exit(0);
        let told = format!("{screen}{}", cli.read("saved"));
        assert!(is_plain(&told), "{line}: {told}");
    }
}

#[test]
fn an_export_of_what_an_apply_filled_secrets_into_says_so() {
    let cluster = Cluster::start(Line::V2_19);
    cluster.send("PUT", "/logs-1", "");
    let file = OTHER.replace("query: a", "query: 'a:${A_KEY}'");
    let mut cli = Cli::new(&[("m.yaml", &file)]);
    cli.set("ALERTFORM_URL", &cluster.url);
    cli.set("A_KEY", "planted");
    cli.run(&["apply", "--yes"]).must_exit(0);
    let screen = cli.run(&["export", "--out=out"]).must_exit(0);
    assert!(
        screen
            .stderr
            .contains("warning: an apply filled secrets into monitor `o`, and its file has them in clear"),
        "{screen}"
    );
}

#[test]
fn a_monitor_that_goes_shows_no_index_that_a_secret_was_filled_into() {
    for line in Line::ALL {
        let cluster = Cluster::start(line);
        cluster.send("PUT", "/logs-planted-1", "");
        let file = OTHER.replace("index: logs*", "index: logs-${TENANT_KEY}-*");
        let mut cli = Cli::new(&[
            ("alertform.yaml", "project: shop\n"),
            ("m.yaml", &file),
            ("p.yaml", &OTHER.replace("name: o", "name: p")),
        ]);
        cli.set("ALERTFORM_URL", &cluster.url);
        cli.set("TENANT_KEY", "planted");
        cli.run(&["apply", "--yes"]).must_exit(0);
        std::fs::remove_file(cli.path("m.yaml")).unwrap();
        cli.set("TENANT_KEY", "another");
        let screen = cli.run(&["plan", "--prune", "--out=saved"]).must_exit(0);
        assert!(screen.stdout.contains("index: \"***\""), "{line}: {screen}");
        let all = format!("{screen}{}", cli.read("saved"));
        assert!(!all.contains("planted"), "{line}: {all}");
    }
}

#[test]
fn a_channel_of_another_project_shows_no_text_of_it() {
    let cluster = Cluster::start(Line::V2_19);
    cluster.send("PUT", "/logs-1", "");
    let told = OTHER.to_owned()
        + "triggers: [{name: t, condition: 'true', actions: [{name: a, destination: hook, message: m}]}]\n";
    let hook = "kind: destination\nname: hook\ndescription: 'd ${A_TOKEN}'\ncustom_webhook: {url: 'https://hook.example.com'}\n---\n\
                kind: email_group\nname: g\nrecipients: ['${A_TOKEN}@example.com']\n---\n\
                kind: workflow\nname: w\nschedule: {every: 5m}\ndelegates: [o]\ntriggers:\n- name: t\n  condition: monitor[name=o]\n  \
                actions: [{name: a, destination: hook, message: 'w ${A_TOKEN}'}]\n";
    let mut cli = Cli::new(&[("alertform.yaml", "project: one\n"), ("m.yaml", &told), ("hook.yaml", hook)]);
    cli.set("ALERTFORM_URL", &cluster.url);
    cli.set("A_TOKEN", "planted");
    cli.run(&["apply", "--yes"]).must_exit(0);
    cli.set("A_TOKEN", "");
    cli.write("alertform.yaml", "project: two\n");
    cli.write("hook.yaml", &hook.replace("${A_TOKEN}", "plain"));
    let screen = cli.run(&["plan", "--adopt", "--out=saved"]).must_exit(0);
    let all = format!("{screen}{}", cli.read("saved"));
    assert!(all.contains("it bears the mark of project `one`") && !all.contains("planted"), "{all}");
}

#[test]
fn a_secret_that_stands_for_the_path_of_one_is_refused() {
    let mut cli = Cli::new(&[("m.yaml", OTHER)]);
    cli.set("API_TOKEN", "planted");
    cli.write("alertform.yaml", "token_file: ${API_TOKEN}\n");
    insta::assert_snapshot!(cli.run(&["validate"]).must_exit(1).stderr, @r"
    error: alertform.yaml:1:13: what is filled in for `token_file` is a secret, and would be shown
      hint: `token` takes a secret itself, `token_file` the path of its file
    ");
    cli.set("API_TOKEN_FILE", "nowhere");
    cli.write("alertform.yaml", "token_file: ${API_TOKEN_FILE}\nurl: http://127.0.0.1:1\n");
    let screen = cli.run(&["plan"]).must_exit(1).stderr;
    assert!(screen.contains("cannot read the token file `./nowhere`"), "{screen}");
}

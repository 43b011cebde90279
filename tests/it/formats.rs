//! A plan as its readers meet it: in the terminal, in a pull request, in a chat, in a program.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on shall fail")]

use alertform::api::line::Line;
use serde_json::Value;

use crate::cli::Cli;
use crate::cluster::Cluster;
use crate::reports::must_keep_the_schema;

/// A project of twelve monitors, of which all but two change.
fn changed(cluster: &Cluster) -> Cli {
    let mut cli = Cli::new(&[("alertform.yaml", "project: shop\n")]);
    cli.set("ALERTFORM_URL", &cluster.url);
    cluster.make_slack("ops", "https://hooks.slack.com/services/T0/B0/x");
    cli.write("ops.yaml", "kind: destination\nname: ops\nslack: {url: '${OPS_URL}'}\n");
    cli.write("night.yaml", "kind: destination\nname: night\nslack: {url: '${OPS_URL}'}\n");
    cli.set("OPS_URL", "https://hooks.slack.com/services/T0/B0/x");
    for number in 1..=9 {
        cli.write(&format!("m{number}.yaml"), &monitor(number));
    }
    cli.run(&["apply", "--yes", "--adopt"]).must_exit(0);
    for number in 1..=4 {
        cli.edit(&format!("m{number}.yaml"), "every: 5m", "every: 1m");
    }
    cli.edit("m5.yaml", "too many", "far too many");
    cli.edit("m6.yaml", "destination: ops", "destination: night");
    cli.edit("m6.yaml", "throttle: 10m", "throttle: 30m");
    cli.edit("m7.yaml", "name: many", "name: lots");
    std::fs::remove_file(cli.path("m8.yaml")).unwrap();
    cli.write("m10.yaml", &monitor(10));
    cli
}

fn monitor(number: usize) -> String {
    format!(
        "kind: monitor\nname: errors-{number}\nschedule: {{every: 5m}}\nindex: logs-{number}-*\nquery: level:ERROR\n\
         window: none\ntriggers:\n  - name: many\n    condition: ctx.results[0].hits.total.value > {number}\n    \
         actions:\n      - {{name: tell, destination: ops, message: too many, throttle: 10m}}\n"
    )
}

#[test]
fn a_plan_says_in_words_what_changes_and_what_is_at_risk_comes_first() {
    let cluster = Cluster::start(Line::V2_19);
    let cli = changed(&cluster);
    let screen = cli.run(&["plan", "--prune"]).must_exit(0).stdout;
    let headlines: String = screen
        .lines()
        .filter(|line| ["-", "~", "+", "  !", "    m"].iter().any(|start| line.starts_with(start)))
        .map(|line| line.split("  id ").next().unwrap().to_owned() + "\n")
        .collect();
    insta::assert_snapshot!(headlines, @r"
      ! deleted: monitor `errors-8`
      ! no longer tells: `ops` (monitor `errors-6`)
      ! loses a trigger: `many` (monitor `errors-7`)
      ! tells anew: `night` (monitor `errors-6`)
    - monitor `errors-8`: every 5m; told `ops`
    ~ monitor `errors-6`: tells `night` instead of `ops`; throttle of `tell` 10m -> 30m  m6.yaml:1
    ~ monitor `errors-7`: trigger `many` goes; new trigger `lots`  m7.yaml:1
    ~ 4 monitors: every 5m -> 1m
        monitor `errors-1`  m1.yaml:1
        monitor `errors-2`  m2.yaml:1
        monitor `errors-3`  m3.yaml:1
        monitor `errors-4`  m4.yaml:1
    ~ monitor `errors-5`: message of `tell`  m5.yaml:1
    + monitor `errors-10`: every 5m; tells `ops`  m10.yaml:1
    ");
    assert!(screen.contains("\n    # 14 lines unchanged\n"), "{screen}");
    insta::assert_snapshot!(cluster.unnamed(&cli.run(&["plan", "--prune", "--format", "chat"]).must_exit(0).stdout), @"project `shop` in CLUSTER: plan: 1 to create, 7 to update, 1 to delete; 3 unchanged | at risk: deleted (1), no longer tells `ops` (1), loses a trigger `many` (1), tells anew `night` (1) | delete monitor `errors-8`: every 5m; told `ops` | update monitor `errors-6`: tells `night` instead of `ops`; throttle of `tell` 10m -> 30m | update monitor `errors-7`: trigger `many` goes; new trigger `lots` | and 6 more");
}

#[test]
fn exactly_what_changed_is_shown() {
    let head = "kind: monitor\nname: m\nschedule: {every: 1h}\nindex: l*\nextraction_query: ";
    for (before, after, shown) in [
        (
            "{script_fields: {f: {script: {source: x, params: {ids: [7]}}}}}",
            "{script_fields: {f: {script: {source: x, params: {ids: 7}}}}}",
            vec!["- ids: [7]", "+ ids: 7"],
        ),
        (
            "{query: {match: {a: {query: x, operator: and}}}}",
            "{query: {match: {a: {query: x, operator: and, boost: 2}}}}",
            vec!["+ boost: 2"],
        ),
        ("{query: {terms: {a: [1, 2, 3]}}}", "{query: {terms: {a: [1, 2, 3, 4]}}}", vec!["+ - 4"]),
        (
            "{docvalue_fields: [{field: a, format: x}, b]}",
            "{docvalue_fields: [b]}",
            vec!["- - field: a", "- format: x"],
        ),
        (
            "{query: {query_string: {query: 'some words that are looked for, and some more of them, and others, to fill \
             a line and more'}}}",
            "{query: {query_string: {query: 'other words that are looked for, and some more of them, and others, to fill \
             a line and more'}}}",
            vec![
                "- query: some words that are looked for, and some more of them, and others, to fill a line and more",
                "+ query: other words that are looked for, and some more of them, and others, to fill a line and more",
            ],
        ),
    ] {
        let cluster = Cluster::start(Line::V2_19);
        let mut cli = Cli::new(&[("m.yaml", &format!("{head}{before}\n"))]);
        cli.set("ALERTFORM_URL", &cluster.url);
        cli.run(&["apply", "--yes"]).must_exit(0);
        cli.write("m.yaml", &format!("{head}{after}\n"));
        let screen = cli.run(&["plan"]).must_exit(0).stdout;
        let lines = screen.lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "));
        let changed: Vec<String> =
            lines.filter(|line| line.starts_with("- ") || line.starts_with("+ ")).collect();
        assert_eq!(changed, shown, "{screen}");
    }
}

#[test]
fn each_format_goes_to_its_file() {
    let cluster = Cluster::start(Line::V2_19);
    let cli = changed(&cluster);
    let reports = ["markdown=plan.md", "github=notes.txt", "gitlab=counts.json", "json=plan.json"];
    let mut arguments = vec!["plan", "--prune", "--format", "gitlab"];
    for report in reports {
        arguments.extend(["--report", report]);
    }
    let screen = cli.run(&arguments).must_exit(0);
    assert_eq!(screen.stdout, "{\"create\":1,\"update\":7,\"delete\":1}\n");
    assert_eq!(cli.read("counts.json"), screen.stdout);
    let json: Value = serde_json::from_str(&cli.read("plan.json")).unwrap();
    assert_eq!(json["summary"]["update"], 7);
    every_field_is_documented(&json);
    must_keep_the_schema(&json);
    let markdown = cli.read("plan.md");
    assert!(
        markdown
            .starts_with("<!-- alertform plan shop -->\n### plan: 1 to create, 7 to update, 1 to delete;"),
        "{markdown}"
    );
    let change = "<details><summary><b>update</b> monitor <code>errors-5</code>: message of <code>tell</code></summary>\n\n\
        m5.yaml:1<br>\n\n```diff\n  triggers:\n    - name: many\n      actions:\n        - name: tell\n\
        -         message: too many\n+         message: far too many\n```\n\n</details>\n";
    assert!(markdown.contains(change), "{markdown}");
    insta::assert_snapshot!(cli.read("notes.txt"), @r"
    ::warning title=alertform::at risk:%0Adeleted: monitor `errors-8`%0Ano longer tells: `ops` (monitor `errors-6`)%0Aloses a trigger: `many` (monitor `errors-7`)%0Atells anew: `night` (monitor `errors-6`)
    ::warning file=m6.yaml,line=1,col=1,title=alertform::update monitor `errors-6`: tells `night` instead of `ops`; throttle of `tell` 10m -> 30m
    ::warning file=m7.yaml,line=1,col=1,title=alertform::update monitor `errors-7`: trigger `many` goes; new trigger `lots`%0Aends: active alerts of trigger `many`, with their acknowledgements and throttles; `previous_names` keeps them for one that is renamed (none is active now)
    ::notice title=alertform::plan: 1 to create, 7 to update, 1 to delete; 3 unchanged
    ::notice file=m1.yaml,line=1,col=1,title=alertform::update monitor `errors-1` and 3 more alike: every 5m -> 1m
    ::notice file=m5.yaml,line=1,col=1,title=alertform::update monitor `errors-5`: message of `tell`
    ::notice file=m10.yaml,line=1,col=1,title=alertform::create monitor `errors-10`: every 5m; tells `ops`
    ");
}

/// Each key of a plan, and of its first change, stands in the page about formats.
fn every_field_is_documented(plan: &Value) {
    let page = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/formats.md")).unwrap();
    let keys = |value: &Value| value.as_object().unwrap().keys().cloned().collect::<Vec<_>>();
    let all = [plan, &plan["summary"], &plan["changes"][0]].map(keys).concat();
    let missing: Vec<&String> = all.iter().filter(|key| !page.contains(&format!("`{key}`"))).collect();
    assert!(missing.is_empty(), "{missing:?}");
}

#[test]
fn a_comment_keeps_within_its_bytes_and_says_what_it_leaves_out() {
    let cluster = Cluster::start(Line::V2_19);
    let mut cli = Cli::new(&[("alertform.yaml", "project: shop\n")]);
    cli.set("ALERTFORM_URL", &cluster.url);
    for number in 0..300 {
        let long = "far too many errors as `all` see ".repeat(5);
        cli.write(
            &format!("m{number}.yaml"),
            &monitor(number)
                .replace("too many", &long)
                .replace(": ops", ": {id: x}")
                .replace("name: errors", "name: <b>@all</b>"),
        );
    }
    for (bytes, has_all) in [(60_000, false), (1_000, false), (1_000_000, true)] {
        let bytes_said = bytes.to_string();
        let arguments = ["plan", "--format", "markdown", "--markdown-bytes", &bytes_said];
        let markdown = cli.run(&arguments).must_exit(0).stdout;
        assert!(markdown.len() <= bytes, "{} of {bytes}", markdown.len());
        assert!(markdown.contains("### plan: 300 to create, 0 to update"), "{markdown}");
        assert_eq!(markdown.contains("for which there is no room"), !has_all, "{bytes}");
        let headlines = markdown.lines().filter(|line| line.contains("<summary>"));
        assert!(headlines.filter(|line| line.contains("<b>@all")).count() == 0, "{markdown}");
        assert_eq!(markdown.matches("<details>").count(), markdown.matches("</details>").count());
    }
}

#[test]
fn what_stands_in_the_way_is_said_in_each_format() {
    let mut cli = Cli::new(&[
        ("alertform.yaml", "project: shop\n"),
        ("monitors/m.yaml", "kind: monitor\nname: m\ncolour: red\n"),
    ]);
    cli.set("ALERTFORM_URL", "http://127.0.0.1:9");
    let said = |format: &str| cli.run(&["plan", "--format", format]).must_exit(1).stdout;
    assert_eq!(said("gitlab"), "");
    assert!(said("chat").starts_with("no plan: "), "{}", said("chat"));
    assert!(
        said("markdown")
            .starts_with("<!-- alertform plan shop -->\n### no plan\n\n**Problems**\n\n- monitors/m.yaml:")
    );
    let annotations = said("github");
    assert!(annotations.starts_with("::error file=monitors/m.yaml,line="), "{annotations}");
    let screen = cli.run(&["plan", "--report", "json=no/such/folder/plan.json"]).must_exit(1);
    assert!(screen.stderr.contains("cannot write `no/such/folder/plan.json`"), "{screen}");
    cli.run(&["plan", "--report", "markdown"]).must_exit(1);
    cli.run(&["plan", "--markdown-bytes", "10"]).must_exit(1);
}

#[test]
fn every_name_is_in_a_comment_before_the_lines_of_any_change() {
    let cluster = Cluster::start(Line::V2_19);
    let mut cli = Cli::new(&[("alertform.yaml", "project: shop\n")]);
    cli.set("ALERTFORM_URL", &cluster.url);
    let write = |numbers: std::ops::Range<usize>, every: &str| {
        for number in numbers {
            let text = monitor(number).replace(": ops", ": {id: x}").replace("every: 5m", every);
            cli.write(&format!("m{number}.yaml"), &text);
        }
    };
    write(0..120, "every: 5m");
    cli.run(&["apply", "--yes"]).must_exit(0);
    (0..60).for_each(|number| std::fs::remove_file(cli.path(&format!("m{number}.yaml"))).unwrap());
    write(60..120, "every: 1m");
    let markdown = cli
        .run(&["plan", "--prune", "--format", "markdown", "--markdown-bytes", "40000"])
        .must_exit(0)
        .stdout;
    assert!(markdown.contains("<b>update</b> 60 monitors: every 5m -&gt; 1m</summary>"), "{markdown}");
    for number in 0..120 {
        assert!(markdown.contains(&format!("<code>errors-{number}</code>")), "{number}: {markdown}");
    }
    let text = cli.run(&["plan", "--prune"]).must_exit(0).stdout;
    // each that goes by name, not line by line
    assert_eq!(text.matches("\n- monitor `errors-").count(), 60, "{text}");
    assert!(text.lines().count() < 400, "{text}");
    assert!(text.contains("\n  ! deleted: monitor `errors-0`, monitor `errors-1`, "), "{text}");
    let chat = cli.run(&["plan", "--prune", "--format", "chat"]).must_exit(0).stdout;
    assert!(chat.contains(" | and 117 more"), "{chat}");
    let chat = cli.run(&["plan", "--format", "chat"]).must_exit(0).stdout;
    assert!(
        chat.contains(" | no longer declared, and left alone without `--prune`: monitor `errors-0`"),
        "{chat}"
    );
}

#[test]
fn the_same_words_that_change_in_many_texts_are_told_once() {
    let cluster = Cluster::start(Line::V3);
    let monitor = |number: usize, words: &str| {
        format!(
            "kind: monitor\nname: errors-{number:02}\nschedule: {{every: 5m}}\nindex: l*\nquery: a\nwindow: none\ntriggers:\n  - name: many\n    \
             condition: 'true'\n    actions:\n      - {{name: tell, destination: ops, message: 'service {number} {words} today'}}\n"
        )
    };
    let files = |words: &str| (0..14).map(|number| monitor(number, words)).collect::<Vec<_>>().join("---\n");
    let ops = "kind: destination\nname: ops\nslack: {url: '${URL}'}\n";
    let mut cli = Cli::new(&[("all.yaml", &files("sees errors")), ("ops.yaml", ops)]);
    cli.set("ALERTFORM_URL", &cluster.url);
    cli.set("URL", "https://hooks.slack.com/services/T0/B0/x");
    cli.run(&["apply", "--yes"]).must_exit(0);
    cli.write("all.yaml", &files("sees many errors"));
    let text = cli.run(&["plan"]).must_exit(0).stdout;
    assert!(
        text.contains("\n~ 14 monitors: message of `tell`\n    monitor `errors-00`  all.yaml:1\n"),
        "{text}"
    );
    assert!(text.contains("\n    `errors-10`, `errors-11`, `errors-12`, `errors-13`\n"), "{text}");
    let note = "# these are the lines of monitor `errors-00`; in the others the same words change";
    assert!(text.contains(note), "{text}");
    assert_eq!(text.matches("service ").count(), 2, "{text}");
    let other = files("sees many errors").replace("13 sees many", "13 sees no");
    cli.write("all.yaml", &other);
    let text = cli.run(&["plan"]).must_exit(0).stdout;
    assert!(text.contains("\n~ 13 monitors: ") && text.contains("\n~ monitor `errors-13`: "), "{text}");
}

#[test]
fn what_hears_or_tells_less_is_at_risk() {
    let cluster = Cluster::start(Line::V3);
    let cli = changed(&cluster);
    cli.run(&["apply", "--yes"]).must_exit(0);
    let edit = |number: usize, from: &str, to: &str| cli.edit(&format!("m{number}.yaml"), from, to);
    edit(
        1,
        "total.value > 1",
        "total.value > 1 && ctx.results[0].hits.total.value < 30 && ctx.results[0].took < 5",
    );
    edit(2, "ctx.results[0].hits.total.value > 2", "'false'");
    edit(3, "logs-3-*", "logs-nowhere-*");
    edit(4, "every: 1m", "cron: 0 9 * * *");
    edit(5, "throttle: 10m", "throttle: 4h");
    edit(6, "window: none", "time_field: '@timestamp'\nwindow: 1h");
    edit(7, "total.value > 7", "total.value < 7");
    edit(9, "total.value > 9", "total.value > 9000");
    let text = cli.run(&["plan"]).must_exit(0).stdout;
    for expected in [
        "\n  ! can never fire: `many` (monitor `errors-2`)\n",
        "\n  ! searches other indices: monitor `errors-3`\n",
        "\n  ! runs more rarely: monitor `errors-4`\n",
        "\n  ! condition turned round: in `lots`: `>` -> `<` (monitor `errors-7`)\n",
        "\n  ! threshold moved tenfold: in `many` (monitor `errors-9`)\n",
        "\n  ! tells more rarely: `tell` (monitor `errors-5`)\n",
        // what is too long to be quoted is shown in lines
        "\n~ monitor `errors-1`: condition of `many`  m1.yaml:1\n",
        "&& ctx.results[0].took < 5\n",
    ] {
        assert!(text.contains(expected), "{expected}: {text}");
    }
}

#[test]
fn a_long_comment_keeps_its_room_for_lines_that_no_headline_says() {
    let cluster = Cluster::start(Line::V3);
    let monitor = |number: usize, threshold: usize, words: &str, query: &str| {
        format!(
            "kind: monitor\nname: errors-{number:02}\nschedule: {{every: 5m}}\nindex: l*\nquery: {query}\nwindow: none\n\
             triggers:\n  - name: many\n    condition: ctx.results[0].hits.total.value > {threshold}\n    actions:\n      \
             - {{name: tell, destination: ops, message: {words}}}\n"
        )
    };
    let files = |add: usize, words: &str| {
        let one = |number| match number {
            0..40 => monitor(number, number + add, "a", "a"),
            40..50 => monitor(number, 1, words, "a"),
            _ => monitor(number, 1, "a", words),
        };
        (0..51).map(one).collect::<Vec<_>>().join("---\n")
    };
    let ops = "kind: destination\nname: ops\nslack: {url: '${OPS}'}\n";
    let mut cli = Cli::new(&[("all.yaml", &files(1, "errors")), ("ops.yaml", ops)]);
    cli.set("ALERTFORM_URL", &cluster.url);
    cli.set("OPS", "https://hooks.slack.com/services/T0/B0/planted");
    cli.run(&["apply", "--yes"]).must_exit(0);
    cli.write("all.yaml", &files(2, "failures"));
    let plan = |bytes: &str| {
        let screen = cli.run(&["plan", "--format", "markdown", "--markdown-bytes", bytes]);
        screen.must_exit(0).stdout
    };
    let whole = plan("60000").len();
    // what headlines say goes first
    let short = plan(&(whole - 4000).to_string());
    assert!(short.len() <= whole - 4000 && !short.contains("not all lines are here"), "{short}");
    let message = "-         message: errors\n+         message: failures\n";
    assert!(short.contains(message), "{short}");
    // a change whose headline says all has no fold without lines
    assert!(short.contains("-&gt; <code>&gt; 41</code>  all.yaml:469\n"), "{short}");
    assert!(!short.contains("… and "), "{short}");
    // what changes alike is named, with places, without, or at last by some of the names and a number
    let places = "<code>errors-40</code>  all.yaml:481<br>\n<code>errors-41</code>  all.yaml:493<br>\n";
    let names = (40..50).map(|number| format!("<code>errors-{number}</code>")).collect::<Vec<_>>().join(", ");
    let some = " (monitor <code>errors-40</code>, monitor <code>errors-41</code>, monitor <code>errors-42</code> and 7 more)";
    let mut forms = Vec::new();
    for percent in (12..60).rev() {
        let text = plan(&(whole * percent / 100).to_string());
        // what is at risk leaves its room to no headline
        assert!(text.contains("\n- query: errors\n+ query: failures\n"), "{text}");
        let form = [places, &names, some].into_iter().position(|form| text.contains(form));
        let is_cut = text.contains("\n⚠️ Of 10 changes not all lines are here, for want of room");
        forms.push((form, is_cut));
    }
    forms.dedup();
    // in the end it is counted among those that have no room
    assert_eq!(forms, [(Some(0), false), (Some(1), false), (Some(2), true), (None, false)]);
}

#[test]
fn a_comment_uses_its_room_and_no_more() {
    let cluster = Cluster::start(Line::V3);
    let monitor = |number: usize, words: &str| {
        let name = format!("errors-{number:02}");
        let every = if number.is_multiple_of(3) { words.len() } else { 1 };
        format!(
            "kind: monitor\nname: {name}\nschedule: {{every: {every}m}}\nindex: l*\nquery: {words}{number}\n\
             window: none\n"
        )
    };
    let files = |words: &str| (0..40).map(|number| monitor(number, words)).collect::<Vec<_>>().join("---\n");
    let mut cli = Cli::new(&[("all.yaml", &files("a"))]);
    cli.set("ALERTFORM_URL", &cluster.url);
    cli.run(&["apply", "--yes"]).must_exit(0);
    cli.write("all.yaml", &files("b OR c"));
    let plan = |bytes: usize| {
        let args = ["plan", "--format", "markdown", "--markdown-bytes", &bytes.to_string()];
        cli.run(&args).must_exit(0).stdout
    };
    let whole = plan(60_000);
    assert!(!whole.contains("for want of room"), "{whole}");
    for percent in [15, 25, 40, 55, 70, 85, 95] {
        let budget = whole.len() * percent / 100;
        let text = plan(budget);
        assert!(text.len() <= budget, "{} of {budget}", text.len());
        // less than one change needs, besides what is kept for words about what is cut
        assert!(text.len() + 1_000 > budget, "{} of {budget}: {text}", text.len());
        assert!(text.contains("for want of room") || text.contains("no room here"), "{text}");
        assert!(!text.contains("Of 0 changes"), "{text}");
        let mut summaries = text.lines().filter(|line| line.contains("plan: 0 to create, 40 to update"));
        assert!(summaries.next().is_some_and(|first| first.starts_with("### ")), "{text}");
        assert!(summaries.next().is_some_and(|last| text.ends_with(&format!("{last}\n"))), "{text}");
    }
}

//! Defaults of a folder, and families of resources: what they make, and where they say that something is wrong.

use insta::assert_snapshot;
use serde_json::Value;

use crate::cli::Cli;

const DEFAULTS: &str = "\
kind: defaults
monitor:
  labels: {team: web, tier: '2'}
  schedule: {every: 5m}
  index: logs-*
  time_field: '@timestamp'
  triggers:
    severity: 3
    actions: {destination: room, throttle: 30m}
destination:
  labels: {team: web}
";

const NEARER: &str = "\
kind: defaults
monitor:
  labels: {tier: '1'}
  triggers: {severity: 1}
";

const ROOM: &str = "kind: destination\nname: room\ncustom_webhook: {url: 'https://room.example.com'}\n";

fn monitor(name: &str, more: &str) -> String {
    format!("kind: monitor\nname: {name}\nquery: a\n{more}")
}

const TRIGGERS: &str = "\
triggers:
  - name: t
    condition: 'true'
    actions: [{name: a, message: m}, {name: b, message: m, throttle: null}]
";

fn rendered(cli: &Cli, arguments: &[&str]) -> Value {
    let screen = cli.run(&[&["render"], arguments].concat()).must_exit(0);
    serde_json::from_str(&screen.stdout).unwrap()
}

#[test]
fn the_nearest_default_goes_first_and_what_a_resource_says_before_all() {
    let cli = Cli::new(&[
        ("monitors/defaults.yaml", DEFAULTS),
        ("monitors/edge/defaults.yaml", NEARER),
        ("monitors/a.yaml", &monitor("a", TRIGGERS)),
        (
            "monitors/edge/b.yaml",
            &monitor("b", &format!("schedule: {{cron: '0 9 * * *', timezone: UTC}}\nwindow: 1d\n{TRIGGERS}")),
        ),
        (
            "monitors/edge/c.yaml",
            "kind: monitor\nname: c\ntime_field: null\nwindow: none\nquery: c\nlabels: {team: edge}\n",
        ),
        ("destinations/room.yaml", ROOM),
        // another tool's
        ("helm/defaults.yaml", "monitor: true\n"),
    ]);
    let see = |name: &str| {
        let monitor = rendered(&cli, &[name]);
        let trigger = &monitor["triggers"][0]["query_level_trigger"];
        let throttles: Vec<&Value> = trigger["actions"]
            .as_array()
            .into_iter()
            .flatten()
            .map(|action| &action["throttle"]["value"])
            .collect();
        format!("{} {} {throttles:?}", monitor["schedule"], trigger["severity"])
    };
    assert_snapshot!(["a", "b", "c"].map(see).join("\n"), @r#"
    {"period":{"interval":5,"unit":"MINUTES"}} "3" [Number(30), Null]
    {"cron":{"expression":"0 9 * * *","timezone":"UTC"}} "1" [Number(30), Null]
    {"period":{"interval":5,"unit":"MINUTES"}} null []
    "#);
    let selected = |term: &str| {
        let json =
            cli.run(&["plan", "--url=sandbox:", "--format=json", "--select", term]).must_exit(0).stdout;
        let json: Value = serde_json::from_str(&json).unwrap();
        json["changes"]
            .as_array()
            .unwrap()
            .iter()
            .map(|change| change["name"].to_string())
            .collect::<String>()
    };
    assert_snapshot!(selected("label=tier=1"), @r#""room""b""c""#);
    assert_snapshot!(selected("label=team=web"), @r#""room""a""b""#);
    // what comes from a file belongs to it
    assert_snapshot!(selected("path=monitors/edge/defaults.yaml"), @r#""room""b""c""#);
    assert_snapshot!(cli.run(&["render", "b"]).stderr, @r"
    monitors/defaults.yaml:3:18: `labels.team` of the monitor `b`
    monitors/defaults.yaml:5:10: `index` of the monitor `b`
    monitors/defaults.yaml:6:15: `time_field` of the monitor `b`
    monitors/defaults.yaml:9:28: `triggers.t.actions.a.destination`, `triggers.t.actions.b.destination` of the monitor `b`
    monitors/defaults.yaml:9:44: `triggers.t.actions.a.throttle` of the monitor `b`
    monitors/edge/defaults.yaml:3:11: `labels` of the monitor `b`
    monitors/edge/defaults.yaml:4:24: `triggers.t.severity` of the monitor `b`
    ");
}

#[test]
fn a_default_that_a_variable_fills_in_belongs_to_both_files() {
    let monitor = "kind: monitor\nname: m\nschedule: {every: 5m}\nindex: a\nquery: a\nwindow: none\n";
    let cli = Cli::new(&[
        ("alertform.yaml", "variables: {TEAM: web, STAGE: prod}\n"),
        ("monitors/defaults.yaml", "kind: defaults\nmonitor:\n  labels: {team: '${TEAM}-${STAGE}'}\n"),
        ("monitors/m.yaml", monitor),
    ]);
    assert_snapshot!(cli.run(&["render", "m"]).stderr, @r"
    alertform.yaml:1:19: `labels.team` of the monitor `m`
    alertform.yaml:1:31: `labels.team` of the monitor `m`
    monitors/defaults.yaml:3:11: `labels` of the monitor `m`
    ");
}

#[test]
fn a_wrong_default_names_both_places() {
    let cli = Cli::new(&[
        (
            "monitors/defaults.yaml",
            "kind: defaults\nmonitor:\n  scheduel: 1\n  triggers: {severity: 9}\n  name: x\nmonitors: {}\n",
        ),
        (
            "monitors/a.yaml",
            &monitor("a", &format!("schedule: {{every: 5m}}\nindex: a\nwindow: none\n{TRIGGERS}")),
        ),
        ("monitors/b.yaml", &monitor("b", "schedule: {every: 5m}\nindex: a\nwindow: none\n")),
        ("monitors/c.yaml", "kind: defaults\nmonitor: {}\n"),
    ]);
    assert_snapshot!(cli.run(&["validate"]).must_exit(1), @r"
    --- stderr
    error: monitors/a.yaml:10:15: `destination` is missing (with `monitors/defaults.yaml`)
      hint: add the name of a destination: `destination: ops-slack`
    error: monitors/a.yaml:10:38: `destination` is missing (with `monitors/defaults.yaml`)
      hint: add the name of a destination: `destination: ops-slack`
    error: monitors/c.yaml:1:7: unknown kind `defaults`
      hint: a file with defaults is named `defaults.yaml`
    error: monitors/defaults.yaml:3:3: unknown key `scheduel` in a monitor (in the monitor `a` at monitors/a.yaml:1:1, and 1 more)
      hint: did you mean `schedule`?
    error: monitors/defaults.yaml:4:24: expected a number from 1 to 5 for `severity`, found the number `9` (in the monitor `a` at monitors/a.yaml:1:1)
      hint: 1 is the highest, 5 the lowest
    error: monitors/defaults.yaml:5:3: no default for `name`
      hint: say it in each file
    error: monitors/defaults.yaml:6:1: unknown key `monitors` in `kind: defaults`
      hint: did you mean `monitor`?
    --- exit code 1
    ");
    cli.write(
        "monitors/defaults.yaml",
        &format!("kind: defaults\nmonitor: a\n---\n{ROOM}---\nkind: defaults\ndestination: {{}}\n"),
    );
    assert_snapshot!(cli.run(&["validate"]).must_exit(1), @r"
    --- stderr
    error: monitors/a.yaml:10:15: `destination` is missing
      hint: add the name of a destination: `destination: ops-slack`
    error: monitors/a.yaml:10:38: `destination` is missing
      hint: add the name of a destination: `destination: ops-slack`
    error: monitors/c.yaml:1:7: unknown kind `defaults`
      hint: a file with defaults is named `defaults.yaml`
    error: monitors/defaults.yaml:2:10: expected a mapping for defaults, found the text `a`
    error: monitors/defaults.yaml:4:1: a resource among the defaults of a folder
      hint: give it a file of its own
    --- exit code 1
    ");
}

const FAMILY: &str = "\
kind: monitor
for_each:
  - {service: checkout, most: 10, rooms: [{name: a, destination: room, message: 'm ${each.x}'}]}
  - {service: search, most: 50, rooms: []}
name: ${each.service}-errors
labels: {kept: '${each_team:-plain}'}
schedule: {every: 5m}
index: ['${each.service}-*', '${each.service}']
window: none
query: 'level:ERROR AND $${each.service} AND ${each_other:-x}'
triggers:
  - name: too-many
    severity: 1
    condition: ctx.results[0].hits.total.value > ${each.most}
    actions: ${each.rooms}
";

#[test]
fn a_family_is_one_resource_for_each_item() {
    let cli = Cli::new(&[("monitors/f.yaml", &FAMILY.replace("m ${each.x}", "m")), ("d/room.yaml", ROOM)]);
    let see = |name: &str| {
        let monitor = rendered(&cli, &[name]);
        let trigger = &monitor["triggers"][0]["query_level_trigger"];
        let search = &monitor["inputs"][0]["search"];
        format!(
            "{} {} {} {}",
            search["indices"],
            search["query"]["query"],
            trigger["condition"]["script"]["source"],
            trigger["actions"].as_array().unwrap().len()
        )
    };
    assert_snapshot!(["checkout-errors", "search-errors"].map(see).join("\n"), @r#"
    ["checkout-*","checkout"] {"query_string":{"query":"level:ERROR AND ${each.service} AND x"}} "ctx.results[0].hits.total.value > 10" 1
    ["search-*","search"] {"query_string":{"query":"level:ERROR AND ${each.service} AND x"}} "ctx.results[0].hits.total.value > 50" 0
    "#);
    let words = "kind: destination\nfor_each: [red, blue]\nname: room-${each}\ncustom_webhook: {url: 'https://x/${each}'}\n";
    cli.write("d/rooms.yaml", words);
    let plan = cli.run(&["plan", "--url=sandbox:?line=1.3", "--format=json"]).must_exit(0);
    let plan: serde_json::Value = serde_json::from_str(&plan.stdout).unwrap();
    assert_eq!(
        plan["changes"][1]["item"],
        serde_json::json!({"file": "d/rooms.yaml", "line": 2, "column": 17})
    );
    let plan = cli.run(&["plan", "--url=sandbox:?line=1.3"]).must_exit(0).stdout;
    assert!(
        plan.contains("+ monitor `search-errors`: every 5m; tells nobody  monitors/f.yaml:1, item at 4\n"),
        "{plan}"
    );
    cli.write(
        "d/rooms.yaml",
        &words.replace(
            "custom_webhook: {url: 'https://x/${each}'}",
            "microsoft_teams: {url: 'https://x/${each}'}",
        ),
    );
    let plan = cli.run(&["plan", "--url=sandbox:?line=1.3"]).must_exit(1).stdout;
    assert!(plan.contains("(for the item at d/rooms.yaml:2:12)"), "{plan}");
    cli.write("d/rooms.yaml", words);
    cli.run(&["apply", "--yes", "--url=sandbox:"]).must_exit(1);
    assert_snapshot!(cli.run(&["validate"]).must_exit(0), @"valid: 3 destinations, 2 monitors");
}

#[test]
fn a_family_is_seen_by_environments_item_by_item() {
    let family = FAMILY
        .replace("m ${each.x}", "m")
        .replace("name: ${each.service}", "environments: ${each.in}\nname: ${each.service}");
    let family = family
        .replace("service: checkout,", "service: checkout, in: prod,")
        .replace("service: search,", "service: search, in: [prod, test],");
    let file = "environments:\n  prod: {}\n  test: {overlays: [{kind: monitor, name: search-errors, enabled: false}]}\n";
    let cli = Cli::new(&[("monitors/f.yaml", &family), ("d/room.yaml", ROOM), ("alertform.yaml", file)]);
    assert_snapshot!(cli.run(&["validate"]).must_exit(0), @r"
    prod: valid: 1 destination, 2 monitors
    test: valid: 1 destination, 1 monitor
    ");
    assert_eq!(rendered(&cli, &["search-errors", "--env=test"])["enabled"], false);
    assert_eq!(rendered(&cli, &["search-errors", "--env=prod"])["enabled"], true);
}

#[test]
fn a_wrong_family_names_both_places() {
    let file = |text: &str| {
        let cli = Cli::new(&[("monitors/f.yaml", text), ("d/room.yaml", ROOM)]);
        cli.run(&["validate"]).must_exit(1).stderr
    };
    let family = FAMILY.replace("service: search, most: 50", "service: search, mots: 50, color: red");
    assert_snapshot!(file(&family), @r"
    error: monitors/f.yaml:3:81: `${each.x}` stands for nothing here (for the item at monitors/f.yaml:3:5)
      hint: `for_each: [{service: checkout}]` makes a family of a document, in which, and not in its items, `${each.service}` stands; write `$${` for a plain `${`
    error: monitors/f.yaml:4:23: `${each.mots}` stands nowhere in the document
      hint: did you mean `most`?
    error: monitors/f.yaml:4:33: `${each.color}` stands nowhere in the document
      hint: remove it, or use it
    ");
    let family = FAMILY
        .replace("m ${each.x}", "m")
        .replace("most: 10", "most: [1]")
        .replace("severity: 1", "severity: 7");
    assert_snapshot!(file(&family), @r"
    error: monitors/f.yaml:3:31: expected a text for `${each.most}` within a text, found a list
      hint: it stands in the text at monitors/f.yaml:14:16
    error: monitors/f.yaml:13:15: expected a number from 1 to 5 for `severity`, found the number `7` (for the item at monitors/f.yaml:3:5, and 1 more)
      hint: 1 is the highest, 5 the lowest
    ");
    let plain = |list: &str| {
        format!(
            "kind: monitor\nfor_each: {list}\nname: ${{each}}\nschedule: {{every: 5m}}\nindex: a\nwindow: none\nquery: a\n"
        )
    };
    let keyed = "kind: monitor\nfor_each: [a]\nname: ${each}\nlabels: {'${each}': b}\n";
    assert!(
        file(keyed)
            .contains("error: monitors/f.yaml:4:10: `${each}` is a key, in which nothing is filled in\n")
    );
    let all: Vec<String> = ["[]", "a", "[a, a]", "[{a: b}]", "[[a]]"].map(|list| file(&plain(list))).into();
    assert_snapshot!(all.join("--\n"), @r"
    error: monitors/f.yaml:2:11: `for_each` is an empty list
      hint: as `for_each: [{service: checkout, most: 10}, {service: search, most: 50}]`, with `${each.service}` below
    --
    error: monitors/f.yaml:2:11: expected a list for `for_each`, found the text `a`
      hint: as `for_each: [{service: checkout, most: 10}, {service: search, most: 50}]`, with `${each.service}` below
    --
    error: monitors/f.yaml:3:7: monitor `a` is declared twice (for the item at monitors/f.yaml:2:15), first at monitors/f.yaml:3:7 (for the item at monitors/f.yaml:2:12)
      hint: give one of the two another name
    --
    error: monitors/f.yaml:2:13: `${each.a}` stands nowhere in the document
      hint: remove it, or use it
    error: monitors/f.yaml:3:7: `${each}` is nothing that the item at monitors/f.yaml:2:12 says
      hint: it has `a`
    --
    error: monitors/f.yaml:3:7: expected a text for `name`, found a list (for the item at monitors/f.yaml:2:12)
      hint: a text that begins with `[`, `{` or `- ` needs quotes
    ");
}

#[test]
fn a_default_is_declined_and_a_list_is_none() {
    let cli = Cli::new(&[
        ("monitors/defaults.yaml", DEFAULTS),
        ("monitors/a.yaml", &monitor("a", "labels: {team: null}\n")),
        ("destinations/room.yaml", ROOM),
    ]);
    let selected = |term: &str| cli.run(&["plan", "--url=sandbox:", "--select", term]).stdout;
    assert!(selected("label=tier=2").contains("monitor `a`"));
    let none = cli.run(&["plan", "--url=sandbox:", "--select=label=team"]).must_exit(1);
    assert!(none.stderr.contains("nothing is selected"), "{none}");
    cli.edit(
        "monitors/defaults.yaml",
        "  triggers:\n    severity: 3\n    actions:",
        "  triggers:\n    severity: 3\n    actions: []\n  x:",
    );
    let screen = cli.run(&["validate"]).must_exit(1);
    assert!(
        screen.stderr.contains("expected a mapping for `actions`, of what each of them has, found a list"),
        "{screen}"
    );
}

#[test]
fn what_an_item_says_is_told_with_both_places() {
    let file = "kind: monitor\nfor_each: [{n: a, room: nowhere, severity: 9}]\nname: ${each.n}\nschedule: {every: 5m}\nindex: a\nwindow: none\nquery: a\n\
        triggers:\n  - name: t\n    severity: ${each.severity}\n    condition: 'true'\n    actions: [{name: a, destination: '${each.room}', message: m}]\n";
    let cli = Cli::new(&[("monitors/f.yaml", file), ("d/room.yaml", ROOM)]);
    assert_snapshot!(cli.run(&["validate"]).must_exit(1).stderr, @r"
    error: monitors/f.yaml:10:15: expected a number from 1 to 5 for `severity`, found the number `9` (for the item at monitors/f.yaml:2:12)
      hint: 1 is the highest, 5 the lowest
    error: monitors/f.yaml:12:38: no destination is named `nowhere` (for the item at monitors/f.yaml:2:12)
      hint: declared are `room`
    ");
}

#[test]
fn what_is_declined_does_not_come_back_from_a_folder_above() {
    let bottom = "labels: {team: null}\ntime_field: null\nwindow: none\n";
    let cli = Cli::new(&[
        ("monitors/defaults.yaml", DEFAULTS),
        (
            "monitors/edge/defaults.yaml",
            "kind: defaults\nmonitor: {labels: {team: edge}, time_field: other}\n",
        ),
        ("monitors/edge/in/defaults.yaml", "kind: defaults\nmonitor: {labels: {tier: null}}\n"),
        ("monitors/edge/in/a.yaml", &monitor("a", bottom)),
        ("destinations/room.yaml", ROOM),
    ]);
    let selected = |term: &str| cli.run(&["plan", "--url=sandbox:", "--select", term]).stdout;
    assert!(selected("kind=monitor").contains("monitor `a`"));
    for label in ["label=team", "label=tier"] {
        let select = format!("--select={label}");
        let none = cli.run(&["plan", "--url=sandbox:", &select]).must_exit(1);
        assert!(none.stderr.contains("nothing is selected"), "{none}");
    }
    cli.edit("monitors/defaults.yaml", "  labels: {team: web, tier: '2'}\n", "  environments: [prod]\n");
    assert!(cli.run(&["validate"]).must_exit(1).stderr.contains("no default for `environments`"));
}

#[test]
fn a_label_that_is_nothing_is_declined_wherever_it_would_come_from() {
    let monitor = "kind: monitor\nname: m\nlabels: {team: null, kept: a}\nschedule: {every: 5m}\nindex: a\nquery: a\nwindow: none\n";
    let cli = Cli::new(&[("monitors/m.yaml", monitor)]);
    cli.run(&["validate"]).must_exit(0);
    cli.write("alertform.yaml", "environments: {prod: {url: 'sandbox:', labels: {team: web, more: b}}}\n");
    let selected = |term: &str| cli.run(&["plan", "--env=prod", "--select", term]).code;
    assert_eq!(["label=kept=a", "label=more=b", "label=team=web"].map(selected), [Some(0), Some(0), Some(1)]);
}

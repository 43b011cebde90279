//! One project, several clusters: what an environment says, where it is from, and what is wrong with it.

use insta::assert_snapshot;
use serde_json::Value;

use crate::cli::Cli;

const MONITOR: &str = "\
kind: monitor
name: errors
schedule: {every: 5m}
index: logs-*
time_field: '@timestamp'
query: level:ERROR
triggers:
  - name: too-many
    severity: 2
    condition: ctx.results[0].hits.total.value > ${MOST}
    actions:
      - {name: tell, destination: '${ROOM}', message: too many, throttle: 10m}
      - {name: page, destination: pager, message: too many, environments: prod}
";

const DESTINATIONS: &str = "\
kind: destination
name: room
custom_webhook: {url: 'https://room.example.com'}
---
kind: destination
name: pager
environments: [prod]
custom_webhook: {url: 'https://pager.example.com'}
";

const FILE: &str = "\
project: shop
variables: {MOST: 10, ROOM: room}
environments:
  prod:
    url: 'sandbox:'
    labels: {env: prod}
    limits: {deletions: 0}
  staging:
    url: 'sandbox:'
    labels: {env: staging}
    variables: {MOST: 100}
    overlays:
      - kind: monitor
        name: err*
        enabled: false
        schedule: {cron: '0 9 * * *', timezone: UTC}
        window: 1d
        triggers:
          - name: too-many
            severity: 4
            actions:
              - {name: '*', throttle: null}
";

fn project() -> Cli {
    Cli::new(&[("alertform.yaml", FILE), ("monitors/errors.yaml", MONITOR), ("d/all.yaml", DESTINATIONS)])
}

fn rendered(cli: &Cli, environment: &str) -> Value {
    let screen = cli.run(&["render", "errors", "--env", environment]).must_exit(0);
    serde_json::from_str(&screen.stdout).unwrap()
}

#[test]
fn one_file_is_another_monitor_in_each_environment() {
    let cli = project();
    let (prod, staging) = (rendered(&cli, "prod"), rendered(&cli, "staging"));
    let see = |monitor: &Value| {
        let trigger = &monitor["triggers"][0]["query_level_trigger"];
        let actions = trigger["actions"].as_array().unwrap();
        let actions = actions.iter().map(|action| {
            format!("{} {} {}", action["name"], action["destination_id"], action["throttle"]["value"])
        });
        let condition = &trigger["condition"]["script"]["source"];
        format!(
            "{} {} {} {condition} {:?}",
            monitor["enabled"],
            monitor["schedule"],
            trigger["severity"],
            actions.collect::<Vec<_>>()
        )
    };
    assert_snapshot!(see(&prod), @r#"true {"period":{"interval":5,"unit":"MINUTES"}} "2" "ctx.results[0].hits.total.value > 10" ["\"tell\" \"room\" 10", "\"page\" \"pager\" null"]"#);
    assert_snapshot!(see(&staging), @r#"false {"cron":{"expression":"0 9 * * *","timezone":"UTC"}} "4" "ctx.results[0].hits.total.value > 100" ["\"tell\" \"room\" null"]"#);
}

#[test]
fn render_says_where_values_stand() {
    let cli = project();
    assert_snapshot!(cli.run(&["render", "errors", "--env", "staging"]).stderr, @r"
    alertform.yaml:2:29: `triggers.too-many.actions.tell.destination` of the monitor `errors`
    alertform.yaml:10:19: `labels.env` of the monitor `errors`
    alertform.yaml:11:23: `triggers.too-many.condition` of the monitor `errors`
    alertform.yaml:15:18: `enabled` of the monitor `errors`
    alertform.yaml:16:19: `schedule` of the monitor `errors`
    alertform.yaml:17:17: `window` of the monitor `errors`
    alertform.yaml:20:23: `triggers.too-many.severity` of the monitor `errors`
    ");
    assert_snapshot!(cli.run(&["render", "--env", "prod"]).stderr, @r"
    alertform.yaml:2:19: `triggers.too-many.condition` of the monitor `errors`
    alertform.yaml:2:29: `triggers.too-many.actions.tell.destination` of the monitor `errors`
    alertform.yaml:6:19: `labels.env` of 3 resources
    ");
}

#[test]
fn each_environment_has_its_cluster_and_its_limits() {
    let cli = project();
    cli.run(&["apply", "--yes", "--env", "prod"]).must_exit(0);
    cli.run(&["plan", "--detailed-exitcode", "--env", "prod"]).must_exit(0);
    cli.run(&["plan", "--detailed-exitcode", "--env", "staging"]).must_exit(2);
    assert!(cli.path(".alertform/sandbox.prod.json").exists());
    assert!(!cli.path(".alertform/sandbox.staging.json").exists());
    // what is limited to other environments from now on is no longer declared in this one
    cli.edit("d/all.yaml", "[prod]", "[staging]");
    cli.edit("monitors/errors.yaml", "environments: prod", "environments: staging");
    cli.run(&["apply", "--yes", "--prune", "--env", "prod"]).must_exit(3);
}

#[test]
fn an_environment_must_be_named() {
    let mut cli = project();
    let mut all = String::new();
    for arguments in [
        &["plan"][..],
        &["render"],
        &["plan", "--env", "prd"],
        &["plan", "--env", "x"],
        &["render", "--env", "all"],
        &["export", "--out", "x", "--env", "prod,staging"],
    ] {
        all += &format!("{}\n", cli.run(arguments).must_exit(1));
    }
    assert_snapshot!(all, @r"
    --- stderr
    error: the project has environments, and none is named
      hint: `--env NAME` or `ALERTFORM_ENV` names one of `prod`, `staging`
    --- exit code 1
    --- stderr
    error: the project has environments, and none is named
      hint: `--env NAME` or `ALERTFORM_ENV` names one of `prod`, `staging`
    --- exit code 1
    --- stderr
    error: no environment is named `prd`
      hint: did you mean `prod`?
    --- exit code 1
    --- stderr
    error: no environment is named `x`
      hint: expected `prod`, `staging`, `all`
    --- exit code 1
    --- stderr
    error: this is done in one environment at a time
      hint: name one with `--env NAME`
    --- exit code 1
    --- stderr
    error: this is done in one environment at a time
      hint: name one with `--env NAME`
    --- exit code 1
    ");
    assert_snapshot!(cli.run(&["validate"]).must_exit(0), @r"
    prod: valid: 2 destinations, 1 monitor
    staging: valid: 1 destination, 1 monitor
    ");
    assert_snapshot!(cli.run(&["validate", "--env", "prod"]).must_exit(0), @"prod: valid: 2 destinations, 1 monitor");
    cli.set("ALERTFORM_ENV", "staging");
    cli.run(&["plan"]).must_exit(0);
    let bare = Cli::new(&[("monitors/a.yaml", "kind: monitor\nname: a\nenvironments: prod\n")]);
    assert_snapshot!(bare.run(&["validate", "--env", "prod"]).must_exit(1), @r"
    --- stderr
    error: no environment is named `prod`
      hint: `environments` in `alertform.yaml` names them
    --- exit code 1
    ");
    assert_snapshot!(bare.run(&["validate"]).must_exit(1), @r"
    --- stderr
    error: monitors/a.yaml:3:15: no environment is named `prod`
      hint: `environments` in `alertform.yaml` names them
    --- exit code 1
    ");
}

#[test]
fn what_meets_nothing_is_an_error() {
    let cli = project();
    cli.write(
        "alertform.yaml",
        "\
project: shop
variables: {MOST: 10, ROOM: room, TYPO: 1}
environments:
  prod:
    variables: {MOSTT: 100}
    overlays:
      - {kind: monitor, name: eror, enabled: false}
      - {kind: destination, name: nothing-alike, enabled: false}
      - kind: monitor
        name: errors
        window: null
        triggers:
          - {name: to-many, severity: 1}
          - {name: quite-another, severity: 1}
          - {name: too-many, severity: seven}
  staging:
    variables: {ROOM: pager}
",
    );
    assert_snapshot!(cli.run(&["validate"]).must_exit(1), @r"
    --- stderr
    error: alertform.yaml:2:41: no file of the project has `${TYPO}` in it
      hint: remove it, or use it
    error: alertform.yaml:5:24: no file of environment `prod` has `${MOSTT}` in it
      hint: did you mean `MOST`?
    error: alertform.yaml:7:31: no monitor of environment `prod` is named `eror`
      hint: did you mean `errors`?
    error: alertform.yaml:8:35: no destination of environment `prod` is named `nothing-alike`
      hint: an overlay changes what a file declares for this environment; `*` in a name stands for any text
    error: alertform.yaml:11:17: there is no `window` to take away (in prod)
      hint: nothing at a key takes the key away; remove it here
    error: alertform.yaml:13:20: nothing is named `to-many` in the list that this changes (in prod)
      hint: did you mean `too-many`?
    error: alertform.yaml:14:20: nothing is named `quite-another` in the list that this changes (in prod)
      hint: add it in the file of the resource, if `environments` there does not limit it to others
    error: alertform.yaml:15:40: expected a number from 1 to 5 for `severity`, found the text `seven` (in the monitor `errors` at monitors/errors.yaml:1:1) (in prod)
      hint: 1 is the highest, 5 the lowest
    error: monitors/errors.yaml:12:35: no destination has the name that was filled in (`ROOM` is said at alertform.yaml:17:23) (in staging)
      hint: expected the name of a destination, and no URL
    --- exit code 1
    ");
}

#[test]
fn what_an_environment_says_is_checked() {
    let cli = project();
    cli.write(
        "alertform.yaml",
        "\
variables: {1st: a, B: [c]}
environments:
  all: {}
  'a b': {}
  c:
    urll: x
    labels: [a]
    password: planted
    overlays:
      - {kind: monitr, name: a, enabled: false}
      - {kind: monitor, enabled: false}
      - {kind: monitor, name: a}
      - {kind: monitor, name: a, previous_names: b}
      - a
  d: {overlays: {a: b}, url: 'https://h/'}
  f: {url: 'https://h'}
  g: {url: 'https://h', project: other}
  e: [a]
",
    );
    let screen = cli.run(&["validate"]).must_exit(1);
    assert!(!screen.stderr.contains("planted"));
    assert_snapshot!(screen.stderr.lines().filter(|line| !line.starts_with("monitors/")).collect::<Vec<_>>().join("\n"), @r#"
    error: alertform.yaml:1:13: `1st` is no name of a variable
      hint: it has letters, digits and `_`, and does not begin with a digit
    error: alertform.yaml:1:24: expected a text or a number for `B`, found a list
      hint: nothing is written `""`
    error: alertform.yaml:3:3: `all` is no name of an environment
      hint: expected letters, digits, `-` and `_`, and not `all`: `prod`
    error: alertform.yaml:4:3: `a b` is no name of an environment
      hint: expected letters, digits, `-` and `_`, and not `all`: `prod`
    error: alertform.yaml:6:5: unknown key `urll` in an environment
      hint: did you mean `url`?
    error: alertform.yaml:7:13: expected a mapping of texts for `labels`, found a list
    error: alertform.yaml:8:5: a password does not belong in the settings
      hint: name a variable: `password: ${NAME}`, or a file: `password_file: /run/secrets/password`
    error: alertform.yaml:10:16: expected a kind, found the text `monitr`
      hint: did you mean `monitor`?
    error: alertform.yaml:11:9: `name` is missing
      hint: as `- {kind: monitor, name: errors, enabled: false}`
    error: alertform.yaml:12:31: an overlay that changes nothing
      hint: as `- {kind: monitor, name: errors, enabled: false}`
    error: alertform.yaml:13:34: an overlay has no `previous_names`
      hint: say it in the file of the resource
    error: alertform.yaml:14:9: expected a mapping for an overlay, found the text `a`
    error: alertform.yaml:15:17: expected a list for `overlays`, found a mapping
      hint: as `- {kind: monitor, name: errors, enabled: false}`
    error: alertform.yaml:16:3: `f` has the cluster and the project of `d`
      hint: what one of the two makes the other would delete: give one another `project`, and its resources other names
    error: alertform.yaml:18:6: expected a mapping for an environment, found a list
    "#);
}

#[test]
fn an_environment_goes_before_variables_that_are_one_for_all() {
    let mut cli = project();
    cli.write(
        "alertform.yaml",
        "\
project: shop
variables: {MOST: 10, ROOM: room}
environments:
  prod: {url: 'http://127.0.0.1:1', username: ann, password: '${PROD_PASSWORD}'}
  staging: {url: 'http://127.0.0.1:2', token_file: nowhere}
  other: {url: '${OTHER_URL}'}
",
    );
    for (name, value) in [
        ("ALERTFORM_URL", "http://127.0.0.1:3"),
        ("ALERTFORM_USERNAME", "bob"),
        ("ALERTFORM_PASSWORD", "planted"),
        ("ALERTFORM_RETRIES", "0"),
    ] {
        cli.set(name, value);
    }
    let mut all = String::new();
    for environment in ["prod", "staging", "other"] {
        all += &format!("{}\n", cli.run(&["plan", "--env", environment]).must_exit(1));
    }
    cli.set("PROD_PASSWORD", "planted-too");
    all += &format!("{}\n", cli.run(&["plan", "--env", "prod"]).must_exit(1));
    all += &format!("{}\n", cli.run(&["plan", "--env", "prod", "--url", "http://127.0.0.1:4"]).must_exit(1));
    assert!(!all.contains("planted"), "{all}");
    assert_snapshot!(all, @r"
    --- stderr
    error: alertform.yaml:4:62: the variable `PROD_PASSWORD` is not set
      hint: settings take variables of the process, and none of `alertform.yaml`: set it for this run
    --- exit code 1
    --- stderr
    error: cannot read the token file `./nowhere`: No such file or directory (os error 2)
    --- exit code 1
    --- stderr
    error: alertform.yaml:6:16: the variable `OTHER_URL` is not set
      hint: settings take variables of the process, and none of `alertform.yaml`: set it for this run
    --- exit code 1
    --- stderr
    error: `127.0.0.1:1` refused the connection
      hint: is the server running, and is this its port?
    --- exit code 1
    --- stderr
    error: `127.0.0.1:4` refused the connection
      hint: is the server running, and is this its port?
    --- exit code 1
    ");
    // what only connecting needs is no matter to who does not
    cli.run(&["validate"]).must_exit(0);
    cli.run(&["render", "--env", "other"]).must_exit(0);
}

#[test]
fn a_secret_variable_of_an_environment_is_hidden() {
    let mut cli = project();
    cli.edit("monitors/errors.yaml", "message: too many,", "message: 'see ${LINK}',");
    cli.edit("alertform.yaml", "MOST: 10,", "MOST: 10, LINK: 'https://x/${PROD_TOKEN}',");
    cli.set("PROD_TOKEN", "planted-token");
    let screen = cli.run(&["plan", "--env", "prod", "--format", "json"]).must_exit(0).to_string();
    assert!(screen.contains("see ***") && !screen.contains("planted"), "{screen}");
    let screen = cli.run(&["render", "--env", "prod"]).must_exit(0).to_string();
    assert!(screen.contains("see ***") && !screen.contains("planted"), "{screen}");
}

#[test]
fn one_cluster_is_one_however_it_is_spelled() {
    for (one, other) in [
        ("sandbox:x.json", "sandbox:./x.json"),
        ("sandbox:x.json", "sandbox:x.json?line=2.19"),
        ("http://LOCALHOST:1", "http://localhost:1/"),
        ("http://localhost:80", "http://localhost"),
    ] {
        let file = format!("project: p\nenvironments:\n  a: {{url: '{one}'}}\n  b: {{url: '{other}'}}\n");
        let cli =
            Cli::new(&[("alertform.yaml", &file), ("d/a.yaml", DESTINATIONS.split("---").next().unwrap())]);
        let screen = cli.run(&["validate"]).must_exit(1);
        assert!(
            screen.stderr.contains("`b` has the cluster and the project of `a`"),
            "{one} {other}: {screen}"
        );
    }
}

#[test]
fn names_are_compared_as_they_read() {
    let cli = project();
    cli.edit("monitors/errors.yaml", "name: errors", "name: ${PRE}errors");
    cli.edit("monitors/errors.yaml", "name: too-many", "name: ${PRE}too-many");
    cli.edit("alertform.yaml", "MOST: 10,", "MOST: 10, PRE: x-,");
    cli.edit("alertform.yaml", "name: err*", "name: ${PRE}${OWN}*");
    cli.edit("alertform.yaml", "variables: {MOST: 100}", "variables: {MOST: 100, OWN: err}");
    cli.edit("alertform.yaml", "- name: too-many", "- name: x-too-many");
    assert_eq!(
        cli.run(&["render", "x-errors", "--env=staging"])
            .must_exit(0)
            .stdout
            .matches("\"severity\": \"4\"")
            .count(),
        1
    );
}

#[test]
fn what_is_wrong_once_is_said_once_and_where() {
    let cli = project();
    // a variable that cannot be filled in is used all the same
    cli.edit("alertform.yaml", "variables: {MOST: 100}", "variables: {MOST: '${GONE}'}");
    assert_snapshot!(cli.run(&["validate"]).must_exit(1).stderr, @r"
    error: alertform.yaml:11:23: the variable `GONE` is not set (in the monitor `errors` at monitors/errors.yaml:1:1) (in staging)
      hint: variables of `alertform.yaml` take those of the process, and no others of their own: set it for this run, or give a default
    ");
    let cli = project();
    cli.edit("d/all.yaml", "environments: [prod]", "environments:");
    assert!(cli.run(&["validate"]).must_exit(1).stderr.contains("d/all.yaml:7:1: limited to no environment"));
}

#[test]
fn a_setting_shows_no_secret() {
    let mut cli = project();
    cli.set("PROD_TOKEN", "no name, planted");
    let file = cli.read("alertform.yaml");
    for setting in ["protected: ['monitor ${PROD_TOKEN}']", "project: '${PROD_TOKEN}'", "ca: '${PROD_TOKEN}'"]
    {
        cli.write("alertform.yaml", &file.replace("    labels: {env: prod}\n", &format!("    {setting}\n")));
        let screen = cli.run(&["plan", "--env=prod"]).must_exit(1).to_string();
        assert!(
            screen.contains("is a secret, and would be shown") && !screen.contains("planted"),
            "{screen}"
        );
    }
}

#[test]
fn a_pattern_finds_nothing_in_an_empty_list() {
    let cli = project();
    let text = cli.read("monitors/errors.yaml");
    cli.write(
        "monitors/errors.yaml",
        &(text.split("    actions:").next().unwrap().to_owned() + "    actions: []\n"),
    );
    cli.edit("alertform.yaml", "ROOM: room", "OTHER: room");
    cli.edit("alertform.yaml", "{name: '*', throttle: null}", "{name: '*', destination: room, message: m}");
    let screen = cli.run(&["validate", "--env=staging"]).must_exit(1);
    assert!(screen.stderr.contains("nothing is named `*` in the list that this changes"), "{screen}");
}

#[test]
fn what_a_secret_says_by_chance_is_no_secret_elsewhere() {
    let mut cli = project();
    cli.set("PROD_TOKEN_FILE", "secret.txt");
    cli.set("PW", "ann");
    cli.write("secret.txt", "x");
    let file = cli.read("alertform.yaml");
    for settings in ["username: ann\n    password: ${PW}", "token_file: ${PROD_TOKEN_FILE}"] {
        cli.write("alertform.yaml", &file.replace("    labels: {env: prod}\n", &format!("    {settings}\n")));
        cli.run(&["plan", "--env=prod"]).must_exit(0);
    }
}

#[cfg(unix)]
#[test]
fn a_command_is_run_for_the_environment_that_is_used() {
    let file = "\
project: shop
variables: {MOST: 1, ROOM: room}
commands: {note: [sh, -c, 'echo $1 >> log; echo x', sh]}
environments:
  prod: {url: 'http://127.0.0.1:1', retries: 0, token: '${cmd:note prod}'}
  staging: {url: 'http://127.0.0.1:2', retries: 0, username: ann, password: '${cmd:note staging}'}
";
    let mut cli = project();
    cli.write("alertform.yaml", file);
    cli.set("PATH", "/usr/bin:/bin");
    cli.run(&["validate"]).must_exit(0);
    cli.run(&["render", "--env=prod"]).must_exit(0);
    let screen = cli.run(&["plan", "--env=staging"]).must_exit(1);
    assert!(screen.stderr.contains("`127.0.0.1:2` refused the connection"), "{screen}");
    assert_eq!(cli.read("log"), "staging\n");
}

#[test]
fn nothing_at_a_key_is_no_value_where_there_is_no_such_mapping() {
    let cli = project();
    cli.edit(
        "alertform.yaml",
        "        window: 1d\n",
        "        window: 1d\n        labels: {a: b, gone: null}\n",
    );
    let screen = cli.run(&["validate"]).must_exit(1);
    assert!(screen.stderr.contains("there is no `gone` to take away"), "{screen}");
}

#[test]
fn a_secret_that_stands_among_the_variables_is_warned_of() {
    let cli = project();
    cli.edit("monitors/errors.yaml", "message: too many,", "message: 'see ${API_TOKEN}',");
    cli.edit("alertform.yaml", "MOST: 10,", "MOST: 10, API_TOKEN: planted,");
    assert_snapshot!(cli.run(&["validate"]).must_exit(0), @r"
    prod: valid: 2 destinations, 1 monitor
    staging: valid: 1 destination, 1 monitor
    --- stderr
    warning: alertform.yaml:2:34: `API_TOKEN` is a secret by its name, and stands in the file
      hint: let it come from outside: `API_TOKEN: ${API_TOKEN}`
    ");
}

#[test]
fn what_is_protected_may_be_of_another_environment() {
    let cli = project();
    let file = cli.read("alertform.yaml");
    cli.write("monitors/own.yaml", "kind: monitor\nname: own\nenvironments: staging\nschedule: {every: 5m}\nindex: a*\nwindow: none\nquery: a\n");
    cli.write("alertform.yaml", &format!("protected: [monitor own, monitor nobody]\n{file}"));
    let screen = cli.run(&["plan", "--env=prod", "--url=sandbox:"]).to_string();
    assert!(screen.contains("names the monitor `nobody`") && !screen.contains("monitor `own`"), "{screen}");
}

#[test]
fn an_overlay_looks_through_a_list_whose_items_are_all_for_other_environments() {
    let monitor = "\
kind: monitor
name: m
schedule: {every: 5m}
index: a*
window: none
query: a
triggers:
  - name: many
    environments: prod
    condition: 'true'
    actions: [{name: tell, environments: prod, destination: room, message: m}]
";
    let cli = Cli::new(&[
        ("monitors/m.yaml", monitor),
        (
            "d/room.yaml",
            "kind: destination\nname: room\nslack: {url: '${URL:-https://hooks.slack.com/services/a}'}\n",
        ),
    ]);
    let overlay = |items: &str| {
        let file = format!(
            "environments:\n  prod:\n  staging:\n    overlays: [{{kind: monitor, name: m, triggers: [{items}]}}]\n"
        );
        cli.write("alertform.yaml", &file);
        cli.run(&["validate"]).must_exit(1).stderr
    };
    assert_snapshot!(overlay("{name: mnay, severity: 1, condition: 'true'}"), @r"
    error: alertform.yaml:4:59: nothing is named `mnay` in the list that this changes (in staging)
      hint: add it in the file of the resource, if `environments` there does not limit it to others
    ");
    cli.edit("monitors/m.yaml", "    environments: prod\n", "");
    assert_snapshot!(overlay("{name: many, actions: [{name: tell, destination: room, message: y}]}"), @r"
    error: alertform.yaml:4:82: nothing is named `tell` in the list that this changes (in staging)
      hint: add it in the file of the resource, if `environments` there does not limit it to others
    ");
}

#[test]
fn an_error_that_an_overlay_brings_about_names_it() {
    let cli = project();
    let overlay =
        "overlays:\n      - {kind: monitor, name: errors, triggers: [{name: too-many, condition: null}]}\n";
    cli.edit("alertform.yaml", "overlays:\n", overlay);
    assert_snapshot!(cli.run(&["validate"]).must_exit(1).stderr, @r"
    error: alertform.yaml:11:23: no file of environment `staging` has `${MOST}` in it
      hint: remove it, or use it
    error: monitors/errors.yaml:8:5: `condition` is missing (with the overlay at alertform.yaml:13:31, the overlay at alertform.yaml:15:15) (in staging)
      hint: add a Painless expression: `condition: ctx.results[0].hits.total.value > 0`
    ");
}

#[test]
fn a_variable_of_all_may_be_for_one_alone() {
    let cli = project();
    cli.edit(
        "alertform.yaml",
        "variables: {MOST: 10,",
        "variables: {LIMITED: a, OVERLAID: b, DEFAULT: c, MOST: 10,",
    );
    cli.write(
        "monitors/defaults.yaml",
        "kind: defaults\nmonitor: {index: '${DEFAULT}*'}\nworkflow: {labels: {a: '${DEFAULT}'}}\n",
    );
    let own = "kind: monitor\nname: own\nenvironments: prod\nschedule: {every: 5m}\nindex: '${LIMITED}*'\nwindow: none\nquery: a\n";
    cli.write("monitors/own.yaml", own);
    cli.edit(
        "alertform.yaml",
        "overlays:\n",
        "overlays:\n      - {kind: monitor, name: errors, query: '${OVERLAID}'}\n",
    );
    cli.run(&["validate"]).must_exit(0);
    cli.run(&["validate", "--env=prod"]).must_exit(0);
}

#[test]
fn what_cannot_be_read_may_be_what_an_overlay_or_a_variable_is_for() {
    let cli = project();
    let broken = "kind: monitor\nname: errors\n  query: a\n";
    for text in [broken, "kin: monitor\nname: errors\n", "kind: monitor\nfor_each: a\nname: errors\n"] {
        cli.write("monitors/errors.yaml", text);
        let screen = cli.run(&["validate", "--env=prod"]).must_exit(1).stderr;
        assert!(screen.contains("error: monitors/errors.yaml:"), "{screen}");
        assert!(!screen.contains("is named `") && !screen.contains("has `${"), "{screen}");
    }
    let told = cli.run(&["plan", "--env=prod", "--format=json"]).must_exit(1).stdout;
    assert!(told.contains("\"environment\": \"prod\""), "{told}");
    let told = cli.run(&["plan", "--env=prod", "--format=github"]).must_exit(1).stdout;
    assert!(told.contains("::prod: "), "{told}");
}

#[test]
fn a_key_and_its_certificate_come_from_one_place() {
    let cli = project();
    let file = cli.read("alertform.yaml");
    let prod = "    labels: {env: prod}\n";
    let file = file.replace(prod, &format!("{prod}    client_certificate: prod.pem\n"));
    cli.write("alertform.yaml", &format!("client_key: all.key\n{file}"));
    let screen = cli.run(&["plan", "--env=prod"]).must_exit(1).stderr;
    assert!(screen.contains("the client certificate has no key"), "{screen}");
}

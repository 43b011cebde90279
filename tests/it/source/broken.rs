//! One test an error: where it is, what was expected, what to do.

use crate::source::project::{declared, errors};

const SLACK: (&str, &str) =
    ("destinations/ops.yaml", "kind: destination\nname: ops\nslack:\n  url: ${URL}\n");

/// The errors of one more monitor beside a sound destination.
fn monitor(text: &str) -> String {
    errors(&[SLACK, ("monitors/m.yaml", &format!("kind: monitor\nname: m\n{text}"))])
}

/// The errors of a monitor that lacks nothing but what `text` adds or breaks.
fn sound_but(text: &str) -> String {
    monitor(&format!("schedule: {{every: 5m}}\nindex: logs\ntime_field: t\nquery: a\n{text}"))
}

fn destination(text: &str) -> String {
    errors(&[("destinations/d.yaml", &format!("kind: destination\nname: d\n{text}"))])
}

#[test]
fn all_errors_of_all_files_at_once() {
    let text = errors(&[
        ("destinations/a.yaml", "kind: destination\nnmae: a\nslack: {url: 5}\n"),
        (
            "monitors/b.yaml",
            "kind: monitor\nname: b\nschedule: 15m\nqueyr: x\nfoo: 1\n---\nkind: monitr\n---\n- a\n",
        ),
        ("monitors/c.yaml", "kind: monitor\nname: [\n"),
    ]);
    insta::assert_snapshot!(text, @r#"
    destinations/a.yaml:1:1: `name` is missing
      hint: add one: `name: ops-slack`
    destinations/a.yaml:2:1: unknown key `nmae` in a destination
      hint: did you mean `name`?
    destinations/a.yaml:3:14: expected a text for `url`, found a number
      hint: put it in quotes
    monitors/b.yaml:1:1: `index` is missing
      hint: add the index, a pattern, or a list: `index: logs-*`
    monitors/b.yaml:1:1: a monitor without a query
      hint: add one of `query`, `extraction_query`, `extraction_query_file`
    monitors/b.yaml:3:11: expected a mapping for `schedule`, found the text `15m`
      hint: say `{every: 15m}` or `{cron: "0 9 * * 1-5", timezone: Asia/Tokyo}`
    monitors/b.yaml:4:1: unknown key `queyr` in a monitor
      hint: did you mean `query`?
    monitors/b.yaml:5:1: unknown key `foo` in a monitor
      hint: expected one of `kind`, `name`, `labels`, `enabled`, `schedule`, `index`, `time_field`, `query`, `window`, `extraction_query`, `extraction_query_file`, `triggers`, `definition`
    monitors/b.yaml:7:7: unknown kind `monitr`
      hint: did you mean `monitor`?
    monitors/b.yaml:9:1: expected a resource, found a document without `kind`
      hint: add `kind: monitor` or `kind: destination`, or move the file out of this folder
    monitors/c.yaml:2:7: not YAML: unclosed bracket '['
    "#);
}

#[test]
fn broken_yaml_hides_no_other_document() {
    let text = errors(&[(
        "monitors/a.yaml",
        "kind: monitor\nname: \"x\n---\nkind: monitor\nname: a\nname: b\nschedule: {every: 0m}\nindex: \"\"\nquery: *gone\n",
    )]);
    insta::assert_snapshot!(text, @r"
    monitors/a.yaml:2:7: not YAML: while scanning a quoted scalar, found unexpected document indicator
    monitors/a.yaml:6:1: `name` is given twice, first at monitors/a.yaml:5:1
      hint: remove one of the two
    monitors/a.yaml:9:8: not YAML: while parsing node, found unknown anchor
      hint: a text that begins with `*` must stand in quotes: else it is an alias
    ");
}

#[test]
fn a_key_given_twice() {
    insta::assert_snapshot!(sound_but("index: other\n"), @r"
    monitors/m.yaml:7:1: `index` is given twice, first at monitors/m.yaml:4:1
      hint: remove one of the two
    ");
}

#[test]
fn a_bomb() {
    let mut text = String::from("kind: monitor\nname: m\na0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
    for level in 1..9 {
        let aliases = vec![format!("*a{}", level - 1); 10].join(", ");
        text.push_str(&format!("a{level}: &a{level} [{aliases}]\n"));
    }
    insta::assert_snapshot!(errors(&[("monitors/m.yaml", &text)]), @"monitors/m.yaml:8:45: more than 1000000 values in one file, aliases counted as often as they are used");
    let deep = format!("kind: monitor\nname: m\nquery: {}{}\n", "[".repeat(5000), "]".repeat(5000));
    insta::assert_snapshot!(errors(&[("monitors/m.yaml", &deep)]), @"monitors/m.yaml:3:263: not YAML: recursion limit exceeded");
}

#[test]
fn kinds() {
    let text = errors(&[
        ("monitors/a.yaml", "name: a\n"),
        ("destinations/b.yml", "kind: Destination\nname: b\n"),
        ("other/c.yaml", "kind: workflow\nname: c\n"),
    ]);
    insta::assert_snapshot!(text, @r"
    destinations/b.yml:1:7: unknown kind `Destination`
      hint: did you mean `destination`?
    monitors/a.yaml:1:1: expected a resource, found a document without `kind`
      hint: add `kind: monitor` or `kind: destination`, or move the file out of this folder
    other/c.yaml:1:7: unknown kind `workflow`
      hint: expected one of `destination`, `monitor`
    ");
}

#[test]
fn a_broken_file_elsewhere_that_declares_one_of_our_kinds() {
    insta::assert_snapshot!(errors(&[SLACK, ("x.yaml", "kind: monitor # ours\nname: {{ .Values.name }}\n  a: b\n")]), @r"
    x.yaml:2:8: expected a text as key, found a mapping
      hint: a text that begins with `{{` must stand in quotes
    x.yaml:3:3: not YAML: while parsing a block mapping, did not find expected key
    ");
}

#[test]
fn an_empty_project() {
    insta::assert_snapshot!(errors(&[("compose.yaml", "services: {}\n")]), @r"
    no monitor and no destination is declared below `DIR`
      hint: expected YAML files with `kind: monitor` or `kind: destination`; `--dir` names another folder
    ");
}

#[test]
fn a_folder_that_is_not_there() {
    let findings = alertform::source::load(std::path::Path::new("/nowhere/at/all"), &[].into()).unwrap_err();
    insta::assert_snapshot!(findings[0], @"cannot read the folder `/nowhere/at/all`: No such file or directory (os error 2)");
}

#[test]
fn two_of_one_name() {
    let one = "kind: destination\nname: ops\nchime: {url: \"https://x/${URL}\"}\n";
    insta::assert_snapshot!(errors(&[SLACK, ("destinations/z.yaml", one)]), @r"
    destinations/z.yaml:2:7: destination `ops` is declared twice, first at destinations/ops.yaml:2:7
      hint: give one of the two another name
    ");
}

#[test]
fn a_destination_that_nobody_declares() {
    let action = |name: &str| {
        sound_but(&format!(
            "triggers:\n  - name: t\n    condition: a > 1\n    actions:\n      - {{name: a, destination: {name}, message: x}}\n"
        ))
    };
    insta::assert_snapshot!(action("osp"), @r"
    monitors/m.yaml:11:32: no destination is named `osp`
      hint: did you mean `ops`?
    ");
    insta::assert_snapshot!(action("security-room"), @r"
    monitors/m.yaml:11:32: no destination is named `security-room`
      hint: declared are `ops`
    ");
}

#[test]
fn substitutions() {
    insta::assert_snapshot!(
        destination("description: ${GONE}\nenabled: ${URL}\nslack: {url: \"${file:gone.txt}\"}\n"),
        @r"
    destinations/d.yaml:3:14: the variable `GONE` is not set
      hint: set it in the environment, or give a default: `${GONE:-…}`; write `$${` for a plain `${`
    destinations/d.yaml:4:10: expected `true` or `false` for `enabled`, found a text
    destinations/d.yaml:5:14: cannot read the file of `${file:gone.txt}`: No such file or directory (os error 2)
      hint: a relative path starts at the file that names it
    "
    );
    insta::assert_snapshot!(destination("description: ${a.b}\nslack: {url: \"${URL\"}\n"), @r"
    destinations/d.yaml:3:14: `${a.b}` is no substitution
      hint: expected `${NAME}`, `${NAME:-default}` or `${file:PATH}`; write `$${` for a plain `${`
    destinations/d.yaml:4:14: `${` without a closing `}`
      hint: write `$${` for a plain `${`
    ");
}

#[test]
fn destinations() {
    insta::assert_snapshot!(destination(""), @r"
    destinations/d.yaml:1:1: a destination that leads nowhere
      hint: say where it leads with one of `slack`, `chime`, `custom_webhook`, `definition`
    ");
    insta::assert_snapshot!(destination("webhook: {url: x}\n"), @r"
    destinations/d.yaml:1:1: a destination that leads nowhere
      hint: say where it leads with one of `slack`, `chime`, `custom_webhook`, `definition`
    destinations/d.yaml:3:1: unknown key `webhook` in a destination
      hint: did you mean `custom_webhook`?
    ");
    insta::assert_snapshot!(destination("slack: {url: \"${URL}\"}\nchime: {url: \"${URL}\"}\n"), @r"
    destinations/d.yaml:4:1: `slack`, `chime` exclude each other
      hint: a destination leads to one place; declare two of them
    ");
    insta::assert_snapshot!(destination("slack: {}\n"), @r"
    destinations/d.yaml:3:8: `url` is missing
      hint: add the URL of the incoming webhook: `url: ${WEBHOOK_URL}`
    ");
    insta::assert_snapshot!(destination("slack: {url: ftp://x}\nenabled: yes\n"), @r"
    destinations/d.yaml:3:14: expected an http or https URL for `url`
      hint: it begins with `https://` or `http://` and a host
    destinations/d.yaml:4:10: expected `true` or `false` for `enabled`, found the text `yes`
    ");
    insta::assert_snapshot!(destination("custom_webhook: {url: http://a, host: b}\n"), @r"
    destinations/d.yaml:3:33: `url` and `host` exclude each other
      hint: give the whole URL, or its parts
    ");
    insta::assert_snapshot!(destination("custom_webhook: {}\n"), @r"
    destinations/d.yaml:3:17: `url` is missing
      hint: add the whole URL, or `host` and the other parts
    ");
    insta::assert_snapshot!(
        destination("custom_webhook: {host: b, port: 70000, scheme: ftp, header_params: {a: [1]}, headers: {}}\n"),
        @r"
    destinations/d.yaml:3:33: expected a whole number from 1 to 65535 for `port`, found a number
    destinations/d.yaml:3:40: expected `http` or `https` for `scheme`
      hint: leave it out for `https`
    destinations/d.yaml:3:72: expected a text for `a`, found a list
    destinations/d.yaml:3:78: unknown key `headers` in `custom_webhook`
      hint: did you mean `header_params`?
    "
    );
    insta::assert_snapshot!(destination("definition: {slack: {url: x}}\n"), @r"
    destinations/d.yaml:3:13: `config_type` is missing
      hint: expected `config_type: microsoft_teams` and so on, as from 2.0 on, or `type: email`, as before
    ");
    insta::assert_snapshot!(destination("definition: {name: e, config_type: slack, slack: {uri: x}}\n"), @r"
    destinations/d.yaml:3:20: the definition is named `e`, the document `d`
      hint: remove the name from the definition
    destinations/d.yaml:3:50: `url` is missing
    ");
}

#[test]
fn schedules() {
    let schedule = |text: &str| monitor(&format!("schedule: {text}\nindex: i\nquery: a\nwindow: none\n"));
    insta::assert_snapshot!(schedule("{}"), @r#"
    monitors/m.yaml:3:11: a schedule without `every` and `cron`
      hint: say `{every: 15m}` or `{cron: "0 9 * * 1-5", timezone: Asia/Tokyo}`
    "#);
    insta::assert_snapshot!(schedule("{every: 15}"), @r"
    monitors/m.yaml:3:19: expected a duration for `every`, found the number `15`
      hint: expected a whole number and a unit: `30s`, `15m`, `2h` or `1d`
    ");
    insta::assert_snapshot!(schedule("{every: 1h30m, timezone: UTC}"), @r"
    monitors/m.yaml:3:19: expected a duration for `every`, found the text `1h30m`
      hint: expected a whole number and a unit: `30s`, `15m`, `2h` or `1d`
    monitors/m.yaml:3:26: `timezone` has no effect beside `every`
      hint: remove it
    ");
    insta::assert_snapshot!(schedule("{every: 15m, cron: 0 9 * * *}"), @r#"
    monitors/m.yaml:3:24: `every` and `cron` exclude each other
      hint: say `{every: 15m}` or `{cron: "0 9 * * 1-5", timezone: Asia/Tokyo}`
    "#);
    insta::assert_snapshot!(schedule("{cron: 0 0 9 * * *, timezone: Tokyo}"), @r"
    monitors/m.yaml:3:18: the server refuses the cron expression `0 0 9 * * *`: it has 6 fields instead of 5
      hint: expected five fields, minute hour day-of-month month day-of-week: `0 9 * * 1-5`
    monitors/m.yaml:3:41: the server knows no time zone `Tokyo`
      hint: expected a name such as `Europe/Berlin`, case counts, or an offset such as `+09:00`, `UTC` or `Z`
    ");
    insta::assert_snapshot!(schedule("{cron: 0 9 ? * 1}"), @r"
    monitors/m.yaml:3:18: the server refuses the cron expression `0 9 ? * 1`: `?` is no day of month: only numbers, `*`, `,`, `-` and `/` are
      hint: expected five fields, minute hour day-of-month month day-of-week: `0 9 * * 1-5`
    ");
}

#[test]
fn queries() {
    let query = |text: &str| monitor(&format!("schedule: {{every: 5m}}\nindex: i\n{text}"));
    insta::assert_snapshot!(query(""), @r"
    monitors/m.yaml:1:1: a monitor without a query
      hint: add one of `query`, `extraction_query`, `extraction_query_file`
    ");
    insta::assert_snapshot!(query("query: a\n"), @r#"
    monitors/m.yaml:5:1: `query` without `time_field` would count all documents of all time
      hint: add `time_field: "@timestamp"`, or say `window: none`
    "#);
    insta::assert_snapshot!(query("query: a\ntime_field: t\nwindow: none\n"), @r"
    monitors/m.yaml:6:1: `time_field` has no effect beside `window: none`
      hint: remove one of the two
    ");
    insta::assert_snapshot!(query("query: a\ntime_field: t\nwindow: 1w\n"), @r"
    monitors/m.yaml:7:9: expected a duration for `window`, found the text `1w`
      hint: expected a whole number and a unit: `30s`, `15m`, `2h` or `1d`; `none` for all time
    ");
    insta::assert_snapshot!(query("query: a\nextraction_query: {}\n"), @r"
    monitors/m.yaml:6:1: `query`, `extraction_query` exclude each other
      hint: keep one of them
    ");
    insta::assert_snapshot!(query("extraction_query: {size: 0}\ntime_field: t\nwindow: 5m\n"), @r"
    monitors/m.yaml:6:1: `time_field` has no effect beside `extraction_query`, which is sent as it stands
      hint: say it in a range on the time field inside the search body, and remove it here
    monitors/m.yaml:7:1: `window` has no effect beside `extraction_query`, which is sent as it stands
      hint: say it in a range on the time field inside the search body, and remove it here
    ");
    insta::assert_snapshot!(query("extraction_query: '{\"size\": }'\n"), @r"
    monitors/m.yaml:5:29: not JSON: expected value
      hint: `extraction_query` is a mapping, or a text with a JSON object in it
    ");
    insta::assert_snapshot!(query("extraction_query: [1]\n"), @"monitors/m.yaml:5:19: expected a mapping, the whole search body, found a list");
    insta::assert_snapshot!(query("extraction_query_file: gone.json\n"), @r"
    monitors/m.yaml:5:24: cannot read `gone.json`: No such file or directory (os error 2)
      hint: the path starts at the monitor's own file
    ");
    insta::assert_snapshot!(
        monitor("schedule: {cron: 0 9 * * *}\nindex: []\ntime_field: t\nquery: a\n"),
        @r"
    monitors/m.yaml:4:8: `index` is an empty list
      hint: name at least one index
    monitors/m.yaml:6:1: `query` needs a `window` when the schedule is a cron expression
      hint: say how far it looks back: `window: 1d`
    "
    );
}

#[test]
fn query_files() {
    let file = |name: &str, text: &str| {
        let monitor = format!(
            "kind: monitor\nname: m\nschedule: {{every: 5m}}\nindex: i\nextraction_query_file: {name}\n"
        );
        errors(&[("monitors/m.yaml", &monitor), (&format!("monitors/{name}"), text)])
    };
    insta::assert_snapshot!(file("q.json", "{\"size\": 0,\n  \"query\" 1}"), @"monitors/q.json:2:11: not JSON: expected `:`");
    insta::assert_snapshot!(file("q.json", "[]"), @"monitors/q.json:1:1: expected a JSON object: the whole search body");
    insta::assert_snapshot!(file("q.yaml", "size: 0\nsize: 1\n"), @r"
    monitors/q.yaml:2:1: `size` is given twice, first at monitors/q.yaml:1:1
      hint: remove one of the two
    ");
    insta::assert_snapshot!(file("q.yaml", "- 1\n"), @"monitors/q.yaml:1:1: expected a mapping, the whole search body, found a list");
}

#[test]
fn triggers() {
    let triggers = |text: &str| sound_but(&format!("triggers:\n{text}"));
    insta::assert_snapshot!(triggers("  name: t\n"), @"monitors/m.yaml:8:3: expected a list for `triggers`, found a mapping");
    insta::assert_snapshot!(triggers("  - severity: high\n"), @r"
    monitors/m.yaml:8:5: `name` is missing
      hint: add one: `name: too-many-errors`
    monitors/m.yaml:8:5: `condition` is missing
      hint: add a Painless expression: `condition: ctx.results[0].hits.total.value > 0`
    monitors/m.yaml:8:15: expected a number from 1 to 5 for `severity`, found the text `high`
      hint: 1 is the highest, 5 the lowest
    ");
    insta::assert_snapshot!(triggers("  - {name: '', severity: 6, condition: ''}\n"), @r"
    monitors/m.yaml:8:12: `name` is empty
    monitors/m.yaml:8:26: expected a number from 1 to 5 for `severity`, found the number `6`
      hint: 1 is the highest, 5 the lowest
    monitors/m.yaml:8:40: `condition` is empty
    ");
    insta::assert_snapshot!(
        triggers("  - {name: t, condition: a}\n  - {name: u, condition: a}\n  - {name: t, condition: a}\n"),
        @r"
    monitors/m.yaml:10:5: two triggers are named `t`, first at monitors/m.yaml:8:5
      hint: give one of the two another name: acknowledgements and throttles hang on it
    "
    );
    let many: String = (0..51).map(|n| format!("  - {{name: t{n}, condition: a}}\n")).collect();
    insta::assert_snapshot!(triggers(&many), @r"
    monitors/m.yaml:58:5: 51 triggers in one monitor, no server takes more than 50
      hint: split the monitor in two
    ");
}

#[test]
fn actions() {
    let actions = |text: &str| {
        sound_but(&format!("triggers:\n  - name: t\n    condition: a > 1\n    actions:\n{text}"))
    };
    insta::assert_snapshot!(actions("      - {}\n"), @r#"
    monitors/m.yaml:11:9: `name` is missing
      hint: add one: `name: notify`
    monitors/m.yaml:11:9: `destination` is missing
      hint: add the name of a destination: `destination: ops-slack`
    monitors/m.yaml:11:9: `message` is missing
      hint: add a Mustache template: `message: "{{ctx.monitor.name}} fires"`
    "#);
    insta::assert_snapshot!(
        actions("      - {name: a, destination_id: ops, message: 5, throttle: 30s}\n"),
        @r"
    monitors/m.yaml:11:9: `destination` is missing
      hint: add the name of a destination: `destination: ops-slack`
    monitors/m.yaml:11:19: unknown key `destination_id` in an action
      hint: did you mean `destination`?
    monitors/m.yaml:11:49: expected a text for `message`, found the number `5`
      hint: put it in quotes
    monitors/m.yaml:11:62: expected whole minutes from `1m` to `24h` for `throttle`, found the text `30s`
      hint: such as `30m`; the server refuses any other
    "
    );
    insta::assert_snapshot!(
        actions("      - {name: a, destination: ops, message: x, throttle: 25h}\n      - {name: a, destination: {id: x}, message: x}\n"),
        @r"
    monitors/m.yaml:11:59: expected whole minutes from `1m` to `24h` for `throttle`, found the text `25h`
      hint: such as `30m`; the server refuses any other
    monitors/m.yaml:12:9: two actions are named `a`, first at monitors/m.yaml:11:9
      hint: give one of the two another name: acknowledgements and throttles hang on it
    "
    );
}

#[test]
fn definitions() {
    let definition =
        |text: &str| errors(&[("monitors/m.yaml", &format!("kind: monitor\nname: m\ndefinition:\n{text}"))]);
    insta::assert_snapshot!(definition("  name: other\n  schedule: {period: {interval: 5, unit: WEEKS}}\n"), @r"
    monitors/m.yaml:4:9: the definition is named `other`, the document `m`
      hint: remove the name from the definition
    monitors/m.yaml:5:42: expected `MINUTES`, `HOURS` or `DAYS`, found the text `WEEKS`
    ");
    insta::assert_snapshot!(
        definition("  schedule: {cron: {expression: 0 9 * *, timezone: utc}}\nindex: a\n"),
        @r"
    monitors/m.yaml:4:33: the server refuses the cron expression `0 9 * *`: it has 4 fields instead of 5
      hint: expected five fields, minute hour day-of-month month day-of-week: `0 9 * * 1-5`
    monitors/m.yaml:4:52: the server knows no time zone `utc`
      hint: expected a name such as `Europe/Berlin`, case counts, or an offset such as `+09:00`, `UTC` or `Z`
    monitors/m.yaml:5:1: `index` and `definition` exclude each other
      hint: say it inside `definition`, in the API's words
    "
    );
    insta::assert_snapshot!(
        definition(concat!(
            "  schedule: {period: {interval: 5, unit: MINUTES}}\n",
            "  triggers:\n",
            "    - bucket_level_trigger:\n",
            "        name: t\n",
            "        severity: 1\n",
            "        condition: {}\n",
            "        actions:\n",
            "          - {name: a, destination: gone, message_template: x, throttle_enabled: true, throttle: {value: 2000}}\n",
            "          - {name: a, destination_id: x, message_template: {source: x}}\n",
        )),
        @r"
    monitors/m.yaml:11:13: the throttle is longer than 24 hours, which the server refuses
      hint: `1440` minutes are the most
    monitors/m.yaml:11:36: no destination is named `gone`
      hint: declare it: a document with `kind: destination`
    "
    );
    insta::assert_snapshot!(definition("  - 1\n"), @"monitors/m.yaml:4:3: expected a mapping for `definition`, found a list");
}

#[test]
fn warnings() {
    let declared = declared(&[
        (
            "destinations/d.yaml",
            concat!(
                "kind: destination\nname: d\nslack: {url: https://hooks.slack.com/services/x}\n---\n",
                "kind: destination\nname: e\ncustom_webhook:\n  url: http://127.0.0.1:9/x\n",
                "  header_params: {Authorization: Bearer x, Content-Type: text/plain}\n",
            ),
        ),
        (
            "monitors/m.yaml",
            "kind: monitor\nname: m\ndefinition:\n  description: x\n  schedule: {period: {interval: 5, unit: MINUTES}}\n",
        ),
    ]);
    let warnings: Vec<String> = declared.warnings.iter().map(ToString::to_string).collect();
    insta::assert_snapshot!(warnings.join("\n"), @r"
    destinations/d.yaml:3:14: a secret stands in the file: `url`
      hint: say `${NAME}` for the environment, or `${file:PATH}`
    destinations/d.yaml:9:34: a secret stands in the file: `Authorization`
      hint: say `${NAME}` for the environment, or `${file:PATH}`
    monitors/m.yaml:4:16: the server drops `description` without a word
      hint: remove it, or make it a comment
    ");
}

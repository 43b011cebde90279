//! Monitors in the friendly form: what is wrong with each of their parts.

use crate::source::project::errors;

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
      hint: add one of `query`, `extraction_query`, `extraction_query_file`, `document_queries`, `cluster_metrics`, `ppl`
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
      hint: the path starts at the file that names it
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
    insta::assert_snapshot!(file("q.json", "{\"size\": 0,\n  \"query\" 1}"), @"monitors/q.json:2:11: not JSON: expected `:` (in the monitor `m` at monitors/m.yaml:1:1)");
    insta::assert_snapshot!(file("q.json", "[]"), @"monitors/q.json:1:1: expected a JSON object: the whole search body (in the monitor `m` at monitors/m.yaml:1:1)");
    insta::assert_snapshot!(file("q.yaml", "size: 0\nsize: 1\n"), @r"
    monitors/q.yaml:2:1: `size` is given twice, first at monitors/q.yaml:1:1 (in the monitor `m` at monitors/m.yaml:1:1)
      hint: remove one of the two
    ");
    insta::assert_snapshot!(file("q.yaml", "- 1\n"), @"monitors/q.yaml:1:1: expected a mapping, the whole search body, found a list (in the monitor `m` at monitors/m.yaml:1:1)");
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

//! No error shows what may be a secret, wherever in a destination it stands.

use crate::source::project::{errors, warnings};

fn destination(text: &str) -> String {
    let text = errors(&[("destinations/d.yaml", &format!("kind: destination\nname: d\n{text}"))]);
    for secret in ["planted", "987", "hooks.slack.com"] {
        assert!(!text.contains(secret), "{text}");
    }
    text
}

#[test]
fn values_of_the_wrong_type() {
    insta::assert_snapshot!(destination("slack: https://planted\n"), @"destinations/d.yaml:3:8: expected a mapping for `slack`, found a text");
    insta::assert_snapshot!(destination("slack: {https://planted}\n"), @r"
    destinations/d.yaml:3:8: `url` is missing
      hint: add the URL of the incoming webhook: `url: ${WEBHOOK_URL}`
    destinations/d.yaml:3:9: unknown key in `slack`
      hint: expected one of `url`
    ");
    insta::assert_snapshot!(destination("chime: {url: [planted]}\n"), @r"
    destinations/d.yaml:3:14: expected a text for `url`, found a list
      hint: a text that begins with `[`, `{` or `- ` needs quotes
    ");
    insta::assert_snapshot!(
        destination(concat!(
            "custom_webhook:\n  host: h\n  port: planted\n  scheme: planted\n  path: 987\n  method: 987\n",
            "  password: 987\n  username: true\n  header_params: \"X: planted\"\n",
            "  query_params: {\"a=planted\": }\n",
        )),
        @r"
    destinations/d.yaml:5:9: expected a whole number from 1 to 65535 for `port`, found a text
    destinations/d.yaml:6:3: expected `http` or `https` for `scheme`
      hint: leave it out for `https`
    destinations/d.yaml:7:9: expected a text for `path`, found a number
      hint: put it in quotes
    destinations/d.yaml:8:11: expected a text for `method`, found a number
      hint: put it in quotes
    destinations/d.yaml:9:13: expected a text for `password`, found a number
      hint: put it in quotes
    destinations/d.yaml:10:13: expected a text for `username`, found a truth value
      hint: put it in quotes
    destinations/d.yaml:11:18: expected a mapping of texts for `header_params`, found a text
    destinations/d.yaml:12:29: expected a text, found nothing
    "
    );
    insta::assert_snapshot!(destination("custom_webhook: {url: ftp://planted}\n"), @r"
    destinations/d.yaml:3:23: expected an http or https URL for `url`
      hint: it begins with `https://` or `http://` and a host
    ");
}

#[test]
fn definitions() {
    insta::assert_snapshot!(destination("definition: https://planted\n"), @"destinations/d.yaml:3:13: expected a mapping for `definition`, found a text");
    insta::assert_snapshot!(destination("definition: {config_type: slack, slack: planted}\n"), @"destinations/d.yaml:3:41: expected a mapping, found a text");
    insta::assert_snapshot!(destination("definition: {config_type: slack, slack: {url: [planted]}}\n"), @"destinations/d.yaml:3:47: expected a text, found a list");
    insta::assert_snapshot!(
        destination("definition: {config_type: slack, slack: {url: x}, is_enabled: planted}\n"),
        @"destinations/d.yaml:3:63: expected `true` or `false`, found a text"
    );
    insta::assert_snapshot!(
        destination("definition: {type: custom_webhook, custom_webhook: {port: planted, header_params: planted}}\n"),
        @"destinations/d.yaml:3:59: expected a whole number"
    );
}

#[test]
fn what_a_variable_holds() {
    insta::assert_snapshot!(destination("enabled: ${URL}\nslack: ${URL}\n"), @r"
    destinations/d.yaml:3:10: expected `true` or `false` for `enabled`, found a text
    destinations/d.yaml:4:8: expected a mapping for `slack`, found a text
    ");
    insta::assert_snapshot!(destination("custom_webhook: {host: h, scheme: \"${URL}\", port: \"${URL}\"}\n"), @r"
    destinations/d.yaml:3:27: expected `http` or `https` for `scheme`
      hint: leave it out for `https`
    destinations/d.yaml:3:51: expected a whole number from 1 to 65535 for `port`, found a text
    ");
    insta::assert_snapshot!(destination("custom_webhook: {host: h, password: \"a${planted!}\"}\n"), @r"
    destinations/d.yaml:3:37: `${…}` is no substitution
      hint: expected `${NAME}`, `${NAME:-default}`, `${file:PATH}` or `${cmd:NAME …}`; write `$${` for a plain `${`
    ");
    let monitor = concat!(
        "kind: monitor\nname: m\nschedule: {cron: \"${URL}\", timezone: \"${URL}\"}\nindex: i\nquery: a\n",
        "time_field: t\nwindow: ${URL}\nenabled: ${URL}\ntriggers:\n",
        "  - {name: t, severity: \"${URL}\", condition: a, actions: [{name: a, destination: {id: x}, message: x, throttle: \"${URL}\"}]}\n",
        "  - {name: u, condition: a, actions: [{name: a, destination: \"${URL}\", message: x}]}\n",
        "---\nkind: monitor\nname: o\nschedule: {every: 5m}\nindex: i\nextraction_query_file: ${URL}\n",
        "---\nkind: monitor\nname: n\ndefinition:\n  schedule: {period: {interval: \"${URL}\", unit: MINUTES}}\n",
    );
    let text = errors(&[("monitors/m.yaml", monitor)]);
    assert!(!text.contains("hooks.slack.com"), "{text}");
    insta::assert_snapshot!(text, @r"
    monitors/m.yaml:3:18: the server refuses the cron expression that was filled in
      hint: expected five fields, minute hour day-of-month month day-of-week: `0 9 * * 1-5`
    monitors/m.yaml:3:38: the server does not know the time zone that was filled in
      hint: expected a name such as `Europe/Berlin`, case counts, or an offset such as `+09:00`, `UTC` or `Z`
    monitors/m.yaml:7:9: expected a duration for `window`, found a text
      hint: expected a whole number and a unit: `30s`, `15m`, `2h` or `1d`; `none` for all time
    monitors/m.yaml:8:10: expected `true` or `false` for `enabled`, found a text
    monitors/m.yaml:10:25: expected a number from 1 to 5 for `severity`, found a text
      hint: 1 is the highest, 5 the lowest
    monitors/m.yaml:10:113: expected whole minutes from `1m` to `24h` for `throttle`, found a text
      hint: such as `30m`; the server refuses any other
    monitors/m.yaml:11:62: no destination has the name that was filled in
      hint: expected the name of a destination, and no URL
    monitors/m.yaml:17:24: cannot read the file that was filled in: No such file or directory (os error 2)
      hint: the path starts at the file that names it
    monitors/m.yaml:22:33: expected a whole number from 1, found a text
    ");
}

#[test]
fn secrets_in_the_file() {
    let text = concat!(
        "kind: destination\nname: a\nslack: {url: https://hooks.slack.com/services/x}\n---\n",
        "kind: destination\nname: b\ncustom_webhook:\n  url: https://example.com/hook?x=planted\n",
        "  header_params: {Authorization: Bearer x, Content-Type: text/plain}\n  password: planted\n---\n",
        "kind: destination\nname: c\ncustom_webhook: {host: h, path: a/b, query_params: {token: 1, room: ops}}\n---\n",
        "kind: destination\nname: d\ndefinition:\n  config_type: microsoft_teams\n",
        "  microsoft_teams: {url: \"https://example.webhook.office.com/x\"}\n---\n",
        "kind: destination\nname: e\ndefinition:\n  type: custom_webhook\n",
        "  custom_webhook: {url: \"${URL}?x\", header_params: {X-Api-Key: planted}}\n",
    );
    insta::assert_snapshot!(warnings(&[("destinations/d.yaml", text)]), @r"
    destinations/d.yaml:3:14: a secret stands in the file: `url`
      hint: say `${NAME}` for the environment, or `${file:PATH}`
    destinations/d.yaml:8:8: a secret stands in the file: `url`
      hint: say `${NAME}` for the environment, or `${file:PATH}`
    destinations/d.yaml:9:34: a secret stands in the file: `Authorization`
      hint: say `${NAME}` for the environment, or `${file:PATH}`
    destinations/d.yaml:10:13: a secret stands in the file: `password`
      hint: say `${NAME}` for the environment, or `${file:PATH}`
    destinations/d.yaml:14:60: a secret stands in the file: `token`
      hint: say `${NAME}` for the environment, or `${file:PATH}`
    destinations/d.yaml:20:26: a secret stands in the file: `url`
      hint: say `${NAME}` for the environment, or `${file:PATH}`
    destinations/d.yaml:26:64: a secret stands in the file: `X-Api-Key`
      hint: say `${NAME}` for the environment, or `${file:PATH}`
    ");
}

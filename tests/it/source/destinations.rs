//! Destinations in the friendly form: what is wrong, and what is odd.

use crate::source::project::{declared, errors};

fn destination(text: &str) -> String {
    errors(&[("destinations/d.yaml", &format!("kind: destination\nname: d\n{text}"))])
}

#[test]
fn destinations() {
    insta::assert_snapshot!(destination(""), @r"
    destinations/d.yaml:1:1: a destination that leads nowhere
      hint: say where it leads with one of `slack`, `chime`, `microsoft_teams`, `mattermost`, `sns`, `email`, `custom_webhook`, `definition`
    ");
    insta::assert_snapshot!(destination("webhook: {url: x}\n"), @r"
    destinations/d.yaml:1:1: a destination that leads nowhere
      hint: say where it leads with one of `slack`, `chime`, `microsoft_teams`, `mattermost`, `sns`, `email`, `custom_webhook`, `definition`
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
    destinations/d.yaml:3:51: unknown key `uri` in `slack`
      hint: did you mean `url`?
    ");
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
    monitors/m.yaml:4:3: unknown key `description`, which is not sent
      hint: expected one of `name`, `monitor_type`, `enabled`, `schedule`, `inputs`, `triggers`
    ");
}

#[test]
fn channels_by_their_own_keys() {
    let resource = |text: &str| {
        let file = format!("kind: destination\nname: d\n{text}");
        declared(&[("destinations/d.yaml", &file)]).resources[0].resource.clone()
    };
    for (friendly, definition) in [
        (
            "microsoft_teams: {url: \"${URL}\"}\n",
            "config_type: microsoft_teams, microsoft_teams: {url: \"${URL}\"}",
        ),
        ("mattermost: {url: \"${URL}\"}\n", "config_type: mattermost, mattermost: {url: \"${URL}\"}"),
        ("sns: {topic_arn: arn:aws:sns:a:1:t}\n", "config_type: sns, sns: {topic_arn: arn:aws:sns:a:1:t}"),
        (
            "sns: {topic_arn: arn:aws:sns:a:1:t, role_arn: arn:aws:iam::1:role/r}\n",
            "type: sns, sns: {topic_arn: arn:aws:sns:a:1:t, role_arn: arn:aws:iam::1:role/r}",
        ),
    ] {
        assert_eq!(resource(friendly), resource(&format!("definition: {{{definition}}}\n")), "{friendly}");
    }
    insta::assert_snapshot!(destination("sns: {topic: x, topic_arn: arn:aws:sqs:a:1:t, role_arn: r}\n"), @r"
    destinations/d.yaml:3:7: unknown key `topic` in `sns`
      hint: expected one of `topic_arn`, `role_arn`
    destinations/d.yaml:3:17: expected the ARN of a topic for `topic_arn`
      hint: such as `arn:aws:sns:us-east-1:123456789012:alerts`
    destinations/d.yaml:3:47: expected the ARN of a role for `role_arn`
      hint: such as `arn:aws:iam::123456789012:role/alerts`
    ");
    insta::assert_snapshot!(destination("mattermost: {url: planted}\n"), @r"
    destinations/d.yaml:3:19: expected an http or https URL for `url`
      hint: it begins with `https://` or `http://` and a host
    ");
}

//! `alertform.yaml`: all that is wrong with it is said at once.

use alertform::config::Process;
use alertform::source::project_file::load;
use alertform::source::settings::Settings;

use crate::source::project::{folder, shown};

fn errors(text: &str) -> String {
    let dir = folder(&[("alertform.yaml", text)]);
    shown(&load(dir.path(), &Process::default()).expect_err("the settings are broken").findings)
}

#[test]
fn a_password_hides_nothing_else() {
    let text = "project: Ops Alerts\npassword: planted\nproyect: x\ntimeout: 60\nline: 9\nadopt: 1\nretries: \"3\"\n";
    insta::assert_snapshot!(errors(text), @r"
    alertform.yaml:1:1: `Ops Alerts` is no name of a project
      hint: expected lower-case letters, digits and hyphens: `ops-alerts`
    alertform.yaml:2:1: a password does not belong in the settings
      hint: set `ALERTFORM_PASSWORD`, name a variable: `password: ${NAME}`, or a file: `password_file: /run/secrets/password`
    alertform.yaml:3:1: unknown key `proyect` in the settings
      hint: did you mean `project`?
    alertform.yaml:4:10: expected a duration for `timeout`, found the number `60`
      hint: expected a whole number and a unit: `30s`, `15m`, `2h` or `1d`
    alertform.yaml:5:7: expected one of `odfe`, `1.3`, `2.19`, `3` for `line`, found the number `9`
    alertform.yaml:6:8: expected `true` or `false` for `adopt`, found the number `1`
    ");
}

#[test]
fn how_aws_is_asked_is_checked() {
    let text = "token: planted\naws: {regoin: x, external_id: y}\nconnect_to: [a]\n";
    insta::assert_snapshot!(errors(text), @r"
    alertform.yaml:1:1: a token does not belong in the settings
      hint: set `ALERTFORM_TOKEN`, name a variable: `token: ${NAME}`, or a file: `token_file: /run/secrets/token`
    alertform.yaml:2:7: unknown key `regoin` in `aws`
      hint: did you mean `region`?
    alertform.yaml:2:18: `external_id` without a role
      hint: it says how `role_arn` is assumed
    alertform.yaml:3:13: expected a text for `connect_to`, found a list
      hint: a text that begins with `[`, `{` or `- ` needs quotes
    ");
    let dir = folder(&[("alertform.yaml", "aws: {}\n")]);
    let Settings { aws, .. } = load(dir.path(), &Process::default()).unwrap().settings;
    assert_eq!(aws, Some(alertform::api::connection::Aws::default()));
}

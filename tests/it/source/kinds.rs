//! E-mail accounts and groups, workflows and PPL monitors: what is wrong with them is said with its place.

use crate::source::project::{declared, errors, warnings};

const MONITORS: &str = "kind: monitor\nname: a\nschedule: {every: 1h}\nindex: i\nquery: x\nwindow: none\n---\n\
                        kind: monitor\nname: b\nschedule: {every: 1h}\nindex: i\nquery: x\nwindow: none\n---\n";

#[test]
fn what_is_wrong_with_e_mail() {
    let text = concat!(
        "kind: email_account\nname: m\n",
        "smtp_account: {host: h, port: 0, method: starttls, from_address: ops}\n---\n",
        "kind: email_account\nname: n\n---\n",
        "kind: email_account\nname: o\ndefinition: {config_type: smtp_account, smtp_account: {host: h, port: 25, method: starttls, from_address: a@b.c}}\n---\n",
        "kind: email_group\nname: g\nrecipients: [Ops <ops@example.com>]\n---\n",
        "kind: email_group\nname: h\ndefinition: {emails: [{email: a@b.c}], emials: 1}\n---\n",
        "kind: destination\nname: d\nemail: {account: mm, groups: g}\n---\n",
        "kind: destination\nname: e\nemail: {account: m}\n",
    );
    insta::assert_snapshot!(errors(&[("all.yaml", text)]), @r"
    all.yaml:3:31: expected a whole number from 1 to 65535 for `port`, found the number `0`
    all.yaml:3:34: unknown `method` of encryption
      hint: did you mean `start_tls`?
    all.yaml:3:52: expected an e-mail address for `from_address`
      hint: such as `ops@example.com`, without a name around it
    all.yaml:5:1: an email_account that says nothing of itself
      hint: say one of `smtp_account`, `ses_account`, `definition`
    all.yaml:10:83: unknown `method` of encryption
      hint: did you mean `start_tls`?
    all.yaml:14:14: expected an e-mail address, found `Ops <ops@example.com>`
      hint: such as `ops@example.com`, without a name around it
    all.yaml:18:40: unknown key `emials` in the `definition` of an email_group
      hint: did you mean `emails`?
    all.yaml:22:18: no email_account is named `mm`
      hint: did you mean `m`?
    all.yaml:26:8: an e-mail to nobody
      hint: add `recipients: [ops@example.com]`, or `groups: [on_call]`
    ");
}

#[test]
fn e_mail_and_groups_of_nobody() {
    let text = concat!(
        "kind: email_account\nname: m\nsmtp_account: {host: h, port: 1, method: none, from_address: a@b.c}\n---\n",
        "kind: email_group\nname: g\nrecipients: []\n---\n",
        "kind: destination\nname: d\nemail: {account: m, recipients: []}\n",
    );
    insta::assert_snapshot!(warnings(&[("all.yaml", text)]), @r"
    all.yaml:7:13: a group of nobody
      hint: name a recipient
    all.yaml:11:8: an e-mail to nobody
      hint: name a recipient or a group
    ");
}

#[test]
fn what_is_wrong_with_workflows() {
    let workflow = |text: &str| {
        let text = format!("{MONITORS}kind: workflow\nname: w\nschedule: {{every: 1h}}\n{text}");
        errors(&[("all.yaml", &text)])
    };
    insta::assert_snapshot!(workflow("delegates: []\n"), @r"
    all.yaml:18:12: a workflow that runs no monitor
      hint: name at least one
    ");
    insta::assert_snapshot!(workflow("delegates: [a, c, a]\n"), @r"
    all.yaml:18:16: no monitor is named `c`
      hint: did you mean `a`?
    all.yaml:18:19: `a` is among the delegates twice
      hint: a workflow runs a monitor once
    ");
    insta::assert_snapshot!(workflow("delegates: [{monitor: a, chained_monitor_findings: [b]}, b]\n"), @r"
    all.yaml:18:13: `a` looks at findings of `b`, which does not run before it
      hint: put that monitor before it among the delegates
    ");
    let condition =
        |text: &str| workflow(&format!("delegates: [a]\ntriggers: [{{name: t, condition: '{text}'}}]\n"));
    insta::assert_snapshot!(condition("monitor[name=a] AND monitor[name=b]"), @r"
    all.yaml:19:33: no server understands this condition: it has more in it than what it names and operators
      hint: such as `monitor[name=errors] && !monitor[name=deploys]`, with `||` and parentheses
    all.yaml:19:33: the workflow does not run `b`
      hint: did you mean `a`?
    ");
    insta::assert_snapshot!(condition("monitor[name=aa]"), @r"
    all.yaml:19:33: the workflow does not run `aa`
      hint: did you mean `a`?
    ");
    insta::assert_snapshot!(condition("monitor[name=b c]"), @r"
    all.yaml:19:33: the workflow does not run `b c`
      hint: name one of its delegates
    ");
    insta::assert_snapshot!(condition(r"monitor[name=''a'']"), @r"
    all.yaml:19:33: the workflow does not run `'a'`
      hint: a name stands in double quotes or in none: `monitor[name=a]`
    ");
    insta::assert_snapshot!(workflow("definition: {schedule: {period: {interval: 1, unit: HOURS}}, inputs: []}\n"), @r"
    all.yaml:17:1: `schedule` and `definition` exclude each other
      hint: say it inside `definition`, in the API's words
    all.yaml:18:70: expected a list of one `composite_input`, found a list
    ");
}

#[test]
fn what_is_wrong_with_the_definition_of_a_workflow() {
    let text = |delegates: &str, condition: &str| {
        format!(
            "{MONITORS}kind: workflow\nname: w\ndefinition:\n  schedule: {{period: {{interval: 1, unit: HOURS}}}}\n  \
             inputs:\n  - composite_input:\n      sequence:\n        delegates:\n{delegates}  triggers:\n  - \
             chained_alert_trigger:\n      name: t\n      severity: 1\n      condition: {{script: {{source: '{condition}'}}}}\n"
        )
    };
    let workflow = |delegates: &str, condition: &str| errors(&[("all.yaml", &text(delegates, condition))]);
    let delegates = "        - {order: 2, monitor: a, chained_monitor_findings: {monitor: b}}\n        - {monitor: b, order: 1}\n";
    let plain = "        - {order: 2, monitor: a}\n        - {monitor: b, order: 1}\n";
    assert_eq!(warnings(&[("all.yaml", &text(plain, "monitor[name=a] && monitor[id=a]"))]), "");
    insta::assert_snapshot!(workflow(delegates, "monitor[name=aa] || monitor[name=c]"), @r"
    all.yaml:29:18: no monitor is named `aa`
      hint: did you mean `a`?
    all.yaml:29:18: no monitor is named `c`
      hint: did you mean `a`?
    ");
    insta::assert_snapshot!(workflow(
        "        - {order: 2, monitor: a, chained_monitor_findings: {monitor: b, monitors: [a]}}\n        - {order: x}\n        - 1\n",
        "x"
    ), @r"
    all.yaml:23:60: `monitor` and `monitors` exclude each other
    all.yaml:24:11: `monitor_id` is missing
    all.yaml:24:19: expected a whole number from 1, found the text `x`
    all.yaml:25:11: expected a mapping, found the number `1`
    ");
    insta::assert_snapshot!(workflow(
        "        - {order: 2, monitor: a, chained_monitor_findings: {monitors: [cc, {id: x}]}}\n        - {monitor: d, order: 1}\n",
        "monitor[name=a]"
    ), @r"
    all.yaml:23:11: `a` looks at findings of `cc`, which does not run before it
      hint: put that monitor before it among the delegates
    all.yaml:23:11: `a` looks at findings of `x`, which does not run before it
      hint: put that monitor before it among the delegates
    all.yaml:24:21: no monitor is named `d`
      hint: did you mean `a`?
    ");
    let findings = |findings: &str| {
        text(
            &format!(
                "        - {{order: 1, monitor: b}}\n        - {{order: 2, monitor: a, chained_monitor_findings: {findings}}}\n"
            ),
            "monitor[name=a]",
        )
    };
    insta::assert_snapshot!(warnings(&[("all.yaml", &findings("{monitor_id: b, monitor_ids: [a]}"))]), @r"
    all.yaml:24:11: `a` looks at findings of `b`, which is query-level
      hint: servers refuse it: a query-level monitor has no findings
    all.yaml:24:76: `monitor_ids` beside `monitor_id`, which is not sent
      hint: servers look at `monitor_id` alone: remove one of the two
    ");
    insta::assert_snapshot!(warnings(&[("all.yaml", &findings("{monitors: [{id: b, more: 1}]}"))]), @r"
    all.yaml:24:11: `a` looks at findings of `b`, which is query-level
      hint: servers refuse it: a query-level monitor has no findings
    all.yaml:24:80: unknown key `more`, which is not sent
      hint: expected one of `id`
    ");
    insta::assert_snapshot!(errors(&[("all.yaml", &findings("{monitor_id: [b]}"))]), @"all.yaml:24:73: expected a text, found a list");
    insta::assert_snapshot!(errors(&[("all.yaml", &findings("{monitors: b}"))]), @"all.yaml:24:71: expected a list, found the text `b`");
    let audited = |word: &str| {
        let text = text("        - {order: 1, monitor: a}\n", "monitor[name=a]");
        declared(&[("all.yaml", &format!("{text}  audit_delegate_monitor_alerts: {word}\n"))]).resources
    };
    let said = |word| audited(word).iter().map(|one| one.resource.clone()).collect::<Vec<_>>();
    assert_eq!(said("'true'"), said("true"));
    assert_eq!(said("'false'"), said("false"));
    assert_ne!(said("'false'"), said("true"));
}

#[test]
fn what_is_wrong_with_ppl() {
    let monitor = |text: &str| {
        errors(&[("monitors/m.yaml", &format!("kind: monitor\nname: m\nschedule: {{every: 1h}}\n{text}"))])
    };
    insta::assert_snapshot!(monitor("ppl: source = logs\n"), @r"
    monitors/m.yaml:4:1: a PPL monitor without a trigger, which servers refuse
      hint: add one: `triggers: [{name: any, condition: number_of_results > 0}]`
    ");
    insta::assert_snapshot!(monitor("ppl: source = logs\nindex: logs\ntriggers: [{name: t, condition: n > 3}]\n"), @r"
    monitors/m.yaml:5:1: `index` has no effect beside `ppl`
      hint: remove it
    monitors/m.yaml:6:22: expected a number of results or a `where` for `condition`
      hint: such as `number_of_results > 10`, or `where errors > 10`
    ");
}

//! `definition`: what is said of a monitor or a destination in the API's own words.

use crate::source::project::{declared, errors, warnings};

const MONITOR: &str =
    "kind: monitor\nname: m\ndefinition:\n  schedule: {period: {interval: 5, unit: MINUTES}}\n";

fn warned(text: &str) -> String {
    warnings(&[("monitors/m.yaml", &format!("{MONITOR}{text}"))])
}

#[test]
fn misspelt_types_of_monitors() {
    insta::assert_snapshot!(warned("  monitor_type: QUERY_LEVEL_MONITOR\n"), @r"
    monitors/m.yaml:5:17: no server runs monitors of this type `QUERY_LEVEL_MONITOR`
      hint: did you mean `query_level_monitor`?
    ");
    insta::assert_snapshot!(warned("  monitor_type: doc_level_montior\n"), @r"
    monitors/m.yaml:5:17: no server runs monitors of this type `doc_level_montior`
      hint: did you mean `doc_level_monitor`?
    ");
    assert_eq!(warned("  monitor_type: remote_thing\n"), "");
}

#[test]
fn all_slips_of_a_definition_at_once() {
    let text = "  enabled: perhaps\n  inputs:\n  - search: {indices: [a], qury: {}}\n  triggers:\n  - name: t\n    \
                severity: {}\n    condition: {script: {source: a, lang: ruby}}\n    actions:\n    - name: x\n      \
                destination: a\n      mesage_template: {source: hi}\n  - nme: u\n    severity: 1\n    actions: none\n";
    insta::assert_snapshot!(errors(&[("monitors/m.yaml", &format!("{MONITOR}{text}"))]), @r"
    monitors/m.yaml:5:12: expected `true` or `false`, found the text `perhaps`
    monitors/m.yaml:7:13: `query` is missing
    monitors/m.yaml:10:15: expected a text, found a mapping
    monitors/m.yaml:11:43: expected `painless`, found the text `ruby`
    monitors/m.yaml:13:7: `message_template` is missing
    monitors/m.yaml:15:24: unknown key `mesage_template` in an action, which the server refuses
      hint: did you mean `message_template`?
    monitors/m.yaml:16:5: `name` is missing
    monitors/m.yaml:16:5: `condition` is missing
    monitors/m.yaml:18:14: expected a list, found the text `none`
    ");
}

#[test]
fn misspelt_keys_that_the_server_drops() {
    let trigger = "{name: t, severity: 1, condition: {script: {source: a}}, action: []}";
    insta::assert_snapshot!(warned(&format!("  enabeld: true\n  more: 1\n  triggers:\n  - {trigger}\n")), @r"
    monitors/m.yaml:5:3: unknown key `enabeld`, which is not sent
      hint: did you mean `enabled`?
    monitors/m.yaml:6:3: unknown key `more`, which is not sent
      hint: expected one of `name`, `monitor_type`, `enabled`, `schedule`, `inputs`, `triggers`
    monitors/m.yaml:8:62: unknown key `action`, which is not sent
      hint: did you mean `actions`?
    ");
}

#[test]
fn misspelt_keys_deep_in_a_definition() {
    let text = "  inputs:\n  - search: {indices: [a], query: {}, qurey: {}}\n  triggers:\n  - query_level_trigger:\n      \
                name: t\n      severity: 1\n      condition: {script: {source: a}, scripts: 1}\n      actions:\n      \
                - {name: x, destination_id: y, message_template: z, throttle: {value: 1, units: MINUTES}}\n";
    insta::assert_snapshot!(warned(text), @r"
    monitors/m.yaml:6:39: unknown key `qurey`, which is not sent
      hint: did you mean `query`?
    monitors/m.yaml:11:40: unknown key `scripts`, which is not sent
      hint: did you mean `script`?
    monitors/m.yaml:13:80: unknown key `units`, which is not sent
      hint: did you mean `unit`?
    ");
}

#[test]
fn misspelt_keys_of_inputs_and_of_other_triggers() {
    insta::assert_snapshot!(
        warned(
            "  monitor_type: doc_level_monitor\n  inputs:\n  - doc_level_input:\n      indices: [a]\n      fanout: false\n      \
             queries: [{name: q, query: a, tag: [x]}]\n  triggers:\n  - document_level_trigger: {name: t, severity: 1, \
             comment: why, condition: {script: {source: \"query[name=q]\"}, why: so}}\n",
        ),
        @r"
    monitors/m.yaml:9:7: unknown key `fanout`, which is not sent
      hint: expected one of `description`, `indices`, `queries`, `fan_out_enabled`
    monitors/m.yaml:10:37: unknown key `tag`, which is not sent
      hint: did you mean `tags`?
    monitors/m.yaml:12:52: unknown key `comment`, which is not sent
      hint: expected one of `id`, `name`, `severity`, `condition`, `actions`
    monitors/m.yaml:12:113: unknown key `why`, which is not sent
      hint: expected one of `script`
    "
    );
    insta::assert_snapshot!(
        warned("  monitor_type: cluster_metrics_monitor\n  inputs: [{uri: {path: /_cluster/health, param: x}}]\n"),
        @r"
    monitors/m.yaml:6:43: unknown key `param`, which is not sent
      hint: expected one of `api_type`, `path`, `path_params`, `url`, `clusters`
    "
    );
}

#[test]
fn keys_of_a_policy_that_no_server_keeps() {
    insta::assert_snapshot!(
        warned(
            "  triggers:\n  - {name: t, severity: 1, condition: {script: {source: a}}, actions: [{name: x, destination_id: y, \
             message_template: z, action_execution_policy: {foo: 1, action_execution_scope: {per_execution: {}}}}]}\n"
        ),
        @r"
    monitors/m.yaml:6:148: unknown key `foo`, which is not sent
      hint: expected one of `action_execution_scope`
    "
    );
}

#[test]
fn a_key_of_any_spelling_is_named_where_it_stands() {
    insta::assert_snapshot!(
        warned("  inputs:\n  - search:\n      indices: [a]\n      query: {}\n      a/b~c:\n        x: 1\n"),
        @r"
    monitors/m.yaml:9:7: unknown key `a/b~c`, which is not sent
      hint: expected one of `indices`, `query`
    "
    );
}

#[test]
fn keys_that_servers_refuse() {
    let trigger = |kind: &str, condition: &str| {
        let monitor_type = kind.replace("_trigger", "_monitor");
        let text = format!(
            "  monitor_type: {monitor_type}\n  triggers:\n  - {kind}: {{name: t, severity: 1, condition: {{{condition}}}}}\n"
        );
        errors(&[("monitors/m.yaml", &format!("{MONITOR}{text}"))])
    };
    insta::assert_snapshot!(trigger("query_level_trigger", "script: {source: a, param: {}}"), @r"
    monitors/m.yaml:7:88: unknown key `param` in a script, which the server refuses
      hint: did you mean `params`?
    ");
    let script = "script: {source: a}";
    let buckets = format!("buckets_path: {{n: _count}}, parent_buckets_path: c, {script}");
    insta::assert_snapshot!(trigger("bucket_level_trigger", &buckets), @r"
    monitors/m.yaml:7:61: `parent_bucket_path` is missing
    monitors/m.yaml:7:110: unknown key `parent_buckets_path` in a condition on buckets, which the server refuses
      hint: did you mean `parent_bucket_path`?
    ");
    let script = "script: {source: a, lang: mvel, pram: 1}";
    let buckets = format!("buckets_path: {{n: _count}}, parent_bucket_path: c, filter: {{}}, {script}");
    insta::assert_snapshot!(trigger("bucket_level_trigger", &buckets), @r"
    monitors/m.yaml:7:120: expected `include` or `exclude`
    monitors/m.yaml:7:162: unknown key `pram` in a script, which the server refuses
      hint: did you mean `params`?
    ");
}

#[test]
fn triggers_of_another_type() {
    let script = "{name: t, severity: 1, condition: {script: {source: a}}}";
    let monitor = |kind: &str, kind_of_trigger: &str| {
        let text = format!("  monitor_type: {kind}\n  triggers:\n  - {kind_of_trigger}: {script}\n");
        errors(&[("monitors/m.yaml", &format!("{MONITOR}{text}"))])
    };
    insta::assert_snapshot!(monitor("doc_level_monitor", "query_level_trigger"), @r"
    monitors/m.yaml:4:3: a document-level monitor without an input
      hint: add a `doc_level_input`
    monitors/m.yaml:7:26: monitors of the type `doc_level_monitor` have no triggers of the kind `query_level_trigger`
      hint: servers take `document_level_trigger` alone
    ");
    insta::assert_snapshot!(monitor("query_level_monitor", "query_level_triger"), @r"
    monitors/m.yaml:7:25: monitors of the type `query_level_monitor` have no triggers of the kind `query_level_triger`
      hint: servers take `query_level_trigger` alone
    ");
    let sequence = "{sequence: {delegates: [{order: 1, monitor: m}]}}";
    let workflow = |more: &str| {
        let head = MONITOR.replace("kind: monitor\nname: m", "kind: workflow\nname: w");
        let text = format!("{head}  inputs: [{{composite_input: {sequence}}}]\n{more}");
        errors(&[("monitors/m.yaml", MONITOR), ("workflows/w.yaml", &text)])
    };
    insta::assert_snapshot!(workflow("  workflow_type: compsite\n"), @r"
    workflows/w.yaml:6:18: expected `composite`, found the text `compsite`
      hint: leave it out: all workflows are of this type
    ");
    insta::assert_snapshot!(workflow(&format!("  triggers: [{{query_level_trigger: {script}}}]\n")), @r"
    workflows/w.yaml:6:36: workflows have no triggers of the kind `query_level_trigger`
      hint: servers take `chained_alert_trigger` alone
    ");
}

#[test]
fn more_triggers_than_most_servers_take() {
    let triggers: String = (0..11)
        .map(|n| {
            format!("    - {{name: t{n}, severity: 1, condition: {{script: {{source: a, lang: painless}}}}, actions: []}}\n")
        })
        .collect();
    insta::assert_snapshot!(warned(&format!("  triggers:\n{triggers}")), @r"
    monitors/m.yaml:16:7: 11 triggers in one monitor, only servers from 3.6 on can be set to take more than 10
      hint: split the monitor in two
    ");
}

#[test]
fn types_of_destinations() {
    let typed = |text: &str| {
        errors(&[("destinations/d.yaml", &format!("kind: destination\nname: d\ndefinition: {{{text}}}\n"))])
    };
    insta::assert_snapshot!(typed("config_type: slak, slak: {}"), @r"
    destinations/d.yaml:3:27: no server knows the `config_type` `slak`
      hint: did you mean `slack`?
    ");
    insta::assert_snapshot!(typed("config_type: Slack, Slack: {}"), @r"
    destinations/d.yaml:3:27: no server knows the `config_type` `Slack`
      hint: did you mean `slack`?
    ");
    insta::assert_snapshot!(typed("config_type: custom_webhook, custom_webhook: {}"), @r"
    destinations/d.yaml:3:27: no server knows the `config_type` `custom_webhook`
      hint: did you mean `webhook`?
    ");
    insta::assert_snapshot!(typed("config_type: pager"), @r"
    destinations/d.yaml:3:27: no server knows the `config_type` `pager`
      hint: expected one of `slack`, `chime`, `microsoft_teams`, `mattermost`, `webhook`, `email`, `sns`
    ");
    insta::assert_snapshot!(typed("config_type: \"${URL}\""), @r"
    destinations/d.yaml:3:27: no server knows this `config_type`
      hint: expected one of `slack`, `chime`, `microsoft_teams`, `mattermost`, `webhook`, `email`, `sns`
    ");
    insta::assert_snapshot!(typed("config_type: smtp_account, smtp_account: {}"), @r"
    destinations/d.yaml:3:27: a `smtp_account` is an email_account
      hint: say `kind: email_account`
    ");
    insta::assert_snapshot!(typed("type: microsoft_teams, microsoft_teams: {}"), @r"
    destinations/d.yaml:3:20: no server knows the `type` `microsoft_teams`
      hint: say `config_type: microsoft_teams`, as from 2.0 on
    ");
    insta::assert_snapshot!(typed("type: webhook, webhook: {}"), @r"
    destinations/d.yaml:3:20: no server knows the `type` `webhook`
      hint: say `config_type: webhook`, as from 2.0 on
    ");
}

#[test]
fn pasted_answers() {
    let monitor =
        |text: &str| errors(&[("monitors/m.yaml", &format!("kind: monitor\nname: m\ndefinition: {text}\n"))]);
    let destination = |text: &str| {
        errors(&[("destinations/d.yaml", &format!("kind: destination\nname: d\ndefinition: {text}\n"))])
    };
    insta::assert_snapshot!(monitor("{_id: x, _version: 1, monitor: {name: m, schedule: {}}}"), @r"
    monitors/m.yaml:3:35: a whole answer of the server, and not the resource in it
      hint: put what stands under `monitor` here
    ");
    insta::assert_snapshot!(monitor("{_index: i, _id: x, _source: {monitor: {name: m}}}"), @r"
    monitors/m.yaml:3:33: a whole answer of the server, and not the resource in it
      hint: put what stands under `_source.monitor` here
    ");
    insta::assert_snapshot!(monitor("{took: 1, hits: {total: {}, hits: [{_id: x, _source: {name: m}}]}}"), @r"
    monitors/m.yaml:3:23: a whole answer of the server, and not the resource in it
      hint: put what stands under `hits.hits[0]._source` here
    ");
    insta::assert_snapshot!(destination("{config_list: [{config_id: x, config: {name: d}}]}"), @r"
    destinations/d.yaml:3:14: a whole answer of the server, and not the resource in it
      hint: put what stands under `config_list[0].config` here
    ");
    insta::assert_snapshot!(destination("{totalDestinations: 1, destinations: [{type: slack}]}"), @r"
    destinations/d.yaml:3:36: a whole answer of the server, and not the resource in it
      hint: put what stands under `destinations[0]` here
    ");
}

#[test]
fn what_is_not_sent() {
    insta::assert_snapshot!(
        warned(concat!(
            "  data_sources: {findings_enabled: false}\n  ui_metadata: {search: {}}\n  description: x\n",
            "  type: monitor\n  schema_version: 8\n  enabled_time: null\n  last_update_time: 1\n  user: {}\n",
        )),
        @r"
    monitors/m.yaml:5:17: `data_sources` is not sent
      hint: servers refuse any but their own: remove it
    monitors/m.yaml:6:16: `ui_metadata` is not sent
      hint: what Dashboards needs is written by alertform: remove it
    monitors/m.yaml:7:3: unknown key `description`, which is not sent
      hint: expected one of `name`, `monitor_type`, `enabled`, `schedule`, `inputs`, `triggers`
    "
    );
}

#[test]
fn the_words_of_the_api_without_a_definition() {
    let monitor = |text: &str| errors(&[("monitors/m.yaml", &format!("kind: monitor\nname: m\n{text}\n"))]);
    insta::assert_snapshot!(monitor("schedule: {every: 5m}\nindex: i\nquery: a\nwindow: none\ninputs: []\n"), @r"
    monitors/m.yaml:7:1: unknown key `inputs` in a monitor
      hint: did you mean `definition`?
    ");
    insta::assert_snapshot!(monitor("definition: |\n  {\"inputs\": []}\n"), @r"
    monitors/m.yaml:4:3: expected a mapping for `definition`, found a long text
      hint: JSON may stand here as it is, without quotes and without `|`
    ");
    let destination = "kind: destination\nname: d\ntype: {url: \"${URL}\"}\n";
    insta::assert_snapshot!(errors(&[("destinations/d.yaml", destination)]), @r"
    destinations/d.yaml:1:1: a destination that leads nowhere
      hint: say where it leads with one of `slack`, `chime`, `microsoft_teams`, `mattermost`, `sns`, `email`, `custom_webhook`, `definition`
    destinations/d.yaml:3:1: unknown key `type` in a destination
      hint: did you mean `definition`?
    ");
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
    monitors/m.yaml:7:9: monitors of the type `query_level_monitor` have no triggers of the kind `bucket_level_trigger`
      hint: servers take `query_level_trigger` alone
    monitors/m.yaml:11:13: the throttle is longer than 24 hours, which the server refuses
      hint: `1440` minutes are the most
    monitors/m.yaml:11:36: no destination is named `gone`
      hint: declare it: a document with `kind: destination`
    "
    );
    insta::assert_snapshot!(definition("  - 1\n"), @"monitors/m.yaml:4:3: expected a mapping for `definition`, found a list");
}

#[test]
fn a_name_of_any_spelling_loses_no_resource() {
    let monitor = "  schedule: {period: {interval: 5, unit: MINUTES}}\n";
    let declared = declared(&[
        ("monitors/a.yaml", &format!("kind: monitor\nname:\ndefinition:\n  name: inner\n{monitor}")),
        ("monitors/b.yaml", &format!("kind: monitor\ndefinition:\n  name: 404\n{monitor}")),
        (
            "destinations/c.yaml",
            "kind: destination\ndefinition: {name: true, config_type: sns, sns: {topic_arn: x}}\n",
        ),
    ]);
    let names: Vec<&str> =
        declared.resources.iter().map(|declaration| declaration.resource.name().as_str()).collect();
    assert_eq!(names, ["true", "404", "inner"]);
}

#[test]
fn keys_that_no_server_knows_in_a_destination() {
    let typed = |text: &str| {
        errors(&[("destinations/d.yaml", &format!("kind: destination\nname: d\ndefinition: {{{text}}}\n"))])
    };
    insta::assert_snapshot!(
        typed("config_type: webhook, is_enable: false, webhook: {url: \"${URL}\", header_parms: {a: b}, username: u}"),
        @r"
    destinations/d.yaml:3:36: unknown key `is_enable` in a destination's `definition`
      hint: did you mean `is_enabled`?
    destinations/d.yaml:3:79: unknown key `header_parms` in `webhook`
      hint: did you mean `header_params`?
    destinations/d.yaml:3:101: unknown key `username` in `webhook`
      hint: expected one of `url`, `method`, `header_params`
    "
    );
    insta::assert_snapshot!(
        typed("type: custom_webhook, id: x, description: d, custom_webhook: {host: h, user: u}"),
        @r"
    destinations/d.yaml:3:43: unknown key `description` in a destination's `definition`
      hint: expected one of `type`, `name`, `custom_webhook`
    destinations/d.yaml:3:85: unknown key `user` in `custom_webhook`
      hint: expected one of `url`, `scheme`, `host`, `port`, `path`, `query_params`, `method`, `header_params`, `username`, `password`
    "
    );
}

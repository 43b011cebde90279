//! Values of other types than the API's in a `definition` and in what the friendly form sends as it is: servers make texts
//! of some, and refuse others.

use crate::source::project::{declared, errors, warnings};

const HEAD: &str =
    "kind: monitor\nname: m\ndefinition:\n  schedule: {period: {interval: 5, unit: MINUTES}}\n";
const SEARCH: &str = "  monitor_type: bucket_level_monitor\n  inputs:\n  - search:\n      indices: [a]\n      query: {aggs: {c: {terms: {field: f}}}}\n";

fn file(text: &str) -> String {
    errors(&[("m.yaml", text)])
}

fn same(one: &str, other: &str) {
    let read = |text: &str| declared(&[("m.yaml", text)]).resources.remove(0).resource.clone();
    assert_eq!(read(one), read(other), "{one}{other}");
}

fn on_buckets(condition: &str) -> String {
    format!(
        "{HEAD}{SEARCH}  triggers:\n  - bucket_level_trigger:\n      name: t\n      severity: 1\n      condition: {{{condition}, \
         parent_bucket_path: c, script: x}}\n"
    )
}

fn on_documents(query: &str) -> String {
    format!(
        "{HEAD}  monitor_type: doc_level_monitor\n  inputs: [{{doc_level_input: {{indices: [a], queries: [{query}]}}}}]\n"
    )
}

#[test]
fn numbers_and_truth_values_are_texts() {
    same(&on_buckets("buckets_path: {n: 5, m: true}"), &on_buckets("buckets_path: {n: '5', m: 'true'}"));
    same(
        &on_buckets("buckets_path: _count, filter: {include: [b, 5, a, b]}"),
        &on_buckets("buckets_path: {_value: _count}, filter: {include: ['5', a, b]}, gap_policy: skip"),
    );
    same(
        &on_documents("{id: 1, name: 2, query: true, tags: [3], fields: [4]}"),
        &on_documents("{id: '1', name: '2', query: 'true', tags: ['3'], fields: ['4']}"),
    );
    same(&on_documents("{name: a, query: b, id: ''}"), &on_documents("{name: a, query: b}"));
    let uri = |uri: &str| {
        format!("{HEAD}  monitor_type: cluster_metrics_monitor\n  inputs: [{{uri: {{{uri}}}}}]\n")
    };
    same(
        &uri("path: _cluster/health, path_params: 5, url: '', clusters: [], api_type: X"),
        &uri("path: _cluster/health, path_params: '5'"),
    );
}

#[test]
fn what_says_nothing_in_a_destination() {
    let typed = |text: &str| format!("kind: destination\nname: d\ndefinition: {{{text}}}\n");
    same(
        &typed("config_type: sns, sns: {topic_arn: x, role_arn: null}"),
        &typed("config_type: sns, sns: {topic_arn: x}"),
    );
    same(&typed("type: test_action"), &typed("type: test_action, test_action: 5"));
    same(
        &typed(
            "type: custom_webhook, custom_webhook: {url: u, host: h, port: -1, path: null, header_params: {}}",
        ),
        &typed("type: custom_webhook, custom_webhook: {url: u, host: h}"),
    );
}

#[test]
fn filters_of_buckets() {
    let friendly = |filter: &str| {
        file(&format!(
            "kind: monitor\nname: m\nschedule: {{every: 5m}}\nindex: a\nextraction_query: {{aggs: {{c: {{}}}}}}\ntriggers:\n\
             - name: t\n  parent_bucket_path: c\n  buckets_path: {{n: _count}}\n  condition: x\n  composite_agg_filter: {filter}\n"
        ))
    };
    let said = [
        "{include: [a]}",
        "7",
        "{s: {}}",
        "{s: {zzz: 1}}",
        "{s: {include: [a], exclude: b}}",
        "{s: {include: [[a]]}}",
        "{s: {include: {partition: 0}}}",
        "{s: {include: {partition: 4, num_partitions: 4}}}",
    ];
    insta::assert_snapshot!(said.map(friendly).join("\n"), @r"
    m.yaml:11:35: expected a mapping, found a list
      hint: such as `{service: {include: [checkout, basket]}}`, by the sources of the aggregation

    m.yaml:11:25: expected a mapping, found the number `7`
      hint: such as `{service: {include: [checkout, basket]}}`, by the sources of the aggregation

    m.yaml:11:29: expected `include` or `exclude`
      hint: such as `{service: {include: [checkout, basket]}}`, by the sources of the aggregation

    m.yaml:11:29: expected `include` or `exclude`
      hint: such as `{service: {include: [checkout, basket]}}`, by the sources of the aggregation
    m.yaml:11:35: unknown key `zzz` in a filter of buckets, which the server refuses
      hint: expected one of `include`, `exclude`

    m.yaml:11:29: `include` and `exclude` are both lists or both regular expressions
      hint: such as `{service: {include: [checkout, basket]}}`, by the sources of the aggregation

    m.yaml:11:40: expected a text, found a list
      hint: such as `{service: {include: [checkout, basket]}}`, by the sources of the aggregation

    m.yaml:11:39: `num_partitions` is missing
      hint: such as `{service: {include: [checkout, basket]}}`, by the sources of the aggregation

    m.yaml:11:51: `partition` counts from 0, and is less than `num_partitions`
      hint: such as `{service: {include: [checkout, basket]}}`, by the sources of the aggregation
    ");
    insta::assert_snapshot!(file(&on_buckets("buckets_path: {n: [a], m: null}, gap_policy: no")), @r"
    m.yaml:14:37: expected a text, found a list
    m.yaml:14:45: expected a text, found nothing
    m.yaml:14:64: expected `skip` or `insert_zeros`, found the text `no`
    ");
}

#[test]
fn scripts_and_filters_that_exclude_each_other() {
    let condition =
        |text: &str| file(&on_buckets(&format!("buckets_path: a, {text}")).replace(", script: x", ""));
    let said = [
        "script: x, filter: {include: [a]}, composite_agg_filter: {s: {include: [a]}}",
        "script: {source: a, id: b}",
        "script: {id: b, lang: expression}",
        "script: {source: a, options: {content: x}}",
    ];
    insta::assert_snapshot!(said.map(condition).join("\n"), @r"
    m.yaml:14:18: `script` is missing
    m.yaml:14:82: `filter` and `composite_agg_filter` exclude each other

    m.yaml:14:53: unknown key `source` in a stored script, which the server refuses
      hint: expected one of `id`, `params`

    m.yaml:14:58: unknown key `lang` in a stored script, which the server refuses
      hint: expected one of `id`, `params`

    m.yaml:14:75: unknown key `content` in the options of a script, which the server refuses
      hint: expected one of `content_type`
    ");
}

#[test]
fn values_that_servers_refuse_or_cut_off() {
    let definition = |text: &str| file(&format!("kind: monitor\nname: m\ndefinition:\n{text}"));
    let schedule = "  schedule: {period: {interval: 5, unit: MINUTES}}\n";
    let said = [
        definition("  schedule: {period: {interval: 5.7, unit: MINUTES}}\n"),
        definition(&format!("{schedule}  monitor_type: 5\n")),
        definition(&format!("{schedule}  inputs: [{{}}]\n")),
        definition(&format!("{schedule}  inputs: [{{search: {{indices: [a], query: 5}}}}]\n")),
        definition(&format!("{schedule}  monitor_type: doc_level_monitor\n")),
        definition(&format!(
            "{schedule}  monitor_type: cluster_metrics_monitor\n  inputs: [{{uri: {{api_type: X}}}}]\n"
        )),
        definition(&format!("{schedule}  triggers: [{{query_level_trigger: {{name: t}}, more: 1}}]\n")),
        file(&on_documents("{name: \"a\\nb\", query: x, tags: [a b, ok]}")),
        file(&on_documents("{name: a, tags: x}")),
    ];
    insta::assert_snapshot!(said.join("\n"), @r"
    m.yaml:4:33: expected a whole number from 1, found the number `5.7`

    m.yaml:5:17: expected the type of a monitor, found the number `5`
      hint: such as `bucket_level_monitor`

    m.yaml:5:12: an input says nothing, which the server refuses

    m.yaml:5:43: expected a mapping, found the number `5`

    m.yaml:4:3: a document-level monitor without an input
      hint: add a `doc_level_input`

    m.yaml:6:18: `path` is missing

    m.yaml:5:53: unknown key `more` beside `query_level_trigger`, which the server refuses

    m.yaml:6:62: the name of a query has a line break, which servers refuse
      hint: such as `errors`
    m.yaml:6:87: a tag has a space or a bracket in it, which servers refuse
      hint: such as `sev1` or `team-a`

    m.yaml:6:55: `query` is missing
    m.yaml:6:71: expected a list, found the text `x`
    ");
}

#[test]
fn actions() {
    let action = |text: &str| {
        file(&format!(
            "{HEAD}  triggers:\n  - name: t\n    severity: 1\n    condition: {{script: {{source: x}}}}\n    actions:\n    \
             - {{name: a, destination_id: d, message_template: m, {text}}}\n"
        ))
    };
    let said = [
        "throttle: {value: 10.5, unit: MINUTES}",
        "action_execution_policy: {action_execution_scope: {}}",
        "action_execution_policy: {action_execution_scope: {per_alert: {actions: 1}}}",
        "action_execution_policy: {action_execution_scope: {per_alert: {actionable_alerts: [OLD]}}}",
        "action_execution_policy: 5",
        "throttle: {value: 5}, action_execution_policy: {action_execution_scope: {per_execution: {}}}",
    ];
    insta::assert_snapshot!(said.map(action).join("\n"), @r"
    m.yaml:10:75: expected a whole number from 1, found the number `10.5`

    m.yaml:10:107: expected one of `per_alert` and `per_execution`

    m.yaml:10:129: unknown key `actions` in `per_alert`, which the server refuses
      hint: expected one of `actionable_alerts`

    m.yaml:10:7: no alert is of the category `OLD`
      hint: expected one of `DEDUPED`, `NEW`, `COMPLETED`

    m.yaml:10:82: expected a mapping, found the number `5`

    m.yaml:10:7: `throttle` and `per_execution` exclude each other
      hint: servers throttle what is told of each alert alone
    ");
}

#[test]
fn keys_of_recipients() {
    let typed = |text: &str| file(&format!("kind: destination\nname: d\ndefinition: {{{text}}}\n"));
    let said = [
        typed(
            "type: email, email: {email_account_id: a, recipients: [{type: email, email: a@b.c, mail: x}]}",
        ),
        typed(
            "config_type: email, email: {email_account_id: a, recipient_list: [{recipient: a@b.c, more: x}]}",
        ),
        typed("config_type: sns, sns: {topic_arn: x, topic: y}"),
        file("kind: email_group\nname: g\ndefinition: {emails: [{email: a@b.c, e: 1}]}\n"),
    ];
    insta::assert_snapshot!(said.join("\n"), @r"
    m.yaml:3:97: unknown key `mail` in an item of `recipients`
      hint: did you mean `email`?

    m.yaml:3:99: unknown key `more` in an item of `recipient_list`
      hint: expected one of `recipient`

    m.yaml:3:52: unknown key `topic` in `sns`
      hint: expected one of `topic_arn`, `role_arn`

    m.yaml:3:38: unknown key `e` in an item of `emails`
      hint: expected one of `email`
    ");
}

#[test]
fn an_api_that_no_server_has() {
    let text = format!(
        "{HEAD}  monitor_type: cluster_metrics_monitor\n  inputs: [{{uri: {{path: /_cat/nodes}}}}]\n"
    );
    insta::assert_snapshot!(warnings(&[("m.yaml", &text)]), @r"
    m.yaml:6:25: no monitor can ask this API of a cluster
      hint: expected one of `_cat/indices`, `_cat/pending_tasks`, `_cat/recovery`, `_cat/shards`, `_cat/snapshots`, `_cat/tasks`, `_cluster/health`, `_cluster/settings`, `_cluster/stats`, `_nodes/stats`
    ");
}

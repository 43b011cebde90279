//! The friendly forms of other monitors than query-level ones: the same as their definitions, and back.

use alertform::model::resource::Resource;
use alertform::source::print::{Variables, print};

use crate::source::project::{declared, errors};

const HEAD: &str = "kind: monitor\nname: m\nschedule: {every: 5m}\n";
const DEFINITION: &str =
    "kind: monitor\nname: m\ndefinition:\n  schedule: {period: {interval: 5, unit: MINUTES}}\n";

const BUCKETS: &str = "index: logs-*
extraction_query: {size: 0, aggs: {by: {composite: {sources: [{service: {terms: {field: service}}}]}}}}
triggers:
- name: many
  parent_bucket_path: by
  buckets_path: {count: _count}
  gap_policy: insert_zeros
  composite_agg_filter: {service: {include: [checkout.*]}}
  condition: params.count > 100
  actions:
  - name: each
    destination: {id: x}
    message: hello
    action_execution_scope: {per_alert: [NEW, DEDUPED]}
  - name: all
    destination: {id: x}
    message: hello
    action_execution_scope: per_execution
";

const BUCKETS_DEFINED: &str = "  monitor_type: bucket_level_monitor
  inputs:
  - search:
      indices: [logs-*]
      query: {size: 0, aggs: {by: {composite: {sources: [{service: {terms: {field: service}}}]}}}}
  triggers:
  - bucket_level_trigger:
      name: many
      severity: 1
      condition:
        buckets_path: {count: _count}
        parent_bucket_path: by
        gap_policy: insert_zeros
        composite_agg_filter: {service: {include: [checkout.*]}}
        script: {source: params.count > 100}
      actions:
      - name: each
        destination_id: x
        message_template: hello
        action_execution_policy: {action_execution_scope: {per_alert: {actionable_alerts: [NEW, DEDUPED]}}}
      - name: all
        destination_id: x
        message_template: hello
        action_execution_policy: {action_execution_scope: {per_execution: {}}}
";

const DOCUMENTS: &str = "index: [logs-a, logs-b]
document_queries:
- {name: errors, query: \"level:ERROR\", tags: [sev1], fields: [message]}
- {name: slow, query: \"took:>1000\"}
triggers:
- name: any
  condition: query[name=errors] || query[tag=sev1]
";

const DOCUMENTS_DEFINED: &str = "  monitor_type: doc_level_monitor
  inputs:
  - doc_level_input:
      indices: [logs-a, logs-b]
      queries:
      - {name: errors, query: \"level:ERROR\", tags: [sev1], fields: [message]}
      - {name: slow, query: \"took:>1000\"}
  triggers:
  - document_level_trigger:
      name: any
      severity: 1
      condition: {script: {source: \"query[name=errors] || query[tag=sev1]\"}}
      actions: []
";

const METRICS: &str = "cluster_metrics: /_cluster/health/logs-a
triggers:
- name: red
  condition: ctx.results[0].status == \"red\"
";

const METRICS_DEFINED: &str = "  monitor_type: cluster_metrics_monitor
  inputs:
  - uri: {path: /_cluster/health, path_params: logs-a}
  triggers:
  - query_level_trigger:
      name: red
      severity: 1
      condition: {script: {source: \"ctx.results[0].status == \\\"red\\\"\"}}
      actions: []
";

fn monitor(text: &str) -> Resource {
    declared(&[("monitors/m.yaml", text)]).resources[0].resource.clone()
}

#[test]
fn a_friendly_form_says_the_same_as_its_definition() {
    for (friendly, defined) in
        [(BUCKETS, BUCKETS_DEFINED), (DOCUMENTS, DOCUMENTS_DEFINED), (METRICS, METRICS_DEFINED)]
    {
        let friendly = monitor(&format!("{HEAD}{friendly}"));
        assert_eq!(friendly, monitor(&format!("{DEFINITION}{defined}")));
        let printed = print(&friendly, &mut Variables::default());
        assert!(!printed.contains("definition"), "{printed}");
        assert_eq!(monitor(&printed), friendly, "{printed}");
    }
}

#[test]
fn what_is_wrong_with_them() {
    let wrong = |text: &str| errors(&[("monitors/m.yaml", &format!("{HEAD}{text}"))]);
    let documents = "index: a\ndocument_queries:\n- {name: a, query: x, tag: [b]}\n- {name: a, query: y, tags: [\"a b\"]}\nwindow: 5m\n";
    insta::assert_snapshot!(wrong(documents), @r"
    monitors/m.yaml:6:23: unknown key `tag` in a query
      hint: did you mean `tags`?
    monitors/m.yaml:7:3: two queries are named `a`, first at monitors/m.yaml:6:3
      hint: give one of the two another name: conditions name it
    monitors/m.yaml:7:30: a tag has a space or a bracket in it, which servers refuse
      hint: such as `sev1` or `team-a`
    monitors/m.yaml:8:1: `window` has no effect beside `document_queries`
      hint: remove it
    ");
    insta::assert_snapshot!(wrong("index: a\ndocument_queries: []\nquery: x\n"), @r"
    monitors/m.yaml:5:1: `query`, `document_queries` exclude each other
      hint: keep one of them
    ");
    insta::assert_snapshot!(wrong("index: a\ncluster_metrics: _cat/segments\n"), @r"
    monitors/m.yaml:4:1: `index` has no effect beside `cluster_metrics`
      hint: remove it
    monitors/m.yaml:5:18: no monitor can ask this API of a cluster
      hint: expected one of `_cat/indices`, `_cat/pending_tasks`, `_cat/recovery`, `_cat/shards`, `_cat/snapshots`, `_cat/tasks`, `_cluster/health`, `_cluster/settings`, `_cluster/stats`, `_nodes/stats`
    ");
    insta::assert_snapshot!(wrong("cluster_metrics: _cat/snapshots\n"), @"monitors/m.yaml:4:18: `_cat/snapshots` needs something behind its path, such as a repository");
    insta::assert_snapshot!(wrong("cluster_metrics: {path: _nodes/stats/x, cluster: [a]}\n"), @r"
    monitors/m.yaml:4:25: `_nodes/stats` takes nothing behind its path
    monitors/m.yaml:4:41: unknown key `cluster` in `cluster_metrics`
      hint: did you mean `clusters`?
    ");
    let triggers = "index: a\nextraction_query: {}\ntriggers:\n- name: t\n  gap_policy: none\n  buckets_path: _count\n  condition: x\n  \
                    actions:\n  - {name: a, destination: {id: x}, message: m, action_execution_scope: {per_alert: [OLD]}}\n  \
                    - {name: b, destination: {id: x}, message: m, action_execution_scope: always}\n- {name: u, condition: y}\n";
    insta::assert_snapshot!(wrong(triggers), @r"
    monitors/m.yaml:7:3: `parent_bucket_path` is missing
      hint: name the aggregation: `parent_bucket_path: by_service`
    monitors/m.yaml:8:15: expected `skip` or `insert_zeros`, found the text `none`
    monitors/m.yaml:9:17: expected a mapping of texts for `buckets_path`, found the text `_count`
    monitors/m.yaml:12:85: no alert is of the category `OLD`
      hint: expected one of `DEDUPED`, `NEW`, `COMPLETED`
    monitors/m.yaml:13:73: expected `per_execution`, or `{per_alert: [NEW, DEDUPED, COMPLETED]}` for `action_execution_scope`, found the text `always`
    monitors/m.yaml:14:3: a trigger without `buckets_path` in a monitor whose triggers look at buckets
      hint: move it to a monitor of its own
    ");
}

#[test]
fn what_every_server_refuses() {
    let wrong = |text: &str| errors(&[("monitors/m.yaml", &format!("{HEAD}{text}"))]);
    let found = [
        wrong("index: logs-*\ndocument_queries: [{name: a, query: x}]\n"),
        wrong(
            "cluster_metrics: _cluster/health\ntriggers:\n- {name: t, buckets_path: {n: _count}, condition: x}\n",
        ),
        wrong(
            "index: a\nextraction_query: {}\ntriggers:\n- name: t\n  condition: x\n  actions:\n  \
               - {name: a, destination: {id: x}, message: m, throttle: 5m, action_execution_scope: per_execution}\n",
        ),
    ];
    insta::assert_snapshot!(found.join("\n"), @r"
    monitors/m.yaml:4:1: a pattern beside document queries, which servers refuse
      hint: name indices, aliases or data streams

    monitors/m.yaml:6:13: unknown key `buckets_path` in a trigger
      hint: expected one of `name`, `previous_names`, `environments`, `severity`, `condition`, `actions`

    monitors/m.yaml:10:49: `throttle` and `action_execution_scope: per_execution` exclude each other
      hint: servers throttle what is told of each alert alone
    ");
}

#[test]
fn a_bare_trigger_is_of_the_kind_that_its_monitor_wants() {
    for (defined, wrapper) in [
        (BUCKETS_DEFINED, "  - bucket_level_trigger:\n      name: many\n"),
        (DOCUMENTS_DEFINED, "  - document_level_trigger:\n      name: any\n"),
    ] {
        let name = wrapper.lines().nth(1).unwrap().trim_start();
        let bare = defined.replace(wrapper, &format!("  -   {name}\n"));
        assert_eq!(
            monitor(&format!("{DEFINITION}{bare}")),
            monitor(&format!("{DEFINITION}{defined}")),
            "{bare}"
        );
    }
}

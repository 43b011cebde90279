//! Search bodies that a person wrote: as YAML, as JSON in a text, or in a file of their own.

use alertform::model::monitor::Input;
use alertform::model::resource::Resource;

use crate::source::project::{declared, errors};

fn monitor(body: &str) -> String {
    errors(&[(
        "monitors/m.yaml",
        &format!("kind: monitor\nname: m\nschedule: {{every: 5m}}\nindex: i\n{body}"),
    )])
}

fn file(name: &str, text: &str) -> String {
    let monitor =
        format!("kind: monitor\nname: m\nschedule: {{every: 5m}}\nindex: i\nextraction_query_file: {name}\n");
    errors(&[("monitors/m.yaml", &monitor), (&format!("monitors/{name}"), text)])
}

#[test]
fn json_with_a_key_given_twice() {
    insta::assert_snapshot!(file("q.json", "{\"size\": 0,\n  \"query\": {\"match_all\": {}, \"match_all\": {}}, \"size\": 1}"), @r"
    monitors/q.json:2:30: `match_all` is given twice, first at monitors/q.json:2:13 (in the monitor `m` at monitors/m.yaml:1:1)
      hint: remove one of the two
    monitors/q.json:2:48: `size` is given twice, first at monitors/q.json:1:2 (in the monitor `m` at monitors/m.yaml:1:1)
      hint: remove one of the two
    ");
    insta::assert_snapshot!(monitor("extraction_query: '{\"size\": 0, \"size\": 1}'\n"), @r"
    monitors/m.yaml:5:32: `size` is given twice, first at monitors/m.yaml:5:21
      hint: remove one of the two
    ");
    insta::assert_snapshot!(monitor("extraction_query: |\n\n  {\"size\": 0,\n   \"size\": 1}\n"), @r"
    monitors/m.yaml:8:4: `size` is given twice, first at monitors/m.yaml:7:4
      hint: remove one of the two
    ");
}

#[test]
fn aggregations_under_both_of_their_keys() {
    insta::assert_snapshot!(
        monitor("extraction_query: {aggs: {a: {max: {field: x}}}, aggregations: {b: {max: {field: x}}}}\n"),
        @r"
    monitors/m.yaml:5:50: `aggs` and `aggregations` are one key, and the server would forget the first of them
      hint: put all aggregations under `aggs`
    "
    );
}

#[test]
fn where_a_text_is_no_json() {
    insta::assert_snapshot!(monitor("extraction_query: |-\n    {\"size\": 0,\n      \"query\" 1}\n"), @r"
    monitors/m.yaml:7:15: not JSON: expected `:`
      hint: `extraction_query` is a mapping, or a text with a JSON object in it
    ");
    insta::assert_snapshot!(monitor("extraction_query: >\n    {\"size\": 0,\n      \"query\" 1}\n"), @r"
    monitors/m.yaml:6:5: not JSON: expected `:`
      hint: `extraction_query` is a mapping, or a text with a JSON object in it
    ");
    insta::assert_snapshot!(monitor("extraction_query: \"{\\\"size\\\" 0}\"\n"), @r"
    monitors/m.yaml:5:19: not JSON: expected `:`
      hint: `extraction_query` is a mapping, or a text with a JSON object in it
    ");
    insta::assert_snapshot!(monitor("extraction_query: \"{'size' 0}\"\n"), @r"
    monitors/m.yaml:5:21: not JSON: key must be a string
      hint: `extraction_query` is a mapping, or a text with a JSON object in it
    ");
    insta::assert_snapshot!(monitor("extraction_query: '{\"size\": ${URL}}'\n"), @r"
    monitors/m.yaml:5:19: not JSON: expected value
      hint: `extraction_query` is a mapping, or a text with a JSON object in it
    ");
    insta::assert_snapshot!(file("q.JSON", "\u{feff}{\"size\": x}"), @"monitors/q.JSON:1:10: not JSON: expected value (in the monitor `m` at monitors/m.yaml:1:1)");
}

#[test]
fn what_stands_at_the_top() {
    insta::assert_snapshot!(monitor("extraction_query:\n  bool: {filter: []}\n  agg: {}\n  foo: 1\n  size: 0\n"), @r"
    monitors/m.yaml:6:3: `bool` is a query, which has no place at the top of a search body
      hint: put it under `query`: `query: {bool: …}`
    monitors/m.yaml:7:3: no server knows the key `agg` at the top of a search body
      hint: did you mean `aggs`?
    monitors/m.yaml:8:3: no server knows the key `foo` at the top of a search body
      hint: expected `query`, `size`, `sort`, `aggs` and the like
    ");
    insta::assert_snapshot!(monitor("extraction_query: |\n  {\"size\": 0,\n   \"match_all\": {}}\n"), @r"
    monitors/m.yaml:7:4: `match_all` is a query, which has no place at the top of a search body
      hint: put it under `query`: `query: {match_all: …}`
    ");
    insta::assert_snapshot!(file("q.json", "{\"size\": 0,\n\"term\": {\"bool\": 1}}"), @r"
    monitors/q.json:2:1: `term` is a query, which has no place at the top of a search body (in the monitor `m` at monitors/m.yaml:1:1)
      hint: put it under `query`: `query: {term: …}`
    ");
    insta::assert_snapshot!(file("q.yaml", "sise: 0\n"), @r"
    monitors/q.yaml:1:1: no server knows the key `sise` at the top of a search body (in the monitor `m` at monitors/m.yaml:1:1)
      hint: did you mean `size`?
    ");
    let definition = concat!(
        "kind: monitor\nname: m\ndefinition:\n  schedule: {period: {interval: 5, unit: MINUTES}}\n",
        "  inputs:\n    - search: {indices: [i], query: {range: {t: {}}}}\n    - search: {indices: [i], query: {}}\n",
    );
    insta::assert_snapshot!(errors(&[("monitors/m.yaml", definition)]), @r"
    monitors/m.yaml:6:38: `range` is a query, which has no place at the top of a search body
      hint: put it under `query`: `query: {range: …}`
    monitors/m.yaml:7:7: 2 inputs in one monitor, the server takes one
      hint: declare a monitor for each
    ");
}

#[test]
fn a_file_is_sent_as_it_stands() {
    let monitor = concat!(
        "kind: monitor\nname: m\nlabels: {tier: 1, paged: true}\nschedule: {every: 5m}\nindex: i\n",
        "extraction_query_file: q.yaml\n",
    );
    let declared = declared(&[
        ("monitors/m.yaml", monitor),
        ("monitors/q.yaml", "query: {term: {a: \"${URL} $${\"}}\n"),
    ]);
    let declaration = &declared.resources[0];
    assert_eq!(declaration.labels, [("paged".into(), "true".into()), ("tier".into(), "1".into())]);
    let Resource::Monitor(monitor) = &declaration.resource else { panic!("another kind") };
    let Input::Search { body, .. } = &monitor.inputs[0] else { panic!("another input") };
    assert_eq!(body.as_str(), r#"{"query":{"term":{"a":"${URL} $${"}}}"#);
}

#[test]
fn a_body_that_is_too_deep() {
    let nested = |levels| format!("{}{}", "[".repeat(levels), "]".repeat(levels));
    insta::assert_snapshot!(file("q.json", &format!("{{\"query\": {}}}", nested(100))), @"monitors/q.json:1:110: more than 100 values in one another (in the monitor `m` at monitors/m.yaml:1:1)");
    insta::assert_snapshot!(monitor(&format!("extraction_query: {{query: {}}}\n", nested(100))), @"monitors/m.yaml:5:126: more than 100 values in one another");
    // each anchor is shallow, and what the last alias stands for is not
    let anchors: String =
        (1..4).map(|n| format!("a{n}: &a{n} {}*a{}{}\n", "[".repeat(40), n - 1, "]".repeat(40))).collect();
    insta::assert_snapshot!(file("q.yaml", &format!("query: &a0 {{}}\n{anchors}")), @"monitors/q.yaml:4:49: more than 100 values in one another (in the monitor `m` at monitors/m.yaml:1:1)");
}

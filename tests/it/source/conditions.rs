//! Conditions that name queries or monitors, and the findings that a workflow's monitors look at.

use std::collections::BTreeMap;

use alertform::source::load;

use crate::source::project::{declared, folder, shown, warnings};

#[test]
fn conditions_on_documents() {
    let said = |condition: &str| {
        let query = "- {name: root, query: x, tags: [sev1]}";
        warnings(&[(
            "m.yaml",
            &format!(
                "kind: monitor\nname: m\nschedule: {{every: 5m}}\nindex: a\ndocument_queries:\n{query}\ntriggers:\n\
                 - {{name: t, condition: '{condition}'}}\n"
            ),
        )])
    };
    for condition in
        ["return true", "query[name=root]", "!( query[tag=sev1]&&query[id=x] ) || query[name=root]"]
    {
        assert_eq!(said(condition), "", "{condition}");
    }
    for lines in ["|\n      query[name=root] ||\n      query[tag=sev1]\n", "|\n      return true\n"] {
        let text = |condition: &str| {
            format!(
                "kind: monitor\nname: m\nschedule: {{every: 5m}}\nindex: a\ndocument_queries: [{{name: root, query: x, tags: [sev1]}}]\n\
                 triggers:\n  - name: t\n    condition: {condition}\n"
            )
        };
        assert_eq!(warnings(&[("m.yaml", &text(lines))]), "", "{lines}");
    }
    let odd = [
        "query[name=login(root)]",
        "query[name=a&&b]",
        "query[name=rooot]",
        "query[tag=sev2]",
        "query[name=a b]",
        "(query[name=root]",
        "root",
        "query[root]",
    ];
    insta::assert_snapshot!(odd.map(said).join("\n"), @r"
    m.yaml:8:24: no server finds `login(root)`, which has `(` in it
      hint: give the query a name or a tag without

    m.yaml:8:24: no server finds `a&&b`, which has `&&` in it
      hint: give the query a name or a tag without

    m.yaml:8:24: no query of the monitor has the name `rooot`
      hint: did you mean `root`?

    m.yaml:8:24: no query of the monitor has the tag `sev2`
      hint: did you mean `sev1`?

    m.yaml:8:24: no server finds `a b`, which has a blank in it
      hint: give the query a name or a tag without

    m.yaml:8:24: no server understands this condition: a parenthesis is not closed
      hint: such as `query[name=errors] && !query[tag=test]`, with `||` and parentheses

    m.yaml:8:24: no server understands this condition: it has more in it than what it names and operators
      hint: such as `query[name=errors] && !query[tag=test]`, with `||` and parentheses

    m.yaml:8:24: queries are known by `name`, `id` and `tag` alone
      hint: such as `query[name=errors]`
    ");
}

#[test]
fn findings_that_no_server_gives() {
    let search = |name: &str, index: &str| {
        format!(
            "kind: monitor\nname: {name}\nschedule: {{every: 5m}}\nindex: {index}\nextraction_query: {{}}\n---\n"
        )
    };
    let documents = "kind: monitor\nname: documents\nschedule: {every: 5m}\nindex: [a, b]\n\
                     document_queries: [{name: q, query: x}]\n---\n";
    let workflow = |monitor: &str, source: &str| {
        let text = format!(
            "{}{}{documents}kind: workflow\nname: w\nschedule: {{every: 5m}}\ndelegates:\n- {source}\n\
             - {{monitor: {monitor}, chained_monitor_findings: [{source}]}}\n",
            search("one", "a"),
            search("both", "[b, a]")
        );
        warnings(&[("m.yaml", &text)])
    };
    assert_eq!(workflow("both", "documents"), "");
    insta::assert_snapshot!(workflow("both", "one"), @r"
    m.yaml:24:3: `both` looks at findings of `one`, which is query-level
      hint: servers refuse it: a query-level monitor has no findings
    ");
    insta::assert_snapshot!(workflow("one", "documents"), @r"
    m.yaml:24:3: `one` looks at findings of `documents` in `b`, which it does not search
      hint: list that index there too, by the same name: servers want all of them
    ");
}

#[test]
fn a_secret_in_a_condition_is_not_shown() {
    let text = "kind: monitor\nname: m\nschedule: {every: 5m}\nindex: a\ndocument_queries: [{name: root, query: x}]\n\
                triggers: [{name: t, condition: 'query[tag=${API_TOKEN}]'}]\n";
    let dir = folder(&[("m.yaml", text)]);
    let variables = BTreeMap::from([("API_TOKEN".to_owned(), "planted".to_owned())]);
    let shown = shown(&load(dir.path(), &variables.clone().into()).unwrap().warnings);
    assert!(shown.contains("no query of the monitor has the tag") && !shown.contains("planted"), "{shown}");
}

#[test]
fn a_definition_says_its_condition_on_one_line() {
    let text = "kind: monitor\nname: m\ndefinition:\n  monitor_type: doc_level_monitor\n  \
                schedule: {period: {interval: 5, unit: MINUTES}}\n  \
                inputs: [{doc_level_input: {indices: [a], queries: [{name: q, query: x}]}}]\n  \
                triggers:\n  - name: t\n    severity: 1\n    condition: {script: {source: \"query[name=q] ||\\n query[id=i]\"}}\n";
    insta::assert_snapshot!(warnings(&[("m.yaml", text)]), @r"
    m.yaml:10:16: no server understands this condition: a line break or a tab stands in it
      hint: such as `query[name=errors] && !query[tag=test]`, with `||` and parentheses
    ");
}

#[test]
fn a_workflow_says_its_condition_on_several_lines() {
    let monitor = |name: &str| {
        format!(
            "kind: monitor\nname: {name}\nschedule: {{every: 5m}}\nindex: a\nextraction_query: {{}}\n---\n"
        )
    };
    let workflow = |condition: &str| {
        let text = format!(
            "{}{}kind: workflow\nname: w\nschedule: {{every: 5m}}\ndelegates: [a b, c]\ntriggers:\n  - name: t\n    condition: {condition}\n",
            monitor("a b"),
            monitor("c")
        );
        declared(&[("m.yaml", &text)]).resources.iter().map(|one| one.resource.clone()).collect::<Vec<_>>()
    };
    assert_eq!(
        workflow("|\n      monitor[name=a b] &&\n      !monitor[name=c]\n"),
        workflow("'monitor[name=a b] && !monitor[name=c]'")
    );
}

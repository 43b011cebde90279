//! Where YAML reads something else than was meant, the hint says how to write it.

use crate::source::project::errors;

fn line(text: &str) -> String {
    let errors = errors(&[("monitors/m.yaml", &format!("kind: monitor\nname: m\n{text}\n"))]);
    let telling = [": not YAML", "tag, ", "as key", "the anchor"];
    let broken = errors.lines().skip_while(|line| !telling.iter().any(|word| line.contains(word)));
    broken.take(2).collect::<Vec<_>>().join("\n")
}

#[test]
fn what_wants_quotes() {
    let texts = [
        "time_field: @timestamp",
        "index: *-logs",
        "index: [*, a]",
        "query: `x`",
        "query: %x",
        "query: !a",
        "query: !(a OR b)",
        "query: !host:\"a\" AND b",
        "query: &b OR a",
        "query: > 5",
        "query: | a",
        "query: \"a\" AND b",
        "query: 'it's'",
        "query: \"\\d+\"",
        "query: [1 TO 5] AND a",
        "query: host: a",
        "message: Error: it: fails",
        "message: {{ctx.monitor.name}}",
        "message: {{ctx.monitor.name}} fires",
        "message: {{#ctx.x}} fires",
        "triggers:\n\t- name: t",
        "triggers:\n  - name: t\n\t  severity: 1",
    ];
    let screen: Vec<String> = texts.iter().map(|text| format!("{text}\n{}", line(text))).collect();
    insta::assert_snapshot!(screen.join("\n"), @r#"
    time_field: @timestamp
    monitors/m.yaml:3:13: not YAML: unexpected character: `@'
      hint: a text that begins with `@` must stand in quotes
    index: *-logs
    monitors/m.yaml:3:8: not YAML: while parsing node, found unknown anchor
      hint: a text that begins with `*` must stand in quotes: else it is an alias
    index: [*, a]
    monitors/m.yaml:3:9: not YAML: while scanning an anchor or alias, did not find expected alphabetic or numeric character
      hint: a text that begins with `*` must stand in quotes: else it is an alias
    query: `x`
    monitors/m.yaml:3:8: not YAML: unexpected character: ``'
      hint: a text that begins with a backtick must stand in quotes
    query: %x
    monitors/m.yaml:3:8: not YAML: unexpected character: `%'
      hint: a text that begins with `%` must stand in quotes
    query: !a
    monitors/m.yaml:3:8: a tag, which means nothing here
      hint: a text that begins with `!` must stand in quotes
    query: !(a OR b)
    monitors/m.yaml:3:8: a tag, which means nothing here
      hint: a text that begins with `!` must stand in quotes
    query: !host:"a" AND b
    monitors/m.yaml:3:8: not YAML: while scanning a tag, did not find expected whitespace or line break
      hint: a text that begins with `!` must stand in quotes
    query: &b OR a
    monitors/m.yaml:3:11: the anchor before this text is used by no alias
      hint: a text that begins with `&` must stand in quotes
    query: > 5
    monitors/m.yaml:3:8: not YAML: while scanning a block scalar, did not find expected comment or line break
      hint: a text that begins with `>` must stand in quotes
    query: | a
    monitors/m.yaml:3:8: not YAML: while scanning a block scalar, did not find expected comment or line break
      hint: a text that begins with `|` must stand in quotes
    query: "a" AND b
    monitors/m.yaml:3:12: not YAML: invalid trailing content after double-quoted scalar
      hint: put the whole text in single quotes, with the double ones inside
    query: 'it's'
    monitors/m.yaml:3:12: not YAML: invalid trailing content after single-quoted scalar
      hint: put the whole text in quotes; in single ones `''` stands for `'`
    query: "\d+"
    monitors/m.yaml:3:8: not YAML: while parsing a quoted scalar, found unknown escape character
      hint: use single quotes, in which a backslash is a backslash
    query: [1 TO 5] AND a
    monitors/m.yaml:3:17: not YAML: while parsing a block mapping, did not find expected key
      hint: a text that begins with `[` must stand in quotes
    query: host: a
    monitors/m.yaml:3:12: not YAML: mapping values are not allowed in this context
      hint: a text with `: ` in it must stand in quotes
    message: Error: it: fails
    monitors/m.yaml:3:15: not YAML: mapping values are not allowed in this context
      hint: a text with `: ` in it must stand in quotes
    message: {{ctx.monitor.name}}
    monitors/m.yaml:3:11: expected a text as key, found a mapping
      hint: a text that begins with `{{` must stand in quotes
    message: {{ctx.monitor.name}} fires
    monitors/m.yaml:3:11: expected a text as key, found a mapping
      hint: a text that begins with `{{` must stand in quotes
    message: {{#ctx.x}} fires
    monitors/m.yaml:3:12: not YAML: comments must be separated from other tokens by whitespace
      hint: a text that begins with `{{` must stand in quotes
    triggers:
    	- name: t
    monitors/m.yaml:4:2: not YAML: tabs disallowed within this context (block indentation)
      hint: YAML allows no tabs for indentation: use spaces
    triggers:
      - name: t
    	  severity: 1
    monitors/m.yaml:4:11: not YAML: while scanning a plain scalar, found a tab
      hint: YAML allows no tabs for indentation: use spaces
    "#);
}

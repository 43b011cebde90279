//! One test an error: where it is, what was expected, what to do.

use alertform::source::Surroundings;

use crate::source::project::errors;

const SLACK: (&str, &str) =
    ("destinations/ops.yaml", "kind: destination\nname: ops\nslack:\n  url: ${URL}\n");

/// The errors of one more monitor beside a sound destination.
fn monitor(text: &str) -> String {
    errors(&[SLACK, ("monitors/m.yaml", &format!("kind: monitor\nname: m\n{text}"))])
}

/// The errors of a monitor that lacks nothing but what `text` adds or breaks.
fn sound_but(text: &str) -> String {
    monitor(&format!("schedule: {{every: 5m}}\nindex: logs\ntime_field: t\nquery: a\n{text}"))
}

fn destination(text: &str) -> String {
    errors(&[("destinations/d.yaml", &format!("kind: destination\nname: d\n{text}"))])
}

#[test]
fn all_errors_of_all_files_at_once() {
    let text = errors(&[
        ("destinations/a.yaml", "kind: destination\nnmae: a\nslack: {url: 5}\n"),
        (
            "monitors/b.yaml",
            "kind: monitor\nname: b\nschedule: 15m\nqueyr: x\nfoo: 1\n---\nkind: monitr\n---\n- a\n",
        ),
        ("monitors/c.yaml", "kind: monitor\nname: [\n"),
    ]);
    insta::assert_snapshot!(text, @r#"
    destinations/a.yaml:1:1: `name` is missing
      hint: add one: `name: ops-slack`
    destinations/a.yaml:2:1: unknown key `nmae` in a destination
      hint: did you mean `name`?
    destinations/a.yaml:3:14: expected a text for `url`, found a number
      hint: put it in quotes
    monitors/b.yaml:1:1: `index` is missing
      hint: add the index, a pattern, or a list: `index: logs-*`
    monitors/b.yaml:1:1: a monitor without a query
      hint: add one of `query`, `extraction_query`, `extraction_query_file`, `document_queries`, `cluster_metrics`, `ppl`
    monitors/b.yaml:3:11: expected a mapping for `schedule`, found the text `15m`
      hint: say `{every: 15m}` or `{cron: "0 9 * * 1-5", timezone: Asia/Tokyo}`
    monitors/b.yaml:4:1: unknown key `queyr` in a monitor
      hint: did you mean `query`?
    monitors/b.yaml:5:1: unknown key `foo` in a monitor
      hint: expected one of `kind`, `name`, `previous_names`, `labels`, `environments`, `for_each`, `protected`, `enabled`, `schedule`, `index`, `time_field`, `query`, `window`, `extraction_query`, `extraction_query_file`, `document_queries`, `cluster_metrics`, `ppl`, `triggers`, `definition`
    monitors/b.yaml:7:7: unknown kind `monitr`
      hint: did you mean `monitor`?
    monitors/b.yaml:9:1: expected a resource, found a document without `kind`
      hint: add `kind: monitor` or `kind: destination`, or move the file out of this folder
    monitors/c.yaml:2:7: not YAML: unclosed bracket '['
    "#);
}

#[test]
fn broken_yaml_hides_no_other_document() {
    let text = errors(&[(
        "monitors/a.yaml",
        "kind: monitor\nname: \"x\n---\nkind: monitor\nname: a\nname: b\nschedule: {every: 0m}\nindex: \"\"\nquery: *gone\n",
    )]);
    insta::assert_snapshot!(text, @r"
    monitors/a.yaml:2:7: not YAML: while scanning a quoted scalar, found unexpected document indicator
    monitors/a.yaml:6:1: `name` is given twice, first at monitors/a.yaml:5:1
      hint: remove one of the two
    monitors/a.yaml:9:8: not YAML: while parsing node, found unknown anchor
      hint: a text that begins with `*` must stand in quotes: else it is an alias
    ");
}

#[test]
fn a_key_given_twice() {
    insta::assert_snapshot!(sound_but("index: other\n"), @r"
    monitors/m.yaml:7:1: `index` is given twice, first at monitors/m.yaml:4:1
      hint: remove one of the two
    ");
}

#[test]
fn a_bomb() {
    let mut text = String::from("kind: monitor\nname: m\na0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
    for level in 1..9 {
        let aliases = vec![format!("*a{}", level - 1); 10].join(", ");
        text.push_str(&format!("a{level}: &a{level} [{aliases}]\n"));
    }
    insta::assert_snapshot!(errors(&[("monitors/m.yaml", &text)]), @"monitors/m.yaml:8:45: more than 1000000 values in one file, aliases counted as often as they are used");
    let deep = format!("kind: monitor\nname: m\nquery: {}{}\n", "[".repeat(5000), "]".repeat(5000));
    insta::assert_snapshot!(errors(&[("monitors/m.yaml", &deep)]), @"monitors/m.yaml:3:263: not YAML: recursion limit exceeded");
}

#[test]
fn kinds() {
    let text = errors(&[
        ("monitors/a.yaml", "name: a\n"),
        ("destinations/b.yml", "kind: Destination\nname: b\n"),
        ("other/c.yaml", "kind: workflows\nname: c\n"),
    ]);
    insta::assert_snapshot!(text, @r"
    destinations/b.yml:1:7: unknown kind `Destination`
      hint: did you mean `destination`?
    monitors/a.yaml:1:1: expected a resource, found a document without `kind`
      hint: add `kind: monitor` or `kind: destination`, or move the file out of this folder
    other/c.yaml:1:7: unknown kind `workflows`
      hint: did you mean `workflow`?
    ");
}

#[test]
fn a_broken_file_elsewhere_that_declares_one_of_our_kinds() {
    insta::assert_snapshot!(errors(&[SLACK, ("x.yaml", "kind: monitor # ours\nname: {{ .Values.name }}\n  a: b\n")]), @r"
    x.yaml:2:8: expected a text as key, found a mapping
      hint: a text that begins with `{{` must stand in quotes
    x.yaml:3:3: not YAML: while parsing a block mapping, did not find expected key
    ");
}

#[test]
fn an_empty_project() {
    insta::assert_snapshot!(errors(&[("compose.yaml", "services: {}\n")]), @r"
    no monitor and no destination is declared below `DIR`
      hint: expected YAML files with `kind: monitor` or `kind: destination`; `--dir` names another folder
    ");
}

#[test]
fn a_folder_that_is_not_there() {
    let findings = alertform::source::load(std::path::Path::new("/nowhere/at/all"), &Surroundings::default())
        .unwrap_err();
    insta::assert_snapshot!(findings[0], @"cannot read the folder `/nowhere/at/all`: No such file or directory (os error 2)");
}

#[test]
fn two_of_one_name() {
    let one = "kind: destination\nname: ops\nchime: {url: \"https://x/${URL}\"}\n";
    insta::assert_snapshot!(errors(&[SLACK, ("destinations/z.yaml", one)]), @r"
    destinations/z.yaml:2:7: destination `ops` is declared twice, first at destinations/ops.yaml:2:7
      hint: give one of the two another name
    ");
}

#[test]
fn a_destination_that_nobody_declares() {
    let action = |name: &str| {
        sound_but(&format!(
            "triggers:\n  - name: t\n    condition: a > 1\n    actions:\n      - {{name: a, destination: {name}, message: x}}\n"
        ))
    };
    insta::assert_snapshot!(action("osp"), @r"
    monitors/m.yaml:11:32: no destination is named `osp`
      hint: did you mean `ops`?
    ");
    insta::assert_snapshot!(action("security-room"), @r"
    monitors/m.yaml:11:32: no destination is named `security-room`
      hint: declared are `ops`
    ");
}

#[test]
fn substitutions() {
    insta::assert_snapshot!(
        destination("description: ${GONE}\nenabled: ${URL}\nslack: {url: \"${file:gone.txt}\"}\n"),
        @r"
    destinations/d.yaml:3:14: the variable `GONE` is not set
      hint: set it for this run or in `alertform.yaml`, or give a default: `${GONE:-…}`; write `$${` for a plain `${`
    destinations/d.yaml:4:10: expected `true` or `false` for `enabled`, found a text
    destinations/d.yaml:5:14: cannot read the file of `${file:gone.txt}`: No such file or directory (os error 2)
      hint: a relative path starts at the file that names it
    "
    );
    insta::assert_snapshot!(destination("description: ${a.b}\nslack: {url: \"${URL\"}\n"), @r"
    destinations/d.yaml:3:14: `${a.b}` is no substitution
      hint: expected `${NAME}`, `${NAME:-default}`, `${file:PATH}` or `${cmd:NAME …}`; write `$${` for a plain `${`
    destinations/d.yaml:4:14: `${` without a closing `}`
      hint: write `$${` for a plain `${`
    ");
}

#[test]
fn what_excludes_each_other_hides_no_other_error() {
    let destination = "kind: destination\nname: d\nslack: {channel: x, url: \"${URL}\"}\nchime: {url: planted}\n---\n\
                       kind: destination\nname: e\ncustom_webhook: {url: \"${URL}\", port: 99999999, host: a/b}\n";
    let monitor = "kind: monitor\nname: m\nschedule: {every: 5m}\nindex: a\nquery: a\nwindow: none\n\
                   extraction_query: \"{nope\"\n";
    let found = errors(&[("destinations/d.yaml", destination), ("monitors/m.yaml", monitor)]);
    insta::assert_snapshot!(found, @r"
    destinations/d.yaml:3:9: unknown key `channel` in `slack`
      hint: expected one of `url`
    destinations/d.yaml:4:1: `slack`, `chime` exclude each other
      hint: a destination leads to one place; declare two of them
    destinations/d.yaml:4:14: expected an http or https URL for `url`
      hint: it begins with `https://` or `http://` and a host
    destinations/d.yaml:8:39: expected a whole number from 1 to 65535 for `port`, found a number
    destinations/d.yaml:8:49: `url` and `host` exclude each other
      hint: give the whole URL, or its parts
    destinations/d.yaml:8:49: expected a host and nothing else for `host`
      hint: such as `hooks.example.com`; `scheme`, `port` and `path` are keys of their own
    monitors/m.yaml:7:1: `query`, `extraction_query` exclude each other
      hint: keep one of them
    monitors/m.yaml:7:21: not JSON: key must be a string
      hint: `extraction_query` is a mapping, or a text with a JSON object in it
    ");
}

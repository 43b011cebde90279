//! Which files are read: nothing in our folders is passed over in silence, and other tools' files stop nothing.

use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::symlink;

use alertform::source::load;

use crate::source::project::{declared, errors, errors_below, folder, variables};

const OPS: &str = "kind: destination\nname: ops\nslack: {url: \"${URL}\"}\n";

#[test]
fn links_in_our_folders() {
    let dir = folder(&[("destinations/ops.yaml", OPS), ("elsewhere/linked.yaml", OPS)]);
    let link = |target: &str, name: &str| symlink(target, dir.path().join(name)).unwrap();
    link("../elsewhere/gone.yaml", "destinations/gone.yaml");
    link("../gone", "destinations/team");
    link("../elsewhere", "destinations/more");
    link("elsewhere", "monitors");
    link("elsewhere", "passed-over");
    link("gone.yaml", "passed-over.yaml");
    insta::assert_snapshot!(errors_below(dir.path()), @r"
    destinations/gone.yaml:1:1: cannot read the file: No such file or directory (os error 2)
      hint: is it a link that leads nowhere?
    destinations/more:1:1: a link to a folder, which is not followed
      hint: move the folder here, or link its files one by one
    destinations/team:1:1: cannot read the file: No such file or directory (os error 2)
      hint: is it a link that leads nowhere?
    elsewhere/linked.yaml:2:7: destination `ops` is declared twice, first at destinations/ops.yaml:2:7
      hint: give one of the two another name
    monitors:1:1: a link to a folder, which is not followed
      hint: move the folder here, or link its files one by one
    ");
}

#[test]
fn a_link_to_a_file_is_followed() {
    let dir = folder(&[("shared/ops.yml.txt", OPS)]);
    fs::create_dir(dir.path().join("destinations")).unwrap();
    symlink("../shared/ops.yml.txt", dir.path().join("destinations/ops.yaml")).unwrap();
    assert_eq!(load(dir.path(), &variables().into()).unwrap().resources.len(), 1);
}

#[test]
fn names_that_are_no_text() {
    let dir = folder(&[("destinations/ops.yaml", OPS)]);
    let name = |folder: &str| dir.path().join(folder).join(OsStr::from_bytes(b"caf\xe9.yaml"));
    if fs::write(name("destinations"), OPS).is_ok() {
        fs::write(name(""), OPS).unwrap();
        insta::assert_snapshot!(errors_below(dir.path()), @r"
    destinations/caf�.yaml:1:1: the name of the file is not UTF-8
      hint: rename it
    ");
    }
}

#[test]
fn what_is_no_file() {
    let dir = folder(&[("destinations/ops.yaml", OPS)]);
    let socket = dir.path().join("destinations/s.yaml");
    let _listener = std::os::unix::net::UnixListener::bind(socket).unwrap();
    insta::assert_snapshot!(errors_below(dir.path()), @"destinations/s.yaml:1:1: expected a file");
}

#[test]
fn endings_in_capitals() {
    let other = OPS.replace("ops", "other");
    let declared = declared(&[("destinations/a.YAML", OPS), ("destinations/b.Yml", &other)]);
    assert_eq!(declared.resources.len(), 2);
}

#[test]
fn folders_that_machines_write_elsewhere() {
    let declared = declared(&[("destinations/target/a.yaml", OPS), ("target/destinations/a.yaml", OPS)]);
    assert_eq!(declared.resources.len(), 1);
}

#[test]
fn json_is_yaml() {
    let monitor = "{\n\t\"kind\": \"monitor\",\n\t\"name\": \"m\",\n\t\"schedule\": {\"every\": \"5m\"},\n\t\"index\": \"i\",\n\t\"extraction_query_file\": \"named.json\"\n}\n";
    let files = [
        ("monitors/m.json", monitor),
        ("monitors/named.json", "{}"),
        ("monitors/recording.json", "{\"a\": 1}"),
        ("monitors/broken.json", "{\"a\": [}"),
        ("elsewhere/y.json", "{\"kind\": \"monitor\"}"),
    ];
    assert_eq!(declared(&files).resources.len(), 1);
    let files = [
        ("monitors/m.json", "{\n  \"kind\" : \"monitor\", \"name\": ]}"),
        ("monitors/n.json", "{\"kind\": \"monitr\"}"),
    ];
    insta::assert_snapshot!(errors(&files), @r"
    monitors/m.json:1:1: not YAML: mismatched bracket '{' closed by ']'
    monitors/n.json:1:10: unknown kind `monitr`
      hint: did you mean `monitor`?
    ");
}

#[test]
fn what_other_tools_own_is_left_alone() {
    let crd = "kind: monitor\napiVersion: example.com/v1\nspec: {}\n";
    let files = [
        ("destinations/ops.yaml", OPS),
        ("k8s/upper.yaml", "apiVersion: example.com/v1\nkind: Monitor\n"),
        ("k8s/lower.yaml", crd),
        ("k8s/broken.yaml", &format!("a: [\n---\n{crd}  name: {{{{ x }}}}\n bad: 1\n")),
        ("chart/if.yaml", "{{- if .Values.x }}\nkind: Deployment\n{{- end }}\n"),
        ("chart/name.yaml", "kind: monitor-{{ x }}\nname: {{ x }}\n  y: z\n"),
    ];
    let declared = declared(&files);
    assert_eq!((declared.resources.len(), declared.warnings.len()), (1, 0));
    insta::assert_snapshot!(errors(&[("monitors/m.yaml", crd)]), @r"
    monitors/m.yaml:1:1: `name` is missing
      hint: add one: `name: checkout-errors`
    monitors/m.yaml:1:1: `schedule` is missing
      hint: add one: `schedule: {every: 15m}`
    monitors/m.yaml:1:1: `index` is missing
      hint: add the index, a pattern, or a list: `index: logs-*`
    monitors/m.yaml:1:1: a monitor without a query
      hint: add one of `query`, `extraction_query`, `extraction_query_file`, `document_queries`, `cluster_metrics`, `ppl`
    monitors/m.yaml:2:1: unknown key `apiVersion` in a monitor
      hint: expected one of `kind`, `name`, `previous_names`, `labels`, `environments`, `for_each`, `protected`, `enabled`, `schedule`, `index`, `time_field`, `query`, `window`, `extraction_query`, `extraction_query_file`, `document_queries`, `cluster_metrics`, `ppl`, `triggers`, `definition`
    monitors/m.yaml:3:1: unknown key `spec` in a monitor
      hint: expected one of `kind`, `name`, `previous_names`, `labels`, `environments`, `for_each`, `protected`, `enabled`, `schedule`, `index`, `time_field`, `query`, `window`, `extraction_query`, `extraction_query_file`, `document_queries`, `cluster_metrics`, `ppl`, `triggers`, `definition`
    ");
}

#[test]
fn what_cannot_be_read_elsewhere_stops_nothing() {
    let dir = folder(&[("destinations/ops.yaml", OPS), ("data/x.txt", "")]);
    // a file that nobody can read, not even the superuser
    symlink("/proc/self/mem", dir.path().join("data/memory.yaml")).unwrap();
    symlink("gone", dir.path().join("data/gone.yaml")).unwrap();
    if fs::metadata(dir.path().join("data/memory.yaml")).is_ok() {
        let declared = load(dir.path(), &variables().into()).unwrap();
        let warnings: Vec<String> = declared.unread.iter().map(ToString::to_string).collect();
        insta::assert_snapshot!(warnings.join("\n"), @r"
    data/gone.yaml:1:1: cannot read the file: No such file or directory (os error 2)
      hint: is it a link that leads nowhere?
    data/memory.yaml:1:1: cannot read the file: Input/output error (os error 5)
      hint: it is taken for another tool's
    ");
        fs::rename(dir.path().join("data"), dir.path().join("monitors")).unwrap();
        insta::assert_snapshot!(errors_below(dir.path()), @r"
    monitors/gone.yaml:1:1: cannot read the file: No such file or directory (os error 2)
      hint: is it a link that leads nowhere?
    monitors/memory.yaml:1:1: cannot read the file: Input/output error (os error 5)
    ");
    }
}

#[test]
fn a_broken_file_elsewhere_that_declares_something_of_ours_is_an_error() {
    let dir = folder(&[
        ("destinations/ops.yaml", OPS),
        ("alerts/helm.yaml", "{{- if .Values.on }}\nkind: monitor\nname: a\n{{- end }}\n"),
        ("alerts/tabs.yaml", "\tkind: monitor\n\tname: b\n"),
        ("charts/other.yaml", "{{- if .Values.on }}\napiVersion: v1\nkind: monitor\n{{- end }}\n"),
    ]);
    let errors = errors_below(dir.path());
    for (file, is_broken) in [("alerts/helm.yaml:", true), ("alerts/tabs.yaml:", true), ("charts/", false)] {
        assert_eq!(errors.contains(file), is_broken, "{file}\n{errors}");
    }
}

//! Where the scripts of a recipe run: the built `alertform` and stubs of other programs on the path, a project in a
//! working copy, and a sandbox's state.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;

use alertform::source::yaml;
use serde_json::Value;
use tempfile::TempDir;

use crate::cli::Screen;

/// What the files of the project fill in.
pub const WEBHOOK: &str = "https://hooks.slack.com/services/T0/B0/planted-secret";

const PROJECT: [(&str, &str); 3] = [
    ("alertform.yaml", "project: shop\n"),
    ("ops.yaml", "kind: destination\nname: ops\nslack: {url: '${SLACK_WEBHOOK_URL}'}\n"),
    (
        "errors.yaml",
        "kind: monitor\nname: errors\nschedule: {every: 1h}\nindex: l*\nquery: a\nwindow: none\ntriggers:\n  - name: t\n    \
         condition: 'true'\n    actions: [{name: a, destination: ops, message: see}]\n",
    ),
];

/// A machine that runs jobs.
pub struct Machine {
    dir: TempDir,
    /// The cluster that the jobs talk to.
    pub url: String,
}

impl Machine {
    /// One with these programs beside `alertform`, and a cluster that is as the project says; none where this one lacks
    /// what scripts and stubs need, which may be so at a developer's, and not where CI runs.
    pub fn new(stubs: &[(&str, &str)]) -> Option<Self> {
        for program in ["bash", "jq"] {
            let is_there = Command::new(program).arg("--version").output().is_ok();
            if !is_there {
                assert!(std::env::var_os("CI").is_none(), "there is no `{program}`");
                println!("skipped: there is no `{program}`");
                return None;
            }
        }
        let dir = tempfile::tempdir().unwrap();
        let bin = dir.path().join("bin");
        fs::create_dir(&bin).unwrap();
        symlink(env!("CARGO_BIN_EXE_alertform"), bin.join("alertform")).unwrap();
        for (name, text) in stubs {
            fs::write(bin.join(name), text).unwrap();
            fs::set_permissions(bin.join(name), fs::Permissions::from_mode(0o755)).unwrap();
        }
        fs::create_dir(dir.path().join("stub")).unwrap();
        let url = format!("sandbox:{}?line=2.19", dir.path().join("sandbox.json").display());
        let machine = Self { dir, url };
        machine.copy("first");
        machine.sh("first", "alertform apply --yes").must_exit(0);
        Some(machine)
    }

    /// Makes a new working copy of the project.
    pub fn copy(&self, name: &str) {
        for (file, text) in PROJECT {
            self.write(&format!("{name}/{file}"), text);
        }
    }

    /// Writes a file; all that jobs see is below one folder: working copies, and `stub` with what the stubs keep.
    pub fn write(&self, path: &str, text: &str) {
        let path = self.path(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    /// Replaces a piece of a file that must be there.
    pub fn edit(&self, path: &str, before: &str, after: &str) {
        let text = self.read(path);
        assert!(text.contains(before), "`{before}` is not in {path}:\n{text}");
        self.write(path, &text.replace(before, after));
    }

    /// Reads a file; one that is not there is empty.
    pub fn read(&self, path: &str) -> String {
        fs::read_to_string(self.path(path)).unwrap_or_default()
    }

    /// Reads a file in JSON.
    pub fn json(&self, path: &str) -> Value {
        serde_json::from_str(&self.read(path)).unwrap()
    }

    /// Where a file is.
    pub fn path(&self, path: &str) -> PathBuf {
        self.dir.path().join(path)
    }

    /// Runs a line in a working copy as the user does, with what the cluster and the files need.
    pub fn sh(&self, copy: &str, script: &str) -> Screen {
        self.run(&["sh", "-ec", script], copy, &self.secrets())
    }

    /// What each job that runs `alertform` is given.
    pub fn secrets(&self) -> BTreeMap<String, String> {
        let given = [("ALERTFORM_URL", self.url.as_str()), ("SLACK_WEBHOOK_URL", WEBHOOK)];
        given.map(|(name, value)| (name.to_owned(), value.to_owned())).into()
    }

    /// Runs a program in a working copy with these variables and no others.
    pub fn run(&self, program: &[&str], copy: &str, variables: &BTreeMap<String, String>) -> Screen {
        let system = std::env::var("PATH").unwrap();
        let output = Command::new(program[0])
            .args(&program[1..])
            .current_dir(self.path(copy))
            .env_clear()
            .env("PATH", format!("{}:{system}", self.path("bin").display()))
            .env("HOME", self.dir.path())
            .env("STUB", self.path("stub"))
            .envs(variables)
            .stdin(Stdio::null())
            .output()
            .unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        Screen { code: output.status.code(), stdout: text(output.stdout), stderr: text(output.stderr) }
    }
}

/// A file of the repository.
pub fn repository(path: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).unwrap()
}

/// The documents of a recipe.
pub fn recipe(name: &str) -> Vec<Value> {
    let file = format!("docs/ci/{name}");
    let parsed = yaml::parse(&repository(&file), &Arc::from(file.as_str()));
    assert!(parsed.findings.is_empty(), "{:?}", parsed.findings);
    parsed.documents.iter().map(yaml::Node::json).collect()
}

/// The text at a JSON pointer, which must be there.
pub fn text<'a>(value: &'a Value, pointer: &str) -> &'a str {
    value
        .pointer(pointer)
        .and_then(Value::as_str)
        .unwrap_or_else(|| panic!("no text at {pointer} of {value:#}"))
}

/// The texts of a list at a JSON pointer, which must be there.
pub fn texts<'a>(value: &'a Value, pointer: &str) -> Vec<&'a str> {
    let list = value.pointer(pointer).and_then(Value::as_array);
    let list = list.unwrap_or_else(|| panic!("no list at {pointer} of {value:#}"));
    list.iter().map(|item| item.as_str().unwrap()).collect()
}

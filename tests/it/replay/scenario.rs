//! The recordings as data: scenarios, their steps, and the exceptions from replaying them.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Deserializer};
use serde_json::Value;

/// A recorded conversation that begins on an empty server.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scenario {
    /// `server/topic/name`.
    #[serde(skip)]
    pub path: String,
    #[serde(rename = "name")]
    _name: String,
    pub about: String,
    #[serde(rename = "server")]
    _server: Value,
    pub steps: Vec<Step>,
}

impl Scenario {
    /// Whether the recorded server left a request without an answer.
    pub fn is_unanswered(&self) -> bool {
        self.steps.iter().any(|step| step.response.status == 0)
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Step {
    pub request: Request,
    pub response: Response,
    #[serde(default)]
    pub capture: BTreeMap<String, String>,
    #[serde(default)]
    pub setup: bool,
    #[serde(default)]
    pub eventually: bool,
    #[serde(default)]
    pub after_ms: u64,
    pub note: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Request {
    pub method: String,
    pub path: String,
    #[serde(default)]
    pub headers: BTreeMap<String, String>,
    pub body: Option<Value>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Response {
    /// 0 where the server never answered.
    pub status: u16,
    /// Absent where it does not matter, null where there was none.
    #[serde(default, deserialize_with = "present")]
    pub body: Option<Value>,
    pub location: Option<String>,
    pub content_type: Option<String>,
}

/// A scenario, or one step of it (from 1), that is known not to be given back.
#[derive(PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Exception {
    pub scenario: String,
    pub step: Option<usize>,
}

/// The folder of the recordings.
pub fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/conformance")
}

/// Loads all scenarios of a server, in the order of their paths.
pub fn load(server: &str) -> Vec<Scenario> {
    let mut scenarios = Vec::new();
    for topic in entries(&folder().join(server)).into_iter().filter(|path| path.is_dir()) {
        for file in
            entries(&topic).into_iter().filter(|path| path.extension().is_some_and(|ext| ext == "json"))
        {
            let text = fs::read_to_string(&file).unwrap();
            let mut scenario: Scenario =
                serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
            let stem = file.with_extension("");
            scenario.path = stem.strip_prefix(folder()).unwrap().to_str().unwrap().replace('\\', "/");
            scenarios.push(scenario);
        }
    }
    assert!(!scenarios.is_empty(), "no recordings of {server}");
    scenarios
}

/// Loads `exceptions.txt`: `server/topic/scenario[:step]` with `{a,b}` for one of several, then blanks and the reason.
pub fn load_exceptions() -> Vec<Exception> {
    let text = fs::read_to_string(folder().join("exceptions.txt")).unwrap();
    text.lines().filter(|line| !line.is_empty() && !line.starts_with('#')).flat_map(exceptions).collect()
}

fn exceptions(line: &str) -> Vec<Exception> {
    let (names, reason) = line.split_once(' ').unwrap_or((line, ""));
    assert!(!reason.trim().is_empty(), "exceptions.txt: no reason given for {names}");
    let exception = |name: String| match name.split_once(':') {
        Some((scenario, step)) => {
            let step =
                step.parse().unwrap_or_else(|_| panic!("exceptions.txt: `{step}` of {name} is no step"));
            Exception { scenario: scenario.to_owned(), step: Some(step) }
        }
        None => Exception { scenario: name, step: None },
    };
    expanded(names).into_iter().map(exception).collect()
}

/// `a/{b,c}` is `a/b` and `a/c`.
fn expanded(names: &str) -> Vec<String> {
    let Some((before, rest)) = names.split_once('{') else {
        return vec![names.to_owned()];
    };
    let (choices, after) =
        rest.split_once('}').unwrap_or_else(|| panic!("exceptions.txt: no `}}` in {names}"));
    let tails = expanded(after);
    choices
        .split(',')
        .flat_map(|choice| tails.iter().map(move |tail| format!("{before}{choice}{tail}")))
        .collect()
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths
}

fn present<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Value>, D::Error> {
    Value::deserialize(deserializer).map(Some)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_exception_names_scenarios_and_steps() {
        let exception = |scenario: &str, step| Exception { scenario: scenario.to_owned(), step };
        assert_eq!(
            exceptions("{a,b}/t/{x,y:3} why"),
            [
                exception("a/t/x", None),
                exception("a/t/y", Some(3)),
                exception("b/t/x", None),
                exception("b/t/y", Some(3))
            ]
        );
    }
}

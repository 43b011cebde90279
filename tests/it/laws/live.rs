//! A generated project on a cluster of its own, through the real binary.

use std::collections::BTreeMap;

use alertform::api::line::Line;
use proptest::prelude::*;
use serde_json::{Value, json};

use super::projects::{INDICES, Project};
use crate::cli::{Cli, Screen};
use crate::cluster::Cluster;

/// A sandbox, and a project that is applied there.
pub struct Live {
    /// The project's folder.
    pub cli: Cli,
    cluster: Cluster,
}

impl Live {
    /// Starts a cluster with the indices that monitors name.
    pub fn start(line: Line) -> Self {
        let cluster = Cluster::start(line);
        for index in INDICES {
            cluster.send("PUT", &format!("/{index}"), "");
        }
        let mut cli = Cli::new(&[("alertform.yaml", "project: laws\n")]);
        cli.set("ALERTFORM_URL", &cluster.url);
        Self { cli, cluster }
    }

    /// The line of the cluster's servers.
    pub const fn line(&self) -> Line {
        self.cluster.line()
    }

    /// Declares what the files say, and nothing else.
    pub fn declare(&self, folder: &str, files: &[(String, String)]) {
        let _ = std::fs::remove_dir_all(self.cli.path(folder));
        self.cli.write(&format!("{folder}/alertform.yaml"), "project: laws\n");
        for (path, text) in files {
            self.cli.write(&format!("{folder}/{path}"), text);
        }
    }

    /// Runs the binary, which must end with `code`.
    pub fn run(&self, arguments: &[&str], code: i32) -> Result<Screen, TestCaseError> {
        let screen = self.cli.run(arguments);
        prop_assert_eq!(screen.code, Some(code), "line {}: {:?}: {}", self.line(), arguments, screen);
        Ok(screen)
    }

    /// Plans the folder, and finds that there is nothing to do.
    pub fn must_be_as_declared(&self, folder: &str, project: &Project) -> Result<(), TestCaseError> {
        let screen = self.run(&["plan", "--detailed-exitcode", "--dir", folder], 0)?;
        let expected = format!("plan: nothing to do; {} unchanged\n", project.len());
        prop_assert!(screen.stdout.starts_with(&expected), "line {}: {}", self.line(), screen);
        Ok(())
    }

    /// Ids of all that lives, by the names that lead to it.
    pub fn ids(&self) -> BTreeMap<String, String> {
        let destinations = self.cluster.destinations().into_iter();
        // an account may have the name of a destination
        let mut ids: BTreeMap<String, String> =
            destinations.map(|(id, name)| (format!("destination {name:?} {id}"), id)).collect();
        for (kind, id, document) in self.scheduled() {
            let home = format!("{kind} {:?}", text(&document["name"]));
            for trigger in items(&document["triggers"]) {
                let trigger = match trigger.as_object().and_then(|fields| fields.values().next()) {
                    Some(inner) if inner.get("severity").is_some() => inner,
                    _ => trigger,
                };
                let home = format!("{home} trigger {:?}", text(&trigger["name"]));
                for action in items(&trigger["actions"]) {
                    ids.insert(format!("{home} action {:?}", text(&action["name"])), text(&action["id"]));
                }
                ids.insert(home, text(&trigger["id"]));
            }
            let queries = document.pointer("/inputs/0/doc_level_input/queries").unwrap_or(&Value::Null);
            for query in items(queries) {
                ids.insert(format!("{home} query {:?}", text(&query["name"])), text(&query["id"]));
            }
            ids.insert(home, id);
        }
        ids
    }

    /// Saves each monitor as another client would that knows nothing of our mark.
    pub fn save_without_marks(&self) {
        let alerting = self.line().alerting();
        for (_, id, mut document) in self.scheduled().into_iter().filter(|(kind, ..)| *kind == "monitor") {
            document.as_object_mut().unwrap().remove("ui_metadata");
            self.cluster.send("PUT", &format!("{alerting}/monitors/{id}"), &document.to_string());
        }
    }

    /// Kind, id and document of each monitor and workflow.
    fn scheduled(&self) -> Vec<(&'static str, String, Value)> {
        let kinds = if self.line().has_channels() { &["monitor", "workflow"][..] } else { &["monitor"] };
        let path = format!("{}/monitors/_search", self.line().alerting());
        let found = kinds.iter().flat_map(|kind| {
            let search = json!({"size": 1000, "query": {"exists": {"field": kind}}});
            let page = self.cluster.send("POST", &path, &search.to_string());
            let hits = page["hits"]["hits"].as_array().unwrap().clone().into_iter();
            hits.map(move |hit| (*kind, text(&hit["_id"]), hit["_source"].clone()))
        });
        found.filter(|(kind, _, document)| document["type"] == *kind).collect()
    }
}

fn items(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

fn text(value: &Value) -> String {
    value.as_str().unwrap().to_owned()
}

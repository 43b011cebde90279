//! `alertform.yaml` at the root of a project: its settings, variables, helper commands, secret folders and environments,
//! and no resource.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::ErrorKind;
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use reqwest::Url;

use super::commands::Commands;
use super::deferred::Deferred;
use super::environment::{self, Environment};
use super::fields::{Fields, scalar_text, texts};
use super::files::SETTINGS;
use super::finding::Finding;
use super::overlay::Overlay;
use super::place::Place;
use super::report::Report;
use super::settings::{self, Scope, Settings};
use super::substitution::is_name;
use super::variables::{self, Values, Variables};
use super::yaml::{self, Content, Entry, Node};

/// What `alertform.yaml` says.
#[derive(Clone, Debug, Default)]
pub struct ProjectFile {
    /// What holds for all environments that say nothing else.
    pub settings: Settings,
    /// The settings among them for which a command must be run.
    pub deferred: Deferred,
    /// What `${NAME}` stands for in all environments that say nothing else; each a scalar.
    pub variables: BTreeMap<String, Node>,
    /// What `${cmd:…}` may run.
    pub commands: Arc<Commands>,
    /// Where else `${NAME}` is looked for.
    pub secret_folders: Arc<[PathBuf]>,
    /// The environments, by name.
    pub environments: BTreeMap<String, Arc<Environment>>,
}

const SECTIONS: [&str; 4] = ["variables", "commands", "secret_folders", "environments"];

/// What is wrong with the file.
#[derive(Debug)]
pub struct Broken {
    /// All of it.
    pub findings: Vec<Finding>,
    /// Whether it has variables or environments, without which nothing can be said of other files.
    pub others_depend: bool,
}

impl From<Finding> for Broken {
    fn from(finding: Finding) -> Self {
        Self { findings: vec![finding], others_depend: false }
    }
}

/// Loads the file of the project in `dir`, which may be none; `process` is what the process was started with.
pub fn load(dir: &Path, process: &Arc<BTreeMap<String, String>>) -> Result<ProjectFile, Broken> {
    let file: Arc<str> = Arc::from(SETTINGS);
    let start = Place { file: Arc::clone(&file), line: 1, column: 1 };
    let text = match fs::read_to_string(dir.join(SETTINGS)) {
        Ok(text) => text,
        Err(error) if error.kind() == ErrorKind::NotFound => {
            return if dir.join("alertform.yml").exists() {
                let message = "`alertform.yml` is not read";
                Err(Finding::about_all(message).hint("name it `alertform.yaml`").into())
            } else {
                Ok(ProjectFile::default())
            };
        }
        Err(error) => {
            let message = format!("cannot read the file: {error}");
            return Err(Finding::at(&start, message).into());
        }
    };
    let report = Report::default();
    let parsed = yaml::parse(&text, &file);
    parsed.findings.into_iter().for_each(|finding| report.error(finding));
    let mut documents = parsed.documents;
    let others_depend =
        documents.iter().flat_map(Node::entries).any(|entry| SECTIONS.contains(&entry.key.as_str()));
    let read = match documents.as_mut_slice() {
        [] => ProjectFile::default(),
        [node] if node.content == Content::Null => ProjectFile::default(),
        [node] => read(node, dir, process, &report),
        [_, second, ..] => {
            report.error(Finding::at(&second.place, "a second document in the settings").hint("keep one"));
            ProjectFile::default()
        }
    };
    let findings = report.into_findings().errors;
    if findings.is_empty() { Ok(read) } else { Err(Broken { findings, others_depend }) }
}

fn read(
    node: &mut Node,
    dir: &Path,
    process: &Arc<BTreeMap<String, String>>,
    report: &Report,
) -> ProjectFile {
    let sections = node.take(&SECTIONS);
    let section = |key: &str| sections.iter().find(|entry| entry.key == key);
    settings::refuse_secrets(node, Scope::All, report);
    let commands = section("commands").map(|entry| Commands::read(entry, report)).unwrap_or_default();
    let commands = Arc::new(commands);
    let secret_folders: Arc<[PathBuf]> = section("secret_folders")
        .map(|entry| secret_folders(entry, Values { variables: &Arc::clone(process).into(), dir }, report))
        .unwrap_or_default();
    let variables_here = Variables {
        commands: Arc::clone(&commands),
        secret_folders: Arc::clone(&secret_folders),
        ..Variables::from(Arc::clone(process))
    };
    let values = Values { variables: &variables_here, dir };
    let deferred = Deferred::take(node, "the settings", &values.variables.commands, report);
    for finding in settings::fill(node, values, report) {
        let place = finding.place.clone().unwrap_or_else(|| node.place.clone());
        report.unknown(&place, finding);
    }
    let read = ProjectFile {
        settings: settings::read(node, "the settings", &SECTIONS, dir, report).unwrap_or_default(),
        variables: section("variables").map(|entry| variables(entry, report)).unwrap_or_default(),
        deferred,
        commands,
        secret_folders,
        environments: section("environments")
            .map(|entry| environment::read_all(&entry.value, values, report))
            .unwrap_or_default(),
    };
    must_differ(&read, report);
    read
}

/// The folders in which secrets lie as files, those below the project by their paths from here.
fn secret_folders(entry: &Entry, values: Values<'_>, report: &Report) -> Arc<[PathBuf]> {
    let mut node = entry.value.clone();
    variables::fill(&mut node, values, report);
    let folders = texts(&node, &entry.key, report).unwrap_or_default();
    folders.into_iter().map(|folder| values.dir.join(folder)).collect()
}

impl ProjectFile {
    /// The variables of all environments that must be in some file, since no environment mentions them itself.
    pub fn variables_of_files(&self) -> BTreeMap<String, Node> {
        let mut found = BTreeSet::new();
        let mut see = |node: &Node| variables::mentioned(node, &self.variables, &mut found);
        for environment in self.environments.values() {
            environment.variables.values().for_each(&mut see);
            environment.labels.iter().for_each(|entry| see(&entry.value));
            for Overlay { name, place, values, kind: _ } in &environment.overlays {
                see(values);
                see(&Node::new(place.clone(), Content::Text(name.clone())));
            }
        }
        let others = self.variables.iter().filter(|(name, _)| !found.contains(*name));
        others.map(|(name, node)| (name.clone(), node.clone())).collect()
    }

    /// The settings with those for which a command must be run.
    pub fn settings_to_connect(&self, values: Values<'_>) -> Result<Settings, Vec<Finding>> {
        self.deferred.fill(&self.settings, values)
    }
}

/// Each of two environments in one place would take what the other made for what is no longer declared.
fn must_differ(file: &ProjectFile, report: &Report) {
    let mut seen: BTreeMap<(String, Option<String>), &str> = BTreeMap::new();
    for environment in file.environments.values() {
        let Ok(settings) = &environment.settings else { continue };
        let said = if settings.url.is_some() { settings } else { &file.settings };
        let urls = said.url.iter().chain(&said.other_urls).filter(|url| !has_a_file_for_each(url));
        let project = settings.project.as_ref().or(file.settings.project.as_ref());
        for url in urls {
            let place = (cluster_at(url), project.cloned());
            let other = seen.insert(place, &environment.name);
            if let Some(other) = other.filter(|other| **other != environment.name) {
                let message = format!("`{}` has the cluster and the project of `{other}`", environment.name);
                let hint = "what one of the two makes the other would delete: give one another `project`, and its resources other names";
                report.error(Finding::at(&environment.place, message).hint(hint));
            }
        }
    }
}

/// A URL however it is spelled; of a sandbox its file.
pub fn cluster_at(url: &str) -> String {
    match url.strip_prefix("sandbox:") {
        Some(rest) => {
            let file = rest.split('?').next().unwrap_or_default();
            let plain = Path::new(file).components().filter(|part| *part != Component::CurDir);
            format!("sandbox:{}", plain.collect::<PathBuf>().display())
        }
        None => Url::parse(url)
            .map_or_else(|_| url.to_owned(), |url| url.as_str().trim_end_matches('/').to_owned()),
    }
}

/// Whether a URL is of the sandbox, which keeps environments apart where no file is named.
fn has_a_file_for_each(url: &str) -> bool {
    url.strip_prefix("sandbox:").is_some_and(|file| file.is_empty() || file.starts_with('?'))
}

/// The variables at an entry, by name.
pub fn variables(entry: &Entry, report: &Report) -> BTreeMap<String, Node> {
    let keys: Vec<&str> = entry.value.entries().iter().map(|entry| entry.key.as_str()).collect();
    if Fields::of(&entry.value, "`variables`", &keys, report).is_none() {
        return BTreeMap::new();
    }
    let mut variables = BTreeMap::new();
    for Entry { key, place, value } in entry.value.entries() {
        if !is_name(key) {
            let message = format!("`{key}` is no name of a variable");
            let hint = "it has letters, digits and `_`, and does not begin with a digit";
            report.error(Finding::at(place, message).hint(hint));
        } else if scalar_text(value).is_none() {
            let message = format!("expected a text or a number for `{key}`, found {}", value.describe());
            report.error(Finding::at(&value.place, message).hint("nothing is written `\"\"`"));
        } else {
            variables.insert(key.clone(), value.clone());
        }
    }
    variables
}

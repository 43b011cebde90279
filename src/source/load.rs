//! A folder to [`Declared`]: all of it or none of it, with every error of every file.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::chained_findings;
use super::declared::Declared;
use super::defaults::{self, Defaults};
use super::document::{self, Frame, Harvest};
use super::files::{self, File};
use super::finding::Finding;
use super::overlay;
use super::report::{Findings, Report};
use super::settle::settle;
use super::surroundings::Surroundings;
use super::variables;
use super::words::{listed, nearest};
use super::yaml::{self, Node};
use crate::model::resource::Kind;
use crate::parallel;

/// Loads the project below `dir`, for an environment if it has any.
///
/// Below a folder of ours (`files.rs` names them) every document must declare a resource, unless a monitor names the
/// file as its `extraction_query_file`; JSON there is read as YAML when it has a `kind`. Elsewhere a document does so
/// when it has a `kind` and no `apiVersion`; all other YAML of the repository is left alone.
pub fn load(dir: &Path, surroundings: &Surroundings) -> Result<Declared, Vec<Finding>> {
    if let Some(parsed) = &surroundings.parsed {
        return load_parsed(parsed, dir, surroundings);
    }
    let report = Report::default();
    let (defaults, files) = defaults(files::find(dir, &report), &report);
    let frame = Frame { dir, surroundings, defaults: &defaults };
    let mut harvest = Harvest::default();
    let mut strays = Vec::new();
    for batch in parallel::stretches(&files, |files| read_batch(files, frame)) {
        harvest.absorb(batch.harvest);
        strays.extend(batch.strays);
        report.absorb(batch.report);
    }
    refuse_strays(&strays, &harvest, &report);
    mention(&defaults, surroundings, &mut harvest);
    finish(harvest, dir, surroundings, report)
}

/// The documents of a project, for several environments that would parse the same files: they stay in memory as a whole,
/// which those of one environment need not.
#[derive(Debug)]
pub struct Parsed {
    documents: Vec<(Kind, Node)>,
    strays: Vec<(PathBuf, Finding)>,
    defaults: Defaults,
    errors: Vec<Finding>,
    unread: Vec<Finding>,
    is_partial: bool,
}

/// Parses all files of the project below `dir`.
pub fn parse(dir: &Path) -> Parsed {
    let report = Report::default();
    let (defaults, files) = defaults(files::find(dir, &report), &report);
    let mut documents = Vec::new();
    let mut strays = Vec::new();
    let parse_some = |files: &[File]| {
        let report = Report::default();
        let mut found = Vec::new();
        let mut strays = Vec::new();
        each_document(files, &report, &mut strays, |kind, node| found.push((kind, node)));
        (found, strays, report)
    };
    for (found, others, other) in parallel::stretches(&files, parse_some) {
        documents.extend(found);
        strays.extend(others);
        report.absorb(other);
    }
    let is_partial = report.is_partial();
    let Findings { errors, warnings: _, unread } = report.into_findings();
    Parsed { documents, strays, defaults, errors, unread, is_partial }
}

fn load_parsed(parsed: &Parsed, dir: &Path, surroundings: &Surroundings) -> Result<Declared, Vec<Finding>> {
    let Parsed { documents, strays, defaults, errors, unread, is_partial } = parsed;
    let report = Report::default();
    report.errors(errors.clone());
    if *is_partial {
        report.set_partial();
    }
    for finding in unread {
        report.unread(finding.clone());
    }
    let frame = Frame { dir, surroundings, defaults };
    let read_some = |documents: &[(Kind, Node)]| {
        let report = Report::default();
        let mut harvest = Harvest::default();
        for (kind, node) in documents {
            document::read(*kind, node.clone(), frame, &mut harvest, &report);
        }
        (harvest, report)
    };
    let mut harvest = Harvest::default();
    for (some, other) in parallel::stretches(documents, read_some) {
        harvest.absorb(some);
        report.absorb(other);
    }
    refuse_strays(strays, &harvest, &report);
    mention(defaults, surroundings, &mut harvest);
    finish(harvest, dir, surroundings, report)
}

/// Reports what declares nothing where all must, unless a monitor has it for its search body.
fn refuse_strays(strays: &[(PathBuf, Finding)], harvest: &Harvest, report: &Report) {
    for (path, finding) in strays {
        let is_body = path.canonicalize().is_ok_and(|path| harvest.bodies.contains(&path));
        if !is_body {
            report.lost(finding.clone());
        }
    }
}

/// Loads what an export wrote, each a path and a text, without a disk between; `${NAME}` stands for what `surroundings` have.
pub fn load_exported<'a>(
    files: impl Iterator<Item = (&'a str, &'a str)>,
    surroundings: &Surroundings,
) -> Result<Declared, Vec<Finding>> {
    let report = Report::default();
    let dir = Path::new("");
    let frame = Frame { dir, surroundings, defaults: &Defaults::default() };
    let mut harvest = Harvest::default();
    let mut files = files.peekable();
    if files.peek().is_none() {
        // a cluster may be empty
        return Ok(Declared::default());
    }
    for (path, text) in files {
        let parsed = yaml::parse(text, &Arc::from(path));
        report.errors(parsed.findings);
        for node in parsed.documents {
            let word = node.get("kind").and_then(Node::as_text).unwrap_or_default();
            if let Ok(kind) = word.parse() {
                document::read(kind, node, frame, &mut harvest, &report);
            }
        }
    }
    finish(harvest, dir, surroundings, report)
}

/// Takes down which variables the defaults mention, to whatever they come.
fn mention(defaults: &Defaults, surroundings: &Surroundings, harvest: &mut Harvest) {
    for node in defaults.nodes() {
        variables::mentioned(node, &surroundings.of_all, &mut harvest.mentioned);
    }
}

/// What can be said only when all documents are read.
fn finish(
    harvest: Harvest,
    dir: &Path,
    surroundings: &Surroundings,
    report: Report,
) -> Result<Declared, Vec<Finding>> {
    let Harvest { resources, elsewhere, used, mentioned, met, bodies: _ } = harvest;
    // what cannot be read may declare any resource, and mention any variable
    let is_whole = !report.is_partial();
    if let Some(environment) = surroundings.environment.as_ref().filter(|_| is_whole) {
        let names = |kind| {
            let of_kind = resources.iter().filter(|read| read.key.kind == kind);
            of_kind.map(|read| read.key.name.as_str().to_owned()).collect()
        };
        report.errors(overlay::unmet(&environment.overlays, &met, &environment.name, &elsewhere, names));
        let whose = format!("environment `{}`", environment.name);
        report.errors(unused(&environment.variables, &whose, &used));
    }
    if is_whole {
        let mentioned = used.union(&mentioned).cloned().collect();
        report.errors(unused(&surroundings.of_all, "the project", &mentioned));
    }
    let resources = settle(resources, &elsewhere, dir, &report);
    report.warnings(chained_findings::flaws(&resources));
    report.warnings(variables::in_clear(&surroundings.variables, &used));
    let Findings { errors, warnings, unread } = report.into_findings();
    if !errors.is_empty() {
        return Err(errors);
    }
    let filled = resources.iter().flat_map(|declaration| &declaration.secrets);
    let secrets = variables::secrets(&surroundings.variables.process, filled);
    let elsewhere = elsewhere.into_keys().collect();
    Ok(Declared { resources, elsewhere, warnings, unread, secrets })
}

/// What `alertform.yaml` says of variables that no file asks for: one that is misspelled would leave another in force.
fn unused(variables: &BTreeMap<String, Node>, whose: &str, used: &BTreeSet<String>) -> Vec<Finding> {
    let unused = variables.iter().filter(|(name, _)| !used.contains(*name));
    let finding = |(name, node): (&String, &Node)| {
        let message = format!("no file of {whose} has `${{{name}}}` in it");
        let near = nearest(name, used.iter().map(String::as_str));
        Finding::at(&node.place, message).hint(
            near.map_or_else(|| "remove it, or use it".to_owned(), |near| format!("did you mean `{near}`?")),
        )
    };
    unused.map(finding).collect()
}

/// What some of the files hold.
struct Batch {
    harvest: Harvest,
    /// Documents that declare nothing where all must; they may be search bodies that a monitor names.
    strays: Vec<(PathBuf, Finding)>,
    report: Report,
}

fn read_batch(files: &[File], frame: Frame<'_>) -> Batch {
    let report = Report::default();
    let mut harvest = Harvest::default();
    let mut strays = Vec::new();
    each_document(files, &report, &mut strays, |kind, node| {
        document::read(kind, node, frame, &mut harvest, &report);
    });
    Batch { harvest, strays, report }
}

/// Gives each document that declares something, and takes down those that should and do not.
fn each_document(
    files: &[File],
    report: &Report,
    strays: &mut Vec<(PathBuf, Finding)>,
    mut give: impl FnMut(Kind, Node),
) {
    for file in files {
        for node in documents(file, report) {
            match kind(&node, file) {
                Ok(Some(kind)) => give(kind, node),
                Ok(None) => {}
                Err(finding) => strays.push((file.path.clone(), finding)),
            }
        }
    }
}

/// What files say of others in their folders, and the files that are left.
fn defaults(files: Vec<File>, report: &Report) -> (Defaults, Vec<File>) {
    let mut defaults = Defaults::default();
    let mut others = Vec::with_capacity(files.len());
    for file in files {
        let is_named_so = file.name.rsplit('/').next() == Some(defaults::FILE);
        let parsed = if is_named_so { documents(&file, report) } else { Vec::new() };
        let says_so = |node: &Node| {
            node.get("kind").and_then(Node::as_text) == Some(defaults::KIND)
                && node.get("apiVersion").is_none()
        };
        if parsed.iter().any(says_so) {
            for node in &parsed {
                if says_so(node) {
                    defaults.add(node, report);
                } else {
                    let message = "a resource among the defaults of a folder";
                    report.error(Finding::at(&node.place, message).hint("give it a file of its own"));
                }
            }
        } else {
            others.push(file);
        }
    }
    (defaults, others)
}

/// The documents of a file, empty ones left out; of a file that may be another tool's only if it seems to be ours.
fn documents(file: &File, report: &Report) -> Vec<Node> {
    let name: Arc<str> = Arc::from(file.name.as_str());
    let start = file.start();
    let text = match fs::read(&file.path).map(String::from_utf8) {
        Ok(Ok(text)) => text,
        Ok(Err(error)) => {
            if file.is_ours() || seems_ours(&String::from_utf8_lossy(error.as_bytes())) {
                report.lost(Finding::at(&start, "not text in UTF-8"));
            }
            return Vec::new();
        }
        Err(error) => {
            let finding = Finding::at(&start, format!("cannot read the file: {error}"));
            if file.is_ours() {
                report.lost(finding);
            } else {
                report.unread(finding.hint("it is taken for another tool's"));
            }
            return Vec::new();
        }
    };
    let is_ours = file.is_ours() || seems_ours(&text);
    if !is_ours && !text.contains("kind") {
        return Vec::new();
    }
    let parsed = yaml::parse(&text, &name);
    let declares = |node: &Node| matches!(kind(node, file), Ok(Some(_)));
    if is_ours || parsed.documents.iter().any(declares) {
        parsed.findings.into_iter().for_each(|finding| report.lost(finding));
    }
    parsed.documents
}

/// Whether a text declares one of our kinds, by a line of its own or in JSON, so that a broken file is not passed over.
pub fn seems_ours(text: &str) -> bool {
    text.split("\n---").any(|document| {
        if document.trim_start().starts_with('{') {
            let mut values =
                document.split("\"kind\"").skip(1).map(|rest| rest.trim_start_matches([' ', ':']));
            if !document.contains("\"apiVersion\"") && values.any(begins_with_kind) {
                return true;
            }
        }
        // a template's line may stand above, and tabs before
        let mut kinds = document.lines().filter_map(|line| line.trim_start().strip_prefix("kind:"));
        kinds.any(begins_with_kind) && !document.lines().any(|line| line.starts_with("apiVersion:"))
    })
}

fn begins_with_kind(text: &str) -> bool {
    let text = text.trim_start().trim_start_matches(['"', '\'']);
    let word = text.split(|c: char| !c.is_ascii_alphanumeric() && !"-_.".contains(c)).next();
    word.is_some_and(|word| word == defaults::KIND || word.parse::<Kind>().is_ok())
}

/// What a document declares; `None` for what is not ours.
fn kind(node: &Node, file: &File) -> Result<Option<Kind>, Finding> {
    if !file.is_ours() && node.get("apiVersion").is_some() {
        return Ok(None);
    }
    let entry = node.entries().iter().find(|entry| entry.key == "kind");
    let Some(entry) = entry else {
        let is_empty = node.content == yaml::Content::Null;
        if file.is_ours() && !is_empty {
            return Err(Finding::at(&node.place, "expected a resource, found a document without `kind`")
                .hint("add `kind: monitor` or `kind: destination`, or move the file out of this folder"));
        }
        return Ok(None);
    };
    let word = entry.value.as_text().unwrap_or_default();
    if let Ok(kind) = word.parse() {
        return Ok(Some(kind));
    }
    let words = Kind::ALL.map(Kind::as_str);
    let hint = match nearest(word, words.into_iter()) {
        None if word == defaults::KIND => format!("a file with defaults is named `{}`", defaults::FILE),
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("expected one of {}", listed(&words)),
    };
    let message = match entry.value.as_text() {
        Some(word) => format!("unknown kind `{word}`"),
        None => format!("expected a word for `kind`, found {}", entry.value.describe()),
    };
    Err(Finding::at(&entry.value.place, message).hint(hint))
}

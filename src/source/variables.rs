//! Substitution: `${NAME}`, `${NAME:-default}`, `${file:PATH}` and `${cmd:NAME …}` in values, never in keys; `$${` is a plain `${`.

use std::collections::{BTreeMap, BTreeSet};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::commands::Commands;
use super::fields::scalar_text;
use super::finding::Finding;
use super::place::Place;
use super::report::Report;
use super::yaml::{Content, Node};
use crate::model::secret::Secret;
use crate::model::secret_names::is_secret_variable;

/// What `${NAME}` may stand for.
#[derive(Clone, Debug, Default)]
pub struct Variables {
    /// Those of the process, as `config` read them.
    pub process: Arc<BTreeMap<String, String>>,
    /// Those of `alertform.yaml`, each a scalar, which go before them, and in which they may stand.
    pub written: BTreeMap<String, Node>,
    /// What `${cmd:…}` may run.
    pub commands: Arc<Commands>,
    /// Where `${NAME}` is looked for when no variable is called so: folders of files that each hold a secret, as Docker and
    /// Kubernetes mount them.
    pub secret_folders: Arc<[PathBuf]>,
}

impl From<Arc<BTreeMap<String, String>>> for Variables {
    fn from(process: Arc<BTreeMap<String, String>>) -> Self {
        Self { process, ..Self::default() }
    }
}

/// Where values come from.
#[derive(Clone, Copy)]
pub struct Values<'a> {
    /// What names stand for.
    pub variables: &'a Variables,
    /// The project's folder, below which the files are that name others.
    pub dir: &'a Path,
}

/// What was filled in.
#[derive(Debug, Default)]
pub struct Taken {
    /// What is secret, by its name or by where it comes from, each once.
    pub secrets: Vec<Secret>,
    /// Which variables of `alertform.yaml` were used.
    pub written: BTreeSet<String>,
    /// Where they were filled in, and where they stand.
    pub origins: BTreeMap<Place, Vec<Place>>,
}

/// Fills in all values below `node`, and gives what is known of that.
pub fn fill(node: &mut Node, values: Values<'_>, report: &Report) -> Taken {
    let mut taken = Taken::default();
    fill_below(node, values, report, &mut taken);
    taken
}

/// Variables of the shell whose names look like those of passwords.
const FOLDERS: [&str; 2] = ["PWD", "OLDPWD"];

/// All that is known to be secret: what was filled in, and what other variables hold whose names say so. A live resource
/// may have it, though no file says it any more.
pub fn secrets<'a>(
    process: &BTreeMap<String, String>,
    filled: impl Iterator<Item = &'a Secret>,
) -> Vec<Secret> {
    // a shorter one may be a word that is in every text
    let is_secret = |name: &str| is_secret_variable(name) && !FOLDERS.contains(&name);
    let other = process.iter().filter(|(name, value)| is_secret(name) && value.len() >= 8);
    let mut secrets: Vec<Secret> = other.map(|(_, value)| Secret::new(value.as_str())).collect();
    secrets.extend(filled.filter(|secret| !secret.expose().is_empty()).cloned());
    secrets.sort_by(|a, b| a.expose().cmp(b.expose()));
    secrets.dedup();
    secrets
}

/// The variables of `alertform.yaml` that are secret by their names, are used, and stand there for all to read.
pub fn in_clear(variables: &Variables, used: &BTreeSet<String>) -> Vec<Finding> {
    let is_clear =
        |node: &Node| scalar_text(node).is_some_and(|text| !text.is_empty() && !text.contains("${"));
    let clear = variables
        .written
        .iter()
        .filter(|(name, node)| used.contains(*name) && is_secret_variable(name) && is_clear(node));
    let finding = |(name, node): (&String, &Node)| {
        let message = format!("`{name}` is a secret by its name, and stands in the file");
        Finding::at(&node.place, message).hint(format!("let it come from outside: `{name}: ${{{name}}}`"))
    };
    clear.map(finding).collect()
}

/// Takes down which of the `known` variables are mentioned below `node`.
pub fn mentioned(node: &Node, known: &BTreeMap<String, Node>, found: &mut BTreeSet<String>) {
    if known.is_empty() {
        return;
    }
    if let Content::Text(text) = &node.content {
        let names = text.split("${").skip(1).filter_map(|rest| Some(reference(rest.split_once('}')?.0)));
        found.extend(names.filter(|name| known.contains_key(*name)).map(str::to_owned));
    }
    node.items().iter().for_each(|item| mentioned(item, known, found));
    node.entries().iter().for_each(|entry| mentioned(&entry.value, known, found));
}

fn fill_below(node: &mut Node, values: Values<'_>, report: &Report, taken: &mut Taken) {
    match &mut node.content {
        Content::Text(text) if text.contains("${") => {
            let source = Source { values, folder: &values.dir.join(node.place.folder()) };
            match filled(text, source, taken) {
                Ok(Filled { text, has_any, has_secret, origins }) => {
                    node.content = Content::Text(text);
                    node.is_filled = has_any;
                    node.is_secret |= has_secret;
                    node.text_start = None;
                    for (name, origin) in origins {
                        report.note_origin(&node.place, &name, &origin);
                        taken.origins.entry(node.place.clone()).or_default().push(origin);
                    }
                }
                Err(finding) => {
                    let place = finding.place.clone().unwrap_or_else(|| node.place.clone());
                    report.unknown(&node.place, Finding { place: Some(place), ..finding });
                }
            }
        }
        Content::Sequence(items) => {
            for item in items {
                fill_below(item, values, report, taken);
            }
        }
        Content::Mapping(entries) => {
            for entry in entries {
                fill_below(&mut entry.value, values, report, taken);
            }
        }
        Content::Text(_) | Content::Null | Content::Bool(_) | Content::Number(_) => {}
    }
}

/// Writes `text` so that reading it gives `text` again.
pub fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("${") {
        escaped.push_str(&rest[..at]);
        let is_mustache = rest[at + 2..].starts_with('{') && !escaped.ends_with('$');
        escaped.push_str(if is_mustache { "${" } else { "$${" });
        rest = &rest[at + 2..];
    }
    escaped.push_str(rest);
    escaped
}

/// What is alertform's own, and would stand in a message for all to read.
const OWN: [&str; 3] = ["ALERTFORM_PASSWORD", "ALERTFORM_TOKEN", "ALERTFORM_FINGERPRINT_KEY"];

/// Where the values of one text come from.
#[derive(Clone, Copy)]
struct Source<'a> {
    values: Values<'a>,
    /// Where relative files are looked for.
    folder: &'a Path,
}

struct Filled {
    text: String,
    /// Whether it has any substitution in it, and not only escapes.
    has_any: bool,
    /// Whether any of them is secret.
    has_secret: bool,
    /// The variables of `alertform.yaml` that are in it, and where they stand there.
    origins: Vec<(String, Place)>,
}

fn filled(text: &str, source: Source<'_>, taken: &mut Taken) -> Result<Filled, Finding> {
    let mut out = String::with_capacity(text.len());
    let (mut has_any, mut has_secret) = (false, false);
    let mut origins = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find('$') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        if let Some(after) = rest.strip_prefix("$${") {
            out.push_str("${");
            rest = after;
        } else if rest.starts_with("${{") || !rest.starts_with("${") {
            // a dollar sign before Mustache's braces, or all by itself
            out.push('$');
            rest = &rest[1..];
        } else {
            let Some(end) = rest.find('}') else {
                return Err(problem("`${` without a closing `}`", "write `$${` for a plain `${`"));
            };
            let inner = &rest[2..end];
            if source.values.variables.written.contains_key(reference(inner)) {
                // be there a value or not
                taken.written.insert(reference(inner).to_owned());
            }
            let Value { text, is_secret, origin, parts } = value(inner, source)?;
            out.push_str(&text);
            // a live text may hold a part of it alone
            let whole = is_secret.then(|| Secret::new(text));
            has_secret |= !parts.is_empty() || whole.is_some();
            for secret in parts.into_iter().chain(whole) {
                // a body of a search may be written as JSON
                for secret in [secret.read_as_json(), Some(secret)].into_iter().flatten() {
                    if !taken.secrets.contains(&secret) {
                        taken.secrets.push(secret);
                    }
                }
            }
            if let Some(place) = origin {
                origins.push((reference(inner).to_owned(), place));
            }
            has_any = true;
            rest = &rest[end + 1..];
        }
    }
    out.push_str(rest);
    Ok(Filled { text: out, has_any, has_secret, origins })
}

/// What is wrong with a substitution, wherever it stands.
fn problem(message: impl Into<String>, hint: impl Into<String>) -> Finding {
    Finding::about_all(message).hint(hint)
}

/// What a substitution names, without its default.
fn reference(inner: &str) -> &str {
    inner.split_once(":-").map_or(inner, |(name, _)| name)
}

/// What a substitution stands for.
struct Value {
    text: String,
    /// Whether it is secret, by its name or by where it comes from.
    is_secret: bool,
    /// Where in `alertform.yaml` it stands, if it does.
    origin: Option<Place>,
    /// The secrets that are parts of it.
    parts: Vec<Secret>,
}

fn value(inner: &str, source: Source<'_>) -> Result<Value, Finding> {
    let is_secret = is_secret_variable(reference(inner));
    let plain = |text: String| Value { text, is_secret, origin: None, parts: Vec::new() };
    if ["file:", "cmd:"].iter().any(|word| inner.starts_with(word)) && inner.contains("${") {
        return Err(problem(
            "a substitution within a substitution",
            "it ends at the first `}`; give a variable of `alertform.yaml` the inner one",
        ));
    }
    if let Some(path) = inner.strip_prefix("file:") {
        return match std::fs::read_to_string(source.folder.join(path)) {
            Ok(text) => Ok(plain(text.trim_end_matches(['\n', '\r']).to_owned())),
            Err(error) => Err(problem(
                format!("cannot read the file of `${{file:{path}}}`: {error}"),
                "a relative path starts at the file that names it",
            )),
        };
    }
    if let Some(command) = inner.strip_prefix("cmd:") {
        let Values { variables, dir } = source.values;
        let text = variables.commands.run(command, dir)?.expose().to_owned();
        return Ok(Value { text, is_secret: true, origin: None, parts: Vec::new() });
    }
    let (name, default) = match inner.split_once(":-") {
        Some((name, default)) => (name, Some(default)),
        None => (inner, None),
    };
    if default.is_some_and(|default| default.contains('{')) {
        return Err(problem(
            format!("the default of `{name}` has a brace in it"),
            "a default ends at the first `}`, and holds no substitution and no template; set the variable instead",
        ));
    }
    if !is_name(name) {
        // a password may hold `${`, and must not be shown
        let is_like_a_name = inner.chars().all(|c| c.is_ascii_alphanumeric() || "_-.".contains(c));
        let shown = if is_like_a_name { inner } else { "…" };
        return Err(problem(
            format!("`${{{shown}}}` is no substitution"),
            "expected `${NAME}`, `${NAME:-default}`, `${file:PATH}` or `${cmd:NAME …}`; write `$${` for a plain `${`",
        ));
    }
    if OWN.contains(&name) {
        return Err(problem(
            format!("`{name}` is for alertform itself, and is filled in nowhere"),
            "plans show what stands in monitors; keep what is secret in variables of its own",
        ));
    }
    let Values { variables, dir } = source.values;
    let given = match variables.written.get(name) {
        Some(node) => Some(written(node, is_secret, variables, dir)?),
        None => match variables.process.get(name).cloned().map(plain) {
            Some(value) => Some(value),
            None => in_folders(&variables.secret_folders, name)?,
        },
    };
    // as in a shell, `:-` also stands in for a variable that is set to nothing
    match (given, default) {
        (Some(value), None) => Ok(value),
        (Some(value), Some(_)) if !value.text.is_empty() => Ok(value),
        (given, Some(default)) => {
            let origin = given.and_then(|value| value.origin);
            Ok(Value { origin, ..plain(default.to_owned()) })
        }
        (None, None) => Err(problem(
            format!("the variable `{name}`{NOT_SET}"),
            format!(
                "set it for this run or in `alertform.yaml`, or give a default: `${{{name}:-…}}`; write `$${{` for a plain `${{`{}",
                nor_in(&variables.secret_folders)
            ),
        )),
    }
}

/// How errors end that name a variable of which nobody says anything.
pub const NOT_SET: &str = " is not set";

/// That secret folders do not have it either, if there are any.
fn nor_in(folders: &[PathBuf]) -> String {
    let said = folders.iter().map(|folder| {
        let said = if folder.is_dir() { "has no file of this name" } else { "is not there" };
        format!("; `{}` {said}", folder.display())
    });
    said.collect()
}

/// What the first of the folders holds that has a file of this name.
fn in_folders(folders: &[PathBuf], name: &str) -> Result<Option<Value>, Finding> {
    for folder in folders {
        let path = folder.join(name);
        match std::fs::read_to_string(&path) {
            Ok(text) => {
                let text = text.trim_end_matches(['\n', '\r']).to_owned();
                return Ok(Some(Value { text, is_secret: true, origin: None, parts: Vec::new() }));
            }
            Err(error) if [ErrorKind::NotFound, ErrorKind::NotADirectory].contains(&error.kind()) => {}
            Err(error) => {
                let message = format!("cannot read the secret `{}`: {error}", path.display());
                return Err(problem(message, "who runs alertform must be allowed to read it"));
            }
        }
    }
    Ok(None)
}

/// What a variable of `alertform.yaml` stands for; those of the process may stand in it.
fn written(node: &Node, is_secret: bool, all: &Variables, dir: &Path) -> Result<Value, Finding> {
    let variables = Variables { written: BTreeMap::new(), ..all.clone() };
    let source = Source { values: Values { variables: &variables, dir }, folder: dir };
    let text = scalar_text(node).unwrap_or_default();
    let mut taken = Taken::default();
    let filled = filled(&text, source, &mut taken).map_err(|finding| {
        let finding = Finding { place: Some(node.place.clone()), ..finding };
        if finding.message.ends_with(NOT_SET) {
            finding.hint("variables of `alertform.yaml` take those of the process, and no others of their own: set it for this run, or give a default")
        } else {
            finding
        }
    })?;
    let is_secret = is_secret || !taken.secrets.is_empty();
    Ok(Value { text: filled.text, is_secret, origin: Some(node.place.clone()), parts: taken.secrets })
}

/// Whether a variable can be called so.
pub fn is_name(name: &str) -> bool {
    let starts_well = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
    starts_well && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fill_text(text: &str) -> Result<(String, bool), String> {
        let process =
            BTreeMap::from([("A".to_owned(), "x${B}".to_owned()), ("EMPTY".to_owned(), String::new())]);
        let values = Values { variables: &Arc::new(process).into(), dir: Path::new(".") };
        let source = Source { values, folder: Path::new(".") };
        filled(text, source, &mut Taken::default())
            .map(|filled| (filled.text, filled.has_any))
            .map_err(|finding| finding.message)
    }

    #[test]
    fn what_is_filled_in_is_not_looked_at_again() {
        assert_eq!(fill_text("-${A}-"), Ok(("-x${B}-".into(), true)));
        assert_eq!(fill_text("${EMPTY}|${EMPTY:-d}|${C:-}"), Ok(("|d|".into(), true)));
        assert_eq!(fill_text("${C}"), Err("the variable `C` is not set".into()));
        assert_eq!(fill_text("${a.b}"), Err("`${a.b}` is no substitution".into()));
        for own in ["${ALERTFORM_PASSWORD}", "${ALERTFORM_TOKEN}"] {
            assert!(fill_text(own).is_err_and(|error| error.contains("filled in nowhere")));
        }
        for text in ["${A:-${B}}", "${A:-{x}}", "${A:-{{ctx.x}}}"] {
            assert_eq!(fill_text(text), Err("the default of `A` has a brace in it".into()), "{text}");
        }
        assert_eq!(fill_text("${A"), Err("`${` without a closing `}`".into()));
    }

    #[test]
    fn mustache_and_lone_dollars_are_left_alone() {
        for text in ["{{ctx.x}}", "costs ${{ctx.x}}", "$", "$1", "a$", "$$"] {
            assert_eq!(fill_text(text), Ok((text.into(), false)));
        }
    }

    #[test]
    fn escaped_text_reads_as_itself() {
        for text in ["${A}", "$${A}", "$$${", "${{a}}", "$${{a}}", "$$${{", "${${", "}$", "{{a}}"] {
            assert_eq!(fill_text(&escape(text)), Ok((text.into(), false)), "{text}");
        }
    }
}

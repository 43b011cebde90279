//! Substitution in one text: `${NAME}`, `${NAME:-default}`, `${file:PATH}` and `${cmd:NAME …}`; `$${` is a plain `${`.

use std::collections::BTreeMap;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::{iter, mem};

use super::fields::scalar_text;
use super::finding::Finding;
use super::place::Place;
use super::variables::{Taken, Values, Variables};
use super::words::nearest;
use super::yaml::Node;
use crate::model::secret::{Secret, without_line_break};
use crate::model::secret_names::is_secret_variable;

/// A piece of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Piece<'t> {
    /// What stands there as it is.
    Plain(&'t str),
    /// `$${`, which is a plain `${`.
    Escaped,
    /// What stands between `${` and `}`.
    Reference(&'t str),
    /// `${` and all after it, which nothing closes.
    Open(&'t str),
}

/// The pieces of a text, in order; Mustache's braces after a dollar sign are plain.
pub fn pieces(text: &str) -> impl Iterator<Item = Piece<'_>> {
    let mut rest = text;
    iter::from_fn(move || {
        let first = rest.chars().next()?;
        if let Some(after) = rest.strip_prefix("$${") {
            rest = after;
            return Some(Piece::Escaped);
        }
        if rest.starts_with("${") && !rest.starts_with("${{") {
            let Some(end) = rest.find('}') else { return Some(Piece::Open(mem::take(&mut rest))) };
            let inner = &rest[2..end];
            rest = &rest[end + 1..];
            return Some(Piece::Reference(inner));
        }
        let start = first.len_utf8();
        let (plain, after) = rest.split_at(rest[start..].find('$').map_or(rest.len(), |at| start + at));
        rest = after;
        Some(Piece::Plain(plain))
    })
}

/// What is between `${` and `}` in a text, one after the other.
pub fn references(text: &str) -> impl Iterator<Item = &str> {
    pieces(text).filter_map(|piece| match piece {
        Piece::Reference(inner) => Some(inner),
        Piece::Plain(_) | Piece::Escaped | Piece::Open(_) => None,
    })
}

/// What is between `${` and `}` in a text that is nothing else.
pub fn sole_reference(text: &str) -> Option<&str> {
    let mut pieces = pieces(text);
    match (pieces.next(), pieces.next()) {
        (Some(Piece::Reference(inner)), None) => Some(inner),
        _ => None,
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
pub struct Source<'a> {
    /// What names stand for.
    pub values: Values<'a>,
    /// Where relative files are looked for.
    pub folder: &'a Path,
}

/// A text that was filled in.
#[derive(Default)]
pub struct Filled {
    /// What it is now.
    pub text: String,
    /// Whether it has any substitution in it, and not only escapes.
    pub has_any: bool,
    /// Whether any of them is secret.
    pub has_secret: bool,
    /// The variables of `alertform.yaml` that are in it, and where they stand there.
    pub origins: Vec<(String, Place)>,
}

/// Fills in one text, and takes down what is known of that.
pub fn fill(text: &str, source: Source<'_>, taken: &mut Taken) -> Result<Filled, Finding> {
    let mut filled = Filled { text: String::with_capacity(text.len()), ..Filled::default() };
    for piece in pieces(text) {
        let inner = match piece {
            Piece::Plain(plain) => {
                filled.text.push_str(plain);
                continue;
            }
            Piece::Escaped => {
                filled.text.push_str("${");
                continue;
            }
            Piece::Open(_) => {
                return Err(problem("`${` without a closing `}`", "write `$${` for a plain `${`"));
            }
            Piece::Reference(inner) => inner,
        };
        if source.values.variables.written.contains_key(name_in(inner)) {
            // be there a value or not
            taken.written.insert(name_in(inner).to_owned());
        }
        let Value { text, is_secret, origin, parts } = value(inner, source)?;
        filled.text.push_str(&text);
        // a live text may hold a part of it alone
        let whole = is_secret.then(|| Secret::new(text));
        filled.has_secret |= !parts.is_empty() || whole.is_some();
        for secret in parts.into_iter().chain(whole) {
            // a body of a search may be written as JSON
            for secret in [secret.read_as_json(), Some(secret)].into_iter().flatten() {
                if !taken.secrets.contains(&secret) {
                    taken.secrets.push(secret);
                }
            }
        }
        if let Some(place) = origin {
            filled.origins.push((name_in(inner).to_owned(), place));
        }
        filled.has_any = true;
    }
    Ok(filled)
}

/// What is wrong with a substitution, wherever it stands.
fn problem(message: impl Into<String>, hint: impl Into<String>) -> Finding {
    Finding::about_all(message).hint(hint)
}

/// The variable that a substitution names, without its default.
pub fn name_in(inner: &str) -> &str {
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
    let is_secret = is_secret_variable(name_in(inner));
    let plain = |text: String| Value { text, is_secret, origin: None, parts: Vec::new() };
    if ["file:", "cmd:"].iter().any(|word| inner.starts_with(word)) && inner.contains("${") {
        return Err(problem(
            "a substitution within a substitution",
            "it ends at the first `}`; give a variable of `alertform.yaml` the inner one",
        ));
    }
    if let Some(path) = inner.strip_prefix("file:") {
        return match std::fs::read_to_string(source.folder.join(path)) {
            Ok(text) => Ok(plain(without_line_break(&text).to_owned())),
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
    if name == "each" || name.starts_with("each.") {
        return Err(problem(
            format!("`${{{inner}}}` stands for nothing here"),
            "`for_each: [{service: checkout}]` makes a family of a document, in which, and not in its items, `${each.service}` stands; write `$${` for a plain `${`",
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
        (None, None) => {
            let hint = match nearest(name, variables.written.keys().map(String::as_str)) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!(
                    "set it for this run or in `alertform.yaml`, or give a default: `${{{name}:-…}}`; write `$${{` for a plain `${{`{}",
                    nor_in(&variables.secret_folders)
                ),
            };
            Err(problem(format!("the variable `{name}`{NOT_SET}"), hint))
        }
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
                let text = without_line_break(&text).to_owned();
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
    let Variables { process, written: _, commands, secret_folders } = all;
    let variables = Variables {
        process: Arc::clone(process),
        written: BTreeMap::new(),
        commands: Arc::clone(commands),
        secret_folders: Arc::clone(secret_folders),
    };
    let source = Source { values: Values { variables: &variables, dir }, folder: dir };
    let text = scalar_text(node).unwrap_or_default();
    let mut taken = Taken::default();
    let filled = fill(&text, source, &mut taken).map_err(|finding| {
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

    #[test]
    fn references_are_what_is_filled_in() {
        let text = "a ${A}é$${B} ${{C}} $$${D} ${E:-x} $ ${F";
        assert_eq!(references(text).collect::<Vec<_>>(), ["A", "E:-x"]);
        assert_eq!(pieces(text).last(), Some(Piece::Open("${F")));
        assert_eq!(sole_reference("${A}"), Some("A"));
        for text in ["", " ${A}", "${A}b", "$${A}", "${A}${B}"] {
            assert_eq!(sole_reference(text), None, "{text}");
        }
    }

    fn fill_text(text: &str) -> Result<(String, bool), String> {
        let process =
            BTreeMap::from([("A".to_owned(), "x${B}".to_owned()), ("EMPTY".to_owned(), String::new())]);
        let values = Values { variables: &Arc::new(process).into(), dir: Path::new(".") };
        let source = Source { values, folder: Path::new(".") };
        fill(text, source, &mut Taken::default())
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

//! Substitution: `${NAME}`, `${NAME:-default}` and `${file:PATH}` in values, never in keys; `$${` is a plain `${`.

use std::collections::BTreeMap;
use std::path::Path;

use super::finding::Finding;
use super::report::Report;
use super::yaml::{Content, Node};
use crate::model::secret::Secret;
use crate::model::secret_names::is_secret_variable;

/// Where values come from.
#[derive(Clone, Copy)]
pub struct Values<'a> {
    /// The environment, as `config` read it.
    pub variables: &'a BTreeMap<String, String>,
    /// Where relative files are looked for.
    pub folder: &'a Path,
}

/// Fills in all values below `node`, and gives those whose names say that they are secret.
pub fn fill(node: &mut Node, values: Values<'_>, report: &Report) -> Vec<Secret> {
    let mut secrets = Vec::new();
    fill_below(node, values, report, &mut secrets);
    secrets
}

/// Variables of the shell whose names look like those of passwords.
const FOLDERS: [&str; 2] = ["PWD", "OLDPWD"];

/// All that is known to be secret: what was filled in, and what other variables hold whose names say so. A live resource
/// may have it, though no file says it any more.
pub fn secrets<'a>(
    variables: &BTreeMap<String, String>,
    filled: impl Iterator<Item = &'a Secret>,
) -> Vec<Secret> {
    // a shorter one may be a word that is in every text
    let is_secret = |name: &str| is_secret_variable(name) && !FOLDERS.contains(&name);
    let other = variables.iter().filter(|(name, value)| is_secret(name) && value.len() >= 8);
    let mut secrets: Vec<Secret> = other.map(|(_, value)| Secret::new(value.as_str())).collect();
    secrets.extend(filled.filter(|secret| !secret.expose().is_empty()).cloned());
    secrets.sort_by(|a, b| a.expose().cmp(b.expose()));
    secrets.dedup();
    secrets
}

fn fill_below(node: &mut Node, values: Values<'_>, report: &Report, secrets: &mut Vec<Secret>) {
    match &mut node.content {
        Content::Text(text) if text.contains("${") => match filled(text, values, secrets) {
            Ok(Filled { text, is_filled }) => {
                node.content = Content::Text(text);
                node.is_filled = is_filled;
                node.text_start = None;
            }
            Err((message, hint)) => report.unknown(&node.place, Finding::at(&node.place, message).hint(hint)),
        },
        Content::Sequence(items) => {
            for item in items {
                fill_below(item, values, report, secrets);
            }
        }
        Content::Mapping(entries) => {
            for entry in entries {
                fill_below(&mut entry.value, values, report, secrets);
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

/// What lets alertform into the cluster, which would stand in a message for all to read.
const OWN: [&str; 2] = ["ALERTFORM_PASSWORD", "ALERTFORM_TOKEN"];

struct Filled {
    text: String,
    is_filled: bool,
}

fn filled(text: &str, values: Values<'_>, secrets: &mut Vec<Secret>) -> Result<Filled, (String, String)> {
    let mut out = String::with_capacity(text.len());
    let mut is_filled = false;
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
                return Err((
                    "`${` without a closing `}`".to_owned(),
                    "write `$${` for a plain `${`".to_owned(),
                ));
            };
            let inner = &rest[2..end];
            let value = value(inner, values)?;
            out.push_str(&value);
            let secret = Secret::new(value);
            if is_secret_variable(reference(inner)) && !secrets.contains(&secret) {
                secrets.push(secret);
            }
            is_filled = true;
            rest = &rest[end + 1..];
        }
    }
    out.push_str(rest);
    Ok(Filled { text: out, is_filled })
}

/// What a substitution names, without its default.
fn reference(inner: &str) -> &str {
    inner.split_once(":-").map_or(inner, |(name, _)| name)
}

fn value(inner: &str, values: Values<'_>) -> Result<String, (String, String)> {
    let Values { variables, folder } = values;
    if let Some(path) = inner.strip_prefix("file:") {
        return match std::fs::read_to_string(folder.join(path)) {
            Ok(text) => Ok(text.trim_end_matches(['\n', '\r']).to_owned()),
            Err(error) => Err((
                format!("cannot read the file of `${{file:{path}}}`: {error}"),
                "a relative path starts at the file that names it".to_owned(),
            )),
        };
    }
    let (name, default) = match inner.split_once(":-") {
        Some((name, default)) => (name, Some(default)),
        None => (inner, None),
    };
    if default.is_some_and(|default| default.contains('{')) {
        return Err((
            format!("the default of `{name}` has a brace in it"),
            "a default ends at the first `}`, and holds no substitution and no template; set the variable instead"
                .to_owned(),
        ));
    }
    if !is_name(name) {
        // a password may hold `${`, and must not be shown
        let is_like_a_name = inner.chars().all(|c| c.is_ascii_alphanumeric() || "_-.".contains(c));
        let shown = if is_like_a_name { inner } else { "…" };
        return Err((
            format!("`${{{shown}}}` is no substitution"),
            "expected `${NAME}`, `${NAME:-default}` or `${file:PATH}`; write `$${` for a plain `${`"
                .to_owned(),
        ));
    }
    if OWN.contains(&name) {
        return Err((
            format!("`{name}` is for alertform itself, and is filled in nowhere"),
            "plans show what stands in monitors; keep what is secret in variables of its own".to_owned(),
        ));
    }
    // as in a shell, `:-` also stands in for a variable that is set to nothing
    match (variables.get(name).map(String::as_str), default) {
        (Some(value), None) => Ok(value.to_owned()),
        (Some(value), Some(_)) if !value.is_empty() => Ok(value.to_owned()),
        (_, Some(default)) => Ok(default.to_owned()),
        (None, None) => Err((
            format!("the variable `{name}` is not set"),
            format!(
                "set it in the environment, or give a default: `${{{name}:-…}}`; write `$${{` for a plain `${{`"
            ),
        )),
    }
}

fn is_name(name: &str) -> bool {
    let starts_well = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
    starts_well && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fill_text(text: &str) -> Result<(String, bool), String> {
        let variables =
            BTreeMap::from([("A".to_owned(), "x${B}".to_owned()), ("EMPTY".to_owned(), String::new())]);
        let values = Values { variables: &variables, folder: Path::new(".") };
        filled(text, values, &mut Vec::new())
            .map(|filled| (filled.text, filled.is_filled))
            .map_err(|(message, _)| message)
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

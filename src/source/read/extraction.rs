//! `extraction_query` and `extraction_query_file`: the whole search body, sent as it stands.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use serde_json::Value;

use super::body;
use super::resource::{Notes, Scope};
use crate::source::fields::Fields;
use crate::source::finding::Finding;
use crate::source::json::{self, Parsed};
use crate::source::place::Place;
use crate::source::report::Report;
use crate::source::yaml::{self, Content, Node};

/// Reads `extraction_query`: a mapping, or a text with JSON in it.
pub fn inline(node: &Node, report: &Report) -> Option<Value> {
    match &node.content {
        Content::Mapping(_) => Some(mapping(node, report)),
        Content::Text(text) => {
            let place = |line: u32, column: u32| match node.text_start {
                Some((first, start)) => {
                    Place { line: first + line - 1, column: start + column - 1, ..node.place.clone() }
                }
                None => node.place.clone(),
            };
            match json::parse(text, &place) {
                Ok(parsed) if parsed.value.is_object() => Some(object(parsed, report)),
                Ok(_) => expected(node, report),
                Err(findings) => {
                    let hint = "`extraction_query` is a mapping, or a text with a JSON object in it";
                    let hinted = |finding: Finding| match finding.hint {
                        None => finding.hint(hint),
                        Some(_) => finding,
                    };
                    report.errors(findings.into_iter().map(hinted).collect());
                    None
                }
            }
        }
        _ => expected(node, report),
    }
}

/// Reads the file that `extraction_query_file` names: JSON or YAML, relative to the file in `dir` that names it.
pub fn file(fields: &Fields<'_>, notes: &mut Notes, scope: &Scope<'_>, dir: &Path) -> Option<Value> {
    let key = "extraction_query_file";
    let node = fields.get(key)?;
    let name = fields.need_text(key, "")?;
    let own_folder = node.place.folder();
    let path = dir.join(own_folder).join(name);
    let text = match fs::read_to_string(&path) {
        Ok(text) => text,
        Err(error) => {
            let shown =
                if node.is_filled { "the file that was filled in".to_owned() } else { format!("`{name}`") };
            let message = format!("cannot read {shown}: {error}");
            let hint = "the path starts at the file that names it";
            scope.report.error(Finding::at(&node.place, message).hint(hint));
            return None;
        }
    };
    scope.add_body(&path);
    let shown: Arc<str> = match own_folder {
        "" => name.into(),
        folder => format!("{folder}/{name}").into(),
    };
    // what was filled in may be a secret
    notes.body = (!node.is_filled).then(|| tidy(&shown));
    if path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("json")) {
        return json_file(&text, &shown, scope.report);
    }
    let parsed = yaml::parse(&text, &shown);
    let is_well = parsed.findings.is_empty();
    parsed.findings.into_iter().for_each(|finding| scope.report.error(finding));
    match parsed.documents.as_slice() {
        [document] if matches!(document.content, Content::Mapping(_)) => {
            is_well.then(|| mapping(document, scope.report))
        }
        [document] => expected(document, scope.report),
        documents => {
            if is_well {
                let message = format!("expected one document in `{name}`, found {}", documents.len());
                scope.report.error(Finding::at(&node.place, message));
            }
            None
        }
    }
}

/// A path without what leads nowhere: `monitors/../queries/./x` is `queries/x`.
fn tidy(path: &str) -> Arc<str> {
    let mut segments: Vec<&str> = Vec::new();
    for segment in path.split('/') {
        match segment {
            "." | "" => {}
            ".." if segments.last().is_some_and(|last| *last != "..") => {
                segments.pop();
            }
            segment => segments.push(segment),
        }
    }
    segments.join("/").into()
}

fn json_file(text: &str, file: &Arc<str>, report: &Report) -> Option<Value> {
    let place = |line, column| Place { file: Arc::clone(file), line, column };
    // a byte order mark is no part of the text
    match json::parse(text.strip_prefix('\u{feff}').unwrap_or(text), &place) {
        Ok(parsed) if parsed.value.is_object() => Some(object(parsed, report)),
        Ok(_) => {
            report.error(Finding::at(&place(1, 1), "expected a JSON object: the whole search body"));
            None
        }
        Err(findings) => {
            report.errors(findings);
            None
        }
    }
}

fn mapping(node: &Node, report: &Report) -> Value {
    body::check(node.entries().iter().map(|entry| (entry.key.as_str(), entry.place.clone())), report);
    node.json()
}

fn object(parsed: Parsed, report: &Report) -> Value {
    let Parsed { value, keys } = parsed;
    body::check(keys.iter().map(|(key, place)| (key.as_str(), place.clone())), report);
    value
}

fn expected(node: &Node, report: &Report) -> Option<Value> {
    let message = format!("expected a mapping, the whole search body, found {}", node.describe());
    report.error(Finding::at(&node.place, message));
    None
}

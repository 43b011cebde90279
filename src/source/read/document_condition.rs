//! Conditions of triggers that look at documents: which queries they name.

use serde_json::Value;

use super::resource::Notes;
use crate::model::expression;
use crate::model::monitor::{Input, Monitor};
use crate::model::part::Part;
use crate::model::secret::{COVER, without};
use crate::source::finding::Finding;
use crate::source::words::nearest;

/// What servers store of conditions and make nothing of: they look at none before a monitor runs.
pub fn flaws(monitor: &Monitor, notes: &Notes) -> Vec<Finding> {
    let Some(Input::Other(input)) = monitor.inputs.first() else { return Vec::new() };
    let input = input.value();
    let Some(Value::Array(queries)) = input.pointer("/doc_level_input/queries") else { return Vec::new() };
    let mut flaws = Vec::new();
    for (index, trigger) in monitor.triggers.iter().enumerate() {
        let body = trigger.body.value();
        let Some(source) = body.pointer("/condition/script/source").and_then(Value::as_str) else { continue };
        if CONSTANTS.contains(&source) {
            continue;
        }
        let place = notes.places.of(Part::condition(index));
        let pieces = pieces(source);
        let parts = pieces.iter().map(|piece| match piece {
            Piece::Query { .. } => expression::Part::Reference,
            Piece::Between(text) => expression::Part::Between(text),
        });
        if let Some(problem) = expression::problem(parts) {
            let hint = "such as `query[name=errors] && !query[tag=test]`, with `||` and parentheses";
            flaws.push(
                Finding::at(&place, format!("no server understands this condition: {problem}")).hint(hint),
            );
        }
        let named = pieces.iter().filter_map(|piece| match piece {
            Piece::Query { key, value } => unknown(key, value, queries),
            Piece::Between(_) => None,
        });
        let covered = |text: String| without(&notes.beside.secrets, &text, COVER);
        flaws.extend(named.map(|(message, hint)| Finding::at(&place, covered(message)).hint(covered(hint))));
    }
    flaws
}

/// What stands for every finding, and for none.
const CONSTANTS: [&str; 2] = ["return true", "return false"];

/// What takes a name or a tag apart in a condition.
const SPLITTING: [&str; 7] = [" ", "=", "&&", "||", "!", "(", ")"];

/// A piece of a condition.
enum Piece<'a> {
    /// Queries, by their `name`, `id` or `tag`.
    Query { key: &'a str, value: &'a str },
    /// What stands between them.
    Between(&'a str),
}

fn pieces(source: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut rest = source;
    while let Some((between, begun)) = rest.split_once("query[") {
        let Some((named, after)) = begun.split_once(']') else { break };
        let (key, value) = named.split_once('=').unwrap_or((named, ""));
        pieces.push(Piece::Between(between));
        pieces.push(Piece::Query { key: key.trim(), value });
        rest = after;
    }
    pieces.push(Piece::Between(rest));
    pieces
}

/// Why a server finds no query by this, and what to do.
fn unknown(key: &str, value: &str, queries: &[Value]) -> Option<(String, String)> {
    let known: Vec<&str> = match key {
        "name" | "id" => queries.iter().filter_map(|query| query[key].as_str()).collect(),
        "tag" => {
            let tags = queries.iter().filter_map(|query| query["tags"].as_array());
            tags.flatten().filter_map(Value::as_str).collect()
        }
        _ => {
            let message = "queries are known by `name`, `id` and `tag` alone".to_owned();
            return Some((message, "such as `query[name=errors]`".to_owned()));
        }
    };
    if let Some(splitting) = SPLITTING.iter().find(|splitting| value.trim_matches(' ').contains(*splitting)) {
        let what = if *splitting == " " { "a blank".to_owned() } else { format!("`{splitting}`") };
        let message = format!("no server finds `{value}`, which has {what} in it");
        return Some((message, "give the query a name or a tag without".to_owned()));
    }
    // ids that are not said are the server's to give
    if known.contains(&value.trim_matches(' ')) || (key == "id" && known.len() < queries.len()) {
        return None;
    }
    let message = format!("no query of the monitor has the {key} `{value}`");
    let hint = nearest(value, known.into_iter());
    let hint = hint.map(|near| format!("did you mean `{near}`?"));
    Some((message, hint.unwrap_or_else(|| "the trigger can see no document by it".to_owned())))
}

//! `document_queries`: what each new document is held against, the input of document-level monitors.

use serde_json::{Map, Value, json};

use super::names;
use super::resource::{Notes, previous_names};
use crate::model::json::Json;
use crate::model::monitor::Input;
use crate::model::part::Part;
use crate::source::fields::Fields;
use crate::source::finding::Finding;
use crate::source::report::Report;
use crate::source::yaml::Node;

const KNOWN: &[&str] = &["name", "previous_names", "query", "tags", "fields"];

/// Characters that servers take in no tag.
const BAD_IN_TAG: [char; 7] = [' ', '[', ']', '{', '}', '(', ')'];

/// A query that each new document is held against.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DocumentQuery {
    /// Conditions name it: `query[name=errors]`.
    pub name: String,
    /// Lucene syntax.
    pub query: String,
    /// Conditions name them: `query[tag=sev1]`.
    pub tags: Vec<String>,
    /// Which fields of the document findings keep.
    pub fields: Vec<String>,
}

/// The input that queries over indices stand for.
pub fn compile(indices: &[String], queries: &[DocumentQuery]) -> Input {
    let queries = queries.iter().map(|query| {
        let DocumentQuery { name, query, tags, fields } = query;
        let mut compiled = Map::from_iter([("name".into(), json!(name)), ("query".into(), json!(query))]);
        for (key, list) in [("tags", tags), ("fields", fields)] {
            if !list.is_empty() {
                compiled.insert(key.to_owned(), json!(list));
            }
        }
        Value::Object(compiled)
    });
    let queries: Vec<Value> = queries.collect();
    Input::Other(Json::sorted(json!({"doc_level_input": {"indices": indices, "queries": queries}})))
}

/// Reads `document_queries`.
pub fn read(fields: &Fields<'_>, notes: &mut Notes, report: &Report) -> Option<Vec<DocumentQuery>> {
    let items = fields.items("document_queries");
    if items.is_empty() {
        let hint = "add one: `document_queries: [{name: errors, query: \"level:ERROR\"}]`";
        fields.refuse("document_queries", "`document_queries` is an empty list", hint);
    }
    report.errors(names::flaws("query", names::of(items)));
    let read = |(index, node)| {
        let fields = Fields::of(node, "a query", KNOWN, report)?;
        previous_names(&fields, Some(Part::query(index)), notes);
        query(&fields, report)
    };
    let queries: Vec<_> = items.iter().enumerate().map(read).collect();
    queries.into_iter().collect()
}

/// What is wrong with a pattern of indices, and what to do.
pub const PATTERN: &str = "a pattern beside document queries, which servers refuse";
pub const NO_PATTERN: &str = "name indices, aliases or data streams";

/// Whether servers take a tag.
pub fn is_tag(tag: &str) -> bool {
    !tag.contains(BAD_IN_TAG)
}

/// Whether servers take the name of a query.
pub fn is_name(name: &str) -> bool {
    (1..=256).contains(&name.chars().count()) && !name.contains(['\n', '\r'])
}

/// Says that a tag is none.
pub fn bad_tag(node: &Node) -> Finding {
    let finding = Finding::at(&node.place, "a tag has a space or a bracket in it, which servers refuse");
    finding.hint("such as `sev1` or `team-a`")
}

/// Says why a name is none.
pub fn bad_name(name: &str, node: &Node) -> Finding {
    let what = match name.chars().count() {
        0 => "is empty",
        1..=256 => "has a line break",
        _ => "has more than 256 characters",
    };
    let message = format!("the name of a query {what}, which servers refuse");
    Finding::at(&node.place, message).hint("such as `errors`")
}

fn query(fields: &Fields<'_>, report: &Report) -> Option<DocumentQuery> {
    let name = fields.need_text("name", "add one: `name: errors`");
    let query = fields.need_text("query", "add one in Lucene syntax: `query: level:ERROR`");
    let tags = if fields.get("tags").is_some() { fields.texts("tags") } else { Some(Vec::new()) };
    let listed = if fields.get("fields").is_some() { fields.texts("fields") } else { Some(Vec::new()) };
    let nodes = fields.get("tags").map_or(&[][..], Node::items);
    for node in nodes.iter().filter(|node| node.as_text().is_some_and(|tag| !is_tag(tag))) {
        report.error(bad_tag(node));
    }
    if let (Some(name), Some(node)) = (name, fields.get("name"))
        && !is_name(name)
    {
        report.error(bad_name(name, node));
    }
    Some(DocumentQuery { name: name?.to_owned(), query: query?.to_owned(), tags: tags?, fields: listed? })
}

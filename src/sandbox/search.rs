//! Searches of the config index: the body as the DSL's tables make it, run over the documents, and the answer's frame.

mod fields;
mod order;
mod query;

use serde_json::{Map, Value, json};

use super::exchange::Request;
use super::index::Document;
use super::line_differences as lines;
use super::reader::Reader;
use super::refusal::Refusal;
use crate::api::line::Line;
use crate::api::wire::dsl;

/// The farthest that a page may reach.
const WINDOW: usize = 10_000;

/// A search body, every default of its query written out.
#[derive(Clone, Debug)]
pub struct Search {
    body: Value,
}

/// What a search found: one page, and the count of all.
#[derive(Clone, Debug)]
pub struct Found<'a> {
    /// The page.
    pub hits: Vec<Hit<'a>>,
    total: usize,
}

/// A document that was found.
#[derive(Clone, Debug)]
pub struct Hit<'a> {
    /// Its id.
    pub id: &'a str,
    /// The document.
    pub document: &'a Document,
    sort: Vec<Value>,
}

/// Why a search failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Failure {
    /// As on the servers: beyond the window, or sorted by a field that cannot be sorted by.
    AllShards,
    /// The sandbox knows no such query.
    Unknown(String),
}

/// Reads the search that a request brings, in its body or in the `source` parameter.
pub fn asked(line: Line, request: &Request) -> Result<Search, Refusal> {
    let source = request.param("source").map(str::as_bytes);
    let sent = if request.body.is_empty() { source.unwrap_or_default() } else { &request.body };
    if sent.is_empty() {
        return Err(Refusal::exception(
            400,
            "parse_exception",
            "request body or source parameter is required",
        ));
    }
    let body = Reader::new(line, sent)?.json()?;
    let body = dsl::rewrite(&body, line).map_err(|refusal| {
        // A search tells faults bare where a monitor's body has them wrapped.
        let kind = if refusal.kind == "alerting_exception" { "parsing_exception" } else { &refusal.kind };
        Refusal::exception(400, kind, refusal.reason)
    })?;
    Ok(Search { body })
}

impl Search {
    /// Says whether there is a query at all.
    pub fn has_query(&self) -> bool {
        self.body.get("query").is_some()
    }

    /// Runs over documents, in the order of the index.
    pub fn run<'a>(&self, documents: Vec<(&'a str, &'a Document)>) -> Result<Found<'a>, Failure> {
        let (from, size) = (self.number("from", 0), self.number("size", 10));
        if from + size > WINDOW {
            return Err(Failure::AllShards);
        }
        let order = order::read(&self.body["sort"])?;
        let mut hits = Vec::new();
        for (id, document) in documents {
            if self.body.get("query").map_or(Ok(true), |query| query::matches(query, id, &document.body))? {
                let sort = order.iter().map(|by| by.value(id, document)).collect();
                hits.push(Hit { id, document, sort });
            }
        }
        hits.sort_by(|a, b| order::compare(&order, &a.sort, &b.sort));
        let total = hits.len();
        if let Some(after) = self.body["search_after"].as_array() {
            hits.retain(|hit| order::compare(&order, &hit.sort, after).is_gt());
        }
        let hits = hits.into_iter().skip(from).take(size).collect();
        Ok(Found { hits, total })
    }

    /// Puts what was found into the frame of an answer; `shown` gives each hit what stands beside score and sort.
    pub fn answer(&self, line: Line, found: &Found, shown: impl Fn(&Hit) -> Map<String, Value>) -> Value {
        let sorted = !self.body["sort"].is_null();
        let score = if sorted { Value::Null } else { json!(1.0) };
        let hits: Vec<Value> = found
            .hits
            .iter()
            .map(|hit| {
                let mut entries = Map::new();
                entries.insert("_index".to_owned(), ".opendistro-alerting-config".into());
                if lines::has_mapping_types(line) {
                    entries.insert("_type".to_owned(), "_doc".into());
                }
                entries.insert("_id".to_owned(), hit.id.into());
                entries.extend(shown(hit));
                entries.insert("_score".to_owned(), score.clone());
                if sorted {
                    entries.insert("sort".to_owned(), hit.sort.clone().into());
                }
                Value::Object(entries)
            })
            .collect();
        let best = if hits.is_empty() { Value::Null } else { score };
        let mut outer = Map::new();
        if let Some(total) = self.total(found.total) {
            outer.insert("total".to_owned(), total);
        }
        outer.insert("max_score".to_owned(), best);
        outer.insert("hits".to_owned(), hits.into());
        json!({
            "took": 1,
            "timed_out": false,
            "_shards": {"total": 1, "successful": 1, "skipped": 0, "failed": 0},
            "hits": outer,
        })
    }

    /// The count, up to where the search wants it counted.
    fn total(&self, total: usize) -> Option<Value> {
        let limit = self.body["track_total_hits"]
            .as_i64()
            .map_or(Some(WINDOW), |limit| usize::try_from(limit).ok())?;
        let relation = if total > limit { "gte" } else { "eq" };
        Some(json!({"value": total.min(limit), "relation": relation}))
    }

    fn number(&self, key: &str, default: usize) -> usize {
        self.body[key].as_u64().and_then(|number| usize::try_from(number).ok()).unwrap_or(default)
    }
}

impl Failure {
    /// The refusal of a route that tells failures bare.
    pub fn bare(self) -> Refusal {
        match self {
            Failure::AllShards => {
                Refusal::exception(500, "search_phase_execution_exception", "all shards failed")
            }
            Failure::Unknown(what) => unknown(&what),
        }
    }

    /// The refusal of a route that wraps failures.
    pub fn wrapped(self, line: Line) -> Refusal {
        match self {
            Failure::AllShards => {
                Refusal::alerting(500, "all shards failed", lines::search_failure_class(line))
            }
            Failure::Unknown(what) => unknown(&what),
        }
    }
}

fn unknown(what: &str) -> Refusal {
    let reason =
        format!("the sandbox holds configuration and is no search engine: it cannot answer `{what}`");
    Refusal::exception(501, "sandbox_unsupported_exception", reason)
}

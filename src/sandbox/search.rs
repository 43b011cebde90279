//! Searches of the configuration itself: the body as the DSL's tables make it, run over the documents, and the answer's
//! frame around what they found.

pub mod body;
pub mod fields;
mod query;
mod sort;

use serde_json::{Map, Value, json};

use super::exchange::Request;
use super::index::Document;
use super::line_differences::monitors as lines;
use super::reader::{Reader, Token};
use super::refusal::Refusal;
use super::unsupported;
use crate::api::line::Line;

/// The farthest that a page may reach.
const WINDOW: usize = 10_000;

/// Parts of a body that the sandbox cannot do justice to.
const UNSUPPORTED: [&str; 8] =
    ["post_filter", "rescore", "collapse", "suggest", "script_fields", "slice", "pit", "highlight"];

/// A search body, every default of its query written out.
#[derive(Clone, Debug)]
pub struct Search {
    body: Value,
}

/// What a search found.
#[derive(Debug)]
pub struct Found<'a> {
    /// The page.
    pub hits: Vec<Hit<'a>>,
    /// How many documents match, all told.
    total: usize,
    /// The results of aggregations, if any were asked for.
    aggregations: Option<Value>,
}

/// A hit.
#[derive(Clone, Debug)]
pub struct Hit<'a> {
    /// The document's id.
    pub id: &'a str,
    /// The document.
    pub document: &'a Document,
    /// Its sort values, when the search is sorted.
    sort: Option<Vec<Value>>,
}

/// Why a search gives nothing.
#[derive(Debug, PartialEq, Eq)]
pub enum Failure {
    /// As on the servers: beyond the window, or sorted by a field that cannot be sorted by.
    AllShards,
    /// The sandbox does not know how, though a server would.
    Unsupported(String),
}

/// Reads the search that a request brings, in its body or in the `source` parameter.
pub fn asked(line: Line, request: &Request) -> Result<Search, Refusal> {
    let sent = match request.param("source") {
        Some(source) if request.body.is_empty() => source.as_bytes(),
        _ => &request.body,
    };
    if sent.is_empty() {
        let reason = "request body or source parameter is required";
        return Err(Refusal::exception(400, "parse_exception", reason));
    }
    let mut reader = Reader::new(line, sent)?;
    reader.expect(&Token::StartObject)?;
    Ok(Search { body: body::parse(&mut reader, line)? })
}

impl Search {
    /// Says whether there is a query at all.
    pub fn has_query(&self) -> bool {
        self.body.get("query").is_some()
    }

    /// Runs over documents, which are in the order in which they are found without a sort.
    pub fn run<'a>(&self, documents: Vec<(&'a str, &'a Document)>) -> Result<Found<'a>, Failure> {
        let body = &self.body;
        if let Some(part) = UNSUPPORTED.iter().find(|part| body.get(**part).is_some()) {
            return Err(Failure::Unsupported(format!("`{part}` in a search")));
        }
        let (from, size) = (self.number("from", 0), self.number("size", 10));
        if from.saturating_add(size) > WINDOW {
            return Err(Failure::AllShards);
        }
        let order = sort::parse(body.get("sort"))?;
        let mut matching = Vec::new();
        for (id, document) in documents {
            if body.get("query").map_or(Ok(true), |query| query::matches(query, id, &document.body))? {
                matching.push((id, document));
            }
        }
        let total = matching.len();
        let aggregations = body.get("aggregations").map(|wanted| aggregate(wanted, &matching)).transpose()?;
        let sort = |id, document| order.as_ref().map(|order| sort::values(order, id, document));
        let mut hits: Vec<Hit> = matching
            .into_iter()
            .map(|(id, document)| Hit { id, document, sort: sort(id, document) })
            .collect();
        if let Some(order) = &order {
            hits.sort_by(|a, b| sort::compare(order, a.sort.as_deref(), b.sort.as_deref()));
            if let Some(after) = body.get("search_after").and_then(Value::as_array) {
                hits.retain(|hit| sort::compare(order, hit.sort.as_deref(), Some(after)).is_gt());
            }
        }
        let hits = hits.into_iter().skip(from).take(size).collect();
        Ok(Found { hits, total, aggregations })
    }

    /// Puts what was found into the frame of an answer; `shown` gives each hit what stands between its id and score,
    /// `_source` too.
    pub fn answer(
        &self,
        line: Line,
        found: &Found,
        mut shown: impl FnMut(&Hit) -> Map<String, Value>,
    ) -> Value {
        let scored = found.hits.first().is_some_and(|hit| hit.sort.is_none());
        let mut outer = Map::new();
        if let Some(total) = self.told_total(found.total) {
            outer.insert("total".to_owned(), total);
        }
        outer.insert("max_score".to_owned(), if scored { json!(1.0) } else { Value::Null });
        let hits: Vec<Value> = found.hits.iter().map(|hit| self.framed(line, hit, shown(hit))).collect();
        outer.insert("hits".to_owned(), hits.into());
        let mut answer = shell(1, &Value::Object(outer));
        if let Some(aggregations) = &found.aggregations {
            answer["aggregations"] = aggregations.clone();
        }
        answer
    }

    fn framed(&self, line: Line, hit: &Hit, shown: Map<String, Value>) -> Value {
        let mut entries = Map::new();
        entries.insert("_index".to_owned(), lines::CONFIG_INDEX.into());
        if lines::has_mapping_types(line) {
            entries.insert("_type".to_owned(), "_doc".into());
        }
        entries.insert("_id".to_owned(), hit.id.into());
        entries.extend(shown);
        entries.insert("_score".to_owned(), if hit.sort.is_some() { Value::Null } else { json!(1.0) });
        if let Some(fields) = self.wanted_fields(hit) {
            entries.insert("fields".to_owned(), fields);
        }
        if let Some(sort) = &hit.sort {
            entries.insert("sort".to_owned(), sort.clone().into());
        }
        Value::Object(entries)
    }

    /// Gives the values of the fields that the body names one by one.
    fn wanted_fields(&self, hit: &Hit) -> Option<Value> {
        let mut values = Map::new();
        for wanted in self.body.get("fields")?.as_array()? {
            let name = wanted.get("field").unwrap_or(wanted).as_str()?;
            let field = fields::named(name);
            let found = field.map(|field| fields::values(field, &hit.document.body)).unwrap_or_default();
            if !found.is_empty() {
                values.insert(name.to_owned(), found.into());
            }
        }
        (!values.is_empty()).then_some(Value::Object(values))
    }

    /// Says how many were found as far as the body wants to know it; nothing when it does not.
    fn told_total(&self, total: usize) -> Option<Value> {
        let limit = self.body.get("track_total_hits").and_then(Value::as_i64);
        let most = limit.map_or(Some(WINDOW), |limit| usize::try_from(limit).ok())?;
        let relation = if total > most { "gte" } else { "eq" };
        Some(json!({"value": total.min(most), "relation": relation}))
    }

    fn number(&self, key: &str, default: usize) -> usize {
        let number = self.body.get(key).and_then(Value::as_u64);
        number.and_then(|number| usize::try_from(number).ok()).unwrap_or(default)
    }
}

impl Failure {
    /// The refusal of a route that tells failures bare.
    pub fn bare(self) -> Refusal {
        match self {
            Failure::AllShards => {
                Refusal::exception(500, "search_phase_execution_exception", "all shards failed")
            }
            Failure::Unsupported(what) => unsupported::beyond(&what),
        }
    }

    /// The refusal of a route that wraps failures.
    pub fn wrapped(self, line: Line) -> Refusal {
        match self {
            Failure::AllShards => lines::search_failed(line),
            Failure::Unsupported(what) => unsupported::beyond(&what),
        }
    }
}

/// What a search of no index at all finds.
pub fn nothing() -> Value {
    shell(0, &json!({"total": {"value": 0, "relation": "eq"}, "max_score": 0.0, "hits": []}))
}

/// What stands around the hits.
fn shell(shards: u32, hits: &Value) -> Value {
    json!({
        "took": 1,
        "timed_out": false,
        "_shards": {"total": shards, "successful": shards, "skipped": 0, "failed": 0},
        "hits": hits,
    })
}

/// Counts the values of fields; other aggregations are beyond the sandbox.
fn aggregate(wanted: &Value, matching: &[(&str, &Document)]) -> Result<Value, Failure> {
    let mut results = Map::new();
    for (name, aggregation) in wanted.as_object().into_iter().flatten() {
        let field = aggregation.pointer("/terms/field").and_then(Value::as_str);
        let Some(field) = field.filter(|_| aggregation.get("aggregations").is_none()) else {
            return Err(Failure::Unsupported("an aggregation other than `terms`".to_owned()));
        };
        let mut counts: Vec<(Value, usize)> = Vec::new();
        for value in matching.iter().flat_map(|(id, document)| fields::exact(field, id, &document.body)) {
            match counts.iter_mut().find(|(known, _)| *known == value) {
                Some((_, count)) => *count += 1,
                None => counts.push((value, 1)),
            }
        }
        counts.sort_by(|(a, m), (b, n)| n.cmp(m).then_with(|| a.to_string().cmp(&b.to_string())));
        let size = aggregation.pointer("/terms/size").and_then(Value::as_u64).unwrap_or(10);
        let shown = usize::try_from(size).unwrap_or(10).min(counts.len());
        let others: usize = counts[shown..].iter().map(|(_, count)| count).sum();
        let buckets: Vec<Value> =
            counts.drain(..shown).map(|(key, count)| json!({"key": key, "doc_count": count})).collect();
        let result =
            json!({"doc_count_error_upper_bound": 0, "sum_other_doc_count": others, "buckets": buckets});
        results.insert(name.clone(), result);
    }
    Ok(Value::Object(results))
}

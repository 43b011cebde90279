//! Searches of the configuration itself: filtered, sorted, cut to a page. The body is in the server's expanded spelling.

pub mod fields;
mod query;
mod sort;

use serde_json::{Map, Value, json};

use super::index::Document;

/// The farthest hit that a page may reach.
const WINDOW: u64 = 10_000;

/// A hit.
#[derive(Clone, Debug)]
pub struct Hit<'a> {
    /// The document's id.
    pub id: &'a str,
    /// The document.
    pub document: &'a Document,
    /// Its sort values, when the search is sorted.
    pub sort: Option<Vec<Value>>,
}

/// What a search found.
#[derive(Debug)]
pub struct Found<'a> {
    /// How many documents match, all told.
    pub total: usize,
    /// The page.
    pub hits: Vec<Hit<'a>>,
    /// The results of aggregations, if any were asked for.
    pub aggregations: Option<Value>,
}

/// Why a search gives nothing.
#[derive(Debug, PartialEq, Eq)]
pub enum Trouble {
    /// It failed where the documents are; the servers do not say why.
    AllShardsFailed,
    /// The sandbox does not know how, though a server would.
    Unsupported(String),
}

/// Parts of a body that the sandbox cannot do justice to.
const UNSUPPORTED: [&str; 8] = [
    "post_filter",
    "rescore",
    "collapse",
    "suggest",
    "script_fields",
    "slice",
    "pit",
    "highlight",
];

/// Searches documents, which are in the order in which they would be found without a sort.
pub fn run<'a>(documents: Vec<(&'a str, &'a Document)>, body: &Value) -> Result<Found<'a>, Trouble> {
    if let Some(part) = UNSUPPORTED.iter().find(|part| body.get(**part).is_some()) {
        return Err(Trouble::Unsupported(format!("`{part}` in a search")));
    }
    let number = |key: &str, default| body.get(key).and_then(Value::as_u64).unwrap_or(default);
    let (from, size) = (number("from", 0), number("size", 10));
    if from.saturating_add(size) > WINDOW {
        return Err(Trouble::AllShardsFailed);
    }
    let order = sort::parse(body.get("sort"))?;
    let mut matching = Vec::new();
    for (id, document) in documents {
        if body
            .get("query")
            .map_or(Ok(true), |query| query::matches(query, id, &document.body))?
        {
            matching.push((id, document));
        }
    }
    let total = matching.len();
    let aggregations = body
        .get("aggregations")
        .map(|wanted| aggregate(wanted, &matching))
        .transpose()?;
    let mut hits: Vec<Hit> = matching
        .into_iter()
        .map(|(id, document)| {
            let sort = order.as_ref().map(|order| sort::values(order, id, document));
            Hit { id, document, sort }
        })
        .collect();
    if let Some(order) = &order {
        hits.sort_by(|a, b| sort::compare(order, a.sort.as_deref(), b.sort.as_deref()));
        if let Some(after) = body.get("search_after").and_then(Value::as_array) {
            hits.retain(|hit| sort::compare(order, hit.sort.as_deref(), Some(after)).is_gt());
        }
    }
    let (from, size) = (
        usize::try_from(from).unwrap_or(0),
        usize::try_from(size).unwrap_or(0),
    );
    let hits = hits.into_iter().skip(from).take(size).collect();
    Ok(Found {
        total,
        hits,
        aggregations,
    })
}

/// Says how many were found as far as the body wants to know it; nothing when it does not.
pub fn told_total(total: usize, body: &Value) -> Option<Value> {
    let told = body
        .get("track_total_hits")
        .and_then(Value::as_i64)
        .unwrap_or(10_000);
    let most = usize::try_from(told).ok()?;
    let relation = if total > most { "gte" } else { "eq" };
    Some(json!({"value": total.min(most), "relation": relation}))
}

/// Counts the values of fields; other aggregations are beyond the sandbox.
fn aggregate(wanted: &Value, matching: &[(&str, &Document)]) -> Result<Value, Trouble> {
    let mut results = Map::new();
    for (name, aggregation) in wanted.as_object().into_iter().flatten() {
        let field = aggregation.pointer("/terms/field").and_then(Value::as_str);
        let Some(field) = field.filter(|_| aggregation.get("aggregations").is_none()) else {
            return Err(Trouble::Unsupported(
                "an aggregation other than `terms`".to_owned(),
            ));
        };
        let mut counts: Vec<(Value, usize)> = Vec::new();
        for value in matching
            .iter()
            .flat_map(|(id, document)| fields::exact(field, id, &document.body))
        {
            match counts.iter_mut().find(|(known, _)| *known == value) {
                Some((_, count)) => *count += 1,
                None => counts.push((value, 1)),
            }
        }
        counts.sort_by(|(a, m), (b, n)| n.cmp(m).then_with(|| a.to_string().cmp(&b.to_string())));
        let size = aggregation
            .pointer("/terms/size")
            .and_then(Value::as_u64)
            .unwrap_or(10);
        let shown = usize::try_from(size).unwrap_or(10).min(counts.len());
        let others: usize = counts[shown..].iter().map(|(_, count)| count).sum();
        let buckets: Vec<Value> = counts
            .drain(..shown)
            .map(|(key, count)| json!({"key": key, "doc_count": count}))
            .collect();
        let result =
            json!({"doc_count_error_upper_bound": 0, "sum_other_doc_count": others, "buckets": buckets});
        results.insert(name.clone(), result);
    }
    Ok(Value::Object(results))
}

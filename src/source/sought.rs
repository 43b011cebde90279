//! What a search looks for in the words of the files: a query, and how far it looks back.

use serde_json::Value;

use super::duration::{self, Duration};
use super::read::search::{LuceneQuery, compile, interval};
use crate::model::monitor::{Input, Monitor};

/// What a monitor looks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sought {
    /// A Lucene query.
    pub query: String,
    /// The field that says when a document was written; none where all documents of all time are looked at.
    pub time_field: Option<String>,
    /// How far it looks back.
    pub window: Option<Duration>,
    /// Whether that is the schedule's interval, so that nobody need write it.
    pub follows_schedule: bool,
}

/// What a monitor looks for, if that is said by a query and a window.
pub fn sought(monitor: &Monitor) -> Option<Sought> {
    let [Input::Search { body, .. }] = monitor.inputs.as_slice() else { return None };
    let found = lucene(&body.value())?;
    let (time_field, window) = found.window.unzip();
    let follows_schedule = window.is_some() && window == interval(&monitor.schedule);
    Some(Sought { query: found.query, time_field, window, follows_schedule })
}

/// How far a monitor's search looks back: by its window, or, where a whole search body is written, by the one range in its
/// query that ends with the run.
pub fn reach(monitor: &Monitor) -> Option<Duration> {
    let [Input::Search { body, .. }] = monitor.inputs.as_slice() else { return None };
    let body = body.value();
    if let Some(found) = lucene(&body) {
        return found.window.map(|(_, window)| window);
    }
    let mut reaches = Vec::new();
    reaches_of(body.get("query")?, &mut reaches);
    match reaches.as_slice() {
        [one] => Some(*one),
        _ => None,
    }
}

/// How far each range looks back from the run that every document must be in.
fn reaches_of(query: &Value, found: &mut Vec<Duration>) {
    let ranges = query.get("range").and_then(Value::as_object);
    found.extend(ranges.into_iter().flat_map(serde_json::Map::values).filter_map(reach_of_range));
    let inner = ["/bool/filter", "/bool/must", "/constant_score/filter"];
    for clause in inner.into_iter().filter_map(|place| query.pointer(place)) {
        match clause {
            Value::Array(clauses) => clauses.iter().for_each(|clause| reaches_of(clause, found)),
            clause => reaches_of(clause, found),
        }
    }
}

/// How long a range begins before the run with which it ends: `{{period_end}}||-5m`, `now-5m/m`.
fn reach_of_range(range: &Value) -> Option<Duration> {
    let bound =
        |keys: [&str; 3]| keys.into_iter().find_map(|key| range.get(key)).filter(|bound| !bound.is_null());
    let end = bound(["lte", "lt", "to"]).map_or(Some("now"), Value::as_str)?;
    if !["now", "{{period_end}}"].contains(&end) {
        return None;
    }
    let begin = bound(["gte", "gt", "from"])?.as_str()?;
    let back = begin.strip_prefix("{{period_end}}||-").or_else(|| begin.strip_prefix("now-"))?;
    duration::parse(back.split('/').next()?)
}

/// Whether all that changes of a search is its window, which follows the schedule, before and after.
pub fn follows_schedule(before: &Sought, after: &Sought) -> bool {
    (&before.query, &before.time_field) == (&after.query, &after.time_field)
        && before.follows_schedule
        && after.follows_schedule
}

/// The query that `body` was compiled from, if it was.
pub fn lucene(body: &Value) -> Option<LuceneQuery> {
    let query = body.get("query")?;
    let filters = query.pointer("/bool/filter").and_then(Value::as_array);
    let text = |query: &Value| Some(query.pointer("/query_string/query")?.as_str()?.to_owned());
    let found = match filters.map(Vec::as_slice) {
        None => LuceneQuery { query: text(query)?, window: None },
        Some([range, query]) => {
            let (field, range) = range.get("range")?.as_object()?.iter().next()?;
            let window = range.get("gte")?.as_str()?.strip_prefix("{{period_end}}||-")?;
            LuceneQuery { query: text(query)?, window: Some((field.clone(), duration::parse(window)?)) }
        }
        Some(_) => return None,
    };
    let blank = |text: &str| text.trim().is_empty();
    let is_sayable = !blank(&found.query) && !found.window.as_ref().is_some_and(|(field, _)| blank(field));
    (is_sayable && compile(&found) == *body).then_some(found)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn how_far_a_query_looks_back_is_said_by_ranges_that_end_with_the_run() {
        let range = |range: Value| json!({"range": {"@timestamp": range}});
        let back = range(json!({"gte": "now-2h"}));
        for (query, expected) in [
            (back.clone(), vec!["2h"]),
            (json!({"bool": {"filter": back}}), vec!["2h"]),
            (json!({"bool": {"must": [{"match_all": {}}, back]}}), vec!["2h"]),
            (json!({"constant_score": {"filter": {"bool": {"filter": [back]}}}}), vec!["2h"]),
            (json!({"bool": {"must_not": [back]}}), vec![]),
            (json!({"bool": {"should": [back]}}), vec![]),
            (range(json!({"gt": "{{period_end}}||-5m", "lte": "{{period_end}}"})), vec!["5m"]),
            (range(json!({"from": "now-5m/m", "to": null, "include_lower": true})), vec!["5m"]),
            (range(json!({"gte": "now-2h", "lte": "now-1h"})), vec![]),
            (range(json!({"lt": "now-2h"})), vec![]),
            (range(json!({"gte": 5})), vec![]),
        ] {
            let mut found = Vec::new();
            reaches_of(&query, &mut found);
            assert_eq!(found.into_iter().map(duration::print).collect::<Vec<_>>(), expected, "{query}");
        }
    }
}

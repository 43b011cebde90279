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

/// How far a monitor's search looks back: by its window, or, where a whole search body is written, by the one range in it that
/// ends with the run.
pub fn reach(monitor: &Monitor) -> Option<Duration> {
    let [Input::Search { body, .. }] = monitor.inputs.as_slice() else { return None };
    let body = body.value();
    if let Some(found) = lucene(&body) {
        return found.window.map(|(_, window)| window);
    }
    let mut reaches = Vec::new();
    reaches_of(&body, &mut reaches);
    match reaches.as_slice() {
        [one] => Some(*one),
        _ => None,
    }
}

/// All durations that a range begins before the run: `{{period_end}}||-5m`, `now-5m/m`.
fn reaches_of(value: &Value, found: &mut Vec<Duration>) {
    match value {
        Value::Object(fields) => {
            for (key, value) in fields {
                let begin = value.as_str().filter(|_| ["gte", "gt", "from"].contains(&key.as_str()));
                let back = begin.and_then(|text| {
                    text.strip_prefix("{{period_end}}||-").or_else(|| text.strip_prefix("now-"))
                });
                match back.and_then(|text| duration::parse(text.split('/').next().unwrap_or_default())) {
                    Some(reach) => found.push(reach),
                    None => reaches_of(value, found),
                }
            }
        }
        Value::Array(items) => items.iter().for_each(|item| reaches_of(item, found)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
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

//! `query` with its window: a Lucene query to the search body that it stands for.

use serde_json::{Value, json};

use crate::model::schedule::{Schedule, Unit};
use crate::source::duration::{self, Duration};
use crate::source::fields::Fields;
use crate::source::finding::Finding;
use crate::source::report::Report;

/// A query in Lucene's syntax and the time that it looks back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LuceneQuery {
    /// The query.
    pub query: String,
    /// The field with the time of each document, and how far back it looks; `None` for all time.
    pub window: Option<(String, Duration)>,
}

/// The word for a query without a window.
pub const NO_WINDOW: &str = "none";

/// The search body that a query stands for.
///
/// `track_total_hits` lifts the server's cap of 10,000 on `hits.total.value`; `{{period_end}}` is the end of the period
/// that a run looks at, so that a run over the past finds what it would have found then.
pub fn compile(query: &LuceneQuery) -> Value {
    let LuceneQuery { query, window } = query;
    let text = json!({"query_string": {"query": query}});
    let query = match window {
        None => text,
        Some((field, window)) => {
            let range = json!({
                "gte": format!("{{{{period_end}}}}||-{}", duration::print(*window)),
                "lte": "{{period_end}}",
                "format": "epoch_millis",
            });
            json!({"bool": {"filter": [{"range": {field: range}}, text]}})
        }
    };
    json!({"size": 0, "track_total_hits": true, "query": query})
}

/// Reads `query`, `time_field` and `window`.
pub fn read(fields: &Fields<'_>, schedule: Option<&Schedule>, report: &Report) -> Option<LuceneQuery> {
    let query = fields.need_text("query", "")?.to_owned();
    let is_unbounded = fields.get("window").and_then(|node| node.as_text()) == Some(NO_WINDOW);
    if is_unbounded {
        if fields.get("time_field").is_some() {
            let message = "`time_field` has no effect beside `window: none`";
            fields.refuse("time_field", message, "remove one of the two");
        }
        return Some(LuceneQuery { query, window: None });
    }
    let field = if fields.get("time_field").is_some() {
        fields.need_text("time_field", "")
    } else {
        fields.refuse(
            "query",
            "`query` without `time_field` would count all documents of all time",
            "add `time_field: \"@timestamp\"`, or say `window: none`",
        );
        None
    };
    let window = match fields.get("window") {
        Some(node) => {
            let window = node.as_text().and_then(duration::parse);
            if window.is_none() {
                let message = format!("expected a duration for `window`, found {}", node.describe());
                let hint = format!("{}; `none` for all time", duration::EXAMPLE);
                report.error(Finding::at(&node.place, message).hint(hint));
            }
            window
        }
        None => default_window(fields, schedule),
    };
    Some(LuceneQuery { query, window: Some((field?.to_owned(), window?)) })
}

/// The interval of the schedule, so that no document is missed; as in Dashboards, one on the very edge is seen twice.
pub fn interval(schedule: &Schedule) -> Option<(u32, Unit)> {
    match schedule {
        Schedule::Interval { every, unit } => Some((*every, *unit)),
        Schedule::Cron { .. } => None,
    }
}

fn default_window(fields: &Fields<'_>, schedule: Option<&Schedule>) -> Option<Duration> {
    let schedule = schedule?;
    let window = interval(schedule);
    if window.is_none() {
        let message = "`query` needs a `window` when the schedule is a cron expression";
        fields.refuse("query", message, "say how far it looks back: `window: 1d`");
    }
    window
}

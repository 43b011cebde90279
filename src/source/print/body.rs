//! Search bodies back to what a person wrote: `query` and `window` where they say the same.

use serde_json::Value;

use crate::source::duration;
use crate::source::read::search::{LuceneQuery, compile};

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

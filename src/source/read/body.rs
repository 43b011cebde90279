//! What stands at the top of a search body: a server refuses the whole monitor for a key that it does not know there.

use crate::api::wire::dsl;
use crate::source::finding::Finding;
use crate::source::place::Place;
use crate::source::report::Report;
use crate::source::words::nearest;

/// Reports the keys that no line of servers knows; a query without its `query` around it is the usual slip.
pub fn check<'a>(keys: impl Iterator<Item = (&'a str, Place)>, report: &Report) {
    let known = dsl::body_keys();
    let keys: Vec<_> = keys.collect();
    if keys.iter().any(|(key, _)| *key == "aggs")
        && let Some((_, place)) = keys.iter().find(|(key, _)| *key == "aggregations")
    {
        let message = "`aggs` and `aggregations` are one key, and the server would forget the first of them";
        report.error(Finding::at(place, message).hint("put all aggregations under `aggs`"));
    }
    for (key, place) in keys.into_iter().filter(|(key, _)| !known.contains(key)) {
        let finding = if dsl::is_query(key) {
            let message = format!("`{key}` is a query, which has no place at the top of a search body");
            Finding::at(&place, message).hint(format!("put it under `query`: `query: {{{key}: …}}`"))
        } else {
            let hint = nearest(key, known.iter().copied()).map_or_else(
                || "expected `query`, `size`, `sort`, `aggs` and the like".to_owned(),
                |near| format!("did you mean `{near}`?"),
            );
            Finding::at(&place, format!("no server knows the key `{key}` at the top of a search body"))
                .hint(hint)
        };
        report.error(finding);
    }
}

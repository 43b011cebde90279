//! The lists of channels: by id at once, else filtered, sorted and paged as of the last refresh.

use serde_json::{Value, json};

use super::{asked_ids, filters, refuse_missing};
use crate::sandbox::exchange::{Request, Response};
use crate::sandbox::index::Document;
use crate::sandbox::line_differences::{self as lines, SearchFailure};
use crate::sandbox::refusal::Refusal;
use crate::sandbox::state::State;

/// What is listed when no page is asked for, and all that the short list ever shows.
const MAX_ITEMS: usize = 1000;
/// The farthest that a page may reach.
const WINDOW: i64 = 10_000;

/// `GET configs` and `GET configs/{id}`: both answer a list.
pub fn configs(state: &mut State, request: &Request) -> Result<Response, Refusal> {
    let page = Page::asked(state, request)?;
    let ids = asked_ids(request);
    if !ids.is_empty() {
        refuse_missing(state, &ids)?;
        let found: Vec<Value> =
            ids.iter().filter_map(|id| Some(shown(id, state.channels.get(id)?))).collect();
        return Ok(answer(0, found.len(), "config_list", &found));
    }
    if page.from + page.size > WINDOW {
        return Err(lines::channel_search_failed(state.line, &beyond_window(page.from + page.size)));
    }
    if let Some(flag) = filters::bad_flag(request) {
        return Err(lines::channel_search_failed(state.line, &no_boolean(flag)));
    }
    let mut found = state.channels.searchable(state.now());
    found.retain(|(_, document)| filters::pass(request, &document.body));
    page.sort(&mut found);
    let total = found.len();
    let listed: Vec<Value> = found
        .into_iter()
        .skip(usize::try_from(page.from).unwrap_or(0))
        .take(usize::try_from(page.size).unwrap_or(0))
        .map(|(id, document)| shown(id, document))
        .collect();
    Ok(answer(page.from, total, "config_list", &listed))
}

/// `GET channels`: what can be sent to, without data; accounts and groups are left out.
#[expect(clippy::unnecessary_wraps, reason = "all handlers have one signature")]
pub fn channels(state: &mut State, _request: &Request) -> Result<Response, Refusal> {
    let mut found = state.channels.searchable(state.now());
    found.retain(|(_, document)| {
        let kind = &document.body["config"]["config_type"];
        !["smtp_account", "ses_account", "email_group"].iter().any(|other| kind == other)
    });
    found.truncate(MAX_ITEMS);
    let short = |(id, document): &(&str, &Document)| {
        let config = &document.body["config"];
        json!({
            "config_id": id, "name": config["name"], "description": config["description"],
            "config_type": config["config_type"], "is_enabled": config["is_enabled"]
        })
    };
    let listed: Vec<Value> = found.iter().map(short).collect();
    Ok(answer(0, listed.len(), "channel_list", &listed))
}

/// Which part of the list is asked for, and in which order.
struct Page {
    from: i64,
    size: i64,
    field: String,
    descending: bool,
}

impl Page {
    fn asked(state: &State, request: &Request) -> Result<Self, Refusal> {
        // what is no number counts as not given
        let number = |name: &str, default| {
            request.param(name).and_then(|text| text.parse::<i32>().ok()).map_or(default, i64::from)
        };
        let order = request.param("sort_order").unwrap_or("asc").to_uppercase();
        if !matches!(order.as_str(), "ASC" | "DESC") {
            let root = lines::java_root(state.line);
            return Err(Refusal::illegal_argument(format!(
                "No enum constant {root}.search.sort.SortOrder.{order}"
            )));
        }
        let (from, size) = (number("from_index", 0), number("max_items", 1000));
        let wrong: Vec<&str> = [(from < 0, "fromIndex is -ve"), (size <= 0, "maxItems is not +ve")]
            .into_iter()
            .filter_map(|(wrong, reason)| wrong.then_some(reason))
            .collect();
        if !wrong.is_empty() {
            let numbered = wrong.iter().zip(1..).map(|(reason, number)| format!("{number}: {reason};"));
            let reason = format!("Validation Failed: {}", numbered.collect::<String>());
            return Err(Refusal::exception(400, "action_request_validation_exception", reason));
        }
        let field = request.param("sort_field").unwrap_or("last_updated_time_ms").to_owned();
        if filters::field(&field).is_none_or(|kind| kind == filters::Field::Nested) {
            return Err(Refusal::exception(
                406,
                "status_exception",
                format!("Sort on {field} not acceptable"),
            ));
        }
        Ok(Page { from, size, field, descending: order == "DESC" })
    }

    fn sort(&self, found: &mut [(&str, &Document)]) {
        let key = |document: &Document| match filters::field(&self.field) {
            Some(filters::Field::Time) => (document.body["metadata"][&self.field].as_i64(), Vec::new()),
            _ => (None, filters::texts_at(&document.body, &self.field)),
        };
        found.sort_by(|(_, a), (_, b)| {
            let ascending = key(a).cmp(&key(b));
            if self.descending { ascending.reverse() } else { ascending }
        });
    }
}

fn answer(from: i64, total: usize, key: &str, listed: &[Value]) -> Response {
    let body = json!({"start_index": from, "total_hits": total, "total_hit_relation": "eq", key: listed});
    Response::json(200, body)
}

fn shown(id: &str, document: &Document) -> Value {
    let metadata = &document.body["metadata"];
    json!({
        "config_id": id,
        "last_updated_time_ms": metadata["last_updated_time_ms"],
        "created_time_ms": metadata["created_time_ms"],
        "config": document.body["config"],
    })
}

fn beyond_window(reach: i64) -> SearchFailure {
    let reason = format!(
        "Result window is too large, from + size must be less than or equal to: [{WINDOW}] but was [{reach}]. \
         See the scroll api for a more efficient way to request large data sets. \
         This limit can be set by changing the [index.max_result_window] index level setting."
    );
    let kind = "illegal_argument_exception";
    SearchFailure { kind, reason: reason.clone(), at_index: false, cause: Some((kind, reason)) }
}

fn no_boolean(flag: &str) -> SearchFailure {
    let reason = format!("Can't parse boolean value [{flag}], expected [true] or [false]");
    SearchFailure {
        kind: "query_shard_exception",
        reason: format!("failed to create query: {reason}"),
        at_index: true,
        cause: Some(("illegal_argument_exception", reason)),
    }
}

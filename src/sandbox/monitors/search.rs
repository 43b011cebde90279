//! `_search`: lists monitors, in Open Distro all other configuration as well.

use serde_json::{Map, Value};

use super::super::exchange::{Request, Response};
use super::super::index::Document;
use super::super::line_differences::monitors as lines;
use super::super::refusal::Refusal;
use super::super::search;
use super::super::state::State;
use super::super::{indices, unsupported};
use super::read;

/// The pattern of the indices of alerts, of which the sandbox has none.
const ALERTS: &str = ".opendistro-alerting-alert*";

/// `GET monitors/_search`, `POST monitors/_search`
pub fn search(state: &mut State, request: &Request) -> Result<Response, Refusal> {
    let search = search::asked(state.line, request)?;
    let index = request.param("index").unwrap_or(lines::CONFIG_INDEX);
    if index != lines::CONFIG_INDEX {
        return other_index(state, index);
    }
    if !search.has_query() && lines::search_needs_query(state.line) {
        return Err(Refusal::illegal_argument("inner bool query clause cannot be null"));
    }
    if !state.config.exists {
        return lines::search_without_index(state.line);
    }
    let owners = lines::SearchedOwners::of_query(&String::from_utf8_lossy(&request.body));
    let documents: Vec<(&str, &Document)> = state
        .config
        .searchable(state.now())
        .into_iter()
        .filter(|(_, document)| lines::is_searched(state.line, owners, &document.body))
        .collect();
    let found = search.run(documents).map_err(|failure| failure.wrapped(state.line))?;
    // the servers unwrap hit by hit, and stop at the first one that is no monitor
    let mut unwraps = true;
    let answer = search.answer(state.line, &found, |hit| {
        let job = ["monitor", "workflow"].iter().find_map(|wrapper| hit.document.body.get(*wrapper));
        unwraps &= job.is_some();
        shown(state, request, hit.document, job.filter(|_| unwraps))
    });
    Ok(Response::json(200, answer))
}

fn other_index(state: &State, index: &str) -> Result<Response, Refusal> {
    if index != ALERTS && !lines::searches_any_index(state.line) {
        return Err(Refusal::illegal_argument("Invalid index name."));
    }
    if indices::is_pattern(index) {
        return Ok(Response::json(200, search::nothing()));
    }
    if !indices::exists(state, index) {
        return Err(lines::index_not_found(state.line, index));
    }
    Err(unsupported::beyond(&format!("a search of the documents in [{index}]")))
}

fn shown(state: &State, request: &Request, document: &Document, job: Option<&Value>) -> Map<String, Value> {
    let source = if let Some(job) = job {
        read::visible(job, state, request)
    } else {
        let wrapped = document.body.as_object().into_iter().flatten();
        wrapped.map(|(key, value)| (key.clone(), read::visible(value, state, request))).collect()
    };
    Map::from_iter([
        ("_version".to_owned(), document.version.into()),
        ("_seq_no".to_owned(), document.seq_no.into()),
        ("_primary_term".to_owned(), 1.into()),
        ("_source".to_owned(), source),
    ])
}

//! `_search`: lists monitors, in Open Distro all other configuration as well.

use serde_json::{Map, Value, json};

use super::super::exchange::{Request, Response};
use super::super::index::Document;
use super::super::line_differences::monitors as lines;
use super::super::reader::{Reader, Token};
use super::super::refusal::Refusal;
use super::super::search::{self, Found, Hit, Trouble, fields};
use super::super::state::State;
use super::super::{indices, unsupported};
use super::{read, search_body};

/// The pattern of the indices of alerts, of which the sandbox has none.
const ALERTS: &str = ".opendistro-alerting-alert*";

/// `GET monitors/_search`, `POST monitors/_search`
pub fn search(state: &mut State, request: &Request) -> Result<Response, Refusal> {
    let body = parse(state, request)?;
    let index = request.param("index").unwrap_or(lines::CONFIG_INDEX);
    if index != lines::CONFIG_INDEX {
        return other_index(state, index);
    }
    if body.get("query").is_none() && lines::search_needs_query(state.line) {
        return Err(Refusal::illegal_argument(
            "inner bool query clause cannot be null",
        ));
    }
    if !state.config.exists {
        return lines::search_without_index(state.line);
    }
    let text = String::from_utf8_lossy(&request.body);
    let owners = lines::SearchedOwners::of_query(&text);
    let documents: Vec<(&str, &Document)> = state
        .config
        .searchable(state.now())
        .into_iter()
        .filter(|(_, document)| lines::is_searched(state.line, owners, &document.body))
        .collect();
    let found = search::run(documents, &body).map_err(|trouble| refused(state, trouble))?;
    Ok(Response::json(200, reply(state, request, &body, found)))
}

fn parse(state: &State, request: &Request) -> Result<Value, Refusal> {
    let sent = match request.param("source") {
        Some(source) if request.body.is_empty() => source.as_bytes(),
        _ => &request.body,
    };
    if sent.is_empty() {
        return Err(Refusal::exception(
            400,
            "parse_exception",
            "request body or source parameter is required",
        ));
    }
    let mut reader = Reader::new(state.line, sent)?;
    reader.expect(&Token::StartObject)?;
    Ok(search_body::parse(&mut reader, state.line)?)
}

fn other_index(state: &State, index: &str) -> Result<Response, Refusal> {
    if index != ALERTS && !lines::searches_any_index(state.line) {
        return Err(Refusal::illegal_argument("Invalid index name."));
    }
    if indices::is_pattern(index) {
        return Ok(Response::json(
            200,
            shell(
                0,
                json!({"total": {"value": 0, "relation": "eq"}, "max_score": 0.0, "hits": []}),
            ),
        ));
    }
    if !indices::exists(state, index) {
        return Err(lines::index_not_found(state.line, index));
    }
    Err(unsupported::beyond(&format!(
        "a search of the documents in [{index}]"
    )))
}

fn refused(state: &State, trouble: Trouble) -> Refusal {
    match trouble {
        Trouble::AllShardsFailed => lines::search_failed(state.line),
        Trouble::Unsupported(what) => unsupported::beyond(&what),
    }
}

fn reply(state: &State, request: &Request, body: &Value, found: Found) -> Value {
    let Found {
        total,
        hits,
        aggregations,
    } = found;
    let scored = hits.first().is_some_and(|hit| hit.sort.is_none());
    let mut outer = Map::new();
    if let Some(total) = search::told_total(total, body) {
        outer.insert("total".to_owned(), total);
    }
    outer.insert(
        "max_score".to_owned(),
        if scored { json!(1.0) } else { Value::Null },
    );
    // the servers unwrap hit by hit, and stop at the first one that is no monitor
    let mut unwraps = true;
    let shown: Vec<Value> = hits
        .iter()
        .map(|hit| {
            let job = ["monitor", "workflow"]
                .iter()
                .find_map(|wrapper| hit.document.body.get(*wrapper));
            unwraps &= job.is_some();
            show(state, request, body, hit, job.filter(|_| unwraps))
        })
        .collect();
    outer.insert("hits".to_owned(), shown.into());
    let mut reply = shell(1, Value::Object(outer));
    if let Some(aggregations) = aggregations {
        reply["aggregations"] = aggregations;
    }
    reply
}

fn show(state: &State, request: &Request, body: &Value, hit: &Hit, job: Option<&Value>) -> Value {
    let source = match job {
        Some(job) => read::visible(job, state, request),
        None => {
            let wrapped = hit.document.body.as_object().into_iter().flatten();
            wrapped
                .map(|(key, value)| (key.clone(), read::visible(value, state, request)))
                .collect()
        }
    };
    let mut shown = Map::new();
    let mut show = |key: &str, value: Value| shown.insert(key.to_owned(), value);
    show("_index", lines::CONFIG_INDEX.into());
    if lines::shows_types(state.line) {
        show("_type", "_doc".into());
    }
    show("_id", hit.id.into());
    show("_version", hit.document.version.into());
    show("_seq_no", hit.document.seq_no.into());
    show("_primary_term", 1.into());
    show(
        "_score",
        if hit.sort.is_some() {
            Value::Null
        } else {
            json!(1.0)
        },
    );
    show("_source", source);
    if let Some(fields) = wanted_fields(body, hit) {
        show("fields", fields);
    }
    if let Some(sort) = &hit.sort {
        show("sort", sort.clone().into());
    }
    Value::Object(shown)
}

/// Gives the values of the fields that the body names one by one.
fn wanted_fields(body: &Value, hit: &Hit) -> Option<Value> {
    let mut values = Map::new();
    for wanted in body.get("fields")?.as_array()? {
        let name = wanted.get("field").unwrap_or(wanted).as_str()?;
        let found = fields::named(name)
            .map(|field| fields::values(field, &hit.document.body))
            .unwrap_or_default();
        if !found.is_empty() {
            values.insert(name.to_owned(), found.into());
        }
    }
    Some(Value::Object(values)).filter(|values| *values != json!({}))
}

/// What stands around the hits.
fn shell(shards: u32, hits: Value) -> Value {
    json!({
        "took": 0,
        "timed_out": false,
        "_shards": {"total": shards, "successful": shards, "skipped": 0, "failed": 0},
        "hits": hits,
    })
}

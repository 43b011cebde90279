//! Reads monitors, and the workflows that stand among them, page by page, by `_seq_no`, which each write raises:
//! whatever is written meanwhile moves to the end, where it is found again, and nothing slips through between two
//! pages.

use std::collections::HashSet;

use serde::Deserialize;
use serde_json::value::RawValue;
use serde_json::{Value, json};
use tokio::sync::mpsc::Sender;

use super::{has_no_index, search};
use crate::api::client::Client;
use crate::api::line::Line;
use crate::api::live::{Found, LiveMonitor, Revision, Unreadable};
use crate::api::request::Request;
use crate::api::wire::flaw::Dropped;
use crate::api::wire::mark::Mark;
use crate::api::wire::monitor::{self, Decoded};
use crate::api::wire::notice::Notice;
use crate::error::Error;
use crate::model::json::Json;
use crate::model::name::Name;
use crate::model::resource::Kind;
use crate::parallel;

/// How many are asked for at once. A server gives up to 10,000; a thousand monitors are some four megabytes, which bounds
/// what we hold, and one request more for each thousand is not felt.
const PAGE: usize = 1000;

/// The first page is smaller, so that there is work to do while the next one is on its way.
const FIRST_PAGE: usize = 400;

/// A page of monitors as they arrived.
pub struct Page {
    line: Line,
    hits: Vec<Hit>,
}

impl Page {
    /// A page of these hits of a search.
    #[cfg(test)]
    pub fn of(line: Line, hits: &[Value]) -> serde_json::Result<Self> {
        let hits = hits.iter().map(|hit| serde_json::from_str(&hit.to_string()));
        Ok(Self { line, hits: hits.collect::<Result<_, _>>()? })
    }

    /// The latest write that the page shows.
    pub fn latest(&self) -> Option<u64> {
        self.hits.iter().map(|hit| hit.seq_no).max()
    }

    /// What `look` makes of each monitor of the page; at no time are more than a few of them decoded.
    pub fn map<R: Send>(&self, look: impl Fn(Found) -> R + Sync) -> Vec<R> {
        parallel::map(&self.hits, |hit| look(read(hit, self.line)))
    }
}

/// Sends all pages of monitors on.
///
/// Only a page that is not full is the last: what was deleted meanwhile is still counted among what was found, and what
/// was written meanwhile stands behind the rest, once more. One page that holds all is one state of the cluster. Each
/// shard counts its writes for itself, so where the index has several, a page may end between monitors with the same
/// `_seq_no`: the next page begins with that number again.
pub async fn pages(client: &Client, line: Line, pages: Sender<Page>) -> Result<(), Error> {
    let mut found: HashSet<String> = HashSet::new();
    let mut last: Option<u64> = None;
    loop {
        // at most one page waits while another is decoded
        let room = pages.reserve().await;
        let (is_first, size) = if last.is_none() { (true, FIRST_PAGE) } else { (false, PAGE) };
        let request = search_monitors(line, size, last.and_then(|last| last.checked_sub(1)));
        let answer = client.send(&request).await?;
        if is_first && has_no_index(&answer) {
            // before 3.3 a cluster whose first monitor is yet to come has no index to search
            return Ok(());
        }
        let search::Page { total, mut hits } = search::page::<Hit>(answer, &request)?;
        let is_last = hits.len() < size || (is_first && hits.len() == total);
        hits.retain(|hit| Some(hit.seq_no) != last || !found.contains(&hit.id));
        let end = hits.last().map(|hit| hit.seq_no).or(last);
        // a server that starts over at each page would go on for ever
        let is_stuck = !is_last && end <= last;
        last = end;
        found.extend(hits.iter().map(|hit| hit.id.clone()));
        // whoever stopped listening needs no more
        if let Ok(room) = room {
            room.send(Page { line, hits });
        }
        if is_stuck || (is_last && found.len() < total) {
            return Err(Error::Moved { what: "monitors", found: found.len(), total });
        }
        if is_last {
            return Ok(());
        }
    }
}

/// The monitors that were written since the write `latest`; where the index has several shards, those of the shard that
/// was written last alone.
pub async fn written_since(client: &Client, line: Line, latest: Option<u64>) -> Result<Vec<Found>, Error> {
    let mut found = Vec::new();
    let mut latest = latest;
    loop {
        let request = search_monitors(line, PAGE, latest);
        let answer = client.send(&request).await?;
        if has_no_index(&answer) {
            return Ok(found);
        }
        let hits = search::page::<Hit>(answer, &request)?.hits;
        found.extend(hits.iter().map(|hit| read(hit, line)));
        let end = hits.last().map(|hit| hit.seq_no);
        if hits.len() < PAGE || end <= latest {
            return Ok(found);
        }
        latest = end;
    }
}

/// A page of those that were written after the write `after`.
fn search_monitors(line: Line, size: usize, after: Option<u64>) -> Request {
    let exists = |kind: &str| json!({"exists": {"field": kind}});
    // Open Distro finds destinations beside them, unless told what to look for; it has no workflows
    let query = if line.has_channels() {
        json!({"bool": {"should": [exists("monitor"), exists("workflow")]}})
    } else {
        exists("monitor")
    };
    let mut body = json!({
        "size": size,
        "query": query,
        "sort": [{"_seq_no": "asc"}],
        "track_total_hits": true,
    });
    if let Some(after) = after {
        body["search_after"] = json!([after]);
    }
    Request::post(format!("{}/monitors/_search", line.alerting()), body).harmless()
}

fn read(hit: &Hit, line: Line) -> Found {
    let text = hit.source.get();
    let source: Value = match serde_json::from_str(text) {
        Ok(source) => source,
        Err(error) => {
            let document = json!({"name": name_of(text)});
            return Found::Unreadable(other(hit, (Kind::Monitor, &document), error.to_string()));
        }
    };
    // one hit that the server fails to parse switches its unwrapping off for all that follow
    let unwrapped = |kind: &str| source.get(kind).filter(|document| document.is_object());
    let workflow = unwrapped("workflow").or((source["type"] == "workflow").then_some(&source));
    let (kind, document) = match workflow {
        Some(workflow) => (Kind::Workflow, workflow),
        None => (Kind::Monitor, unwrapped("monitor").unwrap_or(&source)),
    };
    if let Some(notice) = Notice::read(document) {
        return Found::Notice { id: hit.id.clone(), notice };
    }
    match monitor::decode_live(kind, document, line) {
        Ok(decoded) => Found::Monitor(Box::new(live(hit, decoded))),
        Err(flaws) => {
            let first = flaws.first().map(|flaw| format!("{} at `{}`", flaw.message, flaw.pointer));
            Found::Unreadable(other(hit, (kind, document), first.unwrap_or_default()))
        }
    }
}

fn live(hit: &Hit, decoded: Decoded) -> LiveMonitor {
    let Decoded { monitor, ids, mut ui_metadata, times, written_by, dropped } = decoded;
    let mark = ui_metadata.as_mut().and_then(Mark::take);
    let Hit { id: _, version, seq_no, primary_term, source: _ } = *hit;
    LiveMonitor {
        revision: Revision { seq_no, primary_term, version, times },
        monitor,
        ids,
        mark,
        written_by,
        ui_metadata: ui_metadata.as_ref().map(Json::of),
        unknown: dropped.iter().map(Dropped::pointer).collect(),
        id: hit.id.clone(),
    }
}

fn other(hit: &Hit, (kind, document): (Kind, &Value), reason: String) -> Unreadable {
    let name = document.get("name").and_then(Value::as_str).unwrap_or_default();
    let mut told = Vec::new();
    find_told(document, &mut told);
    Unreadable { kind, id: hit.id.clone(), name: Name::from(name), reason, told }
}

/// Whatever stands around them, the destinations of actions are told by the first key, and the monitors that a workflow
/// runs by the second.
fn find_told(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::Object(fields) => {
            for (key, value) in fields {
                match value {
                    Value::String(id) if key == "destination_id" || key == "monitor_id" => {
                        found.push(id.clone());
                    }
                    value => find_told(value, found),
                }
            }
        }
        Value::Array(items) => items.iter().for_each(|item| find_told(item, found)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// The name of a monitor of which nothing else can be read, as of a search that nests deeper than our reader follows:
/// without it, it would be created again.
fn name_of(source: &str) -> String {
    #[derive(Deserialize)]
    struct Named {
        name: Option<String>,
        monitor: Option<Box<Named>>,
    }
    let named = serde_json::from_str(source).ok();
    let named = named.and_then(|Named { name, monitor }| name.or_else(|| monitor?.name));
    named.unwrap_or_default()
}

#[derive(Deserialize)]
struct Hit {
    #[serde(rename = "_id")]
    id: String,
    #[serde(rename = "_version")]
    version: u64,
    #[serde(rename = "_seq_no")]
    seq_no: u64,
    #[serde(rename = "_primary_term")]
    primary_term: u64,
    /// The monitor, as text until it is looked at.
    #[serde(rename = "_source")]
    source: Box<RawValue>,
}

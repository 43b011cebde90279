//! Reads monitors page by page, by `_seq_no`, which each write raises: whatever is written meanwhile moves to the end,
//! where it is found again, and nothing slips through between two pages.

use std::collections::HashSet;

use serde::Deserialize;
use serde_json::value::RawValue;
use serde_json::{Value, json};
use tokio::sync::mpsc::Sender;

use super::PAGE;
use crate::api::client::Client;
use crate::api::line::Line;
use crate::api::live::{LiveMonitor, Revision, Unreadable};
use crate::api::request::Request;
use crate::api::wire::{mark::Mark, monitor};
use crate::error::Error;
use crate::model::json::Json;
use crate::model::name::Name;
use crate::model::resource::Kind;
use crate::parallel;

/// A page of monitors as they arrived.
pub struct Page {
    line: Line,
    hits: Vec<Hit>,
}

impl Page {
    /// What `look` makes of each monitor of the page; at no time are more than a few of them decoded.
    pub fn map<R: Send>(&self, look: impl Fn(Result<LiveMonitor, Unreadable>) -> R + Sync) -> Vec<R> {
        parallel::map(&self.hits, |hit| look(read(hit, self.line)))
    }
}

/// Sends all pages of monitors on.
///
/// Only a page that is not full is the last: what was deleted meanwhile is still counted among what was found, and what
/// was written meanwhile stands behind the rest, once more. One page that holds all is one state of the cluster.
pub async fn pages(client: &Client, line: Line, pages: Sender<Page>) -> Result<(), Error> {
    let mut found: HashSet<String> = HashSet::new();
    let mut after: Option<Value> = None;
    loop {
        // at most one page waits while another is decoded
        let room = pages.reserve().await;
        let is_first = after.is_none();
        let request = search_monitors(line, after.take());
        let answer = client.send(&request).await?;
        if answer.status == 404 {
            // before 3.3 a cluster whose first monitor is yet to come has no index to search
            return Ok(());
        }
        let list: List = answer.success(&request)?.json(&request)?;
        list.must_be_whole()?;
        let Hits { total: Total { value: total }, hits } = list.hits;
        let is_last = hits.len() < PAGE || (is_first && hits.len() == total);
        after = hits.last().map(|hit| json!(hit.sort));
        found.extend(hits.iter().map(|hit| hit.id.clone()));
        // whoever stopped listening needs no more
        if let Ok(room) = room {
            room.send(Page { line, hits });
        }
        if is_last && found.len() < total {
            return Err(Error::Moved { what: "monitors", found: found.len(), total });
        }
        if is_last {
            return Ok(());
        }
    }
}

fn search_monitors(line: Line, after: Option<Value>) -> Request {
    let mut body = json!({
        "size": PAGE,
        "query": {"exists": {"field": "monitor"}},
        "sort": [{"_seq_no": "asc"}],
        "track_total_hits": true,
    });
    if let Some(after) = after {
        body["search_after"] = after;
    }
    Request::post(format!("{}/monitors/_search", line.alerting()), body).harmless()
}

fn read(hit: &Hit, line: Line) -> Result<LiveMonitor, Unreadable> {
    let unreadable = |name: &str, reason: String| Unreadable {
        kind: Kind::Monitor,
        id: hit.id.clone(),
        name: Name::from(name),
        reason,
    };
    let source: Value =
        serde_json::from_str(hit.source.get()).map_err(|error| unreadable("", error.to_string()))?;
    // one hit that the server fails to parse switches its unwrapping off for all that follow
    let document = source.get("monitor").filter(|monitor| monitor.is_object()).unwrap_or(&source);
    let decoded = monitor::decode_live(document, line).map_err(|flaw| {
        let name = document.get("name").and_then(Value::as_str).unwrap_or_default();
        unreadable(name, format!("{} at `{}`", flaw.message, flaw.pointer))
    })?;
    let mut ui_metadata = decoded.ui_metadata;
    let mark = ui_metadata.as_mut().and_then(Mark::take);
    Ok(LiveMonitor {
        revision: Revision { seq_no: hit.seq_no, primary_term: hit.primary_term, version: hit.version },
        monitor: decoded.monitor,
        ids: decoded.ids,
        mark,
        ui_metadata: ui_metadata.as_ref().map(Json::of),
        id: hit.id.clone(),
    })
}

/// One page of a search.
#[derive(Deserialize)]
struct List {
    timed_out: bool,
    #[serde(rename = "_shards")]
    shards: Shards,
    hits: Hits,
}

impl List {
    fn must_be_whole(&self) -> Result<(), Error> {
        if self.timed_out || self.shards.failed > 0 {
            return Err(Error::Gap { failed_shards: self.shards.failed });
        }
        Ok(())
    }
}

#[derive(Deserialize)]
struct Shards {
    failed: usize,
}

#[derive(Deserialize)]
struct Hits {
    total: Total,
    hits: Vec<Hit>,
}

#[derive(Deserialize)]
struct Total {
    value: usize,
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
    sort: Vec<Value>,
}

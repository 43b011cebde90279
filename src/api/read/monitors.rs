//! Reads monitors page by page, by `_seq_no`, which each write raises: whatever is written meanwhile moves to the end,
//! where it is found again, and nothing slips through between two pages.

use std::collections::HashSet;

use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::value::RawValue;
use serde_json::{Value, json};
use tokio::sync::mpsc::Sender;

use super::{PAGE, moved};
use crate::api::answer::Answer;
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

/// A page of monitors as it arrived.
pub struct Page {
    line: Line,
    heads: Vec<HeadHit>,
    answer: Answer,
}

impl Page {
    /// What `look` makes of each monitor of the page; at no time are more than a few of them decoded.
    pub fn map<R: Send>(&self, look: impl Fn(Result<LiveMonitor, Unreadable>) -> R + Sync) -> Vec<R> {
        // cannot fail: the heads were read out of the same text, with the same keys
        let body = serde_json::from_slice::<Body<'_>>(&self.answer.body);
        let hits = body.map(|body| body.hits.hits).unwrap_or_default();
        let hits: Vec<(&HeadHit, Hit<'_>)> = self.heads.iter().zip(hits).collect();
        parallel::map(&hits, |(head, hit)| look(read(head, hit.source, self.line)))
    }
}

/// Sends all pages of monitors on.
pub async fn pages(client: &Client, line: Line, pages: Sender<Page>) -> Result<(), Error> {
    let mut found: HashSet<String> = HashSet::new();
    let mut after: Option<Value> = None;
    loop {
        // at most one page waits while another is decoded
        let room = pages.reserve().await;
        let request = search_monitors(line, after.take());
        let answer = client.send(&request).await?;
        if answer.status == 404 {
            // before 3.3 a cluster whose first monitor is yet to come has no index to search
            return Ok(());
        }
        let answer = answer.success(&request)?;
        let head: Head = answer.json(&request)?;
        head.must_be_whole()?;
        let HeadHits { total: Total { value: total }, hits } = head.hits;
        let is_last = hits.len() < PAGE;
        after = hits.last().and_then(|hit| hit.sort.as_ref()).map(|sort| json!(sort));
        found.extend(hits.iter().map(|hit| hit.id.clone()));
        // whoever stopped listening needs no more
        if let Ok(room) = room {
            room.send(Page { line, heads: hits, answer });
        }
        if found.len() >= total {
            return Ok(());
        }
        if is_last || after.is_none() {
            return Err(moved("monitors", found.len(), total));
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

fn read(head: &HeadHit, source: &RawValue, line: Line) -> Result<LiveMonitor, Unreadable> {
    let unreadable = |name: &str, reason: String| Unreadable {
        kind: Kind::Monitor,
        id: head.id.clone(),
        name: Name::from(name),
        reason,
    };
    let source: Value =
        serde_json::from_str(source.get()).map_err(|error| unreadable("", error.to_string()))?;
    // one hit that the server fails to parse switches its unwrapping off for all that follow
    let document = source.get("monitor").filter(|monitor| monitor.is_object()).unwrap_or(&source);
    let decoded = monitor::decode_live(document, line).map_err(|flaw| {
        let name = document.get("name").and_then(Value::as_str).unwrap_or_default();
        unreadable(name, format!("{} at `{}`", flaw.message, flaw.pointer))
    })?;
    let mut ui_metadata = decoded.ui_metadata;
    let mark = ui_metadata.as_mut().and_then(Mark::take);
    Ok(LiveMonitor {
        revision: Revision { seq_no: head.seq_no, primary_term: head.primary_term, version: head.version },
        monitor: decoded.monitor,
        ids: decoded.ids,
        mark,
        ui_metadata: ui_metadata.as_ref().map(Json::of),
        id: head.id.clone(),
    })
}

/// All of a page but its monitors.
#[derive(Deserialize)]
struct Head {
    timed_out: bool,
    #[serde(rename = "_shards")]
    shards: Shards,
    hits: HeadHits,
}

impl Head {
    fn must_be_whole(&self) -> Result<(), Error> {
        if self.timed_out || self.shards.failed > 0 {
            return Err(Error::usage(
                format!("the list of monitors is not whole: {} shards failed", self.shards.failed),
                "see to the index `.opendistro-alerting-config`, and run it again",
            ));
        }
        Ok(())
    }
}

#[derive(Deserialize)]
struct Shards {
    failed: usize,
}

#[derive(Deserialize)]
struct HeadHits {
    total: Total,
    hits: Vec<HeadHit>,
}

#[derive(Deserialize)]
struct HeadHit {
    #[serde(rename = "_id")]
    id: String,
    #[serde(rename = "_version")]
    version: u64,
    #[serde(rename = "_seq_no")]
    seq_no: u64,
    #[serde(rename = "_primary_term")]
    primary_term: u64,
    /// Must be there.
    #[serde(rename = "_source")]
    _source: IgnoredAny,
    sort: Option<Vec<Value>>,
}

#[derive(Deserialize)]
struct Total {
    value: usize,
}

/// The monitors of a page, which stay where they arrived until they are decoded.
#[derive(Deserialize)]
struct Body<'a> {
    #[serde(borrow)]
    hits: BodyHits<'a>,
}

#[derive(Deserialize)]
struct BodyHits<'a> {
    #[serde(borrow)]
    hits: Vec<Hit<'a>>,
}

#[derive(Deserialize)]
struct Hit<'a> {
    #[serde(rename = "_source", borrow)]
    source: &'a RawValue,
}

//! Reads a whole cluster in a handful of requests: pages as large as is sensible, never an object at a time.

use std::collections::BTreeMap;
use std::panic::resume_unwind;

use serde::Deserialize;
use serde_json::value::RawValue;
use serde_json::{Value, json};
use tokio::task::{JoinHandle, spawn_blocking};

use super::client::Client;
use super::line::Line;
use super::live::{DestinationRevision, Live, LiveDestination, LiveMonitor, Revision, Unreadable};
use super::request::Request;
use super::wire::{canonical, channel, destination, mark::Mark, monitor};
use crate::error::Error;
use crate::model::json::Json;
use crate::model::name::Name;
use crate::model::resource::Kind;

/// How many objects are asked for at once. A server gives up to 10,000; a thousand monitors are some two megabytes,
/// which bounds what we hold, and one request more for each thousand is not felt.
pub const PAGE: usize = 1000;

/// Reads all monitors and destinations of a cluster.
pub async fn live(client: &Client, line: Line) -> Result<Live, Error> {
    let (monitors, destinations) = tokio::try_join!(monitors(client, line), destinations(client, line))?;
    let mut live = Live {
        line,
        monitors: Vec::new(),
        destinations: Vec::new(),
        unreadable: Vec::new(),
        beyond: Vec::new(),
    };
    live.monitors = keep(monitors, &mut live.unreadable);
    live.destinations = keep(destinations.channels, &mut live.unreadable);
    live.beyond = destinations.beyond;
    live.monitors.sort_by(|a, b| (&a.monitor.name, &a.id).cmp(&(&b.monitor.name, &b.id)));
    live.destinations.sort_by(|a, b| (&a.destination.name, &a.id).cmp(&(&b.destination.name, &b.id)));
    live.unreadable.sort_by(|a, b| (a.kind, &a.name, &a.id).cmp(&(b.kind, &b.name, &b.id)));
    Ok(live)
}

fn keep<T>(results: Vec<Result<T, Unreadable>>, unreadable: &mut Vec<Unreadable>) -> Vec<T> {
    let mut kept = Vec::with_capacity(results.len());
    for result in results {
        match result {
            Ok(value) => kept.push(value),
            Err(reason) => unreadable.push(reason),
        }
    }
    kept
}

/// Pages by `_seq_no`, which each write raises: whatever is written meanwhile moves to the end, where it is found
/// again, and nothing slips through between two pages. A page is decoded while the next one is on its way.
async fn monitors(client: &Client, line: Line) -> Result<Vec<Result<LiveMonitor, Unreadable>>, Error> {
    let mut found = Vec::new();
    let mut decoding: Option<Decoding> = None;
    let mut after: Option<Value> = None;
    loop {
        let request = search_monitors(line, after.take());
        let answer = client.send(&request).await?;
        if answer.status == 404 {
            // before 3.3 a cluster whose first monitor is yet to come has no index to search
            return Ok(Vec::new());
        }
        let page: SearchPage = answer.success(&request)?.json(&request)?;
        page.must_be_whole()?;
        let Hits { total: Total { value: total }, hits } = page.hits;
        let length = hits.len();
        after = hits.last().and_then(|hit| hit.sort.as_ref()).map(|sort| json!(sort));
        found.reserve_exact(total.saturating_sub(found.len()));
        found.extend(decoded(decoding.take()).await);
        decoding =
            Some(spawn_blocking(move || hits.into_iter().map(|hit| read_monitor(hit, line)).collect()));
        let is_last = length < PAGE || after.is_none();
        if is_last || found.len() + length >= total {
            found.extend(decoded(decoding.take()).await);
            keep_latest(&mut found);
            if found.len() >= total {
                return Ok(found);
            }
            if is_last {
                return Err(moved("monitors", found.len(), total));
            }
        }
    }
}

/// A page on its way from JSON to monitors, on another core.
type Decoding = JoinHandle<Vec<Result<LiveMonitor, Unreadable>>>;

async fn decoded(decoding: Option<Decoding>) -> Vec<Result<LiveMonitor, Unreadable>> {
    match decoding {
        None => Vec::new(),
        Some(decoding) => decoding.await.unwrap_or_else(|error| resume_unwind(error.into_panic())),
    }
}

/// Of a monitor that was written while we read, and so found twice, the later state counts.
fn keep_latest(found: &mut Vec<Result<LiveMonitor, Unreadable>>) {
    let id = |found: &Result<LiveMonitor, Unreadable>| match found {
        Ok(live) => live.id.clone(),
        Err(unreadable) => unreadable.id.clone(),
    };
    found.reverse();
    found.sort_by_cached_key(id);
    found.dedup_by_key(|found| id(found));
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

fn read_monitor(hit: Hit, line: Line) -> Result<LiveMonitor, Unreadable> {
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
    let decoded = monitor::decode(document).map_err(|flaw| {
        let name = document.get("name").and_then(Value::as_str).unwrap_or_default();
        unreadable(name, format!("{} at `{}`", flaw.message, flaw.pointer))
    })?;
    let mut ui_metadata = decoded.ui_metadata;
    let mark = ui_metadata.as_mut().and_then(Mark::take);
    Ok(LiveMonitor {
        revision: Revision { seq_no: hit.seq_no, primary_term: hit.primary_term, version: hit.version },
        monitor: canonical::monitor(decoded.monitor, line),
        ids: decoded.ids,
        mark,
        ui_metadata: ui_metadata.as_ref().map(Json::of),
        id: hit.id,
    })
}

/// What is found where destinations are.
#[derive(Default)]
struct Destinations {
    channels: Vec<Result<LiveDestination, Unreadable>>,
    beyond: Vec<Unreadable>,
}

async fn destinations(client: &Client, line: Line) -> Result<Destinations, Error> {
    let mut found = Destinations::default();
    loop {
        let count = found.channels.len() + found.beyond.len();
        let request = list_destinations(line, count);
        let answer = client.send(&request).await?;
        if answer.status == 404 {
            return Ok(found);
        }
        let answer = answer.success(&request)?;
        let (total, length) = if line.has_channels() {
            let page: ChannelPage = answer.json(&request)?;
            let (total, length) = (page.total_hits, page.config_list.len());
            page.config_list.into_iter().for_each(|entry| sort_in(&mut found, entry, line));
            (total, length)
        } else {
            let page: DestinationPage = answer.json(&request)?;
            let (total, length) = (page.total_destinations, page.destinations.len());
            found.channels.extend(page.destinations.iter().map(|document| read_destination(document, line)));
            (total, length)
        };
        if count + length >= total {
            return Ok(found);
        }
        if length == 0 {
            return Err(moved("destinations", count, total));
        }
    }
}

/// When each channel was written last, as the list tells it.
pub async fn channel_times(client: &Client, line: Line) -> Result<BTreeMap<String, u64>, Error> {
    let mut times = BTreeMap::new();
    loop {
        let request = list_destinations(line, times.len());
        let page: ChannelPage = client.ask(&request).await?.json(&request)?;
        let is_last = page.config_list.len() < PAGE;
        times.extend(page.config_list.into_iter().map(|entry| (entry.config_id, entry.last_updated_time_ms)));
        if is_last {
            return Ok(times);
        }
    }
}

fn list_destinations(line: Line, from: usize) -> Request {
    Request::get(if line.has_channels() {
        format!(
            "/_plugins/_notifications/configs?from_index={from}&max_items={PAGE}&sort_field=created_time_ms"
        )
    } else {
        format!("{}/destinations?startIndex={from}&size={PAGE}", line.alerting())
    })
}

fn sort_in(found: &mut Destinations, entry: ChannelEntry, line: Line) {
    let text = |key: &str| entry.config.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
    let unreadable = |reason: String| Unreadable {
        kind: Kind::Destination,
        id: entry.config_id.clone(),
        name: Name::new(text("name")),
        reason,
    };
    if ["smtp_account", "ses_account", "email_group"].contains(&text("config_type").as_str()) {
        found.beyond.push(unreadable(format!("no file can declare a `{}` yet", text("config_type"))));
        return;
    }
    found.channels.push(match channel::decode(&entry.config) {
        Ok(destination) => Ok(LiveDestination {
            revision: DestinationRevision::Channel { last_updated_time_ms: entry.last_updated_time_ms },
            destination: canonical::destination(destination, line),
            id: entry.config_id,
        }),
        Err(flaw) => Err(unreadable(format!("{} at `{}`", flaw.message, flaw.pointer))),
    });
}

fn read_destination(document: &Value, line: Line) -> Result<LiveDestination, Unreadable> {
    let text = |key: &str| document.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
    let number = |key: &str| document.get(key).and_then(Value::as_u64).unwrap_or_default();
    let decoded = destination::decode(document).map_err(|flaw| Unreadable {
        kind: Kind::Destination,
        id: text("id"),
        name: Name::new(text("name")),
        reason: format!("{} at `{}`", flaw.message, flaw.pointer),
    })?;
    Ok(LiveDestination {
        id: text("id"),
        revision: DestinationRevision::Document {
            seq_no: number("seq_no"),
            primary_term: number("primary_term"),
        },
        destination: canonical::destination(decoded, line),
    })
}

/// A list that is shorter than it says would make us create what is there already.
fn moved(what: &str, found: usize, total: usize) -> Error {
    Error::usage(
        format!("the cluster lists {found} of {total} {what}: the list changed while it was read"),
        "run it again",
    )
}

#[derive(Deserialize)]
struct SearchPage {
    timed_out: bool,
    #[serde(rename = "_shards")]
    shards: Shards,
    hits: Hits,
}

impl SearchPage {
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
    #[serde(rename = "_source")]
    source: Box<RawValue>,
    sort: Option<Vec<Value>>,
}

#[derive(Deserialize)]
struct DestinationPage {
    #[serde(rename = "totalDestinations")]
    total_destinations: usize,
    destinations: Vec<Value>,
}

/// A list of notification configs; also what a GET of a single one answers.
#[derive(Deserialize)]
pub struct ChannelPage {
    /// How many there are in all.
    pub total_hits: usize,
    /// Those of this page.
    pub config_list: Vec<ChannelEntry>,
}

/// One entry of the list of notification configs.
#[derive(Deserialize)]
pub struct ChannelEntry {
    /// The id.
    pub config_id: String,
    /// When it was written last, in milliseconds since 1970.
    pub last_updated_time_ms: u64,
    /// The channel.
    pub config: Value,
}

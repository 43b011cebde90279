//! Reads destinations, or the channels that they are from 2.0 on.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

use super::PAGE;
use crate::api::answer::Answer;
use crate::api::client::Client;
use crate::api::line::Line;
use crate::api::live::{DestinationRevision, Destinations, LiveDestination, Unreadable};
use crate::api::request::Request;
use crate::api::wire::{canonical, channel, destination};
use crate::api::write;
use crate::error::Error;
use crate::model::name::Name;
use crate::model::resource::Kind;

/// Reads all destinations of a cluster.
pub async fn read(client: &Client, line: Line) -> Result<Destinations, Error> {
    let mut found = Destinations::default();
    loop {
        let count = found.live.len() + found.unreadable.len() + found.beyond.len();
        let request = list_destinations(line, count);
        let answer = client.send(&request).await?;
        if answer.status == 404 {
            return Ok(sorted(found));
        }
        let (total, length) = add_page(&mut found, &answer.success(&request)?, &request, line)?;
        if count + length >= total {
            return Ok(sorted(found));
        }
        if length == 0 {
            return Err(Error::Moved { what: "destinations", found: count, total });
        }
    }
}

/// Reads the destination with this id as it is now; nothing when there is none.
pub async fn destination(client: &Client, line: Line, id: &str) -> Result<Destinations, Error> {
    let request = write::get_destination(line, id);
    let answer = client.send(&request).await?;
    let mut found = Destinations::default();
    if answer.status != 404 {
        add_page(&mut found, &answer.success(&request)?, &request, line)?;
    }
    Ok(found)
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

/// Adds what a page lists; gives how many there are in all, and how many on the page.
fn add_page(
    found: &mut Destinations,
    answer: &Answer,
    request: &Request,
    line: Line,
) -> Result<(usize, usize), Error> {
    if line.has_channels() {
        let page: ChannelPage = answer.json(request)?;
        let counts = (page.total_hits, page.config_list.len());
        page.config_list.into_iter().for_each(|entry| sort_in(found, entry, line));
        Ok(counts)
    } else {
        let page: DestinationPage = answer.json(request)?;
        let counts = (page.total_destinations, page.destinations.len());
        page.destinations.iter().for_each(|document| keep(found, read_destination(document, line)));
        Ok(counts)
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
    let read = match channel::decode(&entry.config) {
        Ok(destination) => Ok(LiveDestination {
            revision: DestinationRevision::Channel { last_updated_time_ms: entry.last_updated_time_ms },
            destination: canonical::destination(destination, line),
            id: entry.config_id,
        }),
        Err(flaw) => Err(unreadable(format!("{} at `{}`", flaw.message, flaw.pointer))),
    };
    keep(found, read);
}

fn keep(found: &mut Destinations, read: Result<LiveDestination, Unreadable>) {
    match read {
        Ok(live) => found.live.push(live),
        Err(unreadable) => found.unreadable.push(unreadable),
    }
}

fn sorted(mut found: Destinations) -> Destinations {
    found.live.sort_by(|a, b| (&a.destination.name, &a.id).cmp(&(&b.destination.name, &b.id)));
    found
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

#[derive(Deserialize)]
struct DestinationPage {
    #[serde(rename = "totalDestinations")]
    total_destinations: usize,
    destinations: Vec<Value>,
}

#[derive(Deserialize)]
struct ChannelPage {
    total_hits: usize,
    config_list: Vec<ChannelEntry>,
}

#[derive(Deserialize)]
struct ChannelEntry {
    config_id: String,
    last_updated_time_ms: u64,
    config: Value,
}

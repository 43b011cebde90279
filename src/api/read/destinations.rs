//! Reads destinations with what e-mail makes use of, or the channels that they all are from 2.0 on.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;
use tokio::try_join;

use super::listing::{self, MOST};
use super::{emails, unlisted};
use crate::api::client::Client;
use crate::api::line::Line;
use crate::api::live::{DestinationRevision, Destinations, LiveDestination, Unreadable};
use crate::api::request::Request;
use crate::api::wire::unknown::unknown;
use crate::api::wire::{canonical, channel, destination};
use crate::api::write;
use crate::error::Error;
use crate::model::resource::Kind;

/// Reads all destinations of a cluster.
pub async fn read(client: &Client, line: Line) -> Result<Destinations, Error> {
    if line.has_channels() {
        return Ok(of_channels(channels(client, line).await?, line));
    }
    let (documents, accounts, groups) = try_join!(
        documents(client, line),
        emails::read(client, line, Kind::EmailAccount),
        emails::read(client, line, Kind::EmailGroup),
    )?;
    let mut found = of_documents(&documents, line);
    for Destinations { live, unreadable, hidden } in [accounts, groups] {
        found.live.extend(live);
        found.unreadable.extend(unreadable);
        found.hidden.extend(hidden);
    }
    Ok(sorted(found))
}

/// Reads the one of a kind with this id as it is now; nothing when there is none.
pub async fn destination(client: &Client, line: Line, kind: Kind, id: &str) -> Result<Destinations, Error> {
    let request = write::get_destination(line, kind, id);
    if line.has_channels() {
        return Ok(of_channels(listing::read_one(client, &request).await?, line));
    }
    if kind != Kind::Destination {
        return emails::read_one(client, line, kind, id).await;
    }
    let documents = match listing::read_one(client, &request).await {
        Err(error) if error.is_unknown_to_server() => unlisted::one(client, line, id).await?,
        read => read?,
    };
    Ok(of_documents(&documents, line))
}

async fn documents(client: &Client, line: Line) -> Result<Vec<Value>, Error> {
    match listing::read(client, "destinations", &list_destinations(line)).await {
        Err(error) if error.is_unknown_to_server() => unlisted::all(client, line).await,
        read => read,
    }
}

/// When each channel was written last, as the list tells it.
pub async fn channel_times(client: &Client, line: Line) -> Result<BTreeMap<String, u64>, Error> {
    let entries = channels(client, line).await?.into_iter();
    Ok(entries.map(|entry| (entry.config_id, entry.last_updated_time_ms)).collect())
}

async fn channels(client: &Client, line: Line) -> Result<Vec<ChannelEntry>, Error> {
    listing::read(client, "channels", &list_destinations(line)).await
}

fn of_channels(entries: Vec<ChannelEntry>, line: Line) -> Destinations {
    let mut found = Destinations::default();
    for entry in entries {
        sort_in(&mut found, entry, line);
    }
    sorted(found)
}

fn of_documents(documents: &[Value], line: Line) -> Destinations {
    let mut found = Destinations::default();
    for document in documents {
        keep(&mut found, read_destination(document, line));
    }
    sorted(found)
}

fn sorted(mut found: Destinations) -> Destinations {
    found.live.sort_by_cached_key(|live| (live.key(), live.id.clone()));
    found
}

fn list_destinations(line: Line) -> Request {
    Request::get(if line.has_channels() {
        format!("/_plugins/_notifications/configs?max_items={MOST}")
    } else {
        format!("{}/destinations?size={MOST}", line.alerting())
    })
}

fn sort_in(found: &mut Destinations, entry: ChannelEntry, line: Line) {
    let kind = match entry.config.get("config_type").and_then(Value::as_str) {
        Some("smtp_account" | "ses_account") => Kind::EmailAccount,
        Some("email_group") => Kind::EmailGroup,
        _ => Kind::Destination,
    };
    let read = match channel::decode(&entry.config) {
        Ok(destination) => Ok(LiveDestination {
            revision: DestinationRevision::Channel { last_updated_time_ms: entry.last_updated_time_ms },
            unknown: unknown(&entry.config, &channel::encode(&destination)),
            destination: canonical::destination(destination, line),
            id: entry.config_id,
        }),
        Err(flaw) => Err(Unreadable::of(kind, &entry.config_id, &entry.config, &flaw)),
    };
    keep(found, read);
}

fn keep(found: &mut Destinations, read: Result<LiveDestination, Unreadable>) {
    match read {
        Ok(live) => found.live.push(live),
        Err(unreadable) => found.unreadable.push(unreadable),
    }
}

fn read_destination(document: &Value, line: Line) -> Result<LiveDestination, Unreadable> {
    let text = |key: &str| document.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
    let number = |key: &str| document.get(key).and_then(Value::as_u64).unwrap_or_default();
    let decoded = destination::decode(document)
        .map_err(|flaw| Unreadable::of(Kind::Destination, &text("id"), document, &flaw))?;
    Ok(LiveDestination {
        id: text("id"),
        revision: DestinationRevision::Document {
            seq_no: number("seq_no"),
            primary_term: number("primary_term"),
        },
        destination: canonical::destination(decoded, line),
        // these lines are at their end: none of them shows what we do not know
        unknown: Vec::new(),
    })
}

#[derive(Deserialize)]
struct ChannelEntry {
    config_id: String,
    last_updated_time_ms: u64,
    config: Value,
}

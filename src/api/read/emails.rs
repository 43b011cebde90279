//! Reads the accounts and groups that stand beside destinations before 2.0; later they are channels like all others.

use serde_json::{Value, json};

use super::listing::MOST;
use super::search::Hit;
use super::{has_no_index, is_gone, search};
use crate::api::client::Client;
use crate::api::line::Line;
use crate::api::live::{DestinationRevision, Destinations, LiveDestination, Unreadable};
use crate::api::request::Request;
use crate::api::wire::{canonical, email};
use crate::api::write;
use crate::error::Error;
use crate::model::resource::Kind;

/// Reads all accounts, or all groups. Whoever may not list them, or whose cluster allows no e-mail, is told of the
/// reason, and has all else.
pub async fn read(client: &Client, line: Line, kind: Kind) -> Result<Destinations, Error> {
    let query = json!({"size": MOST, "query": {"match_all": {}}, "track_total_hits": true});
    let request = Request::post(format!("{}/_search", write::home(line, kind)), query).harmless();
    let answer = client.send(&request).await?;
    if has_no_index(&answer) {
        return Ok(Destinations::default());
    }
    if answer.status == 403 {
        let reason = answer.success(&request).err().map(|error| error.to_string()).unwrap_or_default();
        return Ok(Destinations { hidden: vec![(kind, reason)], ..Destinations::default() });
    }
    match search::all(answer, &request, "email accounts or groups") {
        // a server that is too old for e-mail
        Err(error) if error.is_unknown_to_server() => Ok(Destinations::default()),
        hits => Ok(all(kind, hits?, line)),
    }
}

/// Reads the account or group with this id as it is now; nothing when there is none.
pub async fn read_one(client: &Client, line: Line, kind: Kind, id: &str) -> Result<Destinations, Error> {
    let request = write::get_destination(line, kind, id);
    let answer = client.send(&request).await?;
    if is_gone(&answer) || has_no_index(&answer) {
        return Ok(Destinations::default());
    }
    Ok(all(kind, vec![answer.success(&request)?.json(&request)?], line))
}

fn all(kind: Kind, hits: Vec<Hit<Value>>, line: Line) -> Destinations {
    let mut found = Destinations::default();
    for Hit { id, seq_no, primary_term, source } in hits {
        let decoded = match kind {
            Kind::EmailAccount => email::decode_account(&source),
            _ => email::decode_group(&source),
        };
        match decoded {
            Ok(destination) => found.live.push(LiveDestination {
                id,
                revision: DestinationRevision::Document { seq_no, primary_term },
                destination: canonical::destination(destination, line),
                unknown: Vec::new(),
            }),
            Err(flaw) => found.unreadable.push(Unreadable::of(kind, &id, &source, &flaw)),
        }
    }
    found
}

//! Reads a list of destinations or of channels: all of it in one request, which shows one state of the cluster.

use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::{has_no_index, is_gone};
use crate::api::client::Client;
use crate::api::request::Request;
use crate::error::Error;

/// The most that a server lists, in one page or in many.
pub const MOST: usize = 10_000;

/// Reads all entries of a list of `what`; none where the server has no such index yet.
pub async fn read<T: DeserializeOwned>(
    client: &Client,
    what: &'static str,
    request: &Request,
) -> Result<Vec<T>, Error> {
    let answer = client.send(request).await?;
    if has_no_index(&answer) {
        return Ok(Vec::new());
    }
    let Page { total, entries } = answer.success(request)?.json(request)?;
    // the total that the server tells ends there too
    if entries.len() >= MOST {
        return Err(Error::TooMany { what, most: MOST });
    }
    if entries.len() < total {
        return Err(Error::Moved { what, found: entries.len(), total });
    }
    Ok(entries)
}

/// Reads what a single request lists; nothing where there is nothing.
pub async fn read_one<T: DeserializeOwned>(client: &Client, request: &Request) -> Result<Vec<T>, Error> {
    let answer = client.send(request).await?;
    if is_gone(&answer) {
        return Ok(Vec::new());
    }
    let Page { total: _, entries } = answer.success(request)?.json(request)?;
    Ok(entries)
}

/// A page of destinations, or of notification configs.
#[derive(Deserialize)]
struct Page<T> {
    #[serde(alias = "totalDestinations", alias = "total_hits")]
    total: usize,
    #[serde(alias = "destinations", alias = "config_list")]
    entries: Vec<T>,
}

//! Reads a list that is paged by offset, where whatever is written or deleted meanwhile moves all that stands behind
//! it.

use std::collections::HashSet;

use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::has_no_index;
use crate::api::client::Client;
use crate::api::request::Request;
use crate::error::Error;

/// How often a list is read at most, when it changes each time.
const ATTEMPTS: usize = 3;

/// Reads all entries of a list of `what`, each once; none where the server has no such index yet.
///
/// `page` asks for the entries from an offset on, `id` tells them apart. A list of several pages counts only when it
/// kept still; otherwise it is read again.
pub async fn read<T: DeserializeOwned>(
    client: &Client,
    what: &'static str,
    page: impl Fn(usize) -> Request,
    id: fn(&T) -> &str,
) -> Result<Vec<T>, Error> {
    let mut attempt = 1;
    loop {
        match read_once(client, &page, id).await? {
            Reading::Still(entries) => return Ok(entries),
            Reading::Moved { found, total } if attempt == ATTEMPTS => {
                return Err(Error::Moved { what, found, total });
            }
            Reading::Moved { .. } => attempt += 1,
        }
    }
}

/// A list that was read from its beginning to its end.
enum Reading<T> {
    /// It kept still.
    Still(Vec<T>),
    /// Something was written or deleted between two pages.
    Moved { found: usize, total: usize },
}

/// A list kept still when each page begins with the last entry of the page before, all pages tell the same total, and
/// no entry comes twice.
async fn read_once<T: DeserializeOwned>(
    client: &Client,
    page: impl Fn(usize) -> Request,
    id: fn(&T) -> &str,
) -> Result<Reading<T>, Error> {
    let mut entries: Vec<T> = Vec::new();
    let mut seen: HashSet<String> = HashSet::new();
    let mut first_total = None;
    loop {
        let request = page(entries.len().saturating_sub(1));
        let answer = client.send(&request).await?;
        if entries.is_empty() && has_no_index(&answer) {
            return Ok(Reading::Still(Vec::new()));
        }
        let Page { total, entries: listed } = answer.success(&request)?.json(&request)?;
        let before = entries.len();
        let mut listed = listed.into_iter();
        let follows =
            entries.last().is_none_or(|last| listed.next().is_some_and(|first| id(&first) == id(last)));
        let is_same = *first_total.get_or_insert(total) == total;
        let mut is_new = true;
        for entry in listed {
            is_new &= seen.insert(id(&entry).to_owned());
            entries.push(entry);
        }
        let is_whole = entries.len() >= total;
        let goes_on = entries.len() > before;
        if !(follows && is_same && is_new && (is_whole || goes_on)) {
            return Ok(Reading::Moved { found: seen.len(), total });
        }
        if is_whole {
            return Ok(Reading::Still(entries));
        }
    }
}

/// Reads what a single page lists; nothing where there is nothing.
pub async fn read_page<T: DeserializeOwned>(client: &Client, request: &Request) -> Result<Vec<T>, Error> {
    let answer = client.send(request).await?;
    if answer.status == 404 {
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

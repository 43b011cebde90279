//! What a search answers, whatever it is for.

use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::api::answer::Answer;
use crate::api::request::Request;
use crate::error::Error;

/// One page of hits.
pub struct Page<H> {
    /// How many there are on all pages.
    pub total: usize,
    /// Those of this page.
    pub hits: Vec<H>,
}

/// Reads a page to which every shard of the index contributed.
pub fn page<H: DeserializeOwned>(answer: Answer, request: &Request) -> Result<Page<H>, Error> {
    let List { timed_out, shards, hits } = answer.success(request)?.json(request)?;
    if timed_out || shards.failed > 0 {
        return Err(Error::Gap { failed_shards: shards.failed });
    }
    Ok(Page { total: hits.total.value, hits: hits.hits })
}

#[derive(Deserialize)]
struct List<H> {
    timed_out: bool,
    #[serde(rename = "_shards")]
    shards: Shards,
    hits: Hits<H>,
}

#[derive(Deserialize)]
struct Shards {
    failed: usize,
}

#[derive(Deserialize)]
struct Hits<H> {
    total: Total,
    hits: Vec<H>,
}

#[derive(Deserialize)]
struct Total {
    value: usize,
}

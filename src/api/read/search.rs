//! What a search answers, whatever it is for.

use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::listing::MOST;
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

/// Reads all hits, of which one page holds all; `what` they are, where there are more.
pub fn all<S: DeserializeOwned>(
    answer: Answer,
    request: &Request,
    what: &'static str,
) -> Result<Vec<Hit<S>>, Error> {
    let Page { total, hits } = page(answer, request)?;
    if hits.len() < total {
        return Err(Error::TooMany { what, most: MOST });
    }
    Ok(hits)
}

/// A document that a search found, or that was asked for by its id.
#[derive(Deserialize)]
pub struct Hit<S> {
    /// Its id.
    #[serde(rename = "_id")]
    pub id: String,
    /// Which write it is, of all.
    #[serde(rename = "_seq_no")]
    pub seq_no: u64,
    /// In which term of the shard.
    #[serde(rename = "_primary_term")]
    pub primary_term: u64,
    /// What it says.
    #[serde(rename = "_source", alias = "email_account", alias = "email_group")]
    pub source: S,
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

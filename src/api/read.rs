//! Reads a whole cluster in a handful of requests: pages as large as is sensible, never an object at a time.

mod alerts;
mod destinations;
mod emails;
mod listing;
mod monitors;
mod search;
mod unlisted;

use std::borrow::Borrow;
use std::panic::resume_unwind;
use std::time::Duration;

use tokio::sync::mpsc::{Receiver, channel};
use tokio::task::spawn_blocking;

pub use alerts::{Unlisted, active as active_alerts, in_error as alerts_in_error};
pub use destinations::{channel_times, destination, read as destinations};
pub use monitors::{Page, written_since};

use super::answer::Answer;
use super::client::Client;
use super::line::Line;
use super::live::{Destinations, Found};
use super::request::Request;
use crate::error::Error;

/// Reads all destinations and monitors of a cluster, and gives what `work` makes of them.
///
/// `work` has a thread of its own, and gets a page of monitors while the next one is on its way; it need not hold what
/// it has seen. When the reading fails what it made of the beginning is lost.
pub async fn cluster<T: Send + 'static>(
    client: &Client,
    line: Line,
    work: impl FnOnce(Destinations, Pages) -> T + Send + 'static,
) -> Result<T, Error> {
    let (send, receive) = channel(1);
    let working = async {
        let destinations = destinations::read(client, line).await?;
        let work = spawn_blocking(move || work(destinations, Pages(receive)));
        // a panic there is a panic here
        Ok(work.await.unwrap_or_else(|error| resume_unwind(error.into_panic())))
    };
    let (made, ()) = tokio::try_join!(working, monitors::pages(client, line, send))?;
    Ok(made)
}

/// The monitors of a cluster as they come, page by page; of one that comes twice the later state counts.
pub struct Pages(Receiver<Page>);

impl Iterator for Pages {
    type Item = Page;

    fn next(&mut self) -> Option<Page> {
        self.0.blocking_recv()
    }
}

/// Lets searches see all that was written, by a run that was killed a moment ago too: what they do not see would be
/// made again.
pub async fn reveal(client: &Client, line: Line) -> Result<(), Error> {
    let mut is_shown = true;
    for index in INDICES.into_iter().take(if line.has_channels() { 2 } else { 1 }) {
        let answer = client.send(&Request::get(format!("/{index}/_refresh"))).await?;
        is_shown &= answer.status == 200 || has_no_index(&answer);
    }
    // who may use the plugins need not have rights on their indices, which then show their writes by and by
    if !is_shown {
        tokio::time::sleep(REFRESH_INTERVAL).await;
    }
    Ok(())
}

/// Where the alerting plugin keeps what it is told, and the notifications plugin from 2.0 on.
const INDICES: [&str; 2] = [".opendistro-alerting-config", ".opensearch-notifications-config"];

/// After so long an index shows by itself what was written to it: a second, and some.
pub const REFRESH_INTERVAL: Duration = Duration::from_millis(1200);

/// Whether a list is empty since the server has no index for it yet; any other 404 is a wrong way, or a gate's.
fn has_no_index(answer: &Answer) -> bool {
    let words = String::from_utf8_lossy(&answer.body);
    answer.status == 404 && INDICES.iter().any(|index| words.contains(index))
}

/// Whether what a single request asked for is not there: the plugins say so with words of their own, and a gate in front
/// of them does not.
pub fn is_gone(answer: &Answer) -> bool {
    const WORDS: [&str; 2] = ["alerting_exception", "status_exception"];
    // it is there, and what it is to read or to run is not
    const OF_OTHERS: [&str; 2] = ["Configured indices are not found", "Monitors not found"];
    let words = String::from_utf8_lossy(&answer.body);
    let says = |what: &[&str]| what.iter().any(|word| words.contains(word));
    answer.status == 404 && says(&WORDS) && !says(&OF_OTHERS)
}

/// All monitors, each once.
pub fn all(pages: impl Iterator<Item: Borrow<Page>>) -> Vec<Found> {
    let mut found: Vec<Found> = pages.flat_map(|page| page.borrow().map(|found| found)).collect();
    found.reverse();
    found.sort_by(|a, b| a.id().cmp(b.id()));
    found.dedup_by(|later, earlier| later.id() == earlier.id());
    found
}

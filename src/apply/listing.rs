//! What was written is looked for in the server's list, which lags a second behind on 2.x, and may show what others did.

use std::collections::BTreeMap;
use std::time::Duration;

use super::report::{Listing, Report};
use crate::api::client::Client;
use crate::api::line::Line;
use crate::api::read;
use crate::error::Error;

/// Waits until the list shows what was written, so that a plan right after this apply is right; what it shows otherwise
/// somebody else wrote or deleted at the same time, which no guard keeps him from.
pub async fn await_written(client: &Client, line: Line, report: &mut Report) -> Result<(), Error> {
    const PATIENCE: u32 = 50;
    const PAUSE: Duration = Duration::from_millis(200);
    let mut awaited = std::mem::take(&mut report.written);
    for look in 0..PATIENCE {
        if awaited.is_empty() {
            return Ok(());
        }
        if look > 0 {
            tokio::time::sleep(PAUSE).await;
        }
        let listed = listed(client, line).await?;
        awaited.retain(|written| match (listed.get(&written.config_id), written.listing) {
            (Some(time), Listing::Rewritten { before, .. }) if *time == before => true,
            (Some(time), Listing::Rewritten { after, .. }) => {
                if *time != after {
                    report.undone(written, Error::Overwritten);
                }
                false
            }
            (Some(_), Listing::Present) | (None, Listing::Absent) => false,
            (None, Listing::Present) if !line.has_channels() => {
                report.undone(written, Error::DeletedMeanwhile);
                false
            }
            (Some(_), Listing::Absent) | (None, Listing::Present | Listing::Rewritten { .. }) => true,
        });
    }
    Err(Error::Unlisted)
}

/// What is listed, by id, and when it was written last, where that is told.
async fn listed(client: &Client, line: Line) -> Result<BTreeMap<String, u64>, Error> {
    if line.has_channels() {
        return read::channel_times(client, line).await;
    }
    read::reveal(client, line).await?;
    let live = read::destinations(client, line).await?.live;
    Ok(live.into_iter().map(|live| (live.id, 0)).collect())
}

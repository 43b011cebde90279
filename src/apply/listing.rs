//! The list of channels lags a second behind its writes on 2.x.

use std::time::Duration;

use super::report::{Listing, Report};
use crate::api::client::Client;
use crate::api::line::Line;
use crate::api::read;
use crate::error::Error;

/// Waits until the list of channels shows what was written, so that a plan right after this apply is right; what it shows
/// otherwise somebody else wrote at the same time, which no guard keeps him from.
pub async fn await_channels(client: &Client, line: Line, report: &mut Report) -> Result<(), Error> {
    const PATIENCE: u32 = 50;
    const PAUSE: Duration = Duration::from_millis(200);
    let mut awaited = std::mem::take(&mut report.written_channels);
    for look in 0..PATIENCE {
        if awaited.is_empty() {
            return Ok(());
        }
        if look > 0 {
            tokio::time::sleep(PAUSE).await;
        }
        let listed = read::channel_times(client, line).await?;
        awaited.retain(|written| match (listed.get(&written.config_id), written.listing) {
            (Some(time), Listing::Rewritten { before, .. }) if *time == before => true,
            (Some(time), Listing::Rewritten { after, .. }) => {
                if *time != after {
                    report.overwritten(written);
                }
                false
            }
            (Some(_), Listing::Present) | (None, Listing::Absent) => false,
            (Some(_), Listing::Absent) | (None, Listing::Present | Listing::Rewritten { .. }) => true,
        });
    }
    Err(Error::Unlisted)
}

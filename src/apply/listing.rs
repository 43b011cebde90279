//! The list of channels lags a second behind its writes on 2.x.

use std::time::Duration;

use super::report::{Listing, Report, Written};
use crate::api::client::Client;
use crate::api::line::Line;
use crate::api::read;
use crate::error::Error;

/// Waits until the list of channels shows what was written, so that a plan right after this apply is right.
pub async fn await_channels(client: &Client, line: Line, report: &Report) -> Result<(), Error> {
    const PATIENCE: u32 = 50;
    const PAUSE: Duration = Duration::from_millis(200);
    if report.written_channels.is_empty() {
        return Ok(());
    }
    for _ in 0..PATIENCE {
        let listed = read::channel_times(client, line).await?;
        let shows = |written: &Written| match (listed.get(&written.config_id), written.listing) {
            (Some(time), Listing::Rewritten { before }) => *time != before,
            (Some(_), Listing::Present) | (None, Listing::Absent) => true,
            (Some(_), Listing::Absent) | (None, Listing::Present | Listing::Rewritten { .. }) => false,
        };
        if report.written_channels.iter().all(shows) {
            return Ok(());
        }
        tokio::time::sleep(PAUSE).await;
    }
    Err(Error::Unlisted)
}

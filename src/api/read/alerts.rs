//! The alerts that are active now: what a change may end.

use serde::Deserialize;

use crate::api::client::Client;
use crate::api::line::Line;
use crate::api::live::ActiveAlerts;
use crate::api::request::Request;
use crate::error::Error;

/// So many a page; a server lists 10,000 in all.
const PAGE: usize = 1_000;
const MOST: usize = 10_000;

/// Reads which alerts are active, acknowledged ones included. `None` where the server does not tell this user, be it for
/// a right or for an index of alerts that is ill, or where there are more than a server lists: a plan does without.
pub async fn active(client: &Client, line: Line) -> Result<Option<ActiveAlerts>, Error> {
    let mut active = ActiveAlerts::default();
    for state in ["ACTIVE", "ACKNOWLEDGED"] {
        let mut start = 0;
        loop {
            let request = list(line, state, start);
            let answer = client.send(&request).await?;
            if answer.status >= 400 {
                return Ok(None);
            }
            let Page { alerts, total } = answer.json(&request)?;
            let is_last = alerts.is_empty();
            start += alerts.len();
            for Alert { monitor, workflow, trigger } in alerts {
                active.add(workflow.filter(|id| !id.is_empty()).unwrap_or(monitor), trigger);
            }
            if start >= total || is_last {
                break;
            }
            if start + PAGE > MOST {
                return Ok(None);
            }
        }
    }
    Ok(Some(active))
}

fn list(line: Line, state: &str, start: usize) -> Request {
    let home = line.alerting();
    Request::get(format!("{home}/monitors/alerts?alertState={state}&size={PAGE}&startIndex={start}"))
}

#[derive(Deserialize)]
struct Page {
    alerts: Vec<Alert>,
    #[serde(rename = "totalAlerts")]
    total: usize,
}

#[derive(Deserialize)]
struct Alert {
    #[serde(rename = "monitor_id")]
    monitor: String,
    /// Of an alert of a workflow, whose monitor has no id.
    #[serde(rename = "workflow_id")]
    workflow: Option<String>,
    #[serde(rename = "trigger_id")]
    trigger: String,
}

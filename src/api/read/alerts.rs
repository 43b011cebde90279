//! The alerts that are active now: what a change may end.

use std::collections::BTreeMap;

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
            for Alert { monitor, workflow, trigger, words: _ } in alerts {
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

/// Which monitors have an alert in error, by id, with the server's words for the first of each. `None` where the server does
/// not tell this user.
pub async fn in_error(client: &Client, line: Line) -> Result<Option<BTreeMap<String, String>>, Error> {
    let request = list(line, "ERROR", 0);
    let answer = client.send(&request).await?;
    if answer.status >= 400 {
        return Ok(None);
    }
    let Page { alerts, .. } = answer.json(&request)?;
    let mut found = BTreeMap::new();
    for Alert { monitor, workflow, words, .. } in alerts {
        let id = workflow.filter(|id| !id.is_empty()).unwrap_or(monitor);
        found.entry(id).or_insert(words.unwrap_or_default());
    }
    Ok(Some(found))
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
    /// Of an alert in error, why.
    #[serde(rename = "error_message")]
    words: Option<String>,
}

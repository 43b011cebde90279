//! The alerts that are active now: what a change may end.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::api::client::Client;
use crate::api::line::Line;
use crate::api::live::ActiveAlerts;
use crate::api::refusal;
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
        let alerts = match all(client, line, state).await {
            Ok(alerts) => alerts,
            Err(Unread::Unlisted(_)) => return Ok(None),
            Err(Unread::Error(error)) => return Err(error),
        };
        for alert in alerts {
            active.add(alert.whose().to_owned(), alert.trigger);
        }
    }
    Ok(Some(active))
}

/// Why alerts are not listed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unlisted {
    /// This user may not see them.
    Forbidden,
    /// There are more than a server lists.
    TooMany {
        /// So many it lists.
        most: usize,
    },
    /// The server fails at it, as with an index of alerts that is ill, or gives no answer.
    Failed(String),
}

/// Which monitors have an alert in error, by id, with the server's words for the first of each.
pub async fn in_error(client: &Client, line: Line) -> Result<BTreeMap<String, String>, Unlisted> {
    let alerts = all(client, line, "ERROR").await.map_err(|unread| match unread {
        Unread::Unlisted(unlisted) => unlisted,
        Unread::Error(error) => Unlisted::Failed(error.to_string()),
    })?;
    let mut found = BTreeMap::new();
    for alert in alerts {
        found.entry(alert.whose().to_owned()).or_insert(alert.words.unwrap_or_default());
    }
    Ok(found)
}

/// Why there are no alerts here.
enum Unread {
    /// The server does not list them.
    Unlisted(Unlisted),
    /// There is no answer, or none that can be read.
    Error(Error),
}

impl From<Error> for Unread {
    fn from(error: Error) -> Self {
        Unread::Error(error)
    }
}

async fn all(client: &Client, line: Line, state: &str) -> Result<Vec<Alert>, Unread> {
    let mut found = Vec::new();
    loop {
        let request = list(line, state, found.len());
        let answer = client.send(&request).await?;
        if answer.status == 403 {
            return Err(Unread::Unlisted(Unlisted::Forbidden));
        }
        if answer.status >= 400 {
            let refusal = refusal::read(&request, &answer);
            return Err(Unread::Unlisted(Unlisted::Failed(refusal.to_string())));
        }
        let Page { alerts, total } = answer.json(&request)?;
        let is_last = alerts.is_empty();
        found.extend(alerts);
        if found.len() >= total || is_last {
            return Ok(found);
        }
        if found.len() + PAGE > MOST {
            return Err(Unread::Unlisted(Unlisted::TooMany { most: MOST }));
        }
    }
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

impl Alert {
    /// The id of the monitor or workflow that has it.
    fn whose(&self) -> &str {
        self.workflow.as_deref().filter(|id| !id.is_empty()).unwrap_or(&self.monitor)
    }
}

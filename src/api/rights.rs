//! Which permissions a user has: each is asked for by a request that changes nothing, and a refusal names the one missing.
//!
//! Servers look at a body first, then at the permission, then whether what the path names is there (recorded with the
//! security plugin of 2.19): so a write to an id that nobody has tells of the permission and of nothing else. What would
//! make something, were it allowed, is not asked for.

use serde_json::json;

use super::client::Client;
use super::line::Line;
use super::refusal::{self, Refusal};
use super::request::Request;
use crate::error::Error;

/// A permission.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Right {
    /// Its name.
    pub permission: &'static str,
    /// What needs it.
    pub need: Need,
}

/// What needs a permission.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Need {
    /// Every plan, and so every apply.
    Plan,
    /// An apply.
    Apply,
    /// Nothing; with it more is said.
    More(&'static str),
}

/// Whether a user has a permission.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Held {
    /// It has.
    Yes,
    /// It has not; the server names what it lacks.
    No(String),
    /// Nobody asked, and why.
    Unasked(&'static str),
}

/// No object has this id.
const NOBODY: &str = "alertform-doctor-asks";

/// What is there to be asked about: a first write makes the plugins' own indices.
#[derive(Clone, Copy, Debug)]
pub struct There {
    /// Whether there are monitors.
    pub monitors: bool,
    /// Whether there are destinations or channels.
    pub destinations: bool,
}

/// A permission, and the request that tells of it, or why there is none.
type Asked = (Right, Result<Request, &'static str>);

const fn plan(permission: &'static str, request: Request) -> Asked {
    (Right { permission, need: Need::Plan }, Ok(request))
}

const fn apply(permission: &'static str, request: Result<Request, &'static str>) -> Asked {
    (Right { permission, need: Need::Apply }, request)
}

/// Why a write to nobody is not sent where it would be the first.
const FIRST: &str = "this user sees nothing there, and asking may make an index";

/// All permissions that matter on a line.
fn table(line: Line, there: There) -> Vec<Asked> {
    let mut table = monitors(line, there);
    table.extend(if line.has_channels() { channels(line, there) } else { destinations(line, there) });
    let more =
        |permission, why, path: &str| (Right { permission, need: Need::More(why) }, Ok(Request::get(path)));
    table.push(more(
        "cluster:admin/opendistro/alerting/alerts/get",
        "a plan says how many active alerts a change ends, and this which monitors are in error",
        &format!("{}/monitors/alerts?size=1", line.alerting()),
    ));
    table.push(plan("cluster:monitor/state", Request::get("/_cluster/settings")));
    table
}

fn monitors(line: Line, there: There) -> Vec<Asked> {
    let home = line.alerting();
    let one = format!("{home}/monitors/{NOBODY}");
    let all = json!({"size": 0, "query": {"exists": {"field": "monitor"}}});
    let search =
        json!({"indices": [format!("{NOBODY}-*")], "query": {"size": 0, "query": {"match_all": {}}}});
    let monitor = json!({
        "type": "monitor", "name": NOBODY, "enabled": false,
        "schedule": {"period": {"interval": 1, "unit": "DAYS"}},
        "inputs": [{"search": search}], "triggers": [],
    });
    vec![
        plan("cluster:monitor/main", Request::get("/")),
        plan(
            "cluster:admin/opendistro/alerting/monitor/search",
            Request::post(format!("{home}/monitors/_search"), all).harmless(),
        ),
        apply("cluster:admin/opendistro/alerting/monitor/get", Ok(Request::get(one.as_str()))),
        apply(
            "cluster:admin/opendistro/alerting/monitor/write",
            there.monitors.then(|| Request::put(one.clone(), monitor)).ok_or(FIRST),
        ),
        apply("cluster:admin/opendistro/alerting/monitor/delete", Ok(Request::delete(one))),
    ]
}

/// Workflows and channels, from 2.0 on.
fn channels(line: Line, there: There) -> Vec<Asked> {
    const CHANNELS: &str = "/_plugins/_notifications";
    let workflow = format!("{}/workflows/{NOBODY}", line.alerting());
    let channel = format!("{CHANNELS}/configs/{NOBODY}");
    let sequence = json!({"delegates": [{"order": 1, "monitor_id": NOBODY}]});
    let workflow_body = json!({
        "type": "workflow", "workflow_type": "composite", "name": NOBODY, "enabled": false,
        "schedule": {"period": {"interval": 1, "unit": "DAYS"}},
        "inputs": [{"composite_input": {"sequence": sequence}}], "triggers": [],
    });
    let channel_body = json!({"config": {
        "name": NOBODY, "description": "", "config_type": "webhook", "is_enabled": false,
        "webhook": {"url": "https://localhost"},
    }});
    vec![
        apply("cluster:admin/opensearch/alerting/workflow/get", Ok(Request::get(workflow.as_str()))),
        plan(
            "cluster:admin/opensearch/notifications/configs/get",
            Request::get(format!("{CHANNELS}/configs?max_items=1")),
        ),
        plan("cluster:admin/opensearch/notifications/features", Request::get(format!("{CHANNELS}/features"))),
        apply(
            "cluster:admin/opensearch/alerting/workflow/write",
            there.monitors.then(|| Request::put(workflow.clone(), workflow_body)).ok_or(FIRST),
        ),
        apply("cluster:admin/opensearch/alerting/workflow/delete", Ok(Request::delete(workflow))),
        apply("cluster:admin/opensearch/notifications/configs/create", Err("asking would make a channel")),
        apply(
            "cluster:admin/opensearch/notifications/configs/update",
            there.destinations.then(|| Request::put(channel.clone(), channel_body)).ok_or(FIRST),
        ),
        apply("cluster:admin/opensearch/notifications/configs/delete", Ok(Request::delete(channel))),
    ]
}

/// Destinations, before 2.0.
fn destinations(line: Line, there: There) -> Vec<Asked> {
    let home = line.alerting();
    let one = format!("{home}/destinations/{NOBODY}");
    let body = json!({"name": NOBODY, "type": "slack", "slack": {"url": "https://localhost"}});
    vec![
        plan(
            "cluster:admin/opendistro/alerting/destination/get",
            Request::get(format!("{home}/destinations?size=1")),
        ),
        apply(
            "cluster:admin/opendistro/alerting/destination/write",
            there.destinations.then(|| Request::put(one.clone(), body)).ok_or(FIRST),
        ),
        apply("cluster:admin/opendistro/alerting/destination/delete", Ok(Request::delete(one))),
    ]
    .into_iter()
    .chain(emails(line, there))
    .collect()
}

/// Accounts and groups of e-mail, before 2.0.
fn emails(line: Line, there: There) -> Vec<Asked> {
    let one = |list: &str| format!("{}/destinations/{list}/{NOBODY}", line.alerting());
    let search = |list: &str| {
        let path = format!("{}/destinations/{list}/_search", line.alerting());
        Request::post(path, json!({"size": 0, "query": {"match_all": {}}})).harmless()
    };
    let account =
        json!({"name": NOBODY, "email": "a@localhost", "host": "localhost", "port": 25, "method": "none"});
    let group = json!({"name": NOBODY, "emails": [{"email": "a@localhost"}]});
    let (accounts, groups) = ("email_accounts", "email_groups");
    vec![
        plan("cluster:admin/opendistro/alerting/destination/email_account/search", search(accounts)),
        plan("cluster:admin/opendistro/alerting/destination/email_group/search", search(groups)),
        apply(
            "cluster:admin/opendistro/alerting/destination/email_account/get",
            Ok(Request::get(one(accounts))),
        ),
        apply("cluster:admin/opendistro/alerting/destination/email_group/get", Ok(Request::get(one(groups)))),
        apply(
            "cluster:admin/opendistro/alerting/destination/email_account/write",
            there.destinations.then(|| Request::put(one(accounts), account)).ok_or(FIRST),
        ),
        apply(
            "cluster:admin/opendistro/alerting/destination/email_group/write",
            there.destinations.then(|| Request::put(one(groups), group)).ok_or(FIRST),
        ),
        apply(
            "cluster:admin/opendistro/alerting/destination/email_account/delete",
            Ok(Request::delete(one(accounts))),
        ),
        apply(
            "cluster:admin/opendistro/alerting/destination/email_group/delete",
            Ok(Request::delete(one(groups))),
        ),
    ]
}

/// Asks for each permission in turn.
pub async fn held(client: &Client, line: Line, there: There) -> Result<Vec<(Right, Held)>, Error> {
    let mut rights = Vec::new();
    for (right, request) in table(line, there) {
        let held = match request {
            Err(why) => Held::Unasked(why),
            Ok(request) => {
                let answer = client.send(&request).await?;
                match (answer.status, refusal::read(&request, &answer)) {
                    (403, Refusal::Forbidden { permission: Some(permission), .. }) => Held::No(permission),
                    // the plugins look at the permission before they look for the object, and at indices after both
                    (200 | 404 | 409, _) => Held::Yes,
                    (403, Refusal::Forbidden { reason, .. }) if reason.contains("configured index") => {
                        Held::Yes
                    }
                    _ => Held::Unasked("the server's answer says nothing of it"),
                }
            }
        };
        rights.push((right, held));
    }
    Ok(rights)
}

/// The permissions of the least role for a need, which holds those of a plan too.
pub fn least(line: Line, need: Need) -> Vec<&'static str> {
    let there = There { monitors: true, destinations: true };
    let rights = table(line, there).into_iter().map(|(right, _)| right);
    rights.filter(|right| right.need <= need).map(|right| right.permission).collect()
}

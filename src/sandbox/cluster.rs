//! What a cluster says of itself, and of the jobs that it would run.

use serde_json::{Map, Value, json};

use super::exchange::{Request, Response};
use super::line_differences as lines;
use super::refusal::Refusal;
use super::routes::{ALL, Prefix, Route, route};
use super::state::State;

/// The routes of the cluster itself.
#[rustfmt::skip]
pub const ROUTES: &[Route] = &[
    route("GET", Prefix::Root, "", ALL, &[], info),
    route("HEAD", Prefix::Root, "", ALL, &[], info),
    route("GET", Prefix::Alerting, "stats", ALL, &["timeout"], stats),
    route("GET", Prefix::Alerting, "stats/{metric}", ALL, &["timeout"], stats),
];

/// The metrics that can be asked for.
const METRICS: [&str; 4] = ["", "_all", "jobs_info", "job_scheduling_metrics"];

#[expect(clippy::unnecessary_wraps, reason = "all handlers have one signature")]
fn info(state: &mut State, _request: &Request) -> Result<Response, Refusal> {
    let body = json!({
        "name": "sandbox",
        "cluster_name": "alertform-sandbox",
        "cluster_uuid": state.cluster_uuid,
        "version": lines::version(state.line),
        "tagline": lines::tagline(state.line),
    });
    Ok(Response::json(200, body))
}

fn stats(state: &mut State, request: &Request) -> Result<Response, Refusal> {
    let metric = request.capture("metric");
    if !METRICS.contains(&metric) {
        let path = request.raw_path();
        let reason = format!("request [{path}] contains unrecognized metric: [{metric}]");
        return Err(Refusal::illegal_argument(reason));
    }
    let mut body = Map::new();
    let mut tell = |key: &str, value: Value| body.insert(key.to_owned(), value);
    tell("_nodes", json!({"total": 1, "successful": 1, "failed": 0}));
    tell("cluster_name", "alertform-sandbox".into());
    for name in lines::sweeper_settings(state.line) {
        tell(name, true.into());
    }
    let exists = state.config.exists;
    tell("scheduled_job_index_exists", exists.into());
    tell("scheduled_job_index_status", if exists { "yellow".into() } else { Value::Null });
    tell("nodes_on_schedule", 1.into());
    tell("nodes_not_on_schedule", 0.into());
    tell("nodes", json!({}));
    Ok(Response::json(200, Value::Object(body)))
}

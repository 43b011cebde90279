//! Composite workflows, from 2.9 on: monitors that run one after the other, and triggers on what they found.

mod delegates;
mod delete;
mod input;
mod read;
mod sequence;
pub mod usage;
mod workflow;
mod write;

use super::routes::{FROM_2_0, Prefix, Route, route};
use super::unsupported;

/// The routes of workflows. They came after the legacy path, and are listed by the search of monitors.
#[rustfmt::skip]
pub const ROUTES: &[Route] = &[
    route("POST", Prefix::PluginsAlerting, "workflows", FROM_2_0, WRITE, write::create),
    route("PUT", Prefix::PluginsAlerting, "workflows/{id}", FROM_2_0, WRITE, write::update),
    route("GET", Prefix::PluginsAlerting, "workflows/{id}", FROM_2_0, &[], read::get),
    route("DELETE", Prefix::PluginsAlerting, "workflows/{id}", FROM_2_0, &["refresh", "deleteDelegateMonitors"], delete::delete),
    route("POST", Prefix::PluginsAlerting, "workflows/{id}/_execute", FROM_2_0, &["dryrun", "period_end"], unsupported::execute_workflow),
    route("POST", Prefix::PluginsAlerting, "workflows/{id}/_acknowledge/alerts", FROM_2_0, &[], unsupported::acknowledge),
    route("GET", Prefix::PluginsAlerting, "workflows/alerts", FROM_2_0, unsupported::WORKFLOW_ALERT_PARAMS, unsupported::workflow_alerts),
];

const WRITE: &[&str] = &["refresh", "if_seq_no", "if_primary_term"];

//! Monitors: the routes under `monitors`, and what the servers make of a monitor.

mod action;
mod bucket;
mod bucket_filter;
mod cron;
mod data_sources;
mod document;
pub mod fields;
mod input;
mod monitor;
mod read;
pub mod schedule;
mod script;
mod search;
pub mod trigger;
mod uri;
mod write;
mod zone;

pub use self::write::parse;
use super::routes::{ALL, Prefix, Route, route};
use super::unsupported;

/// The routes of monitors.
#[rustfmt::skip]
pub const ROUTES: &[Route] = &[
    route("POST", Prefix::Alerting, "monitors", ALL, &["refresh", "if_seq_no", "if_primary_term"], write::create),
    route("PUT", Prefix::Alerting, "monitors/{id}", ALL, &["refresh", "if_seq_no", "if_primary_term"], write::update),
    route("GET", Prefix::Alerting, "monitors/{id}", ALL, &["version"], read::get),
    route("HEAD", Prefix::Alerting, "monitors/{id}", ALL, &["version"], read::head),
    route("DELETE", Prefix::Alerting, "monitors/{id}", ALL, &["refresh"], read::delete),
    route("GET", Prefix::Alerting, "monitors/_search", ALL, &["index", "source", "source_content_type"], search::search),
    route("POST", Prefix::Alerting, "monitors/_search", ALL, &["index", "source", "source_content_type"], search::search),
    route("POST", Prefix::Alerting, "monitors/_execute", ALL, &["dryrun", "period_end"], unsupported::execute_inline),
    route("POST", Prefix::Alerting, "monitors/{id}/_execute", ALL, &["dryrun", "period_end"], unsupported::execute),
    route("POST", Prefix::Alerting, "monitors/{id}/_acknowledge/alerts", ALL, &["refresh"], unsupported::acknowledge),
    route("GET", Prefix::Alerting, "monitors/alerts", ALL, unsupported::ALERT_PARAMS, unsupported::alerts),
];

//! The server's JSON, and its normalisation: after this edge, equality is `==`.

pub mod action;
pub mod canonical;
pub mod channel;
pub mod cluster_apis;
pub mod condition;
pub mod config_id;
pub mod destination;
pub mod directory;
pub mod doc_queries;
pub mod dsl;
pub mod email;
pub mod fields;
pub mod flaw;
pub mod ids;
pub mod input;
pub mod limits;
pub mod mark;
pub mod monitor;
pub mod note;
pub mod notice;
pub mod provider_urls;
pub mod schedule;
pub mod trigger;
pub mod ui_metadata;
pub mod unknown;
pub mod workflow;

//! Nodes to resources: the friendly form and the API's own.

pub mod action;
mod body;
mod checks;
pub mod cluster_metrics;
mod definition;
pub mod destination;
pub mod document_queries;
mod extraction;
mod literal;
mod monitor;
pub mod names;
mod pasted;
mod resource;
mod schedule;
pub mod search;
pub mod trigger;
pub mod webhook;

pub use resource::{Notes, Read, Scope, Told, hide, resource};

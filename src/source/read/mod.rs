//! Nodes to resources: the friendly form and the API's own.

pub mod action;
mod body;
mod checks;
pub mod cluster_metrics;
mod definition;
pub mod destination;
mod destination_definition;
mod document_condition;
pub mod document_queries;
pub mod email;
mod extraction;
mod literal;
mod monitor;
pub mod names;
mod pasted;
pub mod ppl;
mod reference;
mod resource;
mod schedule;
pub mod search;
pub mod trigger;
pub mod webhook;
pub mod workflow;

pub use resource::{Beside, Notes, Read, Scope, Told, hide, resource};

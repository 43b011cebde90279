//! Nodes to resources: the friendly form and the API's own.

mod action;
mod definition;
mod destination;
mod extraction;
mod monitor;
mod resource;
mod schedule;
mod search;
mod trigger;
mod webhook;

pub use resource::{Read, Scope, resource};

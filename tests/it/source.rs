//! Files to declared resources: what they mean, and what is said of those that mean nothing.
#![expect(clippy::unwrap_used, reason = "a test that fails tells where")]

mod bodies;
mod broken;
mod conditions;
mod definitions;
mod destinations;
mod example;
mod files;
mod forms;
mod kinds;
mod laws;
mod monitors;
pub mod project;
mod secrets;
mod settings;
mod slips;
mod typed;
mod webhooks;

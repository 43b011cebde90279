//! OpenSearch Alerting as code.
//!
//! Files become [`source`]'s declared resources; the cluster, read through [`api`], becomes live ones; a pure
//! function makes a plan of the two; the same plan value is shown, checked and applied.

pub mod api;
pub mod apply;
pub mod cli;
pub mod commands;
pub mod config;
pub mod diff;
pub mod error;
pub mod export;
pub mod model;
pub mod output;
pub mod owner;
mod parallel;
pub mod plan;
mod plural;
mod private;
pub mod render;
pub mod sandbox;
pub mod source;

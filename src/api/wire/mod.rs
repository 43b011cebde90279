//! The server's JSON, and its normalisation: after this edge, equality is `==`.

pub mod action;
pub mod directory;
pub mod dsl;
pub mod fields;
pub mod flaw;
pub mod ids;
pub mod monitor;
pub mod schedule;
pub mod trigger;

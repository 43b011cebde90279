//! The Alerting API in our own process: a place to try and to rehearse without a cluster.
//!
//! It gives back what real servers of each line were recorded to answer, holds what it is given, and never claims to
//! have run a query or sent a message. A request runs through [`routes`] into a pure handler over [`state::State`];
//! only [`server`] does I/O, and [`journal`] keeps what a handler changed.

mod channels;
mod cluster;
mod destinations;
mod emails;
pub mod exchange;
mod fault;
mod ids;
pub mod index;
mod indices;
pub mod journal;
mod lexer;
pub mod line_differences;
mod mail;
mod monitors;
mod params;
mod reader;
pub mod refusal;
mod render;
pub mod routes;
mod search;
pub mod server;
mod settings;
pub mod state;
mod unsupported;
mod words;
mod workflows;
mod yaml;

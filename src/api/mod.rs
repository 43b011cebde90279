//! The only network code: what the servers speak, and how they are spoken to.

pub mod answer;
pub mod auth;
pub mod aws;
pub mod client;
mod cluster_settings;
pub mod connection;
mod dashboards;
pub mod failure;
mod html;
pub mod line;
pub mod live;
pub mod probe;
pub mod proxy;
pub mod read;
pub mod refusal;
pub mod request;
pub mod retry;
pub mod rights;
pub mod security;
mod tls;
pub mod tls_failure;
mod tunnel;
mod way;
pub mod wire;
pub mod write;

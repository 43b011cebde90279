//! The server's JSON, and its normalisation: after this edge, equality is `==`.

pub mod dsl;

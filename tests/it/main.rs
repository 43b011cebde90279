//! The one integration binary: each area of the program is a module of it.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on shall fail")]

mod cli;
mod cluster;
mod connections;
mod export;
mod plan_apply;
mod replay;
mod source;

//! The one integration binary: each area of the program is a module of it.

mod cli;
mod cluster;
mod connections;
mod export;
mod plan_apply;
mod queries;
mod replay;
mod sandbox_state;
mod source;

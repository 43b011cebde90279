//! One file a command: load, core, render, exit code.

mod apply;
mod cluster;
mod export;
mod formats;
mod plan;
mod render;
mod run;
mod sandbox;
mod signals;
mod validate;

pub use run::run;

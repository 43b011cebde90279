//! One file a command: load, core, render, exit code.

mod apply;
mod cluster;
mod compare;
mod consent;
mod doctor;
mod export;
mod formats;
mod identity;
mod make;
mod opaque;
mod plan;
mod render;
mod run;
mod sandbox;
mod several;
mod signals;
mod validate;

pub use run::run;

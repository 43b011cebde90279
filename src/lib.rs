//! OpenSearch Alerting as code.
//!
//! 1. [`config`] makes one configuration of the command line ([`cli`]), the environment and the project file.
//! 2. [`source`] reads the files of the project: each document becomes a resource of [`model`], with its place.
//! 3. [`api`] reads the cluster; its edge, [`api::wire`], makes the same [`model`] of what the server writes.
//! 4. [`diff`](mod@diff), a pure function, makes a [`plan`] of the two; [`owner`] says whose things are.
//! 5. [`render`] shows the plan; [`apply`] carries the same value out, and reports.
//!    Between the two a plan may be [`saved`].
//! 6. [`export`] is the way back: what lives in the cluster becomes files that plan clean.
//! 7. [`doctor`] says what is wrong with a cluster, and with who asks it.
//!
//! [`commands`] puts these together, one file a command, and writes what comes out through [`output`]. What can go
//! wrong is an [`error`]. [`sandbox`] is a cluster in this process, for the first steps and for tests.

// what the user asks for
pub mod cli;
pub mod config;

// what is declared
pub mod model;
pub mod source;

// what lives
pub mod api;

// what is to be done
pub mod diff;
pub mod owner;
pub mod plan;

// what comes of it
pub mod apply;
pub mod doctor;
pub mod export;
pub mod identity;
pub mod render;
pub mod saved;

// how it all is run and told
pub mod commands;
pub mod error;
pub mod output;

// a cluster in this process
pub mod sandbox;

// what several of them need
mod one_line;
mod parallel;
mod plural;
mod private;

//! The one integration binary: each area of the program is a module of it.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on shall fail"
)]
#![expect(
    clippy::needless_pass_by_value,
    clippy::format_push_string,
    clippy::format_collect,
    clippy::explicit_counter_loop,
    clippy::print_stdout,
    reason = "a test shall be plain before it is quick"
)]

#[cfg(unix)]
mod ci_recipes;
mod cli;
mod cluster;
mod compare;
mod connections;
mod docs;
mod doctor;
mod drift;
mod end_to_end;
mod environments;
mod export;
mod fingerprints;
mod formats;
#[cfg(unix)]
mod helper_commands;
mod laws;
mod monitors;
mod notices;
mod old_service;
mod output;
mod ownership;
mod plan_apply;
mod protection;
mod queries;
mod reading;
mod recordings;
mod renaming;
mod replay;
mod reports;
mod reuse;
mod risks;
mod rivals;
mod sandbox_state;
mod sandbox_workflows;
mod saved_plans;
mod secret_folders;
mod secrets;
mod selection;
mod several;
#[cfg(unix)]
mod signals;
mod source;
#[cfg(unix)]
mod terminal;
mod torn;

//! The `alertform` binary: parse, run, print the error, exit code.

use std::process::ExitCode;

use alertform::cli::Cli;
use alertform::commands;
use alertform::output::tell;
use clap::Parser;

fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => return refuse(&error),
    };
    commands::run(&cli).unwrap_or_else(|error| {
        tell(&error.screen());
        error.exit_code()
    })
}

/// Prints help, version, or what is wrong with the command line; the last exits 1, since 2 says that a plan has
/// changes.
fn refuse(error: &clap::Error) -> ExitCode {
    // Nothing is left to do when even the screen is gone.
    let _ = error.print();
    ExitCode::from(u8::from(error.use_stderr()))
}

//! Runs the command that the command line names.

use std::process::ExitCode;

use crate::cli::{Cli, Command};
use crate::config::{self, Config};
use crate::error::Error;
use crate::output;
use crate::render::markdown::What;
use crate::source;

/// Runs what the command line asks for.
pub fn run(cli: &Cli) -> Result<ExitCode, Error> {
    let outcome = carry_out(cli);
    let output = match &cli.command {
        Command::Plan(args) if args.drift => Some((&args.output, What::Drift)),
        Command::Plan(args) => Some((&args.output, What::Plan)),
        Command::Apply(args) => Some((&args.output, What::Apply)),
        _ => None,
    };
    match (output, &outcome) {
        // the readers who could be told were told of the plan
        (_, Ok(_) | Err(Error::Unwritable { .. } | Error::Unprintable(_))) | (None, _) => {}
        (Some((output, what)), Err(error)) => {
            if let Err(other) = super::formats::write_error(output, what, &cli.global.dir, error)
                && other.to_string() != error.to_string()
            {
                output::tell(&other.screen());
            }
        }
    }
    outcome
}

fn carry_out(cli: &Cli) -> Result<ExitCode, Error> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(Error::NoStart)?;
    let environment = config::environment();
    let settings = source::settings::load(&cli.global.dir).map_err(|mut findings| {
        // all that is wrong is said at once, in the files too
        findings.extend(source::load(&cli.global.dir, &environment).err().unwrap_or_default());
        Error::Files(findings)
    })?;
    let config = Config::resolve(cli, environment, &settings)?;
    match &cli.command {
        Command::Plan(args) => runtime.block_on(super::plan::run(&config, args)),
        Command::Apply(args) => runtime.block_on(super::apply::run(&config, args)),
        Command::Export(args) => runtime.block_on(super::export::run(&config, args)),
        Command::Render(args) => super::render::run(&config, args),
        Command::Validate => super::validate::run(&config),
        Command::Sandbox(args) => runtime.block_on(super::sandbox::run(&config, args)),
    }
}

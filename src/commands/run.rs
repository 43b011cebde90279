//! Runs the command that the command line names, in the environments that it names.

use std::process::ExitCode;

use crate::api::wire::mark::UNNAMED;
use crate::cli::{Apply, Cli, Command};
use crate::config::{self, Config, Process};
use crate::error::Error;
use crate::output;
use crate::render::markdown::{Subject, What};
use crate::saved::Saved;
use crate::source::environment::ALL;
use crate::source::project_file::{self, Broken, ProjectFile};
use crate::source::{self, Surroundings};

/// Runs what the command line asks for.
pub fn run(cli: &Cli) -> Result<ExitCode, Error> {
    let process = config::process();
    let file = project_file::load(&cli.global.dir, &process);
    let named = for_saved_plan(cli, &process);
    let environment = named.as_ref().ok().and_then(|cli| one_environment(cli, &process));
    let project = file.as_ref().ok().and_then(|file| {
        let own = environment.as_ref().and_then(|name| file.environments.get(name)?.settings.as_ref().ok());
        own.and_then(|settings| settings.project.clone()).or_else(|| file.settings.project.clone())
    });
    let subject =
        Subject { project: project.as_deref().unwrap_or(UNNAMED), environment: environment.as_deref() };
    let outcome = named.and_then(|cli| carry_out(&cli, &process, file));
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
            let written = super::formats::write_error(output, what, subject, &cli.global.dir, error);
            if let Err(other) = written
                && other.to_string() != error.to_string()
            {
                output::tell(&other.screen());
            }
        }
    }
    outcome
}

fn carry_out(cli: &Cli, process: &Process, file: Result<ProjectFile, Broken>) -> Result<ExitCode, Error> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(Error::NoStart)?;
    let file = file.map_err(|Broken { mut findings, others_depend }| {
        if !others_depend {
            // all that is wrong is said at once
            let surroundings = Surroundings::from(process.as_ref().clone());
            findings.extend(source::load(&cli.global.dir, &surroundings).err().unwrap_or_default());
        }
        Error::Files(findings)
    })?;
    let one = || Config::one(cli, process, &file);
    match &cli.command {
        Command::Plan(args) => match Config::some(cli, process, &file)?.as_slice() {
            [one] => runtime.block_on(super::plan::run(one, args)),
            several => runtime.block_on(super::several::plan(several, args)),
        },
        Command::Apply(args) => match Config::some(cli, process, &file)?.as_slice() {
            [one] => runtime.block_on(super::apply::run(one, args)),
            several => runtime.block_on(super::several::apply(several, args)),
        },
        Command::Export(args) => {
            runtime.block_on(super::export::run(&Config::one_or_none(cli, process, &file)?, args))
        }
        Command::Compare(_) if !cli.global.env.is_empty() => Err(Error::usage(
            "`compare` names its environments itself",
            "`alertform compare ENV ENV`, without `--env`",
        )),
        Command::Compare(args) => {
            let config = |name: &str| Config::named(cli, process, &file, name);
            runtime.block_on(super::compare::run(config, args))
        }
        Command::Doctor(args) => {
            runtime.block_on(super::doctor::run(&Config::one_or_none(cli, process, &file)?, args))
        }
        Command::Render(args) => super::render::run(&one()?, args),
        Command::Validate => super::validate::run(&Config::all(cli, process, &file)?),
        Command::Sandbox(_) if !cli.global.env.is_empty() => Err(Error::usage(
            "a sandbox that listens is of no environment",
            "`--state FILE` names where its state is kept; `url: sandbox:` in an environment needs no server",
        )),
        Command::Sandbox(args) => {
            runtime.block_on(super::sandbox::run(&Config::resolve(cli, process, &file, None)?, args))
        }
    }
}

/// The environment, if it is one, by which a page is found again.
fn one_environment(cli: &Cli, process: &Process) -> Option<String> {
    match config::words(cli, process).as_slice() {
        [one] if one != ALL => Some(one.clone()),
        _ => None,
    }
}

/// A saved plan knows its environment, so that nobody need name it again.
fn for_saved_plan(cli: &Cli, process: &Process) -> Result<Cli, Error> {
    let mut cli = cli.clone();
    if let Command::Apply(Apply { plan: Some(file), .. }) = &cli.command
        && config::words(&cli, process).is_empty()
    {
        cli.global.env.extend(Saved::read(file)?.environment().map(str::to_owned));
    }
    Ok(cli)
}

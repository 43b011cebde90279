//! Flags, environment and project file become one `Config`; the only reader of the environment, but for what AWS's own
//! crates read of it.

mod credentials;
mod layers;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::time::Duration;

use reqwest::Url;

use credentials::{client_certificate, credentials};
use layers::Layers;

use crate::api::aws::is_serverless;
use crate::api::connection::{Connection, Log, Target, Verification};
use crate::api::line::Line;
use crate::api::proxy::{self, Proxy};
use crate::api::retry::Retries;
use crate::cli::{Cli, Command, Global};
use crate::error::{Error, Usage};
use crate::model::limits::Limits;
use crate::model::resource::Key;
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
    let connect_to = connect_to(global, layers, settings, &target, proxy.as_ref())?;
    Ok(Connection {
        line,
        credentials: credentials(global, layers, settings, &target)?,
        ca: layers.path(global.ca.as_ref(), "ALERTFORM_CA", settings.ca.as_ref()),
        client_certificate: client_certificate(global, layers, settings)?,
        verification: if global.insecure { Verification::None } else { Verification::Full },
        proxy,
        connect_to,
        target,
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
    if url.domain().is_some_and(is_serverless) {
        return Err(Usage::new(
            "OpenSearch Serverless has no Alerting plugin",
            "alertform works with domains of Amazon OpenSearch Service, whose hosts end with `.es.amazonaws.com`",
        ));
    }
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

/// Where to connect instead of where the URL leads.
fn connect_to(
    global: &Global,
    layers: &Layers<'_>,
    settings: &Settings,
    target: &Target,
    proxy: Option<&Proxy>,
) -> Result<Option<String>, Usage> {
    let text = layers.text(global.connect_to.as_ref(), "ALERTFORM_CONNECT_TO", settings.connect_to.as_ref());
    let (Some(text), Target::Server(url)) = (text, target) else { return Ok(None) };
    let is_address = text.rsplit_once(':').is_some_and(|(host, port)| {
        let is_plain = !host.contains(['/', '@', ' ']) && (!host.contains(':') || host.starts_with('['));
        is_plain && !host.is_empty() && port.parse::<u16>().is_ok_and(|port| port > 0)
    });
    if !is_address {
        return Err(Usage::new(
            format!("`{text}` is no host and port to connect to"),
            "it is written `HOST:PORT`, as `localhost:9443`",
        ));
    }
    if url.domain().is_none() {
        return Err(Usage::new(
            "there is a host to connect to, and the URL has an address instead of a name",
            "give the cluster's own name in the URL, or connect to the URL as it is",
        ));
    }
    if let Some(proxy) = proxy {
        return Err(Usage::new(
            format!("there is a host to connect to, and the proxy `{}` as well", proxy.address),
            "add the cluster's host to `NO_PROXY`, or let the proxy lead there",
        ));
    }
    Ok(Some(text))
}

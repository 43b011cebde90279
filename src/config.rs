//! Flags, variables and project file become one `Config` for each environment; the only reader of the process's variables,
//! but for what AWS's own crates read of them.

mod credentials;
mod environments;
mod layers;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use reqwest::Url;

use credentials::{client_certificate, credentials, headers};
pub use environments::words;
use layers::Layers;

use crate::api::aws::is_serverless;
use crate::api::connection::{Connection, Front, Held, Log, Target, Verification};
use crate::api::line::Line;
use crate::api::proxy::{self, Proxy};
use crate::api::retry::Retries;
use crate::cli::{Cli, Command, Global};
use crate::error::{Error, Usage};
use crate::model::limits::Limits;
use crate::model::resource::Key;
use crate::source::Surroundings;
use crate::source::duration::limit;
use crate::source::environment::Environment;
use crate::source::finding::Finding;
use crate::source::project_file::ProjectFile;
use crate::source::settings::Settings;
use crate::source::variables::{Values, Variables};

/// The variables of the process, by name.
pub type Process = Arc<BTreeMap<String, String>>;

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
    /// What fingerprints of secrets are made with.
    pub fingerprint_key: Option<Held>,
    /// What no run deletes, disables, or ends alerts of.
    pub protected: BTreeSet<Key>,
    /// What the files are loaded in: the environment, and what `${NAME}` may stand for.
    pub surroundings: Surroundings,
    connection: Result<Connection, Unreachable>,
}

/// Why no cluster can be reached, which only matters to a command that connects.
enum Unreachable {
    /// What is asked for can't be.
    Usage(Usage),
    /// What the project file says of the environment cannot be known here.
    Files(Vec<Finding>),
}

const TIMEOUT: Duration = Duration::from_secs(60);
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
const RETRIES: Retries = Retries { most: 3, first_wait: Duration::from_millis(250) };
const CONCURRENCY: usize = 4;

/// Where the sandbox keeps its state when nobody names a file, below the project's folder; each environment has its own.
const SANDBOX_FILES: &str = ".alertform";

impl Config {
    /// Decides each setting: flag before what the project file says of the environment, before variable, before what it
    /// says of all, before default.
    pub fn resolve(
        cli: &Cli,
        process: &Process,
        file: &ProjectFile,
        environment: Option<&Arc<Environment>>,
    ) -> Result<Self, Error> {
        let global = &cli.global;
        let none = Settings::default();
        let connects = !matches!(cli.command, Command::Validate | Command::Render(_) | Command::Sandbox(_));
        let mut variables = Variables {
            commands: Arc::clone(&file.commands),
            secret_folders: Arc::clone(&file.secret_folders),
            ..Variables::from(Arc::clone(process))
        };
        let values = Values { variables: &variables, dir: &global.dir };
        let read = environment.map(|environment| {
            if connects { environment.settings_to_connect(values) } else { environment.settings.clone() }
        });
        let read = read.as_ref().map(Result::as_ref);
        let of_environment = read.and_then(Result::ok).unwrap_or(&none);
        let all = if connects { file.settings_to_connect(values) } else { Ok(file.settings.clone()) };
        let all = all.as_ref();
        let layers = Layers { environment: of_environment, process, all: all.ok().unwrap_or(&file.settings) };
        let line = layers.parsed(global.line, "ALERTFORM_LINE", |settings| settings.line)?;
        let adopts = match &cli.command {
            Command::Plan(plan) => plan.scope.adopt,
            Command::Apply(apply) => apply.scope.adopt,
            _ => false,
        };
        let name = environment.map(|environment| environment.name.as_str());
        let connection = match read.and_then(Result::err).or(all.err()) {
            Some(findings) => Err(Unreachable::Files(findings.clone())),
            None => connection(global, &layers, name, line).map_err(Unreachable::Usage),
        };
        let mut limits = Limits::default();
        for (limit, most) in file.settings.limits.iter().chain(&of_environment.limits) {
            limits.set(*limit, *most);
        }
        variables.written.clone_from(&file.variables);
        variables.written.extend(environment.into_iter().flat_map(|one| one.variables.clone()));
        Ok(Self {
            dir: global.dir.clone(),
            project: layers.written(|settings| settings.project.clone()),
            line,
            adopt: adopts || layers.written(|settings| settings.adopt).unwrap_or(false),
            concurrency: layers
                .written(|settings| settings.concurrency)
                .and_then(|n| n.try_into().ok())
                .unwrap_or(CONCURRENCY),
            limits,
            fingerprint_key: layers.held(
                None,
                ("ALERTFORM_FINGERPRINT_KEY", "ALERTFORM_FINGERPRINT_KEY_FILE"),
                |settings| settings.fingerprint_key.as_ref(),
            ),
            protected: file.settings.protected.union(&of_environment.protected).cloned().collect(),
            surroundings: Surroundings {
                variables,
                environment: environment.cloned(),
                of_all: file.variables_of_files(),
                environments: file.environments.keys().cloned().collect(),
                parsed: None,
            },
            connection,
        })
    }

    /// The name of the environment, where the project has any.
    pub fn environment(&self) -> Option<&str> {
        self.surroundings.environment.as_ref().map(|environment| environment.name.as_str())
    }

    /// How the server is reached; what is wrong with that only matters to a command that connects.
    pub fn connection(&self) -> Result<&Connection, Error> {
        self.connection.as_ref().map_err(|reason| match reason {
            Unreachable::Usage(usage) => usage.clone().into(),
            Unreachable::Files(findings) => Error::Files(findings.clone()),
        })
    }
}

/// Reads the variables of the process, once; what is no Unicode is left out.
pub fn process() -> Process {
    let variables = std::env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)));
    Arc::new(variables.collect())
}

/// A variable of the process that is set, and not to nothing.
fn variable<'p>(process: &'p Process, name: &str) -> Option<&'p str> {
    process.get(name).map(String::as_str).filter(|value| !value.is_empty())
}

fn connection(
    global: &Global,
    layers: &Layers<'_>,
    environment: Option<&str>,
    line: Option<Line>,
) -> Result<Connection, Usage> {
    let (target, others) = target(global, layers, environment, line)?;
    let proxy = match &target {
        Target::Server(url) => proxy::between(url, layers.process)?,
        Target::Sandbox { .. } => None,
    };
    let line = match &target {
        Target::Server(_) => line,
        // the sandbox itself knows
        Target::Sandbox { .. } => None,
    };
    let timeout = layers
        .read(global.timeout, "ALERTFORM_TIMEOUT", |settings| settings.timeout, limit)?
        .unwrap_or(TIMEOUT);
    let retries = layers.parsed(global.retries, "ALERTFORM_RETRIES", |settings| settings.retries)?;
    let most = retries.unwrap_or(RETRIES.most);
    let connect_to = connect_to(global, layers, &target, proxy.as_ref())?;
    if connect_to.is_some() && !others.is_empty() {
        return Err(Usage::new(
            "there is a host to connect to, and several URLs",
            "a tunnel leads to one server: keep its URL alone",
        ));
    }
    let credentials = credentials(global, layers, &target)?;
    let is_dashboards =
        layers.parsed(global.dashboards.then_some(true), "ALERTFORM_DASHBOARDS", |settings| {
            settings.dashboards
        })?;
    Ok(Connection {
        front: match &target {
            Target::Server(_) if is_dashboards.unwrap_or_default() => Front::Dashboards,
            Target::Server(_) | Target::Sandbox { .. } => Front::OpenSearch,
        },
        line,
        headers: headers(layers, credentials.as_ref())?,
        credentials,
        ca: layers.path(global.ca.as_ref(), "ALERTFORM_CA", |settings| settings.ca.as_ref()),
        client_certificate: client_certificate(global, layers)?,
        verification: if global.insecure { Verification::None } else { Verification::Full },
        proxy,
        connect_to,
        target,
        others,
        timeout,
        // what keeps a connection from coming about is told before all time is over
        connect_timeout: CONNECT_TIMEOUT.min(timeout * 3 / 4),
        retries: Retries { most, ..RETRIES },
        log: if global.verbose > 0 { Log::Requests } else { Log::Silent },
    })
}

fn target(
    global: &Global,
    layers: &Layers<'_>,
    environment: Option<&str>,
    line: Option<Line>,
) -> Result<(Target, Vec<Url>), Usage> {
    // A path in the project file starts at the project's folder, any other where the user stands.
    let written = |settings: &Settings| {
        settings.url.clone().map(|url| (url, settings.other_urls.clone(), global.dir.as_path()))
    };
    let alone = |url: String| (url, Vec::new(), Path::new(""));
    let variable = || layers.variable("ALERTFORM_URL").map(alone);
    let found = global
        .url
        .clone()
        .map(alone)
        .or_else(|| written(layers.environment))
        .or_else(variable)
        .or_else(|| written(layers.all));
    let Some((text, others, start)) = found else {
        return Err(Usage::new(
            "no cluster is named",
            match environment {
                None => "`--url URL`, `ALERTFORM_URL`, or `url:` in `alertform.yaml` names it; `--url sandbox:` needs none".to_owned(),
                Some(name) => format!("add `url:` to environment `{name}` in `alertform.yaml`"),
            },
        ));
    };
    if !others.is_empty() {
        return several(&text, &others);
    }
    match text.strip_prefix("sandbox:") {
        Some(rest) => {
            let file =
                environment.map_or_else(|| "sandbox.json".to_owned(), |name| format!("sandbox.{name}.json"));
            let target = sandbox(rest, start, &global.dir.join(SANDBOX_FILES).join(file), line)?;
            Ok((target, Vec::new()))
        }
        None => Ok((Target::Server(server(&text)?), Vec::new())),
    }
}

/// Servers of one cluster, the first before the others.
fn several(first: &str, others: &[String]) -> Result<(Target, Vec<Url>), Usage> {
    let first = server(first)?;
    let others: Vec<Url> = others.iter().map(|url| server(url)).collect::<Result<_, _>>()?;
    if others.iter().any(|other| other.scheme() != first.scheme()) {
        return Err(Usage::new(
            "the URLs of one cluster begin with `http://` and with `https://`",
            "all of its servers speak the same; list those that do",
        ));
    }
    Ok((Target::Server(first), others))
}

fn sandbox(text: &str, start: &Path, otherwise: &Path, line: Option<Line>) -> Result<Target, Usage> {
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
    let file = if file.is_empty() { otherwise.to_owned() } else { start.join(file) };
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
    target: &Target,
    proxy: Option<&Proxy>,
) -> Result<Option<String>, Usage> {
    let text = layers
        .text(global.connect_to.as_ref(), "ALERTFORM_CONNECT_TO", |settings| settings.connect_to.as_ref());
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

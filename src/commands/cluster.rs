//! The cluster that a command works on: a server, or the sandbox inside this process, behind the same client.

use std::future::pending;
use std::path::Path;

use reqwest::Url;
use tokio::net::TcpListener;

use crate::api::client::Client;
use crate::api::connection::{Connection, Target};
use crate::api::line::Line;
use crate::api::probe::{self, Certainty, Probe};
use crate::config::Config;
use crate::error::Error;
use crate::output::tell;
use crate::sandbox::journal;
use crate::sandbox::server::{Sandbox, serve};
use crate::sandbox::state::Clock;

/// A cluster that answers, and the line of its servers.
pub struct Cluster {
    /// The way to it.
    pub client: Client,
    /// The line of its servers.
    pub line: Line,
}

/// What a command means to do with a cluster.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// Look at it.
    Read,
    /// Change it.
    Write,
}

/// Connects to the cluster that the configuration names.
pub async fn connect(config: &Config, purpose: Purpose) -> Result<Cluster, Error> {
    let connection = config.connection()?;
    let warn = |warning: &str| {
        let place = config.environment().map(|name| format!("in {name}: ")).unwrap_or_default();
        tell(&format!("warning: {place}{warning}"));
    };
    match &connection.target {
        Target::Server(base) => {
            for warning in connection.warnings() {
                warn(warning);
            }
            let client = Client::connect(base, connection, tell)?;
            let line = match connection.line {
                Some(line) => {
                    doubt(&client, line, warn).await;
                    line
                }
                None => line(&client, warn).await?,
            };
            Ok(Cluster { client, line })
        }
        Target::Sandbox { file, line } => {
            let (base, line) = start_sandbox(file, *line, purpose).await?;
            let connection =
                Connection { proxy: None, credentials: None, headers: Vec::new(), ..connection.clone() };
            Ok(Cluster { client: Client::connect(&base, &connection, tell)?, line })
        }
    }
}

/// Asks the server for its line, and says so when the answer is a guess.
async fn line(client: &Client, warn: impl Fn(&str)) -> Result<Line, Error> {
    let Probe { line, certainty } = probe::line(client).await?;
    if certainty == Certainty::Guessed {
        warn(&format!(
            "the server tells its version only to users with `cluster:monitor/main`; by its routes it is 2.x or \
             3.x, and is taken for {line}\n  hint: `--line` says which it is"
        ));
    }
    Ok(line)
}

/// Says so when the server itself names another line than the setting, as after an upgrade.
async fn doubt(client: &Client, set: Line, warn: impl Fn(&str)) {
    if let Some(line) = probe::named(client).await
        && line != set
    {
        warn(&format!(
            "the server says that it is of line {line}, and `--line` or `line:` that it is of {set}\n  \
             hint: remove that setting, unless the server says so for the sake of old clients"
        ));
    }
}

async fn start_sandbox(file: &Path, line: Option<Line>, purpose: Purpose) -> Result<(Url, Line), Error> {
    let sandbox = match purpose {
        // whoever only looks writes nothing
        Purpose::Read => {
            let state = journal::read(file, line, Clock::System).map_err(no_sandbox)?;
            Sandbox { state, journal: None }
        }
        Purpose::Write => {
            let (state, journal) = journal::open(file, line, Clock::System).map_err(no_sandbox)?;
            Sandbox { state, journal: Some(journal) }
        }
    };
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.map_err(no_sandbox)?;
    let address = listener.local_addr().map_err(no_sandbox)?;
    let line = sandbox.state.line;
    tokio::spawn(serve(listener, sandbox, pending()));
    let url = Url::parse(&format!("http://{address}")).map_err(no_sandbox)?;
    Ok((url, line))
}

fn no_sandbox(source: impl std::error::Error + Send + Sync + 'static) -> Error {
    Error::NoSandbox { source: Box::new(source), hint: "name another state file: `--url sandbox:FILE`" }
}

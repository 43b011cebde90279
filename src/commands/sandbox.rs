//! `sandbox`: serves the Alerting and Notifications API from this process.

use std::process::ExitCode;

use tokio::net::TcpListener;

use super::signals::Signals;
use crate::cli::Sandbox as Args;
use crate::config::Config;
use crate::error::Error;
use crate::output::{print, tell};
use crate::sandbox::journal;
use crate::sandbox::server::{Sandbox, serve};
use crate::sandbox::state::{Clock, State};

/// Serves until it is interrupted.
pub async fn run(config: &Config, args: &Args) -> Result<ExitCode, Error> {
    let sandbox = match &args.state {
        None => {
            Sandbox { state: State::new(config.line.unwrap_or(State::LINE), Clock::System), journal: None }
        }
        Some(file) => {
            let (state, journal) = journal::open(file, config.line, Clock::System).map_err(no_sandbox)?;
            Sandbox { state, journal: Some(journal) }
        }
    };
    let mut signals = Signals::listen()?;
    let listener = TcpListener::bind(args.listen).await.map_err(no_sandbox)?;
    let address = listener.local_addr().map_err(no_sandbox)?;
    print(&format!("http://{address}\n"))?;
    let line = sandbox.state.line;
    tell(&format!("the sandbox plays line {line}; it runs no query and sends no message; Ctrl-C ends it"));
    let interrupted = async move {
        signals.next().await;
    };
    serve(listener, sandbox, interrupted).await.map_err(no_sandbox)?;
    Ok(ExitCode::SUCCESS)
}

fn no_sandbox(source: impl std::error::Error + Send + Sync + 'static) -> Error {
    Error::NoSandbox { source: Box::new(source), hint: "see `--listen` and `--state`" }
}

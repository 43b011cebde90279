//! Between the command line and the wire: how servers are reached, what is sent again, and what the user reads when
//! it fails.

mod answers;
mod aws;
mod binary;
mod certificates;
mod combinations;
mod dashboards;
mod failover;
mod headers;
mod middlemen;
mod precedence;
mod proxies;
mod repeats;
mod secure;
mod server;
mod unreachable;

use std::time::Duration;

use alertform::api::answer::Answer;
use alertform::api::client::Client;
use alertform::api::connection::{Connection, Front, Log, Target, Verification};
use alertform::api::request::Request;
use alertform::api::retry::Retries;
use alertform::error::Error;
use reqwest::Url;

/// A connection to `url` with nothing special about it, and no patience.
fn to(url: &str) -> Connection {
    Connection {
        target: Target::Server(Url::parse(url).unwrap()),
        others: Vec::new(),
        front: Front::OpenSearch,
        line: None,
        credentials: None,
        headers: Vec::new(),
        ca: None,
        client_certificate: None,
        verification: Verification::Full,
        proxy: None,
        connect_to: None,
        timeout: Duration::from_secs(20),
        connect_timeout: Duration::from_secs(10),
        retries: Retries { most: 0, first_wait: Duration::from_millis(1) },
        log: Log::Silent,
    }
}

async fn send(connection: &Connection, request: &Request) -> Result<Answer, Error> {
    let Target::Server(base) = &connection.target else { unreachable!("tests name a server") };
    Client::connect(base, connection, |_| ())?.send(request).await
}

/// What the user sees when reading `/x` fails, with `SERVER` for its changing address.
async fn screen(connection: &Connection) -> String {
    screen_of(connection, &Request::get("/x")).await
}

/// What the user sees when `request` fails or is refused.
async fn screen_of(connection: &Connection, request: &Request) -> String {
    let Target::Server(base) = &connection.target else { unreachable!("tests name a server") };
    let outcome = match Client::connect(base, connection, |_| ()) {
        Ok(client) => client.ask(request).await,
        Err(error) => Err(error),
    };
    let address = format!("{}:{}", base.host_str().unwrap(), base.port().unwrap_or_default());
    outcome.unwrap_err().screen().replace(&address, "SERVER")
}

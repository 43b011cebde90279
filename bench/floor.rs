//! The floor: the fastest bare client that we can write. It sends a script and reads every byte of every answer; it
//! parses nothing, and knows nothing of alerting.

use std::fs;
use std::path::Path;
use std::time::Duration;

use futures_util::{StreamExt, TryStreamExt, stream};
use reqwest::header::{ACCEPT, CONTENT_TYPE};
use reqwest::{Client, Method};

use super::Result;
use super::script::{Script, Sent, Stage};

/// The first argument that makes this binary the floor.
pub const ARGUMENT: &str = "floor";

/// As long as the program waits between two looks at a list that lags behind.
const PAUSE: Duration = Duration::from_millis(200);

/// Sends the script in a file to the server at `url`.
pub fn run(url: &str, script: &Path) -> Result<()> {
    let script = Script::read(fs::read(script)?)?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let client = client(url, &script.user_agent)?;
        for stage in &script.stages {
            while !send_all(&client, url, stage).await? {
                tokio::time::sleep(PAUSE).await;
            }
        }
        Ok(())
    })
}

/// A client without anything that is not needed to send these requests.
pub fn client(url: &str, user_agent: &str) -> Result<Client> {
    // fails only if there is a provider already, which serves as well
    let _ = rustls::crypto::ring::default_provider().install_default();
    let builder = Client::builder().user_agent(user_agent).no_proxy();
    // loading authorities takes time, and is for TLS alone
    let builder = if url.starts_with("https:") { builder } else { builder.tls_certs_only([]) };
    Ok(builder.build()?)
}

/// Sends a stage; whether the answers hold what they must.
async fn send_all(client: &Client, url: &str, stage: &Stage) -> Result<bool> {
    let Stage { at_once, until, requests } = stage;
    let answers = stream::iter(requests).map(|request| send(client, url, request, !until.is_empty()));
    let answers: Vec<Vec<u8>> = answers.buffer_unordered(*at_once).try_collect().await?;
    let holds = |needle: &String| {
        let needle = needle.as_bytes();
        answers.iter().any(|answer| answer.windows(needle.len()).any(|part| part == needle))
    };
    Ok(until.iter().all(holds))
}

/// Sends a request and reads its answer; gives it only where it is kept.
async fn send(client: &Client, url: &str, request: &Sent, is_kept: bool) -> Result<Vec<u8>> {
    let Sent { method, path, body, status } = request;
    let mut builder = client.request(Method::from_bytes(method.as_bytes())?, format!("{url}{path}"));
    if let Ok(username) = std::env::var("ALERTFORM_USERNAME") {
        builder = builder.basic_auth(username, std::env::var("ALERTFORM_PASSWORD").ok());
    }
    builder = builder.header(ACCEPT, "application/json");
    if !body.is_empty() {
        builder = builder.header(CONTENT_TYPE, "application/json").body(body.clone());
    }
    let mut response = builder.send().await?;
    let found = response.status().as_u16();
    let mut kept = Vec::new();
    while let Some(chunk) = response.chunk().await? {
        if is_kept {
            kept.extend_from_slice(&chunk);
        }
    }
    if found != *status {
        return Err(format!("{method} {path} answered {found}, and {status} to the program").into());
    }
    Ok(kept)
}

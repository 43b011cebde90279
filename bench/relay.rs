//! A relay between program and cluster that notes every request: what the floor is to send is what the program sends.

use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;

use axum::Router;
use axum::body::{Body, Bytes, to_bytes};
use axum::http::{self, header};
use reqwest::Client;
use tokio::net::TcpListener;
use tokio::sync::oneshot;

use super::script::{Script, Sent};
use super::{Result, floor};

/// A relay in a thread of its own.
pub struct Relay {
    /// Where it listens.
    pub url: String,
    notes: Arc<Mutex<Notes>>,
    stop: oneshot::Sender<()>,
    thread: JoinHandle<()>,
}

#[derive(Default)]
struct Notes {
    user_agent: String,
    sent: Vec<Sent>,
    under_way: usize,
    most_at_once: usize,
}

impl Relay {
    /// Starts a relay to the cluster at `upstream`.
    pub fn start(upstream: &str) -> Result<Self> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let listener = runtime.block_on(TcpListener::bind(("127.0.0.1", 0)))?;
        let url = format!("http://{}", listener.local_addr()?);
        let notes = Arc::new(Mutex::new(Notes::default()));
        let way = Arc::new((floor::client(upstream, "")?, upstream.to_owned(), Arc::clone(&notes)));
        let app = Router::new().fallback(move |request| pass_on(Arc::clone(&way), request));
        let (stop, stopped) = oneshot::channel::<()>();
        let thread = std::thread::spawn(move || {
            runtime.block_on(async {
                tokio::select! {
                    _ = async { axum::serve(listener, app).await } => {}
                    _ = stopped => {}
                }
            });
        });
        Ok(Self { url, notes, stop, thread })
    }

    /// Ends the relay, and gives what passed through it.
    pub fn into_script(self) -> Result<Script> {
        let Self { url: _, notes, stop, thread } = self;
        let _ = stop.send(());
        thread.join().map_err(|_| "the relay broke down")?;
        let notes = std::mem::take(&mut *notes.lock().unwrap_or_else(PoisonError::into_inner));
        Ok(Script::of(notes.user_agent, notes.sent, notes.most_at_once))
    }
}

type Way = (Client, String, Arc<Mutex<Notes>>);

async fn pass_on(way: Arc<Way>, request: http::Request<Body>) -> http::Response<Body> {
    exchange(&way, request).await.unwrap_or_else(|error| {
        let mut response = http::Response::new(Body::from(format!("the relay: {error}")));
        *response.status_mut() = http::StatusCode::BAD_GATEWAY;
        response
    })
}

async fn exchange(way: &Way, request: http::Request<Body>) -> Result<http::Response<Body>> {
    let (client, upstream, notes) = way;
    let (parts, body) = request.into_parts();
    let body = to_bytes(body, usize::MAX).await?;
    let path = parts.uri.path_and_query().map_or("/", |path| path.as_str()).to_owned();
    let place = note(notes, &parts, path.clone(), body.clone());

    let mut builder = client.request(parts.method, format!("{upstream}{path}")).body(body);
    for (name, value) in &parts.headers {
        if ![header::HOST, header::CONTENT_LENGTH, header::CONNECTION].contains(name) {
            builder = builder.header(name, value);
        }
    }
    let answer = builder.send().await?;
    let status = answer.status();
    let kind = answer.headers().get(header::CONTENT_TYPE).cloned();
    let bytes = answer.bytes().await?;

    let mut notes = notes.lock().unwrap_or_else(PoisonError::into_inner);
    notes.under_way -= 1;
    notes.sent[place].status = status.as_u16();
    let mut response = http::Response::builder().status(status);
    if let Some(kind) = kind {
        response = response.header(header::CONTENT_TYPE, kind);
    }
    Ok(response.body(Body::from(bytes))?)
}

/// Notes a request that is on its way; gives its place among all.
fn note(notes: &Mutex<Notes>, parts: &http::request::Parts, path: String, body: Bytes) -> usize {
    let mut notes = notes.lock().unwrap_or_else(PoisonError::into_inner);
    let agent = parts.headers.get(header::USER_AGENT).and_then(|agent| agent.to_str().ok());
    agent.unwrap_or_default().clone_into(&mut notes.user_agent);
    notes.under_way += 1;
    notes.most_at_once = notes.most_at_once.max(notes.under_way);
    notes.sent.push(Sent { method: parts.method.to_string(), path, body, status: 0 });
    notes.sent.len() - 1
}

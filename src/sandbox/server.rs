//! The sandbox over HTTP: any method and any path go to the handlers, one at a time.

use std::future::Future;
use std::io;
use std::sync::{Arc, Mutex, PoisonError};

use axum::Router;
use axum::body::{self, Body};
use axum::extract::State as Shared;
use axum::http::{self, HeaderMap, HeaderName, StatusCode, header};
use tokio::net::TcpListener;

use super::exchange::{Rendered, Request, Response};
use super::journal::Journal;
use super::refusal::Refusal;
use super::render::render;
use super::routes;
use super::state::State;

/// The largest body that is taken, as on the real servers.
const MAX_BODY: usize = 100 * 1024 * 1024;

/// A state, and the file that keeps it, if any.
#[derive(Debug)]
pub struct Sandbox {
    /// The state.
    pub state: State,
    /// The state file.
    pub journal: Option<Journal>,
}

impl Sandbox {
    /// Answers one request; what it changed is in the state file before the answer is given.
    pub fn answer(&mut self, request: &Request) -> Rendered {
        let response = routes::answer(&mut self.state, request);
        let changes = self.state.take_unsaved();
        let kept = self.journal.as_mut().map_or(Ok(()), |journal| journal.append(&changes));
        let response = kept.map_or_else(|error| not_kept(&error), |()| response);
        render(request, response)
    }
}

/// Serves a sandbox until the shutdown future ends. A listener on another address than loopback is refused.
pub async fn serve(
    listener: TcpListener,
    sandbox: Sandbox,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> io::Result<()> {
    let address = listener.local_addr()?;
    if !address.ip().is_loopback() {
        return Err(io::Error::other(format!(
            "the sandbox has no passwords: expected a loopback address, found {address}"
        )));
    }
    let shared = Arc::new(Mutex::new(sandbox));
    let app = Router::new().fallback(respond).with_state(shared);
    axum::serve(listener, app).with_graceful_shutdown(shutdown).await
}

async fn respond(
    Shared(sandbox): Shared<Arc<Mutex<Sandbox>>>,
    request: http::Request<Body>,
) -> http::Response<Body> {
    let (parts, body) = request.into_parts();
    let Ok(bytes) = body::to_bytes(body, MAX_BODY).await else {
        return written(Rendered {
            status: StatusCode::PAYLOAD_TOO_LARGE.as_u16(),
            location: None,
            content_type: String::new(),
            body: Vec::new(),
        });
    };
    let uri = parts.uri.path_and_query().map_or("/", http::uri::PathAndQuery::as_str);
    let request = Request {
        user_agent: text(&parts.headers, &header::USER_AGENT),
        content_type: text(&parts.headers, &header::CONTENT_TYPE),
        accept: text(&parts.headers, &header::ACCEPT),
        ..Request::new(parts.method.as_str(), uri, bytes)
    };
    // a handler that panicked left the state as it was before or after one change: going on is safe
    let rendered = sandbox.lock().unwrap_or_else(PoisonError::into_inner).answer(&request);
    if rendered.status == 0 {
        // ends when the client hangs up
        return std::future::pending().await;
    }
    written(rendered)
}

fn not_kept(error: &io::Error) -> Response {
    Refusal::exception(
        500,
        "sandbox_state_exception",
        format!("cannot write the sandbox state file: {error}"),
    )
    .into()
}

fn text(headers: &HeaderMap, name: &HeaderName) -> Option<String> {
    headers.get(name).map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned())
}

fn written(rendered: Rendered) -> http::Response<Body> {
    let Rendered { status, location, content_type, body } = rendered;
    let mut response = http::Response::builder().status(status);
    if !content_type.is_empty() {
        response = response.header(header::CONTENT_TYPE, content_type);
    }
    if let Some(location) = location {
        response = response.header(header::LOCATION, location);
    }
    response.body(Body::from(body)).unwrap_or_else(|_| {
        let mut failed = http::Response::new(Body::empty());
        *failed.status_mut() = StatusCode::INTERNAL_SERVER_ERROR;
        failed
    })
}

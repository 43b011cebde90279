//! The way to one server: a pool of connections, a request on it, and what arrives.

use std::sync::Arc;
use std::time::Duration;

use reqwest::header::{ACCEPT, CONTENT_TYPE, HOST, HeaderMap, HeaderValue, LOCATION, RETRY_AFTER};
use reqwest::{Response, Url, redirect, retry as automatic};

use super::answer::Answer;
use super::connection::{Connection, Front};
use super::dashboards;
use super::html;
use super::proxy::{Proxy, address};
use super::refusal;
use super::request::{Body, Method, Request};
use super::tls::{self, Platform};
use super::tunnel::{self, Tunnel};
use crate::error::Error;
use crate::model::secret::{Secret, without};

/// Servers give `ui_metadata` only to their own Dashboards: to `Kibana` on the line `odfe`, to `OpenSearch-Dashboards`
/// on all others.
const USER_AGENT: &str = concat!("alertform/", env!("CARGO_PKG_VERSION"), " (OpenSearch-Dashboards; Kibana)");

/// The way to one server.
#[derive(Debug)]
pub struct Way {
    http: reqwest::Client,
    base: String,
    front: Front,
    /// What the server is asked for by, where the base does not say it.
    host: Option<HeaderValue>,
    /// `http` or `https`.
    pub scheme: String,
    /// The host and the port.
    pub server: String,
}

/// What arrived, before it is judged.
pub struct Arrival {
    /// What the server said.
    pub answer: Answer,
    /// What it is if it cannot come from OpenSearch.
    pub foreign: Option<String>,
}

impl Way {
    /// Makes the way to the server at `base`.
    pub fn to(base: &Url, connection: &Connection) -> Result<Self, Error> {
        let (sent_to, host) = match &connection.connect_to {
            Some(_) => (&tunnel::url(base), tunnel::host(base)),
            None => (base, None),
        };
        Ok(Self {
            http: pool(base, connection)?,
            base: sent_to.as_str().trim_end_matches('/').to_owned(),
            front: connection.front,
            host,
            scheme: base.scheme().to_owned(),
            server: address(base).unwrap_or_default(),
        })
    }

    /// A request as it is sent, before it says who asks.
    pub fn outgoing(&self, request: &Request) -> reqwest::Result<reqwest::Request> {
        let builder = self.http.request(method(request.method), format!("{}{}", self.base, request.path));
        let builder = match &self.host {
            Some(host) => builder.header(HOST, host.clone()),
            None => builder,
        };
        let builder = match &request.body {
            None => builder,
            Some(Body::Json(value)) => {
                builder.header(CONTENT_TYPE, "application/json").body(value.to_string())
            }
            Some(Body::Bytes(bytes)) => builder.header(CONTENT_TYPE, "application/json").body(bytes.clone()),
        };
        builder.build()
    }

    /// Sends a request and takes in the answer, without the secrets that were in the request.
    pub async fn exchange(&self, outgoing: reqwest::Request, secrets: &[Secret]) -> reqwest::Result<Arrival> {
        let response = self.http.execute(outgoing).await?;
        let status = response.status().as_u16();
        let retry_after = retry_after(response.headers());
        let redirect = redirect_to(&response);
        let is_html = header(response.headers(), CONTENT_TYPE).is_some_and(|kind| kind.contains("text/html"));
        let is_dashboards = self.front == Front::OpenSearch && dashboards::answered(response.headers());
        let mut body = body(response).await?;
        let is_refusal = || status >= 400 || self.front == Front::Dashboards && dashboards::is_refusal(&body);
        if !secrets.is_empty() && is_refusal() {
            // who refuses a request may say what was in it
            body = without(secrets, &String::from_utf8_lossy(&body), "(secret)").into_bytes();
        }
        let foreign = if is_dashboards {
            Some(refusal::DASHBOARDS.to_owned())
        } else {
            redirect.or_else(|| is_html.then(|| html::describe(&body)))
        };
        Ok(Arrival { answer: Answer { status, body, retry_after }, foreign })
    }
}

fn pool(base: &Url, connection: &Connection) -> Result<reqwest::Client, Error> {
    let through_https = connection.proxy.as_ref().is_some_and(Proxy::is_secure);
    let platform =
        if base.scheme() == "https" || through_https { Platform::Trusted } else { Platform::Unneeded };
    let mut headers = HeaderMap::from_iter([(ACCEPT, HeaderValue::from_static("application/json"))]);
    if connection.front == Front::Dashboards {
        headers.extend(dashboards::headers());
    }
    let builder = reqwest::Client::builder()
        .user_agent(USER_AGENT)
        .default_headers(headers)
        .timeout(connection.timeout)
        .connect_timeout(connection.connect_timeout)
        // A redirect would carry the credentials elsewhere, or turn a POST into a GET.
        .redirect(redirect::Policy::none())
        .retry(automatic::never())
        .no_proxy();
    let builder = match &connection.connect_to {
        Some(address) => builder.dns_resolver(Arc::new(Tunnel { address: address.clone() })),
        None => builder,
    };
    let builder = match &connection.proxy {
        Some(proxy) => builder.proxy(reqwest::Proxy::all(proxy.url.expose()).map_err(|_| {
            Error::usage(format!("the proxy `{}` has no usable URL", proxy.address), "look at `HTTPS_PROXY`")
        })?),
        None => builder,
    };
    let builder = tls::secure(
        builder,
        connection.ca.as_deref(),
        connection.client_certificate.as_ref(),
        connection.verification,
        platform,
    )?;
    builder.build().map_err(|error| tls::unusable(&error, connection))
}

fn redirect_to(response: &Response) -> Option<String> {
    if !response.status().is_redirection() {
        return None;
    }
    // What follows the path may be a token.
    let place = header(response.headers(), LOCATION)?.split(['?', '#']).next()?;
    let url = response.url().join(place).ok()?;
    let host = address(&url)?;
    Some(format!("a redirect to `{}://{host}{}`", url.scheme(), refusal::tidy(url.path())))
}

/// Reads all of the body into one piece of memory: a page of monitors is megabytes, and one copy of it is enough.
async fn body(mut response: Response) -> reqwest::Result<Vec<u8>> {
    const MOST_AT_ONCE: u64 = 16 << 20;
    let announced = response.content_length().unwrap_or_default().min(MOST_AT_ONCE);
    let mut body = Vec::with_capacity(usize::try_from(announced).unwrap_or_default());
    while let Some(chunk) = response.chunk().await? {
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

/// Only the form in seconds: OpenSearch, and the gates before it that were seen, send no date.
fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    header(headers, RETRY_AFTER)?.trim().parse().ok().map(Duration::from_secs)
}

fn header(headers: &HeaderMap, name: reqwest::header::HeaderName) -> Option<&str> {
    headers.get(name)?.to_str().ok()
}

const fn method(method: Method) -> reqwest::Method {
    match method {
        Method::Get => reqwest::Method::GET,
        Method::Post => reqwest::Method::POST,
        Method::Put => reqwest::Method::PUT,
        Method::Delete => reqwest::Method::DELETE,
    }
}

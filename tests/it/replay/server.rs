//! The server that is asked, a sandbox or a live one, and what it answers.

use std::io;
use std::time::Duration;

use serde::Serialize;
use serde_json::Value;
use serde_json::ser::{Formatter, Serializer};

use super::matcher::{Captured, filled, filled_text};
use super::scenario::Request;

/// How time passes for a server.
pub enum Clock {
    /// The sandbox's own, moved by hand.
    Moved(Box<dyn Fn(Duration) + Send + Sync>),
    /// A live server's, which can only be waited for.
    Real,
}

pub struct Server {
    pub base: String,
    pub http: reqwest::Client,
    pub user: Option<(String, String)>,
    pub clock: Clock,
}

/// What came back; status 0 if nothing did.
#[derive(Debug, Default)]
pub struct Answer {
    pub status: u16,
    pub location: Option<String>,
    pub content_type: Option<String>,
    pub text: String,
}

/// Begins an HTTP client that speaks to the named server and no other.
pub fn http() -> reqwest::ClientBuilder {
    // Fails when another test was first, which is as good.
    let _ = rustls::crypto::ring::default_provider().install_default();
    reqwest::Client::builder().no_proxy().redirect(reqwest::redirect::Policy::none())
}

impl Server {
    /// Lets time pass.
    pub async fn wait(&self, time: Duration) {
        match &self.clock {
            Clock::Moved(advance) => advance(time),
            Clock::Real => tokio::time::sleep(time).await,
        }
    }

    /// Sends a recorded request and waits no longer than `patience` for the answer.
    pub async fn send(&self, request: &Request, captured: &Captured, patience: Duration) -> Answer {
        if let Clock::Moved(advance) = &self.clock {
            // No two requests come in the same moment: lists are sorted by time.
            advance(Duration::from_millis(1));
        }
        let method: reqwest::Method = request.method.parse().unwrap();
        let url = format!("{}{}", self.base, filled_text(&request.path, captured));
        let mut builder = self.http.request(method, url).timeout(patience);
        if let Some((name, password)) = &self.user {
            builder = builder.basic_auth(name, Some(password));
        }
        for (name, value) in &request.headers {
            builder = builder.header(name, value);
        }
        if let Some(body) = &request.body {
            if !request.headers.keys().any(|name| name.eq_ignore_ascii_case("content-type")) {
                builder = builder.header("Content-Type", "application/json");
            }
            builder = builder.body(match body {
                Value::String(text) => filled_text(text, captured),
                body => spaced(&filled(body, captured)),
            });
        }
        match builder.send().await {
            Ok(response) => answer(response).await,
            Err(error) if error.is_connect() || error.is_builder() => panic!("{}: {error:?}", self.base),
            Err(_) => Answer::default(),
        }
    }
}

async fn answer(response: reqwest::Response) -> Answer {
    let header = |name| response.headers().get(name).map(|value| value.to_str().unwrap().to_owned());
    let (location, content_type) = (header("location"), header("content-type"));
    let status = response.status().as_u16();
    match response.text().await {
        Ok(text) => Answer { status, location, content_type, text },
        Err(_) => Answer::default(),
    }
}

/// Writes JSON with a blank after each comma and colon, as the recorded requests were: error texts quote columns.
fn spaced(value: &Value) -> String {
    struct Spaced;
    impl Formatter for Spaced {
        fn begin_array_value<W: ?Sized + io::Write>(&mut self, out: &mut W, first: bool) -> io::Result<()> {
            out.write_all(if first { b"" } else { b", " })
        }
        fn begin_object_key<W: ?Sized + io::Write>(&mut self, out: &mut W, first: bool) -> io::Result<()> {
            out.write_all(if first { b"" } else { b", " })
        }
        fn begin_object_value<W: ?Sized + io::Write>(&mut self, out: &mut W) -> io::Result<()> {
            out.write_all(b": ")
        }
    }
    let mut out = Vec::new();
    value.serialize(&mut Serializer::with_formatter(&mut out, Spaced)).unwrap();
    String::from_utf8(out).unwrap()
}

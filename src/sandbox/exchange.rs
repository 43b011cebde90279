//! What comes in and what goes out, as plain values, so that handlers need no network.

use serde_json::Value;

/// A request, as handlers see it.
#[derive(Clone, Debug, Default)]
pub struct Request {
    /// The method, in capitals.
    pub method: String,
    /// The path and query string as they were sent; error texts quote it.
    pub uri: String,
    /// The segments of the path, percent-decoded; empty ones are left out.
    pub path: Vec<String>,
    /// The query parameters, percent-decoded, in their order.
    pub query: Vec<(String, String)>,
    /// What the route's pattern found in the path: `{id}` is `("id", …)`. Filled in by the router.
    pub captures: Vec<(&'static str, String)>,
    /// The `User-Agent` header.
    pub user_agent: Option<String>,
    /// The `Content-Type` header.
    pub content_type: Option<String>,
    /// The `Accept` header.
    pub accept: Option<String>,
    /// The body; empty when none was sent.
    pub body: Vec<u8>,
}

/// An answer, before it is written out.
#[derive(Clone, Debug, PartialEq)]
pub struct Response {
    /// The status code; 0 for an answer that never comes.
    pub status: u16,
    /// The `Location` header.
    pub location: Option<String>,
    /// The body.
    pub body: Body,
}

/// The body of an answer.
#[derive(Clone, Debug, PartialEq)]
pub enum Body {
    /// Nothing at all.
    Empty,
    /// JSON; written as YAML to who asks for that, filtered and indented as the query says.
    Json(Value),
    /// Plain text, as a few answers are.
    Text(String),
}

/// An answer in bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rendered {
    /// The status code.
    pub status: u16,
    /// The `Location` header.
    pub location: Option<String>,
    /// The `Content-Type` header.
    pub content_type: String,
    /// The body.
    pub body: Vec<u8>,
}

impl Request {
    /// Makes a request of a method, a path with its query string, and a body.
    pub fn new(method: &str, uri: &str, body: impl Into<Vec<u8>>) -> Self {
        let (path, query) = uri.split_once('?').unwrap_or((uri, ""));
        let pairs = query.split('&').filter(|pair| !pair.is_empty()).map(|pair| {
            let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
            (decode(key.replace('+', " ")), decode(value.replace('+', " ")))
        });
        Request {
            method: method.to_owned(),
            uri: uri.to_owned(),
            path: path.split('/').filter(|segment| !segment.is_empty()).map(decode).collect(),
            query: pairs.collect(),
            body: body.into(),
            ..Request::default()
        }
    }

    /// Gives the value of a query parameter; of a repeated one the last counts.
    pub fn param(&self, name: &str) -> Option<&str> {
        self.query.iter().rev().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// Gives what the route's pattern found under a name, or "".
    pub fn capture(&self, name: &str) -> &str {
        self.captures.iter().find(|(key, _)| *key == name).map_or("", |(_, value)| value.as_str())
    }

    /// Gives the path as it was sent, without the query string.
    pub fn raw_path(&self) -> &str {
        self.uri.split_once('?').map_or(self.uri.as_str(), |(path, _)| path)
    }
}

impl Response {
    /// Makes a JSON answer.
    pub fn json(status: u16, body: Value) -> Self {
        Response { status, location: None, body: Body::Json(body) }
    }

    /// Makes an answer without a body.
    pub fn empty(status: u16) -> Self {
        Response { status, location: None, body: Body::Empty }
    }

    /// Makes the answer that never comes, as servers do that stumble over a request.
    pub const fn never() -> Self {
        Response { status: 0, location: None, body: Body::Empty }
    }

    /// Makes a plain-text answer.
    pub fn text(status: u16, body: impl Into<String>) -> Self {
        Response { status, location: None, body: Body::Text(body.into()) }
    }

    /// Adds the `Location` header.
    #[must_use]
    pub fn at(self, location: String) -> Self {
        Response { location: Some(location), ..self }
    }
}

fn decode(text: impl AsRef<str>) -> String {
    let bytes = text.as_ref().as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let escaped = (bytes[at] == b'%')
            .then(|| bytes.get(at + 1..at + 3))
            .flatten()
            .and_then(|digits| std::str::from_utf8(digits).ok())
            .and_then(|digits| u8::from_str_radix(digits, 16).ok());
        out.push(escaped.unwrap_or(bytes[at]));
        at += if escaped.is_some() { 3 } else { 1 };
    }
    String::from_utf8_lossy(&out).into_owned()
}

//! One request as plain data: no network here.

use serde_json::Value;

use crate::model::secret::Secret;

/// One request.
#[derive(Clone, Debug)]
pub struct Request {
    /// What is done to the path.
    pub method: Method,
    /// The path below the server's base, percent-encoded, with its query:
    /// `/_plugins/_alerting/monitors/x?version=true`.
    pub path: String,
    /// What is sent along.
    pub body: Option<Body>,
    /// Whether sending it twice does no harm.
    pub repeat: Repeat,
    /// What stands in the body and must not come back in an error that quotes it.
    pub secrets: Vec<Secret>,
}

/// What is done to a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// Reads.
    Get,
    /// Creates, searches or runs.
    Post,
    /// Replaces.
    Put,
    /// Deletes.
    Delete,
}

/// What is sent along.
#[derive(Clone)]
pub enum Body {
    /// A JSON value.
    Json(Value),
    /// JSON as text, sent as it stands.
    Bytes(Vec<u8>),
}

/// Whether a request may be sent again when nobody knows whether the first one was handled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Repeat {
    /// Twice is as good as once: reads and searches.
    Harmless,
    /// Only when it is certain that the server did not handle the first.
    Never,
}

impl Request {
    /// Reads `path`.
    pub fn get(path: impl Into<String>) -> Self {
        Self::new(Method::Get, path.into(), None, Repeat::Harmless)
    }

    /// Sends `body` to `path`, once.
    pub fn post(path: impl Into<String>, body: Value) -> Self {
        Self::new(Method::Post, path.into(), Some(Body::Json(body)), Repeat::Never)
    }

    /// Replaces what is at `path`, once.
    pub fn put(path: impl Into<String>, body: Value) -> Self {
        Self::new(Method::Put, path.into(), Some(Body::Json(body)), Repeat::Never)
    }

    /// Deletes what is at `path`, once.
    pub fn delete(path: impl Into<String>) -> Self {
        Self::new(Method::Delete, path.into(), None, Repeat::Never)
    }

    /// Says that sending it twice does no harm, as with a search by POST.
    #[must_use]
    pub fn harmless(self) -> Self {
        Self { repeat: Repeat::Harmless, ..self }
    }

    /// Says what of the body must not come back in an error.
    #[must_use]
    pub fn guarding(mut self, secrets: &[Secret]) -> Self {
        self.secrets.extend(secrets.iter().flat_map(Secret::spellings));
        self
    }

    fn new(method: Method, path: String, body: Option<Body>, repeat: Repeat) -> Self {
        Self { method, path, body, repeat, secrets: Vec::new() }
    }
}

impl Method {
    /// The word on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Method::Get => "GET",
            Method::Post => "POST",
            Method::Put => "PUT",
            Method::Delete => "DELETE",
        }
    }
}

impl std::fmt::Debug for Body {
    /// Writes no content: bodies hold webhook URLs.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Body(…)")
    }
}

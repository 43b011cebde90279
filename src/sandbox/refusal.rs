//! The shapes in which the servers say no.

use serde_json::{Map, Value, json};

use super::exchange::{Body, Response};

/// A refusal: a status and one of the servers' error shapes. Handlers return it with `?`.
#[derive(Clone, Debug, PartialEq)]
pub struct Refusal {
    /// The status code.
    pub status: u16,
    /// What the body looks like.
    pub shape: Shape,
}

/// The shape of an error body.
#[derive(Clone, Debug, PartialEq)]
pub enum Shape {
    /// `{"error": "text"}`, as for an unknown route.
    Bare(String),
    /// `{"error": "text", "status": n}`, as for a wrong method or content type.
    Plain(String),
    /// The usual object, with `root_cause`.
    Exception(Box<Exception>),
    /// Text without any JSON.
    Text(String),
}

/// An exception as the servers write it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Exception {
    /// The `type`.
    pub kind: String,
    /// The `reason`.
    pub reason: String,
    /// Further keys, such as `line` and `col`, which stand after `reason` in the cause and in the root cause.
    pub details: Map<String, Value>,
    /// The `caused_by` object.
    pub caused_by: Option<Value>,
    /// The `root_cause`, when it is another than the exception itself.
    pub root_cause: Option<Value>,
}

impl Refusal {
    /// `{"error": {"root_cause": [{type, reason}], type, reason}, "status": n}`.
    pub fn exception(status: u16, kind: &str, reason: impl Into<String>) -> Self {
        let exception = Exception { kind: kind.to_owned(), reason: reason.into(), ..Exception::default() };
        Refusal { status, shape: Shape::Exception(Box::new(exception)) }
    }

    /// An `alerting_exception` around a Java class's exception of the same message.
    pub fn alerting(status: u16, reason: impl Into<String>, class: &str) -> Self {
        let reason = reason.into();
        let cause = format!("{class}: {reason}");
        Refusal::alerting_caused(status, reason, cause)
    }

    /// An `alerting_exception` whose cause says something else than itself.
    pub fn alerting_caused(status: u16, reason: impl Into<String>, cause: impl Into<String>) -> Self {
        Refusal::exception(status, "alerting_exception", reason)
            .caused_by(json!({"type": "exception", "reason": cause.into()}))
    }

    /// A 403 of the alerting plugin's own, whose cause says nothing.
    pub fn not_allowed(reason: impl Into<String>) -> Self {
        Refusal::exception(403, "alerting_exception", reason)
            .caused_by(json!({"type": "illegal_state_exception", "reason": null}))
    }

    /// A 400 `illegal_argument_exception`.
    pub fn illegal_argument(reason: impl Into<String>) -> Self {
        Refusal::exception(400, "illegal_argument_exception", reason)
    }

    /// Adds a `caused_by` object.
    #[must_use]
    pub fn caused_by(mut self, cause: Value) -> Self {
        if let Shape::Exception(exception) = &mut self.shape {
            exception.caused_by = Some(cause);
        }
        self
    }

    /// Adds a key that stands after `reason`.
    #[must_use]
    pub fn detail(mut self, key: &str, value: impl Into<Value>) -> Self {
        if let Shape::Exception(exception) = &mut self.shape {
            exception.details.insert(key.to_owned(), value.into());
        }
        self
    }

    /// Says who is at the root, when it is not the exception itself.
    #[must_use]
    pub fn rooted_in(mut self, root: Value) -> Self {
        if let Shape::Exception(exception) = &mut self.shape {
            exception.root_cause = Some(root);
        }
        self
    }

    /// `{"error": "text"}`.
    pub fn bare(status: u16, text: impl Into<String>) -> Self {
        Refusal { status, shape: Shape::Bare(text.into()) }
    }

    /// `{"error": "text", "status": n}`.
    pub fn plain(status: u16, text: impl Into<String>) -> Self {
        Refusal { status, shape: Shape::Plain(text.into()) }
    }

    /// Text without any JSON.
    pub fn text(status: u16, text: impl Into<String>) -> Self {
        Refusal { status, shape: Shape::Text(text.into()) }
    }
}

impl From<Refusal> for Response {
    fn from(Refusal { status, shape }: Refusal) -> Self {
        let body = match shape {
            Shape::Bare(text) => Body::Json(json!({"error": text})),
            Shape::Plain(text) => Body::Json(json!({"error": text, "status": status})),
            Shape::Exception(exception) => {
                Body::Json(json!({"error": error_object(*exception), "status": status}))
            }
            Shape::Text(text) => Body::Text(text),
        };
        Response { status, location: None, body }
    }
}

fn error_object(exception: Exception) -> Value {
    let Exception { kind, reason, details, caused_by, root_cause } = exception;
    let mut own = Map::new();
    own.insert("type".to_owned(), kind.into());
    own.insert("reason".to_owned(), reason.into());
    own.extend(details);
    let mut error = Map::new();
    let root = root_cause.unwrap_or_else(|| Value::Object(own.clone()));
    error.insert("root_cause".to_owned(), Value::Array(vec![root]));
    error.extend(own);
    if let Some(cause) = caused_by {
        error.insert("caused_by".to_owned(), cause);
    }
    Value::Object(error)
}

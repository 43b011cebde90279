//! What a server's parser throws: an exception with its Java class, so that a route can answer it bare or wrapped.

use serde_json::json;

use super::refusal::Refusal;

/// An exception, not yet an answer.
#[derive(Clone, Debug, PartialEq)]
pub struct Fault {
    /// The status of the answer when it is not wrapped.
    pub status: u16,
    /// The `type` when it is not wrapped.
    pub kind: &'static str,
    /// The Java class with its package; the reason of a wrapper's cause begins with it.
    pub class: &'static str,
    /// The message.
    pub reason: String,
    /// Line and column, told beside the reason.
    pub place: Option<(usize, usize)>,
    /// The `type` of a cause.
    pub cause: Option<&'static str>,
    /// What the cause says, when it does not say the same.
    pub cause_reason: Option<Box<str>>,
}

impl Fault {
    /// Makes an exception of a Java class.
    pub fn new(status: u16, kind: &'static str, class: &'static str, reason: impl Into<String>) -> Self {
        Fault { status, kind, class, reason: reason.into(), place: None, cause: None, cause_reason: None }
    }

    /// Adds a cause, which says something of its own.
    #[must_use]
    pub fn caused_by(self, kind: &'static str, reason: String) -> Self {
        Fault { cause: Some(kind), cause_reason: Some(reason.into()), ..self }
    }

    /// Makes an `IllegalArgumentException`, a 400.
    pub fn illegal_argument(reason: impl Into<String>) -> Self {
        Fault::new(400, "illegal_argument_exception", "java.lang.IllegalArgumentException", reason)
    }

    /// Makes an `IllegalStateException`, a 500.
    pub fn illegal_state(reason: impl Into<String>) -> Self {
        Fault::new(500, "illegal_state_exception", "java.lang.IllegalStateException", reason)
    }

    /// Makes the 500 of a Kotlin property that the body did not set.
    pub fn uninitialized(property: &str) -> Self {
        Fault::new(
            500,
            "uninitialized_property_access_exception",
            "kotlin.UninitializedPropertyAccessException",
            format!("lateinit property {property} has not been initialized"),
        )
    }

    /// Answers with an `alerting_exception` around this, as the alerting plugin does from 2.4 on.
    pub fn wrapped(self) -> Refusal {
        // in Java the second is a kind of the first
        let is_argument = matches!(self.kind, "illegal_argument_exception" | "x_content_parse_exception");
        let status = if is_argument { 400 } else { 500 };
        Refusal::alerting(status, self.reason, self.class)
    }
}

impl From<Fault> for Refusal {
    fn from(Fault { status, kind, class: _, reason, place, cause, cause_reason }: Fault) -> Self {
        let caused_by =
            cause.map(|kind| json!({"type": kind, "reason": cause_reason.as_deref().unwrap_or(&reason)}));
        let mut refusal = Refusal::exception(status, kind, reason);
        if let Some((line, column)) = place {
            refusal = refusal.detail("line", line).detail("col", column);
        }
        caused_by.into_iter().fold(refusal, Refusal::caused_by)
    }
}

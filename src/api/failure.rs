//! Why no answer came: the cause below reqwest's words, and what to do about it.

/// A request that got no answer.
#[derive(Debug, thiserror::Error)]
#[error("{cause}")]
pub struct Failure {
    /// The cause.
    pub cause: Cause,
}

/// Why no answer came.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Cause {
    /// Something else.
    #[error("{0}")]
    Other(String),
}

impl Failure {
    /// What to do about it.
    pub fn hint(&self) -> Option<String> {
        None
    }

    /// Whether the server may have handled the request all the same.
    pub fn may_have_happened(&self) -> bool {
        true
    }
}

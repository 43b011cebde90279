//! How a server says that it won't have a search body.

/// The answer of a server to a monitor whose search body it refuses.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{kind}: {reason}")]
pub struct Refusal {
    /// The HTTP status.
    pub status: u16,
    /// The `type` of the error, such as `parsing_exception`.
    pub kind: String,
    /// The `reason` of the error: its sense is to be trusted, its wording changes from version to version.
    pub reason: String,
}

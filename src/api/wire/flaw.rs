//! What keeps a JSON document from being understood.

/// A value that is not what the API takes, and where in the document it stands.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct Flaw {
    /// A JSON pointer to the value: `/triggers/0/name`.
    pub pointer: String,
    /// What was expected and what was found, as a lower-case fragment.
    pub message: String,
    /// What was expected, when the value is of the wrong kind: who knows that it is no secret may show what was found.
    pub expected: Option<String>,
    /// The keys that are known there, when a key is not.
    pub known: &'static [&'static str],
}

/// Keeps what was read, or takes down why it could not be.
pub fn keep<T>(read: Result<T, Flaw>, flaws: &mut Vec<Flaw>) -> Option<T> {
    read.map_err(|flaw| flaws.push(flaw)).ok()
}

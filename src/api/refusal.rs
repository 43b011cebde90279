//! Answers that are a no: who was not let in, which permission is missing, what the server said.

/// An answer that is a no.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// 401: no credentials, or wrong ones.
    #[error("{server} lets nobody in without credentials")]
    Unauthorized {
        /// The server's address.
        server: String,
        /// Who asked.
        username: Option<String>,
    },
    /// 403: known, and not allowed.
    #[error("{request}: {reason}")]
    Forbidden {
        /// Method and path.
        request: String,
        /// The permission to ask an administrator for.
        permission: Option<String>,
        /// The server's words.
        reason: String,
    },
    /// Any other status that is no success.
    #[error("{request} answered {status}")]
    Server {
        /// Method and path.
        request: String,
        /// The status.
        status: u16,
        /// The server's word for the error: `alerting_exception`.
        kind: Option<String>,
        /// The server's words.
        reason: Option<String>,
    },
    /// Something answers there that is no OpenSearch.
    #[error("{request} answered {found}")]
    NotOpenSearch {
        /// Method and path.
        request: String,
        /// What came instead of JSON.
        found: String,
    },
}

impl Refusal {
    /// What to do about it.
    pub fn hint(&self) -> Option<String> {
        None
    }

    /// Whether the server may have done what was asked all the same.
    pub fn may_have_happened(&self) -> bool {
        false
    }
}

//! What can go wrong, in the user's words: one text an error, a hint beside it, never a secret.

use std::io;
use std::path::PathBuf;
use std::process::ExitCode;

use crate::api::failure::Failure;
use crate::api::refusal::Refusal;
use crate::source::finding::Finding;

/// All that can go wrong.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The files of the project say something that can't be.
    #[error("{}", each(.0))]
    Files(Vec<Finding>),
    /// The command line, the environment or the project file asks for something that can't be.
    #[error(transparent)]
    Usage(#[from] Usage),
    /// A file that a setting names can't be read.
    #[error("cannot read the {what} `{}`: {source}", path.display())]
    Unreadable {
        /// What the file is for: `password file`.
        what: &'static str,
        /// Where it was looked for.
        path: PathBuf,
        /// The reason.
        source: io::Error,
    },
    /// The server could not be reached, or its answer did not arrive.
    #[error(transparent)]
    Failure(#[from] Failure),
    /// The server answered, and the answer is no.
    #[error(transparent)]
    Refusal(#[from] Refusal),
}

/// Something that can't be asked for.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct Usage {
    /// What, as a lower-case fragment.
    pub message: String,
    /// What to do about it.
    pub hint: String,
}

impl Usage {
    /// Makes one of its two texts.
    pub fn new(message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self { message: message.into(), hint: hint.into() }
    }
}

impl Error {
    /// Makes an error of something that can't be asked for.
    pub fn usage(message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self::Usage(Usage::new(message, hint))
    }

    /// What to do about it, as a lower-case fragment.
    pub fn hint(&self) -> Option<String> {
        match self {
            Error::Files(_) | Error::Unreadable { .. } => None,
            Error::Usage(usage) => Some(usage.hint.clone()),
            Error::Failure(failure) => failure.hint(),
            Error::Refusal(refusal) => refusal.hint(),
        }
    }

    /// The code that the program exits with: 1, since 2 says that a plan has changes.
    pub fn exit_code(&self) -> ExitCode {
        ExitCode::from(1)
    }

    /// Whether the server may have done what was asked all the same: nobody knows until somebody looks.
    pub fn may_have_happened(&self) -> bool {
        match self {
            Error::Files(_) | Error::Usage(_) | Error::Unreadable { .. } => false,
            Error::Failure(failure) => failure.may_have_happened(),
            Error::Refusal(refusal) => refusal.may_have_happened(),
        }
    }

    /// The lines that the user sees: `error: …`, and below it `  hint: …`.
    pub fn screen(&self) -> String {
        match self.hint() {
            Some(hint) => format!("error: {self}\n  hint: {hint}"),
            None => format!("error: {self}"),
        }
    }
}

/// Writes findings one below the other, each with its hint, as if each were an error of its own.
fn each(findings: &[Finding]) -> String {
    findings.iter().map(ToString::to_string).collect::<Vec<_>>().join("\nerror: ")
}

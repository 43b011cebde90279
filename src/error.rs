//! What can go wrong, in the user's words: one text an error, a hint beside it, never a secret.

use std::io;
use std::path::PathBuf;
use std::process::ExitCode;

use crate::api::failure::Failure;
use crate::api::refusal::Refusal;
use crate::api::retry::Ending;
use crate::plural::count;
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
    /// A file of the user's can't be written.
    #[error("cannot write `{}`: {source}", path.display())]
    Unwritable {
        /// Where it was to stand.
        path: PathBuf,
        /// The reason.
        source: io::Error,
    },
    /// Data for the user can't be written.
    #[error("cannot write to stdout: {0}")]
    Unprintable(#[source] io::Error),
    /// The system does not give what the program needs to run.
    #[error("cannot start: {0}")]
    NoStart(#[source] io::Error),
    /// The system does not let the program hear of signals.
    #[error("cannot listen to signals: {0}")]
    NoSignals(#[source] io::Error),
    /// The sandbox has no state to begin with, or nowhere to listen.
    #[error("cannot start the sandbox: {source}")]
    NoSandbox {
        /// The reason.
        source: Box<dyn std::error::Error + Send + Sync>,
        /// What to do about it: it depends on who wanted the sandbox.
        hint: &'static str,
    },
    /// The server could not be reached, or its answer did not arrive.
    #[error(transparent)]
    Failure(#[from] Failure),
    /// The server answered, and the answer is no.
    #[error(transparent)]
    Refusal(#[from] Refusal),
    /// There are more than a server lists.
    #[error("the cluster has {most} {what} or more, and no server lists more")]
    TooMany {
        /// What is listed: `channels`.
        what: &'static str,
        /// The most that a server lists.
        most: usize,
    },
    /// A list changed while it was read page by page, and something may have slipped through.
    #[error("the list of {what} changed while it was read: found {found} of {total}")]
    Moved {
        /// What is listed: `monitors`.
        what: &'static str,
        /// How many different ones were found.
        found: usize,
        /// How many the server says there are.
        total: usize,
    },
    /// A search did not look everywhere.
    #[error("the list of monitors is not whole: {}", gap(*.failed_shards))]
    Gap {
        /// How many parts of the index could not be searched; when none, the time was too short.
        failed_shards: usize,
    },
    /// Somebody else made what was to be made.
    #[error("somebody made it in the cluster since the plan was made")]
    MadeMeanwhile,
    /// What is to be made is there, and the server's lists do not show it to this user.
    #[error("one of this name is in the cluster, which does not list it for this user")]
    Hidden,
    /// Somebody else made what was made a moment ago, and did so before.
    #[error("somebody else made it a moment before, and what was made here is deleted again")]
    TakenBack,
    /// Somebody else made what was made a moment ago.
    #[error("somebody else made it at the same time, so that it is there twice")]
    MadeTwice,
    /// Somebody else made what was made a moment ago, and did so before, and ours could not be deleted.
    #[error("somebody else made it a moment before, so that it is there twice: {0}")]
    NotTakenBack(Box<Error>),
    /// Somebody else wrote a channel that was written a moment ago.
    #[error("somebody else wrote it at the same time, and one of the two writes is lost")]
    Overwritten,
    /// Somebody else wrote what was to be written.
    #[error("somebody changed it in the cluster since the plan was made")]
    Outdated,
    /// Somebody else deleted what was to be written.
    #[error("somebody deleted it in the cluster since the plan was made")]
    DeletedMeanwhile,
    /// Exported files do not say all that they should.
    #[error("the export is not whole: {}", lacks(*.unreadable, *.namesakes))]
    Incomplete {
        /// How many objects could not be read.
        unreadable: usize,
        /// How many names are borne by several objects.
        namesakes: usize,
    },
    /// A plan does more than one run may.
    #[error("over a limit: {0}")]
    OverLimit(Usage),
    /// Something moved since a plan was saved.
    #[error("nothing was applied: the saved plan is stale: {0}")]
    Stale(Usage),
    /// Lists still show an old state.
    #[error("the list of channels does not show yet what was written")]
    Unlisted,
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
            Error::Unwritable { .. } => Some("look at the folder's rights and space".to_owned()),
            Error::Unprintable(_) => Some("is there space left where it leads to?".to_owned()),
            Error::NoStart(_) | Error::NoSignals(_) => Some("free some memory or file handles".to_owned()),
            Error::NoSandbox { source: _, hint } => Some((*hint).to_owned()),
            Error::Usage(usage) | Error::OverLimit(usage) | Error::Stale(usage) => Some(usage.hint.clone()),
            Error::Failure(failure) => failure.hint(),
            Error::Refusal(refusal) => refusal.hint(),
            Error::TooMany { .. } => Some("delete those that nothing tells".to_owned()),
            Error::Moved { .. } => Some("run it again".to_owned()),
            Error::Gap { .. } => {
                Some("see to the index `.opendistro-alerting-config`, and run it again".to_owned())
            }
            Error::MadeMeanwhile => Some("plan again: it may be as declared already".to_owned()),
            Error::Hidden => Some(
                "apply as a user with its backend roles, or with `all_access`; or give this one another name"
                    .to_owned(),
            ),
            Error::TakenBack => Some("plan again once the other apply has ended".to_owned()),
            Error::Overwritten => Some(
                "once the other apply has ended plan again, and look which of the two it should be".to_owned(),
            ),
            Error::MadeTwice | Error::NotTakenBack(_) => Some(
                "once no other apply runs, plan again; if the plan still names two, delete one in the cluster"
                    .to_owned(),
            ),
            Error::DeletedMeanwhile => Some("plan again: it would be made anew".to_owned()),
            Error::Outdated => Some("plan again, and look at what changed".to_owned()),
            Error::Incomplete { .. } => {
                Some("see the warnings above; the other files are written".to_owned())
            }
            Error::Unlisted => {
                Some("plan again in a moment; until then a plan may be out of date".to_owned())
            }
        }
    }

    /// Itself as findings: one of each place where it is about files.
    pub fn findings(&self) -> Vec<Finding> {
        match self {
            Error::Files(findings) => findings.clone(),
            error => vec![Finding { place: None, message: error.to_string(), hint: error.hint() }],
        }
    }

    /// The code that the program exits with: 1, since 2 says that a plan has changes, 3 that it is over a limit, and 4
    /// that it is stale.
    pub fn exit_code(&self) -> ExitCode {
        match self {
            Error::OverLimit(_) => ExitCode::from(3),
            Error::Stale(_) => ExitCode::from(4),
            _ => ExitCode::from(1),
        }
    }

    /// Whether it says nothing of what was asked, so that the next request will come to the same.
    pub fn is_general(&self) -> bool {
        match self {
            Error::Failure(_) => true,
            Error::Refusal(refusal) => refusal.is_general(),
            _ => false,
        }
    }

    /// Whether the server knows no such request.
    pub fn is_unknown_to_server(&self) -> bool {
        matches!(self, Error::Refusal(refusal) if refusal.is_of_no_route())
    }

    /// What it means for another attempt at a write.
    pub fn ending_of_write(&self) -> Ending {
        match self {
            Error::Failure(failure) => failure.ending_of_write(),
            Error::Refusal(refusal) => refusal.ending_of_write(),
            _ => Ending::Final,
        }
    }

    /// Whether the server may have done what was asked all the same: nobody knows until somebody looks.
    pub fn may_have_happened(&self) -> bool {
        match self {
            Error::Files(_)
            | Error::Usage(_)
            | Error::OverLimit(_)
            | Error::Stale(_)
            | Error::Unreadable { .. }
            | Error::Unwritable { .. }
            | Error::Unprintable(_)
            | Error::NoStart(_)
            | Error::NoSignals(_)
            | Error::NoSandbox { .. }
            | Error::TooMany { .. }
            | Error::Moved { .. }
            | Error::Gap { .. }
            | Error::MadeMeanwhile
            | Error::Hidden
            | Error::MadeTwice
            | Error::NotTakenBack(_)
            | Error::Overwritten
            | Error::TakenBack
            | Error::Outdated
            | Error::DeletedMeanwhile
            | Error::Incomplete { .. }
            | Error::Unlisted => false,
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

fn gap(failed_shards: usize) -> String {
    match failed_shards {
        0 => "the search ran out of time".to_owned(),
        some => format!("{} failed", count(some, "shard")),
    }
}

fn lacks(unreadable: usize, namesakes: usize) -> String {
    let unreadable = (unreadable > 0).then(|| format!("{} could not be read", count(unreadable, "object")));
    let namesakes = (namesakes > 0).then(|| format!("{} borne by several objects", count(namesakes, "name")));
    unreadable.into_iter().chain(namesakes).collect::<Vec<_>>().join(", ")
}

/// Writes findings one below the other, each with its hint, as if each were an error of its own.
fn each(findings: &[Finding]) -> String {
    findings.iter().map(ToString::to_string).collect::<Vec<_>>().join("\nerror: ")
}

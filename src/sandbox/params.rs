//! Query parameters that several routes share: numbers, `refresh`, and the revision that a write expects.

use serde_json::json;

use super::exchange::Request;
use super::fault::Fault;
use super::index::{Document, Refresh};
use super::line_differences as lines;
use super::refusal::Refusal;
use crate::api::line::Line;

/// The revision that a write expects to replace: `if_seq_no` and `if_primary_term`.
#[derive(Clone, Copy, Debug)]
pub struct Expected {
    seq_no: Option<i64>,
    primary_term: i64,
}

/// Gives an integer parameter.
pub fn int(request: &Request, name: &str, default: i64) -> Result<i64, Refusal> {
    let Some(text) = request.param(name) else {
        return Ok(default);
    };
    text.parse::<i32>().map(i64::from).map_err(|_| not_a_number("int", name, text))
}

/// Gives a boolean parameter; one without a value turns it on.
pub fn boolean(request: &Request, name: &str) -> Result<bool, Refusal> {
    match request.param(name) {
        None | Some("false") => Ok(false),
        Some("" | "true") => Ok(true),
        Some(other) => Err(Refusal::illegal_argument(format!(
            "Failed to parse value [{other}] as only [true] or [false] are allowed."
        ))),
    }
}

/// Gives the `refresh` parameter; a write waits for the refresh unless told otherwise.
pub fn refresh(request: &Request) -> Result<Refresh, Refusal> {
    match request.param("refresh") {
        None | Some("" | "true" | "wait_for") => Ok(Refresh::Now),
        Some("false") => Ok(Refresh::Later),
        Some(other) => Err(Refusal::illegal_argument(format!("Unknown value for refresh: [{other}]."))),
    }
}

/// Gives the revision that a write expects.
pub fn expected(request: &Request) -> Result<Expected, Refusal> {
    let long = |name: &str| {
        let parsed = |text: &str| text.parse::<i64>().map_err(|_| not_a_number("long", name, text));
        request.param(name).map(parsed).transpose()
    };
    Ok(Expected {
        // the server's own word for none
        seq_no: long("if_seq_no")?.filter(|seq_no| *seq_no != -2),
        primary_term: long("if_primary_term")?.unwrap_or(0),
    })
}

impl Expected {
    /// Gives a sequence number that none can be.
    pub fn negative_seq_no(self) -> Option<i64> {
        self.seq_no.filter(|seq_no| *seq_no < 0)
    }

    /// Refuses half a revision: a sequence number without a term, or a term without a number.
    pub fn check_whole(self, line: Line) -> Result<(), Fault> {
        let what = match (self.seq_no, self.primary_term) {
            (None, 0) => return Ok(()),
            (None, _) => "unassigned",
            (Some(_), 0) => "set",
            (Some(_), _) => return Ok(()),
        };
        let class = lines::request_validation_class(line);
        let term = self.primary_term;
        let reason = format!("Validation Failed: 1: ifSeqNo is {what}, but primary term is [{term}];");
        Err(Fault::new(400, "action_request_validation_exception", class, reason))
    }

    /// Refuses a document of another revision than the expected one; the primary term is always 1.
    pub fn check(self, line: Line, id: &str, current: &Document) -> Result<(), Fault> {
        self.check_whole(line)?;
        let Expected { seq_no, primary_term } = self;
        match seq_no {
            None => Ok(()),
            Some(seq_no) if u64::try_from(seq_no) == Ok(current.seq_no) && primary_term == 1 => Ok(()),
            Some(seq_no) => {
                let reason = format!(
                    "[{id}]: version conflict, required seqNo [{seq_no}], primary term [{primary_term}]. \
                     current document has seqNo [{}] and primary term [1]",
                    current.seq_no
                );
                Err(Fault::new(
                    409,
                    "version_conflict_engine_exception",
                    lines::version_conflict_class(line),
                    reason,
                ))
            }
        }
    }
}

fn not_a_number(kind: &str, name: &str, text: &str) -> Refusal {
    let said = format!("For input string: \"{text}\"");
    Refusal::illegal_argument(format!("Failed to parse {kind} parameter [{name}] with value [{text}]"))
        .caused_by(json!({"type": "number_format_exception", "reason": said}))
}

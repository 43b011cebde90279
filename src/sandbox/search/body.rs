//! Search bodies: read here, rewritten by the tables that the whole program shares.

use serde_json::Value;

use super::super::fault::Fault;
use super::super::line_differences as lines;
use super::super::line_differences::monitors::x_content_parse_class;
use super::super::reader::{Reader, Token};
use crate::api::line::Line;
use crate::api::wire::dsl;

/// Reads the search body that begins here, as the server shows it ever after.
pub fn parse(reader: &mut Reader, line: Line) -> Result<Value, Fault> {
    if *reader.token() != Token::StartObject {
        reader.advance()?;
    }
    if *reader.token() != Token::StartObject {
        let reason = format!("Expected [START_OBJECT] but found [{}]", reader.token().name());
        return Err(Fault {
            place: Some(reader.place()),
            ..Fault::new(400, "parsing_exception", lines::parsing_class(line), reason)
        });
    }
    let before = reader.clone();
    let body = reader.json()?;
    dsl::rewrite(&body, line).map_err(|refusal| fault(refusal, line, before))
}

/// Makes a fault of a refusal, at the place of the key that it names; the reader stands before the body.
fn fault(refusal: dsl::Refusal, line: Line, before: Reader) -> Fault {
    let dsl::Refusal { status, kind, reason } = refusal;
    let place = place_of_named(&reason, before);
    let unknown = reason.strip_prefix("unknown query [").and_then(|rest| rest.split_once(']'));
    let cause = place
        .zip(unknown)
        .map(|((row, column), (name, _))| format!("[{row}:{column}] unknown field [{name}]"));
    let fault = match kind.as_str() {
        "parsing_exception" => Fault {
            place: Some(place.unwrap_or((1, 1))),
            ..Fault::new(400, "parsing_exception", lines::parsing_class(line), reason)
        },
        "x_content_parse_exception" => Fault::new(
            400,
            "x_content_parse_exception",
            x_content_parse_class(line),
            reason,
        ),
        // 2.x hides the kind in its wrapper: of its two statuses one is for arguments, the other for syntax
        "alerting_exception" if status >= 500 => Fault {
            place: Some(place.unwrap_or((1, 1))),
            ..Fault::new(400, "parsing_exception", lines::parsing_class(line), reason)
        },
        _ if status < 500 => Fault::illegal_argument(reason),
        _ => Fault::illegal_state(reason),
    };
    match cause {
        Some(cause) => fault.caused_by("named_object_not_found_exception", cause),
        None => fault,
    }
}

/// Finds the value of the first key that a reason names in brackets.
fn place_of_named(reason: &str, mut reader: Reader) -> Option<(usize, usize)> {
    loop {
        reader.advance().ok()?;
        let named = match reader.token() {
            Token::Field(name) => reason.contains(&format!("[{name}]")),
            Token::Nothing => return None,
            _ => false,
        };
        if named {
            reader.advance().ok()?;
            return Some(reader.place());
        }
    }
}

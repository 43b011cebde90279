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
    let dsl::Refusal { status, kind, reason, is_trap: _ } = refusal;
    if let Some((name, side)) = field_refused(&reason) {
        let place = place_of(before, side, |key| key == name);
        let reason =
            place.map_or_else(|| reason.clone(), |(row, column)| format!("[{row}:{column}] {reason}"));
        return Fault::new(400, "x_content_parse_exception", x_content_parse_class(line), reason);
    }
    let place = place_of(before, Side::Value, |key| reason.contains(&format!("[{key}]")));
    let unknown = reason.strip_prefix("unknown query [").and_then(|rest| rest.split_once(']'));
    let cause = place
        .zip(unknown)
        .map(|((row, column), (name, _))| format!("[{row}:{column}] unknown field [{name}]"));
    // 2.x hides the kind in its wrapper: of its two statuses one is for arguments, the other for syntax
    let is_syntax = kind == "parsing_exception" || (kind == "alerting_exception" && status >= 500);
    let fault = if is_syntax {
        let fault = Fault::new(400, "parsing_exception", lines::parsing_class(line), reason);
        Fault { place: Some(place.unwrap_or((1, 1))), ..fault }
    } else if kind == "x_content_parse_exception" {
        Fault::new(400, "x_content_parse_exception", x_content_parse_class(line), reason)
    } else if status < 500 {
        Fault::illegal_argument(reason)
    } else {
        Fault::illegal_state(reason)
    };
    match cause {
        Some(cause) => fault.caused_by("named_object_not_found_exception", cause),
        None => fault,
    }
}

/// Which side of a field a fault is at.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    Key,
    Value,
}

/// Gives the field that a parser of whole objects refuses: such a reason begins with the place.
fn field_refused(reason: &str) -> Option<(&str, Side)> {
    let unknown = reason.split_once("] unknown field [").map(|(_, rest)| (rest, Side::Key));
    let failed = reason.split_once("] failed to parse field [").map(|(_, rest)| (rest, Side::Value));
    let (rest, side) = unknown.or(failed).filter(|_| reason.starts_with('['))?;
    Some((&rest[..rest.find(']')?], side))
}

/// Finds the first field whose key is looked for.
fn place_of(mut reader: Reader, side: Side, looked_for: impl Fn(&str) -> bool) -> Option<(usize, usize)> {
    loop {
        reader.advance().ok()?;
        match reader.token() {
            Token::Field(name) if looked_for(name) => break,
            Token::Nothing => return None,
            _ => {}
        }
    }
    if side == Side::Value {
        reader.advance().ok()?;
    }
    Some(reader.place())
}

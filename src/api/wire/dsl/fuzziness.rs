//! How many edits apart terms may be: a number, or `AUTO`, which looks at their length.

use serde_json::Value;

use super::common::shorten_count;
use super::forward;
use super::number;
use super::refusal::{Class, Fault};
use super::schema::{At, Kind, Outcome, Own};

/// How many edits apart a term may be: a text, even of a number.
pub const FUZZINESS: Kind = Kind::Own(&Own { expand: expand_fuzziness, shorten: shorten_count });

/// The same for suggestions: a number, and what `AUTO` gives to a term of five letters.
pub const EDITS: Kind = Kind::Own(&Own { expand: expand_edits, shorten: Value::clone });

/// The lengths from which a term may be one and two edits apart, unless others are given.
const USUAL_LENGTHS: (i32, i32) = (3, 6);

fn expand_fuzziness(value: &Value, _: At) -> Outcome {
    if let Value::Bool(_) = value {
        return Err(Fault::new(Class::Argument, "Can't parse fuzziness on token: [VALUE_BOOLEAN]"));
    }
    let text = forward::text(value)?;
    if !text.get(..4).is_some_and(|start| start.eq_ignore_ascii_case("auto")) {
        return Ok(Value::String(text));
    }
    let Some(lengths) = text[4..].strip_prefix(':') else {
        return Ok(Value::String(text.to_ascii_uppercase()));
    };
    Ok(match automatic(lengths)? {
        USUAL_LENGTHS => Value::from("AUTO"),
        (low, high) => Value::String(format!("AUTO:{low},{high}")),
    })
}

/// Reads the two lengths of `AUTO:3,6`.
fn automatic(lengths: &str) -> Result<(i32, i32), Fault> {
    let fault = |reason: &str| Fault::new(Class::Argument, reason);
    let (low, high) = lengths
        .split_once(',')
        .filter(|(_, high)| !high.contains(','))
        .ok_or_else(|| fault("failed to find low and high distance values"))?;
    let (Ok(low), Ok(high)) = (low.parse(), high.parse()) else {
        return Err(fault(&format!("failed to parse [AUTO:{lengths}] as a \"auto:int,int\"")));
    };
    if low < 0 || high < 0 || low > high {
        return Err(fault(
            "fuzziness wrongly configured, must be: lowDistance > 0, highDistance > 0 and lowDistance <= highDistance ",
        ));
    }
    Ok((low, high))
}

fn expand_edits(value: &Value, at: At) -> Outcome {
    let fuzziness = forward::text(&expand_fuzziness(value, at)?)?;
    let (low, high) = match fuzziness.strip_prefix("AUTO") {
        None => {
            let edits = number::read_float(&Value::String(fuzziness))?;
            #[expect(clippy::cast_possible_truncation, reason = "at most two")]
            return Ok(Value::from(edits.min(2.0) as i32));
        }
        Some("") => USUAL_LENGTHS,
        Some(lengths) => automatic(lengths.trim_start_matches(':'))?,
    };
    Ok(Value::from(i32::from(5 >= low) + i32::from(5 >= high)))
}

//! Languages as Java spells them.

use serde_json::Value;

use super::forward;
use super::schema::{At, Kind, Outcome, Own};

/// A language with its region, each in the case that is its own: `en-US`, `zh-Hant-TW`.
pub const LOCALE: Kind = Kind::Own(&Own { expand: expand_locale, shorten: Value::clone });

/// A tag that is none stays, as nobody means what Java makes of it.
fn expand_locale(value: &Value, _: At) -> Outcome {
    let tag = forward::text(value)?;
    let mut private = false;
    let parts = tag.split('-').enumerate().map(|(place, part)| {
        let lower = part.to_ascii_lowercase();
        private |= place > 0 && part.len() == 1;
        match (place, part.len()) {
            (1.., 2) if !private => lower.to_ascii_uppercase(),
            (1.., 4) if !private => lower[..1].to_ascii_uppercase() + &lower[1..],
            _ => lower,
        }
    });
    let is_part =
        |part: &str| (1..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric());
    if tag.split('-').all(is_part) {
        let spelled: Vec<String> = parts.collect();
        return Ok(Value::String(spelled.join("-")));
    }
    Ok(Value::String(tag))
}

//! The range query: eight ways to say two ends.

use serde_json::Value;

use super::common::TAIL;
use super::forward::boolean;
use super::schema::{At, Kind, Lit, Object, Spec, field};
use super::zone::ZONE;

/// A range of a field's values.
pub static RANGE: Spec = Spec::hand(
    "range",
    &[
        &[
            field("from", Kind::TermOrNull).or(Lit::Null),
            field("to", Kind::TermOrNull).or(Lit::Null),
            field("include_lower", Kind::Bool).or(Lit::True),
            field("include_upper", Kind::Bool).or(Lit::True),
            field("time_zone", ZONE),
            field("format", Kind::Text),
            field("relation", Kind::Lower(&["intersects", "disjoint", "within", "contains"])),
        ],
        TAIL,
    ],
)
.tidied(spell_ends, shorten_ends);

/// The short keys: which end they are, and whether it is in the range.
const ENDS: &[(&str, &str, &str, bool)] = &[
    ("gte", "from", "include_lower", true),
    ("gt", "from", "include_lower", false),
    ("lte", "to", "include_upper", true),
    ("lt", "to", "include_upper", false),
];

/// Spells `gte`, `gt`, `lte` and `lt` out; of keys for the same end the last one counts.
fn spell_ends(range: &mut Object, _: At) {
    if !ENDS.iter().any(|(short, ..)| range.contains_key(*short)) {
        return;
    }
    let given = std::mem::take(range);
    for (key, value) in given {
        match ENDS.iter().find(|(short, ..)| *short == key) {
            Some((_, end, include, inside)) => {
                range.insert((*end).to_owned(), value);
                range.insert((*include).to_owned(), Value::Bool(*inside));
            }
            None => drop(range.insert(key, value)),
        }
    }
}

/// Spells the two ends with `gte`, `gt`, `lte` and `lt`; an end that is open, as by default, is not there at all.
fn shorten_ends(range: &mut Object) {
    if ENDS.iter().any(|(short, ..)| range.contains_key(*short)) {
        return;
    }
    let mut ends = Object::new();
    for (open, closed) in [(ENDS[1], ENDS[0]), (ENDS[3], ENDS[2])] {
        let (_, end, include, _) = open;
        let short = match range.get(include).map(boolean) {
            None | Some(Ok(true)) => closed.0,
            Some(Ok(false)) => open.0,
            Some(Err(_)) => continue,
        };
        let stated = range.shift_remove(include).is_some();
        match range.shift_remove(end) {
            Some(value) => drop(ends.insert(short.to_owned(), value)),
            None if stated => drop(ends.insert(short.to_owned(), Value::Null)),
            None => {}
        }
    }
    ends.append(range);
    *range = ends;
}

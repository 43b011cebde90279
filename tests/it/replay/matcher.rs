//! Holds an answer against a recorded one: placeholders match what no client can foresee, all else is literal.

use std::collections::BTreeMap;

use serde_json::{Number, Value};

/// What earlier answers were asked to remember, by name.
pub type Captured = BTreeMap<String, Value>;

/// One place where an answer differs from the recorded one.
#[derive(Debug)]
pub struct Difference {
    pub at: String,
    pub expected: String,
    pub got: String,
}

/// Lists the places, as JSON pointers, where `got` is not what `expected` says.
pub fn differences(expected: &Value, got: &Value, captured: &Captured) -> Vec<Difference> {
    let mut found = Vec::new();
    compare(expected, got, captured, "", &mut found);
    found
}

/// Puts captured values in the place of `<<name>>`: as they are where the name is all there is, else as text.
pub fn filled(value: &Value, captured: &Captured) -> Value {
    match value {
        Value::String(text) => match whole_name(text).and_then(|name| captured.get(name)) {
            Some(value) => value.clone(),
            None => Value::String(filled_text(text, captured)),
        },
        Value::Array(items) => items.iter().map(|item| filled(item, captured)).collect(),
        Value::Object(entries) => {
            entries.iter().map(|(key, value)| (filled_text(key, captured), filled(value, captured))).collect()
        }
        other => other.clone(),
    }
}

/// Puts the text of captured values in the place of `<<name>>`.
pub fn filled_text(text: &str, captured: &Captured) -> String {
    captured
        .iter()
        .fold(text.to_owned(), |text, (name, value)| text.replace(&format!("<<{name}>>"), &plain(value)))
}

/// Whether `got` is the recorded text `expected`, placeholders considered.
pub fn text_matches(expected: &str, got: &str, captured: &Captured) -> bool {
    let expected = filled_text(expected, captured);
    pieces_match(&pieces(&expected), got)
}

fn compare(expected: &Value, got: &Value, captured: &Captured, at: &str, found: &mut Vec<Difference>) {
    match (expected, got) {
        (Value::Object(expected), Value::Object(got)) => {
            let mut unmatched: Vec<&String> = got.keys().collect();
            let (masked, literal): (Vec<_>, Vec<_>) =
                expected.iter().partition(|(key, _)| key.contains("<<"));
            for (key, value) in literal.into_iter().chain(masked) {
                let place = |is_wanted: &dyn Fn(&String) -> bool| {
                    let name = unnumbered(key);
                    unmatched.iter().position(|other| text_matches(name, other, captured) && is_wanted(other))
                };
                // several keys may be masked: they are told apart by what they hold
                let same = |other: &String| differences(value, &got[other], captured).is_empty();
                let Some(place) = place(&same).or_else(|| place(&|_| true)) else {
                    found.push(difference(format!("{at}/{key}"), show(value), "nothing".to_owned()));
                    continue;
                };
                let key = unmatched.remove(place);
                compare(value, &got[key], captured, &format!("{at}/{key}"), found);
            }
            for key in unmatched {
                found.push(difference(format!("{at}/{key}"), "nothing".to_owned(), show(&got[key])));
            }
        }
        (Value::Array(expected), Value::Array(got)) => {
            for (index, (expected, got)) in expected.iter().zip(got).enumerate() {
                compare(expected, got, captured, &format!("{at}/{index}"), found);
            }
            for (index, value) in expected.iter().enumerate().skip(got.len()) {
                found.push(difference(format!("{at}/{index}"), show(value), "nothing".to_owned()));
            }
            for (index, value) in got.iter().enumerate().skip(expected.len()) {
                found.push(difference(format!("{at}/{index}"), "nothing".to_owned(), show(value)));
            }
        }
        (Value::String(text), got) if whole_name(text).is_some() => {
            if !placeholder_matches(text, got, captured) {
                let expected =
                    whole_name(text).and_then(|name| captured.get(name)).map_or_else(|| text.clone(), show);
                found.push(difference(at.to_owned(), expected, show(got)));
            }
        }
        (Value::String(text), Value::String(got)) if text_matches(text, got, captured) => {}
        (Value::Number(expected), Value::Number(got)) if same_number(expected, got) => {}
        (expected, got) if expected == got => {}
        (expected, got) => found.push(difference(at.to_owned(), show(expected), show(got))),
    }
}

/// A masked key without the number that tells it from the others of its object: `<<id>>#2`.
fn unnumbered(key: &str) -> &str {
    match key.rsplit_once('#') {
        Some((name, number)) if name.ends_with(">>") && number.parse::<u32>().is_ok() => name,
        _ => key,
    }
}

fn placeholder_matches(text: &str, got: &Value, captured: &Captured) -> bool {
    match text {
        "<<any>>" => true,
        "<<id>>" => got.as_str().is_some_and(|got| !got.is_empty() && got.chars().all(in_id)),
        "<<int>>" => got.is_number(),
        "<<millis>>" => got.as_i64().is_some_and(|millis| millis > 0),
        named => match whole_name(named).and_then(|name| captured.get(name)) {
            Some(value) => differences(value, got, &Captured::new()).is_empty(),
            None => false,
        },
    }
}

/// By value: `1.50` is `1.5`, and integers of any length are told apart to the last digit.
fn same_number(a: &Number, b: &Number) -> bool {
    let (a, b) = (a.to_string(), b.to_string());
    let fractional = |text: &str| text.contains(['.', 'e', 'E']);
    a == b || ((fractional(&a) || fractional(&b)) && a.parse::<f64>().ok() == b.parse::<f64>().ok())
}

#[derive(Clone, Copy)]
enum Piece<'a> {
    Literal(&'a str),
    Any,
    Id,
    Digits,
}

fn pieces(text: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("<<") {
        let known = after.split_once(">>").and_then(|(name, after)| match name {
            "any" => Some((Piece::Any, after)),
            "id" => Some((Piece::Id, after)),
            "int" | "millis" => Some((Piece::Digits, after)),
            _ => None,
        });
        let (piece, after) = known.unwrap_or((Piece::Literal("<<"), after));
        pieces.extend([Piece::Literal(before), piece]);
        rest = after;
    }
    pieces.push(Piece::Literal(rest));
    pieces
}

fn pieces_match(pieces: &[Piece], got: &str) -> bool {
    let Some((first, rest)) = pieces.split_first() else {
        return got.is_empty();
    };
    let allowed: fn(char) -> bool = match first {
        Piece::Literal(text) => return got.strip_prefix(text).is_some_and(|got| pieces_match(rest, got)),
        Piece::Any => |_| true,
        Piece::Id => in_id,
        Piece::Digits => |c| c.is_ascii_digit() || c == '-',
    };
    let least = usize::from(!matches!(first, Piece::Any));
    let longest = got.find(|c| !allowed(c)).unwrap_or(got.len());
    (least..=longest).rev().any(|end| got.is_char_boundary(end) && pieces_match(rest, &got[end..]))
}

fn in_id(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '-' | '_')
}

/// The name in a text that is nothing but one placeholder.
fn whole_name(text: &str) -> Option<&str> {
    let name = text.strip_prefix("<<")?.strip_suffix(">>")?;
    (!name.contains(['<', '>'])).then_some(name)
}

fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

fn show(value: &Value) -> String {
    value.to_string()
}

fn difference(at: String, expected: String, got: String) -> Difference {
    Difference { at, expected, got }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn same(expected: &Value, got: &Value) -> bool {
        let captured = Captured::from([("m".to_owned(), json!("abc")), ("n".to_owned(), json!(7))]);
        differences(expected, got, &captured).is_empty()
    }

    #[test]
    fn placeholders_match_what_they_stand_for_and_no_more() {
        assert!(same(&json!({"a": "<<id>>", "b": "<<millis>>"}), &json!({"b": 1, "a": "x-_9"})));
        assert!(!same(&json!("<<id>>"), &json!("a b")) && !same(&json!("<<id>>"), &json!("")));
        assert!(same(&json!("<<int>>"), &json!(-2)) && !same(&json!("<<int>>"), &json!("2")));
        assert!(same(&json!("<<int>>"), &json!(1.0)));
        assert!(
            same(&json!("<<any>>"), &json!(null)) && same(&json!(["<<m>>", "<<n>>"]), &json!(["abc", 7]))
        );
        assert!(!same(&json!("<<m>>"), &json!("abd")) && !same(&json!("<<unknown>>"), &json!("<<unknown>>")));
    }

    #[test]
    fn placeholders_match_inside_longer_strings() {
        assert!(same(&json!("[<<m>>]: seqNo [<<int>>] at <<any>>."), &json!("[abc]: seqNo [12] at [x].y.")));
        assert!(!same(&json!("[<<m>>]: seqNo [<<int>>]"), &json!("[abc]: seqNo []")));
        assert!(same(&json!({"<<id>>": 1, "b": 2}), &json!({"b": 2, "x1": 1})));
        assert!(same(&json!("a <<b"), &json!("a <<b")));
    }

    #[test]
    fn numbers_are_compared_by_value_and_differences_are_all_told() {
        assert!(same(&json!(1.50), &json!(1.5)) && same(&json!(1), &json!(1.0)));
        let long: Value = serde_json::from_str("9223372036854775809").unwrap();
        let next: Value = serde_json::from_str("9223372036854775810").unwrap();
        assert!(same(&long, &long) && !same(&long, &next));
        let found = differences(&json!({"a": [1, 2], "b": 1}), &json!({"a": [1], "c": 3}), &Captured::new());
        let places: Vec<&str> = found.iter().map(|difference| difference.at.as_str()).collect();
        assert_eq!(places, ["/a/1", "/b", "/c"]);
    }

    #[test]
    fn several_masked_keys_are_told_apart_by_what_they_hold() {
        let expected = json!({"<<id>>": {"n": 1}, "<<id>>#2": {"n": 2}});
        assert!(differences(&expected, &json!({"b": {"n": 2}, "a": {"n": 1}}), &Captured::new()).is_empty());
        assert!(!differences(&expected, &json!({"b": {"n": 2}, "a": {"n": 3}}), &Captured::new()).is_empty());
    }
}

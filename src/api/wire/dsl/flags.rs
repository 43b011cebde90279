//! Operators that a query switches on by name, and that come back as the sum of their numbers.

use serde_json::Value;

use super::number;
use super::refusal::{Class, Fault};
use super::schema::{At, Kind, Outcome, Own};
use crate::api::line::Line;

/// The operators of a simple query string.
pub const SIMPLE_QUERY: Kind = Kind::Own(&Own {
    expand: |value, _| sum(value, |name| number_of(SIMPLE_OPERATORS, name)),
    shorten: |value| names(value, &SIMPLE_OPERATORS[..10]),
});

/// The optional operators of a regular expression.
pub const REGEXP: Kind = Kind::Own(&Own {
    expand: |value, at| sum_of_regexp(value, at, REGEXP_OPERATORS),
    shorten: |value| names(value, &REGEXP_OPERATORS[..5]),
});

/// The same for an interval or a completion, which know no automaton by name.
pub const LUCENE: Kind = Kind::Own(&Own {
    expand: |value, at| sum_of_regexp(value, at, &REGEXP_OPERATORS[1..]),
    shorten: |value| names(value, &REGEXP_OPERATORS[1..5]),
});

const SIMPLE_OPERATORS: &[(&str, i64)] = &[
    ("AND", 1),
    ("NOT", 2),
    ("OR", 4),
    ("PREFIX", 8),
    ("PHRASE", 16),
    ("PRECEDENCE", 32),
    ("ESCAPE", 64),
    ("WHITESPACE", 128),
    ("FUZZY", 256),
    ("NEAR", 512),
    ("SLOP", 512),
    ("NONE", 0),
    ("ALL", -1),
];

/// All but the complement, whose number is another one from 3.0 on.
const REGEXP_OPERATORS: &[(&str, i64)] = &[
    ("AUTOMATON", 16),
    ("INTERSECTION", 1),
    ("EMPTY", 4),
    ("ANYSTRING", 8),
    ("INTERVAL", 32),
    ("NONE", 0),
    ("ALL", 255),
];

fn sum_of_regexp(value: &Value, at: At, operators: &[(&str, i64)]) -> Outcome {
    sum(value, |name| match (name.eq_ignore_ascii_case("COMPLEMENT"), at.line) {
        (true, Line::V3) => Some(65_536),
        (true, _) => Some(2),
        (false, _) => number_of(operators, name),
    })
}

/// Adds up the numbers of names that bars part; a number stays, and no text at all means all.
fn sum(value: &Value, number_of: impl Fn(&str) -> Option<i64>) -> Outcome {
    let Value::String(text) = value else {
        return number::read_int(value).map(Value::from);
    };
    if let Ok(number) = text.parse::<i32>() {
        return Ok(Value::from(number));
    }
    if text.is_empty() {
        return Ok(Value::from(number_of("ALL")));
    }
    let mut sum = 0;
    for name in text.split('|').filter(|name| !name.is_empty()) {
        sum |=
            number_of(name).ok_or_else(|| Fault::new(Class::Argument, format!("unknown flag [{name}]")))?;
    }
    Ok(Value::from(sum))
}

/// Names the operators of a sum, if each has a name in this table.
fn names(value: &Value, operators: &[(&str, i64)]) -> Value {
    let all = operators.iter().fold(0, |all, (_, bit)| all | bit);
    match value.as_i64() {
        Some(0) => Value::from("NONE"),
        Some(sum) if sum > 0 && sum & !all == 0 => {
            let names: Vec<&str> =
                operators.iter().filter(|(_, bit)| sum & bit != 0).map(|(name, _)| *name).collect();
            Value::String(names.join("|"))
        }
        _ => value.clone(),
    }
}

fn number_of(operators: &[(&str, i64)], name: &str) -> Option<i64> {
    operators.iter().find(|(known, _)| name.eq_ignore_ascii_case(known)).map(|(_, number)| *number)
}

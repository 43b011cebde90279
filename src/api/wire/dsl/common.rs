//! Fields and kinds that many tables share.

use serde_json::Value;

use super::backward;
use super::forward;
use super::number;
use super::refusal::{Class, Fault};
use super::schema::{At, Field, Kind, Lit, Need, Outcome, Own, field};

/// What every query ends with.
pub const TAIL: &[Field] = &[BOOST, NAME];

/// The weight of a query.
pub const BOOST: Field = field("boost", WEIGHT).or(Lit::Num("1.0"));

const WEIGHT: Kind =
    Kind::Own(&Own { expand: expand_weight, shorten: |value| backward::shorten(&Kind::Float, value) });

/// The name that a user gives to a query.
pub const NAME: Field = field("_name", Kind::Text);

/// Whether unmapped fields are passed over.
pub const IGNORE_UNMAPPED: Field = field("ignore_unmapped", Kind::Bool).or(Lit::False);

/// How terms of one query are joined, as it comes back from the match queries.
pub const OPERATOR: Kind = Kind::Upper(&["OR", "AND"]);

/// The same, as it comes back from the query strings.
pub const DEFAULT_OPERATOR: Kind = Kind::Lower(&["or", "and"]);

/// The direction of a sort.
pub const DIRECTION: Kind = Kind::Lower(&["asc", "desc"]);

/// A list of texts.
pub const TEXTS: Kind = Kind::List(&Kind::Text);

/// A text, or null.
pub const TEXT_OR_NULL: Kind = Kind::Own(&Own {
    expand: |value, at| {
        if value.is_null() { Ok(Value::Null) } else { expand_text(value, at) }
    },
    shorten: Value::clone,
});

/// How many optional clauses must match: a text, even of a number.
pub const MINIMUM: Kind = Kind::Own(&Own { expand: expand_text, shorten: shorten_count });

/// The need for a value to look for.
pub const VALUE: Need =
    Need { any: &["value"], fault: || Fault::new(Class::Argument, "value cannot be null") };

/// The need for a text to look for.
pub const QUERY: Need =
    Need { any: &["query"], fault: || Fault::new(Class::Argument, "requires query value") };

/// The need for a key, without which a parser written by hand throws this text.
macro_rules! needs {
    ($($key:literal: $reason:literal),+) => {
        &[$($crate::api::wire::dsl::schema::Need {
            any: &[$key],
            fault: || $crate::api::wire::dsl::refusal::Fault::new(
                $crate::api::wire::dsl::refusal::Class::Parsing,
                $reason,
            ),
        }),+]
    };
}
pub(super) use needs;

/// The need for keys, without which a parser made of declarations says that they are required.
macro_rules! required {
    ($($key:literal),+) => {
        &[$($crate::api::wire::dsl::schema::Need {
            any: &[$key],
            fault: || $crate::api::wire::dsl::refusal::Fault::new(
                $crate::api::wire::dsl::refusal::Class::Argument,
                concat!("Required [", $key, "]"),
            ),
        }),+]
    };
}
pub(super) use required;

/// The need for keys without which a server stores a body that it cannot read again.
macro_rules! readable {
    ($name:literal: $($key:literal),+) => {
        &[$($crate::api::wire::dsl::schema::Need {
            any: &[$key],
            fault: || $crate::api::wire::dsl::refusal::Fault::new(
                $crate::api::wire::dsl::refusal::Class::Trap,
                concat!("[", $name, "] has no [", $key, "]"),
            ),
        }),+]
    };
}
pub(super) use readable;

fn expand_text(value: &Value, _: At) -> Outcome {
    forward::text(value).map(Value::String)
}

/// A weight, which must not be negative.
fn expand_weight(value: &Value, at: At) -> Outcome {
    let weight = number::float_or_infinity(value, at.line)?;
    if weight.as_f64().is_some_and(|weight| weight < 0.0) || weight == "-Infinity" {
        let reason = "negative [boost] are not allowed, use a value between 0 and 1 to deboost";
        return Err(Fault::new(Class::Argument, reason));
    }
    Ok(weight)
}

/// A number stands without quotes, if its text is that number's own.
pub fn shorten_count(value: &Value) -> Value {
    match value {
        Value::String(text) => match text.parse::<i32>() {
            Ok(count) if count.to_string() == *text => number::raw(text.clone()),
            _ => value.clone(),
        },
        other => other.clone(),
    }
}

//! Span queries: where terms stand.

use serde_json::Value;

use super::common::{TAIL, VALUE, needs};
use super::number;
use super::refusal::{Class, Fault};
use super::schema::{At, Form, Kind, Lit, Object, Outcome, Own, Rest, Spec, Type, field};
use crate::api::line::Line;

/// The span queries.
pub const TYPES: &[Type] = &[
    Type::new("span_term", Form::ValueUnderField(&TERM, "value")),
    Type::new("span_near", Form::Plain(&NEAR)),
    Type::new("span_gap", Form::Plain(&GAP)),
    Type::new("span_or", Form::Plain(&OR)),
    Type::new("span_not", Form::Plain(&NOT)),
    Type::new("span_first", Form::Plain(&FIRST)),
    Type::new("span_multi", Form::Plain(&MULTI)),
    Type::new("span_containing", Form::Plain(&CONTAINING)),
    Type::new("span_within", Form::Plain(&WITHIN)),
    Type {
        older: Some((Line::Odfe, "field_masking_span")),
        ..Type::new("span_field_masking", Form::Plain(&FIELD_MASKING)).also(&["field_masking_span"])
    },
];

static TERM: Spec = Spec::hand("span_term", &[&[field("value", Kind::Term)], TAIL]).needs(&[VALUE]);

static NEAR: Spec = Spec::hand(
    "span_near",
    &[
        &[
            field("clauses", Kind::List(&Kind::Query)),
            field("slop", Kind::Int).or(Lit::Int(0)),
            field("in_order", Kind::Bool).or(Lit::True),
        ],
        TAIL,
    ],
)
.needs(needs!("clauses": "[span_near] must include [clauses]"));

static GAP: Spec = Spec::hand("span_gap", &[]).rest(Rest::Field(Kind::Int));

static OR: Spec = Spec::hand("span_or", &[&[field("clauses", Kind::List(&Kind::Query))], TAIL])
    .needs(needs!("clauses": "[span_or] must include [clauses]"));

static NOT: Spec = Spec::hand(
    "span_not",
    &[
        &[
            field("include", Kind::Query),
            field("exclude", Kind::Query),
            field("dist", Kind::Own(&Own { expand: refuse_distance, shorten: Value::clone })),
            field("pre", Kind::Int).or(Lit::Int(0)),
            field("post", Kind::Int).or(Lit::Int(0)),
        ],
        TAIL,
    ],
)
.tidied(spell_distance, shorten_distance);

static FIRST: Spec = Spec::hand(
    "span_first",
    &[&[field("match", Kind::Query), field("end", Kind::Int)], TAIL],
)
.needs(needs!("match": "[span_first] must have [match] span query clause", "end": "[span_first] must have [end] set for it"));

static MULTI: Spec = Spec::hand("span_multi", &[&[field("match", Kind::Query)], TAIL])
    .needs(needs!("match": "[span_multi] must have [match] multi term query clause"));

static CONTAINING: Spec =
    Spec::hand("span_containing", &[&[field("big", Kind::Query), field("little", Kind::Query)], TAIL]);

static WITHIN: Spec =
    Spec::hand("span_within", &[&[field("big", Kind::Query), field("little", Kind::Query)], TAIL]);

static FIELD_MASKING: Spec =
    Spec::hand("span_field_masking", &[&[field("query", Kind::Query), field("field", Kind::Text)], TAIL]);

/// One distance is that before and that behind.
fn spell_distance(query: &mut Object, _: At) {
    if query.contains_key("pre") || query.contains_key("post") {
        return;
    }
    let Some(Ok(distance)) = query.get("dist").map(number::read_int) else {
        return;
    };
    query.shift_remove("dist");
    query.insert("pre".to_owned(), Value::from(distance));
    query.insert("post".to_owned(), Value::from(distance));
}

fn shorten_distance(query: &mut Object) {
    let same = query.contains_key("pre") && query.get("pre") == query.get("post");
    if same
        && !query.contains_key("dist")
        && query.get("pre").is_some_and(|side| number::read_int(side).is_ok())
    {
        query.shift_remove("post");
        if let Some(distance) = query.shift_remove("pre") {
            query.insert("dist".to_owned(), distance);
        }
    }
}

/// A distance that is still there stands beside the two that it is short for, or is none.
fn refuse_distance(_: &Value, _: At) -> Outcome {
    let reason = "spanNot can either use [dist] or [pre] & [post] (or none)";
    Err(Fault::new(Class::Argument, reason))
}

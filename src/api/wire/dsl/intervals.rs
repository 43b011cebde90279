//! The intervals query: rules within rules about where words stand.

use serde_json::Value;

use super::backward;
use super::common::TAIL;
use super::flags;
use super::forward::{self, boolean};
use super::fuzziness::FUZZINESS;
use super::refusal::{Class, Fault};
use super::schema::{At, Field, Kind, Lit, Older, Outcome, Own, Short, Spec, field};
use super::script::SCRIPT_OBJECT;
use crate::api::line::Line;

/// The query: one rule, under the name of a field.
pub static INTERVALS: Spec = Spec::hand("intervals", &[RULES, TAIL]);

static RULE: Spec = Spec::hand("intervals", &[RULES]);

/// A rule within a rule, found by functions since a table cannot hold itself.
const RULE_WITHIN: Kind = Kind::Own(&Own {
    expand: |value, at| forward::expand(&Kind::Object(&RULE), value, at),
    shorten: |value| backward::shorten(&Kind::Object(&RULE), value),
});

const RULES: &[Field] = &[
    field("match", Kind::Object(&MATCH)),
    field("all_of", Kind::Object(&ALL_OF)),
    field("any_of", Kind::Object(&ANY_OF)),
    field("prefix", Kind::Object(&PREFIX)),
    field("wildcard", Kind::Object(&WILDCARD)),
    field("regexp", Kind::Object(&REGEXP)).since(Line::V1_3),
    field("fuzzy", Kind::Object(&FUZZY)),
];

/// Whether the words stand in this order: a boolean in Open Distro, a word with a third sense later on.
const MODE: Field = Field {
    short: Short::By(|mode| if mode.is_boolean() { "ordered" } else { "mode" }),
    older: Some(Older { until: Line::Odfe, name: "ordered", default: Lit::False }),
    ..field("mode", Kind::Own(&Own { expand: expand_mode, shorten: shorten_mode }))
        .also(&["ordered"])
        .or(Lit::Text("UNORDERED"))
};

const MAX_GAPS: Field = field("max_gaps", Kind::Int).or(Lit::Int(-1));
const ANALYZER: Field = field("analyzer", Kind::Text);
const USE_FIELD: Field = field("use_field", Kind::Text);
const FILTER: Field = field("filter", Kind::Object(&FILTERS));
const PARTS: Field = field("intervals", Kind::List(&RULE_WITHIN));

static MATCH: Spec =
    Spec::declared("match", &[&[field("query", Kind::Text), MAX_GAPS, MODE, ANALYZER, FILTER, USE_FIELD]]);

static ALL_OF: Spec = Spec::declared("all_of", &[&[MODE, MAX_GAPS, PARTS, FILTER]]);

static ANY_OF: Spec = Spec::declared("any_of", &[&[PARTS, FILTER]]);

static PREFIX: Spec = Spec::declared("prefix", &[&[field("prefix", Kind::Text), ANALYZER, USE_FIELD]]);

static WILDCARD: Spec = Spec::declared(
    "wildcard",
    &[&[
        field("pattern", Kind::Text),
        ANALYZER,
        USE_FIELD,
        field("max_expansions", Kind::Int).since(Line::V1_3),
    ]],
);

static REGEXP: Spec = Spec::declared(
    "regexp",
    &[&[
        field("pattern", Kind::Text),
        Field {
            short: Short::By(|flags| if flags.is_string() { "flags" } else { "flags_value" }),
            ..field("flags_value", flags::LUCENE).also(&["flags"]).unless(Lit::Int(255))
        },
        USE_FIELD,
        field("max_expansions", Kind::Int),
        field("case_insensitive", Kind::Bool).unless(Lit::False),
    ]],
);

static FUZZY: Spec = Spec::declared(
    "fuzzy",
    &[&[
        field("term", Kind::Text),
        field("prefix_length", Kind::Int).or(Lit::Int(0)),
        field("transpositions", Kind::Bool).or(Lit::True),
        field("fuzziness", FUZZINESS).or(Lit::Text("AUTO")),
        ANALYZER,
        USE_FIELD,
    ]],
);

static FILTERS: Spec = Spec::hand(
    "filter",
    &[&[
        field("containing", RULE_WITHIN),
        field("contained_by", RULE_WITHIN),
        field("not_containing", RULE_WITHIN),
        field("not_contained_by", RULE_WITHIN),
        field("overlapping", RULE_WITHIN),
        field("not_overlapping", RULE_WITHIN),
        field("before", RULE_WITHIN),
        field("after", RULE_WITHIN),
        field("script", SCRIPT_OBJECT),
    ]],
);

fn expand_mode(value: &Value, at: At) -> Outcome {
    let ordered = match value {
        Value::String(mode) if mode.eq_ignore_ascii_case("unordered_no_overlap") => {
            return Ok(Value::from("UNORDERED_NO_OVERLAP"));
        }
        Value::String(mode) if mode.eq_ignore_ascii_case("ordered") => true,
        Value::String(mode) if mode.eq_ignore_ascii_case("unordered") => false,
        other => boolean(other).map_err(|_| {
            Fault::new(Class::Argument, "Mode must be one of [ordered, unordered, unordered_no_overlap]")
        })?,
    };
    Ok(match (at.line, ordered) {
        (Line::Odfe, ordered) => Value::Bool(ordered),
        (_, true) => Value::from("ORDERED"),
        (_, false) => Value::from("UNORDERED"),
    })
}

fn shorten_mode(value: &Value) -> Value {
    match value.as_str() {
        Some("ORDERED") => Value::Bool(true),
        Some("UNORDERED") => Value::Bool(false),
        Some("UNORDERED_NO_OVERLAP") => Value::from("unordered_no_overlap"),
        _ => value.clone(),
    }
}

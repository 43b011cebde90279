//! Term-level queries: what a field holds, exactly.

use serde_json::Value;

use super::common::{TAIL, VALUE, needs};
use super::flags;
use super::fuzziness::FUZZINESS;
use super::java;
use super::range;
use super::refusal::{Class, Fault};
use super::schema::{At, Field, Form, Kind, Lit, Outcome, Own, Rest, Short, Spec, Type, field};
use super::script::SCRIPT_OBJECT;
use crate::api::line::Line;

/// The term-level queries.
pub const TYPES: &[Type] = &[
    Type::new("match_all", Form::Plain(&MATCH_ALL)),
    Type::new("match_none", Form::Plain(&MATCH_NONE)),
    Type::new("term", Form::ValueUnderField(&TERM, "value")),
    Type::new("terms", Form::Plain(&TERMS)),
    Type::new("terms_set", Form::UnderField(&TERMS_SET)),
    Type::new("range", Form::UnderField(&range::RANGE)),
    Type::new("exists", Form::Plain(&EXISTS)),
    Type::new("prefix", Form::ValueUnderField(&PREFIX, "value")),
    Type::new("wildcard", Form::ValueUnderField(&WILDCARD, "value")),
    Type::new("regexp", Form::ValueUnderField(&REGEXP, "value")),
    Type::new("fuzzy", Form::ValueUnderField(&FUZZY, "value")),
    Type::new("ids", Form::Plain(&IDS)),
    Type::new("type", Form::Plain(&TYPE)).until(Line::V1_3),
];

const CASE_INSENSITIVE: Field = field("case_insensitive", Kind::Bool).unless(Lit::False);

/// How many terms are made of one.
const REWRITE: Field = field("rewrite", Kind::OrNone(&Kind::Text));

static MATCH_ALL: Spec = Spec::declared("match_all", &[TAIL]);

static MATCH_NONE: Spec = Spec::declared("match_none", &[TAIL]);

static TERM: Spec =
    Spec::hand("term", &[&[field("value", Kind::Term).also(&["term"]), CASE_INSENSITIVE], TAIL])
        .needs(&[VALUE]);

static TERMS: Spec = Spec::hand(
    "terms",
    &[
        TAIL,
        &[field("value_type", Kind::Lower(&["default", "bitmap"]))
            .unless(Lit::Text("default"))
            .since(Line::V2_19)],
    ],
)
.rest(Rest::Field(Kind::Own(&Own { expand: expand_terms, shorten: Value::clone })));

static LOOKUP: Spec = Spec::declared(
    "terms_lookup",
    &[&[
        field("index", Kind::Text),
        field("id", Kind::Text),
        field("path", Kind::Text),
        field("routing", Kind::Text),
        field("store", Kind::Bool).unless(Lit::False).since(Line::V2_19),
        field("query", Kind::Query).since(Line::V3),
    ]],
);

static TERMS_SET: Spec = Spec::hand(
    "terms_set",
    &[
        &[
            field("terms", Kind::List(&Kind::Term)).or(Lit::Json("[]")),
            field("minimum_should_match_field", Kind::Text),
            field("minimum_should_match_script", SCRIPT_OBJECT),
        ],
        TAIL,
    ],
);

static EXISTS: Spec = Spec::hand("exists", &[&[field("field", Kind::Text)], TAIL])
    .needs(needs!("field": "[exists] must be provided with a [field]"));

static PREFIX: Spec =
    Spec::hand("prefix", &[&[field("value", Kind::Text), REWRITE, CASE_INSENSITIVE], TAIL]).needs(&[VALUE]);

static WILDCARD: Spec = Spec::hand(
    "wildcard",
    &[&[field("wildcard", Kind::Text).also(&["value"]).shortly("value"), REWRITE, CASE_INSENSITIVE], TAIL],
);

static REGEXP: Spec = Spec::hand(
    "regexp",
    &[
        &[
            field("value", Kind::Text),
            Field {
                short: Short::By(|flags| if flags.is_string() { "flags" } else { "flags_value" }),
                ..field("flags_value", flags::REGEXP).also(&["flags"]).or(Lit::Int(255))
            },
            CASE_INSENSITIVE,
            field("max_determinized_states", Kind::Int).or(Lit::Int(10_000)),
            REWRITE,
        ],
        TAIL,
    ],
)
.needs(&[VALUE]);

static FUZZY: Spec = Spec::hand(
    "fuzzy",
    &[
        &[
            field("value", Kind::Term),
            field("fuzziness", FUZZINESS).or(Lit::Text("AUTO")),
            field("prefix_length", Kind::Int).or(Lit::Int(0)),
            field("max_expansions", Kind::Int).or(Lit::Int(50)),
            field("transpositions", Kind::Bool).or(Lit::True),
            field("rewrite", Kind::Text),
        ],
        TAIL,
    ],
)
.needs(&[VALUE]);

static IDS: Spec = Spec::declared(
    "ids",
    &[
        &[field("values", Kind::Own(&Own { expand: expand_ids, shorten: Value::clone })).or(Lit::Json("[]"))],
        TAIL,
    ],
);

static TYPE: Spec = Spec::hand("type", &[&[field("value", Kind::Text)], TAIL]);

/// The terms themselves, or where they are to be looked up.
fn expand_terms(value: &Value, at: At) -> Outcome {
    match value {
        Value::Array(items) if items.iter().any(Value::is_null) => {
            Err(Fault::new(Class::Parsing, "No value specified for terms query"))
        }
        Value::Array(_) => super::forward::expand(&Kind::List(&Kind::Term), value, at),
        Value::Object(lookup) => super::forward::object(&LOOKUP, lookup, at).map(Value::Object),
        other => Err(Fault::shape(other)),
    }
}

/// Ids are a set: they come back in the order of a Java hash set, each once; a text may stand alone.
fn expand_ids(value: &Value, at: At) -> Outcome {
    let kind = if value.is_string() { Kind::Many(&Kind::Text) } else { Kind::List(&Kind::Text) };
    match super::forward::expand(&kind, value, At { mode: super::schema::Mode::Strict, ..at })? {
        Value::Array(ids) => Ok(Value::Array(java::hash_set(ids))),
        other => Ok(other),
    }
}

//! The function score query: functions that weigh what a query finds.

use serde_json::Value;

use super::common::TAIL;
use super::java;
use super::number;
use super::refusal::{Class, Fault};
use super::schema::{At, Field, Kind, Lit, Object, Outcome, Own, Rest, Spec, field};
use super::script::SCRIPT;

/// The query; one function alone may stand in the place of the list.
pub static FUNCTION_SCORE: Spec = Spec::hand(
    "function_score",
    &[
        &[
            field("query", Kind::Query).or(EVERYTHING),
            field("functions", Kind::List(&Kind::Object(&FUNCTION))).or(Lit::Json("[]")),
            field("score_mode", Kind::Lower(&["multiply", "sum", "avg", "first", "max", "min"]))
                .or(Lit::Text("multiply")),
            field("boost_mode", Kind::Lower(&["multiply", "replace", "sum", "avg", "max", "min"])),
            field("max_boost", Kind::Float).or(Lit::Num("3.4028235e+38")),
            field("min_score", Kind::Float),
        ],
        TAIL,
    ],
)
.tidied(list_the_only_function, |_| {});

const EVERYTHING: Lit = Lit::Json(r#"{"match_all":{"boost":1.0}}"#);

static FUNCTION: Spec =
    Spec::hand("function_score", &[&[field("filter", Kind::Query).or(EVERYTHING)], FUNCTIONS]);

const FUNCTIONS: &[Field] = &[
    field("field_value_factor", Kind::Object(&FIELD_VALUE_FACTOR)),
    field("gauss", Kind::Object(&DECAY)),
    field("linear", Kind::Object(&DECAY)),
    field("exp", Kind::Object(&DECAY)),
    field("random_score", Kind::Object(&RANDOM_SCORE)),
    field("script_score", Kind::Object(&SCRIPT_SCORE)),
    field("weight", Kind::Float),
];

const SEED: Kind = Kind::Own(&Own { expand: expand_seed, shorten: Value::clone });

static RANDOM_SCORE: Spec = Spec::hand(
    "random_score",
    &[&[field("seed", Kind::OrNone(&SEED)), field("field", Kind::OrNone(&Kind::Text))]],
);

static FIELD_VALUE_FACTOR: Spec = Spec::hand(
    "field_value_factor",
    &[&[
        field("field", Kind::Text),
        field("factor", Kind::Float).or(Lit::Num("1.0")),
        field("missing", Kind::Double),
        field(
            "modifier",
            Kind::Lower(&[
                "none",
                "log",
                "log1p",
                "log2p",
                "ln",
                "ln1p",
                "ln2p",
                "square",
                "sqrt",
                "reciprocal",
            ]),
        )
        .or(Lit::Text("none")),
    ]],
);

static DECAY: Spec =
    Spec::hand(
        "decay",
        &[&[field("multi_value_mode", Kind::Upper(&["MIN", "MAX", "AVG", "SUM", "MEDIAN"]))
            .or(Lit::Text("MIN"))]],
    )
    .rest(Rest::Field(Kind::Any));

static SCRIPT_SCORE: Spec = Spec::hand("script_score", &[&[field("script", SCRIPT)]]);

/// Puts a function that stands beside the query into the list.
fn list_the_only_function(query: &mut Object, _: At) {
    if query.contains_key("functions") || !FUNCTIONS.iter().any(|function| query.contains_key(function.name))
    {
        return;
    }
    let mut only = Object::new();
    for function in FUNCTIONS {
        if let Some(value) = query.shift_remove(function.name) {
            only.insert(function.name.to_owned(), value);
        }
    }
    query.insert("functions".to_owned(), Value::Array(vec![Value::Object(only)]));
}

/// A seed is a number of 32 bits; of anything else, it is the hash.
fn expand_seed(value: &Value, _: At) -> Outcome {
    match value {
        Value::String(text) => Ok(Value::from(java::hash(text))),
        Value::Number(given) if number::is_whole(given.as_str()) => {
            let long = number::read_long(value)?;
            Ok(Value::from(i32::try_from(long).unwrap_or_else(|_| java::hash_long(long))))
        }
        other => {
            let found = super::refusal::token(other);
            let reason = format!("random_score seed must be an int, long or string, not '{found}'");
            Err(Fault::new(Class::Parsing, reason))
        }
    }
}

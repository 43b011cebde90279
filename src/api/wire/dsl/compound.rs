//! Compound queries: queries made of queries.

use super::common::{MINIMUM, TAIL, needs, required};
use super::function_score;
use super::schema::{At, Field, Form, Kind, Lit, Object, Spec, Type, field};
use super::script::{SCRIPT, SCRIPT_OBJECT};

/// The compound queries.
pub const TYPES: &[Type] = &[
    Type::new("bool", Form::Plain(&BOOL)),
    Type::new("constant_score", Form::Plain(&CONSTANT_SCORE)),
    Type::new("dis_max", Form::Plain(&DIS_MAX)),
    Type::new("boosting", Form::Plain(&BOOSTING)),
    Type::new("function_score", Form::Plain(&function_score::FUNCTION_SCORE)),
    Type::new("script_score", Form::Plain(&SCRIPT_SCORE)),
    Type::new("script", Form::Plain(&SCRIPT_QUERY)),
    Type::new("wrapper", Form::Plain(&WRAPPER)),
];

const fn clauses(name: &'static str) -> Field {
    field(name, Kind::Clauses).unless(Lit::Json("[]"))
}

static BOOL: Spec = Spec::declared(
    "bool",
    &[
        &[
            clauses("must"),
            clauses("filter"),
            clauses("must_not").also(&["mustNot"]),
            clauses("should"),
            field("adjust_pure_negative", Kind::Bool).or(Lit::True),
            field("minimum_should_match", Kind::OrNone(&MINIMUM)),
        ],
        TAIL,
    ],
)
.tidied(drop_nulls, |_| {});

static CONSTANT_SCORE: Spec = Spec::hand("constant_score", &[&[field("filter", Kind::Query)], TAIL])
    .needs(needs!("filter": "[constant_score] requires a 'filter' element"));

static DIS_MAX: Spec = Spec::hand(
    "dis_max",
    &[&[field("tie_breaker", Kind::Float).or(Lit::Num("0.0")), field("queries", Kind::Clauses)], TAIL],
)
.needs(needs!("queries": "[dis_max] requires 'queries' field with at least one clause"));

static BOOSTING: Spec = Spec::hand(
    "boosting",
    &[
        &[
            field("positive", Kind::Query),
            field("negative", Kind::Query),
            field("negative_boost", Kind::Float),
        ],
        TAIL,
    ],
)
.needs(needs!("positive": "[boosting] query requires 'positive' query to be set'", "negative": "[boosting] query requires 'negative' query to be set'", "negative_boost": "[boosting] query requires 'negative_boost' to be set to be a positive value'"));

static SCRIPT_SCORE: Spec = Spec::declared(
    "script_score",
    &[&[field("query", Kind::Query), field("script", SCRIPT_OBJECT), field("min_score", Kind::Float)], TAIL],
)
.needs(required!("query", "script"));

static SCRIPT_QUERY: Spec = Spec::hand("script", &[&[field("script", SCRIPT)], TAIL])
    .needs(needs!("script": "script must be provided with a [script]"));

static WRAPPER: Spec = Spec::hand("wrapper", &[&[field("query", Kind::Text)]])
    .needs(needs!("query": "wrapper query has no [query] specified"));

/// No clauses at all may be written as null.
fn drop_nulls(query: &mut Object, _: At) {
    const CLAUSES: &[&str] = &["must", "filter", "must_not", "mustNot", "should"];
    query.retain(|key, value| !value.is_null() || !CLAUSES.contains(&key.as_str()));
}

//! Full-text queries: what a text says.

use serde_json::Value;

use super::backward;
use super::common::{BOOST, DEFAULT_OPERATOR, MINIMUM, OPERATOR, QUERY, TAIL, needs};
use super::flags;
use super::forward;
use super::fuzziness::FUZZINESS;
use super::intervals;
use super::schema::{At, Field, Form, Kind, Lit, Object, Outcome, Own, Spec, Type, field};
use super::weights;
use super::zone;
use crate::api::line::Line;

/// The full-text queries.
pub const TYPES: &[Type] = &[
    Type::new("match", Form::ValueUnderField(&MATCH, "query")),
    Type::new("match_phrase", Form::ValueUnderField(&MATCH_PHRASE, "query")),
    Type::new("match_phrase_prefix", Form::ValueUnderField(&MATCH_PHRASE_PREFIX, "query")),
    Type::new("match_bool_prefix", Form::ValueUnderField(&MATCH_BOOL_PREFIX, "query")),
    Type::new("multi_match", Form::Plain(&MULTI_MATCH)),
    Type::new("query_string", Form::Plain(&QUERY_STRING)),
    Type::new("simple_query_string", Form::Plain(&SIMPLE_QUERY_STRING)),
    Type::new("common", Form::ValueUnderField(&COMMON, "query")),
    Type::new("combined_fields", Form::Plain(&COMBINED_FIELDS)).since(Line::V3),
    Type::new("intervals", Form::UnderField(&intervals::INTERVALS)),
];

const ANALYZER: Field = field("analyzer", Kind::Text);
const PREFIX_LENGTH: Field = field("prefix_length", Kind::Int).or(Lit::Int(0));
const MAX_EXPANSIONS: Field = field("max_expansions", Kind::Int).or(Lit::Int(50));
const FUZZY_REWRITE: Field = field("fuzzy_rewrite", Kind::Text);
const FUZZY_TRANSPOSITIONS: Field = field("fuzzy_transpositions", Kind::Bool).or(Lit::True);
const FUZZY_PREFIX_LENGTH: Field = field("fuzzy_prefix_length", Kind::Int).or(Lit::Int(0));
const FUZZY_MAX_EXPANSIONS: Field = field("fuzzy_max_expansions", Kind::Int).or(Lit::Int(50));
const MINIMUM_SHOULD_MATCH: Field = field("minimum_should_match", MINIMUM);
const SYNONYMS: Field = field("auto_generate_synonyms_phrase_query", Kind::Bool).or(Lit::True);
const SLOP: Field = field("slop", Kind::Int).or(Lit::Int(0));
const CUTOFF_FREQUENCY: Field = field("cutoff_frequency", Kind::Float);
const ZERO_TERMS: Field = field("zero_terms_query", Kind::Upper(&["NONE", "ALL"])).or(Lit::Text("NONE"));
const PHRASE_ZERO_TERMS: Field =
    field("zero_terms_query", Kind::Upper(&["NONE", "ALL", "NULL"])).or(Lit::Text("NONE"));
const UPPER_OPERATOR: Field = field("operator", OPERATOR).or(Lit::Text("OR"));
const LOWER_OPERATOR: Field = field("default_operator", DEFAULT_OPERATOR).or(Lit::Text("or"));

/// How a query of several fields adds them up.
const MANNER: Field = field(
    "type",
    Kind::Exact(&["best_fields", "most_fields", "cross_fields", "phrase", "phrase_prefix", "bool_prefix"]),
)
.or(Lit::Text("best_fields"));

static MATCH: Spec = Spec::hand(
    "match",
    &[
        &[
            field("query", Kind::Scalar),
            UPPER_OPERATOR,
            ANALYZER,
            field("fuzziness", FUZZINESS),
            PREFIX_LENGTH,
            MAX_EXPANSIONS,
            MINIMUM_SHOULD_MATCH,
            FUZZY_REWRITE,
            FUZZY_TRANSPOSITIONS,
            field("lenient", Kind::Bool).or(Lit::False),
            ZERO_TERMS,
            CUTOFF_FREQUENCY,
            SYNONYMS,
        ],
        TAIL,
    ],
)
.needs(&[QUERY]);

static MATCH_PHRASE: Spec =
    Spec::hand("match_phrase", &[&[field("query", Kind::Scalar), ANALYZER, SLOP, PHRASE_ZERO_TERMS], TAIL])
        .needs(&[QUERY]);

static MATCH_PHRASE_PREFIX: Spec = Spec::hand(
    "match_phrase_prefix",
    &[&[field("query", Kind::Scalar), ANALYZER, SLOP, MAX_EXPANSIONS, PHRASE_ZERO_TERMS], TAIL],
)
.needs(&[QUERY]);

static MATCH_BOOL_PREFIX: Spec = Spec::hand(
    "match_bool_prefix",
    &[
        &[
            field("query", Kind::Scalar),
            ANALYZER,
            UPPER_OPERATOR,
            MINIMUM_SHOULD_MATCH,
            field("fuzziness", FUZZINESS),
            PREFIX_LENGTH,
            MAX_EXPANSIONS,
            FUZZY_TRANSPOSITIONS,
            FUZZY_REWRITE,
        ],
        TAIL,
    ],
)
.needs(&[QUERY]);

static MULTI_MATCH: Spec = Spec::hand(
    "multi_match",
    &[
        &[
            field("query", Kind::Scalar),
            field("fields", weights::SORTED_OR_ONE).or(Lit::Json("[]")),
            MANNER,
            UPPER_OPERATOR,
            ANALYZER,
            SLOP,
            field("fuzziness", FUZZINESS),
            PREFIX_LENGTH,
            MAX_EXPANSIONS,
            MINIMUM_SHOULD_MATCH,
            FUZZY_REWRITE,
            field("tie_breaker", Kind::Float),
            field("lenient", Kind::Bool),
            CUTOFF_FREQUENCY,
            ZERO_TERMS,
            SYNONYMS,
            FUZZY_TRANSPOSITIONS,
        ],
        TAIL,
    ],
)
.needs(needs!("query": "No text specified for multi_match query"));

static QUERY_STRING: Spec = Spec::hand(
    "query_string",
    &[
        &[
            field("query", Kind::Text),
            field("default_field", Kind::Text),
            field("fields", weights::SORTED).or(Lit::Json("[]")),
            MANNER,
            field("tie_breaker", Kind::Float),
            LOWER_OPERATOR,
            ANALYZER,
            field("quote_analyzer", Kind::Text),
            field("max_determinized_states", Kind::Int).or(Lit::Int(10_000)),
            field("allow_leading_wildcard", Kind::Bool),
            field("enable_position_increments", Kind::Bool).or(Lit::True),
            field("fuzziness", FUZZINESS).or(Lit::Text("AUTO")),
            FUZZY_PREFIX_LENGTH,
            FUZZY_MAX_EXPANSIONS,
            FUZZY_REWRITE,
            field("phrase_slop", Kind::Int).or(Lit::Int(0)),
            field("analyze_wildcard", Kind::Bool),
            field("rewrite", Kind::Text),
            MINIMUM_SHOULD_MATCH,
            field("quote_field_suffix", Kind::Text),
            field("lenient", Kind::Bool),
            field("time_zone", zone::ZONE),
            field("escape", Kind::Bool).or(Lit::False),
            SYNONYMS,
            FUZZY_TRANSPOSITIONS,
        ],
        TAIL,
    ],
)
.needs(needs!("query": "[query_string] must be provided with a [query]"));

/// What servers of old knew, and later ones take and forget.
const LEGACY: &[Field] = &[
    field("lowercase_expanded_terms", Kind::Any).forgotten(),
    field("locale", Kind::Any).forgotten(),
    field("all_fields", Kind::Any).forgotten(),
];

static SIMPLE_QUERY_STRING: Spec = Spec::hand(
    "simple_query_string",
    &[
        &[
            field("query", Kind::Text),
            field("fields", weights::HASHED).unless(Lit::Json("[]")),
            ANALYZER,
            field("flags", flags::SIMPLE_QUERY).or(Lit::Int(-1)),
            LOWER_OPERATOR,
            field("lenient", Kind::Bool),
            field("analyze_wildcard", Kind::Bool).or(Lit::False),
            field("quote_field_suffix", Kind::Text),
            MINIMUM_SHOULD_MATCH,
            SYNONYMS,
            FUZZY_PREFIX_LENGTH,
            FUZZY_MAX_EXPANSIONS,
            FUZZY_TRANSPOSITIONS,
        ],
        TAIL,
        LEGACY,
    ],
)
.needs(needs!("query": "[simple_query_string] query text missing"));

static COMMON: Spec = Spec::hand(
    "common",
    &[
        &[
            field("query", Kind::Text),
            field("high_freq_operator", OPERATOR).or(Lit::Text("OR")),
            field("low_freq_operator", OPERATOR).or(Lit::Text("OR")),
            ANALYZER,
            field("cutoff_frequency", Kind::Float).or(Lit::Num("0.01")),
            field(
                "minimum_should_match",
                Kind::Own(&Own { expand: expand_frequencies, shorten: shorten_frequencies }),
            ),
        ],
        TAIL,
    ],
);

static COMBINED_FIELDS: Spec = Spec::declared(
    "combined_fields",
    &[&[
        field("query", Kind::Scalar),
        field("fields", weights::SORTED),
        UPPER_OPERATOR,
        MINIMUM_SHOULD_MATCH,
        BOOST,
        super::common::NAME,
    ]],
);

static FREQUENCIES: Spec =
    Spec::hand("common", &[&[field("low_freq", MINIMUM), field("high_freq", MINIMUM)]]);

/// One count alone is that of the rare terms.
fn expand_frequencies(value: &Value, at: At) -> Outcome {
    if let Value::Object(given) = value {
        return forward::object(&FREQUENCIES, given, at).map(Value::Object);
    }
    let mut counts = Object::with_capacity(1);
    counts.insert("low_freq".to_owned(), forward::expand(&Kind::Text, value, at)?);
    Ok(Value::Object(counts))
}

fn shorten_frequencies(value: &Value) -> Value {
    let Value::Object(given) = value else {
        return value.clone();
    };
    let counts = backward::object(&FREQUENCIES, given);
    match counts.get("low_freq") {
        Some(low @ (Value::String(_) | Value::Number(_))) if counts.len() == 1 => low.clone(),
        _ => Value::Object(counts),
    }
}

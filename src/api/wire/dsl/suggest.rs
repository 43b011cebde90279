//! Suggestions: what else a user may have meant.

use serde_json::Value;

use super::backward;
use super::flags;
use super::forward;
use super::fuzziness::EDITS;
use super::refusal::{Class, Fault};
use super::schema::{At, Field, Kind, Lit, Need, Object, Outcome, Own, Rest, Spec, field};
use super::script::TEMPLATE;

/// The suggestions of a search, by name.
pub const SUGGEST: Kind = Kind::Object(&SPEC);

static SPEC: Spec =
    Spec::hand("suggest", &[&[field("text", Kind::Text)]]).rest(Rest::Names(Kind::Object(&SUGGESTION)));

static SUGGESTION: Spec = Spec::hand(
    "suggestion",
    &[&[
        field("text", Kind::Text),
        field("prefix", Kind::Text),
        field("regex", Kind::Text),
        field("term", Kind::Object(&TERM)),
        field("phrase", Kind::Object(&PHRASE)),
        field("completion", Kind::Object(&COMPLETION)),
    ]],
)
.needs(&[Need {
    any: &["term", "phrase", "completion"],
    fault: || Fault::new(Class::Parsing, "missing suggestion object"),
}]);

const WHERE: &[Field] = &[
    field("field", Kind::Text),
    field("analyzer", Kind::Text),
    field("size", Kind::Int),
    field("shard_size", Kind::Int),
];

const TERMS: &[Field] = &[
    field("suggest_mode", Kind::Upper(&["MISSING", "POPULAR", "ALWAYS"])).or(Lit::Text("MISSING")),
    field("accuracy", Kind::Float).or(Lit::Num("0.5")),
    field("sort", Kind::Upper(&["SCORE", "FREQUENCY"])).or(Lit::Text("SCORE")),
    field(
        "string_distance",
        Kind::Upper(&["INTERNAL", "DAMERAU_LEVENSHTEIN", "LEVENSHTEIN", "JARO_WINKLER", "NGRAM"]),
    )
    .or(Lit::Text("INTERNAL")),
    field("max_edits", Kind::Int).or(Lit::Int(2)),
    field("max_inspections", Kind::Int).or(Lit::Int(5)),
    field("max_term_freq", Kind::Float).or(Lit::Num("0.01")),
    field("prefix_length", Kind::Int).or(Lit::Int(1)),
    field("min_word_length", Kind::Int).or(Lit::Int(4)),
    field("min_doc_freq", Kind::Float).or(Lit::Num("0.0")),
];

static TERM: Spec = Spec::hand("term", &[WHERE, TERMS]);

static PHRASE: Spec = Spec::hand(
    "phrase",
    &[
        WHERE,
        &[
            field("real_word_error_likelihood", Kind::Float).or(Lit::Num("0.95")),
            field("confidence", Kind::Float).or(Lit::Num("1.0")),
            field("separator", Kind::Text).or(Lit::Text(" ")),
            field("max_errors", Kind::Float).or(Lit::Num("0.5")),
            field("gram_size", Kind::Int),
            field("force_unigrams", Kind::Bool).or(Lit::True),
            field("token_limit", Kind::Int).or(Lit::Int(10)),
            field("direct_generator", Kind::List(&Kind::Any)),
            field("smoothing", Kind::Any),
            field("highlight", Kind::Any),
            field("collate", Kind::Object(&COLLATE)),
        ],
    ],
);

static COLLATE: Spec = Spec::hand(
    "collate",
    &[&[
        field("query", TEMPLATE),
        field("params", Kind::Names(&Kind::Any)),
        field("prune", Kind::Bool).or(Lit::False),
    ]],
);

static COMPLETION: Spec = Spec::declared(
    "completion",
    &[
        WHERE,
        &[
            field("fuzzy", Kind::Own(&Own { expand: expand_fuzzy, shorten: shorten_fuzzy })),
            field("regex", Kind::Object(&REGEX)),
            field("skip_duplicates", Kind::Bool).unless(Lit::False),
            field("contexts", Kind::Any),
        ],
    ],
);

const STATES: Field = field("max_determinized_states", Kind::Int).or(Lit::Int(10_000));

static FUZZY: Spec = Spec::declared(
    "fuzzy",
    &[&[
        field("fuzziness", EDITS).or(Lit::Int(1)),
        field("transpositions", Kind::Bool).or(Lit::True),
        field("min_length", Kind::Int).or(Lit::Int(3)),
        field("prefix_length", Kind::Int).or(Lit::Int(1)),
        field("unicode_aware", Kind::Bool).or(Lit::False),
        STATES,
    ]],
);

static REGEX: Spec = Spec::declared(
    "regex",
    &[&[field("flags", flags::LUCENE).also(&["flags_value"]).or(Lit::Int(255)), STATES]],
);

/// A yes stands for all defaults, a no for nothing.
fn expand_fuzzy(value: &Value, at: At) -> Outcome {
    match value {
        Value::Bool(false) => Err(Fault::nothing()),
        Value::Bool(true) => forward::object(&FUZZY, &Object::new(), at).map(Value::Object),
        other => forward::expand(&Kind::Object(&FUZZY), other, at),
    }
}

fn shorten_fuzzy(value: &Value) -> Value {
    match backward::shorten(&Kind::Object(&FUZZY), value) {
        Value::Object(options) if options.is_empty() => Value::Bool(true),
        other => other,
    }
}

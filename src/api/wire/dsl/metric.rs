//! Metric aggregations: numbers made of the documents of a bucket.

use serde_json::Value;

use super::common::required;
use super::highlight::HIGHLIGHT;
use super::number;
use super::refusal::{Class, Fault};
use super::schema::{At, Field, Form, Kind, Lit, Need, Object, Outcome, Own, Spec, Type, field};
use super::script::SCRIPT;
use super::sort::SORT;
use super::source::{FORMATTED_FIELDS, SCRIPT_FIELDS, SOURCE as DOCUMENT, STORED_FIELDS};
use super::values::{SOURCE, VALUES};

/// The metric aggregations.
pub const TYPES: &[Type] = &[
    Type::new("avg", Form::Plain(&AVG)),
    Type::new("sum", Form::Plain(&SUM)),
    Type::new("min", Form::Plain(&MIN)),
    Type::new("max", Form::Plain(&MAX)),
    Type::new("value_count", Form::Plain(&VALUE_COUNT)),
    Type::new("stats", Form::Plain(&STATS)),
    Type::new("extended_stats", Form::Plain(&EXTENDED_STATS)),
    Type::new("cardinality", Form::Plain(&CARDINALITY)),
    Type::new("percentiles", Form::Plain(&PERCENTILES)),
    Type::new("percentile_ranks", Form::Plain(&PERCENTILE_RANKS)),
    Type::new("median_absolute_deviation", Form::Plain(&MEDIAN_ABSOLUTE_DEVIATION)),
    Type::new("weighted_avg", Form::Plain(&WEIGHTED_AVG)),
    Type::new("matrix_stats", Form::Plain(&MATRIX_STATS)),
    Type::new("geo_bounds", Form::Plain(&GEO_BOUNDS)),
    Type::new("geo_centroid", Form::Plain(&GEO_CENTROID)),
    Type::new("top_hits", Form::Plain(&TOP_HITS)),
    Type::new("scripted_metric", Form::Plain(&SCRIPTED_METRIC)),
];

static AVG: Spec = Spec::declared("avg", &[VALUES]).needs(&[SOURCE]);
static SUM: Spec = Spec::declared("sum", &[VALUES]).needs(&[SOURCE]);
static MIN: Spec = Spec::declared("min", &[VALUES]).needs(&[SOURCE]);
static MAX: Spec = Spec::declared("max", &[VALUES]).needs(&[SOURCE]);
static VALUE_COUNT: Spec = Spec::declared("value_count", &[VALUES]).needs(&[SOURCE]);
static STATS: Spec = Spec::declared("stats", &[VALUES]).needs(&[SOURCE]);
static GEO_CENTROID: Spec = Spec::declared("geo_centroid", &[VALUES]);

static EXTENDED_STATS: Spec =
    Spec::declared("extended_stats", &[VALUES, &[field("sigma", Kind::Double).or(Lit::Num("2.0"))]])
        .needs(&[SOURCE]);

static CARDINALITY: Spec = Spec::declared(
    "cardinality",
    &[VALUES, &[field("precision_threshold", Kind::Long), field("execution_hint", Kind::Text)]],
)
.needs(&[SOURCE]);

const KEYED: Field = field("keyed", Kind::Bool).or(Lit::True);

/// How percentiles are estimated.
const METHODS: &[Field] = &[field("tdigest", Kind::Object(&TDIGEST)), field("hdr", Kind::Object(&HDR))];

static TDIGEST: Spec =
    Spec::declared("tdigest", &[&[field("compression", Kind::Double).or(Lit::Num("100.0"))]]);

static HDR: Spec =
    Spec::declared("hdr", &[&[field("number_of_significant_value_digits", Kind::Int).or(Lit::Int(3))]]);

/// Numbers that come back sorted.
const SORTED: Kind = Kind::Own(&Own { expand: expand_sorted, shorten: shorten_numbers });

/// The percentiles that are computed by default.
pub const PERCENTS: Lit = Lit::Json("[1.0,5.0,25.0,50.0,75.0,95.0,99.0]");

static PERCENTILES: Spec =
    Spec::declared("percentiles", &[VALUES, &[field("percents", SORTED).or(PERCENTS), KEYED], METHODS])
        .needs(&[SOURCE, PERCENTS_GIVEN])
        .tidied(choose_method, unchoose_method);

static PERCENTILE_RANKS: Spec =
    Spec::declared("percentile_ranks", &[VALUES, &[field("values", SORTED), KEYED], METHODS])
        .needs(&[SOURCE, RANKS_GIVEN])
        .tidied(choose_method, unchoose_method);

const PERCENTS_GIVEN: Need = Need { any: &["percents"], fault: || not_built("percentiles") };
const RANKS_GIVEN: Need = Need { any: &["values"], fault: || not_built("percentile_ranks") };

fn not_built(name: &str) -> Fault {
    Fault::new(Class::Content, format!("Failed to build [{name}] after last required field arrived"))
}

static MEDIAN_ABSOLUTE_DEVIATION: Spec = Spec::declared(
    "median_absolute_deviation",
    &[VALUES, &[field("compression", Kind::Double).or(Lit::Num("1000.0"))]],
);

static WEIGHTED_AVG: Spec = Spec::declared(
    "weighted_avg",
    &[&[
        field("weight", Kind::Object(&WEIGHTED)),
        field("value", Kind::Object(&WEIGHTED)),
        field("format", Kind::Text),
        field("value_type", Kind::Text).also(&["valueType"]),
    ]],
);

static WEIGHTED: Spec = Spec::declared("weighted_avg", &[VALUES]);

/// What stands in for missing values is taken, and lost without a word.
static MATRIX_STATS: Spec = Spec::declared(
    "matrix_stats",
    &[&[
        field("fields", Kind::Many(&Kind::Text)).or(Lit::Json("[]")),
        field("missing", Kind::Names(&Kind::Double)).forgotten(),
        field("mode", Kind::Upper(&["AVG", "MIN", "MAX", "SUM", "MEDIAN"])).or(Lit::Text("AVG")),
    ]],
);

static GEO_BOUNDS: Spec =
    Spec::declared("geo_bounds", &[VALUES, &[field("wrap_longitude", Kind::Bool).or(Lit::True)]]);

static TOP_HITS: Spec = Spec::hand(
    "top_hits",
    &[&[
        field("from", Kind::Int).or(Lit::Int(0)),
        field("size", Kind::Int).or(Lit::Int(3)),
        field("version", Kind::Bool).or(Lit::False),
        field("seq_no_primary_term", Kind::Bool).or(Lit::False),
        field("explain", Kind::Bool).or(Lit::False),
        field("_source", DOCUMENT),
        field("stored_fields", STORED_FIELDS),
        field("docvalue_fields", FORMATTED_FIELDS).unless(Lit::Json("[]")),
        field("fields", FORMATTED_FIELDS),
        field("script_fields", SCRIPT_FIELDS),
        field("sort", SORT),
        field("track_scores", Kind::Bool).unless(Lit::False),
        field("highlight", HIGHLIGHT),
    ]],
);

static SCRIPTED_METRIC: Spec = Spec::declared(
    "scripted_metric",
    &[&[
        field("init_script", SCRIPT),
        field("map_script", SCRIPT),
        field("combine_script", SCRIPT),
        field("reduce_script", SCRIPT),
        field("params", Kind::Names(&Kind::Any)),
    ]],
)
.needs(required!("map_script"));

/// One number stands for a list of it.
fn expand_sorted(value: &Value, _: At) -> Outcome {
    let mut numbers = match value {
        Value::Array(items) => items.iter().map(number::read_double).collect::<Result<Vec<f64>, Fault>>()?,
        other => vec![number::read_double(other)?],
    };
    numbers.sort_by(f64::total_cmp);
    Ok(numbers.into_iter().map(number::double).collect())
}

fn shorten_numbers(value: &Value) -> Value {
    match value.as_array() {
        Some(items) if items.iter().all(Value::is_number) => {
            super::backward::shorten(&Kind::List(&Kind::Double), value)
        }
        _ => value.clone(),
    }
}

fn choose_method(agg: &mut Object, _: At) {
    if !METHODS.iter().any(|method| agg.contains_key(method.name)) {
        agg.insert("tdigest".to_owned(), Value::Object(Object::new()));
    }
}

fn unchoose_method(agg: &mut Object) {
    let digest = agg.get("tdigest").and_then(Value::as_object);
    if !agg.contains_key("hdr") && digest.is_some_and(Object::is_empty) {
        agg.shift_remove("tdigest");
    }
}

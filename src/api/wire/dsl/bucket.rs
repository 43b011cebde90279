//! Bucket aggregations: documents put into groups.

use serde_json::Value;

use super::common::needs;
use super::composite::COMPOSITE;
use super::histogram::{AUTO_DATE_HISTOGRAM, DATE_HISTOGRAM, HISTOGRAM, VARIABLE_WIDTH_HISTOGRAM};
use super::order::ORDER;
use super::ranges::{DATE_RANGE, GEO_DISTANCE, IP_RANGE, RANGE};
use super::schema::{At, Field, Form, Kind, Lit, Object, Own, Spec, Type, field};
use super::script::SCRIPT;
use super::terms_list::{INCLUDE, PRECISION};
use super::values::{SOURCE, VALUES};
use super::{corners, filters};
use crate::api::line::Line;

/// The bucket aggregations.
pub const TYPES: &[Type] = &[
    Type::new("terms", Form::Plain(&TERMS)),
    Type::new("multi_terms", Form::Plain(&MULTI_TERMS)).since(Line::V2_19),
    Type::new("rare_terms", Form::Plain(&RARE_TERMS)),
    Type::new("significant_terms", Form::Plain(&SIGNIFICANT_TERMS)),
    Type::new("significant_text", Form::Plain(&SIGNIFICANT_TEXT)),
    Type::new("composite", Form::Plain(&COMPOSITE)),
    Type::new("date_histogram", Form::Plain(&DATE_HISTOGRAM)),
    Type::new("auto_date_histogram", Form::Plain(&AUTO_DATE_HISTOGRAM)),
    Type::new("histogram", Form::Plain(&HISTOGRAM)),
    Type::new("variable_width_histogram", Form::Plain(&VARIABLE_WIDTH_HISTOGRAM)),
    Type::new("range", Form::Plain(&RANGE)),
    Type::new("date_range", Form::Plain(&DATE_RANGE)),
    Type::new("ip_range", Form::Plain(&IP_RANGE)),
    Type::new("geo_distance", Form::Plain(&GEO_DISTANCE)),
    Type::new("geohash_grid", Form::Plain(&GEOHASH_GRID)),
    Type::new("geotile_grid", Form::Plain(&GEOTILE_GRID)),
    Type::new("filter", Form::Kind(Kind::Query)),
    Type::new("filters", Form::Plain(&filters::FILTERS)),
    Type::new("adjacency_matrix", Form::Plain(&ADJACENCY_MATRIX)),
    Type::new("missing", Form::Plain(&MISSING)),
    Type::new("global", Form::Plain(&GLOBAL)),
    Type::new("nested", Form::Plain(&NESTED)),
    Type::new("reverse_nested", Form::Plain(&REVERSE_NESTED)),
    Type::new("children", Form::Plain(&CHILDREN)),
    Type::new("parent", Form::Plain(&CHILDREN)),
    Type::new("sampler", Form::Plain(&SAMPLER)),
    Type::new("diversified_sampler", Form::Plain(&DIVERSIFIED_SAMPLER)),
];

const INCLUDES: &[Field] = &[field("include", INCLUDE), field("exclude", INCLUDE)];

/// A size that must not be nought.
const SIZE: Field =
    field("size", Kind::Own(&Own { expand: super::terms_list::expand_size, shorten: Value::clone }))
        .or(Lit::Int(10));

const SHARD_SIZE: Field = field("shard_size", Kind::Int);
const SHARD_MIN_DOC_COUNT: Field = field("shard_min_doc_count", Kind::Long).or(Lit::Int(0));
const EXECUTION_HINT: Field = field("execution_hint", Kind::Text);

/// The size and order of terms.
const TERMS_OPTIONS: &[Field] = &[
    SIZE,
    SHARD_SIZE,
    field("min_doc_count", Kind::Long).or(Lit::Int(1)),
    SHARD_MIN_DOC_COUNT,
    field("show_term_doc_count_error", Kind::Bool).or(Lit::False),
    EXECUTION_HINT,
    field("order", ORDER).or(Lit::Json(r#"[{"_count":"desc"},{"_key":"asc"}]"#)),
    field("collect_mode", Kind::Exact(&["depth_first", "breadth_first"])),
];

static TERMS: Spec = Spec::declared("terms", &[VALUES, TERMS_OPTIONS, INCLUDES]).needs(&[SOURCE]);

static MULTI_TERMS: Spec = Spec::declared(
    "multi_terms",
    &[&[field("terms", Kind::List(&Kind::Object(&ONE_OF_TERMS)))], TERMS_OPTIONS],
);

static ONE_OF_TERMS: Spec = Spec::declared("multi_terms", &[VALUES, INCLUDES]);

static RARE_TERMS: Spec = Spec::declared(
    "rare_terms",
    &[
        VALUES,
        INCLUDES,
        &[
            field("max_doc_count", Kind::Int).or(Lit::Int(1)),
            field("precision", Kind::Double).or(Lit::Num("0.001")),
        ],
    ],
)
.needs(&[SOURCE]);

const SIGNIFICANCE: &[Field] = &[
    SIZE,
    SHARD_SIZE,
    field("min_doc_count", Kind::Long).or(Lit::Int(3)),
    SHARD_MIN_DOC_COUNT,
    EXECUTION_HINT,
    field("background_filter", Kind::Query),
];

/// What makes a term significant.
const HEURISTICS: &[Field] = &[
    field("jlh", Kind::Object(&NO_OPTIONS)),
    field("mutual_information", Kind::Object(&TWO_OPTIONS)),
    field("chi_square", Kind::Object(&TWO_OPTIONS)),
    field("gnd", Kind::Object(&ONE_OPTION)),
    field("percentage", Kind::Object(&NO_OPTIONS)),
    field("script_heuristic", Kind::Object(&SCRIPT_HEURISTIC)),
];

const SUPERSET: Field = field("background_is_superset", Kind::Bool).or(Lit::True);

static NO_OPTIONS: Spec = Spec::declared("heuristic", &[]);
static ONE_OPTION: Spec = Spec::declared("heuristic", &[&[SUPERSET]]);
static TWO_OPTIONS: Spec =
    Spec::declared("heuristic", &[&[field("include_negatives", Kind::Bool).or(Lit::False), SUPERSET]]);
static SCRIPT_HEURISTIC: Spec = Spec::declared("script_heuristic", &[&[field("script", SCRIPT)]]);

static SIGNIFICANT_TERMS: Spec =
    Spec::declared("significant_terms", &[VALUES, SIGNIFICANCE, INCLUDES, HEURISTICS])
        .needs(&[SOURCE])
        .tidied(choose_heuristic, unchoose_heuristic);

static SIGNIFICANT_TEXT: Spec = Spec::declared(
    "significant_text",
    &[
        SIGNIFICANCE,
        &[
            field("field", Kind::Text),
            field("source_fields", Kind::Many(&Kind::Text)),
            field("filter_duplicate_text", Kind::Bool).unless(Lit::False),
        ],
        INCLUDES,
        HEURISTICS,
    ],
)
.tidied(choose_heuristic, unchoose_heuristic);

static GEOHASH_GRID: Spec =
    Spec::declared("geohash_grid", &[VALUES, &[field("precision", PRECISION).or(Lit::Int(5))], CELLS]);

static GEOTILE_GRID: Spec =
    Spec::declared("geotile_grid", &[VALUES, &[field("precision", Kind::Int).or(Lit::Int(7))], CELLS]);

const CELLS: &[Field] = &[
    field("size", Kind::Int).or(Lit::Int(10_000)),
    SHARD_SIZE,
    field("bounds", Kind::Object(&corners::BOUNDS)),
];

static ADJACENCY_MATRIX: Spec = Spec::declared(
    "adjacency_matrix",
    &[&[
        field("separator", Kind::Text).or(Lit::Text("&")),
        field("show_only_intersecting", Kind::Bool).or(Lit::False).since(Line::V2_19),
        field("filters", Kind::Names(&Kind::Query)),
    ]],
);

static MISSING: Spec = Spec::declared("missing", &[VALUES]);
static GLOBAL: Spec = Spec::hand("global", &[]);
static NESTED: Spec = Spec::hand("nested", &[&[field("path", Kind::Text)]])
    .needs(needs!("path": "Missing [path] field for nested aggregation [{name}]"));
static REVERSE_NESTED: Spec = Spec::hand("nested", &[&[field("path", Kind::Text)]]);
static CHILDREN: Spec = Spec::hand("children", &[&[field("type", Kind::Text)]]);

const SAMPLE: Field = field("shard_size", Kind::Int).or(Lit::Int(100));

static SAMPLER: Spec = Spec::hand("sampler", &[&[SAMPLE]]);

static DIVERSIFIED_SAMPLER: Spec = Spec::declared(
    "diversified_sampler",
    &[VALUES, &[SAMPLE, field("max_docs_per_value", Kind::Int).or(Lit::Int(1)), EXECUTION_HINT]],
);

fn choose_heuristic(agg: &mut Object, _: At) {
    if !HEURISTICS.iter().any(|heuristic| agg.contains_key(heuristic.name)) {
        agg.insert("jlh".to_owned(), Value::Object(Object::new()));
    }
}

fn unchoose_heuristic(agg: &mut Object) {
    let others = HEURISTICS[1..].iter().any(|heuristic| agg.contains_key(heuristic.name));
    if !others && agg.get("jlh").and_then(Value::as_object).is_some_and(Object::is_empty) {
        agg.shift_remove("jlh");
    }
}

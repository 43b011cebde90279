//! Pipeline aggregations: numbers made of what other aggregations give.

use serde_json::Value;

use super::metric::PERCENTS;
use super::refusal::{Class, Fault};
use super::schema::{At, Field, Form, Kind, Lit, Need, Object, Outcome, Own, Spec, Type, field};
use super::script::SCRIPT;
use super::sort::LISTED_SORT;

/// The pipeline aggregations.
pub const TYPES: &[Type] = &[
    Type::new("avg_bucket", Form::Plain(&AVG_BUCKET)),
    Type::new("sum_bucket", Form::Plain(&SUM_BUCKET)),
    Type::new("min_bucket", Form::Plain(&MIN_BUCKET)),
    Type::new("max_bucket", Form::Plain(&MAX_BUCKET)),
    Type::new("stats_bucket", Form::Plain(&STATS_BUCKET)),
    Type::new("extended_stats_bucket", Form::Plain(&EXTENDED_STATS_BUCKET)),
    Type::new("percentiles_bucket", Form::Plain(&PERCENTILES_BUCKET)),
    Type::new("derivative", Form::Plain(&DERIVATIVE)),
    Type::new("cumulative_sum", Form::Plain(&CUMULATIVE_SUM)),
    Type::new("serial_diff", Form::Plain(&SERIAL_DIFF)),
    Type::new("moving_fn", Form::Plain(&MOVING_FN)),
    Type::new("moving_avg", Form::Plain(&MOVING_AVG)),
    Type::new("bucket_script", Form::Plain(&BUCKET_SCRIPT)),
    Type::new("bucket_selector", Form::Plain(&BUCKET_SELECTOR)),
    Type::new("bucket_sort", Form::Plain(&BUCKET_SORT)),
];

/// A path that comes back in a list.
const PATH: Field = field("buckets_path", Kind::Many(&Kind::Text));

/// A path that comes back alone.
const BARE_PATH: Field =
    field("buckets_path", Kind::Own(&Own { expand: expand_bare, shorten: Value::clone }));

/// Paths that come back by name.
const NAMED_PATHS: Field =
    field("buckets_path", Kind::Own(&Own { expand: expand_named, shorten: shorten_named }));

const FORMAT: Field = field("format", Kind::Text);

const GAP_POLICY: Field =
    field("gap_policy", Kind::Own(&Own { expand: expand_gaps, shorten: Value::clone })).or(Lit::Text("skip"));

const USUAL: &[Field] = &[PATH, FORMAT, GAP_POLICY];

macro_rules! pipelines {
    ($($constant:ident, $name:literal, [$($fields:expr),+];)+) => {
        $(
            static $constant: Spec = Spec::hand($name, &[$($fields),+]).needs(&[Need {
                any: &["buckets_path"],
                fault: || missing($name),
            }]);
        )+
    };
}

pipelines! {
    AVG_BUCKET, "avg_bucket", [USUAL];
    SUM_BUCKET, "sum_bucket", [USUAL];
    MIN_BUCKET, "min_bucket", [USUAL];
    MAX_BUCKET, "max_bucket", [USUAL];
    STATS_BUCKET, "stats_bucket", [USUAL];
    EXTENDED_STATS_BUCKET, "extended_stats_bucket", [USUAL, &[field("sigma", Kind::Double).or(Lit::Num("2.0"))]];
    PERCENTILES_BUCKET, "percentiles_bucket", [USUAL, &[
        field("percents", Kind::List(&Kind::Double)).or(PERCENTS),
        field("keyed", Kind::Bool).or(Lit::True),
    ]];
    DERIVATIVE, "derivative", [USUAL, &[field("unit", Kind::Text)]];
    CUMULATIVE_SUM, "cumulative_sum", [&[PATH, FORMAT]];
    SERIAL_DIFF, "serial_diff", [USUAL, &[field("lag", Kind::Int).or(Lit::Int(1))]];
    MOVING_FN, "moving_fn", [&[BARE_PATH, field("script", SCRIPT), FORMAT, GAP_POLICY,
        field("window", Kind::Int),
        field("shift", Kind::Int).or(Lit::Int(0)),
    ]];
    BUCKET_SCRIPT, "bucket_script", [&[NAMED_PATHS, field("script", SCRIPT), FORMAT, GAP_POLICY]];
    BUCKET_SELECTOR, "bucket_selector", [&[NAMED_PATHS, field("script", SCRIPT), GAP_POLICY]];
}

static MOVING_AVG: Spec = Spec::hand(
    "moving_avg",
    &[
        USUAL,
        &[
            field("model", Kind::Exact(&["simple", "linear", "ewma", "holt", "holt_winters"]))
                .or(Lit::Text("simple")),
            field("settings", Kind::Names(&Kind::Any)),
            field("window", Kind::Int).or(Lit::Int(5)),
            field("predict", Kind::Int).unless(Lit::Int(0)),
            field("minimize", Kind::Bool),
        ],
    ],
)
.needs(&[Need { any: &["buckets_path"], fault: || missing("movingAvg") }])
.tidied(complete_settings, drop_settings);

/// The settings that the models of a moving average have, with their defaults.
const SETTINGS: &[(&str, &[(&str, Lit)])] = &[
    ("ewma", &[("alpha", Lit::Num("0.3"))]),
    ("holt", &[("alpha", Lit::Num("0.3")), ("beta", Lit::Num("0.1"))]),
    (
        "holt_winters",
        &[
            ("type", Lit::Text("add")),
            ("alpha", Lit::Num("0.3")),
            ("beta", Lit::Num("0.1")),
            ("gamma", Lit::Num("0.3")),
            ("period", Lit::Int(1)),
            ("pad", Lit::False),
        ],
    ),
];

static BUCKET_SORT: Spec = Spec::declared(
    "bucket_sort",
    &[&[
        field("sort", LISTED_SORT).or(Lit::Json("[]")),
        field("from", Kind::Int).or(Lit::Int(0)),
        field("size", Kind::Int),
        field("gap_policy", Kind::Upper(&["SKIP", "INSERT_ZEROS"])).or(Lit::Text("SKIP")),
    ]],
);

fn missing(kind: &str) -> Fault {
    let reason = format!("Missing required field [buckets_path] for {kind} aggregation [{{name}}]");
    Fault::new(Class::Parsing, reason)
}

fn expand_gaps(value: &Value, _: At) -> Outcome {
    match value {
        Value::String(policy) if policy == "skip" || policy == "insert_zeros" => Ok(value.clone()),
        Value::String(policy) => Err(Fault::new(
            Class::Parsing,
            format!("Invalid gap policy: [{policy}], accepted values: [insert_zeros, skip]"),
        )),
        other => Err(Fault::shape(other)),
    }
}

fn expand_bare(value: &Value, at: At) -> Outcome {
    match value {
        Value::Array(items) if items.len() == 1 => super::forward::expand(&Kind::Text, &items[0], at),
        other => super::forward::expand(&Kind::Text, other, at),
    }
}

/// A path alone is named `_value`; those of a list are named after their places.
fn expand_named(value: &Value, at: At) -> Outcome {
    let text = |value: &Value| super::forward::expand(&Kind::Text, value, at);
    let mut paths = Object::new();
    match value {
        Value::Object(_) => return super::forward::expand(&Kind::Names(&Kind::Text), value, at),
        Value::Array(items) => {
            for (place, item) in items.iter().enumerate() {
                paths.insert(format!("_value{place}"), text(item)?);
            }
        }
        other => drop(paths.insert("_value".to_owned(), text(other)?)),
    }
    Ok(Value::Object(paths))
}

fn shorten_named(value: &Value) -> Value {
    match value.as_object() {
        Some(paths) if paths.len() == 1 => match paths.get("_value") {
            Some(path @ Value::String(_)) => path.clone(),
            _ => value.clone(),
        },
        _ => value.clone(),
    }
}

/// Adds the settings of the model that were not given.
/// A model that has settings has all of them; where none is named they are lost.
fn complete_settings(agg: &mut Object, _: At) {
    let Some((_, defaults)) = settings_of(agg) else {
        let is_empty = agg.get("settings").and_then(Value::as_object).is_some_and(Object::is_empty);
        if is_empty || !agg.contains_key("model") {
            agg.shift_remove("settings");
        }
        return;
    };
    if let Value::Object(settings) = agg.entry("settings").or_insert_with(|| Value::Object(Object::new())) {
        for (name, lit) in *defaults {
            settings.entry(*name).or_insert_with(|| lit.value());
        }
    }
}

fn drop_settings(agg: &mut Object) {
    let Some((_, defaults)) = settings_of(agg) else {
        return;
    };
    if let Some(Value::Object(settings)) = agg.get_mut("settings") {
        settings.retain(|name, value| !defaults.iter().any(|(known, lit)| known == name && lit.is(value)));
        if settings.is_empty() {
            agg.shift_remove("settings");
        }
    }
}

fn settings_of(agg: &Object) -> Option<&'static (&'static str, &'static [(&'static str, Lit)])> {
    let model = agg.get("model").and_then(Value::as_str)?;
    SETTINGS.iter().find(|(name, _)| *name == model)
}

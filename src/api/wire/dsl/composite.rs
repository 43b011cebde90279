//! The composite aggregation: one bucket for each combination of sources.

use serde_json::Value;

use super::backward;
use super::common::{DIRECTION, required};
use super::corners;
use super::forward;
use super::histogram::{CALENDAR, FIXED, INTERVAL};
use super::refusal::{Class, Fault};
use super::schema::{At, Field, Kind, Lit, Outcome, Own, Rest, Spec, field};
use super::values::VALUES;
use crate::api::line::Line;

/// The composite aggregation.
pub static COMPOSITE: Spec = Spec::declared(
    "composite",
    &[&[
        field("size", Kind::Int).or(Lit::Int(10)),
        field("sources", Kind::Own(&Own { expand, shorten })),
        field("after", Kind::Names(&Kind::Any)),
    ]],
)
.needs(required!("sources"));

/// A source under the name that a user gives to it.
static NAMED: Spec = Spec::hand("composite", &[]).rest(Rest::Names(Kind::Object(&SOURCE)));

static SOURCE: Spec = Spec::hand(
    "composite",
    &[&[
        field("terms", Kind::Object(&TERMS)),
        field("histogram", Kind::Object(&HISTOGRAM)),
        field("date_histogram", Kind::Object(&DATE_HISTOGRAM)),
        field("geotile_grid", Kind::Object(&GEOTILE_GRID)),
    ]],
);

const BUCKETS: &[Field] = &[
    field("missing_bucket", Kind::Bool).or(Lit::False),
    field("missing_order", Kind::Lower(&["first", "last", "default"]))
        .unless(Lit::Text("default"))
        .since(Line::V1_3),
    field("order", DIRECTION).or(Lit::Text("asc")),
];

static TERMS: Spec = Spec::declared("terms", &[VALUES, BUCKETS]);

static HISTOGRAM: Spec = Spec::declared("histogram", &[VALUES, BUCKETS, &[field("interval", Kind::Double)]]);

/// The offset is taken, and lost without a word.
static DATE_HISTOGRAM: Spec = Spec::declared(
    "date_histogram",
    &[
        VALUES,
        BUCKETS,
        &[
            field("interval", INTERVAL),
            field("calendar_interval", CALENDAR),
            field("fixed_interval", FIXED),
            field("offset", Kind::Any).forgotten(),
        ],
    ],
);

static GEOTILE_GRID: Spec = Spec::declared(
    "geotile_grid",
    &[
        VALUES,
        BUCKETS,
        &[field("precision", Kind::Int).or(Lit::Int(7)), field("bounds", Kind::Object(&corners::BOUNDS))],
    ],
);

const LISTED: Kind = Kind::List(&Kind::Object(&NAMED));

/// One object stands for a list of it.
fn expand(value: &Value, at: At) -> Outcome {
    let listed = match value {
        Value::Object(_) => Value::Array(vec![value.clone()]),
        Value::Array(items) if items.is_empty() => {
            return Err(Fault::new(Class::Argument, "Composite [sources] cannot be null or empty"));
        }
        other => other.clone(),
    };
    forward::expand(&LISTED, &listed, at)
}

fn shorten(value: &Value) -> Value {
    backward::shorten(&LISTED, value)
}

//! Histograms: buckets of equal width, in numbers or in time.

use serde_json::Value;

use super::common::TEXT_OR_NULL;
use super::forward;
use super::number;
use super::order::ORDER;
use super::refusal::{Class, Fault};
use super::schema::{At, Field, Kind, Lit, Need, Outcome, Own, Spec, field};
use super::values::{SOURCE, VALUES};

const BY_KEY: Lit = Lit::Json(r#"{"_key":"asc"}"#);

const BUCKETS: &[Field] = &[
    field("order", ORDER).or(BY_KEY),
    field("keyed", Kind::Bool).or(Lit::False),
    field("min_doc_count", Kind::Long).or(Lit::Int(0)),
];

/// A span of the calendar, whose length differs from time to time.
pub const CALENDAR: Kind = Kind::Exact(&[
    "second", "1s", "minute", "1m", "hour", "1h", "day", "1d", "week", "1w", "month", "1M", "quarter", "1q",
    "year", "1y",
]);

/// A span of either kind, or a number of milliseconds.
pub const INTERVAL: Kind = Kind::Own(&Own { expand: expand_interval, shorten: Value::clone });

/// A span of so many milliseconds, seconds, minutes, hours or days.
pub const FIXED: Kind = Kind::Own(&Own { expand: expand_fixed, shorten: Value::clone });

/// Buckets of time.
pub static DATE_HISTOGRAM: Spec = Spec::declared(
    "date_histogram",
    &[
        VALUES,
        &[
            field("interval", INTERVAL),
            field("calendar_interval", CALENDAR),
            field("fixed_interval", FIXED),
            field("offset", Kind::Own(&Own { expand: expand_offset, shorten: shorten_offset }))
                .or(Lit::Int(0)),
        ],
        BUCKETS,
        &[
            field("extended_bounds", Kind::Object(&TIME_BOUNDS)),
            field("hard_bounds", Kind::Object(&TIME_BOUNDS)),
        ],
    ],
)
.needs(&[SOURCE]);

static TIME_BOUNDS: Spec = Spec::declared(
    "bounds",
    &[&[field("min", Kind::TermOrNull).or(Lit::Null), field("max", Kind::TermOrNull).or(Lit::Null)]],
);

/// Buckets of numbers.
pub static HISTOGRAM: Spec = Spec::declared(
    "histogram",
    &[
        VALUES,
        &[field("interval", Kind::Double), field("offset", Kind::Double).or(Lit::Num("0.0"))],
        BUCKETS,
        &[field("extended_bounds", Kind::Object(&BOUNDS)), field("hard_bounds", Kind::Object(&BOUNDS))],
    ],
)
.needs(&[SOURCE, BETWEEN]);

const BETWEEN: Need =
    Need { any: &["interval"], fault: || Fault::new(Class::Trap, "[histogram] has no [interval]") };

static BOUNDS: Spec = Spec::declared(
    "bounds",
    &[&[field("min", Kind::OrNone(&Kind::Double)), field("max", Kind::OrNone(&Kind::Double))]],
);

/// A number of buckets of time.
pub static AUTO_DATE_HISTOGRAM: Spec = Spec::declared(
    "auto_date_histogram",
    &[
        VALUES,
        &[
            field("buckets", Kind::Int).or(Lit::Int(10)),
            field("minimum_interval", TEXT_OR_NULL).or(Lit::Null),
        ],
    ],
);

/// A number of buckets as wide as the values ask for; how they are found is taken, and lost without a word.
pub static VARIABLE_WIDTH_HISTOGRAM: Spec = Spec::declared(
    "variable_width_histogram",
    &[
        VALUES,
        &[
            field("buckets", Kind::Int).or(Lit::Int(10)),
            field("shard_size", Kind::Int).forgotten(),
            field("initial_buffer", Kind::Int).forgotten(),
        ],
    ],
);

/// The units of an offset in milliseconds, longest first.
const UNITS: &[(&str, i64)] = &[("ms", 1), ("s", 1000), ("m", 60_000), ("h", 3_600_000), ("d", 86_400_000)];

fn expand_interval(value: &Value, _: At) -> Outcome {
    match value {
        Value::Number(_) => Ok(Value::String(format!("{}ms", number::read_long(value)?))),
        other => forward::text(other).map(Value::String),
    }
}

fn expand_fixed(value: &Value, _: At) -> Outcome {
    let Value::String(text) = value else {
        return Err(Fault::shape(value));
    };
    let unit = UNITS.iter().find(|(unit, _)| text.ends_with(unit));
    match unit.map(|(unit, _)| text[..text.len() - unit.len()].parse::<u64>()) {
        Some(Ok(count)) if count > 0 => Ok(value.clone()),
        _ => {
            let reason =
                format!("failed to parse setting [fixed_interval] with value [{text}] as a time value");
            Err(Fault::new(Class::Argument, reason))
        }
    }
}

/// An offset such as `+6h` comes back in milliseconds.
fn expand_offset(value: &Value, _: At) -> Outcome {
    let Value::String(text) = value else {
        return number::read_long(value).map(Value::from);
    };
    let odd = || {
        Fault::new(
            Class::Argument,
            format!("failed to parse setting [offset] with value [{text}] as a time value"),
        )
    };
    let (sign, size) = match text.strip_prefix('-') {
        Some(size) => (-1, size),
        None => (1, text.strip_prefix('+').unwrap_or(text)),
    };
    if size == "0" {
        return Ok(Value::from(0));
    }
    let (unit, factor) = UNITS.iter().find(|(unit, _)| size.ends_with(unit)).ok_or_else(odd)?;
    let count: i64 = size[..size.len() - unit.len()].trim().parse().map_err(|_| odd())?;
    count.checked_mul(factor * sign).map(Value::from).ok_or_else(odd)
}

/// Milliseconds in the largest unit that gives a whole number.
fn shorten_offset(value: &Value) -> Value {
    let spelled = value.as_i64().filter(|offset| *offset != 0).and_then(|offset| {
        let (unit, factor) = UNITS.iter().rev().find(|(_, factor)| offset % factor == 0)?;
        Some(Value::String(format!("{}{unit}", offset / factor)))
    });
    spelled.unwrap_or_else(|| value.clone())
}

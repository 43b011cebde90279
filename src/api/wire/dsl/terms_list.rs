//! Options of bucket aggregations with a form of their own: which terms, how many, how fine a grid.

use serde_json::Value;

use super::forward;
use super::number;
use super::point;
use super::refusal::{Class, Fault};
use super::schema::{At, Kind, Outcome, Own, Spec, field};

/// Which terms are in or out: a regular expression, a list, or a part of all.
pub const INCLUDE: Kind = Kind::Own(&Own { expand: expand_include, shorten: Value::clone });

/// The length of a geohash, or the width of its cell.
pub const PRECISION: Kind = Kind::Own(&Own { expand: expand_precision, shorten: Value::clone });

static PARTITION: Spec =
    Spec::hand("include", &[&[field("partition", Kind::Int), field("num_partitions", Kind::Int)]]);

/// Half the globe's circumference over its poles, and its circumference at the equator, in metres.
const POLAR_DISTANCE: f64 = std::f64::consts::PI * 6_356_752.314_245;
const EQUATOR: f64 = std::f64::consts::TAU * 6_378_137.0;

/// The number of buckets, which must not be nought.
pub fn expand_size(value: &Value, _: At) -> Outcome {
    match number::read_int(value)? {
        size if size > 0 => Ok(Value::from(size)),
        size => Err(Fault::new(Class::Argument, format!("[size] must be greater than 0. Found [{size}]"))),
    }
}

/// Listed terms are a set of texts, and come back sorted.
fn expand_include(value: &Value, at: At) -> Outcome {
    match value {
        Value::Array(items) => {
            let mut terms = items.iter().map(forward::text).collect::<Result<Vec<_>, _>>()?;
            terms.sort();
            terms.dedup();
            Ok(terms.into_iter().collect())
        }
        Value::Object(given) => forward::object(&PARTITION, given, at).map(Value::Object),
        Value::String(_) => Ok(value.clone()),
        other => Err(Fault::shape(other)),
    }
}

/// A width such as `10km` becomes the length of the geohash whose cell is no wider.
fn expand_precision(value: &Value, _: At) -> Outcome {
    if let Ok(length) = number::read_int(value) {
        return Ok(Value::from(length));
    }
    let metres = point::metres(value, None)
        .filter(|metres| *metres > 0.0)
        .ok_or_else(|| Fault::new(Class::Argument, format!("invalid precision [{value}]")))?;
    let width = metres / (1.0 + POLAR_DISTANCE / EQUATOR);
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "some bits of a positive number"
    )]
    let bits = (EQUATOR / width).ceil().log2().ceil() as u32;
    let (full, left) = (bits / 5, bits % 5);
    Ok(Value::from(full + u32::from(left > 0) + full + u32::from(left > 3)))
}

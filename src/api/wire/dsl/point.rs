//! Points on the globe in their many spellings, and what is measured between them.

use serde_json::Value;

use super::forward;
use super::number::{double, read_double, short_double};
use super::refusal::{Class, Fault};
use super::schema::{At, Field, Kind, Lit, Object, Outcome, Own, field};

/// A point that comes back as `[lon, lat]`.
pub const ARRAY: Kind = Kind::Own(&Own { expand: expand_array, shorten: shorten_array });

/// A point that comes back as `{"lat": …, "lon": …}`.
pub const OBJECT: Kind = Kind::Own(&Own { expand: expand_object, shorten: shorten_object });

/// One point or several; they come back as a list of objects.
pub const OBJECTS: Kind = Kind::Own(&Own { expand: expand_objects, shorten: shorten_objects });

/// A point, or a time, which is kept as a text.
pub const TIME_OR_OBJECT: Kind = Kind::Own(&Own { expand: expand_time_or_object, shorten: shorten_object });

/// A unit of length by its symbol.
pub const UNIT: Kind = Kind::Own(&Own { expand: expand_unit, shorten: Value::clone });

/// How a distance is measured.
pub const DISTANCE_TYPE: Kind = Kind::Lower(&["arc", "plane"]);

/// What becomes of points that aren't on the globe.
pub const VALIDATION: Field =
    field("validation_method", Kind::Upper(&["STRICT", "COERCE", "IGNORE_MALFORMED"]))
        .or(Lit::Text("STRICT"));

/// The units of length: symbol, metres, other names.
const UNITS: &[(&str, f64, &[&str])] = &[
    ("in", 0.0254, &["inch"]),
    ("yd", 0.9144, &["yards"]),
    ("ft", 0.3048, &["feet"]),
    ("km", 1000.0, &["kilometers"]),
    ("nmi", 1852.0, &["NM", "nauticalmiles"]),
    ("mm", 0.001, &["millimeters"]),
    ("cm", 0.01, &["centimeters"]),
    ("mi", 1609.344, &["miles"]),
    ("m", 1.0, &["meters"]),
];

const BASE_32: &str = "0123456789bcdefghjkmnpqrstuvwxyz";

/// Reads a length with its unit, or in the unit given, as metres.
pub fn metres(length: &Value, unit: Option<&Value>) -> Option<f64> {
    let text = forward::text(length).ok()?;
    let unit = unit.map_or(Some("m"), Value::as_str).and_then(unit_called)?;
    let start = text.trim_end_matches(|letter: char| letter.is_ascii_alphabetic()).len();
    let (size, suffix) = text.split_at(start);
    let unit = if suffix.is_empty() { unit } else { unit_called(suffix)? };
    let size: f64 = size.trim().parse().ok()?;
    Some(size * unit.1)
}

/// A length in metres that comes to whole kilometres is spelled so.
pub fn shorten_metres(value: &Value) -> Value {
    let kilometres = value.as_f64().map(|metres| metres / 1000.0).filter(|length| length.fract() == 0.0);
    match kilometres {
        Some(length) if (1.0..1e6).contains(&length) => Value::String(format!("{length}km")),
        _ => shorten_number(value),
    }
}

/// Reads a point in any of its spellings: longitude, latitude.
pub fn read(value: &Value) -> Result<(f64, f64), Fault> {
    match value {
        Value::Array(items) => match items.as_slice() {
            [lon, lat] | [lon, lat, _] => Ok((read_double(lon)?, read_double(lat)?)),
            [_] => Err(half(value)),
            _ => Err(odd(value)),
        },
        Value::Object(given) => match (given.get("lat"), given.get("lon"), given.get("geohash")) {
            (Some(lat), Some(lon), None) if given.len() == 2 => Ok((read_double(lon)?, read_double(lat)?)),
            (None, None, Some(Value::String(hash))) if given.len() == 1 => geohash(hash),
            (Some(_), None, None) | (None, Some(_), None) if given.len() == 1 => Err(half(value)),
            _ => Err(odd(value)),
        },
        Value::String(text) => match text.split_once(',') {
            Some((lat, lon)) => Ok((read_double(&Value::from(lon))?, read_double(&Value::from(lat))?)),
            None => match text.trim().strip_prefix("POINT").map(str::trim) {
                Some(inner) => well_known(inner),
                None => geohash(text),
            },
        },
        other => Err(Fault::shape(other)),
    }
}

fn well_known(inner: &str) -> Result<(f64, f64), Fault> {
    let inner = inner.trim_start_matches('(').trim_end_matches(')');
    let mut numbers = inner.split_whitespace().map(|text| read_double(&Value::from(text)));
    match (numbers.next(), numbers.next()) {
        (Some(lon), Some(lat)) => Ok((lon?, lat?)),
        _ => Err(odd(&Value::from(inner))),
    }
}

/// Reads a geohash as the sides of its cell: west, south, east, north. Whatever else names a point is none.
pub fn cell(value: &Value) -> Option<[f64; 4]> {
    let hash = match value {
        Value::Object(given) if given.len() == 1 => given.get("geohash")?.as_str()?,
        other => other.as_str().filter(|text| !text.contains([',', '(']))?,
    };
    sides(hash).ok()
}

/// The lower left corner of a geohash's cell.
fn geohash(hash: &str) -> Result<(f64, f64), Fault> {
    sides(hash).map(|[west, south, ..]| (west, south))
}

/// The sides of a geohash's cell, as bits of a 32nd part of each axis.
fn sides(hash: &str) -> Result<[f64; 4], Fault> {
    let (mut lon, mut lat, mut bits) = (0_u32, 0_u32, 0_u32);
    if hash.is_empty() {
        return Err(odd(&Value::from(hash)));
    }
    for letter in hash.chars().take(12) {
        let digit = BASE_32
            .chars()
            .zip(0_u32..)
            .find_map(|(known, digit)| (known == letter.to_ascii_lowercase()).then_some(digit))
            .ok_or_else(|| odd(&Value::from(hash)))?;
        for bit in (0..5).rev() {
            let axis = if bits.is_multiple_of(2) { &mut lon } else { &mut lat };
            *axis = *axis << 1 | (digit >> bit & 1);
            bits += 1;
        }
    }
    let scale = |axis: u32, width: u32, whole: f64| {
        let fraction = f64::from(axis) / f64::from(1_u32 << width);
        fraction * whole - whole / 2.0
    };
    let (wide, high) = (bits.div_ceil(2), bits / 2);
    Ok([
        scale(lon, wide, 360.0),
        scale(lat, high, 180.0),
        scale(lon + 1, wide, 360.0),
        scale(lat + 1, high, 180.0),
    ])
}

fn expand_array(value: &Value, _: At) -> Outcome {
    let (lon, lat) = read(value)?;
    Ok(Value::Array(vec![double(lon), double(lat)]))
}

fn expand_object(value: &Value, _: At) -> Outcome {
    let (lon, lat) = read(value)?;
    let mut point = Object::with_capacity(2);
    point.insert("lat".to_owned(), double(lat));
    point.insert("lon".to_owned(), double(lon));
    Ok(Value::Object(point))
}

fn expand_objects(value: &Value, at: At) -> Outcome {
    match value {
        Value::Array(items) if !items.iter().all(Value::is_number) => {
            items.iter().map(|item| expand_object(item, at)).collect()
        }
        other => Ok(Value::Array(vec![expand_object(other, at)?])),
    }
}

fn expand_time_or_object(value: &Value, at: At) -> Outcome {
    match value {
        Value::Array(_) | Value::Object(_) => expand_object(value, at),
        other => forward::expand(&Kind::Scalar, other, at),
    }
}

fn expand_unit(value: &Value, _: At) -> Outcome {
    let name = forward::text(value)?;
    match unit_called(&name) {
        Some((symbol, ..)) => Ok(Value::from(*symbol)),
        None => Err(Fault::new(Class::Argument, format!("No distance unit match [{name}]"))),
    }
}

fn unit_called(name: &str) -> Option<&'static (&'static str, f64, &'static [&'static str])> {
    UNITS.iter().find(|(symbol, _, names)| *symbol == name || names.contains(&name))
}

/// Numbers without needless points.
fn shorten_array(value: &Value) -> Value {
    match value {
        Value::Array(items) if read(value).is_ok() => items.iter().map(shorten_number).collect(),
        other => other.clone(),
    }
}

fn shorten_object(value: &Value) -> Value {
    match value {
        Value::Object(point) if read(value).is_ok() => {
            point.iter().map(|(axis, value)| (axis.clone(), shorten_number(value))).collect()
        }
        other => other.clone(),
    }
}

fn shorten_objects(value: &Value) -> Value {
    match value.as_array().map(Vec::as_slice) {
        Some([one @ Value::Object(_)]) => shorten_object(one),
        Some(points) => points.iter().map(shorten_object).collect(),
        None => value.clone(),
    }
}

/// Spells a number without a needless point.
pub fn shorten_number(value: &Value) -> Value {
    match value {
        Value::Number(number) => short_double(number.as_str()).unwrap_or_else(|| value.clone()),
        other => other.clone(),
    }
}

/// Half a point is stored with a latitude or a longitude that is no number; newer servers refuse a list of one.
fn half(value: &Value) -> Fault {
    Fault::new(Class::Trap, format!("geo_point [{value}] has but one coordinate"))
}

fn odd(value: &Value) -> Fault {
    Fault::new(Class::Parsing, format!("failed to parse geo_point [{value}]"))
}

//! Geo queries: where on the globe.

use serde_json::Value;

use super::common::{IGNORE_UNMAPPED, NAME, TAIL};
use super::corners;
use super::forward;
use super::number::{double, double_text, read_double};
use super::point::{self, VALIDATION, shorten_metres};
use super::refusal::{Class, Fault};
use super::schema::{At, Field, Form, Kind, Lit, Object, Outcome, Own, Rest, Spec, Type, field};
use super::well_known;
use crate::api::line::Line;

/// The geo queries.
pub const TYPES: &[Type] = &[
    Type::new("geo_distance", Form::Plain(&DISTANCE)),
    Type::new("geo_bounding_box", Form::Plain(&BOX)),
    Type::new("geo_polygon", Form::Plain(&POLYGON)),
    Type::new("geo_shape", Form::Plain(&SHAPE)),
];

static DISTANCE: Spec = Spec::hand(
    "geo_distance",
    &[
        &[
            field("distance", Kind::Own(&DISTANCE_IN_METRES)),
            field("unit", point::UNIT),
            field("distance_type", point::DISTANCE_TYPE).or(Lit::Text("arc")),
            VALIDATION,
            IGNORE_UNMAPPED,
        ],
        TAIL,
    ],
)
.rest(Rest::Field(point::ARRAY))
.tidied(measure, |_| {});

static DISTANCE_IN_METRES: Own = Own {
    expand: |value, at| forward::expand(&Kind::Double, value, at),
    shorten: |value| {
        if value.is_number() { point::shorten_metres(value) } else { value.clone() }
    },
};

static BOX: Spec = Spec::hand(
    "geo_bounding_box",
    &[
        &[
            VALIDATION,
            field("type", Kind::Upper(&["MEMORY", "INDEXED"])).or(Lit::Text("MEMORY")),
            IGNORE_UNMAPPED,
        ],
        TAIL,
    ],
)
.rest(Rest::Field(Kind::Object(&CORNERS)));

static CORNERS: Spec = Spec::hand(
    "geo_bounding_box",
    &[&[field("top_left", point::ARRAY), field("bottom_right", point::ARRAY)]],
)
.tidied(corners::spell, |_| {});

static POLYGON: Spec = Spec::hand("geo_polygon", &[&[VALIDATION, IGNORE_UNMAPPED], TAIL])
    .rest(Rest::Field(Kind::Object(&POINTS)));

static POINTS: Spec = Spec::hand(
    "geo_polygon",
    &[&[field("points", Kind::Own(&Own { expand: expand_ring, shorten: shorten_ring }))]],
);

/// The weight of a shape is nought by default, as nobody initialises it.
static SHAPE: Spec = Spec::hand(
    "geo_shape",
    &[&[
        IGNORE_UNMAPPED,
        Field { default: super::schema::Default::Shown(Lit::Num("0.0")), ..super::common::BOOST },
        NAME,
    ]],
)
.rest(Rest::Field(Kind::Object(&SHAPED)));

static SHAPED: Spec = Spec::hand(
    "",
    &[&[
        field("strategy", Kind::Lower(&["term", "recursive"])),
        field("shape", Kind::Own(&Own { expand: |value, _| expand_shape(value), shorten: shorten_shape })),
        field("indexed_shape", Kind::Object(&INDEXED)),
        field("relation", Kind::Lower(&["intersects", "disjoint", "within", "contains"]))
            .or(Lit::Text("intersects")),
    ]],
);

static INDEXED: Spec = Spec::hand(
    "indexed_shape",
    &[&[
        field("id", Kind::Text),
        field("index", Kind::Text).or(Lit::Text("shapes")),
        field("path", Kind::Text).or(Lit::Text("shape")),
        field("routing", Kind::Text),
        field("type", Kind::Own(&Own { expand: expand_type, shorten: Value::clone })),
    ]],
);

/// From 2.0 on documents have no types; one that is given is lost without a word.
fn expand_type(value: &Value, at: At) -> Outcome {
    if at.line >= Line::V2_19 { Err(Fault::nothing()) } else { forward::text(value).map(Value::String) }
}

/// The shapes, as they come back.
const SHAPES: &[&str] = &[
    "Point",
    "MultiPoint",
    "LineString",
    "MultiLineString",
    "Polygon",
    "MultiPolygon",
    "Envelope",
    "Circle",
    "GeometryCollection",
];

/// Puts the distance into metres, after which there is no unit, and the two halves of a point together.
fn measure(query: &mut Object, _: At) {
    join_halves(query);
    let Some(metres) = query.get("distance").and_then(|length| point::metres(length, query.get("unit")))
    else {
        return;
    };
    query.shift_remove("unit");
    query.insert("distance".to_owned(), double(metres));
}

/// A point may be given as `field.lat` and `field.lon`.
fn join_halves(query: &mut Object) {
    let Some(field) = query.keys().find_map(|key| key.strip_suffix(".lat")).map(str::to_owned) else {
        return;
    };
    let (lat, lon) = (format!("{field}.lat"), format!("{field}.lon"));
    let halves = [&lat, &lon].map(|half| query.get(half).and_then(|value| read_double(value).ok()));
    if let ([Some(north), Some(east)], false) = (halves, query.contains_key(&field)) {
        query.shift_remove(&lat);
        query.shift_remove(&lon);
        query.insert(field, Value::Array(vec![double(east), double(north)]));
    }
}

/// The last point is the first one again, whether it was sent or not.
fn expand_ring(value: &Value, at: At) -> Outcome {
    let Value::Array(items) = value else {
        return Err(Fault::shape(value));
    };
    let mut points: Vec<Value> =
        items.iter().map(|item| forward::expand(&point::ARRAY, item, at)).collect::<Result<_, _>>()?;
    if points.len() < 3 {
        return Err(Fault::new(Class::Argument, "too few points defined for geo_polygon query"));
    }
    if points.first() != points.last() {
        points.extend(points.first().cloned());
    }
    Ok(Value::Array(points))
}

fn shorten_ring(value: &Value) -> Value {
    let Value::Array(points) = value else {
        return value.clone();
    };
    let closed = points.len() > 4 - 1 && points.first() == points.last();
    let open = if closed && points.len() > 3 { &points[..points.len() - 1] } else { points.as_slice() };
    open.iter().map(|one| super::backward::shorten(&point::ARRAY, one)).collect()
}

/// Coordinates become numbers with a point, the type gets its capital letters, a text becomes an object. The
/// orientation is taken, and lost without a word.
fn expand_shape(value: &Value) -> Outcome {
    let given = match value {
        Value::Object(given) => given,
        Value::String(text) => {
            let odd = || Fault::new(Class::Argument, format!("Unknown geometry [{text}]"));
            return expand_shape(&well_known::read(text).ok_or_else(odd)?);
        }
        other => return Err(Fault::shape(other)),
    };
    let turns = given
        .get("type")
        .and_then(Value::as_str)
        .is_some_and(|name| ["polygon", "multipolygon"].iter().any(|known| known.eq_ignore_ascii_case(name)));
    let mut shape = Object::with_capacity(given.len());
    for (key, value) in given {
        let value = match (key.as_str(), value) {
            ("type", Value::String(name)) => {
                match SHAPES.iter().find(|known| known.eq_ignore_ascii_case(name)) {
                    Some(known) => Value::from(*known),
                    None => return Err(Fault::new(Class::Argument, format!("unknown geo_shape [{name}]"))),
                }
            }
            ("coordinates", coordinates) => floats(coordinates)?,
            ("radius", radius) => Value::String(format!("{}m", double_text(length(radius)?))),
            ("orientation", Value::String(_)) if turns => continue,
            ("geometries", Value::Array(parts)) => {
                parts.iter().map(expand_shape).collect::<Result<_, _>>()?
            }
            (_, other) => other.clone(),
        };
        shape.insert(key.clone(), value);
    }
    Ok(Value::Object(shape))
}

fn shorten_shape(value: &Value) -> Value {
    let (Value::Object(given), Ok(_)) = (value, expand_shape(value)) else {
        return value.clone();
    };
    let shorten = |(key, value): (&String, &Value)| {
        let value = match (key.as_str(), value) {
            ("type", Value::String(name)) => Value::String(name.to_ascii_lowercase()),
            ("coordinates", coordinates) => short_floats(coordinates),
            ("radius", radius) => {
                length(radius).map_or(radius.clone(), |metres| shorten_metres(&double(metres)))
            }
            ("geometries", Value::Array(parts)) => parts.iter().map(shorten_shape).collect(),
            (_, other) => other.clone(),
        };
        (key.clone(), value)
    };
    given.iter().map(shorten).collect()
}

fn short_floats(value: &Value) -> Value {
    match value {
        Value::Array(items) => items.iter().map(short_floats).collect(),
        other => point::shorten_number(other),
    }
}

fn length(value: &Value) -> Result<f64, Fault> {
    point::metres(value, None)
        .filter(|metres| metres.is_finite())
        .ok_or_else(|| Fault::new(Class::Number, format!("failed to parse distance [{value}]")))
}

/// Numbers at any depth; of a point there are two, as servers forget its height.
fn floats(value: &Value) -> Outcome {
    match value {
        Value::Array(items) => {
            let mut items = items.iter().map(floats).collect::<Result<Vec<_>, _>>()?;
            if items.len() == 3 && items.iter().all(Value::is_number) {
                items.truncate(2);
            }
            Ok(Value::Array(items))
        }
        other => read_double(other).map(double),
    }
}

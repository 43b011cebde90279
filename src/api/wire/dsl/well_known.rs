//! Shapes as well-known text, `POINT (13.4 52.5)`, read into `GeoJSON`, as which they come back.

use serde_json::{Value, json};

use super::number;

/// The shapes: their name in texts, their name in `GeoJSON`, how deep their coordinates nest.
const SHAPES: &[(&str, &str, usize)] = &[
    ("POINT", "Point", 1),
    ("LINESTRING", "LineString", 2),
    ("MULTIPOINT", "MultiPoint", 2),
    ("POLYGON", "Polygon", 3),
    ("MULTILINESTRING", "MultiLineString", 3),
    ("MULTIPOLYGON", "MultiPolygon", 4),
];

/// How deep brackets may nest: one deeper than those of a collection of the deepest shapes.
const DEEPEST: usize = 6;

/// Reads a shape; nothing if the text is none.
pub fn read(text: &str) -> Option<Value> {
    let (shape, rest) = shape(text, DEEPEST)?;
    rest.trim().is_empty().then_some(shape)
}

/// Reads a box: its upper left and its lower right corner.
pub fn read_box(text: &str) -> Option<(Value, Value)> {
    let is_box = text.trim_start().get(..4).is_some_and(|name| name.eq_ignore_ascii_case("BBOX"));
    let shape = read(text).filter(|_| is_box)?;
    match shape["coordinates"].as_array()?.as_slice() {
        [upper, lower] => Some((upper.clone(), lower.clone())),
        _ => None,
    }
}

/// Reads a shape, and gives what is left of the text.
fn shape(text: &str, depth: usize) -> Option<(Value, &str)> {
    let text = text.trim_start();
    let (name, rest) = text.split_at(text.find(|letter: char| !letter.is_ascii_alphabetic())?);
    let name = name.to_ascii_uppercase();
    let (items, rest) = list(rest, depth)?;
    let shape = match name.as_str() {
        "ENVELOPE" | "BBOX" => envelope(&items)?,
        "GEOMETRYCOLLECTION" => items
            .iter()
            .all(Value::is_object)
            .then(|| json!({"type": "GeometryCollection", "geometries": items}))?,
        _ => coordinates(&name, items)?,
    };
    Some((shape, rest))
}

fn coordinates(name: &str, mut items: Vec<Value>) -> Option<Value> {
    let (_, kind, depth) = SHAPES.iter().find(|(known, ..)| *known == name)?;
    if *kind == "MultiPoint" {
        items.iter_mut().for_each(unwrap);
    }
    let coordinates = match <[Value; 1]>::try_from(items) {
        Ok([only]) if *depth == 1 => only,
        Ok(only) => Value::Array(only.into()),
        Err(items) => Value::Array(items),
    };
    nests(&coordinates, *depth).then(|| json!({"type": kind, "coordinates": coordinates}))
}

/// The four sides are those in the west, the east, the north and the south.
fn envelope(sides: &[Value]) -> Option<Value> {
    let sides: Vec<&Value> =
        sides.iter().filter_map(Value::as_array).filter(|side| side.len() == 1).flatten().collect();
    match sides.as_slice() {
        [west, east, north, south] => {
            Some(json!({"type": "Envelope", "coordinates": [[west, north], [east, south]]}))
        }
        _ => None,
    }
}

/// A point of several may have brackets of its own.
fn unwrap(point: &mut Value) {
    if let Some([inner @ Value::Array(_)]) = point.as_array().map(Vec::as_slice) {
        *point = inner.clone();
    }
}

fn nests(value: &Value, depth: usize) -> bool {
    match value {
        Value::Array(items) if depth == 1 => items.len() == 2 && items.iter().all(Value::is_number),
        Value::Array(items) => items.iter().all(|item| nests(item, depth - 1)),
        _ => false,
    }
}

/// Reads what brackets hold: points, shapes, or brackets again.
fn list(text: &str, depth: usize) -> Option<(Vec<Value>, &str)> {
    let mut rest = text.trim_start().strip_prefix('(')?;
    let mut items = Vec::new();
    loop {
        let (item, after) = item(rest.trim_start(), depth.checked_sub(1)?)?;
        items.push(item);
        match after.trim_start().strip_prefix(',') {
            Some(next) => rest = next,
            None => return Some((items, after.trim_start().strip_prefix(')')?)),
        }
    }
}

fn item(text: &str, depth: usize) -> Option<(Value, &str)> {
    match text.chars().next()? {
        '(' => list(text, depth).map(|(items, rest)| (Value::Array(items), rest)),
        letter if letter.is_ascii_alphabetic() => shape(text, depth),
        _ => {
            let (point, rest) = text.split_at(text.find([',', ')'])?);
            let numbers: Option<Vec<Value>> =
                point.split_whitespace().map(|text| Some(number::double(text.parse().ok()?))).collect();
            // servers forget the height
            Some((numbers?.into_iter().take(2).collect(), rest))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::read;

    #[test]
    fn what_is_no_shape_is_none() {
        for text in
            ["", "POINT", "POINT (1)", "POINT (1 2", "POINT (1 2) x", "POINT ((1 2))", "CIRCLE (1 2 5)"]
        {
            assert_eq!(read(text), None, "{text}");
        }
        assert_eq!(read(&format!("POLYGON {}", "(".repeat(100_000))), None);
    }
}

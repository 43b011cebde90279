//! Boxes on the globe in their many spellings; they come back as their upper left and their lower right corner.

use serde_json::Value;

use super::number::{double, read_double};
use super::point;
use super::schema::{At, Object, Spec, field};
use super::well_known;

/// The box within which a grid has cells.
pub static BOUNDS: Spec =
    Spec::hand("bounds", &[&[field("top_left", point::OBJECT), field("bottom_right", point::OBJECT)]])
        .tidied(spell, |_| {});

/// The corners: whether they are in the east, and in the north.
const CORNERS: &[(&str, bool, bool)] = &[
    ("top_left", false, true),
    ("top_right", true, true),
    ("bottom_left", false, false),
    ("bottom_right", true, false),
];

/// Makes the two usual corners of the other two, of the four sides, or of a text.
pub fn spell(given: &mut Object, _: At) {
    spell_text(given);
    spell_cells(given);
    let side = |name: &str| given.get(name).and_then(|value| read_double(value).ok());
    let corner = |name: &str| given.get(name).and_then(|value| point::read(value).ok());
    let ends = match (corner("top_right"), corner("bottom_left")) {
        (Some((right, top)), Some((left, bottom))) => Some((left, top, right, bottom)),
        _ => match (side("left"), side("top"), side("right"), side("bottom")) {
            (Some(left), Some(top), Some(right), Some(bottom)) => Some((left, top, right, bottom)),
            _ => None,
        },
    };
    let Some((left, top, right, bottom)) = ends.filter(|_| !given.contains_key("top_left")) else {
        return;
    };
    given.retain(|key, _| {
        !["top_right", "bottom_left", "left", "top", "right", "bottom"].contains(&key.as_str())
    });
    given.insert("top_left".to_owned(), point_at(left, top));
    given.insert("bottom_right".to_owned(), point_at(right, bottom));
}

/// A text is all there may be.
fn spell_text(given: &mut Object) {
    let text = given.get("wkt").filter(|_| given.len() == 1).and_then(Value::as_str);
    if let Some((upper, lower)) = text.and_then(well_known::read_box) {
        given.clear();
        given.insert("top_left".to_owned(), upper);
        given.insert("bottom_right".to_owned(), lower);
    }
}

/// A geohash names a cell, whose corner counts that lies farthest outside.
fn spell_cells(given: &mut Object) {
    for (name, east, north) in CORNERS {
        if let Some((sides, value)) =
            given.get_mut(*name).and_then(|value| Some((point::cell(value)?, value)))
        {
            let [west_side, south_side, east_side, north_side] = sides;
            let lon = if *east { east_side } else { west_side };
            *value = point_at(lon, if *north { north_side } else { south_side });
        }
    }
}

fn point_at(lon: f64, lat: f64) -> Value {
    Value::Array(vec![double(lon), double(lat)])
}

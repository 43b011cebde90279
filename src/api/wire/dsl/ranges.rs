//! Range aggregations: a bucket for each stretch of values.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use serde_json::Value;

use super::number::{self, double};
use super::point;
use super::schema::{At, Field, Kind, Lit, Object, Own, Spec, field};
use super::values::{SOURCE, VALUES};
use super::{backward, forward};

const KEYED: Field = field("keyed", Kind::Bool).or(Lit::False);
const KEY: Field = field("key", Kind::Text);

const fn ranges(range: &'static Kind) -> Field {
    field("ranges", Kind::List(range)).or(Lit::Json("[]"))
}

/// Stretches of numbers.
pub static RANGE: Spec =
    Spec::declared("range", &[VALUES, &[ranges(&Kind::Object(&NUMBERS)), KEYED]]).needs(&[SOURCE]);

static NUMBERS: Spec = Spec::declared(
    "range",
    &[&[KEY, field("from", Kind::OrNone(&Kind::Double)), field("to", Kind::OrNone(&Kind::Double))]],
);

/// Stretches of time.
pub static DATE_RANGE: Spec =
    Spec::declared("date_range", &[VALUES, &[ranges(&Kind::Object(&TIMES)), KEYED]]).needs(&[SOURCE]);

static TIMES: Spec =
    Spec::declared("range", &[&[KEY, field("from", Kind::OrNone(&TIME)), field("to", Kind::OrNone(&TIME))]]);

/// A time as a text, or a number, which is one with a point.
const TIME: Kind = Kind::Own(&Own {
    expand: |value, at| match value {
        Value::Number(_) => forward::expand(&Kind::Double, value, at),
        other => forward::expand(&Kind::Text, other, at),
    },
    shorten: |value| backward::shorten(&Kind::Double, value),
});

/// Stretches of addresses.
pub static IP_RANGE: Spec =
    Spec::declared("ip_range", &[VALUES, &[ranges(&Kind::Object(&ADDRESSES)), KEYED]]).needs(&[SOURCE]);

static ADDRESSES: Spec = Spec::hand(
    "ip_range",
    &[&[KEY, field("from", Kind::OrNone(&Kind::Text)), field("to", Kind::OrNone(&Kind::Text))]],
)
.tidied(spell_mask, shorten_mask);

/// Stretches of distance.
pub static GEO_DISTANCE: Spec = Spec::declared(
    "geo_distance",
    &[
        VALUES,
        &[
            field("origin", point::OBJECT).also(&["point", "center"]),
            ranges(&Kind::Object(&DISTANCES)),
            KEYED,
            field("unit", point::UNIT).or(Lit::Text("m")),
            field("distance_type", Kind::Upper(&["ARC", "PLANE"])).or(Lit::Text("ARC")),
        ],
    ],
);

static DISTANCES: Spec =
    Spec::hand("geo_distance", &[&[KEY, field("from", Kind::Double), field("to", Kind::Double)]])
        .tidied(name_distances, unname_distances);

/// A mask stands for its first address and the one after its last, and is the key if there is no other.
fn spell_mask(range: &mut Object, _: At) {
    let Some(Value::String(mask)) = range.get("mask") else {
        return;
    };
    let Some(ends) = ends(mask) else {
        return;
    };
    let mask = range.shift_remove("mask").unwrap_or_default();
    range.entry("key").or_insert(mask);
    for (name, end) in ["from", "to"].into_iter().zip(ends) {
        match end {
            Some(end) => drop(range.insert(name.to_owned(), Value::String(end))),
            None => drop(range.shift_remove(name)),
        }
    }
}

fn shorten_mask(range: &mut Object) {
    let Some(Value::String(key)) = range.get("key") else {
        return;
    };
    let Some(ends) = ends(key) else {
        return;
    };
    let is_end = |(name, end): (&str, &Option<String>)| match (range.get(name), end) {
        (Some(given), Some(end)) => given == end,
        (given, end) => given.is_none() && end.is_none(),
    };
    if range.contains_key("mask") || !["from", "to"].into_iter().zip(&ends).all(is_end) {
        return;
    }
    let mask = range.shift_remove("key").unwrap_or_default();
    range.shift_remove("from");
    range.shift_remove("to");
    range.insert("mask".to_owned(), mask);
}

/// The first address of a mask such as `10.0.0.0/25`, if it is not the first of all, and the one after its last, if there
/// is any: after the last one of 32 bits comes one of 128.
fn ends(mask: &str) -> Option<[Option<String>; 2]> {
    let (address, length) = mask.split_once('/')?;
    let (address, length): (IpAddr, u32) = (address.parse().ok()?, length.parse().ok()?);
    match address {
        IpAddr::V4(address) => {
            let size = 1_u64.checked_shl(32_u32.checked_sub(length)?)?;
            let from = u64::from(u32::from(address)) / size * size;
            let text = |number: u64| {
                let bits = u32::try_from(number);
                bits.map_or_else(|_| "::1:0:0:0".to_owned(), |bits| Ipv4Addr::from(bits).to_string())
            };
            Some([Some(text(from)), Some(text(from + size))])
        }
        IpAddr::V6(address) => {
            let Some(size) = 1_u128.checked_shl(128_u32.checked_sub(length)?) else {
                return Some([None, None]);
            };
            let from = u128::from(address) / size * size;
            let text = |bits: u128| Ipv6Addr::from(bits).to_string();
            Some([(from > 0).then(|| text(from)), from.checked_add(size).map(text)])
        }
    }
}

/// A stretch of distance starts at nought if only its end is given, and is named after its ends.
fn name_distances(range: &mut Object, _: At) {
    range.retain(|_, value| !value.is_null());
    let Some(key) = distance_key(range) else {
        return;
    };
    range.entry("key").or_insert_with(|| Value::String(key));
    if !range.contains_key("from") {
        range.insert("from".to_owned(), double(0.0));
    }
}

fn unname_distances(range: &mut Object) {
    if range.get("key").and_then(Value::as_str).is_some_and(|key| distance_key(range).as_deref() == Some(key))
    {
        range.shift_remove("key");
    }
    let is_measured = range.contains_key("to") && distance_key(range).is_some();
    if is_measured && range.get("from").and_then(Value::as_f64) == Some(0.0) {
        range.shift_remove("from");
    }
}

/// The name of a stretch of distance, if both its ends are numbers or open.
fn distance_key(range: &Object) -> Option<String> {
    let end = |name: &str| match range.get(name) {
        None => Some("*".to_owned()),
        Some(value) => match number::read_double(value).ok()? {
            0.0 if name == "from" => Some("*".to_owned()),
            end => Some(double(end).to_string()),
        },
    };
    Some(format!("{}-{}", end("from")?, end("to")?))
}

//! Range aggregations: a bucket for each stretch of values.

use std::net::IpAddr;

use serde_json::Value;

use super::number::{self, double};
use super::point;
use super::schema::{At, Field, Kind, Lit, Object, Spec, field};
use super::values::{SOURCE, VALUES};

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
const TIME: Kind = Kind::Own(&super::schema::Own {
    expand: |value, at| match value {
        Value::Number(_) => super::forward::expand(&Kind::Double, value, at),
        other => super::forward::expand(&Kind::Text, other, at),
    },
    shorten: |value| super::backward::shorten(&Kind::Double, value),
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
    let Some((from, to)) = ends(mask) else {
        return;
    };
    let mask = range.shift_remove("mask").unwrap_or_default();
    range.entry("key").or_insert(mask);
    range.insert("from".to_owned(), Value::String(from));
    match to {
        Some(to) => drop(range.insert("to".to_owned(), Value::String(to))),
        None => drop(range.shift_remove("to")),
    }
}

fn shorten_mask(range: &mut Object) {
    let Some(Value::String(key)) = range.get("key") else {
        return;
    };
    let Some((from, to)) = ends(key) else {
        return;
    };
    let text = |name: &str| range.get(name).and_then(Value::as_str);
    if range.contains_key("mask") || text("from") != Some(&from) || text("to") != to.as_deref() {
        return;
    }
    if to.is_none() && range.contains_key("to") {
        return;
    }
    let mask = range.shift_remove("key").unwrap_or_default();
    range.shift_remove("from");
    range.shift_remove("to");
    range.insert("mask".to_owned(), mask);
}

/// The first address of a mask such as `10.0.0.0/25`, and the one after its last, if there is any.
fn ends(mask: &str) -> Option<(String, Option<String>)> {
    let (address, length) = mask.split_once('/')?;
    let (address, length): (IpAddr, u32) = (address.parse().ok()?, length.parse().ok()?);
    match address {
        IpAddr::V4(address) => {
            let size = 1_u64.checked_shl(32_u32.checked_sub(length)?)?;
            let from = u64::from(u32::from(address)) / size * size;
            let text = |number: u64| {
                u32::try_from(number).ok().map(|bits| std::net::Ipv4Addr::from(bits).to_string())
            };
            Some((text(from)?, text(from + size)))
        }
        IpAddr::V6(address) => {
            let size = 1_u128.checked_shl(128_u32.checked_sub(length)?)?;
            let from = u128::from(address) / size * size;
            let to = from.checked_add(size).map(|bits| std::net::Ipv6Addr::from(bits).to_string());
            Some((std::net::Ipv6Addr::from(from).to_string(), to))
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

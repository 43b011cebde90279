//! The search body: what stands at its top.

use serde_json::Value;

use super::common::{needs, readable};
use super::forward;
use super::highlight::HIGHLIGHT;
use super::joining::INNER_HITS;
use super::number;
use super::refusal::{Class, Fault};
use super::schema::{At, Kind, Lit, Mode, Object, Outcome, Own, Parser, Spec, field};
use super::sort::SORT;
use super::source::{FORMATTED_FIELDS, SCRIPT_FIELDS, SOURCE, STORED_FIELDS};
use super::suggest::SUGGEST;
use crate::api::line::Line;

/// The search body.
pub static BODY: Spec = Spec {
    parser: Parser::Body,
    ..Spec::hand(
        "search",
        &[&[
            field("from", Kind::Own(&Own { expand: expand_from, shorten: Value::clone })),
            field("size", Kind::Own(&Own { expand: expand_size, shorten: Value::clone })),
            field("timeout", Kind::Own(&Own { expand: expand_time, shorten: Value::clone })),
            field("terminate_after", Kind::Int).unless(Lit::Int(0)),
            field("query", Kind::Query),
            field("post_filter", Kind::Query),
            field("min_score", Kind::Float),
            field("version", Kind::Bool),
            field("seq_no_primary_term", Kind::Bool),
            field("explain", Kind::Bool),
            field("profile", Kind::Bool).unless(Lit::False),
            field("_source", SOURCE),
            field("stored_fields", STORED_FIELDS),
            field("docvalue_fields", FORMATTED_FIELDS),
            field("fields", FORMATTED_FIELDS),
            field("script_fields", SCRIPT_FIELDS),
            field("sort", SORT),
            field("track_scores", Kind::Bool).unless(Lit::False),
            field("include_named_queries_score", Kind::Bool).since(Line::V2_19),
            field("track_total_hits", Kind::Own(&Own { expand: expand_hits, shorten: shorten_hits })),
            field("search_after", Kind::List(&Kind::Any)),
            field("slice", Kind::Object(&SLICE)),
            field("indices_boost", Kind::Own(&Own { expand: expand_boosts, shorten: shorten_boosts }))
                .unless(Lit::Json("[]")),
            field(
                "aggregations",
                Kind::Own(&Own { expand: expand_aggs, shorten: super::aggregations::shorten }),
            )
            .also(&["aggs"])
            .shortly("aggs"),
            field("highlight", HIGHLIGHT),
            field("suggest", SUGGEST),
            field("rescore", Kind::Many(&Kind::Object(&RESCORE))),
            field("stats", Kind::List(&Kind::Text)),
            field("ext", Kind::Own(&Own { expand: expand_ext, shorten: Value::clone }))
                .unless(Lit::Json("{}")),
            field("collapse", Kind::Object(&COLLAPSE)),
            field("pit", Kind::Object(&POINT_IN_TIME)),
            field("search_pipeline", Kind::Own(&Own { expand: expand_pipeline, shorten: Value::clone }))
                .since(Line::V2_19),
            field("verbose_pipeline", Kind::Bool).unless(Lit::False).since(Line::V2_19),
            field("derived", Kind::Names(&Kind::Any)).since(Line::V2_19),
        ]],
    )
};

static SLICE: Spec = Spec::declared(
    "slice",
    &[&[field("field", Kind::Text).or(Lit::Text("_id")), field("id", Kind::Int), field("max", Kind::Int)]],
)
.needs(readable!("slice": "id", "max"));

static RESCORE: Spec = Spec::declared(
    "rescore",
    &[&[field("window_size", Kind::Int), field("query", Kind::Object(&RESCORE_QUERY))]],
)
.needs(needs!("query": "missing rescore type"));

static RESCORE_QUERY: Spec = Spec::declared(
    "query",
    &[&[
        field("rescore_query", Kind::Query),
        field("query_weight", Kind::Float).or(Lit::Num("1.0")),
        field("rescore_query_weight", Kind::Float).or(Lit::Num("1.0")),
        field("score_mode", Kind::Lower(&["total", "avg", "max", "min", "multiply"])).or(Lit::Text("total")),
    ]],
);

static COLLAPSE: Spec = Spec::declared(
    "collapse",
    &[&[
        field("field", Kind::Text),
        field("max_concurrent_group_searches", Kind::Int).unless(Lit::Int(0)),
        field("inner_hits", Kind::Own(&Own { expand: expand_groups, shorten: shorten_groups })),
    ]],
)
.needs(readable!("collapse": "field"));

static POINT_IN_TIME: Spec =
    Spec::declared("pit", &[&[field("id", Kind::Text), field("keep_alive", Kind::Text)]]);

/// The units of a time, longest first, as far as their case is not looked at; only `m` must be lower-case.
const UNITS: &[&str] = &["nanos", "micros", "ms", "s", "h", "d"];

fn expand_from(value: &Value, at: At) -> Outcome {
    expand_count("from", value, at)
}

fn expand_size(value: &Value, at: At) -> Outcome {
    expand_count("size", value, at)
}

/// Before 2.0 minus one meant that nothing was said; since then nothing below zero is taken.
fn expand_count(name: &str, value: &Value, at: At) -> Outcome {
    let count = number::read_int(value)?;
    match (at.line, count) {
        (Line::Odfe | Line::V1_3, -1) => Err(Fault::nothing()),
        (Line::V2_19 | Line::V3, ..0) => Err(Fault::new(
            Class::Argument,
            format!("[{name}] parameter cannot be negative, found [{count}]"),
        )),
        (_, count) => Ok(Value::from(count)),
    }
}

/// A time comes back as it was written, once it is seen to be one.
fn expand_time(value: &Value, _: At) -> Outcome {
    let text = forward::text(value)?;
    let lower = text.trim().to_ascii_lowercase();
    let unit = UNITS.iter().find(|unit| lower.ends_with(**unit)).copied();
    let unit = unit.or_else(|| text.trim().ends_with('m').then_some("m"));
    let Some(unit) = unit else {
        return match lower.as_str() {
            "-1" => Err(Fault::nothing()),
            "0" => Ok(Value::from("0nanos")),
            _ => Err(not_a_time(&text, "unit is missing or unrecognized")),
        };
    };
    match lower[..lower.len() - unit.len()].trim().parse::<i64>() {
        Ok(duration) => Ok(Value::String(format!("{duration}{unit}"))),
        Err(_) => Err(not_a_time(&text, "failed to parse")),
    }
}

fn not_a_time(text: &str, why: &str) -> Fault {
    Fault::new(
        Class::Argument,
        format!("failed to parse setting [timeout] with value [{text}] as a time value: {why}"),
    )
}

/// All hits are counted up to the largest integer, none up to minus one.
fn expand_hits(value: &Value, _: At) -> Outcome {
    match forward::boolean(value) {
        Ok(true) => Ok(Value::from(i32::MAX)),
        Ok(false) => Ok(Value::from(-1)),
        Err(_) => number::read_int(value).map(Value::from),
    }
}

fn shorten_hits(value: &Value) -> Value {
    match value.as_i64() {
        Some(-1) => Value::Bool(false),
        Some(count) if count == i64::from(i32::MAX) => Value::Bool(true),
        _ => value.clone(),
    }
}

/// An object or a list of objects comes back as a list of objects of one index each.
fn expand_boosts(value: &Value, at: At) -> Outcome {
    let given = match value {
        Value::Object(given) => vec![given],
        Value::Array(items) => items
            .iter()
            .map(|item| item.as_object().ok_or_else(|| Fault::shape(item)))
            .collect::<Result<_, _>>()?,
        other => return Err(Fault::shape(other)),
    };
    let mut boosts = Vec::new();
    for (index, boost) in given.into_iter().flatten() {
        let mut one = Object::with_capacity(1);
        one.insert(index.clone(), forward::expand(&Kind::Float, boost, at)?);
        boosts.push(Value::Object(one));
    }
    Ok(Value::Array(boosts))
}

fn shorten_boosts(value: &Value) -> Value {
    let boosts = |item: &Value| item.as_object().is_some_and(|item| item.values().all(Value::is_number));
    match value.as_array() {
        Some(items) if items.iter().all(boosts) => {
            super::backward::shorten(&Kind::List(&Kind::Names(&Kind::Float)), value)
        }
        _ => value.clone(),
    }
}

/// No aggregations at all are kept before 2.0, and vanish since.
fn expand_aggs(value: &Value, at: At) -> Outcome {
    let aggs = super::aggregations::expand(value, at)?;
    let vanishes = at.line >= Line::V2_19 && aggs.as_object().is_some_and(Object::is_empty);
    if vanishes { Err(Fault::nothing()) } else { Ok(aggs) }
}

fn expand_ext(value: &Value, at: At) -> Outcome {
    match (value, at.line) {
        (Value::Object(given), _) if given.is_empty() => Ok(value.clone()),
        (Value::Object(_), line) => {
            let maker = if line == Line::Odfe { "elasticsearch" } else { "opensearch" };
            let reason = format!("unknown named object category [org.{maker}.search.SearchExtBuilder]");
            Err(Fault::new(Class::Content, reason))
        }
        (other, _) => Err(Fault::shape(other)),
    }
}

/// A pipeline is named, or stands here in full.
fn expand_pipeline(value: &Value, at: At) -> Outcome {
    match value {
        Value::Object(_) => Ok(forward::any(value)),
        other => forward::expand(&Kind::Text, other, at),
    }
}

/// A list of none is none, and one of one is that one.
fn expand_groups(value: &Value, at: At) -> Outcome {
    match value.as_array().map(Vec::as_slice) {
        Some([]) => Err(Fault::nothing()),
        Some([one]) => forward::expand(&INNER_HITS, one, at),
        Some(_) => forward::expand(&Kind::List(&INNER_HITS), value, at),
        None => forward::expand(&INNER_HITS, value, at),
    }
}

fn shorten_groups(value: &Value) -> Value {
    let kind = if value.is_array() { Kind::List(&INNER_HITS) } else { INNER_HITS };
    super::backward::shorten(&kind, value)
}

/// Gives what a server makes of a search body.
pub fn expand(body: &Value, at: At) -> Outcome {
    match body {
        Value::Object(given) => forward::object(&BODY, given, at).map(Value::Object),
        other if at.mode == Mode::Lenient => Ok(other.clone()),
        _ => Err(Fault::new(Class::Parsing, "Expected [START_OBJECT] but found [END_OBJECT]")),
    }
}

/// Gives the shortest spelling of an expanded search body.
pub fn shorten(body: &Value) -> Value {
    super::backward::shorten(&Kind::Object(&BODY), body)
}

//! The recorded search bodies, and the laws that hold for any body.

use alertform::api::line::Line;
use alertform::api::wire::dsl::{expand, rewrite, shorten};
use serde_json::Value;

use crate::recordings::queries;

/// Bodies whose meaning differs from line to line, each for the reason behind it.
pub const LINES_DIFFER: &[&str] = &[
    // the number of the complement is another one in 3.0
    "term-level/regexp flags",
    r#"odd/{"query":{"intervals":{"m":{"regexp":{"pattern":"a.*","flags":"COMPLEMENT"}}}}}"#,
    r#"odd/{"suggest":{"s":{"regex":"x.*","completion":{"field":"m","regex":{"flags":"COMPLEMENT"}}}}}"#,
    // documents had types before 2.0
    r#"odd/{"query":{"geo_shape":{"loc":{"indexed_shape":{"index":"shapes","id":"deu","path":"shape","type":"_doc"}}}}}"#,
    r#"odd/{"query":{"geo_shape":{"loc":{"indexed_shape":{"index":"shapes","id":"deu","path":"shape","type":"foo"}}}}}"#,
    // no aggregations at all are kept before 2.0
    "bucket-aggs/aggs empty",
    "bucket-aggs/aggregations empty",
    // minus one meant nothing before 2.0
    "body/size negative",
];

/// Bodies that are refused for one thing, while the server would coerce another, which a mutation may thus not change.
pub const COERCED: &[&str] =
    &["special/geo_shape indexed", "body/unknown key", "body/unknown object key", "body/allow_no_indices"];

/// Bodies with a spelling of fewer keys than the canonical form, each for the reason beside it.
pub const SHORTER_AS_SENT: &[&str] = &[
    // one function alone stands in a list, as all the others do
    "compound/function_score weight",
    // a point is spelled with `lat` and `lon`, which nobody mixes up
    "special/distance_feature geo",
    "bucket-aggs/geo_distance agg",
    "body/sort geo",
    "geo-aggs/geohash_grid all",
    // the names that the server makes up for listed paths are those that the script uses
    "pipeline-aggs/bucket_script array",
];

/// The number of keys in it, at any depth.
pub fn keys(value: &Value) -> usize {
    match value {
        Value::Object(map) => map.len() + map.values().map(keys).sum::<usize>(),
        Value::Array(items) => items.iter().map(keys).sum(),
        _ => 0,
    }
}

/// A search body and what the server made of it.
pub struct Pair {
    /// The name of the pair.
    pub name: String,
    /// The body as it was sent.
    pub sent: Value,
    /// What the server did with it.
    pub answer: Answer,
}

/// What the server did with a body.
pub enum Answer {
    /// It gives this back.
    Returned(Value),
    /// It won't have it.
    Refused {
        /// The HTTP status.
        status: u16,
        /// The type of the error.
        kind: String,
        /// The text of the error.
        reason: String,
    },
}

/// All pairs of all lines.
pub fn all() -> Vec<(Line, Vec<Pair>)> {
    Line::ALL.map(|line| (line, load(line))).into()
}

/// The beginning of a reason: without the position before it, and without what may have been meant.
pub fn sense(reason: &str) -> &str {
    let text = match reason.strip_prefix('[').and_then(|rest| rest.split_once("] ")) {
        Some((position, rest)) if position.bytes().all(|byte| byte.is_ascii_digit() || byte == b':') => rest,
        _ => reason,
    };
    let text = text.split(" did you mean").next().unwrap_or(text);
    text.split(" at [").next().unwrap_or(text)
}

/// Says which law this body breaks on this line. The fields of a `simple_query_string` come back in an order that means
/// nothing and that depends on the server's Java, so they are expanded in another.
pub fn broken_law(body: &Value, line: Line) -> Option<String> {
    let expanded = expand(body, line);
    if let Ok(rewritten) = rewrite(body, line)
        && in_order(rewritten.clone()) != in_order(expanded.clone())
    {
        return Some(format!("expand is not rewrite\n  expanded  {expanded}\n  rewritten {rewritten}"));
    }
    let again = expand(&expanded, line);
    if again != expanded {
        return Some(format!("expand twice\n  once  {expanded}\n  twice {again}"));
    }
    let short = shorten(&expanded);
    let back = expand(&short, line);
    if back != expanded {
        return Some(format!(
            "expand of short\n  short    {short}\n  back     {back}\n  expanded {expanded}"
        ));
    }
    let shorter = shorten(&back);
    (shorter != short).then(|| format!("short is no fixed point\n  {short}\n  {shorter}"))
}

/// The body with the fields of each `simple_query_string` in order.
fn in_order(mut body: Value) -> Value {
    match &mut body {
        Value::Array(items) => items.iter().cloned().map(in_order).collect(),
        Value::Object(map) => {
            for (key, value) in map.iter_mut() {
                *value = in_order(value.take());
                if let (Some(Value::Array(fields)), "simple_query_string") = (value.get_mut("fields"), &**key)
                {
                    fields.sort_by_key(ToString::to_string);
                }
            }
            body
        }
        _ => body,
    }
}

fn load(line: Line) -> Vec<Pair> {
    queries(line).iter().map(pair).collect()
}

fn pair(value: &Value) -> Pair {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let answer = match value.get("refused") {
        None => Answer::Returned(value.get("returned").unwrap().clone()),
        Some(refused) => Answer::Refused {
            status: refused["status"].as_u64().unwrap().try_into().unwrap(),
            kind: text(&refused["type"]),
            reason: text(&refused["reason"]),
        },
    };
    Pair { name: text(&value["name"]), sent: value["sent"].clone(), answer }
}

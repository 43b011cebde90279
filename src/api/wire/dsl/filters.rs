//! The filters aggregation: a bucket a query, and maybe one for the rest.

use serde_json::Value;

use super::backward;
use super::forward;
use super::schema::{At, Kind, Lit, Object, Outcome, Own, Spec, field};

/// The filters aggregation.
pub static FILTERS: Spec = Spec::hand(
    "filters",
    &[&[
        field("filters", Kind::Own(&Own { expand, shorten })),
        field("other_bucket", Kind::Bool).or(Lit::False),
        field("other_bucket_key", Kind::Text).or(Lit::Text("_other_")),
    ]],
)
.tidied(open_other_bucket, close_other_bucket);

const NAMED: Kind = Kind::Names(&Kind::Query);
const LISTED: Kind = Kind::List(&Kind::Query);

fn expand(value: &Value, at: At) -> Outcome {
    forward::expand(if value.is_array() { &LISTED } else { &NAMED }, value, at)
}

fn shorten(value: &Value) -> Value {
    backward::shorten(if value.is_array() { &LISTED } else { &NAMED }, value)
}

/// A name for the other bucket asks for it.
fn open_other_bucket(agg: &mut Object, _: At) {
    if agg.contains_key("other_bucket_key") && !agg.contains_key("other_bucket") {
        agg.insert("other_bucket".to_owned(), Value::Bool(true));
    }
}

fn close_other_bucket(agg: &mut Object) {
    match (agg.contains_key("other_bucket_key"), agg.get("other_bucket")) {
        (true, Some(Value::Bool(true))) => drop(agg.shift_remove("other_bucket")),
        (true, None) => drop(agg.insert("other_bucket".to_owned(), Value::Bool(false))),
        _ => {}
    }
}

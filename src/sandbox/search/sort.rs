//! The order of hits.

use std::cmp::Ordering;

use serde_json::{Value, json};

use super::super::index::Document;
use super::{Failure, fields};

/// One criterion.
#[derive(Debug)]
pub struct Criterion {
    field: String,
    descends: bool,
    missing_first: bool,
}

/// Reads the criteria, in the server's expanded spelling. A field must be mapped, and not word by word.
pub fn parse(sort: Option<&Value>) -> Result<Option<Vec<Criterion>>, Failure> {
    let Some(sort) = sort else { return Ok(None) };
    let mut order = Vec::new();
    for criterion in sort.as_array().into_iter().flatten() {
        let Some((field, options)) = criterion.as_object().and_then(|criterion| criterion.iter().next())
        else {
            continue;
        };
        let known =
            fields::named(field).is_some_and(|found| found.is_keyword || found.kind == fields::Kind::Exact);
        let special = matches!(field.as_str(), "_id" | "_doc" | "_score" | "_seq_no");
        if !known && !special && options.get("unmapped_type").is_none() {
            return Err(Failure::AllShards);
        }
        order.push(Criterion {
            field: field.clone(),
            descends: options.get("order").and_then(Value::as_str) == Some("desc"),
            missing_first: options.get("missing").and_then(Value::as_str) == Some("_first"),
        });
    }
    let by_score = order.iter().all(|criterion| criterion.field == "_score");
    Ok((!by_score).then_some(order))
}

/// Gives a document's sort values.
pub fn values(order: &[Criterion], id: &str, document: &Document) -> Vec<Value> {
    let value = |criterion: &Criterion| match criterion.field.as_str() {
        "_score" => json!(1.0),
        "_doc" | "_seq_no" => document.seq_no.into(),
        field => {
            let mut values = fields::exact(field, id, &document.body);
            values.sort_by(compare_values);
            let value = if criterion.descends { values.pop() } else { values.into_iter().next() };
            match value {
                Some(Value::Bool(value)) => u8::from(value).into(),
                value => value.unwrap_or(Value::Null),
            }
        }
    };
    order.iter().map(value).collect()
}

/// Compares sort values.
pub fn compare(order: &[Criterion], a: Option<&[Value]>, b: Option<&[Value]>) -> Ordering {
    let pairs = a.into_iter().flatten().zip(b.into_iter().flatten());
    for (criterion, (a, b)) in order.iter().zip(pairs) {
        let ordering = match (a.is_null(), b.is_null()) {
            (true, true) => Ordering::Equal,
            (true, false) if criterion.missing_first => Ordering::Less,
            (true, false) => Ordering::Greater,
            (false, true) if criterion.missing_first => Ordering::Greater,
            (false, true) => Ordering::Less,
            (false, false) if criterion.descends => compare_values(b, a),
            (false, false) => compare_values(a, b),
        };
        if ordering.is_ne() {
            return ordering;
        }
    }
    Ordering::Equal
}

/// Compares two values of a field.
pub fn compare_values(a: &Value, b: &Value) -> Ordering {
    match (a, b) {
        (Value::Number(a), Value::Number(b)) => match (a.as_i64(), b.as_i64()) {
            (Some(a), Some(b)) => a.cmp(&b),
            _ => a.as_f64().partial_cmp(&b.as_f64()).unwrap_or(Ordering::Equal),
        },
        (Value::String(a), Value::String(b)) => a.cmp(b),
        (a, b) => a.to_string().cmp(&b.to_string()),
    }
}

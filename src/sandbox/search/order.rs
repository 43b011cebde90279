//! The order of hits.

use std::cmp::Ordering;

use serde_json::{Value, json};

use super::Failure;
use super::fields::{self, Kind};
use crate::sandbox::index::Document;

/// One thing to sort by.
#[derive(Clone, Debug)]
pub struct By {
    field: String,
    descending: bool,
}

/// Reads the sort of a body whose defaults are written out; words and unindexed fields cannot be sorted by.
pub fn read(sort: &Value) -> Result<Vec<By>, Failure> {
    let entries = sort.as_array().into_iter().flatten().filter_map(Value::as_object);
    entries.flat_map(|entry| entry.iter().map(|(field, options)| by(field, options))).collect()
}

/// Compares the sort values of two hits; a missing value comes last either way.
pub fn compare(order: &[By], a: &[Value], b: &[Value]) -> Ordering {
    order
        .iter()
        .zip(a.iter().zip(b))
        .map(|(by, (a, b))| match (a.is_null(), b.is_null()) {
            (false, false) if by.descending => scalar(b, a),
            (false, false) => scalar(a, b),
            (a, b) => a.cmp(&b),
        })
        .find(|ordering| ordering.is_ne())
        .unwrap_or(Ordering::Equal)
}

impl By {
    /// Gives what a document is sorted by.
    pub fn value(&self, id: &str, document: &Document) -> Value {
        match self.field.as_str() {
            "_id" => id.into(),
            "_seq_no" => document.seq_no.into(),
            "_score" => json!(1.0),
            "_doc" => Value::Null,
            field => match fields::values(field, &document.body).into_iter().min_by(|a, b| scalar(a, b)) {
                Some(Value::Bool(flag)) => i32::from(*flag).into(),
                Some(value) => value.clone(),
                None => Value::Null,
            },
        }
    }
}

fn by(field: &str, options: &Value) -> Result<By, Failure> {
    let built_in = ["_id", "_seq_no", "_score", "_doc"].contains(&field);
    let sortable = matches!(fields::kind(field), Some(Kind::Keyword | Kind::Plain));
    if !built_in && !sortable && options["unmapped_type"].is_null() {
        return Err(Failure::AllShards);
    }
    Ok(By { field: field.to_owned(), descending: options["order"] == "desc" })
}

fn scalar(a: &Value, b: &Value) -> Ordering {
    match (a.as_f64(), b.as_f64()) {
        (Some(a), Some(b)) => a.total_cmp(&b),
        _ => a.as_str().cmp(&b.as_str()),
    }
}

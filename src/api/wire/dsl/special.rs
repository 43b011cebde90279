//! Queries that are alone of their kind.

use serde_json::Value;

use super::common::{MINIMUM, TAIL, TEXTS, needs, required};
use super::forward;
use super::point;
use super::refusal::{Class, Fault};
use super::schema::{At, Field, Form, Kind, Lit, Need, Object, Outcome, Own, Spec, Type, field};
use crate::api::line::Line;

/// The special queries.
pub const TYPES: &[Type] = &[
    Type::new("more_like_this", Form::Plain(&MORE_LIKE_THIS)),
    Type::new("distance_feature", Form::Plain(&DISTANCE_FEATURE)),
    Type::new("rank_feature", Form::Plain(&RANK_FEATURE)),
    Type::new("percolate", Form::Plain(&PERCOLATE)),
];

const LIKE: Kind = Kind::Own(&Own { expand: expand_like, shorten: shorten_like });

static MORE_LIKE_THIS: Spec = Spec::hand(
    "mlt",
    &[
        &[
            field("fields", TEXTS),
            field("like", LIKE),
            field("unlike", LIKE).unless(Lit::Json("[]")),
            field("max_query_terms", Kind::Int).or(Lit::Int(25)),
            field("min_term_freq", Kind::Int).or(Lit::Int(2)),
            field("min_doc_freq", Kind::Int).or(Lit::Int(5)),
            field("max_doc_freq", Kind::Int).or(Lit::Int(2_147_483_647)),
            field("min_word_length", Kind::Int).or(Lit::Int(0)),
            field("max_word_length", Kind::Int).or(Lit::Int(0)),
            field("stop_words", Kind::List(&Kind::Text)),
            field("analyzer", Kind::Text),
            field("minimum_should_match", Kind::OrNone(&MINIMUM)).or(Lit::Text("30%")),
            field("boost_terms", Kind::Float).or(Lit::Num("0.0")),
            field("include", Kind::Bool).or(Lit::False),
            field("fail_on_unsupported_field", Kind::Bool).or(Lit::True),
        ],
        TAIL,
    ],
)
.needs(needs!("like": "more_like_this requires 'like' to be specified"));

/// A document to compare with: one that is stored, or one that is not.
static LIKE_DOCUMENT: Spec = Spec::hand(
    "more_like_this",
    &[&[
        field("_index", Kind::Text),
        field("_type", Kind::Text).until(Line::V1_3),
        field("_id", Kind::Text),
        field("doc", Kind::Any),
        field("fields", TEXTS),
        field("per_field_analyzer", Kind::Names(&Kind::Text)),
        field("routing", Kind::Text),
        field("version", Kind::Long).unless(Lit::Int(-3)),
        field("version_type", Kind::Text).unless(Lit::Text("internal")),
    ]],
)
.needs(&[Need {
    any: &["_id", "doc"],
    fault: || {
        let reason = "failed to parse More Like This item. neither [id] nor [doc] is specified!";
        Fault::new(Class::Parsing, reason)
    },
}]);

static DISTANCE_FEATURE: Spec = Spec::declared(
    "distance_feature",
    &[
        &[field("field", Kind::Text), field("origin", point::TIME_OR_OBJECT), field("pivot", Kind::Text)],
        TAIL,
    ],
)
.needs(required!("field", "origin", "pivot"));

static RANK_FEATURE: Spec = Spec::declared("rank_feature", &[&[field("field", Kind::Text)], CURVES, TAIL])
    .needs(required!("field"))
    .tidied(saturate, desaturate);

const CURVES: &[Field] = &[
    field("saturation", Kind::Object(&CURVE)),
    field("log", Kind::Object(&CURVE)),
    field("sigmoid", Kind::Object(&CURVE)),
    field("linear", Kind::Object(&CURVE)),
];

static CURVE: Spec = Spec::declared(
    "rank_feature",
    &[&[field("pivot", Kind::Float), field("scaling_factor", Kind::Float), field("exponent", Kind::Float)]],
);

static PERCOLATE: Spec = Spec::declared(
    "percolate",
    &[
        &[
            field("document_type", Kind::Any).or(Lit::Null).until(Line::V1_3),
            field("field", Kind::Text),
            field("name", Kind::Text),
            field("documents", Kind::List(&Kind::Any)),
            field("index", Kind::Text),
            field("id", Kind::Text),
            field("routing", Kind::Text),
            field("preference", Kind::Text),
            field("version", Kind::Long),
        ],
        TAIL,
    ],
)
.needs(&[
    Need {
        any: &["documents", "id"],
        fault: || {
            let reason = "Required one of fields [document, documents, id], but none were specified. ";
            Fault::new(Class::Argument, reason)
        },
    },
    Need { any: &["field"], fault: || Fault::new(Class::Argument, "Required [field]") },
])
.tidied(list_document, unlist_document);

/// One text or document may stand alone; texts come back before documents.
fn expand_like(value: &Value, at: At) -> Outcome {
    let items = match value {
        Value::Null => {
            return Err(Fault::new(Class::Parsing, "more_like_this requires 'like' to be specified"));
        }
        Value::Array(items) => {
            items.iter().map(|item| forward::kept(&LIKE_ITEM, item, at)).collect::<Result<_, _>>()?
        }
        other => vec![forward::kept(&LIKE_ITEM, other, at)?],
    };
    let (documents, mut like): (Vec<Value>, Vec<Value>) = items.into_iter().partition(Value::is_object);
    like.extend(documents);
    Ok(Value::Array(like))
}

fn shorten_like(value: &Value) -> Value {
    match value.as_array().map(Vec::as_slice) {
        Some([one @ (Value::String(_) | Value::Object(_))]) => one.clone(),
        _ => value.clone(),
    }
}

const LIKE_ITEM: Kind = Kind::Own(&Own { expand: expand_like_item, shorten: Value::clone });

fn expand_like_item(value: &Value, at: At) -> Outcome {
    match value {
        Value::Object(document) => forward::object(&LIKE_DOCUMENT, document, at).map(Value::Object),
        Value::Null | Value::Array(_) => Err(Fault::new(
            Class::Argument,
            "Content of 'like' parameter should either be a string or an object",
        )),
        text => forward::text(text).map(Value::String),
    }
}

/// Without a curve, it is that of saturation.
fn saturate(query: &mut Object, _: At) {
    if !CURVES.iter().any(|curve| query.contains_key(curve.name)) {
        query.insert("saturation".to_owned(), Value::Object(Object::new()));
    }
}

fn desaturate(query: &mut Object) {
    let others = CURVES[1..].iter().any(|curve| query.contains_key(curve.name));
    if !others && query.get("saturation").and_then(Value::as_object).is_some_and(Object::is_empty) {
        query.shift_remove("saturation");
    }
}

fn list_document(query: &mut Object, _: At) {
    if !query.contains_key("documents")
        && let Some(document) = query.shift_remove("document")
    {
        query.insert("documents".to_owned(), Value::Array(vec![document]));
    }
}

fn unlist_document(query: &mut Object) {
    if query.contains_key("document") {
        return;
    }
    if let Some([document]) = query.get("documents").and_then(Value::as_array).map(Vec::as_slice) {
        let document = document.clone();
        query.shift_remove("documents");
        query.insert("document".to_owned(), document);
    }
}

//! Joining queries: documents within documents, and what of them comes along.

use serde_json::Value;

use super::common::{IGNORE_UNMAPPED, TAIL, readable};
use super::forward::boolean;
use super::highlight::HIGHLIGHT;
use super::schema::{At, Field, Form, Kind, Lit, Object, Spec, Type, field};
use super::sort::LISTED_SORT;
use super::source::{FORMATTED_FIELDS, SCRIPT_FIELDS, SOURCE, STORED_FIELDS};

/// The joining queries.
pub const TYPES: &[Type] = &[
    Type::new("nested", Form::Plain(&NESTED)),
    Type::new("has_child", Form::Plain(&HAS_CHILD)),
    Type::new("has_parent", Form::Plain(&HAS_PARENT)),
    Type::new("parent_id", Form::Plain(&PARENT_ID)),
];

/// The documents inside a hit.
pub const INNER_HITS: Kind = Kind::Object(&INNER_HITS_SPEC);

const HITS: Field = field("inner_hits", INNER_HITS);
const QUERY: Field = field("query", Kind::Query);
const SCORE_MODE: Field = field("score_mode", Kind::Exact(&["none", "avg", "max", "min", "sum"]));

static NESTED: Spec = Spec::hand(
    "nested",
    &[&[QUERY, field("path", Kind::Text), IGNORE_UNMAPPED, SCORE_MODE.or(Lit::Text("avg"))], TAIL, &[HITS]],
)
.tidied(tell_hits, untell_hits);

static HAS_CHILD: Spec = Spec::hand(
    "has_child",
    &[
        &[
            QUERY,
            field("type", Kind::Text),
            SCORE_MODE.or(Lit::Text("none")),
            field("min_children", Kind::Int).or(Lit::Int(1)),
            field("max_children", Kind::Int).or(Lit::Int(2_147_483_647)),
            IGNORE_UNMAPPED,
        ],
        TAIL,
        &[HITS],
    ],
)
.tidied(tell_hits, untell_hits);

static HAS_PARENT: Spec = Spec::hand(
    "has_parent",
    &[
        &[
            QUERY,
            field("parent_type", Kind::Text),
            field("score", Kind::Bool).or(Lit::False),
            IGNORE_UNMAPPED,
        ],
        TAIL,
        &[HITS],
    ],
)
.tidied(tell_hits, untell_hits);

static PARENT_ID: Spec =
    Spec::hand("parent_id", &[&[field("type", Kind::Text), field("id", Kind::Text), IGNORE_UNMAPPED], TAIL])
        .needs(readable!("parent_id": "type", "id"));

static INNER_HITS_SPEC: Spec = Spec::declared(
    "inner_hits",
    &[&[
        field("name", Kind::Text),
        IGNORE_UNMAPPED,
        field("from", Kind::Int).or(Lit::Int(0)),
        field("size", Kind::Int).or(Lit::Int(3)),
        field("version", Kind::Bool).or(Lit::False),
        field("seq_no_primary_term", Kind::Bool).or(Lit::False),
        field("explain", Kind::Bool).or(Lit::False),
        field("track_scores", Kind::Bool).or(Lit::False),
        field("_source", SOURCE),
        field("stored_fields", STORED_FIELDS),
        field("docvalue_fields", FORMATTED_FIELDS),
        field("fields", FORMATTED_FIELDS),
        field("script_fields", SCRIPT_FIELDS),
        field("sort", LISTED_SORT),
        field("highlight", HIGHLIGHT),
        field("collapse", Kind::Any),
    ]],
);

/// Inner hits do about unmapped fields as the query does, whatever they say themselves.
fn tell_hits(query: &mut Object, _: At) {
    let ignores = match query.get("ignore_unmapped").map(boolean) {
        Some(Ok(ignores)) => ignores,
        Some(Err(_)) => return,
        None => false,
    };
    if let Some(Value::Object(hits)) = query.get_mut("inner_hits") {
        hits.insert("ignore_unmapped".to_owned(), Value::Bool(ignores));
    }
}

fn untell_hits(query: &mut Object) {
    let ignores = query.get("ignore_unmapped").and_then(Value::as_bool);
    if let (Some(true), Some(Value::Object(hits))) = (ignores, query.get_mut("inner_hits")) {
        hits.shift_remove("ignore_unmapped");
    }
}

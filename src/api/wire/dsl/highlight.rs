//! Highlighting: which parts of a text were found.

use serde_json::Value;

use super::backward;
use super::forward;
use super::schema::{At, Field, Kind, Outcome, Own, Spec, field};

/// The highlight of a search, of inner hits, of top hits.
pub const HIGHLIGHT: Kind = Kind::Object(&SPEC);

static SPEC: Spec = Spec::declared(
    "highlight",
    &[
        OPTIONS,
        &[
            field("encoder", Kind::Text),
            field("tags_schema", Kind::Text),
            field("fields", Kind::Own(&Own { expand, shorten })),
        ],
    ],
);

static FIELD: Spec = Spec::declared(
    "highlight_field",
    &[OPTIONS, &[field("fragment_offset", Kind::Int), field("matched_fields", Kind::List(&Kind::Text))]],
);

const OPTIONS: &[Field] = &[
    field("pre_tags", Kind::List(&Kind::Text)),
    field("post_tags", Kind::List(&Kind::Text)),
    field("fragment_size", Kind::Int),
    field("number_of_fragments", Kind::Int),
    field("type", Kind::Text),
    field("fragmenter", Kind::Text),
    field("highlight_query", Kind::Query),
    field("order", Kind::Lower(&["none", "score"])),
    field("highlight_filter", Kind::Bool),
    field("boundary_max_scan", Kind::Int),
    field("boundary_scanner", Kind::Any),
    field("boundary_chars", Kind::Any),
    field("boundary_scanner_locale", Kind::Text),
    field("no_match_size", Kind::Int),
    field("phrase_limit", Kind::Int),
    field("options", Kind::Names(&Kind::Any)),
    field("require_field_match", Kind::Bool),
    field("force_source", Kind::Bool),
];

const BY_NAME: Kind = Kind::Names(&Kind::Object(&FIELD));

/// Fields by name, or a list where their order counts.
fn expand(value: &Value, at: At) -> Outcome {
    let kind = if value.is_array() { Kind::List(&BY_NAME) } else { BY_NAME };
    forward::expand(&kind, value, at)
}

fn shorten(value: &Value) -> Value {
    let kind = if value.is_array() { Kind::List(&BY_NAME) } else { BY_NAME };
    backward::shorten(&kind, value)
}

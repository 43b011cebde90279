//! Highlighting: which parts of a text were found.

use serde_json::Value;

use super::backward;
use super::forward;
use super::locale::LOCALE;
use super::refusal::Fault;
use super::schema::{At, Field, Kind, Object, Outcome, Own, Spec, field};
use crate::api::line::Line;

/// The highlight of a search, of inner hits, of top hits.
pub const HIGHLIGHT: Kind = Kind::Object(&SPEC);

static SPEC: Spec = Spec::declared(
    "highlight",
    &[
        OPTIONS,
        &[
            field("encoder", Kind::Text),
            field("tags_schema", Kind::Exact(&["default", "styled"])),
            field("fields", Kind::Own(&Own { expand, shorten })),
        ],
    ],
)
.tidied(spell_tags, name_tags);

static FIELD: Spec = Spec::declared(
    "highlight_field",
    &[OPTIONS, &[field("fragment_offset", Kind::Int), field("matched_fields", Kind::Many(&Kind::Text))]],
);

const OPTIONS: &[Field] = &[
    field("pre_tags", Kind::Many(&Kind::Text)),
    field("post_tags", Kind::Many(&Kind::Text)),
    field("fragment_size", Kind::Int),
    field("number_of_fragments", Kind::Int),
    field("type", Kind::Text),
    field("fragmenter", Kind::Text),
    field("highlight_query", Kind::Query),
    field("order", Kind::Lower(&["none", "score"])),
    field("highlight_filter", Kind::Bool),
    field("boundary_max_scan", Kind::Int),
    field("boundary_scanner", Kind::Upper(&["CHARS", "SENTENCE", "WORD"])),
    field("boundary_chars", Kind::Any),
    field("boundary_scanner_locale", LOCALE),
    field("no_match_size", Kind::Int),
    field("phrase_limit", Kind::Int),
    field("options", Kind::Names(&Kind::Any)),
    field("require_field_match", Kind::Bool),
    field("force_source", Kind::Bool),
    field("max_analyzer_offset", Kind::Int).since(Line::V2_19),
];

const BY_NAME: Kind = Kind::Names(&Kind::Object(&FIELD));

/// Fields by name, or a list where their order counts; none at all vanish.
fn expand(value: &Value, at: At) -> Outcome {
    if value.as_array().is_some_and(Vec::is_empty) || value.as_object().is_some_and(Object::is_empty) {
        return Err(Fault::nothing());
    }
    let kind = if value.is_array() { Kind::List(&BY_NAME) } else { BY_NAME };
    forward::expand(&kind, value, at)
}

fn shorten(value: &Value) -> Value {
    let kind = if value.is_array() { Kind::List(&BY_NAME) } else { BY_NAME };
    backward::shorten(&kind, value)
}

/// The tags before a match that go by a name; behind it there is always the same.
const SCHEMAS: &[(&str, &[&str])] = &[
    ("default", &["<em>"]),
    (
        "styled",
        &[
            r#"<em class="hlt1">"#,
            r#"<em class="hlt2">"#,
            r#"<em class="hlt3">"#,
            r#"<em class="hlt4">"#,
            r#"<em class="hlt5">"#,
            r#"<em class="hlt6">"#,
            r#"<em class="hlt7">"#,
            r#"<em class="hlt8">"#,
            r#"<em class="hlt9">"#,
            r#"<em class="hlt10">"#,
        ],
    ),
];

const POST_TAG: &str = "</em>";

/// Spells out the tags that go by a name; of tags given twice the last count.
fn spell_tags(highlight: &mut Object, _: At) {
    let schema = |value: &Value| SCHEMAS.iter().find(|(name, _)| value == name);
    if highlight.get("tags_schema").and_then(schema).is_none() {
        return;
    }
    for (key, value) in std::mem::take(highlight) {
        match schema(&value).filter(|_| key == "tags_schema") {
            Some((_, tags)) => {
                highlight.insert("pre_tags".to_owned(), tags.iter().copied().collect());
                highlight.insert("post_tags".to_owned(), Value::from(POST_TAG));
            }
            None => drop(highlight.insert(key, value)),
        }
    }
}

fn name_tags(highlight: &mut Object) {
    let is = |key: &str, tags: &[&str]| {
        highlight.get(key).is_some_and(|value| match value {
            Value::Array(given) => given.as_slice() == tags,
            one => tags.len() == 1 && one == tags[0],
        })
    };
    let found = SCHEMAS.iter().find(|(_, tags)| is("pre_tags", tags) && is("post_tags", &[POST_TAG]));
    if let Some((name, _)) = found.filter(|_| !highlight.contains_key("tags_schema")) {
        highlight.shift_remove("pre_tags");
        highlight.shift_remove("post_tags");
        highlight.insert("tags_schema".to_owned(), Value::from(*name));
    }
}

//! Which values of a document stand elsewhere, so that whoever reads the result finds where each was said.

use std::collections::BTreeMap;

use super::place::Place;
use super::yaml::{Content, Node};

/// A value that stands in another file than its document, or is filled in from there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin {
    /// Where in the document: `triggers.too-many.condition`.
    pub path: String,
    /// Where it stands.
    pub place: Place,
}

/// All values of a document that stand elsewhere; `filled` are the places of those that a variable was filled in, and
/// where that is said.
pub fn origins(document: &Node, filled: &BTreeMap<Place, Place>) -> Vec<Origin> {
    let mut origins = Vec::new();
    collect(document, "", document, filled, &mut origins);
    origins
}

fn collect(
    node: &Node,
    path: &str,
    document: &Node,
    filled: &BTreeMap<Place, Place>,
    origins: &mut Vec<Origin>,
) {
    let place = filled.get(&node.place).unwrap_or(&node.place);
    if place.file != document.place.file {
        origins.push(Origin { path: path.to_owned(), place: place.clone() });
        return;
    }
    let below = |step: &str| if path.is_empty() { step.to_owned() } else { format!("{path}.{step}") };
    match &node.content {
        Content::Mapping(entries) => {
            for entry in entries {
                collect(&entry.value, &below(&entry.key), document, filled, origins);
            }
        }
        Content::Sequence(items) => {
            for (index, item) in items.iter().enumerate() {
                let name = item.get("name").and_then(Node::as_text);
                let step = name.map_or_else(|| index.to_string(), str::to_owned);
                collect(item, &below(&step), document, filled, origins);
            }
        }
        Content::Null | Content::Bool(_) | Content::Number(_) | Content::Text(_) => {}
    }
}

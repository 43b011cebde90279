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

/// All values of a document that stand elsewhere; `filled` are the places of those that variables were filled in, and
/// where these are said.
pub fn origins(document: &Node, filled: &BTreeMap<Place, Vec<Place>>) -> Vec<Origin> {
    let mut origins = Vec::new();
    collect(document, "", &document.place.file, filled, &mut origins);
    origins
}

/// Those at `path`, of what stands in `file`.
fn collect(
    node: &Node,
    path: &str,
    file: &str,
    filled: &BTreeMap<Place, Vec<Place>>,
    origins: &mut Vec<Origin>,
) {
    let own = Some(&node.place).filter(|place| &*place.file != file);
    for place in own.into_iter().chain(filled.get(&node.place).into_iter().flatten()) {
        origins.push(Origin { path: path.to_owned(), place: place.clone() });
    }
    let file = &*node.place.file;
    let below = |step: &str| if path.is_empty() { step.to_owned() } else { format!("{path}.{step}") };
    match &node.content {
        Content::Mapping(entries) => {
            for entry in entries {
                collect(&entry.value, &below(&entry.key), file, filled, origins);
            }
        }
        Content::Sequence(items) => {
            for (index, item) in items.iter().enumerate() {
                let name = item.get("name").and_then(Node::as_text);
                let step = name.map_or_else(|| index.to_string(), str::to_owned);
                collect(item, &below(&step), file, filled, origins);
            }
        }
        Content::Null | Content::Bool(_) | Content::Number(_) | Content::Text(_) => {}
    }
}

//! A reference to another resource: its name, or `{id: …}` for what no file declares.

use super::resource::{Notes, Told};
use crate::model::name::Name;
use crate::model::reference::Reference;
use crate::model::resource::{Key, Kind};
use crate::source::fields::{Fields, filled_text};
use crate::source::report::Report;
use crate::source::yaml::{Content, Node};

/// Reads the reference to one of a kind at `node`, which stands under `key`, and takes down its name.
pub fn read(node: &Node, key: &str, kind: Kind, notes: &mut Notes, report: &Report) -> Option<Reference> {
    if matches!(node.content, Content::Mapping(_)) {
        let inner = Fields::of(node, &format!("`{key}`"), &["id"], report)?;
        let hint = format!("a live {} without a name in the files: `{{id: abc}}`", kind.as_str());
        let id = inner.need_text("id", &hint)?;
        return Some(Reference::Id(id.to_owned()));
    }
    let name = Name::new(filled_text(node, key, report)?);
    notes.told.push(Told::at(node, Key { kind, name: name.clone() }));
    Some(Reference::Name(name))
}

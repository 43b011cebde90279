//! What the anchors of one document stand for, and which of them nobody asked for.

use std::collections::HashMap;

use super::node::{Content, Node};
use super::slips;
use crate::source::finding::Finding;

/// The anchors of one document, by the reader's numbers.
#[derive(Default)]
pub struct Anchors(HashMap<usize, Anchored>);

/// What an anchor stands for.
pub struct Anchored {
    /// The value.
    pub node: Node,
    /// How many values it holds, itself among them.
    pub nodes: usize,
    /// How deep the values in it stand in one another; none where it holds no others.
    pub levels: usize,
    is_used: bool,
}

impl Anchors {
    /// Remembers a value, which holds so many values.
    pub fn insert(&mut self, id: usize, node: Node, nodes: usize) {
        self.0.insert(id, Anchored { levels: levels(&node), node, nodes, is_used: false });
    }

    /// What an alias stands for.
    pub fn resolve(&mut self, id: usize) -> Option<&Anchored> {
        let anchored = self.0.get_mut(&id)?;
        anchored.is_used = true;
        Some(anchored)
    }

    /// Forgets all; what is reported are scalars that no alias asked for: there `&` was meant as a part of the text.
    pub fn end_document(&mut self) -> Vec<Finding> {
        let unused = self.0.drain().map(|(_, anchored)| anchored).filter(|anchored| !anchored.is_used);
        let is_scalar = |node: &Node| !matches!(node.content, Content::Sequence(_) | Content::Mapping(_));
        let scalars = unused.filter(|anchored| is_scalar(&anchored.node));
        let findings = scalars.map(|anchored| {
            let message = "the anchor before this text is used by no alias";
            Finding::at(&anchored.node.place, message).hint(slips::in_quotes("&"))
        });
        findings.collect()
    }
}

fn levels(node: &Node) -> usize {
    let deepest = match &node.content {
        Content::Sequence(items) => items.iter().map(levels).max(),
        Content::Mapping(entries) => entries.iter().map(|entry| levels(&entry.value)).max(),
        Content::Null | Content::Bool(_) | Content::Number(_) | Content::Text(_) => None,
    };
    deepest.map_or(0, |levels| levels + 1)
}

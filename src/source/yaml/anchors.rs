//! What the anchors of one document stand for, and which of them nobody asked for.

use std::collections::HashMap;

use super::node::{Content, Node};
use super::slips;
use crate::source::finding::Finding;

/// The anchors of one document, by the reader's numbers.
#[derive(Default)]
pub struct Anchors(HashMap<usize, Anchored>);

struct Anchored {
    node: Node,
    nodes: usize,
    is_used: bool,
}

impl Anchors {
    /// Remembers a value, which holds so many values.
    pub fn insert(&mut self, id: usize, node: Node, nodes: usize) {
        self.0.insert(id, Anchored { node, nodes, is_used: false });
    }

    /// What an alias stands for, and how many values that holds.
    pub fn resolve(&mut self, id: usize) -> Option<(&Node, usize)> {
        let anchored = self.0.get_mut(&id)?;
        anchored.is_used = true;
        Some((&anchored.node, anchored.nodes))
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

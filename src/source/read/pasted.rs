//! Answers of a server that were pasted whole, where only what is in them was wanted.

use crate::source::finding::Finding;
use crate::source::report::Report;
use crate::source::yaml::{Content, Entry, Node};

/// Keys under which an answer holds the resources; all others of it are about the answer.
const WRAPPERS: [&str; 7] =
    ["hits", "_source", "monitor", "destinations", "destination", "config_list", "config"];

/// Reports an answer: a definition with none of `needed`, one of which any resource has.
pub fn check(node: &Node, needed: &[&str], report: &Report) -> Option<()> {
    let is_bare = needed.iter().all(|key| node.get(key).is_none());
    let Some(outermost) = wrapper(node).filter(|_| is_bare) else { return Some(()) };
    let mut path = String::new();
    let mut next = Some(outermost);
    while let Some(entry) = next {
        let dot = if path.is_empty() { "" } else { "." };
        path = format!("{path}{dot}{}", entry.key);
        next = match &entry.value.content {
            Content::Sequence(items) => {
                path.push_str("[0]");
                items.first().and_then(wrapper)
            }
            _ => wrapper(&entry.value),
        };
    }
    let finding = Finding::at(&outermost.place, "a whole answer of the server, and not the resource in it");
    report.error(finding.hint(format!("put what stands under `{path}` here")));
    None
}

fn wrapper(node: &Node) -> Option<&Entry> {
    node.entries().iter().find(|entry| WRAPPERS.contains(&entry.key.as_str()))
}

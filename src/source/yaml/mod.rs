//! YAML as a tree of nodes that know where they stand, and back to text.

mod anchors;
mod compose;
mod node;
mod origin;
mod parse;
mod scalar;
mod slips;
mod write;

pub use node::{Content, Entry, Node};
pub use parse::{Parsed, parse};
pub use scalar::resolve;
pub use write::{Item, Layout, Medium, write};

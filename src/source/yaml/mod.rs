//! YAML as a tree of nodes that know where they stand, and back to text.

mod compose;
mod node;
mod scalar;
mod write;

pub use compose::{Parsed, parse};
pub use node::{Content, Entry, Node};
pub use scalar::resolve;
pub use write::{Item, Layout, write};

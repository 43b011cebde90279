//! What a server makes of a search body, written down once: rewritten, expanded, shortened.

mod refusal;
mod rewriting;

pub use refusal::Refusal;
pub use rewriting::{canonical, expand, rewrite, shorten};

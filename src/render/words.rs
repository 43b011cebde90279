//! Words that several formats share.

use crate::api::wire::mark::UNNAMED;

/// A project by its name, if it has one.
pub fn project(name: &str) -> String {
    if name == UNNAMED { "a project without a name".to_owned() } else { format!("project `{name}`") }
}

//! Words that several formats share.

use crate::api::wire::mark::UNNAMED;

/// A number and its noun: `1 monitor`, `3 monitors`.
pub fn count(number: usize, noun: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{number} {noun}{plural}")
}

/// A project by its name, if it has one.
pub fn project(name: &str) -> String {
    if name == UNNAMED { "a project without a name".to_owned() } else { format!("project `{name}`") }
}

//! Words that several formats share.

use crate::api::wire::mark::UNNAMED;
use crate::one_line::one_line;

/// A project by its name, if it has one.
pub fn project(name: &str) -> String {
    if name == UNNAMED {
        "a project without a name".to_owned()
    } else {
        format!("project `{}`", one_line(name))
    }
}

//! Words that several formats share.

use crate::api::wire::mark::UNNAMED;
use crate::model::resource::Key;
use crate::one_line::one_line;

/// A project by its name, if it has one.
pub fn project(name: &str) -> String {
    if name == UNNAMED {
        "a project without a name".to_owned()
    } else {
        format!("project `{}`", one_line(name))
    }
}

/// The cluster that a plan is for: its environment, if it has any, and its server.
pub fn cluster(environment: Option<&str>, server: &str) -> String {
    match environment {
        None => one_line(server).into_owned(),
        Some(name) => format!("{name} ({})", one_line(server)),
    }
}

/// Names in order, so many of them at most.
pub fn listed<'a>(keys: impl Iterator<Item = &'a Key>, most: usize) -> String {
    let mut keys: Vec<&Key> = keys.collect();
    keys.sort();
    let mut names: Vec<String> = keys.into_iter().map(ToString::to_string).collect();
    if names.len() > most {
        let more = names.len() - most;
        names.truncate(most);
        return format!("{} and {more} more", names.join(", "));
    }
    names.join(", ")
}

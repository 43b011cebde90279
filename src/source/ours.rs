//! Which files of a folder a project would read, without loading them.

use std::path::Path;

use super::files::{File, find};
use super::load::seems_ours;
use super::report::Report;

/// The names of all files below `dir` that declare something, in order; none where there is no such folder.
pub fn ours(dir: &Path) -> Vec<String> {
    let files = find(dir, &Report::default()).into_iter();
    let declares = |file: &File| {
        file.is_ours()
            || std::fs::read(&file.path).is_ok_and(|text| seems_ours(&String::from_utf8_lossy(&text)))
    };
    files.filter(declares).map(|file| file.name).collect()
}

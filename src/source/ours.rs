//! Which files of a folder a project would read, without reading them.

use std::path::Path;

use super::files::{File, find};
use super::report::Report;

/// The names of all files below `dir` in which every document declares something, in order; none where there is no such
/// folder.
pub fn ours(dir: &Path) -> Vec<String> {
    let files = find(dir, &Report::default()).into_iter();
    files.filter(File::is_ours).map(|file| file.name).collect()
}

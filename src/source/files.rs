//! Which files below a folder belong to a project, in an order that does not depend on the file system.

use std::fs;
use std::path::{Path, PathBuf};

use super::finding::Finding;
use super::report::Report;

/// A YAML file of the project.
pub struct File {
    /// Where it is.
    pub path: PathBuf,
    /// Its path below the project's folder, with `/` between its parts.
    pub name: String,
}

impl File {
    /// Whether it stands below a folder `monitors` or `destinations`, where all YAML is ours.
    pub fn is_ours(&self) -> bool {
        let folders = self.name.rsplit_once('/').map_or("", |(folders, _)| folders);
        folders.split('/').any(|folder| ["monitors", "destinations"].contains(&folder))
    }
}

/// The name of the settings, which are no resource.
pub const SETTINGS: &str = "alertform.yaml";

/// Folders that hold what machines wrote; so does every hidden one.
const SKIPPED: [&str; 2] = ["target", "node_modules"];

/// All YAML files below `dir`, sorted by name; links to folders are not followed.
pub fn find(dir: &Path, report: &Report) -> Vec<File> {
    let mut files = Vec::new();
    walk(dir, "", &mut files, report);
    files.sort_by(|a, b| a.name.cmp(&b.name));
    files
}

fn walk(dir: &Path, prefix: &str, files: &mut Vec<File>, report: &Report) {
    let entries = match fs::read_dir(dir).and_then(Iterator::collect::<Result<Vec<_>, _>>) {
        Ok(entries) => entries,
        Err(error) => {
            let message = format!("cannot read the folder `{}`: {error}", dir.display());
            report.error(Finding::about_all(message));
            return;
        }
    };
    for entry in entries {
        let path = entry.path();
        let file_name = entry.file_name();
        let Some(file_name) = file_name.to_str().filter(|name| !name.starts_with('.')) else {
            continue;
        };
        let name = format!("{prefix}{file_name}");
        if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            if !SKIPPED.contains(&file_name) {
                walk(&path, &format!("{name}/"), files, report);
            }
        } else if is_yaml(file_name) && name != SETTINGS && path.is_file() {
            files.push(File { path, name });
        }
    }
}

fn is_yaml(name: &str) -> bool {
    Path::new(name).extension().is_some_and(|extension| extension == "yaml" || extension == "yml")
}

//! Which files below a folder belong to a project, in an order that does not depend on the file system.

use std::fs;
use std::path::{Path, PathBuf};

use super::finding::Finding;
use super::place::Place;
use super::report::Report;

/// A YAML file of the project, or in our folders a JSON file, which is YAML too.
pub struct File {
    /// Where it is.
    pub path: PathBuf,
    /// Its path below the project's folder, with `/` between its parts.
    pub name: String,
    /// Whether its name says that it is JSON.
    pub is_json: bool,
}

impl File {
    /// Whether it stands below a folder `monitors`, `destinations`, `email_accounts` or `email_groups`, where all YAML is
    /// ours; JSON may be anything. Other tools have `workflows` of their own.
    pub fn is_ours(&self) -> bool {
        let folders = self.name.rsplit_once('/').map_or("", |(folders, _)| folders);
        is_ours(folders) && !self.is_json
    }

    /// Its beginning.
    pub fn start(&self) -> Place {
        start(&self.name)
    }
}

/// The name of the settings, which are no resource.
pub const SETTINGS: &str = "alertform.yaml";

/// Folders that hold what machines wrote, unless they are below one of ours; so does every hidden one.
const SKIPPED: [&str; 2] = ["target", "node_modules"];

/// All files below `dir` that may say something to us, sorted by name: YAML, and in our folders JSON.
///
/// Links to folders are not followed. In our folders nothing is passed over in silence that may stand for a resource,
/// since what is no longer declared may be deleted.
pub fn find(dir: &Path, report: &Report) -> Vec<File> {
    let mut files = Vec::new();
    walk(dir, "", &mut files, report);
    files.sort_by(|a, b| a.name.cmp(&b.name));
    files
}

/// Looks into `dir`; `prefix` is its path below the project's folder, with a `/` at its end.
fn walk(dir: &Path, prefix: &str, files: &mut Vec<File>, report: &Report) {
    let entries = match fs::read_dir(dir).and_then(Iterator::collect::<Result<Vec<_>, _>>) {
        Ok(entries) => entries,
        Err(error) => {
            let message = format!("cannot read the folder `{}`: {error}", dir.display());
            let finding = Finding::about_all(message);
            if prefix.is_empty() || is_ours(prefix) {
                report.error(finding);
            } else {
                report.unread(finding.hint("what is in it is taken for another tool's"));
            }
            return;
        }
    };
    for entry in entries {
        let path = entry.path();
        let file_name = entry.file_name();
        if file_name.as_encoded_bytes().starts_with(b".") {
            continue;
        }
        let name = format!("{prefix}{}", file_name.to_string_lossy());
        let is_ours = is_ours(&name);
        if file_name.to_str().is_none() {
            if is_ours {
                let finding = Finding::at(&start(&name), "the name of the file is not UTF-8");
                report.error(finding.hint("rename it"));
            }
            continue;
        }
        if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            if is_ours || !SKIPPED.iter().any(|skipped| file_name == *skipped) {
                walk(&path, &format!("{name}/"), files, report);
            }
            continue;
        }
        let is_json = has_extension(&name, &["json"]);
        let is_read = has_extension(&name, &["yaml", "yml"]) || (is_json && is_ours);
        if !is_read && !is_ours {
            continue;
        }
        match fs::metadata(&path) {
            Ok(metadata) if is_read && metadata.is_file() && name != SETTINGS => {
                files.push(File { path, name, is_json });
            }
            Err(error) => {
                let finding = Finding::at(&start(&name), format!("cannot read the file: {error}"));
                let finding = finding.hint("is it a link that leads nowhere?");
                if is_ours { report.error(finding) } else { report.unread(finding) }
            }
            Ok(metadata) if is_ours && metadata.is_dir() => {
                let finding = Finding::at(&start(&name), "a link to a folder, which is not followed");
                report.error(finding.hint("move the folder here, or link its files one by one"));
            }
            Ok(_) if is_ours && is_read => report.error(Finding::at(&start(&name), "expected a file")),
            _ => {}
        }
    }
}

/// Whether a path is that of one of our folders, or leads through one.
fn is_ours(path: &str) -> bool {
    const OURS: [&str; 4] = ["email_accounts", "email_groups", "destinations", "monitors"];
    path.split('/').any(|folder| OURS.contains(&folder))
}

fn has_extension(name: &str, extensions: &[&str]) -> bool {
    let extension = Path::new(name).extension();
    extension.is_some_and(|extension| extensions.iter().any(|wanted| extension.eq_ignore_ascii_case(wanted)))
}

fn start(name: &str) -> Place {
    Place { file: name.into(), line: 1, column: 1 }
}

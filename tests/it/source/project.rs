//! A folder of files for one test.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;
use std::path::Path;

use alertform::source::declared::Declared;
use alertform::source::finding::Finding;
use alertform::source::load;
use tempfile::TempDir;

/// A folder with these files.
pub fn folder(files: &[(&str, &str)]) -> TempDir {
    let dir = TempDir::new().unwrap();
    for (name, text) in files {
        let path = dir.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    dir
}

/// What the files declare, with `URL` and `HOOK` in the environment.
pub fn declared(files: &[(&str, &str)]) -> Declared {
    let dir = folder(files);
    load(dir.path(), &variables().into()).unwrap_or_else(|findings| panic!("{findings:#?}"))
}

/// All errors of the files, as a person sees them.
pub fn errors(files: &[(&str, &str)]) -> String {
    errors_below(folder(files).path())
}

/// All errors of the files of a folder.
pub fn errors_below(dir: &Path) -> String {
    let findings = load(dir, &variables().into()).expect_err("the files are broken");
    shown(&findings).replace(dir.to_str().unwrap(), "DIR")
}

/// All that is odd about the files, as a person sees it.
pub fn warnings(files: &[(&str, &str)]) -> String {
    shown(&declared(files).warnings)
}

/// Findings as a person sees them.
pub fn shown(findings: &[Finding]) -> String {
    let mut text = String::new();
    for finding in findings {
        writeln!(text, "{finding}").unwrap();
    }
    text
}

/// The environment of these tests.
pub fn variables() -> BTreeMap<String, String> {
    let variables = [("URL", "https://hooks.slack.com/services/T/B/x"), ("FLAG", "false")];
    variables.map(|(name, value)| (name.to_owned(), value.to_owned())).into()
}

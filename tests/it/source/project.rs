//! A folder of files for one test.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;

use alertform::source::declared::Declared;
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
    load(dir.path(), &variables()).unwrap_or_else(|findings| panic!("{findings:#?}"))
}

/// All errors of the files, as a person sees them.
pub fn errors(files: &[(&str, &str)]) -> String {
    let dir = folder(files);
    let findings = load(dir.path(), &variables()).expect_err("the files are broken");
    let mut text = String::new();
    for finding in findings {
        writeln!(text, "{finding}").unwrap();
    }
    text.replace(dir.path().to_str().unwrap(), "DIR")
}

/// The environment of these tests.
pub fn variables() -> BTreeMap<String, String> {
    let variables = [("URL", "https://hooks.slack.com/services/T/B/x"), ("FLAG", "false")];
    variables.map(|(name, value)| (name.to_owned(), value.to_owned())).into()
}

//! What changed in a project's folder since a revision, as git tells it.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

use crate::error::Error;

/// The commit that a revision stands for.
pub fn commit(dir: &Path, revision: &str) -> Result<String, Error> {
    let wanted = format!("{revision}^{{commit}}");
    let (_, found) = git(dir, &["rev-parse", "--verify", "--quiet", "--end-of-options", &wanted])?;
    let commit = String::from_utf8_lossy(&found).trim().to_owned();
    if commit.is_empty() {
        return Err(Error::usage(
            format!("git knows no revision `{revision}`"),
            "is its history here? a shallow clone in CI lacks it: fetch that revision first",
        ));
    }
    Ok(commit)
}

/// The files that are otherwise than in a commit, from the folder on: committed since, changed, new, or gone.
pub fn since(dir: &Path, commit: &str) -> Result<BTreeSet<String>, Error> {
    let changed = list(dir, &["diff", "--name-only", "--no-renames", "--relative", "-z", commit, "--", "."])?;
    let new = list(dir, &["ls-files", "--others", "--exclude-standard", "-z", "--", "."])?;
    let names = |output: Vec<u8>| {
        let names = output.split(|byte| *byte == 0).filter(|name| !name.is_empty()).map(<[u8]>::to_vec);
        names.map(|name| String::from_utf8_lossy(&name).into_owned()).collect::<Vec<_>>()
    };
    Ok(names(changed).into_iter().chain(names(new)).collect())
}

fn list(dir: &Path, arguments: &[&str]) -> Result<Vec<u8>, Error> {
    match git(dir, arguments)? {
        (true, output) => Ok(output),
        (false, _) => Err(Error::usage("git ended without an answer", "run it again")),
    }
}

/// Whether git succeeded, and what it answered; it fails without a word at a revision that it does not know.
fn git(dir: &Path, arguments: &[&str]) -> Result<(bool, Vec<u8>), Error> {
    let output = Command::new("git").arg("-C").arg(dir).args(arguments).output().map_err(|error| {
        Error::usage(format!("cannot run git: {error}"), "`--select since=REVISION` needs it")
    })?;
    let said = String::from_utf8_lossy(&output.stderr);
    match said.lines().next() {
        Some(reason) if !output.status.success() => Err(Error::usage(
            format!("git: {}", reason.trim_start_matches("fatal: ")),
            "`--select since=REVISION` is for a project in git",
        )),
        _ => Ok((output.status.success(), output.stdout)),
    }
}

//! `export`: writes what lives in the cluster as files.

use std::collections::BTreeSet;
use std::fs;
use std::io::{self, Write};
use std::path::Path;
use std::process::ExitCode;

use super::cluster::{Purpose, connect};
use crate::api::read;
use crate::cli::Export as Args;
use crate::config::Config;
use crate::error::Error;
use crate::export::{Export, File, export};
use crate::model::secret::Secret;
use crate::one_line::one_line;
use crate::output::{print, tell};
use crate::plural::count;
use crate::private;
use crate::source;

const INTO_AN_EMPTY_FOLDER: &str = "export to an empty folder, or say `--overwrite`";

/// Writes the files; none of them over one that says something else, unless the user wants that. Files that do not
/// declare all that lives in the cluster, or exclude each other, are an error all the same.
pub async fn run(config: &Config, args: &Args) -> Result<ExitCode, Error> {
    let Args { out, secrets, overwrite } = args;
    let cluster = connect(config, Purpose::Read).await?;
    let reading = read::cluster(&cluster.client, cluster.line, |destinations, pages| {
        export(&destinations, read::all(pages))
    });
    let Export { files, secrets: values, namesakes, unreadable, hidden, unknown, filled } = reading.await?;
    let lines = lines(&values);
    if !overwrite {
        must_hold_no_others(out, &files)?;
        for file in &files {
            must_not_differ(&out.join(&file.path), &file.text)?;
        }
        if let Some(path) = secrets {
            must_not_differ(path, lines.expose())?;
        }
    }
    if let Some(path) = secrets {
        write(path, lines.expose(), private::create)?;
    }
    for file in &files {
        write(&out.join(&file.path), &file.text, |path| fs::File::create(path))?;
    }
    print(&format!("exported {} to {}\n", count(files.len(), "resource"), out.display()))?;
    for (kind, name) in &namesakes {
        tell(&format!(
            "warning: the cluster has several {kind}s named `{name}`; each is in a file of its own, and `plan` wants names that differ"
        ));
    }
    for (key, pointer) in &unknown {
        let pointer = one_line(pointer);
        tell(&format!("warning: `{pointer}` of {key} is in no file: alertform does not know it"));
    }
    for key in &filled {
        tell(&format!(
            "warning: an apply filled secrets into {key}, and its file has them in clear: put variables in their place before it is committed"
        ));
    }
    for (kind, reason) in &hidden {
        tell(&format!("warning: left out: each {kind}, which this user cannot list: {reason}"));
    }
    for object in &unreadable {
        tell(&format!(
            "warning: left out: {} `{}` (id `{}`): {}",
            object.kind,
            object.name,
            object.id,
            one_line(&object.reason)
        ));
    }
    if !values.is_empty() && secrets.is_none() {
        let names: Vec<&str> = values.iter().map(|(name, _)| name.as_str()).take(MOST_NAMED).collect();
        let more = match values.len() - names.len() {
            0 => String::new(),
            more => format!(" and {more} more"),
        };
        let names = names.join(", ");
        tell(&format!("set before the next plan (`--secrets FILE` writes them): {names}{more}"));
    }
    if !unreadable.is_empty() || !namesakes.is_empty() {
        return Err(Error::Incomplete { unreadable: unreadable.len(), namesakes: namesakes.len() });
    }
    Ok(ExitCode::SUCCESS)
}

/// How many variables are named on the screen.
const MOST_NAMED: usize = 20;

/// What another file declares already would be declared twice.
fn must_hold_no_others(out: &Path, files: &[File]) -> Result<(), Error> {
    let exported: BTreeSet<&str> = files.iter().map(|file| file.path.as_str()).collect();
    match source::ours(out).into_iter().find(|name| !exported.contains(name.as_str())) {
        None => Ok(()),
        Some(other) => Err(Error::usage(
            format!("`{}` is there already, and this export has no such file", out.join(other).display()),
            INTO_AN_EMPTY_FOLDER,
        )),
    }
}

fn must_not_differ(path: &Path, text: &str) -> Result<(), Error> {
    if fs::read(path).is_ok_and(|bytes| bytes != text.as_bytes()) {
        return Err(Error::usage(
            format!("`{}` is there already, and says something else", path.display()),
            INTO_AN_EMPTY_FOLDER,
        ));
    }
    Ok(())
}

fn write(path: &Path, text: &str, create: impl Fn(&Path) -> io::Result<fs::File>) -> Result<(), Error> {
    let folder = path.parent().map_or(Ok(()), fs::create_dir_all);
    let written = folder.and_then(|()| create(path)?.write_all(text.as_bytes()));
    written.map_err(|source| Error::Unwritable { path: path.to_owned(), source })
}

/// The `NAME=value` lines of all secrets, quoted for a shell.
fn lines(secrets: &[(String, Secret)]) -> Secret {
    let line =
        |(name, secret): &(String, Secret)| format!("{name}='{}'\n", secret.expose().replace('\'', r"'\''"));
    Secret::new(secrets.iter().map(line).collect::<String>())
}

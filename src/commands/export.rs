//! `export`: writes what lives in the cluster as files.

use std::fs;
use std::io::{self, Write};
use std::path::Path;
use std::process::ExitCode;

use super::cluster::connect;
use crate::api::read;
use crate::cli::Export as Args;
use crate::config::Config;
use crate::error::Error;
use crate::export::{Export, File, export};
use crate::model::secret::Secret;
use crate::output::{print, tell};
use crate::render::words::count;

/// Writes the files; none of them over one that says something else, unless the user wants that.
pub async fn run(config: &Config, args: &Args) -> Result<ExitCode, Error> {
    let Args { out, secrets, overwrite } = args;
    let cluster = connect(config).await?;
    let Export { files, secrets: values, namesakes, left_out } =
        read::cluster(&cluster.client, cluster.line, |destinations, pages| {
            export(&destinations, read::all(pages))
        })
        .await?;
    if !overwrite {
        must_not_differ(out, &files)?;
    }
    for file in &files {
        write(&out.join(&file.path), &file.text)?;
    }
    if let Some(path) = secrets {
        write_secrets(path, &values)?;
    }
    print(&format!("exported {} to {}\n", count(files.len(), "resource"), out.display()))?;
    for (kind, name) in namesakes {
        tell(&format!(
            "warning: the cluster has several {kind}s named `{name}`; each is in a file of its own, and `plan` wants names that differ"
        ));
    }
    for object in left_out {
        tell(&format!(
            "warning: left out: {} `{}` (id `{}`): {}",
            object.kind, object.name, object.id, object.reason
        ));
    }
    if !values.is_empty() && secrets.is_none() {
        let names: Vec<&str> = values.iter().map(|(name, _)| name.as_str()).collect();
        tell(&format!("set before the next plan (`--secrets FILE` writes them): {}", names.join(", ")));
    }
    Ok(ExitCode::SUCCESS)
}

fn must_not_differ(out: &Path, files: &[File]) -> Result<(), Error> {
    let differing = files
        .iter()
        .find(|file| fs::read_to_string(out.join(&file.path)).is_ok_and(|text| text != file.text));
    match differing {
        None => Ok(()),
        Some(file) => Err(Error::usage(
            format!("`{}` is there already, and says something else", out.join(&file.path).display()),
            "export to an empty folder, or say `--overwrite`",
        )),
    }
}

fn write(path: &Path, text: &str) -> Result<(), Error> {
    let parent = path.parent().map_or(Ok(()), fs::create_dir_all);
    parent.and_then(|()| fs::write(path, text)).map_err(|error| cannot_write(path, &error))
}

/// Writes `NAME=value` lines for nobody but the user, quoted for a shell.
fn write_secrets(path: &Path, secrets: &[(String, Secret)]) -> Result<(), Error> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path).map_err(|error| cannot_write(path, &error))?;
    for (name, secret) in secrets {
        let quoted = secret.expose().replace('\'', r"'\''");
        writeln!(file, "{name}='{quoted}'").map_err(|error| cannot_write(path, &error))?;
    }
    Ok(())
}

fn cannot_write(path: &Path, error: &io::Error) -> Error {
    Error::usage(
        format!("cannot write `{}`: {error}", path.display()),
        "look at the folder's rights and space",
    )
}

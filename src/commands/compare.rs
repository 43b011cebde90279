//! `compare`: shows what differs between the clusters of two environments, or between a cluster and files.

use std::collections::{BTreeMap, BTreeSet};
use std::process::ExitCode;
use std::sync::Arc;

use super::cluster::{Cluster, Purpose, connect};
use super::make::fingerprint_key;
use crate::api::live::{Found, LiveDestination, Unreadable};
use crate::api::read;
use crate::cli::Compare as Args;
use crate::config::Config;
use crate::diff::{Orphans, Terms, diff};
use crate::error::Error;
use crate::export::{Export, export};
use crate::model::limits::Limits;
use crate::model::resource::{Key, Kind};
use crate::model::secret::Secret;
use crate::output::{print, tell};
use crate::plan::{Plan, Strangers};
use crate::render::text;
use crate::render::words::cluster;
use crate::source::declared::Declared;
use crate::source::{self, Surroundings, variables};

/// What stands before an environment whose files are meant.
const FILES: &str = "files:";

/// No project has this name, so that nobody's mark makes a difference.
const NOBODY: &str = "\u{0}";

/// Shows what differs; nothing is written anywhere.
pub async fn run(config: impl Fn(&str) -> Result<Config, Error>, args: &Args) -> Result<ExitCode, Error> {
    if args.one.starts_with(FILES) {
        return Err(Error::usage(
            "files are compared with a cluster, which is named first",
            format!("`alertform compare ENV {}`", args.one),
        ));
    }
    let one = config(&args.one)?;
    let mut secrets = known_secrets(&one);
    let (mut declared, mut left_out, other_name) = if let Some(name) = args.other.strip_prefix(FILES) {
        let other = config(name)?;
        let declared = source::load(&other.dir, &other.surroundings).map_err(Error::Files)?;
        (declared, 0, format!("the files of {name}"))
    } else {
        let other = config(&args.other)?;
        secrets.extend(known_secrets(&other));
        let other = connect(&other, Purpose::Read).await?;
        let (declared, left_out) = live_as_declared(&other, &args.other).await?;
        (declared, left_out, cluster(Some(&args.other), other.client.server()))
    };
    cover(&mut declared, &secrets);
    let names: BTreeSet<Key> = declared.resources.iter().map(|one| one.resource.key()).collect();
    let live = connect(&one, Purpose::Read).await?;
    let Seen { keys, unseen } = see(&live, &args.one).await?;
    left_out += unseen;
    let only: Vec<Key> = keys.into_iter().filter(|key| !names.contains(key)).collect();
    let mut plan = differences(&live, declared).await?;
    plan.fingerprints = one.fingerprint_key.as_ref().map(fingerprint_key).transpose()?;
    let one_name = cluster(Some(&args.one), live.client.server());
    print(&text::comparison(&plan, (&one_name, &other_name), &only, left_out))?;
    let differs = !plan.changes.is_empty() || !only.is_empty();
    Ok(match (plan.problems.is_empty() && left_out == 0, differs && args.detailed_exitcode) {
        (false, _) => ExitCode::from(1),
        (true, true) => ExitCode::from(2),
        (true, false) => ExitCode::SUCCESS,
    })
}

/// What the files of an environment fill in that is secret; a monitor that somebody made by hand may hold it.
fn known_secrets(config: &Config) -> Vec<Secret> {
    match source::load(&config.dir, &config.surroundings) {
        Ok(declared) => declared.secrets,
        // files that are broken say nothing of a cluster; what the process knows is covered all the same
        Err(_) => variables::secrets(&config.surroundings.variables.process, std::iter::empty()),
    }
}

/// Lets no screen show what is secret, on whichever side it stands.
fn cover(declared: &mut Declared, secrets: &[Secret]) {
    for one in &mut declared.resources {
        Arc::make_mut(one).secrets.extend(secrets.iter().cloned());
    }
    declared.secrets.extend(secrets.iter().cloned());
}

/// What lives in a cluster, as its export would declare it, and how much of it cannot be read.
async fn live_as_declared(cluster: &Cluster, name: &str) -> Result<(Declared, usize), Error> {
    let reading = read::cluster(&cluster.client, cluster.line, |destinations, pages| {
        export(&destinations, read::all(pages))
    });
    let Export { files, secrets, namesakes, unreadable, hidden, unknown: _ } = reading.await?;
    if let Some((kind, twice)) = namesakes.first() {
        return Err(Error::usage(
            format!(
                "in {name} several {kind}s are named `{twice}`, and which of them to compare nobody can tell"
            ),
            "delete or rename all but one there",
        ));
    }
    let left_out = tell_left_out(name, &hidden, &unreadable);
    let variables: BTreeMap<String, String> =
        secrets.into_iter().map(|(name, secret)| (name, secret.expose().to_owned())).collect();
    let files = files.iter().map(|file| (file.path.as_str(), file.text.as_str()));
    let declared = source::load_exported(files, &Surroundings::from(variables)).map_err(Error::Files)?;
    Ok((declared, left_out))
}

/// Says what of a cluster cannot be compared, and how much that is.
fn tell_left_out(name: &str, hidden: &[(Kind, String)], unreadable: &[Unreadable]) -> usize {
    for (kind, reason) in hidden {
        tell(&format!("warning: in {name}: left out: each {kind}, which this user cannot list: {reason}"));
    }
    for Unreadable { kind, name: object, .. } in unreadable {
        tell(&format!("warning: in {name}: left out: {kind} `{object}`, which cannot be read"));
    }
    hidden.len() + unreadable.len()
}

/// What there is in a cluster.
struct Seen {
    /// By kind and name.
    keys: BTreeSet<Key>,
    /// How much cannot be read.
    unseen: usize,
}

async fn see(cluster: &Cluster, name: &str) -> Result<Seen, Error> {
    let reading = read::cluster(&cluster.client, cluster.line, |destinations, pages| {
        let mut keys: BTreeSet<Key> = destinations.live.iter().map(LiveDestination::key).collect();
        let mut unreadable = destinations.unreadable;
        for found in read::all(pages) {
            match found {
                Found::Monitor(live) => {
                    keys.insert(live.key());
                }
                Found::Unreadable(one) => unreadable.push(one),
                Found::Notice { .. } => {}
            }
        }
        (keys, destinations.hidden, unreadable)
    });
    let (keys, hidden, unreadable) = reading.await?;
    Ok(Seen { keys, unseen: tell_left_out(name, &hidden, &unreadable) })
}

/// What a plan would do to make the cluster as declared, whoever made what is there.
async fn differences(cluster: &Cluster, declared: Declared) -> Result<Plan, Error> {
    let terms = Terms {
        environment: None,
        server: cluster.client.server().to_owned(),
        line: cluster.line,
        project: NOBODY.to_owned(),
        strangers: Strangers::Ask,
        orphans: Orphans::Keep,
        limits: Limits::default(),
    };
    read::cluster(&cluster.client, cluster.line, move |destinations, pages| {
        diff(&declared, &destinations, pages, terms)
    })
    .await
}

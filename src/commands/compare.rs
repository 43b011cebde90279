//! `compare`: shows what differs between the clusters of two environments, or between a cluster and files.

use std::collections::{BTreeMap, BTreeSet};
use std::process::ExitCode;
use std::sync::Arc;

use super::cluster::{Cluster, Purpose, connect};
use super::make::{fingerprint_key, load};
use super::opaque::Told;
use crate::api::live::{Found, LiveDestination, Unreadable};
use crate::api::read::{self, Page};
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
use crate::source::{self, Surroundings};

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
    let told = told_by(&one, &args.one).await;
    let (told, mut declared, there, other_name) = if let Some(name) = args.other.strip_prefix(FILES) {
        let other = config(name)?;
        let declared = load(&other).await.map_err(|error| of_environment(error, name))?;
        let told = Arc::new(told.and(Told::of(&declared)));
        (told, declared, Unread::default(), format!("the files of {name}"))
    } else {
        let other = config(&args.other)?;
        let told = Arc::new(told.and(told_by(&other, &args.other).await));
        let other = connect(&other, Purpose::Read).await?;
        let (declared, seen) = live_as_declared(&other, &args.other, &told).await?;
        (told, declared, seen, cluster(Some(&args.other), other.client.server()))
    };
    let live = connect(&one, Purpose::Read).await?;
    cover(&mut declared, &told.secrets);
    let names: BTreeSet<Key> = declared.resources.iter().map(|one| one.resource.key()).collect();
    let Seen { keys, mut plan, unread: here } = see(&live, &args.one, &told, declared).await?;
    let only: Vec<Key> = keys.into_iter().filter(|key| !names.contains(key)).collect();
    let left_out = here.left_out + there.left_out;
    plan.opaque = here.opaque.into_iter().chain(there.opaque).collect();
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

/// The errors of files, with the environment that they were loaded for.
fn of_environment(error: Error, name: &str) -> Error {
    let Error::Files(mut findings) = error else { return error };
    for finding in &mut findings {
        finding.message = format!("{} (in {name})", finding.message);
    }
    Error::Files(findings)
}

/// What the files of an environment tell of secrets; who reads their texts learns why some are not shown.
async fn told_by(config: &Config, name: &str) -> Told {
    let told = Told::by(config).await;
    if told.is_broken {
        tell(&format!(
            "warning: in {name}: files have errors, and do not say where secrets stand: only what bears a mark is shown with its texts\n  \
             hint: `alertform validate --env {name}` names the errors"
        ));
    }
    told
}

/// Lets no screen show what is secret, on whichever side it stands.
fn cover(declared: &mut Declared, secrets: &[Secret]) {
    // somebody may have written one into a text of JSON
    let secrets: Vec<Secret> = secrets.iter().flat_map(Secret::spellings).collect();
    for one in &mut declared.resources {
        Arc::make_mut(one).secrets.extend(secrets.iter().cloned());
    }
    declared.secrets.extend(secrets);
}

/// What of a cluster is not, or not wholly, compared.
#[derive(Default)]
struct Unread {
    /// How much cannot be read.
    left_out: usize,
    /// What holds secrets that are not known here.
    opaque: BTreeSet<Key>,
}

/// What lives in a cluster, as its export would declare it.
async fn live_as_declared(
    cluster: &Cluster,
    name: &str,
    told: &Arc<Told>,
) -> Result<(Declared, Unread), Error> {
    let told = Arc::clone(told);
    let reading = read::cluster(&cluster.client, cluster.line, move |destinations, pages| {
        let found = read::all(pages);
        let opaque = told.opaque(&destinations.live, &found);
        (export(&destinations, found), opaque)
    });
    let (exported, opaque) = reading.await?;
    let Export { files, secrets, namesakes, unreadable, hidden, unknown: _, filled: _ } = exported;
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
    Ok((declared, Unread { left_out, opaque }))
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
    /// What a plan would do to make it as declared, whoever made what is there.
    plan: Plan,
    /// What of it is not compared.
    unread: Unread,
}

async fn see(cluster: &Cluster, name: &str, told: &Arc<Told>, declared: Declared) -> Result<Seen, Error> {
    let told = Arc::clone(told);
    let terms = Terms {
        environment: None,
        server: cluster.client.server().to_owned(),
        line: cluster.line,
        project: NOBODY.to_owned(),
        strangers: Strangers::Ask,
        orphans: Orphans::Keep,
        limits: Limits::default(),
    };
    let reading = read::cluster(&cluster.client, cluster.line, move |destinations, pages| {
        let pages: Vec<Page> = pages.collect();
        let all = read::all(pages.iter());
        let opaque = told.opaque(&destinations.live, &all);
        let mut keys: BTreeSet<Key> = destinations.live.iter().map(LiveDestination::key).collect();
        let mut unreadable = destinations.unreadable.clone();
        for found in all {
            match found {
                Found::Monitor(live) => {
                    keys.insert(live.key());
                }
                Found::Unreadable(one) => unreadable.push(one),
                Found::Notice { .. } => {}
            }
        }
        let plan = diff(&declared, &destinations, pages.into_iter(), terms);
        (keys, plan, destinations.hidden, unreadable, opaque)
    });
    let (keys, plan, hidden, unreadable, opaque) = reading.await?;
    let left_out = tell_left_out(name, &hidden, &unreadable);
    Ok(Seen { keys, plan, unread: Unread { left_out, opaque } })
}

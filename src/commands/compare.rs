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
use crate::model::cover::count_held;
use crate::model::limits::Limits;
use crate::model::resource::{Key, Kind, Resource};
use crate::model::secret::Secret;
use crate::output::{print, tell};
use crate::plan::{Plan, Strangers};
use crate::render::text;
use crate::render::words::cluster;
use crate::source::declared::{Declaration, Declared};
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
    let here = known(&one);
    let mut secrets = here.all.clone();
    let mut opaque = BTreeSet::new();
    let (mut declared, mut left_out, other_name) = if let Some(name) = args.other.strip_prefix(FILES) {
        let other = config(name)?;
        let declared = source::load(&other.dir, &other.surroundings).map_err(Error::Files)?;
        (declared, 0, format!("the files of {name}"))
    } else {
        let other = config(&args.other)?;
        let there = known(&other);
        secrets.extend(there.all.iter().cloned());
        let there = Known { all: secrets.clone(), ..there };
        let other = connect(&other, Purpose::Read).await?;
        let (declared, left_out, opaque_there) = live_as_declared(&other, &args.other, there).await?;
        opaque.extend(opaque_there);
        (declared, left_out, cluster(Some(&args.other), other.client.server()))
    };
    let live = connect(&one, Purpose::Read).await?;
    let here = Known { all: secrets.clone(), ..here };
    let Seen { keys, unseen, opaque: opaque_here } = see(&live, &args.one, here).await?;
    left_out += unseen;
    opaque.extend(opaque_here);
    cover(&mut declared, &secrets, &opaque);
    let names: BTreeSet<Key> = declared.resources.iter().map(|one| one.resource.key()).collect();
    let only: Vec<Key> = keys.into_iter().filter(|key| !names.contains(key)).collect();
    let mut plan = differences(&live, declared).await?;
    plan.opaque = opaque;
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

/// What the files of an environment fill in that is secret.
#[derive(Default)]
struct Known {
    /// All of it, and what else the process knows; a monitor that somebody made by hand may hold it.
    all: Vec<Secret>,
    /// What stands in the texts of each resource; an empty one where that is nothing by now.
    of: BTreeMap<Key, Vec<Secret>>,
    /// Whether the files do not tell, since something is wrong with them.
    is_broken: bool,
}

fn known(config: &Config) -> Known {
    let declared = match source::load(&config.dir, &config.surroundings) {
        Ok(declared) => declared,
        Err(findings) => {
            // files that are broken say nothing of a cluster; what the process knows is covered all the same
            let all = variables::secrets(&config.surroundings.variables.process, std::iter::empty());
            let is_broken = findings.iter().any(|finding| finding.place.is_some());
            return Known { all, of: BTreeMap::new(), is_broken };
        }
    };
    let in_texts = |one: &Arc<Declaration>| {
        let is_held = |secret: &&Secret| {
            let is_nothing = secret.expose().is_empty();
            is_nothing || count_held(&one.resource, std::slice::from_ref(*secret)) > 0
        };
        (one.resource.key(), one.secrets.iter().filter(is_held).cloned().collect())
    };
    Known { of: declared.resources.iter().map(in_texts).collect(), all: declared.secrets, is_broken: false }
}

/// Lets no screen show what is secret, on whichever side it stands.
fn cover(declared: &mut Declared, secrets: &[Secret], opaque: &BTreeSet<Key>) {
    for one in &mut declared.resources {
        let one = Arc::make_mut(one);
        one.secrets.extend(secrets.iter().cloned());
        if opaque.contains(&one.resource.key()) {
            // any of its texts may hold one
            one.secrets.push(Secret::new(""));
        }
    }
    declared.secrets.extend(secrets.iter().cloned());
}

/// What lives and does not hold all secrets that an apply filled in, or that the files would: one that is not known here any
/// more may stand in its texts.
fn opaque(destinations: &[LiveDestination], found: &[Found], known: &Known) -> BTreeSet<Key> {
    let lacks_some = |resource: &Resource, filled: usize| {
        let mut of = known.of.get(&resource.key()).into_iter().flatten();
        let lacks = |secret: &Secret| count_held(resource, std::slice::from_ref(secret)) == 0;
        // monitors alone say how many were filled in
        let is_untold = known.is_broken && resource.kind() != Kind::Monitor;
        is_untold || of.any(lacks) || (filled > 0 && filled > count_held(resource, &known.all))
    };
    let monitors = found.iter().filter_map(|found| match found {
        Found::Monitor(live) => {
            let filled = live.mark.as_ref().map_or(0, |mark| mark.secrets);
            Some((Resource::Monitor(live.monitor.clone()), filled))
        }
        Found::Unreadable(_) | Found::Notice { .. } => None,
    });
    let destinations = destinations.iter().map(|live| (Resource::Destination(live.destination.clone()), 0));
    let all = destinations.chain(monitors).filter(|(resource, filled)| lacks_some(resource, *filled));
    all.map(|(resource, _)| resource.key()).collect()
}

/// What lives in a cluster, as its export would declare it, how much of it cannot be read, and what of it is opaque.
async fn live_as_declared(
    cluster: &Cluster,
    name: &str,
    known: Known,
) -> Result<(Declared, usize, BTreeSet<Key>), Error> {
    let reading = read::cluster(&cluster.client, cluster.line, move |destinations, pages| {
        let found = read::all(pages);
        let opaque = opaque(&destinations.live, &found, &known);
        (export(&destinations, found), opaque)
    });
    let (exported, opaque) = reading.await?;
    let Export { files, secrets, namesakes, unreadable, hidden, unknown: _ } = exported;
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
    Ok((declared, left_out, opaque))
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
    /// What holds secrets that are not known here.
    opaque: BTreeSet<Key>,
}

async fn see(cluster: &Cluster, name: &str, known: Known) -> Result<Seen, Error> {
    let reading = read::cluster(&cluster.client, cluster.line, move |destinations, pages| {
        let mut keys: BTreeSet<Key> = destinations.live.iter().map(LiveDestination::key).collect();
        let mut unreadable = destinations.unreadable;
        let all = read::all(pages);
        let opaque = opaque(&destinations.live, &all, &known);
        for found in all {
            match found {
                Found::Monitor(live) => {
                    keys.insert(live.key());
                }
                Found::Unreadable(one) => unreadable.push(one),
                Found::Notice { .. } => {}
            }
        }
        (keys, destinations.hidden, unreadable, opaque)
    });
    let (keys, hidden, unreadable, opaque) = reading.await?;
    Ok(Seen { keys, unseen: tell_left_out(name, &hidden, &unreadable), opaque })
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

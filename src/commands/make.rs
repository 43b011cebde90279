//! Makes a plan: loads the files, reads the cluster, and compares.

use std::collections::BTreeSet;
use std::fs;
use std::panic::resume_unwind;
use std::sync::Arc;

use tokio::task::spawn_blocking;

use super::cluster::{Cluster, Purpose, connect};
use super::identity;
use crate::api::connection::Held;
use crate::api::wire::mark::UNNAMED;
use crate::api::{auth, probe, read};
use crate::cli::Scope;
use crate::config::Config;
use crate::diff::{Orphans, Terms, diff};
use crate::error::Error;
use crate::model::fingerprint::{FingerprintKey, SHORTEST};
use crate::model::resource::Key;
use crate::model::selection::{Selection, Term};
use crate::plan::select::is_declared_selected;
use crate::plan::{Focus, Plan, Strangers, protection};
use crate::saved::{self, Origin, Saved};
use crate::source::declared::{Declaration, Declared};
use crate::source::finding::Finding;
use crate::source::{self, SETTINGS, changed};

/// Loads the files, reads the cluster and plans.
pub async fn make(config: &Config, scope: &Scope, purpose: Purpose, focus: Focus) -> Result<Made, Error> {
    let orphans = match (scope.prune, &config.project) {
        (false, _) => Orphans::Keep,
        (true, Some(_)) => Orphans::Prune,
        (true, None) => {
            return Err(Error::usage(
                "`--prune` needs a project's name, to tell what is yours from what others made with alertform",
                "say `project: NAME` in `alertform.yaml`, and apply once with `--adopt`",
            ));
        }
    };
    let fingerprints = config.fingerprint_key.as_ref().map(fingerprint_key).transpose()?;
    let declared = load(config).await?;
    let mut files: BTreeSet<String> =
        declared.resources.iter().flat_map(|one| one.files()).map(str::to_owned).collect();
    if config.dir.join(SETTINGS).exists() {
        files.insert(SETTINGS.to_owned());
    }
    let selection = selection(config, scope)?;
    let is_selected = |one: &Arc<Declaration>| is_declared_selected(&selection, one);
    let is_declared = |key: &Key| declared.find(key).is_some() || declared.elsewhere.contains(key);
    let undeclared: Vec<Key> = config.protected.iter().filter(|key| !is_declared(key)).cloned().collect();
    let is_any_selected = declared.resources.iter().any(is_selected);
    let cluster = connect(config, purpose).await?;
    match purpose {
        Purpose::Read => {}
        Purpose::Write => read::reveal(&cluster.client, cluster.line).await?,
    }
    let project = config.project.clone().unwrap_or_else(|| UNNAMED.to_owned());
    let strangers = if config.adopt || scope.adopt { Strangers::Adopt } else { Strangers::Ask };
    let mut limits = config.limits.clone();
    scope.limit.iter().for_each(|(limit, most)| limits.set(*limit, *most));
    let server = cluster.client.server().to_owned();
    let environment = config.environment().map(str::to_owned);
    let terms = Terms { environment, server, line: cluster.line, project, strangers, orphans, limits };
    let plan = read::cluster(&cluster.client, cluster.line, move |destinations, pages| {
        diff(&declared, &destinations, pages, terms)
    });
    let mut plan = plan.await?;
    plan.fingerprints = fingerprints;
    plan.opaque = plan.of_other_projects();
    let selects_any =
        selection.is_all() || plan.select(&selection) > 0 || is_any_selected || selection.may_be_empty();
    let renamed: Vec<Finding> = plan.renamed.iter().map(renamed_in_cluster).collect();
    match focus {
        Focus::Drift => {
            plan.warnings.extend(renamed);
            plan.focus_on_drift();
        }
        Focus::All => {
            // to make it again would page twice
            plan.problems.extend(renamed);
            plan.warn_of_what_is_alike();
            identity::warn(&mut plan, &cluster).await;
            protection::check(&mut plan, &config.protected);
        }
    }
    for key in undeclared {
        if plan.directory.id(key.kind, &key.name).is_none() {
            let message = format!("`protected` in `alertform.yaml` names the {key}, which is nowhere");
            plan.warnings.push(Finding { place: None, message, hint: None });
        }
    }
    if plan.ends_alerts() {
        plan.active = read::active_alerts(&cluster.client, cluster.line).await?;
    }
    Ok(Made { plan, cluster, selects_any, files, selection })
}

/// No resource is what was selected.
pub fn nothing_selected() -> Error {
    Error::usage(
        "nothing is selected: no resource is what `--select` says",
        "patterns are of whole names: `name=web-*`; paths begin at the project's folder; what no file declares any more is \
         selected by name and kind alone",
    )
}

/// Loads the files on a thread of its own: a command that they run may take its time, and other environments have theirs.
pub async fn load(config: &Config) -> Result<Declared, Error> {
    let (dir, surroundings) = (config.dir.clone(), config.surroundings.clone());
    let loading = spawn_blocking(move || source::load(&dir, &surroundings));
    // a panic there is a panic here
    loading.await.unwrap_or_else(|error| resume_unwind(error.into_panic())).map_err(Error::Files)
}

/// The key for fingerprints, wherever it is held.
pub fn fingerprint_key(held: &Held) -> Result<FingerprintKey, Error> {
    FingerprintKey::new(auth::read("fingerprint key file", held)?).ok_or_else(|| {
        Error::usage(
            format!("the fingerprint key is shorter than {SHORTEST} bytes, and could be found by trying"),
            "`openssl rand -hex 32` makes one",
        )
    })
}

fn renamed_in_cluster((declared, live): &(Key, Key)) -> Finding {
    let message = format!("{declared} is called `{}` in the cluster: somebody renamed it there", live.name);
    let hint =
        format!("rename it back there, or declare `{}` with `previous_names: {}`", live.name, declared.name);
    Finding { place: None, message, hint: Some(hint) }
}

/// What is selected, once git has said what changed.
fn selection(config: &Config, scope: &Scope) -> Result<Selection, Error> {
    let mut selection = Selection::default();
    for term in &scope.select {
        selection.terms.push(match term {
            Term::Since(revision) => {
                let commit = changed::commit(&config.dir, revision)?;
                selection.changed.extend(changed::since(&config.dir, &commit)?);
                // what is saved means the same later
                Term::Since(commit)
            }
            term => term.clone(),
        });
    }
    Ok(selection)
}

/// A plan, and what it was made from.
pub struct Made {
    /// The plan.
    pub plan: Plan,
    /// The cluster.
    pub cluster: Cluster,
    /// Whether anything is what was selected, or need not be.
    pub selects_any: bool,
    /// The names of the files that declare something.
    files: BTreeSet<String>,
    /// What was selected.
    selection: Selection,
}

impl Made {
    /// Gives itself back if anything is selected: a pattern that is of nothing is a mistake.
    pub fn must_select(self) -> Result<Self, Error> {
        if self.selects_any {
            return Ok(self);
        }
        Err(nothing_selected())
    }

    /// The plan as it is saved, and as a saved one must be.
    pub async fn to_save(&self, config: &Config, scope: &Scope) -> Result<Saved, Error> {
        let digest = |name: &String| {
            let path = config.dir.join(name);
            let failed = |source| Error::Unreadable { what: "file", path: path.clone(), source };
            Ok((name.clone(), saved::digest(&fs::read(&path).map_err(failed)?)))
        };
        let files = self.files.iter().map(digest).collect::<Result<_, Error>>()?;
        let origin = Origin { cluster: probe::cluster_uuid(&self.cluster.client).await?, files };
        let scope = Scope { select: self.selection.terms.clone(), ..scope.clone() };
        Ok(Saved::of(&self.plan, &scope, origin))
    }
}

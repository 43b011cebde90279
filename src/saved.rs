//! A plan that was saved: what was reviewed, and what it was made from, so that an apply can tell whether anything moved
//! since. It holds what a screen may show, so no secret; what is written is planned anew and must come to the same.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::api::live::{DestinationRevision, LiveMonitor, LiveResource};
use crate::cli::Scope;
use crate::error::Error;
use crate::model::destination::{Destination, Target};
use crate::model::hex::hex;
use crate::model::limits::{Limit, Most};
use crate::model::resource::Resource;
use crate::model::secret::{COVER, Secret, without};
use crate::model::selection::Term;
use crate::plan::{Change, Pair, Plan, Strangers, ends};
use crate::render::changes::show;
use crate::render::text::summary;

/// The version of the file; it grows when an older alertform could misunderstand it.
const VERSION: u64 = 3;

/// A saved plan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Saved {
    /// The version of this file.
    alertform_plan: u64,
    /// What a person reads first.
    summary: String,
    /// The `cluster_uuid`; none for a user who may not ask for it.
    cluster: Option<String>,
    /// The line of its servers.
    line: String,
    /// The project.
    project: String,
    /// The environment, where the project has any.
    environment: Option<String>,
    /// Whether `--prune` was said.
    prune: bool,
    /// Whether what others made may be taken over.
    adopt: bool,
    /// The limits that `--limit` set.
    limits: BTreeMap<String, String>,
    /// What was selected.
    select: Vec<String>,
    /// The digests of the files that declare something.
    files: BTreeMap<String, String>,
    /// What is to be done, in order.
    changes: Vec<SavedChange>,
}

/// A change that was reviewed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct SavedChange {
    action: String,
    resource: String,
    id: Option<String>,
    /// What the server says of the state from which it starts.
    revision: Option<String>,
    ends: Vec<String>,
    diff: Vec<String>,
    /// The fingerprint of all secrets that are to be written; none without a key for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    secrets: Option<String>,
}

/// What a plan is made from, beside the cluster's objects.
pub struct Origin {
    /// The `cluster_uuid`.
    pub cluster: Option<String>,
    /// The digests of the files that declare something, by name.
    pub files: BTreeMap<String, String>,
}

impl Saved {
    /// What is to be saved of a plan.
    pub fn of(plan: &Plan, scope: &Scope, origin: Origin) -> Self {
        let limits = scope.limit.iter();
        Self {
            alertform_plan: VERSION,
            summary: summary(plan),
            cluster: origin.cluster,
            line: plan.line.as_str().to_owned(),
            project: plan.project.clone(),
            environment: plan.environment.clone(),
            prune: scope.prune,
            adopt: plan.strangers == Strangers::Adopt,
            limits: limits.map(|(limit, most)| (limit.as_str().to_owned(), most.to_string())).collect(),
            select: scope.select.iter().map(ToString::to_string).collect(),
            files: origin.files,
            changes: plan.changes.iter().map(|change| saved(plan, change)).collect(),
        }
    }

    /// Reads a file; one of another version is refused.
    pub fn read(file: &Path) -> Result<Self, Error> {
        let failed = |source| Error::Unreadable { what: "saved plan", path: file.to_owned(), source };
        let text = fs::read_to_string(file).map_err(failed)?;
        let value: Option<Value> = serde_json::from_str(&text).ok();
        let version = value.as_ref().and_then(|value| value.get("alertform_plan")?.as_u64());
        let hint = "save one anew: `alertform plan --out FILE`";
        match version {
            None => Err(Error::usage(format!("`{}` is no saved plan", file.display()), hint)),
            Some(VERSION) => {
                let saved: Result<Self, _> = serde_json::from_str(&text);
                let not_whole = |reason: String| {
                    let message = format!("`{}` is not whole as a saved plan: {reason}", file.display());
                    Error::usage(message, hint)
                };
                let saved = saved.map_err(|error| not_whole(error.to_string()))?;
                saved.check().map_err(not_whole)?;
                Ok(saved)
            }
            Some(other) => Err(Error::usage(
                format!(
                    "`{}` was saved by another alertform: its version is {other}, and this one reads {VERSION}",
                    file.display()
                ),
                hint,
            )),
        }
    }

    /// Writes the file.
    pub fn write(&self, file: &Path) -> Result<(), Error> {
        let failed = |source| Error::Unwritable { path: file.to_owned(), source };
        let text = serde_json::to_string_pretty(self).map_err(|error| failed(error.into()))?;
        fs::write(file, text + "\n").map_err(failed)
    }

    /// What was said when it was made.
    pub fn scope(&self) -> Scope {
        let limit = self.limits.iter().filter_map(|(name, most)| read_limit(name, most).ok());
        let select = self.select.iter().filter_map(|term| term.parse().ok()).collect();
        Scope { prune: self.prune, adopt: self.adopt, limit: limit.collect(), select }
    }

    /// The environment for which it was made, where the project has any.
    pub fn environment(&self) -> Option<&str> {
        self.environment.as_deref()
    }

    /// Whether its flags can be read: one that is passed over would plan more than was reviewed.
    fn check(&self) -> Result<(), String> {
        self.limits.iter().try_for_each(|(name, most)| read_limit(name, most).map(|_| ()))?;
        self.select.iter().try_for_each(|term| term.parse::<Term>().map(|_| ()))
    }

    /// What is otherwise in a plan that was made now.
    pub fn moved(&self, now: &Saved) -> Vec<String> {
        let mut moved = Vec::new();
        if self.environment != now.environment {
            let said =
                |name: &Option<String>| name.as_ref().map_or("none".to_owned(), |name| format!("`{name}`"));
            let (was, is) = (said(&self.environment), said(&now.environment));
            moved.push(format!("the environment is {is}, and was {was}"));
        }
        for (what, was, is) in
            [("line of servers", &self.line, &now.line), ("project", &self.project, &now.project)]
        {
            if was != is {
                moved.push(format!("the {what} is `{is}`, and was `{was}`"));
            }
        }
        if self.cluster != now.cluster {
            moved.push(match (&self.cluster, &now.cluster) {
                (Some(_), Some(_)) => "it is another cluster".to_owned(),
                // who may ask `GET /` is told it, and who may not is not
                (None, _) => "the user who planned could not tell which cluster it is".to_owned(),
                (_, None) => "this user cannot tell which cluster it is".to_owned(),
            });
        }
        let files = self.files.keys().chain(now.files.keys().filter(|file| !self.files.contains_key(*file)));
        for file in files {
            match (self.files.get(file), now.files.get(file)) {
                (Some(was), Some(is)) if was != is => moved.push(format!("`{file}` changed")),
                (Some(_), None) => moved.push(format!("`{file}` declares nothing any more")),
                (None, Some(_)) => moved.push(format!("`{file}` is new")),
                _ => {}
            }
        }
        let changes = self.changes.iter().chain(now.changes.iter().filter(|now| self.same(now).is_none()));
        for change in changes {
            let resource = &change.resource;
            match (self.same(change), now.same(change)) {
                (Some(was), Some(is)) if was.revision != is.revision => {
                    moved.push(format!("{resource} was written in the cluster"));
                }
                (Some(was), Some(is)) if was.secrets.is_some() != is.secrets.is_some() => {
                    let had = if was.secrets.is_some() { "with" } else { "without" };
                    moved.push(format!("{resource} was planned {had} a `fingerprint_key`, unlike now"));
                }
                (Some(was), Some(is)) if was.secrets != is.secrets => {
                    moved.push(format!("{resource} would be written with other secrets"));
                }
                (Some(was), Some(is)) if was != is => {
                    moved.push(format!("{resource} would change otherwise"));
                }
                (Some(_), None) => moved.push(format!("{resource} needs no change any more, or another")),
                (None, Some(_)) => moved.push(format!("{resource} needs a change that was not planned")),
                _ => {}
            }
        }
        moved
    }

    /// The change of the same resource that does the same: of two of one name the id says which.
    fn same(&self, change: &SavedChange) -> Option<&SavedChange> {
        let is_same = |other: &&SavedChange| {
            (&other.resource, &other.action, &other.id) == (&change.resource, &change.action, &change.id)
        };
        self.changes.iter().find(is_same)
    }
}

fn read_limit(name: &str, most: &str) -> Result<(Limit, Most), String> {
    Ok((name.parse()?, most.parse()?))
}

/// The digest of a file's content.
pub fn digest(content: &[u8]) -> String {
    hex(&Sha256::digest(content)[..])
}

fn saved(plan: &Plan, change: &Change) -> SavedChange {
    let shown = show(plan, change);
    SavedChange {
        action: shown.action.as_str().to_owned(),
        resource: shown.key.to_string(),
        id: shown.id,
        revision: revision(change),
        // how many alerts are active changes by itself
        ends: ends::of(change).iter().map(|end| without(&plan.secrets, &end.to_string(), COVER)).collect(),
        diff: shown.lines.iter().map(ToString::to_string).collect(),
        secrets: fingerprint(plan, change),
    }
}

fn fingerprint(plan: &Plan, change: &Change) -> Option<String> {
    let declared = match change {
        Change::Create(create) => &create.after,
        Change::Update(update) => &update.declaration,
        Change::Delete(_) => return None,
    };
    let mut secrets = declared.secrets.clone();
    if let Resource::Destination(Destination { target, .. }) = &declared.resource {
        secrets.extend(target.clone().secrets_mut().into_iter().map(|secret| secret.clone()));
        if let Target::Other { body, .. } = target {
            secrets.push(Secret::new(body.as_str()));
        }
    }
    Some(plan.fingerprints.as_ref()?.of(&secrets))
}

fn revision(change: &Change) -> Option<String> {
    let of_monitor = |live: &LiveMonitor| format!("{}/{}", live.revision.seq_no, live.revision.primary_term);
    let of_destination = |revision: DestinationRevision| match revision {
        DestinationRevision::Document { seq_no, primary_term } => format!("{seq_no}/{primary_term}"),
        DestinationRevision::Channel { last_updated_time_ms } => last_updated_time_ms.to_string(),
    };
    match change {
        Change::Create(_) => None,
        Change::Update(update) => Some(match &update.pair {
            Pair::Monitor { before, .. } => of_monitor(before),
            Pair::Destination { before, .. } => of_destination(before.revision),
        }),
        Change::Delete(delete) => Some(match &delete.before {
            LiveResource::Monitor(live) => of_monitor(live),
            LiveResource::Destination(live) => of_destination(live.revision),
        }),
    }
}

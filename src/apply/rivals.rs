//! What somebody else made since the plan, of all that is to be made: names are not unique in a cluster, and no guard
//! keeps two applies from making one thing twice.

use std::collections::{BTreeMap, BTreeSet};

use super::context::Context;
use super::is_creation;
use super::report::Report;
use crate::api::live::{DestinationRevision, Found, LiveResource};
use crate::api::read;
use crate::api::wire::canonical;
use crate::error::Error;
use crate::model::resource::{Key, Resource};
use crate::plan::Change;

/// The ids of the destinations that monitors tell which were written since the plan.
pub async fn told(context: &Context<'_>) -> Result<BTreeSet<String>, Error> {
    let Context { plan, client, .. } = context;
    read::reveal(client, plan.line).await?;
    let found = read::written_since(client, plan.line, plan.latest).await?;
    Ok(found.iter().flat_map(Found::told).collect())
}

/// The ids of the accounts and groups that e-mails make use of which this plan leaves as they are: of those that it
/// changed or deleted the list may show a second later what they were, and of those that others made nothing.
pub async fn used(context: &Context<'_>) -> Result<BTreeSet<String>, Error> {
    let Context { plan, client, .. } = context;
    let written: BTreeSet<&str> = plan
        .changes
        .iter()
        .filter_map(|change| match change {
            Change::Create(_) => None,
            Change::Update(update) => Some(update.pair.id()),
            Change::Delete(delete) => Some(delete.before.id()),
        })
        .collect();
    read::reveal(client, plan.line).await?;
    let now = read::destinations(client, plan.line).await?;
    let relays = now.relays().into_iter().filter(|(id, _)| !written.contains(id));
    Ok(relays.flat_map(|(_, ids)| ids).collect())
}

/// A resource that is to be made, or was, and that somebody else made too.
pub struct Rival<'p> {
    /// The change that makes ours.
    pub change: &'p Change,
    /// Who was first.
    pub turn: Turn,
}

/// Who was first, of two who make the same.
pub enum Turn {
    /// They were, and ours is not made yet.
    Theirs(There),
    /// They were, and ours is there too.
    TheirsBeforeOurs(There, LiveResource),
    /// We were; theirs came later.
    Ours,
}

/// The changes whose resource was made by somebody else meanwhile, but for those that are reported already; `made` are those that we
/// made ourselves. Whoever wrote later sees both, since he looks after he wrote; so of two applies exactly one knows that
/// it is the later one.
pub async fn find<'p>(
    context: &Context<'p>,
    made: &BTreeSet<Key>,
    report: &Report,
) -> Result<Vec<Rival<'p>>, Error> {
    let Context { plan, client, directory, .. } = context;
    let settled = report.settled();
    let is_settled = |key: &Key| settled.contains(key) && !made.contains(key);
    let creations: Vec<(&Change, Key)> = plan
        .changes
        .iter()
        .filter(|change| is_creation(change))
        .map(|change| (change, change.key()))
        .filter(|(_, key)| !is_settled(key))
        .collect();
    let makes = |is_scheduled| creations.iter().any(|(_, key)| key.kind.is_scheduled() == is_scheduled);
    let mut there: BTreeMap<Key, Vec<There>> = BTreeMap::new();
    if makes(true) {
        for found in read::written_since(client, plan.line, plan.latest).await? {
            there.entry(found.key()).or_default().push(There::of(found));
        }
    }
    // two channels of one id are refused by the server
    if makes(false) && !plan.line.has_channels() {
        for live in read::destinations(client, plan.line).await?.live {
            let seq_no = match live.revision {
                DestinationRevision::Document { seq_no, .. } => seq_no,
                DestinationRevision::Channel { .. } => 0,
            };
            let id = live.id.clone();
            let there = there.entry(live.key()).or_default();
            there.push(There { seq_no, id, live: Some(LiveResource::Destination(live)) });
        }
    }
    let directory = directory.borrow();
    let rival = |(change, key): (&'p Change, Key)| {
        let all = there.remove(&key)?;
        let our_id = if made.contains(&key) { directory.id(key.kind, &key.name) } else { None };
        let (ours, others): (Vec<_>, Vec<_>) = all.into_iter().partition(|it| Some(&*it.id) == our_id);
        let theirs = others.into_iter().min_by(|one, other| one.turn().cmp(&other.turn()))?;
        let turn = match ours.into_iter().next() {
            None => Turn::Theirs(theirs),
            Some(ours) if ours.turn() < theirs.turn() => Turn::Ours,
            Some(There { live: Some(ours), .. }) => Turn::TheirsBeforeOurs(theirs, ours),
            Some(There { live: None, .. }) => Turn::Ours,
        };
        Some(Rival { change, turn })
    };
    Ok(creations.into_iter().filter_map(rival).collect())
}

/// What bears the name of something that is to be made.
pub struct There {
    /// When it was written last, among all.
    seq_no: u64,
    /// Its id.
    pub id: String,
    /// As it is, if it can be understood.
    live: Option<LiveResource>,
}

impl There {
    fn of(found: Found) -> Self {
        let id = found.id().to_owned();
        match found {
            Found::Monitor(live) => {
                Self { seq_no: live.revision.seq_no, id, live: Some(LiveResource::Monitor(live)) }
            }
            // it is there, whenever it came
            Found::Unreadable(_) | Found::Notice { .. } => Self { seq_no: 0, id, live: None },
        }
    }

    /// Whether it is what a change makes, made by another apply of the same files.
    pub fn is_made_by(&self, change: &Change, context: &Context<'_>) -> bool {
        let Context { plan, directory, .. } = context;
        let Change::Create(create) = change else { return false };
        let directory = directory.borrow();
        match (&self.live, &create.after.resource) {
            (Some(LiveResource::Destination(live)), Resource::Destination(declared)) => {
                live.destination == canonical::destination(directory.with_ids(declared.clone()), plan.line)
            }
            (Some(LiveResource::Monitor(live)), Resource::Monitor(declared)) => {
                live.mark.as_ref().is_none_or(|mark| mark.project == plan.project)
                    && live.monitor == directory.with_ids(canonical::monitor(declared.clone(), plan.line))
            }
            _ => false,
        }
    }

    /// What is first is smaller.
    fn turn(&self) -> (u64, &str) {
        (self.seq_no, &self.id)
    }
}

//! What somebody else made since the plan, of all that is to be made: names are not unique in a cluster, and no guard
//! keeps two applies from making one thing twice.

use std::collections::{BTreeMap, BTreeSet};

use super::context::Context;
use super::is_creation;
use crate::api::live::{DestinationRevision, Found};
use crate::api::read;
use crate::error::Error;
use crate::model::resource::Key;
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
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Turn {
    /// They were, and ours is not made yet.
    Theirs,
    /// They were, and ours is there too, with this id.
    TheirsBeforeOurs(String),
    /// We were; theirs came later.
    Ours,
}

/// The changes whose resource was made by somebody else meanwhile; `made` are those that we made ourselves. Whoever
/// wrote later sees both, since he looks after he wrote; so of two applies exactly one knows that it is the later one.
pub async fn find<'p>(context: &Context<'p>, made: &BTreeSet<Key>) -> Result<Vec<Rival<'p>>, Error> {
    let Context { plan, client, directory, .. } = context;
    let creations: Vec<&Change> = plan.changes.iter().filter(|change| is_creation(change)).collect();
    let makes =
        |is_scheduled| creations.iter().any(|change| change.key().kind.is_scheduled() == is_scheduled);
    let mut there: BTreeMap<Key, Vec<(u64, String)>> = BTreeMap::new();
    if makes(true) {
        for found in read::written_since(client, plan.line, plan.latest).await? {
            let seq_no = match &found {
                Found::Monitor(live) => live.revision.seq_no,
                // it is there, whenever it came
                Found::Unreadable(_) => 0,
            };
            there.entry(found.key()).or_default().push((seq_no, found.id().to_owned()));
        }
    }
    // two channels of one id are refused by the server
    if makes(false) && !plan.line.has_channels() {
        for live in read::destinations(client, plan.line).await?.live {
            let seq_no = match live.revision {
                DestinationRevision::Document { seq_no, .. } => seq_no,
                DestinationRevision::Channel { .. } => 0,
            };
            there.entry(live.key()).or_default().push((seq_no, live.id));
        }
    }
    let directory = directory.borrow();
    let rival = |change: &'p Change| {
        let key = change.key();
        let all = there.get(&key)?;
        if !made.contains(&key) {
            return Some(Rival { change, turn: Turn::Theirs });
        }
        let our_id = directory.id(key.kind, &key.name)?;
        let (ours, others): (Vec<_>, Vec<_>) = all.iter().partition(|(_, id)| id == our_id);
        let first = others.into_iter().min()?;
        let is_later = ours.first().is_none_or(|ours| *ours > first);
        let turn = if is_later { Turn::TheirsBeforeOurs(our_id.to_owned()) } else { Turn::Ours };
        Some(Rival { change, turn })
    };
    Ok(creations.into_iter().filter_map(rival).collect())
}

//! What somebody else made since the plan, of all that is to be made: names are not unique in a cluster, and no guard
//! keeps two applies from making one thing twice.

use std::collections::{BTreeMap, BTreeSet};

use super::context::Context;
use super::is_creation;
use crate::api::live::Found;
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

/// The changes whose resource was made by somebody else meanwhile; `made` are those that we made ourselves.
pub async fn find<'p>(context: &Context<'p>, made: &BTreeSet<Key>) -> Result<Vec<&'p Change>, Error> {
    let Context { plan, client, .. } = context;
    let creations: Vec<&Change> = plan.changes.iter().filter(|change| is_creation(change)).collect();
    let makes =
        |is_scheduled| creations.iter().any(|change| change.key().kind.is_scheduled() == is_scheduled);
    let mut there: BTreeMap<Key, usize> = BTreeMap::new();
    if makes(true) {
        for found in read::written_since(client, plan.line, plan.latest).await? {
            *there.entry(found.key()).or_default() += 1;
        }
    }
    // two channels of one id are refused by the server
    if makes(false) && !plan.line.has_channels() {
        for live in read::destinations(client, plan.line).await?.live {
            *there.entry(live.key()).or_default() += 1;
        }
    }
    let is_rival = |change: &&Change| {
        let key = change.key();
        there.get(&key).is_some_and(|count| *count > usize::from(made.contains(&key)))
    };
    Ok(creations.into_iter().filter(is_rival).collect())
}

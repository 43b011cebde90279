//! Declared destinations beside live ones.

use std::collections::HashMap;
use std::sync::Arc;

use crate::api::live::{Destinations, LiveDestination, LiveResource};
use crate::api::wire::directory::Directory;
use crate::api::wire::{canonical, mark};
use crate::model::destination::{Destination, Target};
use crate::model::name::Name;
use crate::model::resource::Resource;
use crate::owner::{self, Owner, Witnesses};
use crate::plan::{Change, Plan, Update};
use crate::source::declared::{Declaration, Declared};
use crate::source::finding::Finding;

/// The live destinations, by what a declared one is found by.
pub struct Index<'a> {
    by_name: HashMap<&'a Name, Vec<&'a LiveDestination>>,
    by_id: HashMap<&'a str, &'a LiveDestination>,
}

impl<'a> Index<'a> {
    /// Makes the index.
    pub fn of(live: &'a Destinations) -> Self {
        let mut by_name: HashMap<_, Vec<_>> = HashMap::new();
        for live in &live.live {
            by_name.entry(&live.destination.name).or_default().push(live);
        }
        Self { by_name, by_id: live.live.iter().map(|live| (live.id.as_str(), live)).collect() }
    }

    /// The live destinations that `name` may stand for: those that are called so, and the one whose id we chose.
    pub fn find(&self, name: &Name, project: &str) -> Vec<&'a LiveDestination> {
        let mut found = self.by_name.get(name).cloned().unwrap_or_default();
        if let Some(ours) = self.by_id.get(mark::config_id(project, name).as_str())
            && !found.iter().any(|live| live.id == ours.id)
        {
            found.push(ours);
        }
        found
    }
}

/// Which name leads to which id: as they live, and for declared ones to the one that each stands for.
pub fn directory(declared: &Declared, live: &Destinations, index: &Index<'_>, project: &str) -> Directory {
    let mut directory = live.directory();
    for declaration in &declared.resources {
        if let Resource::Destination(destination) = &declaration.resource
            && let [one] = index.find(&destination.name, project).as_slice()
        {
            directory.insert(destination.name.clone(), one.id.clone());
        }
    }
    directory
}

/// Plans a destination that lives already.
pub fn plan(
    plan: &mut Plan,
    declaration: &Arc<Declaration>,
    destination: &Destination,
    before: &LiveDestination,
    witnesses: &Witnesses,
) {
    let name = &destination.name;
    let owner = owner::of_destination(before, name, &plan.project, witnesses);
    let after = canonical::destination(destination.clone(), plan.line);
    let is_same = after == before.destination;
    if !is_same || owner == Owner::Ours {
        plan.owned.insert(name.clone());
    }
    if is_same {
        plan.unchanged += 1;
    } else if plan.line.has_channels() && kind(&after) != kind(&before.destination) {
        plan.problems.push(Finding {
            place: Some(declaration.place().clone()),
            message: format!(
                "channel `{name}` is of type `{}` in the cluster, and the server changes no channel's type",
                kind(&before.destination),
            ),
            hint: Some("give the new one another name, and remove the old one with `--prune`".to_owned()),
        });
    } else {
        let before = LiveResource::Destination(before.clone());
        plan.changes.push(Change::Update(Box::new(Update { before, after: Arc::clone(declaration), owner })));
    }
}

fn kind(destination: &Destination) -> &str {
    match &destination.target {
        Target::Slack { .. } => "slack",
        Target::Chime { .. } => "chime",
        Target::CustomWebhook(_) => "webhook",
        Target::Other { kind, .. } => kind,
    }
}

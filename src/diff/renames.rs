//! What seems to be called otherwise than it was, in the cluster or in the files, and nobody said so.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::hash::{Hash, Hasher};

use crate::api::live::{LiveMonitor, LiveResource};
use crate::api::wire::mark::digest_of_inputs;
use crate::api::wire::{canonical, ids};
use crate::model::destination::{Destination, Target};
use crate::model::monitor::{Input, Monitor};
use crate::model::name::Name;
use crate::model::reference::Reference;
use crate::model::resource::{Key, Resource};
use crate::plan::{Change, Create, Plan};

/// What is declared and not there, and lives under a name that nobody declares: the ids of its triggers were made from the
/// declared name.
pub fn in_cluster<'l>(
    plan: &Plan,
    undeclared: impl Iterator<Item = &'l Box<LiveMonitor>>,
) -> Vec<(Key, Key)> {
    let mut of_id: HashMap<Box<str>, Key> = HashMap::new();
    for create in creates(plan) {
        let Resource::Monitor(declared) = &create.after.resource else { continue };
        let minted = ids::minted_for(&plan.project, declared, &create.after.previous);
        of_id.extend(minted.into_iter().map(|id| (id, declared.key())));
    }
    let declared = |live: &LiveMonitor| {
        let mut keys = live.ids.triggers.iter().filter_map(|trigger| of_id.get(&trigger.id));
        keys.find(|declared| declared.kind == live.monitor.kind()).cloned()
    };
    let mut renamed: Vec<_> =
        undeclared.filter_map(|live| declared(live).map(|declared| (declared, live.key()))).collect();
    renamed.sort();
    renamed
}

/// What is made, and what goes that has all that a person would know it by: it seems to be renamed. Of several that are alike
/// nobody knows.
pub fn alike(plan: &Plan, gone: &[LiveResource]) -> BTreeMap<Key, Key> {
    // what was renamed in the cluster is said already
    let renamed: HashSet<&Key> = plan.renamed.iter().map(|(_, renamed)| renamed).collect();
    let is_said = |live: &&LiveResource| renamed.contains(&live.key());
    let mut alike: HashMap<Known, (Vec<Key>, Vec<Key>)> = HashMap::new();
    let mut names: HashSet<Vec<Name>> = HashSet::new();
    for live in gone.iter().filter(|live| !is_said(live)) {
        let known = match live {
            LiveResource::Destination(live) => {
                Known::of_destination(&plan.directory.with_names(live.destination.clone()))
            }
            LiveResource::Monitor(live) => {
                names.insert(names_of_triggers(&live.monitor));
                Known::of_monitor(&plan.directory.with_names(live.monitor.clone()))
            }
        };
        alike.entry(known).or_default().0.push(live.key());
    }
    if alike.is_empty() {
        return BTreeMap::new();
    }
    for create in creates(plan) {
        let known = match &create.after.resource {
            Resource::Destination(declared) => {
                Known::of_destination(&canonical::destination(declared.clone(), plan.line))
            }
            Resource::Monitor(declared) if !names.contains(&names_of_triggers(declared)) => continue,
            Resource::Monitor(declared) => {
                Known::of_monitor(&canonical::monitor(declared.clone(), plan.line))
            }
        };
        if let Some((_, made)) = alike.get_mut(&known) {
            made.push(create.after.resource.key());
        }
    }
    let pairs = alike.into_values().filter_map(|(gone, made)| match (gone.as_slice(), made.as_slice()) {
        ([former], [made]) => Some((made.clone(), former.clone())),
        _ => None,
    });
    pairs.collect()
}

/// What a person knows a resource by that has another name now.
#[derive(PartialEq, Eq)]
enum Known {
    Destination(Target),
    /// A digest of what it reads, which monitors it runs, and the names of the triggers.
    Monitor(String, Vec<Reference>, Vec<Name>),
}

impl Hash for Known {
    fn hash<H: Hasher>(&self, state: &mut H) {
        match self {
            // what it holds is secret
            Known::Destination(target) => std::mem::discriminant(target).hash(state),
            Known::Monitor(inputs, delegates, names) => (inputs, delegates, names).hash(state),
        }
    }
}

impl Known {
    fn of_destination(destination: &Destination) -> Self {
        Known::Destination(destination.target.clone())
    }

    fn of_monitor(monitor: &Monitor) -> Self {
        let delegates = monitor.inputs.iter().flat_map(Input::delegates);
        let delegates = delegates.map(|delegate| delegate.monitor.clone()).collect();
        Known::Monitor(digest_of_inputs(monitor), delegates, names_of_triggers(monitor))
    }
}

fn names_of_triggers(monitor: &Monitor) -> Vec<Name> {
    monitor.triggers.iter().map(|trigger| trigger.name.clone()).collect()
}

fn creates(plan: &Plan) -> impl Iterator<Item = &Create> {
    plan.changes.iter().filter_map(|change| match change {
        Change::Create(create) => Some(create),
        Change::Update(_) | Change::Delete(_) => None,
    })
}

//! What seems to be called otherwise than it was, in the cluster or in the files, and nobody said so.

use std::collections::HashMap;
use std::hash::{Hash, Hasher};

use crate::api::live::{LiveMonitor, LiveResource};
use crate::api::wire::{canonical, ids};
use crate::model::destination::{Destination, Target};
use crate::model::monitor::Monitor;
use crate::model::name::Name;
use crate::model::resource::{Key, Kind, Resource};
use crate::plan::{Change, Create, Plan};
use crate::source::finding::Finding;

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

/// Warns of what is made while something goes that has all that a person would know it by: it seems to be renamed, and its
/// id and its alerts would be lost.
pub fn warn(plan: &mut Plan, gone: &[LiveResource]) {
    if gone.is_empty() {
        return;
    }
    let known = |live: &LiveResource| match live {
        LiveResource::Destination(live) => {
            Known::of_destination(&plan.directory.with_names(live.destination.clone()))
        }
        LiveResource::Monitor(live) => Known::of_monitor(&plan.directory.with_names(live.monitor.clone())),
    };
    let mut alike: HashMap<Known, (Vec<Key>, Vec<&Create>)> = HashMap::new();
    for live in gone {
        alike.entry(known(live)).or_default().0.push(live.key());
    }
    for create in creates(plan) {
        let known = match &create.after.resource {
            Resource::Destination(declared) => {
                Known::of_destination(&canonical::destination(declared.clone(), plan.line))
            }
            Resource::Monitor(declared) => {
                Known::of_monitor(&canonical::monitor(declared.clone(), plan.line))
            }
        };
        if let Some((_, creates)) = alike.get_mut(&known) {
            creates.push(create);
        }
    }
    let pairs =
        alike.into_values().filter_map(|(gone, creates)| match (gone.as_slice(), creates.as_slice()) {
            ([former], [create]) => Some((former.clone(), *create)),
            _ => None,
        });
    let mut warnings: Vec<Finding> = pairs.map(|(former, create)| seems_renamed(&former, create)).collect();
    warnings.sort_by(|a, b| a.place.cmp(&b.place));
    plan.warnings.append(&mut warnings);
}

fn seems_renamed(former: &Key, create: &Create) -> Finding {
    let key = create.after.resource.key();
    let (what, keeps) = match key.kind {
        Kind::Monitor => ("the search and the triggers", "its id and its alerts"),
        Kind::Workflow => ("the monitors and the triggers", "its id and its alerts"),
        Kind::Destination | Kind::EmailAccount | Kind::EmailGroup => ("the content", "its id"),
    };
    let message = format!("{key} is new, and has {what} of {former}, which is no longer declared");
    let hint = format!("if it was renamed, `previous_names: [{}]` says so, and keeps {keeps}", former.name);
    Finding::at(create.after.place(), message).hint(hint)
}

/// What a person knows a resource by that has another name now.
#[derive(PartialEq, Eq)]
enum Known {
    Destination(Target),
    /// The canonical inputs as text, and the names of the triggers.
    Monitor(String, Vec<Name>),
}

impl Hash for Known {
    fn hash<H: Hasher>(&self, state: &mut H) {
        match self {
            // what it holds is secret
            Known::Destination(target) => std::mem::discriminant(target).hash(state),
            Known::Monitor(inputs, names) => (inputs, names).hash(state),
        }
    }
}

impl Known {
    fn of_destination(destination: &Destination) -> Self {
        Known::Destination(destination.target.clone())
    }

    fn of_monitor(monitor: &Monitor) -> Self {
        let names = monitor.triggers.iter().map(|trigger| trigger.name.clone()).collect();
        Known::Monitor(format!("{:?}", monitor.inputs), names)
    }
}

fn creates(plan: &Plan) -> impl Iterator<Item = &Create> {
    plan.changes.iter().filter_map(|change| match change {
        Change::Create(create) => Some(create),
        Change::Update(_) | Change::Delete(_) => None,
    })
}

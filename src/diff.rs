//! The heart: what is declared and what lives, made into a plan. Pure; its only words are the reasons why something
//! cannot be planned.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use crate::api::live::{Live, LiveDestination, LiveMonitor, LiveResource, Unreadable};
use crate::api::wire::limits::{self, Severity};
use crate::api::wire::{canonical, mark};
use crate::model::destination::{Destination, Target};
use crate::model::monitor::Monitor;
use crate::model::name::Name;
use crate::model::resource::{Key, Resource};
use crate::orphans::{self, Orphans};
use crate::owner::{self, Owner, Witnesses};
use crate::parallel;
use crate::plan::{Change, Create, Plan, Update};
use crate::source::declared::{Declaration, Declared};
use crate::source::finding::Finding;

/// How many resources are made canonical at once: enough for all cores, few enough not to hold all of them twice.
const AT_ONCE: usize = 1000;

/// Plans how the cluster becomes what the files declare.
pub fn diff(declared: &Declared, live: &Live, project: &str, orphans: Orphans) -> Plan {
    let mut plan = Plan {
        line: live.line,
        project: project.to_owned(),
        changes: Vec::new(),
        unchanged: 0,
        orphans: Vec::new(),
        problems: Vec::new(),
        warnings: declared.warnings.clone(),
        directory: live.directory(),
        owned: BTreeSet::new(),
    };
    let witnesses = owner::witnesses(live, project);
    let destinations = by_name(&live.destinations, |live| &live.destination.name);
    let monitors = by_name(&live.monitors, |live| &live.monitor.name);
    let channels: HashMap<&str, &LiveDestination> =
        live.destinations.iter().map(|live| (live.id.as_str(), live)).collect();
    for some in declared.resources.chunks(AT_ONCE) {
        let canonical =
            parallel::map(some, |declaration| canonical::resource(&declaration.resource, live.line));
        for (declaration, after) in some.iter().zip(canonical) {
            check_limits(&mut plan, declaration);
            match after {
                Resource::Destination(after) => {
                    let mut found = named(&destinations, &after.name).to_vec();
                    if let Some(ours) = channels.get(mark::config_id(project, &after.name).as_str())
                        && !found.iter().any(|live| live.id == ours.id)
                    {
                        found.push(ours);
                    }
                    match found.as_slice() {
                        [] => plan_new(&mut plan, declaration),
                        [one] => plan_destination(&mut plan, declaration, &after, one, &witnesses),
                        several => {
                            refuse_namesakes(&mut plan, declaration, several.iter().map(|live| &live.id))
                        }
                    }
                }
                Resource::Monitor(after) => match named(&monitors, &after.name) {
                    [] => plan_new(&mut plan, declaration),
                    [one] => plan_monitor(&mut plan, declaration, after, one),
                    several => refuse_namesakes(&mut plan, declaration, several.iter().map(|live| &live.id)),
                },
            }
        }
    }
    for unreadable in &live.unreadable {
        report_unreadable(&mut plan, declared, unreadable);
    }
    orphans::plan(&mut plan, declared, live, &witnesses, orphans);
    plan
}

fn plan_new(plan: &mut Plan, declaration: &Arc<Declaration>) {
    if let Resource::Destination(destination) = &declaration.resource {
        plan.owned.insert(destination.name.clone());
    }
    plan.changes.push(Change::Create(Create { after: Arc::clone(declaration) }));
}

fn plan_destination(
    plan: &mut Plan,
    declaration: &Arc<Declaration>,
    after: &Destination,
    before: &LiveDestination,
    witnesses: &Witnesses<'_>,
) {
    plan.directory.insert(after.name.clone(), before.id.clone());
    let owner = owner::of_destination(before, &after.name, &plan.project, witnesses);
    let is_same = *after == before.destination;
    if !is_same || owner == Owner::Ours {
        plan.owned.insert(after.name.clone());
    }
    if is_same {
        plan.unchanged += 1;
    } else if plan.line.has_channels() && kind(after) != kind(&before.destination) {
        plan.problems.push(Finding {
            place: Some(declaration.place().clone()),
            message: format!(
                "channel `{}` is of type `{}` in the cluster, and the server changes no channel's type",
                after.name,
                kind(&before.destination),
            ),
            hint: Some("give the new one another name, and remove the old one with `--prune`".to_owned()),
        });
    } else {
        let before = LiveResource::Destination(before.clone());
        plan.changes.push(Change::Update(Box::new(Update { before, after: Arc::clone(declaration), owner })));
    }
}

fn plan_monitor(plan: &mut Plan, declaration: &Arc<Declaration>, after: Monitor, before: &LiveMonitor) {
    let after = plan.directory.with_ids(after);
    if is_same(&after, before) {
        plan.unchanged += 1;
        return;
    }
    let owner = owner::of_monitor(before, &plan.project);
    let mut before = before.clone();
    before.monitor = plan.directory.with_names(before.monitor);
    let before = LiveResource::Monitor(before);
    plan.changes.push(Change::Update(Box::new(Update { before, after: Arc::clone(declaration), owner })));
}

/// Whether a live monitor is as declared: by what it says, or, for inputs whose rewriting by the server we do not
/// know, since they are what we sent and nobody wrote since.
fn is_same(after: &Monitor, before: &LiveMonitor) -> bool {
    if *after == before.monitor {
        return true;
    }
    let is_vouched =
        before.mark.as_ref().is_some_and(|mark| mark.vouches_for(before.revision.version, after));
    is_vouched && *after == Monitor { inputs: after.inputs.clone(), ..before.monitor.clone() }
}

fn check_limits(plan: &mut Plan, declaration: &Arc<Declaration>) {
    for limit in limits::check(&declaration.resource, plan.line) {
        let finding = Finding {
            place: Some(declaration.place_of(limit.part)),
            message: format!("{}: {}", declaration.resource.key(), limit.message),
            hint: Some(limit.hint.to_owned()),
        };
        match limit.severity {
            Severity::Refused => plan.problems.push(finding),
            Severity::Lost => plan.warnings.push(finding),
        }
    }
}

/// A name that the cluster knows twice leads nowhere: guessing would overwrite somebody's work.
fn refuse_namesakes<'a>(
    plan: &mut Plan,
    declaration: &Arc<Declaration>,
    ids: impl Iterator<Item = &'a String>,
) {
    let ids: Vec<String> = ids.map(|id| format!("`{id}`")).collect();
    let (count, ids) = (ids.len(), ids.join(" and "));
    plan.problems.push(Finding {
        place: Some(declaration.place().clone()),
        message: format!(
            "{} is in the cluster {count} times, with the ids {ids}",
            declaration.resource.key()
        ),
        hint: Some("rename or delete all but one of them in the cluster".to_owned()),
    });
}

fn report_unreadable(plan: &mut Plan, declared: &Declared, unreadable: &Unreadable) {
    let key = Key { kind: unreadable.kind, name: unreadable.name.clone() };
    let namesake = declared.resources.iter().find(|declaration| declaration.resource.key() == key);
    let finding = Finding {
        place: namesake.map(|declaration| declaration.place().clone()),
        message: format!(
            "{key} (id `{}`) in the cluster cannot be understood: {}",
            unreadable.id, unreadable.reason
        ),
        hint: Some("it is left alone".to_owned()),
    };
    match namesake {
        Some(_) => plan.problems.push(finding),
        None => plan.warnings.push(finding),
    }
}

fn by_name<T>(all: &[T], name: impl Fn(&T) -> &Name) -> HashMap<&Name, Vec<&T>> {
    let mut found: HashMap<&Name, Vec<&T>> = HashMap::with_capacity(all.len());
    for live in all {
        found.entry(name(live)).or_default().push(live);
    }
    found
}

fn named<'m, 'a, T>(all: &'m HashMap<&Name, Vec<&'a T>>, name: &Name) -> &'m [&'a T] {
    all.get(name).map_or(&[], Vec::as_slice)
}

fn kind(destination: &Destination) -> &str {
    match &destination.target {
        Target::Slack { .. } => "slack",
        Target::Chime { .. } => "chime",
        Target::CustomWebhook(_) => "webhook",
        Target::Other { kind, .. } => kind,
    }
}

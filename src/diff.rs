//! The heart: what is declared and what lives, made into a plan. Pure; its only words are the reasons why something
//! cannot be planned.

mod checks;
mod deleted;
mod destinations;
mod orphans;
mod renames;
mod sightings;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

pub use orphans::Orphans;

use crate::api::line::Line;
use crate::api::live::{Destinations, LiveMonitor, Unreadable};
use crate::api::read::Page;
use crate::api::wire::{canonical, dsl};
use crate::model::limits::Limits;
use crate::model::monitor::{Input, Monitor};
use crate::model::name::Name;
use crate::model::part::Part;
use crate::model::reference::keys_of;
use crate::model::resource::{Key, Kind, Resource};
use crate::model::secret::{COVER, without};
use crate::owner::{self, Owner};
use crate::plan::{Action, Change, Create, Focus, Pair, Plan, Strangers, Unmarked, Update};
use crate::source::declared::{Declaration, Declared};
use crate::source::finding::Finding;
use deleted::Missing;
use sightings::{Sighting, Sightings};

/// What a plan is made for.
#[derive(Clone, Debug)]
pub struct Terms {
    /// The environment, where the project has any.
    pub environment: Option<String>,
    /// The cluster: the host and the port at which it was asked.
    pub server: String,
    /// The line of the cluster's servers.
    pub line: Line,
    /// The project, as it stands in our mark.
    pub project: String,
    /// What becomes of what is as declared and not the project's.
    pub strangers: Strangers,
    /// What becomes of what is the project's and no longer declared.
    pub orphans: Orphans,
    /// How much may be done in one run.
    pub limits: Limits,
}

/// Plans how the cluster becomes what the files declare.
///
/// The live monitors come in pages, and all but those that are to change are let go at once: what a plan holds grows
/// with the files and with the changes, not with the cluster.
pub fn diff(
    declared: &Declared,
    live: &Destinations,
    monitors: impl Iterator<Item = Page>,
    terms: Terms,
) -> Plan {
    let Terms { environment, server, line, project, strangers, orphans, limits } = terms;
    let index = destinations::Index::of(declared, live, &project);
    let missing = Missing::of(&index, line);
    let directory = destinations::directory(live, &index, &missing);
    let relays = relays(declared);
    let mut sightings = sightings::watch(declared, monitors, &directory, &relays, (line, &project), &missing);
    sightings.claim_what_is_noticed(live);
    let notices = sightings.notices.iter().filter(|(_, notice)| notice.project == project);
    let notices = notices.map(|(id, _)| id.clone()).collect();
    let ids = live.live.iter().map(|live| &live.id);
    let is_ours =
        |id: &&String| sightings.claims.get(*id).is_some_and(|projects| projects.contains(&project));
    let witnesses = ids.filter(is_ours).cloned().collect();
    let mut plan = Plan {
        environment,
        server,
        line,
        project,
        strangers,
        changes: Vec::new(),
        unchanged: 0,
        unmarked: Vec::new(),
        orphans: Vec::new(),
        problems: Vec::new(),
        warnings: declared.warnings.clone(),
        directory,
        owned: BTreeSet::new(),
        relays,
        witnesses,
        notices,
        latest: sightings.latest,
        secrets: declared.secrets.clone(),
        limits,
        renamed: Vec::new(),
        alike: BTreeMap::new(),
        users: BTreeMap::new(),
        deleted: missing.used_by(live).into_iter().chain(std::mem::take(&mut sightings.deleted)).collect(),
        active: None,
        opaque: BTreeSet::new(),
        fingerprints: None,
        focus: Focus::All,
        left_out: Vec::new(),
    };
    match orphans {
        Orphans::Keep => plan.warnings.extend(declared.unread.iter().cloned()),
        // it may declare what would be deleted
        Orphans::Prune => plan.problems.extend(declared.unread.iter().cloned()),
    }
    for (kind, reason) in &live.hidden {
        refuse_hidden(&mut plan, declared, *kind, reason);
    }
    for (key, id) in sightings.orphans.keys() {
        plan.directory.insert(key.clone(), id.clone());
    }
    let is_workflow = |declaration: &&Arc<Declaration>| declaration.resource.kind() == Kind::Workflow;
    let (workflows, others): (Vec<_>, Vec<_>) = declared.resources.iter().partition(is_workflow);
    for declaration in others {
        plan_declared(&mut plan, declaration, live, &index, &mut sightings);
    }
    let terms = (plan.line, &*plan.project);
    sightings::watch_workflows(&mut sightings, declared, &plan.directory, &plan.relays, terms);
    for declaration in workflows {
        plan_declared(&mut plan, declaration, live, &index, &mut sightings);
    }
    let mut unreadable = live.unreadable.clone();
    unreadable.append(&mut sightings.unreadable);
    unreadable.sort_by(|a, b| (a.kind, &a.name, &a.id).cmp(&(b.kind, &b.name, &b.id)));
    for unreadable in &unreadable {
        report_unreadable(&mut plan, declared, unreadable);
    }
    orphans::plan(&mut plan, declared, live, &index, sightings, orphans);
    plan.users = users(declared, &plan.changes);
    plan
}

fn plan_declared<'a>(
    plan: &mut Plan,
    declaration: &'a Arc<Declaration>,
    live: &Destinations,
    index: &destinations::Index<'_>,
    sightings: &mut Sightings<'a>,
) {
    checks::limits(plan, declaration);
    let monitor = match &declaration.resource {
        Resource::Destination(destination) => {
            checks::accounts(plan, declaration, destination, live);
            return destinations::plan(plan, declaration, destination, index, &sightings.claims);
        }
        Resource::Monitor(monitor) => monitor,
    };
    checks::references(plan, declaration, monitor, live);
    checks::delegates(plan, declaration, monitor, &sightings.absent);
    let (kind, name) = (monitor.kind(), &monitor.name);
    let ids = sightings.ids(kind, name);
    if ids.len() > 1 {
        return refuse_namesakes(plan, declaration, ids.into_iter());
    }
    let sighting = match sightings.found.remove(&(kind, name)) {
        None => renamed(sightings, declaration, monitor, plan).map(Sighting::Otherwise),
        found => found,
    };
    let Some(sighting) = sighting else { return plan_new(plan, declaration) };
    // workflows speak of it by its id
    plan.directory.insert(declaration.resource.key(), sighting.id().clone());
    plan_monitor(plan, declaration, monitor, sighting);
}

/// What the declared e-mails make use of.
fn relays(declared: &Declared) -> BTreeMap<Name, Vec<Key>> {
    let relays = declared.resources.iter().filter_map(|declaration| match &declaration.resource {
        Resource::Destination(destination) => Some((destination.name.clone(), keys_of(destination))),
        Resource::Monitor(_) => None,
    });
    relays.filter(|(_, keys)| !keys.is_empty()).collect()
}

/// What is declared to refer to each resource that changes, through an e-mail too.
fn users(declared: &Declared, changes: &[Change]) -> BTreeMap<Key, BTreeSet<Key>> {
    let updated = changes.iter().filter(|change| change.action() == Action::Update).map(Change::key);
    let mut users: BTreeMap<Key, BTreeSet<Key>> = updated.map(|key| (key, BTreeSet::new())).collect();
    if users.is_empty() {
        return users;
    }
    let mut through: BTreeMap<Key, Vec<Key>> = BTreeMap::new();
    let (monitors, others): (Vec<_>, Vec<_>) =
        declared.resources.iter().partition(|declaration| declaration.resource.kind().is_scheduled());
    for declaration in others {
        let key = declaration.resource.key();
        for used in keys_of(&declaration.resource) {
            if let Some(users) = users.get_mut(&used) {
                users.insert(key.clone());
                through.entry(key.clone()).or_default().push(used);
            }
        }
    }
    for declaration in monitors {
        for used in keys_of(&declaration.resource) {
            for used in through.get(&used).into_iter().flatten().chain([&used]) {
                if let Some(users) = users.get_mut(used) {
                    users.insert(declaration.resource.key());
                }
            }
        }
    }
    users
}

/// Of a kind that the server lists nothing of, all that is declared would be made again.
fn refuse_hidden(plan: &mut Plan, declared: &Declared, kind: Kind, reason: &str) {
    let mut of_kind = declared.resources.iter().filter(|declaration| declaration.resource.kind() == kind);
    if let Some(first) = of_kind.next() {
        let message = format!("the server lists no {kind} to this user: {reason}");
        let hint = "it takes the right to search for them, and `email` among the allowed types";
        plan.problems.push(first.finding(None, message).hint(hint));
    }
}

/// The live monitor that has a former name of a declared one, if there is just one: the project's, or else nobody's,
/// which has lost its mark, and is taken over only when somebody says so.
fn renamed(
    sightings: &mut Sightings<'_>,
    declaration: &Declaration,
    after: &Monitor,
    plan: &Plan,
) -> Option<Box<LiveMonitor>> {
    let former: Vec<_> = declaration.previous.of_resource().collect();
    let is_former = |key: &Key| key.kind == after.kind() && former.contains(&&key.name);
    for candidates in [&mut sightings.orphans, &mut sightings.renamed] {
        let keys: Vec<_> = candidates.keys().filter(|(key, _)| is_former(key)).cloned().collect();
        if let [one] = keys.as_slice() {
            let mut live = candidates.remove(one)?;
            sightings::settle(after, &mut live, &plan.directory, plan.line);
            return Some(live);
        }
        if !keys.is_empty() {
            return None;
        }
    }
    None
}

fn plan_new(plan: &mut Plan, declaration: &Arc<Declaration>) {
    if let Resource::Monitor(monitor) = &declaration.resource {
        doubt_searches(plan, declaration, monitor);
    }
    plan.changes.push(Change::Create(Create { after: Arc::clone(declaration) }));
}

fn plan_monitor(plan: &mut Plan, declaration: &Arc<Declaration>, after: &Monitor, sighting: Sighting) {
    let (mut before, is_same) = match sighting {
        Sighting::Same { .. } => {
            plan.unchanged += 1;
            return;
        }
        Sighting::Unvouched(before) => (before, true),
        Sighting::Otherwise(before) => (before, false),
    };
    let owner = owner::of_monitor(&before, &plan.project, &declaration.previous.with_names_of(after));
    if is_same && after.kind() == Kind::Workflow {
        // nothing that we could write would say that it is ours
        plan.unchanged += 1;
        return;
    }
    if is_same && owner != Owner::Ours && plan.strangers == Strangers::Ask {
        plan.unmarked.push(Unmarked { key: declaration.resource.key(), owner });
        plan.unchanged += 1;
        return;
    }
    let is_noted = before.is_protected() == declaration.protected;
    if is_same && owner == Owner::Ours && is_noted && plan.unnamed(&before, after).is_empty() {
        plan.unchanged += 1;
        return;
    }
    warn_of_losses(plan, declaration, &before.unknown);
    warn_of_former_type(plan, declaration, &before.monitor, after);
    if canonical::monitor(after.clone(), plan.line).inputs != before.monitor.inputs {
        doubt_searches(plan, declaration, after);
    }
    before.monitor = plan.directory.with_names(before.monitor);
    let pair = Pair::Monitor { before, after: after.clone() };
    let declaration = Arc::clone(declaration);
    plan.changes.push(Change::Update(Box::new(Update { pair, owner, declaration })));
}

/// A server makes another type of a document-level monitor, and fails when it looks for the queries of the former one.
fn warn_of_former_type(plan: &mut Plan, declaration: &Declaration, before: &Monitor, after: &Monitor) {
    const DOCUMENT_LEVEL: &str = "doc_level_monitor";
    if before.monitor_type.as_str() == DOCUMENT_LEVEL && before.monitor_type != after.monitor_type {
        let message = format!(
            "{} is document-level in the cluster: servers make the change, and answer with an error",
            declaration.resource.key()
        );
        let hint = "plan again after the apply, or give the new monitor another name";
        plan.warnings.push(declaration.finding(None, message).hint(hint));
    }
}

/// Says what an update loses of what the cluster has, as pointers.
fn warn_of_losses(plan: &mut Plan, declaration: &Declaration, unknown: &[String]) {
    for pointer in unknown {
        let key = declaration.resource.key();
        let message = format!("{key} has `{pointer}` in the cluster, which alertform does not know");
        plan.warnings.push(declaration.finding(None, message).hint("the update loses it"));
    }
}

/// A search body that a server refuses keeps the whole monitor from being written; what we know of servers may be less
/// than what they take, above all with a plugin. But some bodies were seen to be taken once and for all.
fn doubt_searches(plan: &mut Plan, declaration: &Declaration, monitor: &Monitor) {
    for input in &monitor.inputs {
        let Input::Search { indices: _, body } = input else { continue };
        let Err(refusal) = dsl::rewrite(&body.value(), plan.line) else { continue };
        let reason = without(&declaration.secrets, &refusal.reason, COVER);
        let (key, line) = (declaration.resource.key(), plan.line);
        let finding = |message: String| declaration.finding(Some(Part::Input), message);
        if refusal.is_trap {
            let hint = "servers store such a monitor, and can then neither show, change nor delete it";
            plan.problems.push(finding(format!("{key}: {reason}")).hint(hint));
            continue;
        }
        let message = format!("{key}: line {line} is not known to take this search: {reason}");
        let hint = "the reason is as a server words it; one with a further plugin may take it";
        plan.warnings.push(finding(message).hint(hint));
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
    let key = declaration.resource.key();
    let message = format!("{key} is in the cluster {count} times, with the ids {ids}");
    let hint = "rename or delete all but one of them in the cluster";
    plan.problems.push(declaration.finding(None, message).hint(hint));
}

/// What cannot be understood is left alone; but if it may be what a file declares, nothing may be made in its place.
fn report_unreadable(plan: &mut Plan, declared: &Declared, unreadable: &Unreadable) {
    let key = Key { kind: unreadable.kind, name: unreadable.name.clone() };
    let namesake = declared.find(&key);
    let is_nameless = unreadable.name.as_str().is_empty();
    let hint = if is_nameless {
        "no name of it could be read, so it may be one that is declared: see to it in the cluster"
    } else {
        "it is left alone"
    };
    let finding = Finding {
        place: namesake.map(|declaration| declaration.place().clone()),
        message: format!(
            "{key} (id `{}`) in the cluster cannot be understood: {}",
            unreadable.id, unreadable.reason
        ),
        hint: Some(hint.to_owned()),
    };
    if namesake.is_some() || is_nameless {
        plan.problems.push(finding);
    } else {
        plan.warnings.push(finding);
    }
}

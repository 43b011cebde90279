//! Declared destinations beside live ones.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use super::deleted::Missing;
use crate::api::live::{Destinations, LiveDestination};
use crate::api::wire::directory::Directory;
use crate::api::wire::{canonical, config_id};
use crate::model::destination::{Destination, Target};
use crate::model::reference::keys_of;
use crate::model::resource::{Key, Kind, Resource};
use crate::owner::{self, Claims, Owner};
use crate::plan::{Change, Pair, Plan, Strangers, Unmarked, Update};
use crate::source::declared::{Declaration, Declared};

/// Declared destinations and the live ones that each may stand for.
pub struct Index<'a> {
    live: HashMap<Key, Vec<&'a LiveDestination>>,
    /// What is declared, by the ids that we choose for it.
    chosen: HashMap<String, Key>,
    declared: HashSet<Key>,
    /// What is declared, by what it was called before, where the cluster has only that.
    renamed: HashMap<Key, Key>,
    /// What is told by a declared monitor, or by an e-mail that one tells.
    told: HashSet<Key>,
}

impl<'a> Index<'a> {
    /// Makes the index; a channel whose id we chose for a declared name stands for that name alone, whatever it is
    /// called now.
    pub fn of(declared: &'a Declared, live: &'a Destinations, project: &str) -> Self {
        let mut index = Self {
            live: HashMap::new(),
            chosen: HashMap::new(),
            declared: HashSet::new(),
            renamed: HashMap::new(),
            told: HashSet::new(),
        };
        // monitors first, since they say which e-mails are told
        for declaration in declared.resources.iter().rev() {
            match &declaration.resource {
                Resource::Destination(destination) => {
                    let key = declaration.resource.key();
                    if index.told.contains(&key) {
                        index.told.extend(keys_of(destination));
                    }
                    index.chosen.insert(config_id::of(project, &key), key.clone());
                    index.declared.insert(key);
                }
                // a workflow has no place for a mark
                Resource::Monitor(monitor) if monitor.kind() == Kind::Workflow => {}
                Resource::Monitor(monitor) => index.told.extend(keys_of(monitor)),
            }
        }
        index.renamed = renamed(declared, live, project);
        for live in &live.live {
            index.live.entry(index.key_of(live)).or_default().push(live);
        }
        index
    }

    /// What a live destination stands for, whose name may have been changed.
    fn key_of(&self, live: &LiveDestination) -> Key {
        let key = live.key();
        self.chosen.get(&live.id).or_else(|| self.renamed.get(&key)).cloned().unwrap_or(key)
    }

    /// The live destinations that a declared one may stand for.
    pub fn find(&self, key: &Key) -> &[&'a LiveDestination] {
        self.live.get(key).map(Vec::as_slice).unwrap_or_default()
    }

    /// Another declared one that a live destination stands for which is called `key`: it was renamed, by us or by hand,
    /// and what it is to be nobody knows.
    pub fn stands_for_another(&self, key: &Key) -> Option<&Key> {
        let mut live = self.live.iter();
        live.find_map(|(stands_for, live)| live.iter().any(|live| live.key() == *key).then_some(stands_for))
    }

    /// Whether a live destination stands for a declared one.
    pub fn is_declared(&self, live: &LiveDestination) -> bool {
        self.declared.contains(&self.key_of(live))
    }

    /// What is declared and not there, by the ids that we choose for it.
    pub fn missing(&self) -> impl Iterator<Item = (&str, &Key)> {
        let missing = self.chosen.iter().filter(|(_, key)| self.find(key).is_empty());
        missing.map(|(id, key)| (id.as_str(), key))
    }

    /// Whether a declared monitor tells it, so that there is a mark to say whose it is.
    pub fn is_told(&self, key: &Key) -> bool {
        self.told.contains(key)
    }
}

/// The declared names of destinations by their former ones, where the cluster has only the former.
fn renamed(declared: &Declared, live: &Destinations, project: &str) -> HashMap<Key, Key> {
    let others =
        live.live.iter().filter(|live| config_id::project_of(&live.id).is_some_and(|other| other != project));
    let others: HashSet<Key> = others.map(LiveDestination::key).collect();
    let there: HashSet<Key> = live.live.iter().map(LiveDestination::key).collect();
    let mut renamed = HashMap::new();
    for declaration in &declared.resources {
        let key = declaration.resource.key();
        if key.kind.is_scheduled() || there.contains(&key) {
            continue;
        }
        let former = declaration.previous.of_resource();
        let former = former.map(|name| Key { kind: key.kind, name: name.clone() });
        renamed.extend(former.filter(|former| !others.contains(former)).map(|former| (former, key.clone())));
    }
    renamed
}

/// Which name leads to which id, each by the name that it stands for. A channel that is not there has the id already that
/// it will have: what refers to it, since it was deleted, need not be written.
pub fn directory(live: &Destinations, index: &Index<'_>, missing: &Missing<'_>) -> Directory {
    let there = live.live.iter().map(|live| (live.id.clone(), index.key_of(live)));
    Directory::of(there.chain(missing.ids()))
}

/// Plans a declared destination.
pub fn plan(
    plan: &mut Plan,
    declaration: &Arc<Declaration>,
    destination: &Destination,
    index: &Index<'_>,
    claims: &Claims,
) {
    let key = declaration.resource.key();
    let name = &key.name;
    let before = match index.find(&key) {
        [] => {
            if let Some(Key { name: holder, .. }) = index.stands_for_another(&key) {
                let message = format!(
                    "the channel that is named `{name}` in the cluster has the id of `{holder}`, which is declared too"
                );
                let hint =
                    format!("give one of the two another name, or rename it to `{holder}` in the cluster");
                plan.problems.push(declaration.finding(None, message).hint(hint));
                return;
            }
            plan.owned.insert(key);
            return super::plan_new(plan, declaration);
        }
        [one] => *one,
        several => {
            return super::refuse_namesakes(plan, declaration, several.iter().map(|live| &live.id));
        }
    };
    let owner = owner::of_destination(before, &plan.project, claims);
    let after = plan.directory.with_ids(canonical::destination(destination.clone(), plan.line));
    if after == before.destination {
        plan.unchanged += 1;
        if owner == Owner::Ours || plan.strangers == Strangers::Adopt {
            plan.owned.insert(key);
        } else if owner != Owner::Nobody || index.is_told(&key) {
            plan.unmarked.push(Unmarked { key, owner });
        }
        return;
    }
    plan.owned.insert(key.clone());
    if plan.line.has_channels() && kind(&after) != kind(&before.destination) {
        let message = format!(
            "channel `{name}` is of type `{}` in the cluster, and the server changes no channel's type",
            kind(&before.destination),
        );
        let hint = "give the new one another name, and remove the old one with `--prune`";
        plan.problems.push(declaration.finding(None, message).hint(hint));
        return;
    }
    super::warn_of_losses(plan, declaration, &before.unknown);
    let mut before = before.clone();
    before.destination = plan.directory.with_names(before.destination);
    let pair = Pair::Destination { before, after: destination.clone() };
    let declaration = Arc::clone(declaration);
    plan.changes.push(Change::Update(Box::new(Update { pair, owner, declaration })));
}

fn kind(destination: &Destination) -> &str {
    match &destination.target {
        Target::Slack { .. } => "slack",
        Target::Chime { .. } => "chime",
        Target::CustomWebhook(_) => "webhook",
        Target::Email(_) => "email",
        Target::SmtpAccount(_) => "smtp_account",
        Target::SesAccount(_) => "ses_account",
        Target::EmailGroup { .. } => "email_group",
        Target::Other { kind, .. } => kind,
    }
}

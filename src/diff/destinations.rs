//! Declared destinations beside live ones.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use crate::api::live::{Destinations, LiveDestination};
use crate::api::wire::directory::Directory;
use crate::api::wire::{canonical, mark};
use crate::model::destination::{Destination, Target};
use crate::model::monitor::Reference;
use crate::model::name::Name;
use crate::model::resource::Resource;
use crate::owner::{self, Claims, Owner};
use crate::plan::{Change, Pair, Plan, Strangers, Unmarked, Update};
use crate::source::declared::{Declaration, Declared};
use crate::source::finding::Finding;

/// Declared destinations and the live ones that each may stand for.
pub struct Index<'a> {
    live: HashMap<&'a Name, Vec<&'a LiveDestination>>,
    /// The declared names, by the ids that we choose for them.
    chosen: HashMap<String, &'a Name>,
    declared: HashSet<&'a Name>,
    /// The declared names, by former ones that are in the cluster in their stead.
    renamed: HashMap<&'a Name, &'a Name>,
    told: HashSet<&'a Name>,
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
        for declaration in &declared.resources {
            match &declaration.resource {
                Resource::Destination(Destination { name, .. }) => {
                    index.chosen.insert(mark::config_id(project, name), name);
                    index.declared.insert(name);
                }
                Resource::Monitor(monitor) => {
                    index.told.extend(monitor.told().filter_map(|told| match told {
                        Reference::Name(name) => Some(name),
                        Reference::Id(_) => None,
                    }));
                }
            }
        }
        index.renamed = renamed(declared, live, project);
        for live in &live.live {
            index.live.entry(index.name_of(live)).or_default().push(live);
        }
        index
    }

    /// The name that a live destination stands for, which may have been changed.
    fn name_of(&self, live: &'a LiveDestination) -> &'a Name {
        let name = &live.destination.name;
        self.chosen.get(&live.id).or_else(|| self.renamed.get(name)).copied().unwrap_or(name)
    }

    /// The live destinations that a declared name may stand for.
    pub fn find(&self, name: &Name) -> &[&'a LiveDestination] {
        self.live.get(name).map(Vec::as_slice).unwrap_or_default()
    }

    /// Another declared name that a live destination stands for which is called `name`: it was renamed, by us or by
    /// hand, and what it is to be nobody knows.
    pub fn stands_for_another(&self, name: &Name) -> Option<&'a Name> {
        let mut live = self.live.iter();
        live.find_map(|(stands_for, live)| {
            live.iter().any(|live| live.destination.name == *name).then_some(*stands_for)
        })
    }

    /// Whether a live destination stands for a declared name.
    pub fn is_declared(&self, live: &'a LiveDestination) -> bool {
        self.declared.contains(self.name_of(live))
    }

    /// Whether a declared monitor tells the destination, so that there is a mark to say whose it is.
    pub fn is_told(&self, name: &Name) -> bool {
        self.told.contains(name)
    }
}

/// The declared names of destinations by their former ones, where the cluster has only the former.
fn renamed<'a>(declared: &'a Declared, live: &'a Destinations, project: &str) -> HashMap<&'a Name, &'a Name> {
    let others =
        live.live.iter().filter(|live| mark::project_of(&live.id).is_some_and(|other| other != project));
    let others: HashSet<&Name> = others.map(|live| &live.destination.name).collect();
    let there: HashSet<&Name> = live.live.iter().map(|live| &live.destination.name).collect();
    let missing = declared.resources.iter().filter(|declaration| {
        matches!(declaration.resource, Resource::Destination(_))
            && !there.contains(declaration.resource.name())
    });
    missing
        .flat_map(|declaration| {
            let former = declaration.previous.of_resource();
            let former = former.filter(|former| !others.contains(former));
            former.map(|former| (former, declaration.resource.name()))
        })
        .collect()
}

/// Which name leads to which id, each by the name that it stands for.
pub fn directory(live: &Destinations, index: &Index<'_>) -> Directory {
    Directory::of(live.live.iter().map(|live| (live.id.clone(), index.name_of(live).clone())))
}

/// Plans a declared destination.
pub fn plan(
    plan: &mut Plan,
    declaration: &Arc<Declaration>,
    destination: &Destination,
    index: &Index<'_>,
    claims: &Claims,
) {
    let name = &destination.name;
    let before = match index.find(name) {
        [] => {
            if let Some(holder) = index.stands_for_another(name) {
                plan.problems.push(Finding {
                    place: Some(declaration.place().clone()),
                    message: format!(
                        "the channel that is named `{name}` in the cluster has the id of `{holder}`, which is declared too"
                    ),
                    hint: Some(format!("give one of the two another name, or rename it to `{holder}` in the cluster")),
                });
                return;
            }
            plan.owned.insert(name.clone());
            return super::plan_new(plan, declaration);
        }
        [one] => *one,
        several => {
            return super::refuse_namesakes(plan, declaration, several.iter().map(|live| &live.id));
        }
    };
    let owner = owner::of_destination(before, &plan.project, claims);
    let after = canonical::destination(destination.clone(), plan.line);
    if after == before.destination {
        plan.unchanged += 1;
        if owner == Owner::Ours || plan.strangers == Strangers::Adopt {
            plan.owned.insert(name.clone());
        } else if owner != Owner::Nobody || index.is_told(name) {
            plan.unmarked.push(Unmarked { key: declaration.resource.key(), owner });
        }
        return;
    }
    plan.owned.insert(name.clone());
    if plan.line.has_channels() && kind(&after) != kind(&before.destination) {
        plan.problems.push(Finding {
            place: Some(declaration.place().clone()),
            message: format!(
                "channel `{name}` is of type `{}` in the cluster, and the server changes no channel's type",
                kind(&before.destination),
            ),
            hint: Some("give the new one another name, and remove the old one with `--prune`".to_owned()),
        });
        return;
    }
    let pair = Pair::Destination { before: before.clone(), after: destination.clone() };
    let declaration = Arc::clone(declaration);
    plan.changes.push(Change::Update(Box::new(Update { pair, owner, declaration })));
}

fn kind(destination: &Destination) -> &str {
    match &destination.target {
        Target::Slack { .. } => "slack",
        Target::Chime { .. } => "chime",
        Target::CustomWebhook(_) => "webhook",
        Target::Other { kind, .. } => kind,
    }
}

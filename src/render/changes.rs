//! A plan's changes in the terms of the YAML that people write, for all formats.

use std::collections::{BTreeSet, HashMap};
use std::iter;

use super::difference::{self, Difference};
use super::outline::{Line, Sign};
use super::{edits, words};
use crate::model::resource::Key;
use crate::model::secret::{COVER, without};
use crate::owner::Owner;
use crate::plan::drift::{self, Drift};
use crate::plan::ends::{self, End};
use crate::plan::risk::{self, Risk};
use crate::plan::{Action, Change, Focus, Pair, Plan};
use crate::source::place::Place;

/// A change as people see it.
#[derive(Clone, Debug)]
pub struct Shown {
    /// What is done.
    pub action: Action,
    /// The sign before it: of what is done, or, where drift is asked for, of what somebody did.
    pub sign: char,
    /// The word for it, likewise.
    pub verb: &'static str,
    /// What changes.
    pub key: Key,
    /// Where it is declared.
    pub place: Option<Place>,
    /// The item that made it of what stands there, if that is a family.
    pub item: Option<Place>,
    /// Its id in the cluster.
    pub id: Option<String>,
    /// Why it needs a word of consent, if it does.
    pub adoption: Option<String>,
    /// The destinations, accounts and groups that become the project's, which only its mark says.
    pub claimed: Vec<Key>,
    /// What a reviewer must not miss, the worst first.
    pub risks: Vec<Risk>,
    /// What ends with it that hangs on ids.
    pub ends: Vec<Ending>,
    /// What is declared to refer to it, of what changes.
    pub users: BTreeSet<Key>,
    /// What still refers to it, of what is made again since somebody deleted it.
    pub still_used_by: Option<Key>,
    /// Who moved what, of what is the project's.
    pub drift: Option<Drift>,
    /// What an update changes, in words.
    pub headline: Vec<String>,
    /// The lines that change.
    pub lines: Vec<Line>,
    /// How many lines of an update stay as they are, and are not shown.
    pub unchanged: usize,
    /// Whether all of its texts are covered, be they secret or not.
    pub is_opaque: bool,
}

impl Shown {
    /// Whether the headline says all that the lines do: values as they were and as they are, each of a line.
    pub fn is_said_in_full(&self) -> bool {
        let changed = self.lines.iter().filter(|line| line.sign != Sign::Above).count();
        let said = self.headline.iter().take(MOST_SAID).filter(|words| says_values(words)).count();
        self.action == Action::Update && said == self.headline.len() && changed <= 2 * said
    }

    /// What a reviewer must not miss and neither the headline nor a line below it says.
    pub fn unsaid_risks(&self) -> Option<String> {
        let unsaid = self.risks.iter().filter(|risk| !risk.kind.is_said());
        let unsaid: Vec<String> = unsaid.map(ToString::to_string).collect();
        (!unsaid.is_empty()).then(|| unsaid.join(", "))
    }

    /// Whether a reviewer must not miss it.
    pub fn is_risky(&self) -> bool {
        !self.risks.is_empty() || !self.ends.iter().all(Ending::is_quiet)
    }
}

/// What ends with a change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ending {
    /// In words.
    pub words: String,
    /// How many alerts end that are active, where that is known.
    pub alerts: Option<usize>,
}

impl Ending {
    /// Whether nothing is known to end now.
    pub fn is_quiet(&self) -> bool {
        self.alerts == Some(0)
    }
}

/// Whether words of a headline say what was and what is; an arrow in a name does not.
fn says_values(words: &str) -> bool {
    words.split('`').step_by(2).any(|unquoted| unquoted.contains(" -> "))
}

/// So many parts of a headline are shown.
pub const MOST_SAID: usize = 4;

/// Changes that say the same, of several resources.
#[derive(Clone, Debug)]
pub struct Group {
    /// The first of them.
    pub first: Shown,
    /// The others.
    pub others: Vec<Shown>,
    /// Whether the lines of all of them are the same; else the same words change in each.
    pub is_same: bool,
}

impl Group {
    /// The difference alone, of two sides of which neither is to become the other.
    pub fn strip_to_difference(&mut self) {
        for shown in iter::once(&mut self.first).chain(&mut self.others) {
            let Shown { place, item, adoption, claimed, risks, ends, users, still_used_by, drift, .. } =
                shown;
            (*place, *item, *adoption, *still_used_by, *drift) = (None, None, None, None, None);
            claimed.clear();
            risks.clear();
            ends.clear();
            users.clear();
        }
    }

    /// All of them.
    pub fn all(&self) -> impl Iterator<Item = &Shown> {
        iter::once(&self.first).chain(&self.others)
    }

    /// Whose the lines are, where those of the others differ in what does not change.
    pub fn whose_lines(&self) -> Option<String> {
        let words = |key: &Key| format!("these are the lines of {key}; in the others the same words change");
        (!self.is_same).then(|| words(&self.first.key))
    }

    /// When the cluster was written last, where it cannot be told who moved what; several have each their own time.
    pub fn written_unnoted(&self) -> Option<String> {
        self.first.drift.as_ref().filter(|_| self.others.is_empty())?.written_unnoted()
    }

    /// Whether nothing that matters is to be said below the headline but where it is declared, and its lines.
    pub fn has_only_lines(&self) -> bool {
        let Shown { adoption, claimed, ends, drift, .. } = &self.first;
        let has_drifted = drift.iter().any(|drift| !drift.lines().is_empty());
        self.others.is_empty()
            && adoption.is_none()
            && claimed.is_empty()
            && ends.iter().all(Ending::is_quiet)
            && !has_drifted
            && self.used().is_none()
            && self.deleted().is_none()
            && self.first.unsaid_risks().is_none()
    }

    /// That somebody deleted it, in words.
    pub fn deleted(&self) -> Option<String> {
        let user = self.first.still_used_by.as_ref()?;
        Some(format!("deleted in the cluster: {user} still refers to it"))
    }

    /// What is declared to refer to one of them at least, in words.
    pub fn used(&self) -> Option<String> {
        const MOST: usize = 5;
        let users: BTreeSet<&Key> = self.all().flat_map(|shown| &shown.users).collect();
        (!users.is_empty()).then(|| format!("used by {}", words::listed(users.into_iter(), MOST)))
    }
}

/// All changes of a plan as people see them: what is most at risk first, then what ends something, what changes and what
/// comes; updates that say the same are one.
pub fn groups(plan: &Plan) -> Vec<Group> {
    const LONG: usize = 10;
    let shown = plan.changes.iter().map(|change| show(plan, change));
    let mut places: HashMap<String, usize> = HashMap::new();
    let mut groups: Vec<Group> = Vec::new();
    for shown in shown {
        let can_be_one =
            shown.action == Action::Update && shown.adoption.is_none() && shown.claimed.is_empty();
        let drift = shown.drift.as_ref().map(Drift::lines);
        let text = format!(
            "{:?} {:?} {:?} {:?} {:?} {drift:?}",
            shown.key.kind,
            shown.headline,
            shown.risks,
            shown.ends,
            edits::edits(&shown.lines)
        );
        if can_be_one {
            if let Some(place) = places.get(&text) {
                let group = &mut groups[*place];
                group.is_same &= group.first.lines == shown.lines;
                group.others.push(shown);
                continue;
            }
            places.insert(text, groups.len());
        }
        groups.push(Group { first: shown, others: Vec::new(), is_same: true });
    }
    groups.sort_by_cached_key(|group| {
        let shown = &group.first;
        let worst = shown.risks.first().map(|risk| risk.kind);
        let ends = (shown.ends.iter().all(Ending::is_quiet), shown.ends.is_empty());
        // what many have in common is read last
        (worst.is_none(), worst, ends, rank(shown.action), group.others.len() > LONG)
    });
    groups
}

fn rank(action: Action) -> u8 {
    match action {
        Action::Delete => 0,
        Action::Update => 1,
        Action::Create => 2,
    }
}

/// A change of `plan` as people see it.
pub fn show(plan: &Plan, change: &Change) -> Shown {
    let (action, difference, adoption) = match change {
        Change::Create(create) => (Action::Create, Difference::of_new(plan, &create.after), None),
        Change::Update(update) => {
            (Action::Update, Difference::of_update(plan, update), adoption(&update.owner))
        }
        Change::Delete(delete) => (Action::Delete, Difference::of_gone(plan, &delete.before), None),
    };
    let Difference { headline, lines, unchanged, follows_schedule } = difference;
    let id = match change {
        Change::Create(_) => None,
        Change::Update(update) => Some(update.pair.id().to_owned()),
        Change::Delete(delete) => Some(delete.before.id().to_owned()),
    };
    let is_opaque = plan.opaque.contains(&change.key());
    let claimed = claimed(plan, change);
    let place = change.place().cloned();
    let item = change.declaration().and_then(|declaration| declaration.item.clone());
    let covered = |words: &str| without(&plan.secrets, words, COVER);
    let active = plan.active.as_ref();
    let ending = |end: &End| {
        let alerts = active.filter(|_| end.triggers() > 0).map(|active| end.alerts(active));
        Ending { words: covered(&end.words(active)), alerts }
    };
    let ends = match plan.focus {
        Focus::All => ends::of(change).iter().map(ending).collect(),
        // nothing is to be done
        Focus::Drift => Vec::new(),
    };
    let risks = risk::of(plan, change).into_iter().map(|risk| {
        let detail = risk.detail.as_deref().filter(|_| !is_opaque).map(covered);
        Risk { detail, ..risk }
    });
    let risks = risks.collect();
    let headline = headline.iter().map(|words| covered(words)).collect();
    let mut drift = drift::of(plan, change).map(|drift| drift.with_words(covered));
    if let Some(drift) = drift.as_mut().filter(|_| follows_schedule) {
        drift.forget(difference::QUERY);
    }
    let (sign, verb) = match (plan.focus, action) {
        (Focus::All, action) => (action.sign(), action.as_str()),
        (Focus::Drift, Action::Create) => ('-', "missing"),
        (Focus::Drift, Action::Update | Action::Delete) => ('~', "changed"),
    };
    let key = change.key();
    let users = plan.users.get(&key).cloned().unwrap_or_default();
    let still_used_by = plan.deleted.get(&key).cloned();
    Shown {
        action,
        sign,
        verb,
        key,
        place,
        item,
        id,
        adoption,
        claimed,
        risks,
        ends,
        users,
        still_used_by,
        drift,
        headline,
        lines,
        unchanged,
        is_opaque,
    }
}

/// The destinations, accounts and groups that become the project's by this change's mark.
fn claimed(plan: &Plan, change: &Change) -> Vec<Key> {
    let Change::Update(update) = change else { return Vec::new() };
    let Pair::Monitor { before, after } = &update.pair else { return Vec::new() };
    plan.unnamed(before, after)
}

fn adoption(owner: &Owner) -> Option<String> {
    match owner {
        Owner::Ours => None,
        Owner::Nobody => Some("it bears no mark of this project".to_owned()),
        Owner::Project(project) => Some(format!("it bears the mark of {}", words::project(project))),
    }
}

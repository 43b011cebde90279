//! Who moved what an update changes: the files, the cluster, or both. What our last write held is noted in the mark,
//! field by field; what a field holds in the files and in the cluster is held against that.

use std::collections::BTreeMap;

use super::{Change, Focus, LeftOut, Owner, Pair, Plan, Update};
use crate::api::line::Line;
use crate::api::live::{DestinationRevision, LiveMonitor, Revision};
use crate::api::wire::mark::Mark;
use crate::api::wire::{canonical, dsl, note};
use crate::model::field::{Field, fields};
use crate::model::monitor::{Input, Monitor};
use crate::model::resource::Kind;
use crate::one_line::one_line;

/// Who moved a field since our last write.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Mover {
    /// Somebody who wrote to the cluster.
    Cluster,
    /// The files and the cluster, each its own way.
    Both,
    /// The one or the other: nothing notes what we wrote.
    Unknown,
    /// The files.
    Files,
}

impl Mover {
    /// The word for it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Mover::Cluster => "cluster",
            Mover::Both => "both",
            Mover::Unknown => "unknown",
            Mover::Files => "files",
        }
    }
}

/// What moved of a resource that is the project's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Drift {
    /// The fields that differ, in words, and who moved each; where no field can be named, one without words. Empty for
    /// a destination, of which nothing is noted.
    pub moved: Vec<(Option<String>, Mover)>,
    /// When the cluster was written last, in milliseconds since 1970, where the server says so.
    pub written_at: Option<u64>,
    /// Who wrote it then, where the server says so.
    pub written_by: Option<String>,
}

/// Who moved what a change is to undo or to bring; `None` for what comes or goes, and for what is not the project's.
pub fn of(plan: &Plan, change: &Change) -> Option<Drift> {
    match change {
        Change::Update(update) if update.owner == Owner::Ours => Some(of_update(plan, update)),
        Change::Create(_) | Change::Update(_) | Change::Delete(_) => None,
    }
}

impl Plan {
    /// Leaves out what the files alone changed, and what the project leaves alone anyway.
    pub fn focus_on_drift(&mut self) {
        self.focus = Focus::Drift;
        let changes = std::mem::take(&mut self.changes);
        let (drift, others) = changes.into_iter().partition(|change| is_drift(self, change));
        self.changes = drift;
        self.left_out.extend(others.iter().map(|change: &Change| (change.key(), LeftOut::Files)));
        self.unmarked.clear();
        self.orphans.clear();
    }
}

/// Whether somebody may have moved it in the cluster: a resource that is not there may have been deleted, and one that
/// is not the project's was not written by its files.
fn is_drift(plan: &Plan, change: &Change) -> bool {
    match change {
        Change::Create(_) => true,
        Change::Update(_) => of(plan, change).is_none_or(|drift| drift.is_of_cluster()),
        Change::Delete(_) => false,
    }
}

impl Drift {
    /// Whether somebody may have moved something in the cluster.
    pub fn is_of_cluster(&self) -> bool {
        self.moved.is_empty() || self.moved.iter().any(|(_, by)| *by != Mover::Files)
    }

    /// The same with other words for fields.
    #[must_use]
    pub fn with_words(mut self, words: impl Fn(&str) -> String) -> Self {
        for (field, _) in &mut self.moved {
            *field = field.as_deref().map(&words);
        }
        self.written_by = self.written_by.as_deref().map(words);
        self
    }

    /// Leaves out a field that only follows another one.
    pub fn forget(&mut self, field: &str) {
        if self.moved.len() > 1 {
            self.moved.retain(|(moved, _)| moved.as_deref() != Some(field));
        }
    }

    /// Whether somebody moved something in the cluster without a doubt.
    pub fn is_certain(&self) -> bool {
        self.moved.iter().any(|(_, by)| matches!(by, Mover::Cluster | Mover::Both))
    }

    /// In words, a line for each mover but the files, whose moves are what a plan is about.
    pub fn lines(&self) -> Vec<String> {
        let mut lines = Vec::new();
        for (mover, words) in [
            (Mover::Cluster, "changed in the cluster"),
            (Mover::Both, "changed in the files and, otherwise, in the cluster"),
            (Mover::Unknown, "changed in the files or in the cluster"),
        ] {
            let moved: Vec<Option<&str>> =
                self.moved.iter().filter(|(_, by)| *by == mover).map(|(field, _)| field.as_deref()).collect();
            let named: Vec<&str> = moved.iter().copied().flatten().collect();
            if !named.is_empty() {
                lines.push(format!("{words}: {}", named.join(", ")));
            } else if !moved.is_empty() {
                lines.push(words.to_owned());
            }
        }
        if let (Some(last), Some(written)) = (lines.last_mut(), self.written()) {
            last.push_str(", ");
            last.push_str(&written);
        }
        lines
    }

    /// When it was written last, and by whom, where it cannot be told who moved what.
    pub fn written_unnoted(&self) -> Option<String> {
        if self.moved.is_empty() { self.written() } else { None }
    }

    fn written(&self) -> Option<String> {
        let at = self.written_at.and_then(time).map(|time| format!("last written {time}"));
        let by = self.written_by.as_ref().map(|who| format!(" by `{}`", one_line(who)));
        at.map(|at| at + &by.unwrap_or_default())
    }
}

/// A time as people and programs read it: `2026-03-01T09:30:00Z`.
pub fn time(milliseconds: u64) -> Option<String> {
    let time = chrono::DateTime::from_timestamp_millis(i64::try_from(milliseconds).ok()?)?;
    Some(time.format("%Y-%m-%dT%H:%M:%SZ").to_string())
}

fn of_update(plan: &Plan, update: &Update) -> Drift {
    match &update.pair {
        // it has no place for a note; where drift is asked for that is said
        Pair::Destination { before, .. } => Drift {
            moved: match plan.focus {
                Focus::All => Vec::new(),
                Focus::Drift => vec![(None, Mover::Unknown)],
            },
            written_at: match before.revision {
                DestinationRevision::Document { .. } => None,
                DestinationRevision::Channel { last_updated_time_ms } => Some(last_updated_time_ms),
            },
            written_by: None,
        },
        // nor has a workflow
        Pair::Monitor { before, after } if after.kind() == Kind::Workflow && plan.focus == Focus::All => {
            Drift {
                moved: Vec::new(),
                written_at: Some(before.revision.times.stored).filter(|at| *at > 0),
                written_by: before.written_by.clone(),
            }
        }
        Pair::Monitor { before, after } => {
            let after = plan.directory.with_ids(canonical::monitor(after.clone(), plan.line));
            let live = plan.directory.with_ids(before.monitor.clone());
            let stored = before.revision.times.stored;
            Drift {
                moved: moved(before, &live, &after, plan.line),
                written_at: (stored > 0).then_some(stored),
                written_by: before.written_by.clone(),
            }
        }
    }
}

/// Who moved which field; of a trigger or an action that only one side has, the whole.
fn moved(
    before: &LiveMonitor,
    live: &Monitor,
    after_monitor: &Monitor,
    line: Line,
) -> Vec<(Option<String>, Mover)> {
    let mark = before.mark.as_ref();
    let Revision { version, times, .. } = before.revision;
    let is_untouched = mark.is_some_and(|mark| mark.is_of_last_write(&before.id, version, times));
    let (live, after): (BTreeMap<_, _>, BTreeMap<_, _>) =
        (fields(live).into_iter().collect(), fields(after_monitor).into_iter().collect());
    let mut moved: Vec<(Option<String>, Mover)> = Vec::new();
    for field in live.keys().chain(after.keys().filter(|field| !live.contains_key(*field))) {
        let (is, wanted) = (live.get(field), after.get(field));
        if is == wanted {
            continue;
        }
        let whole = of_the_whole(field, &live, &after);
        let mover = match mark {
            _ if is_untouched => Mover::Files,
            // a server's spelling of what we sent is nobody's move
            Some(_) if is_unknown_search(field, after_monitor, line) => Mover::Unknown,
            Some(mark) if !mark.fields.is_empty() => match mover(mark, field, is, wanted) {
                // of a trigger or an action that came whole, whoever has it brought it
                Mover::Unknown if whole.is_some() && wanted.is_none() => Mover::Cluster,
                Mover::Unknown if whole.is_some() => Mover::Files,
                mover => mover,
            },
            Some(_) | None => Mover::Unknown,
        };
        let words = whole.unwrap_or_else(|| field.to_string());
        match moved.iter_mut().find(|(known, _)| known.as_ref() == Some(&words)) {
            Some((_, known)) if *known != mover => *known = Mover::Both,
            Some(_) => {}
            None => moved.push((Some(words), mover)),
        }
    }
    if moved.is_empty() {
        // an order, or the mark alone
        let mover = if is_untouched { Mover::Files } else { Mover::Unknown };
        moved.push((None, mover));
    }
    moved
}

/// Who moved a field, by what was noted of it.
fn mover(mark: &Mark, field: &Field, is: Option<&String>, wanted: Option<&String>) -> Mover {
    let was = |value: Option<&String>| value.is_some_and(|value| note::has(&mark.fields, field, value));
    match (was(is), was(wanted)) {
        (true, _) => Mover::Files,
        (false, true) => Mover::Cluster,
        // it may have been there and gone, or never
        (false, false) if wanted.is_none() || is.is_none() => Mover::Unknown,
        (false, false) => Mover::Both,
    }
}

/// Whether a field is a search that we do not know how servers spell.
fn is_unknown_search(field: &Field, after: &Monitor, line: Line) -> bool {
    let is_unknown = |input: &Input| match input {
        Input::Search { body, .. } => dsl::rewrite(&body.value(), line).is_err(),
        Input::Composite(_) | Input::Other(_) => false,
    };
    field.trigger.is_none() && field.key == "query" && after.inputs.iter().any(is_unknown)
}

type Values = BTreeMap<Field, String>;

/// The trigger or the action of a field, if only one side has it.
fn of_the_whole(field: &Field, live: &Values, after: &Values) -> Option<String> {
    let is_on = |side: &Values, whole: &dyn Fn(&Field) -> bool| side.keys().any(whole);
    let trigger = |other: &Field| other.trigger == field.trigger;
    let action = |other: &Field| other.trigger == field.trigger && other.action == field.action;
    let name = field.trigger.as_ref()?;
    if !(is_on(live, &trigger) && is_on(after, &trigger)) {
        return Some(format!("trigger `{name}`"));
    }
    let name = field.action.as_ref()?;
    let is_on_both = is_on(live, &action) && is_on(after, &action);
    (!is_on_both).then(|| format!("action `{name}`"))
}

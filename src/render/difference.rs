//! What a change changes, in words and in lines of the YAML that people write, with its secrets covered.

use super::align::{Aligned, align};
use super::outline::{Line, Sign, outline};
use super::{headline, shapes};
use crate::api::live::{LiveMonitor, LiveResource};
use crate::api::wire::doc_queries;
use crate::model::cover::{conceal, cover, cover_destinations, cover_pair};
use crate::model::destination::Destination;
use crate::model::monitor::Monitor;
use crate::model::resource::Resource;
use crate::model::secret::{COVER, Secret, without};
use crate::plan::{Focus, Pair, Plan, Update};
use crate::source::declared::Declaration;
use crate::source::print::{print_masked, print_outline, print_pair};
use crate::source::sought::{follows_schedule, sought};

/// What changes, in words and in lines.
pub struct Difference {
    /// In words; nothing of what comes as a whole and is no monitor.
    pub headline: Vec<String>,
    /// The lines that change.
    pub lines: Vec<Line>,
    /// How many lines stay as they are.
    pub unchanged: usize,
    /// Whether all that changes of the query is its window, which nobody wrote, and which follows the schedule.
    pub follows_schedule: bool,
}

/// The field, as drift names it.
pub const QUERY: &str = "query";

impl Difference {
    /// All of what is to be made.
    pub fn of_new(plan: &Plan, declaration: &Declaration) -> Self {
        let Declaration { resource, secrets, .. } = declaration;
        let shown =
            if plan.opaque.contains(&resource.key()) { conceal(resource) } else { cover(resource, secrets) };
        let sign = match plan.focus {
            Focus::All => Sign::Added,
            Focus::Drift => Sign::Removed,
        };
        let whole = Self::whole(&print_masked(&shown, plan.fingerprints.as_ref()), sign);
        match resource {
            Resource::Monitor(monitor) => Self { headline: headline::of_new(monitor), ..whole },
            Resource::Destination(_) => whole,
        }
    }

    /// What an update changes: both sides canonical and with names for ids, secrets covered.
    pub fn of_update(plan: &Plan, update: &Update) -> Self {
        let secrets = &*plan.secrets_of(&update.declaration);
        match &update.pair {
            Pair::Destination { before, after } => {
                of_destinations(plan, (&before.destination, after), secrets)
            }
            Pair::Monitor { before, after } => {
                of_monitors(plan, (before, after), &update.declaration, secrets)
            }
        }
    }

    /// All of what goes.
    pub fn of_gone(plan: &Plan, gone: &LiveResource) -> Self {
        match gone {
            LiveResource::Destination(live) => {
                // nobody notes of a channel whether secrets were filled in
                let shown = conceal(&Resource::Destination(live.destination.clone()));
                Self::whole(&print_masked(&shown, plan.fingerprints.as_ref()), Sign::Removed)
            }
            LiveResource::Monitor(live) => {
                let text = without(&plan.secrets, &print_outline(&live.monitor), COVER);
                let mut gone = Self::whole(&text, Sign::Removed);
                if live.mark.as_ref().is_some_and(|mark| mark.secrets > 0) {
                    // its indices may have one too
                    gone.lines.iter_mut().for_each(Line::cover);
                }
                Self { headline: headline::of_gone(&live.monitor), ..gone }
            }
        }
    }

    /// All of a text that comes or goes.
    fn whole(text: &str, sign: Sign) -> Self {
        let lines = text.lines().map(|line| Line { sign, text: line.to_owned() }).collect();
        Self { headline: Vec::new(), lines, unchanged: 0, follows_schedule: false }
    }
}

fn of_destinations(
    plan: &Plan,
    (live, after): (&Destination, &Destination),
    secrets: &[Secret],
) -> Difference {
    let after = plan.destination_to_live(after);
    let (shown_live, shown_after) = cover_destinations(live, &after, secrets);
    let is_opaque = plan.opaque.contains(&after.key());
    let headline = match plan.focus {
        _ if is_opaque => Vec::new(),
        Focus::All => headline::of_destination(&shown_live, &shown_after),
        Focus::Drift => headline::of_destination(&shown_after, &shown_live),
    };
    let (live, after) = (Resource::Destination(live.clone()), Resource::Destination(after));
    let (mut lines, unchanged) = lines(plan, secrets, (&live, &after), Aligned::default());
    if is_opaque {
        lines.iter_mut().filter(|line| line.sign != Sign::Above).for_each(Line::cover);
    }
    Difference { headline, lines, unchanged, follows_schedule: false }
}

fn of_monitors(
    plan: &Plan,
    (before, after): (&LiveMonitor, &Monitor),
    declaration: &Declaration,
    secrets: &[Secret],
) -> Difference {
    let mut after = plan.monitor_to_live(after);
    let renamed = declaration.previous.renamed(&before.monitor, &after);
    let was_protected = before.is_protected();
    let mut live = before.monitor.clone();
    doc_queries::forget_where_none_is_stated(&mut live, &after);
    // a secret that is filled in no more may stand in any of the texts that live
    let mark = before.mark.as_ref();
    let is_opaque = plan.opaque.contains(&after.key());
    let may_tell = is_opaque
        || declaration.has_emptied()
        || mark.is_some_and(|mark| mark.secrets > declaration.filled());
    let sayable = (!may_tell).then_some(&*plan.secrets);
    let mut headline = match plan.focus {
        Focus::All => headline::of_monitor(&live, &renamed, &after, sayable),
        Focus::Drift => headline::of_monitor(&after, &after, &live, sayable),
    };
    match (plan.focus, was_protected, declaration.protected) {
        (Focus::All, false, true) => headline.push("protected".to_owned()),
        (Focus::All, true, false) => headline.push("no longer protected".to_owned()),
        (Focus::Drift, false, true) if before.mark.is_none() => {
            headline.push("no longer protected: its mark is gone".to_owned());
        }
        (Focus::Drift, false, false) if headline.is_empty() && before.mark.is_none() => {
            headline.push("its mark is gone".to_owned());
        }
        _ => {}
    }
    let follows_schedule = match (sought(&live), sought(&after)) {
        (Some(was), Some(is)) => follows_schedule(&was, &is),
        _ => false,
    };
    let (mut live, mut aligned) = align(&live, &renamed, &after);
    if plan.focus == Focus::Drift {
        aligned.turn_round();
    }
    shapes::spell_out_alike(&mut live, &mut after, plan.line);
    let (live, after) = (Resource::Monitor(live), Resource::Monitor(after));
    let (mut lines, unchanged) = lines(plan, secrets, (&live, &after), aligned);
    if may_tell {
        let sign = match plan.focus {
            Focus::All => Sign::Removed,
            Focus::Drift => Sign::Added,
        };
        let may_hold = |line: &&mut Line| line.sign == sign || is_opaque && line.sign != Sign::Above;
        lines.iter_mut().filter(may_hold).for_each(Line::cover);
    }
    Difference { headline, lines, unchanged, follows_schedule }
}

/// The changed lines, those of them first that only an order changes, and how many stay: from what lives to what is
/// declared, or, where drift is asked for, the other way round.
fn lines(
    plan: &Plan,
    secrets: &[Secret],
    (live, declared): (&Resource, &Resource),
    aligned: Aligned,
) -> (Vec<Line>, usize) {
    let Aligned { moved, renamed } = aligned;
    let (live, declared) = cover_pair(live, declared, secrets);
    let key = plan.fingerprints.as_ref();
    let (before, after) = match plan.focus {
        Focus::All => print_pair(&live, &declared, key),
        Focus::Drift => print_pair(&declared, &live, key),
    };
    let (lines, unchanged) = outline(&before, &after, &renamed);
    (moved.into_iter().chain(lines).collect(), unchanged)
}

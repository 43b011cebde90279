//! Carries a plan out: what others refer to first, then those, then what is to go; a few writes at once, each guarded;
//! and an account of all of it.

mod context;
mod destination;
mod listing;
mod lost;
mod monitor;
mod notice;
mod order;
mod report;
mod rivals;
mod step;

use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use futures_util::{StreamExt, stream};

pub use report::{Done, Failed, NotTried, Report};

use context::Context;
use order::{Phase, Step, is_creation};
use report::Effect;
use rivals::{Rival, Turn};

use crate::api::client::Client;
use crate::api::line::Line;
use crate::api::live::LiveResource;
use crate::api::read::{self, REFRESH_INTERVAL};
use crate::api::write::Refresh;
use crate::error::Error;
use crate::model::resource::{Key, Kind};
use crate::plan::{Change, Plan};

/// What a caller hears of while the plan is carried out.
pub type Progress<'a> = &'a (dyn Fn(&Change, Outcome) + Sync);

/// How one change ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It is done.
    Done,
    /// It is not, as far as we know.
    Failed,
}

/// How a plan is carried out.
#[derive(Clone, Copy)]
pub struct Manner<'a> {
    /// At most so many writes at once.
    pub concurrency: usize,
    /// Once it is set nothing new is begun.
    pub stop: &'a AtomicBool,
    /// Hears of each change.
    pub progress: Progress<'a>,
}

/// Carries a plan out.
pub async fn apply(plan: &Plan, client: &Client, manner: Manner<'_>) -> Report {
    let directory = RefCell::new(plan.directory.clone());
    let halt = Cell::new(None);
    let context = Context { plan, client, directory: &directory, halt: &halt };
    let mut report = Report::default();
    // what another apply can make too
    let mut made: BTreeSet<Key> = BTreeSet::new();
    let last = order::last_in_index(plan);
    let mut is_hidden = false;
    if plan.changes.iter().any(is_creation) {
        must_be_alone(&context, manner.stop, &mut made, &mut report).await;
    }
    let may_go_on = || halt.get().is_none() && !manner.stop.load(Ordering::Relaxed);
    let posted = if may_go_on() { notice::post(&context).await } else { None };
    for phase in Phase::all() {
        let told = match phase {
            Phase::Gone(kind) if may_go_on() && order::changes(plan, phase).next().is_some() => match kind {
                Kind::Destination => rivals::told(&context).await,
                Kind::EmailAccount | Kind::EmailGroup => rivals::used(&context).await,
                Kind::Monitor | Kind::Workflow => Ok(BTreeSet::new()),
            },
            _ => Ok(BTreeSet::new()),
        };
        let ready = ready(plan, phase, told, &mut report);
        // whether something was made since somebody else's work was looked for
        let mut is_unseen = false;
        for Step { changes, refresh, goes_ahead } in order::steps(ready, last) {
            let written = run(&context, changes, refresh, manner, &mut report).await;
            if written.iter().any(|change| step::is_indexed(change, plan.line)) {
                is_hidden = refresh == Refresh::Later;
            }
            made.extend(creations(&written, plan.line).map(Change::key));
            if goes_ahead && (!written.is_empty() || report.has_met_another()) {
                must_be_alone(&context, manner.stop, &mut made, &mut report).await;
            } else {
                is_unseen |= creations(&written, plan.line).next().is_some();
            }
        }
        if is_unseen && halt.get().is_none() {
            must_be_alone(&context, manner.stop, &mut made, &mut report).await;
        }
    }
    if is_hidden || report.may_have_done_more() {
        // the write that makes the others be found failed, or was not begun, or its answer was lost: a plan right after
        // this must be right too
        tokio::time::sleep(REFRESH_INTERVAL).await;
    }
    if let Err(error) = listing::await_written(client, plan.line, &mut report).await {
        report.unseen.get_or_insert(error);
    }
    let may_be_nobodys = made.iter().any(|key| !key.kind.is_scheduled()) || report.may_have_done_more();
    if report.is_success() {
        notice::take_down(client, plan, posted, outlived(plan)).await;
    } else if !may_be_nobodys {
        // those of runs before this one may still tell of something
        notice::take_down(client, plan, posted, &[]).await;
    }
    report
}

/// The notices that nothing is known by alone any more, once the plan is carried out: not while something that is no longer
/// declared stays.
fn outlived(plan: &Plan) -> &[String] {
    let is_known = plan.orphans.iter().all(|orphan| orphan.key.kind.is_scheduled());
    if is_known { &plan.notices } else { &[] }
}

/// Takes down notices of what is known by now; nothing else is to be done.
pub async fn tidy(plan: &Plan, client: &Client) {
    notice::take_down(client, plan, None, outlived(plan)).await;
}

/// Sees to it that nothing is there twice that somebody else makes too: of two, whoever made the later one takes it back.
/// Whoever is left with nothing that he made leaves the rest to the other, and begins nothing new.
///
/// So two applies cannot both leave it to each other: what one of them lost the other has.
async fn must_be_alone(
    context: &Context<'_>,
    stop: &AtomicBool,
    made: &mut BTreeSet<Key>,
    report: &mut Report,
) {
    const PATIENCE: u32 = 20;
    const PAUSE: Duration = Duration::from_millis(500);
    if made.is_empty() && report.has_met_another() {
        return context.halt.set(Some(NOT_ALONE));
    }
    for look in 0..=PATIENCE {
        let revealed = read::reveal(context.client, context.plan.line).await;
        let found = match revealed {
            Ok(()) => rivals::find(context, made, report).await,
            Err(error) => Err(error),
        };
        let rivals = match found {
            Ok(rivals) => rivals,
            Err(error) => {
                report.unseen.get_or_insert(error);
                return context.halt.set(Some("nobody knows what else was made since the plan"));
            }
        };
        let is_last_look = look == PATIENCE || stop.load(Ordering::Relaxed);
        let (mut is_awaited, mut has_lost) = (false, false);
        for Rival { change, turn } in rivals {
            let key = change.key();
            let (theirs, error) = match turn {
                // another apply takes its own back in a moment
                Turn::Ours if !is_last_look => {
                    is_awaited = true;
                    continue;
                }
                Turn::Ours => (None, Error::MadeTwice),
                Turn::Theirs(theirs) => (Some(theirs), Error::MadeMeanwhile),
                Turn::TheirsBeforeOurs(theirs, ours) => (Some(theirs), step::take_back(context, &ours).await),
            };
            let is_settled = matches!(error, Error::MadeMeanwhile | Error::TakenBack);
            made.remove(&key);
            has_lost = true;
            match theirs.filter(|theirs| is_settled && theirs.is_made_by(change, context)) {
                // what needs it finds theirs
                Some(theirs) => {
                    context.directory.borrow_mut().insert(key, theirs.id);
                    report.accept(change);
                }
                None => report.discount(change, error),
            }
        }
        if has_lost && made.is_empty() {
            return context.halt.set(Some(NOT_ALONE));
        }
        if !is_awaited {
            return;
        }
        tokio::time::sleep(PAUSE).await;
    }
}

/// Why nothing new is begun where somebody else makes the same.
const NOT_ALONE: &str = "somebody else applies at the same time";

/// Those that made something which another apply can make too: of two channels of one id the server refuses one.
fn creations<'c>(written: &'c [&Change], line: Line) -> impl Iterator<Item = &'c Change> {
    written.iter().copied().filter(move |change| is_creation(change) && step::is_indexed(change, line))
}

/// The changes of a phase that nothing before it forbids; the others are reported. `told` are the destinations that
/// monitors tell which were written since the plan.
fn ready<'p>(
    plan: &'p Plan,
    phase: Phase,
    told: Result<BTreeSet<String>, Error>,
    report: &mut Report,
) -> Vec<&'p Change> {
    let missing: BTreeSet<Key> = report.missing().collect();
    let is_told = |change: &Change| match (change, &told) {
        (Change::Delete(delete), Ok(told)) => told.contains(delete.before.id()),
        _ => false,
    };
    let left: BTreeSet<&str> = report
        .missed()
        .filter(|key| !key.kind.is_scheduled())
        .filter_map(|key| plan.directory.id(key.kind, &key.name))
        .collect();
    let is_last_witness = |change: &Change| match change {
        Change::Delete(delete) => match &delete.before {
            LiveResource::Monitor(live) => {
                let named = live.mark.iter().flat_map(|mark| &mark.destinations);
                named.into_iter().any(|id| left.contains(id.as_str()))
            }
            LiveResource::Destination(_) => false,
        },
        Change::Create(_) | Change::Update(_) => false,
    };
    let mut ready = Vec::new();
    for change in order::changes(plan, phase) {
        let reason = match phase {
            Phase::Made(kind) if change.needs().iter().any(|key| missing.contains(key)) => match kind {
                Kind::Monitor => "a destination that it tells was not made",
                Kind::Workflow => "a monitor that it runs or a destination that it tells was not made",
                _ => "an account or a group that it makes use of was not made",
            },
            Phase::Gone(kind) if report.has_missed_after(kind) => match kind {
                Kind::Monitor => "a workflow that may still run it was not written",
                Kind::Destination => "a monitor that may still tell it was not written",
                _ => "an e-mail that may still make use of it was not written",
            },
            Phase::Gone(_) if is_last_witness(change) => {
                "a destination that was not deleted is known for the project's only by its mark"
            }
            Phase::Gone(Kind::Destination) if told.is_err() => {
                "nobody knows whether a monitor tells it since the plan"
            }
            Phase::Gone(Kind::Destination) if is_told(change) => {
                "a monitor that was written since the plan tells it"
            }
            Phase::Gone(_) if told.is_err() => {
                "nobody knows whether an e-mail makes use of it since the plan"
            }
            Phase::Gone(_) if is_told(change) => "an e-mail that was written since the plan makes use of it",
            _ => {
                ready.push(change);
                continue;
            }
        };
        report.not_tried.push(NotTried::of(change, reason));
    }
    if let Err(error) = told {
        report.unseen.get_or_insert(error);
    }
    ready
}

/// Makes changes; gives those for which the server wrote.
async fn run<'p>(
    context: &Context<'_>,
    changes: Vec<&'p Change>,
    refresh: Refresh,
    manner: Manner<'_>,
    report: &mut Report,
) -> Vec<&'p Change> {
    let Manner { concurrency, stop, progress } = manner;
    let mut written = Vec::new();
    let mut hopeless = 0;
    let settled = report.settled();
    // what somebody else made meanwhile; what goes may have namesakes
    let changes =
        changes.into_iter().filter(|change| !(is_creation(change) && settled.contains(&change.key())));
    let steps = stream::iter(changes).map(|change| async move {
        if stop.load(Ordering::Relaxed) {
            return (change, Err("interrupted"));
        }
        match context.halt.get() {
            Some(reason) => (change, Err(reason)),
            None => (change, Ok(step::take(context, change, refresh).await)),
        }
    });
    let mut steps = steps.buffer_unordered(concurrency.max(1));
    while let Some((change, outcome)) = steps.next().await {
        match outcome {
            Err(reason) => report.not_tried.push(NotTried::of(change, reason)),
            Ok(outcome) => {
                progress(change, if outcome.is_ok() { Outcome::Done } else { Outcome::Failed });
                hopeless = if outcome.as_ref().is_err_and(Error::is_general) { hopeless + 1 } else { 0 };
                if hopeless >= MOST_HOPELESS {
                    context.halt.set(Some("no write gets through"));
                }
                if outcome.as_ref().is_ok_and(|taken| taken.effect == Effect::Written) {
                    written.push(change);
                }
                report.add(change, outcome);
            }
        }
    }
    written
}

/// After so many writes in a row that failed for a reason that is none of theirs, no more are begun.
const MOST_HOPELESS: usize = 4;

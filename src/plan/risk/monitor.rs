//! What an update of a monitor or a workflow puts at risk.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::{Kind, Risk};
use crate::api::wire::doc_queries;
use crate::model::comparison;
use crate::model::constant::constant;
use crate::model::monitor::{Action, Input, Monitor, Trigger};
use crate::model::schedule::Schedule;
use crate::model::telling::tellings;
use crate::one_line::{one_line, quoted};
use crate::source::duration::Duration;
use crate::source::sought::{reach, sought};
use crate::source::{cron, duration};

/// What a new monitor would not do that people may think it does.
pub fn of_new_monitor(monitor: &Monitor) -> Vec<Risk> {
    let mut risks = Vec::new();
    risks.extend(is_never_met(&monitor.schedule).then_some(Kind::NeverRuns.into()));
    risks.extend(gaps(monitor).map(Gaps::into));
    for trigger in &monitor.triggers {
        if trigger.script().and_then(|script| constant(&script)) == Some(false) {
            risks.push(Kind::Never.of(quoted(trigger.name.as_str())));
        }
    }
    risks
}

/// `before` has the names that its triggers have in `after`.
pub fn of_monitor(before: &Monitor, after: &Monitor) -> Vec<Risk> {
    let mut risks = Vec::new();
    if before.enabled && !after.enabled {
        risks.push(Kind::Stops.into());
    }
    if !before.enabled && after.enabled {
        risks.push(Kind::RunsAgain.into());
    }
    risks.extend(of_schedules(&before.schedule, &after.schedule));
    risks.extend(of_windows(before, after));
    if before.told().next().is_some() && after.told().next().is_none() {
        risks.push(Kind::Silences.into());
    }
    for telling in tellings(before, after) {
        risks.extend(telling.lost.into_iter().map(|told| Kind::Loses.of(quoted(told.as_str()))));
        risks.extend(telling.gained.into_iter().map(|told| Kind::Gains.of(quoted(told.as_str()))));
    }
    for was in &before.triggers {
        let Some(is) = after.triggers.iter().find(|after| after.name == was.name) else {
            risks.push(Kind::DropsTrigger.of(quoted(was.name.as_str())));
            continue;
        };
        risks.extend(of_condition(was, is));
        for was in &was.actions {
            if let Some(is) = is.actions.iter().find(|is| is.name == was.name) {
                risks.extend(of_action(was, is));
            }
        }
        if is.severity != was.severity {
            let numbers = (was.severity.parse::<u32>(), is.severity.parse::<u32>());
            let kind =
                if matches!(numbers, (Ok(was), Ok(is)) if is > was) { Kind::Lowers } else { Kind::Raises };
            risks.push(kind.of(format!("{} -> {}", one_line(&was.severity), one_line(&is.severity))));
        }
    }
    risks.extend(of_inputs(before, after));
    risks
}

/// What becomes of what it reads.
fn of_inputs(before: &Monitor, after: &Monitor) -> Vec<Risk> {
    let mut risks = Vec::new();
    if before.inputs == after.inputs {
        return risks;
    }
    let indices = |monitor: &Monitor| -> Vec<String> {
        monitor.inputs.iter().flat_map(Input::indices).cloned().collect()
    };
    if indices(before) != indices(after) {
        risks.push(Kind::SearchesElsewhere.into());
    }
    if !seek_alike(before, after) {
        risks.push(Kind::Seeks.into());
    }
    if let (Some((_, were)), Some((_, are))) =
        (doc_queries::named(&before.inputs), doc_queries::named(&after.inputs))
    {
        let kept: BTreeSet<&String> = are.iter().map(|(name, _)| name).collect();
        let gone = were.iter().map(|(name, _)| name).filter(|name| !kept.contains(name));
        risks.extend(gone.map(|name| Kind::DropsQuery.of(quoted(name))));
    }
    let delegates = |monitor: &Monitor| -> Vec<String> {
        let delegates = monitor.inputs.iter().flat_map(Input::delegates);
        delegates.map(|delegate| quoted(delegate.monitor.as_str())).collect()
    };
    let kept = delegates(after);
    let gone = delegates(before).into_iter().filter(|delegate| !kept.contains(delegate));
    risks.extend(gone.map(|delegate| Kind::DropsMonitor.of(delegate)));
    risks
}

/// Whether two monitors look for the same, however far each looks back.
fn seek_alike(before: &Monitor, after: &Monitor) -> bool {
    if let (Some(was), Some(is)) = (sought(before), sought(after)) {
        let is_field = was.time_field.is_none() || is.time_field.is_none() || was.time_field == is.time_field;
        return was.query == is.query && is_field;
    }
    if let (Some((_, were)), Some((_, are))) =
        (doc_queries::named(&before.inputs), doc_queries::named(&after.inputs))
    {
        // what goes is told by its name, and what comes takes nothing away
        let are: BTreeMap<&String, &Value> = are.iter().map(|(name, query)| (name, query)).collect();
        return were.iter().all(|(name, query)| are.get(name).is_none_or(|is| *is == query));
    }
    if let ([Input::Composite(were)], [Input::Composite(are)]) =
        (before.inputs.as_slice(), after.inputs.as_slice())
    {
        // so do monitors that go and come
        return were.iter().all(|was| are.iter().all(|is| is.monitor != was.monitor || is == was));
    }
    without_indices(before) == without_indices(after)
}

/// What is looked for, whatever in.
fn without_indices(monitor: &Monitor) -> Vec<Option<Value>> {
    let sought = |input: &Input| match input {
        Input::Search { body, .. } => Some(body.value()),
        Input::Other(input) => Some(input.value()),
        Input::Composite(_) => None,
    };
    monitor.inputs.iter().map(sought).collect()
}

/// What becomes of when an action tells.
fn of_action(was: &Action, is: &Action) -> Vec<Risk> {
    let minutes = |action: &Action| {
        action.throttle.filter(|throttle| throttle.enabled).map_or(0, |throttle| throttle.minutes)
    };
    let throttled = match (minutes(was), minutes(is)) {
        (before, after) if before == after => None,
        (0, _) => Some(Kind::TellsRarely),
        (_, 0) => Some(Kind::TellsOften),
        (before, after) if after / 4 >= before => Some(Kind::TellsRarely),
        (before, after) if before / 4 >= after => Some(Kind::TellsOften),
        _ => None,
    };
    let of_others = (was.other != is.other).then_some(Kind::TellsOfOthers);
    throttled.into_iter().chain(of_others).map(|kind| kind.of(quoted(is.name.as_str()))).collect()
}

/// What becomes of a condition that changes.
fn of_condition(was: &Trigger, is: &Trigger) -> Option<Risk> {
    let name = quoted(is.name.as_str());
    let (Some(before), Some(after)) = (was.script(), is.script()) else {
        return (was.body != is.body).then_some(Kind::Seeks.into());
    };
    if before == after {
        // what it is held against may be other buckets
        return (was.body != is.body).then_some(Kind::Seeks.into());
    }
    match constant(&after).filter(|_| constant(&before) != constant(&after)) {
        Some(false) => return Some(Kind::Never.of(name)),
        Some(true) => return Some(Kind::Always.of(name)),
        None => {}
    }
    // what is compared is not quoted: it may be a secret that nobody fills in any more
    if let Some((was, is)) = comparison::differing(&before, &after) {
        if comparison::is_turned_round(was, is) {
            let (was, is) = (was.operator.as_str(), is.operator.as_str());
            return Some(Kind::TurnsRound.of(format!("in {name}: `{was}` -> `{is}`")));
        }
        if comparison::is_tenfold(was, is) {
            return Some(Kind::Leaps.of(format!("in {name}")));
        }
    }
    if comparison::is_inverted(&before, &after) {
        return Some(Kind::TurnsRound.of(format!("in {name}")));
    }
    is.chained_condition().map(|_| Kind::Seeks.into())
}

/// What becomes of when it runs.
fn of_schedules(before: &Schedule, after: &Schedule) -> Option<Risk> {
    if before == after {
        return None;
    }
    match (seconds_between_runs(before)?, seconds_between_runs(after)) {
        (_, None) => is_never_met(after).then_some(Kind::NeverRuns.into()),
        (was, Some(is)) => (is > was && is / 4 >= was).then_some(Kind::RunsRarely.into()),
    }
}

/// How many seconds it is from one run to the next, on average, where it runs.
fn seconds_between_runs(schedule: &Schedule) -> Option<u64> {
    const LEAP_YEAR: u64 = 366 * 24 * 60 * 60;
    match schedule {
        Schedule::Interval { every, unit } => Some(duration::seconds((*every, *unit))),
        Schedule::Cron { expression, .. } => LEAP_YEAR.checked_div(cron::runs_in_a_year(expression)?),
    }
}

fn is_never_met(schedule: &Schedule) -> bool {
    match schedule {
        Schedule::Interval { .. } => false,
        Schedule::Cron { expression, .. } => cron::runs_in_a_year(expression) == Some(0),
    }
}

/// What becomes of how far it looks back.
fn of_windows(before: &Monitor, after: &Monitor) -> Option<Risk> {
    if (&before.schedule, &before.inputs) == (&after.schedule, &after.inputs) {
        return None;
    }
    if let Some(gaps) = gaps(after).filter(|is| self::gaps(before).is_none_or(|was| is.are_worse_than(&was)))
    {
        return Some(gaps.into());
    }
    let goes_along = |monitor| sought(monitor).is_some_and(|sought| sought.follows_schedule);
    let was = reach(before)?;
    let Some(is) = reach(after) else {
        // where it cannot be told nothing is said
        let is_unbounded = sought(after).is_some_and(|sought| sought.window.is_none());
        return is_unbounded.then(|| Kind::LooksBackMore.of(format!("{} -> none", duration::print(was))));
    };
    let words = format!("{} -> {}", duration::print(was), duration::print(is));
    let (was, is) = (duration::seconds(was), duration::seconds(is));
    if is <= was / 4 {
        return Some(Kind::LooksBackLess.of(words));
    }
    // that it runs more rarely is said already
    let is_more = is / 4 >= was && !(goes_along(before) && goes_along(after));
    is_more.then(|| Kind::LooksBackMore.of(words))
}

/// A window that is shorter than the time from each run to the next.
struct Gaps {
    window: Duration,
    seconds: u64,
}

impl Gaps {
    fn are_worse_than(&self, other: &Gaps) -> bool {
        let part_seen =
            |of: &Gaps, by: &Gaps| u128::from(duration::seconds(of.window)) * u128::from(by.seconds);
        part_seen(self, other) < part_seen(other, self)
    }
}

impl From<Gaps> for Risk {
    fn from(Gaps { window, seconds }: Gaps) -> Self {
        let every = duration::print(duration::in_seconds(seconds));
        Kind::LeavesGaps.of(format!("{} every {every}", duration::print(window)))
    }
}

fn gaps(monitor: &Monitor) -> Option<Gaps> {
    let seconds = match &monitor.schedule {
        Schedule::Interval { every, unit } => duration::seconds((*every, *unit)),
        Schedule::Cron { expression, .. } => 60 * cron::shortest_gap(expression)?,
    };
    let window = reach(monitor).filter(|window| duration::seconds(*window) < seconds)?;
    Some(Gaps { window, seconds })
}

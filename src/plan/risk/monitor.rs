//! What an update of a monitor or a workflow puts at risk.

use serde_json::Value;

use super::{Kind, Risk};
use crate::api::wire::doc_queries;
use crate::model::comparison;
use crate::model::monitor::{Action, Input, Monitor, Trigger};
use crate::model::schedule::Schedule;
use crate::model::telling::tellings;
use crate::one_line::one_line;
use crate::source::print::{lucene, window};
use crate::source::{cron, duration};

/// `before` has the names that its triggers have in `after`.
pub fn of_monitor(before: &Monitor, after: &Monitor) -> Vec<Risk> {
    let mut risks = Vec::new();
    if before.enabled && !after.enabled {
        risks.push(Kind::Stops.into());
    }
    if !before.enabled && after.enabled {
        risks.push(Kind::RunsAgain.into());
    }
    match (runs(&before.schedule), runs(&after.schedule)) {
        (Some(1..), Some(0)) => risks.push(Kind::NeverRuns.into()),
        (Some(was), Some(is)) if is <= was / 4 && is < was => risks.push(Kind::RunsRarely.into()),
        _ => {}
    }
    if let Some(gaps) = gaps(after).filter(|_| gaps(before).is_none()) {
        risks.push(Kind::LeavesGaps.of(gaps));
    }
    if before.told().next().is_some() && after.told().next().is_none() {
        risks.push(Kind::Silences.into());
    }
    let quoted = |name: &str| format!("`{}`", one_line(name));
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
            let is = is.actions.iter().find(|is| is.name == was.name);
            let minutes = |action: &Action| action.throttle.map_or(0, |throttle| throttle.minutes);
            if let Some(is) = is
                && minutes(was) > 0
                && minutes(is) / 4 >= minutes(was)
            {
                risks.push(Kind::TellsRarely.of(quoted(is.name.as_str())));
            }
        }
        if is.severity != was.severity {
            let numbers = (was.severity.parse::<u32>(), is.severity.parse::<u32>());
            let kind =
                if matches!(numbers, (Ok(was), Ok(is)) if is > was) { Kind::Lowers } else { Kind::Raises };
            risks.push(kind.of(format!("{} -> {}", one_line(&was.severity), one_line(&is.severity))));
        }
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
        let gone = were.iter().filter(|(name, _)| are.iter().all(|(other, _)| other != name));
        risks.extend(gone.map(|(name, _)| Kind::DropsQuery.of(quoted(name))));
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
    let sought = |monitor: &Monitor| {
        let [Input::Search { body, .. }] = monitor.inputs.as_slice() else { return None };
        let found = lucene(&body.value())?;
        Some((found.query, found.window.map(|(field, _)| field)))
    };
    if let (Some(was), Some(is)) = (sought(before), sought(after)) {
        return was == is;
    }
    if let (Some((_, were)), Some((_, are))) =
        (doc_queries::named(&before.inputs), doc_queries::named(&after.inputs))
    {
        // what goes is told by its name, and what comes takes nothing away
        return were.iter().all(|was| are.iter().all(|is| is.0 != was.0 || is == was));
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

/// What becomes of a condition that changes.
fn of_condition(was: &Trigger, is: &Trigger) -> Option<Risk> {
    let name = format!("`{}`", one_line(is.name.as_str()));
    let (before, after) = (was.script()?, is.script()?);
    if before == after {
        return None;
    }
    match constant(&after).filter(|_| constant(&before) != constant(&after)) {
        Some(false) => return Some(Kind::Never.of(name)),
        Some(true) => return Some(Kind::Always.of(name)),
        None => {}
    }
    if is.chained_condition().is_some() {
        return Some(Kind::Seeks.into());
    }
    let (was, is) = comparison::differing(&before, &after)?;
    // no more than operators and numbers is quoted: what else is compared may be a secret that nobody fills in any more
    let (kind, before, after) = match (comparison::is_turned_round(was, is), comparison::is_tenfold(was, is))
    {
        (true, _) => (Kind::TurnsRound, was.operator, is.operator),
        (false, true) => (Kind::Leaps, was.right, is.right),
        (false, false) => return None,
    };
    Some(kind.of(format!("in {name}: `{before}` -> `{after}`")))
}

/// What a condition always is, if it is that whatever it is held against.
fn constant(script: &str) -> Option<bool> {
    let script = script.trim().trim_end_matches(';');
    script.strip_prefix("return ").unwrap_or(script).trim().parse().ok()
}

/// How often it runs in a leap year, where that can be told.
fn runs(schedule: &Schedule) -> Option<u64> {
    const LEAP_YEAR: u64 = 366 * 24 * 60 * 60;
    match schedule {
        Schedule::Interval { every, unit } => Some(LEAP_YEAR / duration::seconds((*every, *unit))),
        Schedule::Cron { expression, .. } => cron::runs_in_a_year(expression),
    }
}

/// How far it looks back and how often, where that leaves gaps.
fn gaps(monitor: &Monitor) -> Option<String> {
    let Schedule::Interval { every, unit } = monitor.schedule else { return None };
    let window =
        window(monitor).filter(|window| duration::seconds(*window) < duration::seconds((every, unit)))?;
    Some(format!("{} every {}", duration::print(window), duration::print((every, unit))))
}

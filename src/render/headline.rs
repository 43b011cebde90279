//! What an update changes, in words: `every 5m -> 1m`, ``condition of `5xx` ``.

mod destination;
mod inputs;

use std::collections::BTreeSet;

use crate::model::comparison;
use crate::model::monitor::{Action, Monitor, Throttle, Trigger};
use crate::model::name::Name;
use crate::model::reference::Reference;
use crate::model::schedule::Schedule;
use crate::model::secret::{COVER, Secret, without};
use crate::model::telling::{Telling, tellings, tellings_of};
use crate::one_line::one_line;
use crate::source::duration;
use crate::source::sought::sought;

pub use destination::of_destination;

/// What a reviewer wants to know of a monitor or a workflow that comes: when it runs, and whom it tells.
pub fn of_new(monitor: &Monitor) -> Vec<String> {
    of_whole(monitor, "tells")
}

/// What a reviewer wants to know of a monitor or a workflow that goes: when it ran, and whom it told.
pub fn of_gone(monitor: &Monitor) -> Vec<String> {
    of_whole(monitor, "told")
}

fn of_whole(monitor: &Monitor, tells: &str) -> Vec<String> {
    let mut words = Words::default();
    let (how, when) = schedule(&monitor.schedule);
    words.say(format!("{how} {when}"));
    if !monitor.enabled {
        words.say("disabled".to_owned());
    }
    for destination in monitor.told() {
        words.say(format!("{tells} {}", reference(destination)));
    }
    if monitor.told().next().is_none() {
        words.say(format!("{tells} nobody"));
    }
    words.said
}

/// What a monitor or a workflow has otherwise; `renamed` is `before` by the names that its parts have in `after`. Nothing is
/// quoted of a text in which one of `secrets` stands, and nothing at all where nobody knows which those are.
pub fn of_monitor(
    before: &Monitor,
    renamed: &Monitor,
    after: &Monitor,
    secrets: Option<&[Secret]>,
) -> Vec<String> {
    let mut words = Words { secrets, said: Vec::new() };
    words.name(&before.name, &after.name);
    words.enabled(before.enabled, after.enabled);
    if before.monitor_type != after.monitor_type {
        words.say(format!("{} -> {}", before.monitor_type.as_str(), after.monitor_type.as_str()));
    }
    if before.schedule != after.schedule {
        words.say(schedules(before, after));
    }
    words.told(renamed, after);
    words.inputs(before, &renamed.inputs, after);
    for (was, is) in before.triggers.iter().zip(&renamed.triggers) {
        match after.triggers.iter().find(|after| after.name == is.name) {
            None => words.say(format!("trigger {} goes", quoted(&was.name))),
            Some(trigger) => words.trigger(was, is, trigger, after),
        }
    }
    for trigger in &after.triggers {
        if renamed.triggers.iter().all(|was| was.name != trigger.name) {
            words.say(format!("new trigger {}", quoted(&trigger.name)));
        }
    }
    words.order("triggers", &renamed.triggers, &after.triggers, |trigger| &trigger.name);
    let keys: BTreeSet<&String> = before.other.keys().chain(after.other.keys()).collect();
    for key in keys.into_iter().filter(|key| before.other.get(*key) != after.other.get(*key)) {
        words.say(format!("`{key}`"));
    }
    words.said
}

/// What is said, in order, each thing once.
#[derive(Default)]
struct Words<'s> {
    said: Vec<String>,
    /// What no screen shows, where that is known.
    secrets: Option<&'s [Secret]>,
}

impl Words<'_> {
    fn say(&mut self, words: String) {
        if !self.said.contains(&words) {
            self.said.push(words);
        }
    }

    /// Whether nothing stands in a text that no screen shows.
    fn is_plain(&self, text: &str) -> bool {
        self.secrets.is_some_and(|secrets| without(secrets, text, COVER) == text)
    }

    fn name(&mut self, before: &Name, after: &Name) {
        if before != after {
            self.say(format!("was {}", quoted(before)));
        }
    }

    fn enabled(&mut self, before: bool, after: bool) {
        if before != after {
            self.say(if after { "enabled" } else { "disabled" }.to_owned());
        }
    }

    fn trigger(&mut self, was: &Trigger, renamed: &Trigger, after: &Trigger, monitor: &Monitor) {
        let name = quoted(&after.name);
        if was.name != after.name {
            self.say(format!("trigger {} is now {name}", quoted(&was.name)));
        }
        if was.severity != after.severity {
            self.say(format!(
                "severity of {name} {} -> {}",
                one_line(&was.severity),
                one_line(&after.severity)
            ));
        }
        if was.kind != after.kind || was.body != after.body {
            self.condition(&name, was, after);
        }
        let gained = tellings_of(renamed, after).1;
        for (was, renamed) in was.actions.iter().zip(&renamed.actions) {
            match after.actions.iter().find(|after| after.name == renamed.name) {
                None => self.say(format!("action {} goes", quoted(&was.name))),
                Some(action) => {
                    let is_said = gained.contains(&&action.destination);
                    self.action(was, action, &action_name(action, after, monitor), is_said);
                }
            }
        }
        for action in &after.actions {
            if renamed.actions.iter().all(|was| was.name != action.name) {
                self.say(format!("new action {}", quoted(&action.name)));
            }
        }
        self.order(&format!("actions of {name}"), &renamed.actions, &after.actions, |action| &action.name);
    }

    /// A short condition as it was and as it is: what differs of it may be one digit.
    fn condition(&mut self, name: &str, was: &Trigger, after: &Trigger) {
        let plain = |trigger: &Trigger| trigger.script().filter(|script| self.is_plain(script));
        let scripts = plain(was).zip(plain(after));
        match scripts.filter(|(was, is)| was != is).and_then(|(was, is)| differing(&was, &is)) {
            Some((was, is)) => self.say(format!("condition of {name} `{was}` -> `{is}`")),
            None if was.script() == after.script() && was.script().is_some() => {
                self.say(format!("buckets of {name}"));
            }
            None => self.say(format!("condition of {name}")),
        }
    }

    /// Who is told that was not, and who is not any more that was.
    fn told(&mut self, renamed: &Monitor, after: &Monitor) {
        for Telling { trigger, lost, gained } in tellings(renamed, after) {
            let who = match trigger {
                Some(trigger) if after.triggers.len() > 1 => format!("{} ", quoted(trigger)),
                _ => String::new(),
            };
            if let ([was], [is]) = (lost.as_slice(), gained.as_slice()) {
                self.say(format!("{who}tells {} instead of {}", reference(is), reference(was)));
                continue;
            }
            for destination in gained {
                self.say(format!("{who}tells {}", reference(destination)));
            }
            for destination in lost {
                self.say(format!("{who}no longer tells {}", reference(destination)));
            }
        }
    }

    fn action(&mut self, was: &Action, after: &Action, name: &str, is_said: bool) {
        if was.destination != after.destination && !is_said {
            self.say(format!("{name} tells {}", reference(&after.destination)));
        }
        if was.name != after.name {
            self.say(format!("action {} is now {name}", quoted(&was.name)));
        }
        if was.subject != after.subject {
            self.say(format!("subject of {name}"));
        }
        if was.message != after.message {
            self.say(format!("message of {name}"));
        }
        if was.throttle != after.throttle {
            self.say(format!(
                "throttle of {name} {} -> {}",
                throttle(was.throttle),
                throttle(after.throttle)
            ));
        }
        if was.other != after.other {
            self.say(format!("scope of {name}"));
        }
    }

    fn order<T>(&mut self, what: &str, before: &[T], after: &[T], name: impl Fn(&T) -> &Name) {
        let stay = |ones: &[T], others: &[T]| {
            let names = ones.iter().map(|one| name(one).clone());
            names.filter(|one| others.iter().any(|other| name(other) == one)).collect::<Vec<_>>()
        };
        if stay(before, after) != stay(after, before) {
            self.say(format!("order of {what}"));
        }
    }
}

/// Schedules before and after, and whether a window goes with them.
fn schedules(before: &Monitor, after: &Monitor) -> String {
    let schedules = of_schedules(&before.schedule, &after.schedule);
    match (sought(before), sought(after)) {
        (Some(was), Some(is)) if was.follows_schedule && is.follows_schedule => {
            format!("{schedules}, and the window with it")
        }
        _ => schedules,
    }
}

fn of_schedules(before: &Schedule, after: &Schedule) -> String {
    if let (
        Schedule::Cron { expression: was, timezone: before },
        Schedule::Cron { expression: is, timezone: after },
    ) = (before, after)
        && before != after
    {
        return format!("cron {} {before} -> {} {after}", one_line(was), one_line(is));
    }
    let ((was, before), (is, after)) = (schedule(before), schedule(after));
    if was == is { format!("{is} {before} -> {after}") } else { format!("{was} {before} -> {is} {after}") }
}

fn schedule(schedule: &Schedule) -> (&'static str, String) {
    match schedule {
        Schedule::Interval { every, unit } => ("every", duration::print((*every, *unit))),
        Schedule::Cron { expression, timezone } if timezone == "UTC" => {
            ("cron", one_line(expression).into_owned())
        }
        Schedule::Cron { expression, timezone } => {
            ("cron", one_line(&format!("{expression} {timezone}")).into_owned())
        }
    }
}

fn throttle(throttle: Option<Throttle>) -> String {
    match throttle {
        Some(Throttle { minutes, enabled: true }) => duration::print(duration::in_minutes(minutes)),
        Some(Throttle { enabled: false, .. }) | None => "none".to_owned(),
    }
}

/// An action by its name, and by that of its trigger where another trigger has one of that name.
fn action_name(action: &Action, trigger: &Trigger, monitor: &Monitor) -> String {
    let has_namesake = monitor.triggers.iter().any(|other| {
        other.name != trigger.name && other.actions.iter().any(|other| other.name == action.name)
    });
    if has_namesake {
        format!("{} of {}", quoted(&action.name), quoted(&trigger.name))
    } else {
        quoted(&action.name)
    }
}

/// One comparison, if all else is the same; else the one line that differs, if it is short.
fn differing(was: &str, is: &str) -> Option<(String, String)> {
    const MOST: usize = 60;
    let (was, is) = if let Some((was, is)) = comparison::differing(was, is) {
        (was.to_string(), is.to_string())
    } else {
        let mut lines = was.lines().zip(is.lines()).filter(|(was, is)| was != is);
        let differing = lines.next().filter(|_| lines.next().is_none());
        let (was, is) = differing.filter(|_| was.lines().count() == is.lines().count())?;
        (was.trim().to_owned(), is.trim().to_owned())
    };
    let can_be_quoted = |text: &String| !text.contains('`') && text.chars().count() <= MOST;
    let can_both = can_be_quoted(&was) && can_be_quoted(&is) && was != is;
    can_both.then(|| (one_line(&was).into_owned(), one_line(&is).into_owned()))
}

fn quoted(name: &Name) -> String {
    format!("`{name}`")
}

fn reference(reference: &Reference) -> String {
    match reference {
        Reference::Name(name) => quoted(name),
        Reference::Id(id) => format!("the destination with the id `{}`", one_line(id)),
    }
}

//! Monitors to text.

use serde_json::{Map, Value, json};

use super::body::lucene;
use super::item::{Entries, entry, json as json_item, text};
use crate::api::line::Line;
use crate::api::wire;
use crate::api::wire::directory::Directory;
use crate::api::wire::ids::Ids;
use crate::model::json::Json;
use crate::model::monitor::{Action, Input, Monitor, Reference, Throttle, Trigger};
use crate::model::schedule::{Schedule, Unit};
use crate::source::duration;
use crate::source::read::action::MOST_THROTTLE;
use crate::source::read::names;
use crate::source::read::search::{NO_WINDOW, interval};
use crate::source::read::trigger::is_severity;
use crate::source::yaml::{Item, Layout};

/// How a monitor is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Form {
    /// As people write it.
    Friendly,
    /// As the API spells it, which can say everything.
    Definition,
}

/// The form that a careful person would choose.
pub fn natural_form(monitor: &Monitor) -> Form {
    if friendly(monitor).is_some() { Form::Friendly } else { Form::Definition }
}

/// The document of a monitor; what the friendly form cannot say is in the API's words whatever is asked for.
pub fn entries(monitor: &Monitor, form: Form) -> Entries {
    let head = vec![entry("kind", text("monitor")), entry("name", text(monitor.name.as_str()))];
    let friendly = match form {
        Form::Friendly => friendly(monitor),
        Form::Definition => None,
    };
    let rest = friendly.unwrap_or_else(|| vec![entry("definition", definition(monitor))]);
    head.into_iter().chain(rest).collect()
}

/// The friendly form without kind and name; `None` when it cannot say everything.
fn friendly(monitor: &Monitor) -> Option<Entries> {
    let Monitor { name: _, monitor_type, enabled, schedule, inputs, triggers, other } = monitor;
    let [Input::Search { indices, body }] = inputs.as_slice() else { return None };
    let is_sayable = monitor_type.is_query_level()
        && other.is_empty()
        && !indices.is_empty()
        && !indices.iter().any(|index| index.trim().is_empty())
        && body.value().is_object()
        && names::are_plain(triggers.iter().map(|trigger| &trigger.name));
    if !is_sayable {
        return None;
    }
    let mut entries = Entries::new();
    if !enabled {
        entries.push(entry("enabled", bare("false")));
    }
    entries.push(entry("schedule", self::schedule(schedule)));
    entries.push(entry("index", self::indices(indices)));
    entries.extend(search(&body.value(), schedule));
    if !triggers.is_empty() {
        let triggers = triggers.iter().map(trigger).collect::<Option<Vec<_>>>()?;
        entries.push(entry("triggers", Item::Sequence(triggers, Layout::Block)));
    }
    Some(entries)
}

fn schedule(schedule: &Schedule) -> Item {
    let entries = match schedule {
        Schedule::Interval { every, unit } => vec![entry("every", text(&duration::print((*every, *unit))))],
        Schedule::Cron { expression, timezone } => {
            let mut entries = vec![entry("cron", text(expression))];
            if timezone != "UTC" {
                entries.push(entry("timezone", text(timezone)));
            }
            entries
        }
    };
    Item::Mapping(entries, Layout::Flow)
}

fn indices(indices: &[String]) -> Item {
    match indices {
        [index] => text(index),
        indices => Item::Sequence(indices.iter().map(|index| text(index)).collect(), Layout::Flow),
    }
}

fn search(body: &Value, schedule: &Schedule) -> Entries {
    let Some(found) = lucene(body) else {
        return vec![entry("extraction_query", json_item(body))];
    };
    let mut entries = Entries::new();
    if let Some((field, _)) = &found.window {
        entries.push(entry("time_field", text(field)));
    }
    entries.push(entry("query", text(&found.query)));
    match found.window {
        None => entries.push(entry("window", text(NO_WINDOW))),
        Some((_, window)) if Some(window) == interval(schedule) => {}
        Some((_, window)) => entries.push(entry("window", text(&duration::print(window)))),
    }
    entries
}

fn trigger(trigger: &Trigger) -> Option<Item> {
    let Trigger { name, severity, kind, body, actions } = trigger;
    let source = body.value().pointer("/condition/script/source")?.as_str()?.to_owned();
    let is_sayable = kind.is_query_level()
        && is_severity(severity)
        && !source.trim().is_empty()
        && names::are_plain(actions.iter().map(|action| &action.name))
        && *body == Json::of(&json!({"condition": {"script": {"source": source}}}));
    if !is_sayable {
        return None;
    }
    let mut entries = vec![
        entry("name", text(name.as_str())),
        entry("severity", bare(severity)),
        entry("condition", text(&source)),
    ];
    if !actions.is_empty() {
        let actions = actions.iter().map(action).collect::<Option<Vec<_>>>()?;
        entries.push(entry("actions", Item::Sequence(actions, Layout::Block)));
    }
    Some(Item::Mapping(entries, Layout::Block))
}

fn action(action: &Action) -> Option<Item> {
    let Action { name, destination, subject, message, throttle, other } = action;
    if !other.is_empty() {
        return None;
    }
    let blank = |text: &str| text.trim().is_empty();
    let destination = match destination {
        Reference::Name(name) if !blank(name.as_str()) => text(name.as_str()),
        Reference::Id(id) if !blank(id) => Item::Mapping(vec![entry("id", text(id))], Layout::Flow),
        Reference::Name(_) | Reference::Id(_) => return None,
    };
    let mut entries = vec![entry("name", text(name.as_str())), entry("destination", destination)];
    entries.extend(subject.as_ref().map(|subject| entry("subject", text(subject))));
    entries.push(entry("message", text(message)));
    match throttle {
        None => {}
        Some(Throttle { minutes, enabled: true }) if (1..=MOST_THROTTLE).contains(minutes) => {
            let duration = match minutes % 60 {
                0 => (minutes / 60, Unit::Hours),
                _ => (*minutes, Unit::Minutes),
            };
            entries.push(entry("throttle", text(&duration::print(duration))));
        }
        Some(_) => return None,
    }
    Some(Item::Mapping(entries, Layout::Block))
}

/// The monitor as the API spells it, with names for destinations and without what it has anyhow.
fn definition(monitor: &Monitor) -> Item {
    let directory = Directory::default();
    let mut document = wire::monitor::encode(monitor, &Ids::default(), Line::V2_19, &directory, None);
    if let Value::Object(map) = &mut document {
        map.retain(|key, value| match key.as_str() {
            "type" | "name" => false,
            "monitor_type" => !monitor.monitor_type.is_query_level(),
            "enabled" => !monitor.enabled,
            "triggers" => value.as_array().is_some_and(|triggers| !triggers.is_empty()),
            _ => true,
        });
    }
    for (i, trigger) in monitor.triggers.iter().enumerate() {
        for (j, action) in trigger.actions.iter().enumerate() {
            let pointer = format!("/triggers/{i}/{}/actions/{j}", trigger.kind.as_str());
            if let Some(Value::Object(map)) = document.pointer_mut(&pointer) {
                tidy(action, map);
            }
        }
    }
    json_item(&document)
}

fn tidy(action: &Action, map: &mut Map<String, Value>) {
    if let Reference::Name(name) = &action.destination {
        map.shift_remove("destination_id");
        map.insert("destination".to_owned(), name.as_str().into());
    }
    if action.throttle.is_none() {
        map.shift_remove("throttle_enabled");
    }
    for template in ["subject_template", "message_template"] {
        let has_more = action.other.contains_key(template);
        if let Some(source) = map.get(template).and_then(|template| template.get("source")).cloned()
            && !has_more
        {
            map.insert(template.to_owned(), source);
        }
    }
}

fn bare(text: &str) -> Item {
    Item::Bare(text.to_owned())
}

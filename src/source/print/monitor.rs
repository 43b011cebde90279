//! Monitors and workflows to text.

use serde_json::{Map, Value, json};

use super::item::{Entries, bare, entry, json as json_item, reference, text};
use super::trigger::trigger;
use super::{input, workflow};
use crate::api::line::Line;
use crate::api::wire;
use crate::api::wire::ids::Ids;
use crate::api::wire::workflow::FINDINGS;
use crate::model::monitor::{Action, Delegate, Input, Monitor, Trigger, TriggerForm};
use crate::model::reference::Reference;
use crate::model::resource::Kind;
use crate::model::schedule::Schedule;
use crate::source::duration;
use crate::source::read::names;
use crate::source::sought::sought;
use crate::source::yaml::{Item, Layout};

/// How a monitor is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Form {
    /// As people write it.
    Friendly,
    /// As the API spells it, which can say everything.
    Definition,
}

/// Whether a window is written that is the schedule's interval anyway.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Windows {
    /// It goes without saying.
    Implied,
    /// It is written.
    Stated,
}

/// How windows are written of a monitor before and after a change: one that stays while the schedule comes to its length, or
/// leaves it, would show as a line that nobody added or removed.
pub fn windows(before: &Monitor, after: &Monitor) -> Windows {
    let follow = |monitor: &Monitor| sought(monitor).is_some_and(|sought| sought.follows_schedule);
    let is_other = before.schedule != after.schedule && follow(before) != follow(after);
    if is_other { Windows::Stated } else { Windows::Implied }
}

/// The form that a careful person would choose.
pub fn natural_form(monitor: &Monitor) -> Form {
    if friendly(monitor, Windows::Implied).is_some() { Form::Friendly } else { Form::Definition }
}

/// The document of a monitor; what the friendly form cannot say is in the API's words whatever is asked for.
pub fn entries(monitor: &Monitor, form: Form, windows: Windows) -> Entries {
    let head = vec![entry("kind", text(monitor.kind().as_str())), entry("name", text(monitor.name.as_str()))];
    let friendly = match form {
        Form::Friendly => friendly(monitor, windows),
        Form::Definition => None,
    };
    let rest = friendly.unwrap_or_else(|| vec![entry("definition", definition(monitor))]);
    head.into_iter().chain(rest).collect()
}

/// What a monitor is, when it runs, and whom it tells.
pub fn outline(monitor: &Monitor) -> Entries {
    let Monitor { name, enabled, schedule, inputs, triggers, .. } = monitor;
    let mut entries = vec![entry("kind", text(monitor.kind().as_str())), entry("name", text(name.as_str()))];
    if !enabled {
        entries.push(entry("enabled", bare("false")));
    }
    entries.push(entry("schedule", self::schedule(schedule)));
    let indices: Vec<Item> = inputs.iter().flat_map(Input::indices).map(|index| text(index)).collect();
    match <[Item; 1]>::try_from(indices) {
        Ok([index]) => entries.push(entry("index", index)),
        Err(indices) if indices.is_empty() => {}
        Err(indices) => entries.push(entry("index", Item::Sequence(indices, Layout::Flow))),
    }
    let triggers = triggers.iter().map(|trigger| {
        let mut entries = vec![entry("name", text(trigger.name.as_str()))];
        let is_number = trigger.severity.parse::<u32>().is_ok();
        let severity = if is_number { bare(&trigger.severity) } else { text(&trigger.severity) };
        entries.push(entry("severity", severity));
        let told = trigger.actions.iter().map(|action| reference(&action.destination)).collect();
        entries.push(entry("tells", Item::Sequence(told, Layout::Flow)));
        Item::Mapping(entries, Layout::Block)
    });
    let triggers: Vec<Item> = triggers.collect();
    if !triggers.is_empty() {
        entries.push(entry("triggers", Item::Sequence(triggers, Layout::Block)));
    }
    entries
}

/// The friendly form without kind and name; `None` when it cannot say everything.
fn friendly(monitor: &Monitor, windows: Windows) -> Option<Entries> {
    let Monitor { name: _, monitor_type, enabled, schedule, inputs, triggers, other } = monitor;
    let [input] = inputs.as_slice() else { return None };
    let form = TriggerForm::of(monitor_type.as_str())?;
    // only its triggers say that a monitor looks at buckets, and servers want some of one that asks in PPL
    let says_type = !matches!(form, TriggerForm::Bucket | TriggerForm::Ppl) || !triggers.is_empty();
    let delegates = input.delegates();
    let is_workflow = monitor.kind() == Kind::Workflow;
    let conditions = triggers.iter().filter_map(Trigger::chained_condition);
    let is_sayable = says_type
        && (is_workflow || other.is_empty())
        && conditions.into_iter().all(|source| workflow::is_condition(&source, delegates))
        && names::are_plain(triggers.iter().map(|trigger| &trigger.name));
    if !is_sayable {
        return None;
    }
    let mut entries = Entries::new();
    if !enabled {
        entries.push(entry("enabled", bare("false")));
    }
    entries.push(entry("schedule", self::schedule(schedule)));
    entries.extend(match input {
        Input::Composite(delegates) => workflow::entries(monitor, delegates)?,
        Input::Search { .. } | Input::Other(_) => input::entries(monitor_type, input, schedule, windows)?,
    });
    if !triggers.is_empty() {
        let triggers = triggers.iter().map(|one| trigger(one, form)).collect::<Option<Vec<_>>>()?;
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

/// The monitor as the API spells it, with names for destinations and without what it has anyhow.
fn definition(monitor: &Monitor) -> Item {
    let mut document = wire::monitor::encode(monitor, &Ids::default(), Line::V2_19, None);
    if let Value::Object(map) = &mut document {
        map.retain(|key, value| match key.as_str() {
            "type" | "name" | "workflow_type" => false,
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
    let delegates = monitor.inputs.iter().flat_map(Input::delegates).enumerate();
    for (i, delegate) in delegates {
        let pointer = format!("/inputs/0/composite_input/sequence/delegates/{i}");
        if let Some(Value::Object(map)) = document.pointer_mut(&pointer) {
            name_delegate(delegate, map);
        }
    }
    json_item(&document)
}

fn name_delegate(Delegate { monitor, findings }: &Delegate, map: &mut Map<String, Value>) {
    // where they stand says it
    map.shift_remove("order");
    if let Reference::Name(name) = monitor {
        map.shift_remove("monitor_id");
        map.insert("monitor".to_owned(), name.as_str().into());
    }
    if findings.iter().any(|finding| finding.id().is_none()) {
        let monitors = findings.iter().map(|finding| match finding {
            Reference::Name(name) => name.as_str().into(),
            Reference::Id(id) => json!({ "id": id }),
        });
        map.insert(FINDINGS.to_owned(), json!({"monitors": monitors.collect::<Vec<Value>>()}));
    }
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

//! Triggers and actions to text.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::item::{bare, entry, json as json_item, reference, text};
use crate::model::json::Json;
use crate::model::monitor::{Action, Throttle, Trigger, TriggerForm};
use crate::model::{chained, expression};
use crate::source::duration;
use crate::source::read::action::{CATEGORIES, MOST_THROTTLE, policy};
use crate::source::read::trigger::is_severity;
use crate::source::read::{names, ppl};
use crate::source::yaml::{Item, Layout};

/// A trigger of a form; `None` when the friendly form cannot say all of it.
pub fn trigger(trigger: &Trigger, form: TriggerForm) -> Option<Item> {
    let Trigger { name, severity, kind, body, actions } = trigger;
    let value = body.value();
    let condition = value.get("condition").unwrap_or(&Value::Null);
    let source = match form {
        TriggerForm::Ppl => ppl::said(body)?,
        _ => condition.pointer("/script/source")?.as_str()?.to_owned(),
    };
    let is_one_line = match form {
        TriggerForm::Document => source == expression::on_one_line(&source).trim_matches(' '),
        TriggerForm::Chained => source == chained::on_one_line(&source),
        TriggerForm::Query | TriggerForm::Bucket | TriggerForm::Ppl => true,
    };
    let is_sayable = *kind == form.kind()
        && is_one_line
        && is_severity(severity)
        && !source.trim().is_empty()
        && names::are_plain(actions.iter().map(|action| &action.name));
    if !is_sayable {
        return None;
    }
    let mut entries = vec![entry("name", text(name.as_str())), entry("severity", bare(severity))];
    let mut said = json!({"script": {"source": source}});
    if form == TriggerForm::Bucket {
        let parent = condition.get("parent_bucket_path")?.as_str().filter(|path| !path.trim().is_empty())?;
        let paths = condition.get("buckets_path")?;
        let is_sayable = paths.as_object()?.values().all(Value::is_string);
        entries.push(entry("parent_bucket_path", text(parent)));
        entries.push(entry("buckets_path", is_sayable.then(|| json_item(paths))?));
        said["parent_bucket_path"] = parent.into();
        said["buckets_path"] = paths.clone();
        if let Some(policy) = condition.get("gap_policy") {
            entries
                .push(entry("gap_policy", text(policy.as_str().filter(|policy| *policy == "insert_zeros")?)));
            said["gap_policy"] = policy.clone();
        }
        if let Some(filter) = condition.get("composite_agg_filter") {
            entries.push(entry("composite_agg_filter", json_item(filter)));
            said["composite_agg_filter"] = filter.clone();
        }
    }
    entries.push(entry("condition", text(&source)));
    if form != TriggerForm::Ppl && *body != Json::of(&json!({ "condition": said })) {
        return None;
    }
    if !actions.is_empty() {
        let actions = actions.iter().map(action).collect::<Option<Vec<_>>>()?;
        entries.push(entry("actions", Item::Sequence(actions, Layout::Block)));
    }
    Some(Item::Mapping(entries, Layout::Block))
}

fn action(action: &Action) -> Option<Item> {
    let Action { name, destination, subject, message, throttle, other } = action;
    let scope = scope(other).ok()?;
    if throttle.is_some() && matches!(scope, Some(Item::Text(_))) {
        // no server takes a throttle beside `per_execution`
        return None;
    }
    let blank = |text: &str| text.trim().is_empty();
    if blank(destination.as_str()) {
        return None;
    }
    let destination = reference(destination);
    let mut entries = vec![entry("name", text(name.as_str())), entry("destination", destination)];
    entries.extend(subject.as_ref().map(|subject| entry("subject", text(subject))));
    entries.push(entry("message", text(message)));
    match throttle {
        None => {}
        Some(Throttle { minutes, enabled: true }) if (1..=MOST_THROTTLE).contains(minutes) => {
            entries.push(entry("throttle", text(&duration::print(duration::in_minutes(*minutes)))));
        }
        Some(_) => return None,
    }
    entries.extend(scope.map(|scope| entry("action_execution_scope", scope)));
    Some(Item::Mapping(entries, Layout::Block))
}

/// The friendly form has no words for it.
struct Unsayable;

/// What an action says of its scope, if it says anything.
fn scope(other: &BTreeMap<String, Json>) -> Result<Option<Item>, Unsayable> {
    let Some(policy) = other.get("action_execution_policy") else {
        return if other.is_empty() { Ok(None) } else { Err(Unsayable) };
    };
    let value = policy.value();
    let scope = value.get("action_execution_scope").ok_or(Unsayable)?;
    let (item, said) = match scope.pointer("/per_alert/actionable_alerts").and_then(Value::as_array) {
        None => (text("per_execution"), json!({"per_execution": {}})),
        Some(categories) => {
            let known = |category: &Value| category.as_str().is_some_and(|text| CATEGORIES.contains(&text));
            if !categories.iter().all(known) {
                return Err(Unsayable);
            }
            let items = categories.iter().filter_map(Value::as_str).map(text).collect();
            let item =
                Item::Mapping(vec![entry("per_alert", Item::Sequence(items, Layout::Flow))], Layout::Flow);
            (item, json!({"per_alert": {"actionable_alerts": categories}}))
        }
    };
    if *other == self::policy(&said) { Ok(Some(item)) } else { Err(Unsayable) }
}

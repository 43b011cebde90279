//! Monitors to text.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::body::lucene;
use super::item::{Entries, entry, json as json_item, text};
use crate::api::line::Line;
use crate::api::wire;
use crate::api::wire::directory::Directory;
use crate::api::wire::ids::Ids;
use crate::model::json::Json;
use crate::model::monitor::{Action, Input, Monitor, MonitorType, Reference, Throttle, Trigger};
use crate::model::name::Name;
use crate::model::schedule::{Schedule, Unit};
use crate::source::duration;
use crate::source::read::action::{CATEGORIES, MOST_THROTTLE, policy};
use crate::source::read::cluster_metrics::{self, ClusterMetrics};
use crate::source::read::document_queries::{self, DocumentQuery, is_tag};
use crate::source::read::names;
use crate::source::read::search::{NO_WINDOW, interval};
use crate::source::read::trigger::{Form as TriggerForm, is_severity};
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
    let [input] = inputs.as_slice() else { return None };
    let form = form(monitor_type, triggers)?;
    let is_sayable = other.is_empty() && names::are_plain(triggers.iter().map(|trigger| &trigger.name));
    if !is_sayable {
        return None;
    }
    let mut entries = Entries::new();
    if !enabled {
        entries.push(entry("enabled", bare("false")));
    }
    entries.push(entry("schedule", self::schedule(schedule)));
    entries.extend(self::input(monitor_type, input, schedule)?);
    if !triggers.is_empty() {
        let triggers = triggers.iter().map(|one| trigger(one, form)).collect::<Option<Vec<_>>>()?;
        entries.push(entry("triggers", Item::Sequence(triggers, Layout::Block)));
    }
    Some(entries)
}

/// The form of all triggers of a monitor whose type its friendly form says.
fn form(monitor_type: &MonitorType, triggers: &[Trigger]) -> Option<TriggerForm> {
    match monitor_type.as_str() {
        "bucket_level_monitor" if !triggers.is_empty() => Some(TriggerForm::Bucket),
        "doc_level_monitor" => Some(TriggerForm::Document),
        "cluster_metrics_monitor" | "query_level_monitor" => Some(TriggerForm::Query),
        _ => None,
    }
}

/// What a monitor reads, by the keys that say its type too.
fn input(monitor_type: &MonitorType, input: &Input, schedule: &Schedule) -> Option<Entries> {
    match (monitor_type.as_str(), input) {
        ("query_level_monitor" | "bucket_level_monitor", Input::Search { indices, body }) => {
            let is_sayable = are_indices(indices) && body.value().is_object();
            is_sayable.then(|| {
                let mut entries = vec![entry("index", self::indices(indices))];
                entries.extend(search(&body.value(), schedule));
                entries
            })
        }
        ("doc_level_monitor", Input::Other(other)) => document(input, &other.value()),
        ("cluster_metrics_monitor", Input::Other(other)) => cluster_metrics(input, &other.value()),
        _ => None,
    }
}

fn are_indices(indices: &[String]) -> bool {
    !indices.is_empty() && !indices.iter().any(|index| index.trim().is_empty())
}

fn document(input: &Input, value: &Value) -> Option<Entries> {
    let inner = value.get("doc_level_input")?;
    let texts = |value: Option<&Value>| -> Option<Vec<String>> {
        let items = value.map_or(Some(&[][..]), |value| value.as_array().map(Vec::as_slice))?;
        items.iter().map(|item| item.as_str().map(str::to_owned)).collect()
    };
    let indices = texts(inner.get("indices"))?;
    let queries: Option<Vec<DocumentQuery>> = inner
        .get("queries")?
        .as_array()?
        .iter()
        .map(|query| {
            Some(DocumentQuery {
                name: query.get("name")?.as_str()?.to_owned(),
                query: query.get("query")?.as_str()?.to_owned(),
                tags: texts(query.get("tags"))?,
                fields: texts(query.get("fields"))?,
            })
        })
        .collect();
    let queries = queries?;
    let names: Vec<Name> = queries.iter().map(|query| Name::new(query.name.as_str())).collect();
    let filled = |text: &String| !text.trim().is_empty();
    let is_sayable = are_indices(&indices)
        && !queries.is_empty()
        && names::are_plain(names.iter())
        && queries.iter().all(|query| filled(&query.query))
        && queries.iter().flat_map(|query| query.tags.iter().chain(&query.fields)).all(filled)
        && queries.iter().flat_map(|query| &query.tags).all(|tag| is_tag(tag))
        && document_queries::compile(&indices, &queries) == *input;
    is_sayable.then(|| {
        let queries = queries.iter().map(document_query).collect();
        vec![
            entry("index", self::indices(&indices)),
            entry("document_queries", Item::Sequence(queries, Layout::Block)),
        ]
    })
}

fn document_query(query: &DocumentQuery) -> Item {
    let DocumentQuery { name, query, tags, fields } = query;
    let mut entries = vec![entry("name", text(name)), entry("query", text(query))];
    for (key, list) in [("tags", tags), ("fields", fields)] {
        if !list.is_empty() {
            let items = list.iter().map(|item| text(item)).collect();
            entries.push(entry(key, Item::Sequence(items, Layout::Flow)));
        }
    }
    Item::Mapping(entries, Layout::Block)
}

fn cluster_metrics(input: &Input, value: &Value) -> Option<Entries> {
    let uri = value.get("uri")?;
    let text_of = |key: &str| uri.get(key).and_then(Value::as_str).unwrap_or_default();
    let (path, params) = (text_of("path"), text_of("path_params"));
    let clusters = uri.get("clusters").and_then(Value::as_array).into_iter().flatten();
    let clusters: Vec<String> = clusters.filter_map(Value::as_str).map(str::to_owned).collect();
    let slash = if params.is_empty() { "" } else { "/" };
    let metrics = ClusterMetrics { path: format!("{path}{slash}{params}"), clusters };
    let is_sayable = cluster_metrics::compile(&metrics).as_ref() == Some(input)
        && cluster_metrics::is_askable(&metrics.path)
        && metrics.clusters.iter().all(|cluster| !cluster.trim().is_empty());
    is_sayable.then(|| {
        let asked = if metrics.clusters.is_empty() {
            text(&metrics.path)
        } else {
            let clusters = metrics.clusters.iter().map(|cluster| text(cluster)).collect();
            let clusters = entry("clusters", Item::Sequence(clusters, Layout::Flow));
            Item::Mapping(vec![entry("path", text(&metrics.path)), clusters], Layout::Block)
        };
        vec![entry("cluster_metrics", asked)]
    })
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

fn trigger(trigger: &Trigger, form: TriggerForm) -> Option<Item> {
    let Trigger { name, severity, kind, body, actions } = trigger;
    let value = body.value();
    let condition = value.get("condition")?;
    let source = condition.pointer("/script/source")?.as_str()?.to_owned();
    let is_sayable = *kind == form.kind()
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
    if *body != Json::of(&json!({ "condition": said })) {
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
            if categories.is_empty() || !categories.iter().all(known) {
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

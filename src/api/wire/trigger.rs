//! Triggers on the wire: bare in Open Distro, in a wrapper that names their kind from 1.1 on.

use serde_json::{Map, Value, json};

use super::action;
use super::fields::{Fields, is_empty, mismatch};
use super::flaw::{Flaw, keep};
use super::ids::TriggerIds;
use crate::api::line::Line;
use crate::model::json::Json;
use crate::model::monitor::{Trigger, TriggerKind};
use crate::model::name::Name;

const KNOWN: &[&str] = &["id", "name", "severity", "actions"];

/// A trigger as read, and what it is known by.
pub struct Decoded {
    /// The trigger.
    pub trigger: Trigger,
    /// Its ids; empty texts where the document has none.
    pub ids: TriggerIds,
    /// Pointers to what the server drops without a word.
    pub dropped: Vec<String>,
}

/// Reads a trigger, wrapped, or bare and then of the kind `bare`; whatever keeps it from being read is added to `flaws`.
pub fn decode(value: &Value, pointer: &str, bare: &TriggerKind, flaws: &mut Vec<Flaw>) -> Option<Decoded> {
    let (kind, fields) = keep(unwrapped(value, pointer, bare), flaws)?;
    let name = keep(fields.need_text("name"), flaws);
    let mut dropped = Vec::new();
    let mut body = Map::new();
    for (key, value) in fields.beside(KNOWN) {
        if kind.is_query_level() && key != "condition" {
            dropped.push(fields.at(key));
        } else {
            body.insert(key.clone(), value.clone());
        }
    }
    if kind.is_query_level()
        && let Some(condition) = keep(condition(&fields), flaws)
    {
        body.insert("condition".into(), condition);
    }
    let items = keep(fields.items("actions"), flaws).unwrap_or_default();
    let mut actions = Vec::with_capacity(items.len());
    let mut action_ids = Vec::with_capacity(items.len());
    for (pointer, value) in items {
        if let Some((action, id)) = action::decode(value, &pointer, flaws) {
            action_ids.push(id.unwrap_or_default().into());
            actions.push(action);
        }
    }
    let id = keep(fields.text("id"), flaws);
    let severity = keep(fields.need_text("severity"), flaws);
    let ids = TriggerIds { id: id?.unwrap_or_default().into(), actions: action_ids };
    let body = Json::of(&Value::Object(body));
    let trigger = Trigger { name: Name::new(name?), severity: severity?, kind, body, actions };
    Some(Decoded { trigger, ids, dropped })
}

/// Writes a trigger as `line` takes it.
pub fn encode(trigger: &Trigger, ids: Option<&TriggerIds>, line: Line) -> Value {
    let Trigger { name, severity, kind, body, actions } = trigger;
    let mut fields = Map::new();
    if let Some(ids) = ids {
        fields.insert("id".into(), (*ids.id).into());
    }
    fields.insert("name".into(), name.as_str().into());
    fields.insert("severity".into(), severity.as_str().into());
    if let Value::Object(body) = body.value() {
        fields.extend(body);
    }
    let actions = actions.iter().enumerate().map(|(index, action)| {
        let id = ids.and_then(|ids| ids.actions.get(index)).map(|id| &**id);
        action::encode(action, id)
    });
    fields.insert("actions".into(), actions.collect());
    if line.wraps_triggers() { json!({ kind.as_str(): fields }) } else { Value::Object(fields) }
}

/// The kind of a trigger, and its fields.
fn unwrapped<'a>(
    value: &'a Value,
    pointer: &str,
    bare: &TriggerKind,
) -> Result<(TriggerKind, Fields<'a>), Flaw> {
    let outer = Fields::of(value, pointer)?;
    Ok(match wrapper(outer.map) {
        Some(kind) => (TriggerKind::new(kind), Fields::of(&outer.map[kind], &outer.at(kind))?),
        None => (bare.clone(), outer),
    })
}

/// The key of the wrapper, if there is one: a bare trigger has a name, a wrapper has one field that is a mapping.
pub fn wrapper(fields: &Map<String, Value>) -> Option<&str> {
    match fields.iter().next() {
        Some((key, Value::Object(_))) if fields.len() == 1 && key != "condition" => Some(key),
        _ => None,
    }
}

/// The condition of a query-level trigger, without the script language, which can only be Painless.
fn condition(fields: &Fields<'_>) -> Result<Value, Flaw> {
    let condition = Fields::of(fields.need("condition")?, &fields.at("condition"))?;
    let script = Fields::of(condition.need("script")?, &condition.at("script"))?;
    if let Some(lang) = script.text("lang")?
        && lang != "painless"
    {
        return Err(mismatch(&script.at("lang"), "`painless`", &lang.into()));
    }
    script.need_text("source")?;
    let kept = script.beside(&["lang"]).filter(|(_, value)| !is_empty(value));
    let script: Map<String, Value> = kept.map(|(key, value)| (key.clone(), value.clone())).collect();
    Ok(json!({ "script": script }))
}

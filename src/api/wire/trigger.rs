//! Triggers on the wire: bare in Open Distro, in a wrapper that names their kind from 1.1 on.

use serde_json::{Map, Value, json};

use super::action;
use super::condition;
use super::fields::{Fields, flaw, object};
use super::flaw::{Defects, Flaw};
use super::ids::TriggerIds;
use crate::api::line::Line;
use crate::model::json::Json;
use crate::model::monitor::{Trigger, TriggerForm, TriggerKind};
use crate::model::name::Name;

const KNOWN: &[&str] = &["id", "name", "severity", "actions"];

/// The same with the condition, which all kinds but PPL's have.
const KNOWN_WITH_CONDITION: &[&str] = &["id", "name", "severity", "condition", "actions"];

/// A trigger as read, and what it is known by.
pub struct Decoded {
    /// The trigger.
    pub trigger: Trigger,
    /// Its ids; empty texts where the document has none.
    pub ids: TriggerIds,
}

/// Reads a trigger of a monitor whose triggers are of the form `wanted`, if that is known; it may stand bare.
pub fn decode(
    value: &Value,
    pointer: &str,
    wanted: Option<TriggerForm>,
    defects: &mut Defects,
) -> Option<Decoded> {
    let bare = wanted.unwrap_or(TriggerForm::Query).kind();
    let (kind, fields) = defects.keep(unwrapped(value, pointer, &bare))?;
    let name = defects.keep(fields.need_text("name"));
    // one of another form than the monitor's is kept as it is
    let form = TriggerForm::of_kind(kind.as_str()).filter(|form| wanted.is_none_or(|wanted| wanted == *form));
    let body = body(form, &fields, defects);
    let items = defects.keep(fields.items("actions")).unwrap_or_default();
    let mut actions = Vec::with_capacity(items.len());
    let mut action_ids = Vec::with_capacity(items.len());
    for (pointer, value) in items {
        if let Some((action, id)) = action::decode(value, &pointer, defects) {
            action_ids.push(id.unwrap_or_default().into());
            actions.push(action);
        }
    }
    let id = defects.keep(fields.text("id"));
    let severity = defects.keep(fields.need_text("severity"));
    let ids = TriggerIds { id: id?.unwrap_or_default().into(), actions: action_ids };
    let trigger = Trigger { name: Name::new(name?), severity: severity?, kind, body: body?, actions };
    Some(Decoded { trigger, ids })
}

/// Reads what a trigger has beside its name and actions; of a form that is not known, whatever that is.
fn body(form: Option<TriggerForm>, fields: &Fields<'_>, defects: &mut Defects) -> Option<Json> {
    let read = match form {
        Some(TriggerForm::Query | TriggerForm::Document | TriggerForm::Chained) => condition::script_alone,
        Some(TriggerForm::Bucket) => condition::on_buckets,
        Some(TriggerForm::Ppl) | None => {
            let body = fields.beside(KNOWN).filter(|(_, value)| !value.is_null());
            let body = body.map(|(key, value)| (key.clone(), value.clone()));
            return Some(Json::of(&Value::Object(body.collect())));
        }
    };
    let condition = defects.keep(fields.inner("condition"));
    let condition = condition.and_then(|condition| read(&condition, defects));
    defects.drop_beside(fields, KNOWN_WITH_CONDITION);
    condition.map(|condition| Json::sorted(object("condition", condition)))
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
    let Some(kind) = wrapper(outer.map) else { return Ok((bare.clone(), outer)) };
    if let Some((beside, _)) = outer.beside(&[kind]).next() {
        let message = format!("unknown key `{beside}` beside `{kind}`, which the server refuses");
        return Err(flaw(&outer.at(beside), message));
    }
    Ok((TriggerKind::new(kind), Fields::of(&outer.map[kind], &outer.at(kind))?))
}

/// The key of the wrapper, if there is one: a bare trigger has a name, a wrapper has one field that is a mapping.
pub fn wrapper(fields: &Map<String, Value>) -> Option<&str> {
    let known = |key: &str| TriggerForm::of_kind(key).is_some();
    if let Some((key, _)) = fields.iter().find(|(key, value)| value.is_object() && known(key)) {
        return Some(key);
    }
    match fields.iter().next() {
        Some((key, Value::Object(_))) if fields.len() == 1 && key != "condition" => Some(key),
        _ => None,
    }
}

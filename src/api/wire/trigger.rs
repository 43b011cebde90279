//! Triggers on the wire: bare in Open Distro, in a wrapper that names their kind from 1.1 on.

use serde_json::{Map, Value, json};

use super::action;
use super::fields::{Fields, is_empty, mismatch, object};
use super::flaw::{Defects, Flaw};
use super::ids::TriggerIds;
use crate::api::line::Line;
use crate::model::json::Json;
use crate::model::monitor::{Trigger, TriggerForm, TriggerKind};
use crate::model::name::Name;

const KNOWN: &[&str] = &["id", "name", "severity", "actions"];

/// The same with the condition, which all kinds but PPL's have.
const KNOWN_WITH_CONDITION: &[&str] = &["id", "name", "severity", "condition", "actions"];

/// What a script may have.
const SCRIPT: &[&str] = &["source", "lang", "params", "options"];

/// What the condition of a bucket-level trigger may have.
const BUCKET_CONDITION: &[&str] =
    &["buckets_path", "parent_bucket_path", "script", "gap_policy", "filter", "composite_agg_filter"];

/// A trigger as read, and what it is known by.
pub struct Decoded {
    /// The trigger.
    pub trigger: Trigger,
    /// Its ids; empty texts where the document has none.
    pub ids: TriggerIds,
}

/// Reads a trigger, wrapped, or bare and then of the kind `bare`.
pub fn decode(value: &Value, pointer: &str, bare: &TriggerKind, defects: &mut Defects) -> Option<Decoded> {
    let (kind, fields) = defects.keep(unwrapped(value, pointer, bare))?;
    let name = defects.keep(fields.need_text("name"));
    let body = body(&kind, &fields, defects);
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

/// Reads what a trigger has beside its name and actions; of a kind that is not known, whatever that is.
fn body(kind: &TriggerKind, fields: &Fields<'_>, defects: &mut Defects) -> Option<Json> {
    let condition = match TriggerForm::of_kind(kind) {
        Some(TriggerForm::Query | TriggerForm::Document | TriggerForm::Chained) => {
            script_alone(fields, defects)
        }
        Some(TriggerForm::Bucket) => bucket_condition(fields, defects),
        Some(TriggerForm::Ppl) | None => {
            let body = fields.beside(KNOWN).map(|(key, value)| (key.clone(), value.clone()));
            return Some(Json::of(&Value::Object(body.collect())));
        }
    };
    defects.drop_beside(fields, KNOWN_WITH_CONDITION);
    condition.map(|condition| Json::of(&object("condition", condition)))
}

/// A condition that has nothing but a script, without its language, which can only be Painless.
fn script_alone(fields: &Fields<'_>, defects: &mut Defects) -> Option<Value> {
    let condition = defects.keep(fields.inner("condition"))?;
    defects.drop_beside(&condition, &["script"]);
    let script = defects.keep(condition.inner("script"))?;
    check_script(&script, defects);
    defects.keep(script.need_text("source"))?;
    let kept = script.beside(&["lang"]).filter(|(_, value)| !is_empty(value));
    let kept = kept.map(|(key, value)| (key.clone(), value.clone()));
    Some(object("script", Value::Object(kept.collect())))
}

/// The condition of a bucket-level trigger, as it is; its script may be a mere text.
fn bucket_condition(fields: &Fields<'_>, defects: &mut Defects) -> Option<Value> {
    let condition = defects.keep(fields.inner("condition"))?;
    defects.refuse_beside(&condition, BUCKET_CONDITION, "a condition on buckets");
    if let Some(Value::Object(_)) = condition.get("script") {
        check_script(&defects.keep(condition.inner("script"))?, defects);
    }
    Some(Value::Object(condition.map.clone()))
}

fn check_script(script: &Fields<'_>, defects: &mut Defects) {
    defects.refuse_beside(script, SCRIPT, "a script");
    if let Some(Some(lang)) = defects.keep(script.text("lang"))
        && lang != "painless"
    {
        defects.flaws.push(mismatch(&script.at("lang"), "`painless`", &lang.into()));
    }
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

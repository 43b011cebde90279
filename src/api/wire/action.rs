//! Actions on the wire.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use super::fields::{Fields, flaw, is_empty, mismatch, object, text};
use super::flaw::{Defects, Flaw};
use crate::model::json::Json;
use crate::model::monitor::{Action, Throttle};
use crate::model::name::Name;
use crate::model::reference::Reference;

const KNOWN: &[&str] = &[
    "id",
    "name",
    "destination_id",
    "destination",
    "message_template",
    "subject_template",
    "throttle_enabled",
    "throttle",
    POLICY,
];

const POLICY: &str = "action_execution_policy";

const SCOPE: &str = "action_execution_scope";

const PER_ALERT: &str = "per_alert";
const PER_EXECUTION: &str = "per_execution";
const CATEGORIES: &str = "actionable_alerts";

/// What a template may have.
const TEMPLATE: &[&str] = &["source", "lang", "params", "options"];

/// Reads an action and its id.
pub fn decode(value: &Value, pointer: &str, defects: &mut Defects) -> Option<(Action, Option<String>)> {
    let fields = defects.keep(Fields::of(value, pointer))?;
    defects.refuse_beside(&fields, KNOWN, "an action");
    let mut other = BTreeMap::new();
    if let Some(policy) = fields.get(POLICY) {
        let policy = self::policy(policy, &fields.at(POLICY), defects);
        other.extend(policy.map(|policy| (POLICY.to_owned(), policy)));
    }
    let name = defects.keep(fields.need_text("name"));
    let destination = defects.keep(destination(&fields));
    let subject = template(&fields, "subject_template", &mut other, defects);
    let subject = defects.keep(subject);
    let message = message(&fields, &mut other, defects);
    let message = defects.keep(message);
    let throttle = throttle(&fields, defects);
    let throttle = defects.keep(throttle);
    let id = defects.keep(fields.text("id"));
    let action = Action {
        name: Name::new(name?),
        destination: destination?,
        subject: subject?,
        message: message?,
        throttle: throttle?,
        other,
    };
    Some((action, id?))
}

/// Writes an action; a name in place of an id stays, which `apply` never lets happen.
pub fn encode(action: &Action, id: Option<&str>) -> Value {
    let Action { name, destination, subject, message, throttle, other } = action;
    let mut fields = Map::new();
    if let Some(id) = id {
        fields.insert("id".into(), id.into());
    }
    fields.insert("name".into(), name.as_str().into());
    fields.insert("destination_id".into(), destination.as_str().into());
    if let Some(subject) = subject {
        fields.insert("subject_template".into(), mustache(subject));
    }
    fields.insert("message_template".into(), mustache(message));
    fields.insert("throttle_enabled".into(), throttle.is_some_and(|throttle| throttle.enabled).into());
    if let Some(Throttle { minutes, enabled: _ }) = throttle {
        fields.insert("throttle".into(), json!({"value": minutes, "unit": "MINUTES"}));
    }
    for (key, value) in other {
        match (fields.get_mut(key), value.value()) {
            (Some(Value::Object(template)), Value::Object(further)) => template.extend(further),
            (_, value) => {
                fields.insert(key.clone(), value);
            }
        }
    }
    Value::Object(fields)
}

fn message(
    fields: &Fields<'_>,
    other: &mut BTreeMap<String, Json>,
    defects: &mut Defects,
) -> Result<String, Flaw> {
    let message = template(fields, "message_template", other, defects)?;
    message.ok_or_else(|| flaw(&fields.pointer, "`message_template` is missing"))
}

fn destination(fields: &Fields<'_>) -> Result<Reference, Flaw> {
    match (fields.text("destination")?, fields.text("destination_id")?) {
        (Some(name), None) => Ok(Reference::Name(Name::new(name))),
        (None, Some(id)) => Ok(Reference::Id(id)),
        (Some(_), Some(_)) => {
            Err(flaw(&fields.pointer, "`destination` and `destination_id` exclude each other"))
        }
        (None, None) => Err(flaw(&fields.pointer, "`destination_id` is missing")),
    }
}

/// The policy with what servers know of it: whom it tells of, each alert of some categories or a whole run.
fn policy(value: &Value, pointer: &str, defects: &mut Defects) -> Option<Json> {
    let fields = defects.keep(Fields::of(value, pointer))?;
    defects.drop_beside(&fields, &[SCOPE]);
    let scope = defects.keep(fields.inner(SCOPE))?;
    defects.refuse_beside(&scope, &[PER_ALERT, PER_EXECUTION], "a scope");
    let read = match (scope.get(PER_ALERT), scope.get(PER_EXECUTION)) {
        (Some(_), None) => {
            let per_alert = defects.keep(scope.inner(PER_ALERT))?;
            defects.refuse_beside(&per_alert, &[CATEGORIES], "`per_alert`");
            let categories: BTreeSet<_> = defects.keep(per_alert.texts(CATEGORIES))?.into_iter().collect();
            object(PER_ALERT, object(CATEGORIES, categories.into_iter().collect::<Value>()))
        }
        (None, Some(_)) => {
            defects.keep(scope.inner(PER_EXECUTION))?;
            object(PER_EXECUTION, json!({}))
        }
        _ => {
            defects.flaws.push(flaw(&scope.pointer, "expected one of `per_alert` and `per_execution`"));
            return None;
        }
    };
    Some(Json::of(&object(SCOPE, read)))
}

/// Reads the source of a template; its parameters and options go to `other` under the same key.
fn template(
    fields: &Fields<'_>,
    key: &str,
    other: &mut BTreeMap<String, Json>,
    defects: &mut Defects,
) -> Result<Option<String>, Flaw> {
    let pointer = fields.at(key);
    let value = match fields.get(key) {
        None => return Ok(None),
        Some(value @ Value::Object(_)) => value,
        Some(value) => return text(value, || pointer).map(Some),
    };
    let script = Fields::of(value, &pointer)?;
    defects.refuse_beside(&script, TEMPLATE, "a template");
    if let Some(lang) = script.text("lang")?.filter(|lang| lang != "mustache") {
        return Err(mismatch(&script.at("lang"), "`mustache`", &lang.into()));
    }
    let further = script.beside(&["source", "lang"]).filter(|(_, value)| !is_empty(value));
    let further: Map<String, Value> = further.map(|(key, value)| (key.clone(), value.clone())).collect();
    if !further.is_empty() {
        other.insert(key.to_owned(), Json::of(&Value::Object(further)));
    }
    script.need_text("source").map(Some)
}

fn throttle(fields: &Fields<'_>, defects: &mut Defects) -> Result<Option<Throttle>, Flaw> {
    let enabled = fields.truth("throttle_enabled")?.unwrap_or(false);
    let Some(value) = fields.get("throttle") else {
        return if enabled {
            Err(flaw(&fields.pointer, "`throttle_enabled` is true and `throttle` is missing"))
        } else {
            Ok(None)
        };
    };
    let throttle = Fields::of(value, &fields.at("throttle"))?;
    defects.drop_beside(&throttle, &["value", "unit"]);
    if let Some(unit) = throttle.get("unit")
        && !unit.as_str().is_some_and(|unit| unit.eq_ignore_ascii_case("MINUTES"))
    {
        return Err(mismatch(&throttle.at("unit"), "`MINUTES`", unit));
    }
    match throttle.positive("value")? {
        Some(minutes) => Ok(Some(Throttle { minutes, enabled })),
        None => Err(flaw(&throttle.pointer, "`value` is missing")),
    }
}

fn mustache(source: &str) -> Value {
    json!({"source": source, "lang": "mustache"})
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_template_has_beside_its_source_is_kept() {
        let template = json!({"source": "{{x}}", "lang": "mustache", "params": {"x": 1}});
        let sent = json!({"name": "a", "destination_id": "d", "message_template": template});
        let (action, _) = decode(&sent, "", &mut Defects::default()).unwrap();
        assert_eq!(encode(&action, None)["message_template"], template);
        let other = json!({"name": "a", "destination_id": "d", "message_template": {"source": "{{x}}"}});
        assert_ne!(decode(&other, "", &mut Defects::default()).unwrap().0, action);
    }
}

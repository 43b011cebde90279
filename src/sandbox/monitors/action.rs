//! Actions of triggers: their parser is the strict one.

use serde_json::{Map, Value, json};

use super::super::fault::Fault;
use super::super::line_differences::monitors as lines;
use super::super::reader::{Reader, Token};
use super::super::state::State;
use super::fields;
use super::script::{self, Script};

/// The categories of alerts that a policy may name, in the server's order.
const CATEGORIES: [&str; 3] = ["DEDUPED", "NEW", "COMPLETED"];

/// An action as it was read.
#[derive(Clone, Debug)]
pub struct Action {
    /// The minutes of its throttle, whether that is on or off.
    pub throttle: Option<i32>,
    /// What is shown of it.
    pub shown: Value,
}

/// Reads the action that begins here.
pub fn parse(reader: &mut Reader, state: &mut State) -> Result<Action, Fault> {
    let line = state.line;
    let mut id = state.mint_id();
    let (mut name, mut destination, mut subject, mut message) = (None, None, None, None);
    let (mut throttle, mut throttle_enabled, mut policy) = (None, false, None);
    fields::object(reader, |reader, key| {
        match key {
            "id" => id = reader.text()?,
            "name" => name = reader.text_or_null()?,
            "destination_id" => destination = reader.text_or_null()?,
            "subject_template" if *reader.token() == Token::Null => {}
            "subject_template" => subject = Some(script::parse(reader, line, "mustache")?),
            "message_template" => message = Some(script::parse(reader, line, "mustache")?),
            "throttle" => throttle = parse_throttle(reader)?,
            "throttle_enabled" => throttle_enabled = reader.boolean()?,
            "action_execution_policy" if lines::has_policies(line) => policy = parse_policy(reader)?,
            _ => return Err(unexpected(key)),
        }
        Ok(())
    })?;
    if throttle_enabled && throttle.is_none() {
        return Err(Fault::illegal_argument("Action throttle enabled but not set throttle value"));
    }
    let name = name.ok_or_else(|| Fault::uninitialized("name"))?;
    let destination = destination.ok_or_else(|| Fault::uninitialized("destinationId"))?;
    let message = message.ok_or_else(|| Fault::uninitialized("messageTemplate"))?;
    if let Some(subject) = &subject {
        check_mustache("subject_template", subject)?;
    }
    check_mustache("message_template", &message)?;
    if policy.as_ref().is_some_and(|policy| policy.pointer("/action_execution_scope/per_execution").is_some())
        && throttle.is_some()
    {
        return Err(Fault::illegal_argument(
            "Throttle is currently not supported for per execution action scope",
        ));
    }
    let mut shown = Map::new();
    let mut show = |key: &str, value: Value| shown.insert(key.to_owned(), value);
    show("id", id.into());
    show("name", name.into());
    show("destination_id", destination.into());
    show("message_template", message.shown);
    show("throttle_enabled", throttle_enabled.into());
    if let Some(subject) = subject {
        show("subject_template", subject.shown);
    }
    if let Some(value) = throttle {
        show("throttle", json!({"value": value, "unit": "MINUTES"}));
    }
    if let Some(policy) = policy {
        show("action_execution_policy", policy);
    }
    Ok(Action { throttle, shown: Value::Object(shown) })
}

fn check_mustache(what: &str, script: &Script) -> Result<(), Fault> {
    if script.language.as_deref() == Some("mustache") {
        return Ok(());
    }
    Err(Fault::illegal_argument(format!("{what} must be a mustache script")))
}

fn parse_throttle(reader: &mut Reader) -> Result<Option<i32>, Fault> {
    if *reader.token() == Token::Null {
        return Ok(None);
    }
    let mut minutes = 0;
    fields::object(reader, |reader, key| match key {
        "unit" if reader.text()?.to_uppercase() == "MINUTES" => Ok(()),
        "unit" => Err(Fault::illegal_argument("Only support MINUTES throttle unit currently")),
        "value" if *reader.token() == Token::Null => {
            Err(Fault::illegal_argument("Throttle value can't be null"))
        }
        "value" => {
            minutes = reader.int()?;
            if minutes > 0 {
                return Ok(());
            }
            Err(Fault::illegal_argument("Can only set positive throttle period"))
        }
        _ => Err(unexpected(key)),
    })?;
    Ok(Some(minutes))
}

fn parse_policy(reader: &mut Reader) -> Result<Option<Value>, Fault> {
    if *reader.token() == Token::Null {
        return Ok(None);
    }
    let mut scope = None;
    fields::object(reader, |reader, key| {
        if key == "action_execution_scope" {
            scope = Some(parse_scope(reader)?);
        }
        Ok(())
    })?;
    let scope = scope.ok_or_else(|| Fault::uninitialized("actionExecutionScope"))?;
    Ok(Some(json!({"action_execution_scope": scope})))
}

fn parse_scope(reader: &mut Reader) -> Result<Value, Fault> {
    let mut scope = None;
    fields::object(reader, |reader, key| {
        if scope.is_some() {
            return Err(Fault::illegal_argument("You can only specify one type of action execution scope."));
        }
        match key {
            "per_alert" => {
                scope = Some(json!({"per_alert": {"actionable_alerts": parse_per_alert(reader)?}}));
            }
            "per_execution" => {
                fields::rest(reader, |_, _| Ok(()))?;
                scope = Some(json!({"per_execution": {}}));
            }
            _ => {
                let reason = format!("Invalid field [{key}] found in action execution scope.");
                return Err(Fault::illegal_argument(reason));
            }
        }
        Ok(())
    })?;
    scope.ok_or_else(|| Fault::illegal_argument("Action execution scope is null."))
}

fn parse_per_alert(reader: &mut Reader) -> Result<Vec<String>, Fault> {
    let mut categories: Vec<String> = Vec::new();
    fields::rest(reader, |reader, key| {
        if key != "actionable_alerts" {
            let reason = format!("Invalid field [{key}] found in per alert action execution scope.");
            return Err(Fault::illegal_argument(reason));
        }
        for category in fields::texts(reader)? {
            if !CATEGORIES.contains(&category.as_str()) {
                let known = CATEGORIES.join(", ");
                return Err(Fault::illegal_state(format!("Actionable alerts should be one of [{known}]")));
            }
            if !categories.contains(&category) {
                categories.push(category);
            }
        }
        Ok(())
    })?;
    Ok(categories)
}

fn unexpected(key: &str) -> Fault {
    Fault::illegal_state(format!("Unexpected field: {key}, while parsing action"))
}

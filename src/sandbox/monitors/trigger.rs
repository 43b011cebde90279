//! Triggers: bare in Open Distro, in a wrapper that names their kind since.

use serde_json::{Map, Value, json};

use super::super::fault::Fault;
use super::super::line_differences::monitors as lines;
use super::super::reader::{Reader, Token};
use super::super::state::State;
use super::action::{self, Action};
use super::script::{self, Script};
use super::{bucket, fields};

/// What a trigger looks at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The results of a search or of an API.
    Query,
    /// Each bucket of an aggregation.
    Bucket,
    /// Each document.
    Document,
    /// What only another plugin understands.
    Remote,
    /// The rows of a PPL query.
    Ppl,
    /// The alerts of a workflow's delegates.
    Chained,
}

/// A trigger as it was read.
#[derive(Clone, Debug)]
pub struct Trigger {
    /// What it looks at.
    pub kind: Kind,
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// The throttles of its actions, in minutes.
    pub throttles: Vec<i32>,
    /// What is shown of it.
    pub shown: Value,
    /// How the server prints it where it should print the id.
    pub printed: String,
}

/// The parts of a trigger while it is read.
struct Parts {
    id: String,
    name: Option<String>,
    severity: Option<String>,
    condition: Option<(Value, String)>,
    actions: Vec<Action>,
    extras: Map<String, Value>,
}

impl Kind {
    /// The keys that only this kind has, beside or instead of a condition.
    const fn extras(self) -> &'static [&'static str] {
        match self {
            Kind::Query | Kind::Bucket | Kind::Document | Kind::Chained => &[],
            Kind::Remote => &["size", "trigger"],
            Kind::Ppl => &["type", "num_results_condition", "num_results_value", "custom_condition"],
        }
    }

    /// The wrapper's key.
    pub const fn wrapper(self) -> &'static str {
        match self {
            Kind::Query => "query_level_trigger",
            Kind::Bucket => "bucket_level_trigger",
            Kind::Document => "document_level_trigger",
            Kind::Remote => "remote_monitor_trigger",
            Kind::Ppl => "ppl_trigger",
            Kind::Chained => "chained_alert_trigger",
        }
    }
}

/// Reads the trigger that begins here.
pub fn parse(reader: &mut Reader, state: &mut State) -> Result<Trigger, Fault> {
    reader.expect(&Token::StartObject)?;
    reader.advance()?;
    let kinds = lines::trigger_kinds(state.line);
    if kinds.is_empty() {
        return parse_parts(reader, state, Kind::Query);
    }
    let Token::Field(name) = reader.token().clone() else {
        return Err(reader
            .expect(&Token::Field(String::new()))
            .err()
            .unwrap_or_else(|| Fault::illegal_state("")));
    };
    let Some(kind) = kinds.iter().copied().find(|kind| kind.wrapper() == name) else {
        return parse_parts(reader, state, Kind::Query);
    };
    reader.advance()?;
    reader.expect(&Token::StartObject)?;
    reader.advance()?;
    let trigger = parse_parts(reader, state, kind)?;
    reader.advance()?;
    reader.expect(&Token::EndObject)?;
    Ok(trigger)
}

/// Reads from the first key of a trigger up to its end.
fn parse_parts(reader: &mut Reader, state: &mut State, kind: Kind) -> Result<Trigger, Fault> {
    let id = state.mint_id();
    let mut parts =
        Parts { id, name: None, severity: None, condition: None, actions: Vec::new(), extras: Map::new() };
    while !matches!(reader.token(), Token::EndObject | Token::Nothing) {
        let key = match reader.token() {
            Token::Field(name) => name.clone(),
            _ => String::new(),
        };
        reader.advance()?;
        match key.as_str() {
            "id" => parts.id = reader.text()?,
            "name" => parts.name = Some(reader.text()?),
            "severity" => parts.severity = Some(reader.text()?),
            "condition" => parts.condition = Some(parse_condition(reader, state, kind, &parts.id)?),
            "actions" => fields::array(reader, |reader| {
                parts.actions.push(action::parse(reader, state)?);
                Ok(())
            })?,
            extra if kind.extras().contains(&extra) => {
                parts.extras.insert(key.clone(), reader.json()?);
            }
            _ if kind == Kind::Ppl => {
                let reason = format!("Unexpected field when parsing PPL Trigger: {key}");
                return Err(Fault::illegal_argument(reason));
            }
            "query_ids" if kind == Kind::Document => {
                fields::texts(reader)?;
            }
            _ => {}
        }
        reader.advance()?;
    }
    finished(parts, kind, state)
}

fn parse_condition(
    reader: &mut Reader,
    state: &State,
    kind: Kind,
    id: &str,
) -> Result<(Value, String), Fault> {
    if kind == Kind::Bucket {
        return bucket::parse(reader, state.line, id);
    }
    reader.advance()?;
    let Script { language, shown } = script::parse(reader, state.line, "painless")?;
    if language.as_deref() != Some("painless") {
        return Err(Fault::illegal_argument("Invalid script language. Allowed languages are [painless]"));
    }
    reader.advance()?;
    let source = shown.get("source").and_then(Value::as_str).unwrap_or_default();
    let printed = format!(
        "condition=Script{{type=inline, lang='painless', idOrCode='{source}', options={{}}, params={{}}}}"
    );
    Ok((json!({"script": shown}), printed))
}

fn finished(parts: Parts, kind: Kind, state: &State) -> Result<Trigger, Fault> {
    let Parts { id, name, severity, condition, actions, extras } = parts;
    let name = name.ok_or_else(|| Fault::uninitialized("name"))?;
    let severity = severity.ok_or_else(|| Fault::uninitialized("severity"))?;
    let condition = match kind {
        Kind::Remote => None,
        Kind::Ppl => {
            check_ppl(&extras)?;
            None
        }
        Kind::Bucket => Some(condition.ok_or_else(|| Fault::uninitialized("bucketSelector"))?),
        Kind::Query | Kind::Document | Kind::Chained => {
            Some(condition.ok_or_else(|| Fault::uninitialized("condition"))?)
        }
    };
    let (condition, printed) = condition.unzip();
    let printed = printed.unwrap_or_default();
    let printed = match kind {
        Kind::Bucket => {
            format!("BucketLevelTrigger(id={id}, name={name}, severity={severity}, {printed}, actions=[])")
        }
        _ => format!("QueryLevelTrigger(id={id}, name={name}, severity={severity}, actions=[], {printed})"),
    };
    let mut shown = Map::new();
    shown.insert("id".to_owned(), id.clone().into());
    shown.insert("name".to_owned(), name.clone().into());
    shown.insert("severity".to_owned(), severity.into());
    if let Some(condition) = condition {
        shown.insert("condition".to_owned(), condition);
    }
    shown.insert("actions".to_owned(), actions.iter().map(|action| action.shown.clone()).collect());
    shown.extend(extras);
    let shown =
        if state.line.wraps_triggers() { json!({kind.wrapper(): shown}) } else { Value::Object(shown) };
    let throttles = actions.iter().filter_map(|action| action.throttle).collect();
    Ok(Trigger { kind, id, name, throttles, shown, printed })
}

/// A trigger on rows says what it counts, or brings a condition of its own.
fn check_ppl(extras: &Map<String, Value>) -> Result<(), Fault> {
    let has = |key: &str| extras.get(key).is_some_and(|value| !value.is_null());
    let reason = match extras.get("type").and_then(Value::as_str) {
        Some("custom") if has("custom_condition") => return Ok(()),
        Some("custom") => "if trigger condition is of type custom, custom_condition must be included.",
        Some("number_of_results") if has("num_results_condition") && has("num_results_value") => {
            return Ok(());
        }
        Some("number_of_results") => {
            "if trigger condition is of type number_of_results, num_results_condition and num_results_value must be included."
        }
        _ => "Trigger type must be one of number_of_results, custom",
    };
    Err(Fault::illegal_argument(reason))
}

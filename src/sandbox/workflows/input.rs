//! The input of a workflow: which monitors it runs, in which order, and whose findings they look at.

use serde_json::{Map, Value, json};

use super::super::fault::Fault;
use super::super::ids;
use super::super::monitors::fields;
use super::super::reader::{Reader, Token};

/// A monitor that a workflow runs.
#[derive(Clone, Debug)]
pub struct Delegate {
    /// Its place; gaps are taken.
    pub order: i32,
    /// Its id.
    pub monitor: String,
    /// Whose findings it is given.
    pub findings: Option<Findings>,
}

/// The monitors whose findings a delegate is given.
#[derive(Clone, Debug)]
pub struct Findings {
    /// The one monitor; it goes before the list.
    pub monitor: Option<String>,
    /// The list of monitors.
    pub monitors: Vec<String>,
}

/// Reads the input that begins here.
pub fn parse(reader: &mut Reader) -> Result<Vec<Delegate>, Fault> {
    fields::wrapped(reader, |reader, name| {
        if name != "composite_input" {
            return Err(Fault::illegal_state("Unexpected input type when reading Input"));
        }
        let mut delegates = Vec::new();
        fields::object(reader, |reader, key| {
            if key == "sequence" {
                delegates = parse_sequence(reader)?;
            }
            Ok(())
        })?;
        Ok(delegates)
    })
}

/// Gives what is shown of an input.
pub fn shown(delegates: &[Delegate]) -> Value {
    let delegates: Vec<Value> = delegates.iter().map(Delegate::shown).collect();
    json!({"composite_input": {"sequence": {"delegates": delegates}}})
}

fn parse_sequence(reader: &mut Reader) -> Result<Vec<Delegate>, Fault> {
    let mut delegates = Vec::new();
    fields::object(reader, |reader, key| match key {
        "delegates" => fields::array(reader, |reader| {
            delegates.push(parse_delegate(reader)?);
            Ok(())
        }),
        _ => Ok(()),
    })?;
    Ok(delegates)
}

fn parse_delegate(reader: &mut Reader) -> Result<Delegate, Fault> {
    let (mut order, mut monitor, mut findings) = (0, None, None);
    fields::object(reader, |reader, key| {
        match key {
            "order" => {
                order = reader.int()?;
                check_order(order)?;
            }
            "monitor_id" => {
                let id = reader.text()?;
                ids::check(&id)?;
                monitor = Some(id);
            }
            "chained_monitor_findings" => findings = Some(parse_findings(reader)?),
            _ => {}
        }
        Ok(())
    })?;
    let monitor = monitor.ok_or_else(|| Fault::uninitialized("monitorId"))?;
    // without an order it is 0
    check_order(order)?;
    Ok(Delegate { order, monitor, findings })
}

fn check_order(order: i32) -> Result<(), Fault> {
    if order > 0 { Ok(()) } else { Err(Fault::illegal_argument("Invalid delgate order")) }
}

fn parse_findings(reader: &mut Reader) -> Result<Findings, Fault> {
    let (mut monitor, mut monitors) = (None::<String>, Vec::new());
    fields::object(reader, |reader, key| {
        match key {
            "monitor_id" if *reader.token() == Token::Null => {}
            "monitor_id" => monitor = Some(reader.text()?),
            "monitor_ids" => monitors.extend(fields::texts(reader)?),
            _ => {}
        }
        Ok(())
    })?;
    let blank = monitor.as_ref().is_some_and(|id| id.trim().is_empty());
    if monitors.is_empty() && (monitor.is_none() || blank) {
        return Err(Fault::illegal_argument(
            "at least one of fields, 'monitorIds' and 'monitorId' should be provided",
        ));
    }
    match &monitor {
        Some(id) if blank => ids::check(id)?,
        _ => monitors.iter().try_for_each(|id| ids::check(id))?,
    }
    Ok(Findings { monitor, monitors })
}

impl Findings {
    /// Gives the monitors that count.
    pub fn sources(&self) -> Vec<&str> {
        match &self.monitor {
            Some(monitor) => vec![monitor],
            None => self.monitors.iter().map(String::as_str).collect(),
        }
    }
}

impl Delegate {
    fn shown(&self) -> Value {
        let Delegate { order, monitor, findings } = self;
        let mut shown = Map::new();
        shown.insert("order".to_owned(), (*order).into());
        shown.insert("monitor_id".to_owned(), monitor.clone().into());
        if let Some(Findings { monitor, monitors }) = findings {
            let findings = json!({"monitor_id": monitor, "monitor_ids": monitors});
            shown.insert("chained_monitor_findings".to_owned(), findings);
        }
        Value::Object(shown)
    }
}

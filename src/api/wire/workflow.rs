//! What of a workflow is on the wire otherwise than a monitor's: the monitors that it runs.

use serde_json::{Value, json};

use super::fields::{Fields, flaw, text};
use super::flaw::{Defects, Flaw};
use crate::model::monitor::{Delegate, Input};
use crate::model::reference::Reference;

const DELEGATE: &[&str] = &["order", "monitor", "monitor_id", FINDINGS];

/// The key of the monitors before it whose findings a delegate looks at.
pub const FINDINGS: &str = "chained_monitor_findings";
const FINDINGS_KEYS: &[&str] = &["monitor", "monitors", "monitor_id", "monitor_ids"];

/// Reads the input of a workflow; a definition may name monitors in place of their ids.
pub fn decode_input(value: &Value, pointer: &str, defects: &mut Defects) -> Option<Input> {
    let fields = defects.keep(Fields::of(value, pointer))?;
    defects.drop_beside(&fields, &["composite_input"]);
    let composite = defects.keep(fields.inner("composite_input"))?;
    defects.drop_beside(&composite, &["sequence"]);
    let sequence = defects.keep(composite.inner("sequence"))?;
    defects.drop_beside(&sequence, &["delegates"]);
    let mut delegates = Vec::new();
    let items = defects.keep(sequence.items("delegates"))?;
    let number = items.len();
    for (pointer, value) in items {
        let Some(fields) = defects.keep(Fields::of(value, &pointer)) else { continue };
        let order = defects.keep(fields.positive("order"));
        let delegate = delegate(&fields, defects);
        delegates.extend(order.zip(delegate));
    }
    let mut orders: Vec<u32> = delegates.iter().filter_map(|(order, _)| *order).collect();
    orders.sort_unstable();
    if orders.windows(2).any(|pair| pair[0] == pair[1]) {
        let message = "two delegates have one `order`, which the server refuses";
        defects.flaws.push(flaw(&sequence.at("delegates"), message));
    }
    // their numbers say no more than who comes before whom; what has none is the next
    if delegates.iter().all(|(order, _)| order.is_some()) {
        delegates.sort_by_key(|(order, _)| *order);
    }
    let delegates: Vec<_> = delegates.into_iter().map(|(_, delegate)| delegate).collect();
    (delegates.len() == number).then_some(Input::Composite(delegates))
}

/// Writes the input of a workflow; an order is a number from 1.
pub fn encode_input(delegates: &[Delegate]) -> Value {
    let delegates = (1_u32..).zip(delegates).map(|(order, Delegate { monitor, findings })| {
        let mut delegate = json!({"order": order, "monitor_id": monitor.as_str()});
        if !findings.is_empty() {
            let findings: Vec<&str> = findings.iter().map(Reference::as_str).collect();
            delegate[FINDINGS] = json!({ "monitor_ids": findings });
        }
        delegate
    });
    json!({"composite_input": {"sequence": {"delegates": delegates.collect::<Vec<_>>()}}})
}

fn delegate(fields: &Fields<'_>, defects: &mut Defects) -> Option<Delegate> {
    defects.drop_beside(fields, DELEGATE);
    let monitor = defects.keep(monitor_of(fields));
    let findings = match fields.get(FINDINGS) {
        None => Some(Vec::new()),
        Some(_) => defects.keep(fields.inner(FINDINGS)).and_then(|chained| findings(&chained, defects)),
    };
    Some(Delegate { monitor: monitor?, findings: findings? })
}

/// The monitor that a delegate runs.
fn monitor_of(fields: &Fields<'_>) -> Result<Reference, Flaw> {
    match (fields.text("monitor")?, fields.text("monitor_id")?) {
        (Some(name), None) => Ok(Reference::Name(name.as_str().into())),
        (None, Some(id)) => Ok(Reference::Id(id)),
        (None, None) => Err(flaw(&fields.pointer, "`monitor_id` is missing")),
        (Some(_), Some(_)) => Err(flaw(&fields.pointer, "`monitor` and `monitor_id` exclude each other")),
    }
}

/// The monitors whose findings are looked at: under one of the server's two keys their ids, under one of ours names.
fn findings(chained: &Fields<'_>, defects: &mut Defects) -> Option<Vec<Reference>> {
    defects.drop_beside(chained, FINDINGS_KEYS);
    let id = defects.keep(chained.text("monitor_id"))?.filter(|id| !id.trim().is_empty());
    let ids = defects.keep(chained.items("monitor_ids"))?;
    let name = defects.keep(chained.text("monitor"))?;
    let names = defects.keep(chained.items("monitors"))?;
    let said = [
        ("monitor", name.is_some()),
        ("monitors", !names.is_empty()),
        ("monitor_id", id.is_some() || !ids.is_empty()),
    ];
    let said: Vec<&str> = said.into_iter().filter_map(|(key, is_said)| is_said.then_some(key)).collect();
    if let [one, other, ..] = said[..] {
        defects.flaws.push(flaw(&chained.pointer, format!("`{one}` and `{other}` exclude each other")));
        return None;
    }
    if let Some(id) = id {
        if !ids.is_empty() {
            // servers show both, and look at the old key
            defects.drop_for(chained, "monitor_ids", "monitor_id");
        }
        return Some(vec![Reference::Id(id)]);
    }
    if let Some(name) = name {
        return Some(vec![Reference::Name(name.as_str().into())]);
    }
    let mut found = Vec::with_capacity(ids.len() + names.len());
    for (pointer, value) in &ids {
        found.push(defects.keep(text(value, || pointer.clone())).map(Reference::Id));
    }
    for (pointer, value) in &names {
        found.push(named(value, pointer, defects));
    }
    found.into_iter().collect()
}

/// A name, or `{id: …}` for a monitor that no file declares.
fn named(value: &Value, pointer: &str, defects: &mut Defects) -> Option<Reference> {
    if !value.is_object() {
        let name = defects.keep(text(value, || pointer.to_owned()))?;
        return Some(Reference::Name(name.as_str().into()));
    }
    let fields = defects.keep(Fields::of(value, pointer))?;
    defects.drop_beside(&fields, &["id"]);
    defects.keep(fields.need_text("id")).map(Reference::Id)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn delegates_stand_in_the_order_of_their_numbers_which_differ() {
        let input = |orders: [u32; 2]| {
            let delegates: Vec<_> =
                orders.iter().map(|order| json!({"order": order, "monitor_id": order.to_string()})).collect();
            let input = json!({"composite_input": {"sequence": {"delegates": delegates}}});
            let mut defects = Defects::default();
            let decoded = decode_input(&input, "", &mut defects);
            decoded.filter(|_| defects.flaws.is_empty())
        };
        let Some(Input::Composite(delegates)) = input([7, 3]) else { panic!("not read") };
        let ids: Vec<_> = delegates.iter().map(|delegate| delegate.monitor.as_str()).collect();
        assert_eq!(ids, ["3", "7"]);
        assert!(input([2, 2]).is_none());
    }
}

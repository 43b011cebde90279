//! What of a workflow is on the wire otherwise than a monitor's: the monitors that it runs.

use serde_json::{Value, json};

use super::fields::{Fields, flaw, mismatch, text};
use super::flaw::Flaw;
use crate::model::monitor::{Delegate, Input};
use crate::model::reference::Reference;

/// Reads the input of a workflow.
pub fn decode_input(value: &Value, pointer: &str) -> Result<Input, Flaw> {
    let fields = Fields::of(value, pointer)?;
    let composite = Fields::of(fields.need("composite_input")?, &fields.at("composite_input"))?;
    let sequence = Fields::of(composite.need("sequence")?, &composite.at("sequence"))?;
    let mut delegates = Vec::new();
    for (pointer, value) in sequence.items("delegates")? {
        let fields = Fields::of(value, &pointer)?;
        let order = fields.positive("order")?;
        delegates.push((order, delegate(&fields)?));
    }
    let mut orders: Vec<u32> = delegates.iter().filter_map(|(order, _)| *order).collect();
    orders.sort_unstable();
    if orders.windows(2).any(|pair| pair[0] == pair[1]) {
        let message = "two delegates have one `order`, which the server refuses";
        return Err(flaw(&sequence.at("delegates"), message));
    }
    // their numbers say no more than who comes before whom; what has none is the next
    if delegates.iter().all(|(order, _)| order.is_some()) {
        delegates.sort_by_key(|(order, _)| *order);
    }
    Ok(Input::Composite(delegates.into_iter().map(|(_, delegate)| delegate).collect()))
}

/// Writes the input of a workflow; an order is a number from 1.
pub fn encode_input(delegates: &[Delegate]) -> Value {
    let delegates = (1_u32..).zip(delegates).map(|(order, Delegate { monitor, findings })| {
        let mut delegate = json!({"order": order, "monitor_id": monitor.as_str()});
        if !findings.is_empty() {
            let findings: Vec<&str> = findings.iter().map(Reference::as_str).collect();
            delegate["chained_monitor_findings"] = json!({ "monitor_ids": findings });
        }
        delegate
    });
    json!({"composite_input": {"sequence": {"delegates": delegates.collect::<Vec<_>>()}}})
}

fn delegate(fields: &Fields<'_>) -> Result<Delegate, Flaw> {
    let monitor = match (fields.text("monitor")?, fields.text("monitor_id")?) {
        (Some(name), None) => Reference::Name(name.as_str().into()),
        (None, _) => Reference::Id(fields.need_text("monitor_id")?),
        (Some(_), Some(id)) => {
            return Err(mismatch(&fields.at("monitor_id"), "`monitor` or `monitor_id`", &id.into()));
        }
    };
    let mut findings = Vec::new();
    if let Some(value) = fields.get("chained_monitor_findings") {
        let chained = Fields::of(value, &fields.at("chained_monitor_findings"))?;
        for (pointer, value) in chained.items("monitor_ids")? {
            findings.push(Reference::Id(text(value, || pointer)?));
        }
        // beside the old key the server does not look at the list
        if let Some(id) = chained.text("monitor_id")?.filter(|id| !id.trim().is_empty()) {
            findings = vec![Reference::Id(id)];
        }
    }
    Ok(Delegate { monitor, findings })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn delegates_stand_in_the_order_of_their_numbers_which_differ() {
        let input = |orders: [u32; 2]| {
            let delegates: Vec<_> =
                orders.iter().map(|order| json!({"order": order, "monitor_id": order.to_string()})).collect();
            decode_input(&json!({"composite_input": {"sequence": {"delegates": delegates}}}), "")
        };
        let Ok(Input::Composite(delegates)) = input([7, 3]) else { panic!("not read") };
        let ids: Vec<_> = delegates.iter().map(|delegate| delegate.monitor.as_str()).collect();
        assert_eq!(ids, ["3", "7"]);
        assert!(input([2, 2]).is_err());
    }
}

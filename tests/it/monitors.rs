//! Monitors of every type, and workflows, as they were sent, and as servers gave them back: one monitor in the canonical form.

#![expect(clippy::unwrap_used, reason = "a recording that cannot be read is a failure by itself")]

use alertform::api::line::Line;
use alertform::api::wire::flaw::Flaw;
use alertform::api::wire::limits::{self, Severity};
use alertform::api::wire::monitor::Decoded;
use alertform::api::wire::{canonical, doc_queries, monitor};
use alertform::model::monitor::Monitor;
use alertform::model::resource::{Kind, Resource};
use serde_json::Value;

use crate::recordings::folder;

/// Every monitor that a server took, as it was sent and as it came back, with the file of the recording.
fn taken(line: Line) -> Vec<(String, Value, Value)> {
    let folders = ["monitors", "workflows"].map(|topic| folder(line).join(topic));
    let folders = folders.iter().filter(|folder| folder.exists());
    let mut files: Vec<_> = folders
        .flat_map(|folder| std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()))
        .collect();
    files.sort();
    let mut taken = Vec::new();
    for file in files {
        let recording: Value = serde_json::from_str(&std::fs::read_to_string(&file).unwrap()).unwrap();
        for (index, step) in recording["steps"].as_array().unwrap().iter().enumerate() {
            let path = step["request"]["path"].as_str().unwrap();
            let is_write = ["POST", "PUT"].contains(&step["request"]["method"].as_str().unwrap());
            let (sent, body) = (&step["request"]["body"], &step["response"]["body"]);
            let returned = body.get("monitor").or_else(|| body.get("workflow")).unwrap_or(&Value::Null);
            let is_one = path.contains("/monitors") || path.contains("/workflows");
            if is_write && is_one && sent.is_object() && returned.is_object() {
                let name = format!("{line}: {} step {index}", file.file_name().unwrap().to_string_lossy());
                taken.push((name, sent.clone(), returned.clone()));
            }
        }
    }
    taken
}

/// Reads what says by itself whether it is a workflow.
fn decode(document: &Value) -> Result<Decoded, Vec<Flaw>> {
    let is_workflow = document["inputs"][0].get("composite_input").is_some();
    let kind = if is_workflow { Kind::Workflow } else { Kind::Monitor };
    monitor::decode(kind, document)
}

/// Whether the plan says that the line cannot do it, or its mark has to vouch for what the server forgets.
fn is_told_otherwise(name: &str, sent: &Monitor, line: Line) -> bool {
    let limits = limits::check(&Resource::Monitor(sent.clone()), line);
    let is_refused = limits.iter().any(|limit| limit.severity == Severity::Refused);
    // an unknown key of a query, which another version may know
    is_refused || name.ends_with("doc-input.json step 13")
}

#[test]
fn what_was_sent_and_what_came_back_are_one_monitor() {
    let mut wrong = Vec::new();
    let mut checked = 0;
    for line in Line::ALL {
        for (name, sent, returned) in taken(line) {
            let (Ok(sent), Ok(returned)) = (decode(&sent), decode(&returned)) else {
                continue;
            };
            if is_told_otherwise(&name, &sent.monitor, line) {
                continue;
            }
            checked += 1;
            let (sent, mut returned) =
                (canonical::monitor(sent.monitor, line), canonical::monitor(returned.monitor, line));
            doc_queries::forget_unstated(&mut returned, &sent);
            if sent != returned {
                wrong.push(format!("{name}\n  sent     {sent:?}\n  returned {returned:?}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{} of {checked} differ:\n{}", wrong.len(), wrong.join("\n"));
    assert!(checked > 600, "only {checked} were checked");
}

#[test]
fn a_canonical_monitor_is_canonical_and_the_server_takes_it_for_the_same() {
    let mut wrong = Vec::new();
    for line in Line::ALL {
        for (name, _, returned) in taken(line) {
            let Ok(returned) = decode(&returned) else { continue };
            let once = canonical::monitor(returned.monitor, line);
            let sent = monitor::encode(&once, &returned.ids, line, None);
            let again = decode(&sent).map(|decoded| canonical::monitor(decoded.monitor, line));
            if again.as_ref() != Ok(&once) {
                wrong.push(format!("{name}\n  once  {once:?}\n  again {again:?}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// What the server makes of other fields, or of nothing: a change there alone is none of ours.
const MADE_UP: [&str; 4] = ["/id", "/uri/url", "/uri/api_type", "/throttle/unit"];

/// Where the monitors of a workflow stand in its order, which another number need not change.
const ORDER: &str = "/order";

/// Pointers to all scalars of a document, below `pointer`.
fn leaves(value: &Value, pointer: &str, found: &mut Vec<String>) {
    match value {
        Value::Object(fields) => {
            for (key, value) in fields {
                leaves(value, &format!("{pointer}/{}", key.replace('~', "~0").replace('/', "~1")), found);
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                leaves(item, &format!("{pointer}/{index}"), found);
            }
        }
        _ => found.push(pointer.to_owned()),
    }
}

fn another(value: &Value) -> Value {
    match value {
        Value::Bool(truth) => (!truth).into(),
        Value::Number(number) => (number.as_f64().unwrap_or_default() + 1.0).into(),
        Value::String(text) => format!("{text}x").into(),
        other => other.clone(),
    }
}

#[test]
fn a_change_of_any_leaf_of_a_monitor_shows() {
    let mut hidden = Vec::new();
    let mut changed = 0;
    for line in Line::ALL {
        for (name, _, returned) in taken(line) {
            let canonical =
                |document: &Value| decode(document).map(|decoded| canonical::monitor(decoded.monitor, line));
            let Ok(before) = canonical(&returned) else { continue };
            if before.monitor_type.is_query_level() {
                continue;
            }
            let mut pointers = Vec::new();
            leaves(&returned["inputs"], "/inputs", &mut pointers);
            leaves(&returned["triggers"], "/triggers", &mut pointers);
            let is_ours = |pointer: &&String| {
                ![&MADE_UP[..], &[ORDER]].concat().iter().any(|end| pointer.ends_with(end))
            };
            for pointer in pointers.iter().filter(is_ours) {
                let mut mutated = returned.clone();
                let leaf = mutated.pointer_mut(pointer).unwrap();
                *leaf = another(leaf);
                if leaf.is_null() {
                    continue;
                }
                changed += 1;
                if canonical(&mutated).is_ok_and(|after| after == before) {
                    hidden.push(format!("{name} {pointer} {}", returned.pointer(pointer).unwrap()));
                }
            }
        }
    }
    assert!(hidden.is_empty(), "{} of {changed} do not show:\n{}", hidden.len(), hidden.join("\n"));
    assert!(changed > 1000, "only {changed} were changed");
}

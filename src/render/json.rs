//! A plan for programs; the shape has a version, which grows when a field changes its meaning.

use serde_json::{Value, json};

use super::changes::{Shown, show};
use crate::plan::{Counts, Plan};
use crate::source::finding::Finding;
use crate::source::place::Place;

/// The version of the shape.
pub const VERSION: u32 = 1;

/// The plan as one JSON object, with a line break at its end.
pub fn plan(plan: &Plan) -> String {
    let Counts { create, update, delete } = plan.counts();
    let document = json!({
        "version": VERSION,
        "line": plan.line.as_str(),
        "project": plan.project,
        "summary": {
            "create": create, "update": update, "delete": delete,
            "unchanged": plan.unchanged, "problems": plan.problems.len(), "warnings": plan.warnings.len(),
        },
        "problems": findings(&plan.problems),
        "warnings": findings(&plan.warnings),
        "changes": plan.changes.iter().map(|change| shown(show(plan, change))).collect::<Vec<_>>(),
        "orphans": plan.orphans.iter()
            .map(|key| json!({"kind": key.kind.as_str(), "name": key.name.as_str()}))
            .collect::<Vec<_>>(),
    });
    format!("{document:#}\n")
}

fn shown(shown: Shown) -> Value {
    let Shown { verb, key, place, id, adoption, lines } = shown;
    json!({
        "action": verb.as_str(),
        "kind": key.kind.as_str(),
        "name": key.name.as_str(),
        "id": id,
        "place": place.as_ref().map(self::place),
        "adoption": adoption,
        "diff": lines.iter().map(|line| format!("{}{}", line.sign.as_char(), line.text)).collect::<Vec<_>>(),
    })
}

fn findings(findings: &[Finding]) -> Vec<Value> {
    let shown = findings.iter().map(|finding| {
        json!({"place": finding.place.as_ref().map(place), "message": finding.message, "hint": finding.hint})
    });
    shown.collect()
}

fn place(place: &Place) -> Value {
    json!({"file": &*place.file, "line": place.line, "column": place.column})
}

//! A plan for programs; the shape has a version, which grows when a field changes its meaning.

use std::iter;

use serde_json::{Value, json};

use super::changes::{Shown, show};
use super::matrix::{Came, Outcome};
use super::report;
use crate::apply::{Done, Report};
use crate::model::resource::Key;
use crate::plan::drift::{Drift, time};
use crate::plan::limits::{self, Excess};
use crate::plan::{Counts, Focus, LeftOut, Orphan, Owner, Plan, Stay, Unmarked};
use crate::source::finding::Finding;
use crate::source::place::Place;

/// The version of the shape.
pub const VERSION: u32 = 1;

/// The plan, and what became of it once it was carried out, as one JSON object with a line break at its end.
pub fn plan(plan: &Plan, made: Option<&Report>) -> String {
    format!("{:#}\n", document(plan, made))
}

/// What came of several environments, each as one by itself, as one JSON object with a line break at its end.
pub fn several(outcomes: &[Outcome]) -> String {
    let documents = outcomes.iter().map(|outcome| match &outcome.came {
        Came::Planned(plan) | Came::Unapplied(plan) => document(plan, None),
        Came::Applied(plan, made) => document(plan, Some(made)),
        Came::Failed(error) => problems(Some(&outcome.environment), &error.findings()),
    });
    format!("{:#}\n", json!({"version": VERSION, "environments": documents.collect::<Vec<_>>()}))
}

fn document(plan: &Plan, made: Option<&Report>) -> Value {
    let Counts { create, update, delete } = plan.counts();
    let mut document = empty();
    document["environment"] = plan.environment.as_deref().into();
    document["server"] = plan.server.as_str().into();
    document["line"] = plan.line.as_str().into();
    document["project"] = plan.project.as_str().into();
    document["focus"] = match plan.focus {
        Focus::All => "all",
        Focus::Drift => "drift",
    }
    .into();
    document["summary"] = json!({
        "create": create, "update": update, "delete": delete,
        "unchanged": plan.unchanged, "problems": plan.problems.len(), "warnings": plan.warnings.len(),
    });
    document["problems"] = findings(&plan.problems);
    document["warnings"] = findings(&plan.warnings);
    document["changes"] = plan.changes.iter().map(|change| shown(show(plan, change))).collect();
    document["unmarked"] = plan.unmarked.iter().map(unmarked).collect();
    document["over_limits"] = limits::exceeded(plan).iter().map(excess).collect();
    document["left_out"] = plan.left_out.iter().map(left_out).collect();
    document["orphans"] = plan.orphans.iter().map(orphan).collect();
    document["applied"] = made.map(applied).unwrap_or_default();
    document
}

/// What stands in a plan's place when there is none: the same object, with problems alone.
pub fn no_plan(environment: Option<&str>, problems: &[Finding]) -> String {
    format!("{:#}\n", self::problems(environment, problems))
}

fn problems(environment: Option<&str>, problems: &[Finding]) -> Value {
    let mut document = empty();
    document["environment"] = environment.into();
    document["summary"]["problems"] = problems.len().into();
    document["problems"] = findings(problems);
    document
}

/// The object of a plan that says nothing: all keys, in their order.
fn empty() -> Value {
    json!({
        "version": VERSION,
        "environment": null,
        "server": null,
        "line": null,
        "project": null,
        "focus": null,
        "summary": {
            "create": 0, "update": 0, "delete": 0, "unchanged": 0, "problems": 0, "warnings": 0,
        },
        "problems": [],
        "warnings": [],
        "changes": [],
        "unmarked": [],
        "orphans": [],
        "left_out": [],
        "applied": null,
        "over_limits": [],
    })
}

fn shown(shown: Shown) -> Value {
    let Shown {
        action,
        sign: _,
        verb: _,
        key,
        place,
        item,
        id,
        adoption,
        claimed,
        risks,
        ends,
        users,
        still_used_by,
        drift,
        headline,
        lines,
        unchanged,
        is_opaque: _,
    } = shown;
    json!({
        "action": action.as_str(),
        "kind": key.kind.as_str(),
        "name": key.name.as_str(),
        "id": id,
        "place": place.as_ref().map(self::place),
        "item": item.as_ref().map(self::place),
        "adoption": adoption,
        "risks": risks.iter().map(ToString::to_string).collect::<Vec<_>>(),
        "ends": ends.into_iter().map(|ending| ending.words).collect::<Vec<_>>(),
        "used_by": users.iter().map(self::key).collect::<Vec<_>>(),
        "still_used_by": still_used_by.as_ref().map(self::key),
        "drift": drift.map(self::drift),
        "headline": headline,
        "unchanged_lines": unchanged,
        "claimed": claimed.iter().map(self::key).collect::<Vec<_>>(),
        "diff": lines.iter().map(ToString::to_string).collect::<Vec<_>>(),
    })
}

fn applied(made: &Report) -> Value {
    let Report { done, written: _, failed: _, not_tried: _, unseen: _ } = made;
    let Counts { create, update, delete } = made.counts();
    let done = done.iter().map(|Done { action, key, effect: _ }| {
        json!({"action": action.as_str(), "kind": key.kind.as_str(), "name": key.name.as_str()})
    });
    json!({
        "summary": {
            "created": create, "updated": update, "deleted": delete,
            "failed": report::failed(made).len(), "not_tried": made.not_tried.len(),
        },
        "done": done.collect::<Vec<_>>(),
        "failed": missed(made.failed.iter().map(|failed| &failed.key), &report::failed(made)),
        "not_tried": missed(made.not_tried.iter().map(|skipped| &skipped.key), &report::not_tried(made)),
    })
}

/// What was not done; what no resource is to blame for has none.
fn missed<'a>(keys: impl Iterator<Item = &'a Key>, findings: &[Finding]) -> Value {
    let keys = keys.map(key).chain(iter::repeat(json!({"kind": null, "name": null})));
    let missed = keys.zip(findings).map(|(mut missed, finding)| {
        missed["place"] = finding.place.as_ref().map(place).into();
        missed["message"] = finding.message.as_str().into();
        missed["hint"] = finding.hint.as_deref().into();
        missed
    });
    missed.collect()
}

fn drift(drift: Drift) -> Value {
    let Drift { moved, written_at, written_by } = drift;
    let moved = moved.iter().map(|(field, by)| json!({"field": field, "by": by.as_str()}));
    let written_at = written_at.and_then(time);
    json!({"moved": moved.collect::<Vec<_>>(), "written_at": written_at, "written_by": written_by})
}

fn key(key: &Key) -> Value {
    json!({"kind": key.kind.as_str(), "name": key.name.as_str()})
}

fn left_out((resource, why): &(Key, LeftOut)) -> Value {
    let mut left_out = key(resource);
    left_out["why"] = match why {
        LeftOut::Unselected => "unselected".into(),
        LeftOut::Files => "files".into(),
    };
    left_out
}

fn unmarked(unmarked: &Unmarked) -> Value {
    let Unmarked { key, owner } = unmarked;
    let project = match owner {
        Owner::Project(project) => Some(project),
        Owner::Ours | Owner::Nobody => None,
    };
    json!({"kind": key.kind.as_str(), "name": key.name.as_str(), "project": project})
}

fn excess(excess: &Excess) -> Value {
    let Excess { limit, most: _, allowed, planned, is_known: _ } = excess;
    json!({"limit": limit.as_str(), "allowed": allowed, "planned": planned})
}

fn orphan(orphan: &Orphan) -> Value {
    let Orphan { key, id, reason } = orphan;
    let told_by = match reason {
        Stay::Unasked => None,
        Stay::Told(monitor) => Some(monitor.as_str()),
    };
    json!({"kind": key.kind.as_str(), "name": key.name.as_str(), "id": id, "told_by": told_by})
}

fn findings(findings: &[Finding]) -> Value {
    let shown = findings.iter().map(|finding| {
        json!({"place": finding.place.as_ref().map(place), "message": finding.message, "hint": finding.hint})
    });
    shown.collect()
}

fn place(place: &Place) -> Value {
    json!({"file": &*place.file, "line": place.line, "column": place.column})
}

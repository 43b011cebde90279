//! Monitors: the friendly form, whose keys say the type, or the API's own words under `definition`.

use std::collections::BTreeMap;
use std::path::Path;

use super::resource::{Notes, Scope, labels, name, previous_names};
use super::{
    cluster_metrics, definition, document_condition, document_queries, extraction, ppl, schedule, search,
    trigger,
};
use crate::api::wire::fields::is_empty;
use crate::model::json::Json;
use crate::model::monitor::{Input, Monitor, MonitorType, TriggerForm};
use crate::model::part::Part;
use crate::model::resource::Kind;
use crate::model::schedule::Schedule;
use crate::source::fields::Fields;
use crate::source::finding::Finding;
use crate::source::report::Report;
use crate::source::words::listed;
use crate::source::yaml::Node;

const KNOWN: &[&str] = &[
    "kind",
    "name",
    "previous_names",
    "labels",
    // taken out before, and so no slip of another
    "environments",
    "for_each",
    "protected",
    "enabled",
    "schedule",
    "index",
    "time_field",
    "query",
    "window",
    "extraction_query",
    "extraction_query_file",
    "document_queries",
    "cluster_metrics",
    "ppl",
    "triggers",
    "definition",
];

/// What a monitor reads is said by one of these.
const QUERIES: &[&str] =
    &["query", "extraction_query", "extraction_query_file", "document_queries", "cluster_metrics", "ppl"];

/// The most triggers that every server takes, and the most that one can be set to take, from 3.6 on.
const MOST_TRIGGERS: (usize, usize) = (10, 50);

/// Reads a monitor of the project in `dir`.
pub fn read(node: &Node, notes: &mut Notes, scope: &Scope<'_>, dir: &Path) -> Option<Monitor> {
    let report = scope.report;
    let fields = Fields::of(node, "a monitor", KNOWN, report)?;
    notes.labels = labels(&fields);
    notes.protected = fields.flag("protected").unwrap_or(false);
    previous_names(&fields, None, notes);
    let monitor = match fields.get("definition") {
        Some(inner) => definition::read(Kind::Monitor, &fields, inner, notes, report),
        None => friendly(&fields, notes, scope, dir),
    }?;
    check(&monitor, notes, report);
    // servers store any condition, and so it may be there already
    report.warnings(document_condition::flaws(&monitor, notes));
    Some(monitor)
}

fn friendly(fields: &Fields<'_>, notes: &mut Notes, scope: &Scope<'_>, dir: &Path) -> Option<Monitor> {
    let report = scope.report;
    let name = name(fields, "checkout-errors");
    let enabled = fields.flag("enabled");
    let schedule = schedule::of(fields, notes, report);
    let input = input(fields, schedule.as_ref(), notes, scope, dir);
    let forms: Vec<TriggerForm> = fields.items("triggers").iter().map(|node| form(fields, node)).collect();
    let triggers = trigger::all(fields, |node| form(fields, node), notes, report);
    let monitor_type = monitor_type(fields, &forms, report);
    Some(Monitor {
        name: name?,
        monitor_type: monitor_type?,
        enabled: enabled.unwrap_or(true),
        schedule: schedule?,
        inputs: vec![input?],
        triggers: triggers?,
        other: BTreeMap::new(),
    })
}

/// The form of a trigger: that of the monitor, or, where it looks at a search, by its own keys.
fn form(fields: &Fields<'_>, node: &Node) -> TriggerForm {
    let is_bucket = trigger::OF_BUCKETS.iter().any(|key| node.get(key).is_some());
    if fields.get("document_queries").is_some() {
        TriggerForm::Document
    } else if fields.get("ppl").is_some() {
        TriggerForm::Ppl
    } else if is_bucket && fields.get("cluster_metrics").is_none() {
        TriggerForm::Bucket
    } else {
        TriggerForm::Query
    }
}

/// The type that a monitor has by what it reads, and by the forms of its triggers.
fn monitor_type(fields: &Fields<'_>, forms: &[TriggerForm], report: &Report) -> Option<MonitorType> {
    if fields.get("document_queries").is_some() {
        return Some(MonitorType::new("doc_level_monitor"));
    }
    if fields.get("cluster_metrics").is_some() {
        return Some(MonitorType::new("cluster_metrics_monitor"));
    }
    if fields.get("ppl").is_some() {
        if forms.is_empty() {
            let hint = "add one: `triggers: [{name: any, condition: number_of_results > 0}]`";
            fields.refuse("ppl", "a PPL monitor without a trigger, which servers refuse", hint);
        }
        return Some(MonitorType::new("ppl_monitor"));
    }
    if !forms.contains(&TriggerForm::Bucket) {
        return Some(MonitorType::query_level());
    }
    if let Some(other) = forms.iter().position(|form| *form != TriggerForm::Bucket) {
        let message = "a trigger without `buckets_path` in a monitor whose triggers look at buckets";
        let place = &fields.items("triggers").get(other)?.place;
        report.error(Finding::at(place, message).hint("move it to a monitor of its own"));
        return None;
    }
    Some(MonitorType::new("bucket_level_monitor"))
}

fn input(
    fields: &Fields<'_>,
    schedule: Option<&Schedule>,
    notes: &mut Notes,
    scope: &Scope<'_>,
    dir: &Path,
) -> Option<Input> {
    let given = QUERIES.iter().copied().filter(|key| fields.get(key).is_some());
    let given: Vec<&str> = given.collect();
    match given.as_slice() {
        [key @ "cluster_metrics"] => {
            let node = fields.get(key)?;
            notes.places.note(Part::Input, &node.place);
            refuse_beside(fields, &["index", "time_field", "window"], key);
            cluster_metrics::read(node, scope.report)
        }
        [key @ "ppl"] => {
            notes.places.note(Part::Input, &fields.get(key)?.place);
            refuse_beside(fields, &["index", "time_field", "window"], key);
            fields.need_text(key, "").map(ppl::compile)
        }
        [key @ "document_queries"] => {
            notes.places.note(Part::Input, &fields.get(key)?.place);
            refuse_beside(fields, &["time_field", "window"], key);
            let indices = indices(fields, scope.report);
            if indices.iter().flatten().any(|index| index.contains('*')) {
                fields.refuse("index", document_queries::PATTERN, document_queries::NO_PATTERN);
            }
            let queries = document_queries::read(fields, notes, scope.report);
            Some(document_queries::compile(&indices?, &queries?))
        }
        _ => {
            let indices = indices(fields, scope.report);
            let body = body(fields, &given, schedule, notes, scope, dir);
            Some(Input::Search { indices: indices?, body: body? })
        }
    }
}

/// Refuses keys that mean nothing beside what the monitor reads.
fn refuse_beside(fields: &Fields<'_>, keys: &[&str], beside: &str) {
    for key in keys.iter().filter(|key| fields.get(key).is_some()) {
        fields.refuse(key, format!("`{key}` has no effect beside `{beside}`"), "remove it");
    }
}

fn indices(fields: &Fields<'_>, report: &Report) -> Option<Vec<String>> {
    let node = fields.need("index", "add the index, a pattern, or a list: `index: logs-*`")?;
    let indices = fields.texts("index")?;
    if indices.is_empty() {
        report.error(Finding::at(&node.place, "`index` is an empty list").hint("name at least one index"));
        return None;
    }
    Some(indices)
}

fn body(
    fields: &Fields<'_>,
    given: &[&str],
    schedule: Option<&Schedule>,
    notes: &mut Notes,
    scope: &Scope<'_>,
    dir: &Path,
) -> Option<Json> {
    if let Some(node) = given.first().and_then(|key| fields.get(key)) {
        notes.places.note(Part::Input, &node.place);
    }
    match given {
        ["query"] => {
            let query = search::read(fields, schedule, scope.report)?;
            Some(Json::of(&search::compile(&query)))
        }
        [key] => {
            for beside in ["time_field", "window"] {
                if fields.get(beside).is_some() {
                    let message =
                        format!("`{beside}` has no effect beside `{key}`, which is sent as it stands");
                    let hint =
                        "say it in a range on the time field inside the search body, and remove it here";
                    fields.refuse(beside, message, hint);
                }
            }
            let body = if *key == "extraction_query" {
                extraction::inline(fields.get(key)?, scope.report)?
            } else {
                extraction::file(fields, notes, scope, dir)?
            };
            Some(Json::of(&body))
        }
        [] => {
            let hint = format!("add one of {}", listed(QUERIES));
            let message = "a monitor without a query";
            scope.report.error(Finding::at(fields.place(), message).hint(hint));
            None
        }
        [_, second, ..] => {
            let message = format!("{} exclude each other", listed(given));
            fields.refuse(second, message, "keep one of them");
            // what else is wrong with a search body is said all the same
            if let Some(node) = fields.get("extraction_query") {
                extraction::inline(node, scope.report);
            }
            None
        }
    }
}

/// Checks how many triggers there are, and that those on buckets have some.
fn check(monitor: &Monitor, notes: &Notes, report: &Report) {
    if let ("bucket_level_monitor", [Input::Search { body, .. }]) =
        (monitor.monitor_type.as_str(), monitor.inputs.as_slice())
    {
        let body = body.value();
        let aggregations = ["aggs", "aggregations"].map(|key| &body[key]);
        if aggregations.into_iter().all(is_empty) {
            let message = "a bucket-level monitor whose search has no aggregation, which servers refuse";
            let finding = Finding::at(&notes.places.of(Part::Input), message);
            report.error(finding.hint("add a composite aggregation under `aggs`"));
        }
    }
    let number = monitor.triggers.len();
    let (most, most_ever) = MOST_TRIGGERS;
    let finding = |most: usize, what: &str| {
        let place = notes.places.of(Part::trigger(most));
        Finding::at(&place, format!("{number} triggers in one monitor, {what} {most}"))
            .hint("split the monitor in two")
    };
    if number > most_ever {
        report.error(finding(most_ever, "no server takes more than"));
    } else if number > most {
        report.warning(finding(most, "only servers from 3.6 on can be set to take more than"));
    }
}

//! Triggers in the friendly form: of results as a whole, of each bucket, of each document, of rows, of the alerts of
//! monitors.

use serde_json::{Value, json};

use super::resource::{Notes, previous_names};
use super::{action, definition, names, ppl};
use crate::api::wire::flaw::{Defects, Flaw};
use crate::api::wire::{self, condition};
use crate::model::json::Json;
use crate::model::monitor::{Trigger, TriggerForm};
use crate::model::name::Name;
use crate::model::part::Part;
use crate::model::{chained, expression};
use crate::source::fields::{Fields, scalar_text};
use crate::source::finding::Finding;
use crate::source::report::Report;
use crate::source::yaml::{Content, Node};

const KNOWN: &[&str] = &["name", "previous_names", "environments", "severity", "condition", "actions"];

/// The further keys of triggers that look at buckets.
pub const OF_BUCKETS: &[&str] = &["buckets_path", "parent_bucket_path", "gap_policy", "composite_agg_filter"];

/// What a trigger has when nothing is said: the highest, as in Dashboards.
pub const DEFAULT_SEVERITY: &str = "1";

/// Reads all triggers, each of the form that `form` finds; `None` when one of them did not read well.
pub fn all(
    fields: &Fields<'_>,
    form: impl Fn(&Node) -> TriggerForm,
    notes: &mut Notes,
    report: &Report,
) -> Option<Vec<Trigger>> {
    let nodes = fields.items("triggers");
    report.errors(names::flaws("trigger", names::of(nodes)));
    let read = |(index, node): (usize, &Node)| read(node, index, form(node), notes, report);
    let triggers: Vec<_> = nodes.iter().enumerate().map(read).collect();
    triggers.into_iter().collect()
}

/// Reads the trigger at `index`.
fn read(node: &Node, index: usize, form: TriggerForm, notes: &mut Notes, report: &Report) -> Option<Trigger> {
    notes.places.note(Part::trigger(index), &node.place);
    let known: Vec<&str> = match form {
        TriggerForm::Bucket => KNOWN.iter().chain(OF_BUCKETS).copied().collect(),
        TriggerForm::Query | TriggerForm::Document | TriggerForm::Chained | TriggerForm::Ppl => {
            KNOWN.to_vec()
        }
    };
    let fields = Fields::of(node, "a trigger", &known, report)?;
    let name = fields.need_text("name", "add one: `name: too-many-errors`");
    previous_names(&fields, Some(Part::trigger(index)), notes);
    let severity = severity(&fields, report);
    let hint = match form {
        TriggerForm::Query => "add a Painless expression: `condition: ctx.results[0].hits.total.value > 0`",
        TriggerForm::Bucket => {
            "add a Painless expression on what `buckets_path` names: `condition: params.count > 0`"
        }
        TriggerForm::Document => "name queries or tags: `condition: query[name=errors]`",
        TriggerForm::Ppl => "say how many rows: `condition: number_of_results > 10`",
        TriggerForm::Chained => "name monitors: `condition: monitor[name=errors] && monitor[name=latency]`",
    };
    let condition = fields.need_text("condition", hint);
    if let Some(node) = fields.get("condition") {
        notes.places.note(Part::condition(index), &node.place);
    }
    report.errors(names::flaws("action", names::of(fields.items("actions"))));
    let actions: Vec<_> = fields
        .items("actions")
        .iter()
        .enumerate()
        .map(|(action, node)| action::read(node, (index, action), notes, report))
        .collect();
    Some(Trigger {
        name: Name::new(name?),
        severity: severity?,
        kind: form.kind(),
        body: match form {
            TriggerForm::Bucket => on_buckets(&fields, node, condition, report)?,
            TriggerForm::Ppl => ppl::condition(&fields, condition?)?,
            TriggerForm::Document => script(expression::on_one_line(condition?).trim_matches(' ')),
            TriggerForm::Chained => script(&chained::on_one_line(condition?)),
            TriggerForm::Query => script(condition?),
        },
        actions: actions.into_iter().collect::<Option<_>>()?,
    })
}

/// The condition of a trigger that looks at buckets, in the API's words but for its script.
fn on_buckets(fields: &Fields<'_>, node: &Node, source: Option<&str>, report: &Report) -> Option<Json> {
    let hint = "name what the condition takes from each bucket: `buckets_path: {count: _count}`";
    let paths = fields.need("buckets_path", hint).and_then(|paths| {
        let texts = fields.text_map("buckets_path");
        let named = texts.iter().filter_map(|(name, path)| Some((name.clone(), scalar_text(path)?.into())));
        matches!(paths.content, Content::Mapping(_)).then(|| Value::Object(named.collect()))
    });
    let parent =
        fields.need_text("parent_bucket_path", "name the aggregation: `parent_bucket_path: by_service`");
    let said = OF_BUCKETS.iter().filter_map(|key| Some(((*key).to_owned(), fields.get(key)?.json())));
    let said = Value::Object(said.collect());
    let mut defects = Defects::default();
    let condition = defects.keep(wire::fields::Fields::of(&said, ""));
    let choice = condition.and_then(|condition| condition::choice(&condition, &mut defects));
    let finding = |flaw: Flaw| {
        let is_filter = flaw.pointer.starts_with("/composite_agg_filter") && flaw.known.is_empty();
        let finding = definition::finding(flaw, node);
        let hint = "such as `{service: {include: [checkout, basket]}}`, by the sources of the aggregation";
        if is_filter { finding.hint(hint) } else { finding }
    };
    report.errors(defects.flaws.into_iter().map(finding).collect());
    let mut condition = choice?;
    condition.insert("buckets_path".to_owned(), paths?);
    condition.insert("parent_bucket_path".to_owned(), parent?.into());
    condition.insert("script".to_owned(), json!({"source": source?}));
    Some(Json::sorted(json!({ "condition": condition })))
}

fn script(source: &str) -> Json {
    Json::of(&json!({"condition": {"script": {"source": source}}}))
}

fn severity(fields: &Fields<'_>, report: &Report) -> Option<String> {
    let Some(node) = fields.get("severity") else {
        return Some(DEFAULT_SEVERITY.to_owned());
    };
    let is_scalar = matches!(node.content, Content::Number(_) | Content::Text(_));
    let severity = scalar_text(node).filter(|text| is_scalar && is_severity(text));
    if severity.is_none() {
        let message = format!("expected a number from 1 to 5 for `severity`, found {}", node.describe());
        report.error(Finding::at(&node.place, message).hint("1 is the highest, 5 the lowest"));
    }
    severity
}

/// Whether the friendly form has a word for a severity.
pub fn is_severity(text: &str) -> bool {
    matches!(text, "1" | "2" | "3" | "4" | "5")
}

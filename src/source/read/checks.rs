//! What is wrong or odd with a monitor in the API's own words, beyond what keeps it from being read.

use serde_json::Value;

use super::action::{CATEGORIES, MOST_THROTTLE};
use super::document_queries::is_tag;
use super::resource::Notes;
use super::{body, cluster_metrics, document_queries, names};
use crate::api::wire::canonical::path_of;
use crate::api::wire::cluster_apis;
use crate::api::wire::flaw::Dropped;
use crate::model::json::Json;
use crate::model::monitor::{Action, Input, Monitor, MonitorType, TriggerForm};
use crate::model::part::Part;
use crate::model::resource::Kind;
use crate::model::secret::{COVER, without};
use crate::source::finding::Finding;
use crate::source::place::Place;
use crate::source::report::Report;
use crate::source::words::{nearest, suggestion};
use crate::source::yaml::Node;

/// The types of monitors that servers know by name.
const TYPES: [&str; 5] = [
    "query_level_monitor",
    "bucket_level_monitor",
    "cluster_metrics_monitor",
    "doc_level_monitor",
    "ppl_monitor",
];

/// What a server shows and is not sent, though a person could think that it has an effect; why.
///
/// Times, revisions, users and the like are the server's own so plainly that they may be pasted along.
const NOT_SENT: [(&str, &str); 2] = [
    ("data_sources", "servers refuse any but their own: remove it"),
    ("ui_metadata", "what Dashboards needs is written by alertform: remove it"),
];

/// Checks a monitor that was read from `node`.
pub fn check(node: &Node, monitor: &Monitor, notes: &Notes, report: &Report) {
    check_type(node, monitor, report);
    check_kinds(node, monitor, notes, report);
    check_inputs(node, monitor, report);
    check_parts(monitor, notes, report);
}

/// Warns of what is in the definition and has no effect.
pub fn warn_of_dropped(node: &Node, dropped: &[Dropped], report: &Report) {
    for (key, hint) in NOT_SENT {
        if let Some(value) = node.get(key) {
            report.warning(Finding::at(&value.place, format!("`{key}` is not sent")).hint(hint));
        }
    }
    for Dropped { object, key, known, instead } in dropped {
        let node = node.nearest(object);
        let entry = node.entries().iter().find(|entry| entry.key == *key);
        let place = entry.map_or(&node.place, |entry| &entry.place);
        let (message, hint) = match instead {
            Some(other) => (
                format!("`{key}` beside `{other}`, which is not sent"),
                format!("servers look at `{other}` alone: remove one of the two"),
            ),
            None => (format!("unknown key `{key}`, which is not sent"), suggestion(key, known)),
        };
        report.warning(Finding::at(place, message).hint(hint));
    }
}

/// Refuses a type that no server stores, and warns of one that is a known one misspelt: it fails when it runs.
fn check_type(node: &Node, monitor: &Monitor, report: &Report) {
    let word = monitor.monitor_type.as_str();
    let is_plain = word.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    if !is_plain || !(5..=25).contains(&word.len()) {
        let node = node.nearest("/monitor_type");
        let message = format!("expected the type of a monitor, found {}", node.describe());
        report.error(Finding::at(&node.place, message).hint("such as `bucket_level_monitor`"));
        return;
    }
    if let Some(near) = nearest(word, TYPES.into_iter()).filter(|near| *near != word) {
        let node = node.nearest("/monitor_type");
        let shown = if node.is_filled { String::new() } else { format!(" `{word}`") };
        report.warning(
            Finding::at(&node.place, format!("no server runs monitors of this type{shown}"))
                .hint(format!("did you mean `{near}`?")),
        );
    }
}

/// Refuses triggers that do not go with the type of the monitor; of a type that is not known any may.
fn check_kinds(node: &Node, monitor: &Monitor, notes: &Notes, report: &Report) {
    let word = monitor.monitor_type.as_str();
    if monitor.kind() == Kind::Workflow && word != MonitorType::COMPOSITE {
        let node = node.nearest("/workflow_type");
        let message = format!("expected `{}`, found {}", MonitorType::COMPOSITE, node.describe());
        report.error(Finding::at(&node.place, message).hint("leave it out: all workflows are of this type"));
        return;
    }
    let Some(form) = TriggerForm::of(word) else { return };
    let whose = match monitor.kind() {
        Kind::Workflow => "workflows".to_owned(),
        _ => format!("monitors of the type `{word}`"),
    };
    for (index, trigger) in monitor.triggers.iter().enumerate() {
        if trigger.kind != form.kind() {
            let message = format!("{whose} have no triggers of the kind `{}`", trigger.kind.as_str());
            let hint = format!("servers take `{}` alone", form.kind().as_str());
            report.error(Finding::at(&notes.places.of(Part::trigger(index)), message).hint(hint));
        }
    }
}

/// Checks how many inputs there are, and each of them.
fn check_inputs(node: &Node, monitor: &Monitor, report: &Report) {
    let number = monitor.inputs.len();
    if number > 1 {
        let message = format!("{number} inputs in one monitor, the server takes one");
        let place = &node.nearest("/inputs/1").place;
        report.error(Finding::at(place, message).hint("declare a monitor for each"));
    }
    if number == 0 && monitor.monitor_type.as_str() == "doc_level_monitor" {
        let finding =
            Finding::at(&node.nearest("/inputs").place, "a document-level monitor without an input");
        report.error(finding.hint("add a `doc_level_input`"));
    }
    for (i, input) in monitor.inputs.iter().enumerate() {
        match input {
            Input::Search { .. } => {
                let entries = node.nearest(&format!("/inputs/{i}/search/query")).entries().iter();
                body::check(entries.map(|entry| (entry.key.as_str(), entry.place.clone())), report);
            }
            Input::Other(input) => {
                let pointer = format!("/inputs/{i}");
                let input = input.value();
                check_document_level(node, &pointer, &input, report);
                check_uri(node, &pointer, &input, report);
            }
            Input::Composite(_) => {}
        }
    }
}

/// Warns of an API that no server lets a monitor ask, and of a path and a URL that say two; a newer one may know more.
fn check_uri(node: &Node, pointer: &str, input: &Value, report: &Report) {
    let asked = |key: &str| {
        let text = input["uri"][key].as_str()?;
        let path = if key == "url" { path_of(text).unwrap_or_default() } else { text };
        let path = path.split(['?', '#']).next().unwrap_or_default();
        Some(cluster_apis::asked(path.trim_start_matches('/')).map(|(api, _)| api))
    };
    let warn = |key: &str, message: &str, hint: String| {
        let place = &node.nearest(&format!("{pointer}/uri/{key}")).place;
        report.warning(Finding::at(place, message).hint(hint));
    };
    let (path, url) = (asked("path"), asked("url"));
    for (key, asked) in [("path", path), ("url", url)] {
        if asked == Some(None) {
            warn(key, cluster_metrics::NOT_ASKABLE, cluster_metrics::askable());
        }
    }
    if let (Some(path), Some(url)) = (path, url)
        && path != url
    {
        warn(
            "url",
            "`path` and `url` ask two APIs, which servers refuse",
            "remove one of the two".to_owned(),
        );
    }
}

/// Checks indices, names and tags, which servers refuse where they are no plain ones.
fn check_document_level(node: &Node, pointer: &str, input: &Value, report: &Report) {
    let listed = |value: &'_ Value, key: &str| {
        let items = value[key].as_array().into_iter().flatten();
        items.filter_map(|item| item.as_str().map(str::to_owned)).collect::<Vec<_>>()
    };
    let document = &input["doc_level_input"];
    let pointer = format!("{pointer}/doc_level_input");
    for (index, name) in listed(document, "indices").iter().enumerate() {
        if name.contains('*') {
            let place = &node.nearest(&format!("{pointer}/indices/{index}")).place;
            let finding = Finding::at(place, document_queries::PATTERN);
            report.error(finding.hint(document_queries::NO_PATTERN));
        }
    }
    for (index, query) in document["queries"].as_array().into_iter().flatten().enumerate() {
        let node = node.nearest(&format!("{pointer}/queries/{index}"));
        let name = query["name"].as_str().unwrap_or_default();
        if !document_queries::is_name(name) {
            report.error(document_queries::bad_name(name, node.nearest("/name")));
        }
        for (tag, text) in listed(query, "tags").iter().enumerate() {
            if !is_tag(text) {
                report.error(document_queries::bad_tag(node.nearest(&format!("/tags/{tag}"))));
            }
        }
    }
}

/// Refuses categories of alerts that no server knows, and a throttle that none takes.
fn check_policy(action: &Action, place: &Place, notes: &Notes, report: &Report) {
    let policy = action.other.get("action_execution_policy").map(Json::value).unwrap_or_default();
    if action.throttle.is_some() && policy.pointer("/action_execution_scope/per_execution").is_some() {
        let message = "`throttle` and `per_execution` exclude each other";
        report.error(Finding::at(place, message).hint("servers throttle what is told of each alert alone"));
    }
    let listed = policy.pointer("/action_execution_scope/per_alert/actionable_alerts");
    for category in listed.and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str) {
        if !CATEGORIES.contains(&category) {
            let category = without(&notes.beside.secrets, category, COVER);
            let finding = Finding::at(place, format!("no alert is of the category `{category}`"));
            report.error(finding.hint(suggestion(&category, &CATEGORIES)));
        }
    }
}

/// Checks what the friendly form checks while it is read; ids of doubled names are carried over in their order.
fn check_parts(monitor: &Monitor, notes: &Notes, report: &Report) {
    let place = |part| notes.places.of(part);
    let triggers = monitor.triggers.iter().enumerate();
    let named = triggers.clone().map(|(i, trigger)| (trigger.name.as_str(), place(Part::trigger(i))));
    // the server takes them, and so they may be there already
    report.warnings(names::flaws("trigger", named));
    for (i, trigger) in triggers {
        if let Some(lang) = trigger.body.value().pointer("/condition/script/lang") {
            let lang = without(&notes.beside.secrets, lang.as_str().unwrap_or_default(), COVER);
            let message = format!("a condition in `{lang}`, which a server may not run");
            let finding = Finding::at(&place(Part::condition(i)), message);
            report.warning(finding.hint("leave `lang` out for Painless"));
        }
        let actions = trigger.actions.iter().enumerate();
        let named = actions.clone().map(|(j, action)| (action.name.as_str(), place(Part::action(i, j))));
        report.warnings(names::flaws("action", named));
        for (j, action) in actions {
            check_policy(action, &place(Part::action(i, j)), notes, report);
            let is_too_long = action.throttle.is_some_and(|throttle| throttle.minutes > MOST_THROTTLE);
            if is_too_long {
                let message = "the throttle is longer than 24 hours, which the server refuses";
                report.error(
                    Finding::at(&place(Part::action(i, j)), message).hint("`1440` minutes are the most"),
                );
            }
        }
    }
}

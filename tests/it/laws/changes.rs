//! Single changes of a document, each of which means something else.

use std::collections::BTreeSet;

use alertform::api::line::Line;
use proptest::sample::Index;
use serde_json::{Value, json};

use super::projects::Project;

/// Which sort of change is made, and which of these.
pub type Choice = (Index, Index);

/// A change of one document of a project.
pub struct Change {
    /// Which document it is.
    pub index: usize,
    /// Where it is changed.
    pub place: String,
    /// What it becomes.
    pub after: Value,
}

impl Change {
    /// Whether triggers, actions and queries keep their names.
    pub fn keeps_names(&self) -> bool {
        !["name", "triggers", "actions", "document_queries"].contains(&self.sort())
    }

    /// Whether it is of a list, whose items come, go or change places with their ids.
    fn is_of_list(&self) -> bool {
        ["triggers", "actions", "document_queries", "delegates"].contains(&self.sort())
    }

    /// The last key that leads to its place.
    fn sort(&self) -> &str {
        self.place.rsplit('/').next().unwrap()
    }
}

/// The change that is chosen; each sort is as likely as any other.
pub fn change(project: &Project, choice: Choice, line: Line) -> Change {
    choose(all(project, line), choice)
}

/// The change of a list that is chosen, if there is a list.
pub fn change_of_list(project: &Project, choice: Choice, line: Line) -> Change {
    let (lists, others): (Vec<Change>, Vec<Change>) =
        all(project, line).into_iter().partition(Change::is_of_list);
    choose(if lists.is_empty() { others } else { lists }, choice)
}

fn all(project: &Project, line: Line) -> Vec<Change> {
    let documents = project.documents();
    let of_each = documents.iter().enumerate().map(|(index, document)| {
        let changes = changes(document, line).into_iter();
        changes.map(move |(place, after)| Change { index, place, after }).collect()
    });
    of_each.collect::<Vec<Vec<Change>>>().into_iter().flatten().collect()
}

fn choose(mut changes: Vec<Change>, (sort, which): Choice) -> Change {
    let sorts: BTreeSet<&str> = changes.iter().map(Change::sort).collect();
    let sort = sort.get(&sorts.into_iter().collect::<Vec<_>>()).to_string();
    changes.retain(|change| change.sort() == sort);
    let which = which.index(changes.len());
    changes.swap_remove(which)
}

/// Every change, by the place where it is made.
fn changes(document: &Value, line: Line) -> Vec<(String, Value)> {
    let mut all = Vec::new();
    let mut edit = |place: &str, after: Value| {
        let mut changed = document.clone();
        set(&mut changed, place, after);
        all.push((place.to_owned(), changed));
    };
    let kind = document["kind"].as_str().unwrap();
    if let Some(enabled) = enabled_place(document, kind, line) {
        let before = document.pointer(&enabled).and_then(Value::as_bool).unwrap_or(true);
        edit(&enabled, json!(!before));
    }
    if kind == "destination" && line.has_channels() {
        edit("/description", format!("{}!", document["description"].as_str().unwrap_or_default()).into());
    }
    for place in places(document, "") {
        let value = document.pointer(&place).unwrap();
        if let Some(after) = other(&place, value, document) {
            edit(&place, after);
        }
    }
    all
}

fn enabled_place(document: &Value, kind: &str, line: Line) -> Option<String> {
    let is_scheduled = ["monitor", "workflow"].contains(&kind);
    let inner = if is_scheduled && document.get("definition").is_some() { "/definition" } else { "" };
    (is_scheduled || (kind == "destination" && line.has_channels())).then(|| format!("{inner}/enabled"))
}

/// All places of a document, as pointers.
fn places(value: &Value, place: &str) -> Vec<String> {
    let mut all = vec![place.to_owned()];
    match value {
        Value::Object(fields) => {
            for (key, value) in fields {
                let key = key.replace('~', "~0").replace('/', "~1");
                all.extend(places(value, &format!("{place}/{key}")));
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                all.extend(places(item, &format!("{place}/{index}")));
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
    all
}

/// What may stand in a place instead, and means something else.
fn other(place: &str, value: &Value, document: &Value) -> Option<Value> {
    let steps: Vec<&str> = place.split('/').skip(1).collect();
    let within = |parts: &[&str]| steps.windows(parts.len()).any(|window| window == parts);
    let (last, before) = (*steps.last()?, steps.len().checked_sub(2).map(|at| steps[at]));
    let in_body = within(&["extraction_query"]) || within(&["search", "query"]);
    if in_body {
        return other_in_body(last, before, value);
    }
    let within_trigger = within(&["triggers"]);
    let either = |[one, other]: [Value; 2]| Some(if *value == one { other } else { one });
    match (last, value) {
        ("schedule", _) if steps.len() == 1 => either([json!({"every": "1234m"}), json!({"every": "4321m"})]),
        ("interval", Value::Number(_)) => either([json!(77), json!(78)]),
        (
            "query" | "time_field" | "topic_arn" | "message" | "ppl" | "source" | "url" | "role_arn"
            | "password",
            Value::String(text),
        ) => Some(format!("{text}1").into()),
        ("subject", Value::String(text)) => Some(format!("{text}\n").into()),
        ("window", Value::String(text)) if text != "none" => either([json!("1234m"), json!("4321m")]),
        ("host", Value::String(text)) => Some(format!("x{text}").into()),
        ("port", Value::Number(_)) => either([json!(25), json!(26)]),
        ("path", Value::String(_)) if within(&["custom_webhook"]) => either([json!("in"), json!("in/out")]),
        ("method", Value::String(text)) => Some(other_method(text).into()),
        ("from_address", Value::String(text)) => Some(format!("a{text}").into()),
        ("region", Value::String(_)) => either([json!("ap-east-1"), json!("ap-east-2")]),
        (_, Value::String(text))
            if ["header_params", "query_params"].iter().any(|map| before == Some(map)) =>
        {
            Some(format!("{text}1").into())
        }
        ("recipients", Value::Array(items)) => {
            Some(items.iter().cloned().chain([json!("new@example.com")]).collect())
        }
        ("email", Value::Object(email)) if steps.len() == 1 && email.get("recipients").is_none() => {
            let mut email = value.clone();
            email["recipients"] = json!(["new@example.com"]);
            Some(email)
        }
        ("index", Value::String(_) | Value::Array(_)) if document.get("document_queries").is_none() => {
            either([json!("other-*"), json!(["other-*", "logs"])])
        }
        ("document_queries", Value::Array(items)) => Some(
            items
                .iter()
                .cloned()
                .chain([json!({"name": format!("new {}", items.len()), "query": "a:b"})])
                .collect(),
        ),
        ("tags", Value::Array(items)) => Some(items.iter().cloned().chain([json!("new")]).collect()),
        ("delegates", Value::Array(items))
            if items.len() > 1 && items.iter().all(|item| item.get("chained_monitor_findings").is_none()) =>
        {
            Some(items.iter().rev().cloned().collect())
        }
        ("chained_monitor_findings", Value::Array(items)) if items.len() > 1 => Some(items[1..].into()),
        ("audit_delegate_monitor_alerts", Value::Bool(audit)) => Some(json!(!audit)),
        ("cluster_metrics", _) => either([json!("_cluster/stats"), json!("_cluster/settings")]),
        ("severity", Value::Number(_)) => either([json!(3), json!(4)]),
        ("condition", Value::String(text)) => Some(other_condition(text, document)),
        ("gap_policy", Value::String(_)) => either([json!("skip"), json!("insert_zeros")]),
        ("composite_agg_filter", _) => {
            either([json!({"s0": {"include": ["x"]}}), json!({"s0": {"include": ["y"]}})])
        }
        ("count", Value::String(_)) if before == Some("buckets_path") => {
            either([json!("inner"), json!("_count")])
        }
        ("throttle", Value::String(_)) => either([json!("7m"), json!("8m")]),
        ("action_execution_scope", Value::Object(_)) => {
            let mut now = value["per_alert"].as_array()?.clone();
            now.dedup();
            let wanted = if now == [json!("NEW")] { json!(["COMPLETED"]) } else { json!(["NEW"]) };
            Some(json!({ "per_alert": wanted }))
        }
        ("name", Value::String(text)) if within_trigger && steps.len() > 1 => {
            Some(format!("{text} (new)").into())
        }
        ("triggers", Value::Array(items)) => changed_list(items, document.get("kind")),
        ("actions", Value::Array(items)) => changed_list(items, None),
        _ => None,
    }
}

/// The same in a search body.
fn other_in_body(last: &str, before: Option<&str>, value: &Value) -> Option<Value> {
    match value {
        // the value of a term, and not one that Mustache makes
        Value::String(text) if before == Some("term") => Some(format!("{text}!").into()),
        Value::Object(fields) if ["extraction_query", "query"].contains(&last) && before != Some("bool") => {
            let is_body = last == "extraction_query" || before == Some("search");
            let size = fields.get("size").map_or(Some(10), Value::as_u64)?;
            is_body.then(|| {
                let mut body = value.clone();
                body["size"] = json!(size + 1);
                body
            })
        }
        // a body as JSON text
        Value::String(text) if last == "extraction_query" => {
            let mut body: Value = serde_json::from_str(text).ok()?;
            let size = body.get("size").map_or(Some(10), Value::as_u64)?;
            body["size"] = json!(size + 1);
            Some(body.to_string().into())
        }
        _ => None,
    }
}

fn other_method(method: &str) -> &'static str {
    match method {
        "none" => "ssl",
        "ssl" => "start_tls",
        "start_tls" => "none",
        "PUT" => "POST",
        _ => "PUT",
    }
}

fn other_condition(text: &str, document: &Value) -> Value {
    if document.get("ppl").is_some() {
        return if text.contains('7') { "number_of_results > 0" } else { "number_of_results != 7" }.into();
    }
    if document["kind"] == "workflow" || document.get("document_queries").is_some() {
        return format!("({text})").into();
    }
    format!("{text} && true").into()
}

/// A list in another order, or with one less; a workflow keeps at least one.
fn changed_list(items: &[Value], kind: Option<&Value>) -> Option<Value> {
    match items.len() {
        0 => None,
        1 if kind.is_some() => None,
        number if number % 2 == 0 => Some(items.iter().rev().cloned().collect()),
        _ => Some(items[1..].into()),
    }
}

fn set(document: &mut Value, place: &str, after: Value) {
    let (outer, key) = place.rsplit_once('/').unwrap();
    let key = key.replace("~1", "/").replace("~0", "~");
    match document.pointer_mut(outer).unwrap() {
        Value::Array(items) => items[key.parse::<usize>().unwrap()] = after,
        outer => outer[key] = after,
    }
}

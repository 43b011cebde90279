//! A project in which one resource is called otherwise, and whoever refers to it says the new name.

use alertform::api::line::Line;
use alertform::model::chained::{Piece, joined, pieces};
use alertform::model::reference::Reference;
use proptest::sample::Index;
use serde_json::{Value, json};

use super::projects::Project;

/// Renames one of a project's documents; gives its new name.
pub fn rename(project: &mut Project, document: Index, line: Line) -> String {
    let mut documents = project.documents();
    let index = document.index(documents.len());
    let kind = documents[index]["kind"].as_str().unwrap().to_owned();
    let former = documents[index]["name"].as_str().unwrap().to_owned();
    // names of accounts have no spaces before 2.0
    let name = format!("{former}{}", if line.has_channels() { " [new]" } else { "_new" });
    for document in &mut documents {
        refer(document, &kind, &former, &name);
    }
    documents[index]["name"] = name.as_str().into();
    documents[index]["previous_names"] = json!([former]);
    for (index, document) in documents.into_iter().enumerate() {
        project.replace(index, document);
    }
    name
}

/// Puts the new name wherever the former one stands for something of this kind.
fn refer(value: &mut Value, kind: &str, former: &str, name: &str) {
    let Value::Object(fields) = value else {
        value.as_array_mut().into_iter().flatten().for_each(|item| refer(item, kind, former, name));
        return;
    };
    let is_workflow = fields.get("kind").is_some_and(|kind| kind == "workflow");
    for (key, value) in fields.iter_mut() {
        match (kind, key.as_str()) {
            ("destination", "destination")
            | ("email_account", "account")
            | ("email_group", "groups")
            | ("monitor", "delegates" | "monitor" | "chained_monitor_findings") => {
                replace(value, former, name);
            }
            ("monitor", "triggers") if is_workflow => {
                for trigger in value.as_array_mut().unwrap() {
                    let condition = trigger["condition"].as_str().unwrap();
                    trigger["condition"] = condition_with(condition, former, name).into();
                }
            }
            _ => {}
        }
        refer(value, kind, former, name);
    }
}

/// Puts the new name for the former one, which may stand in a list.
fn replace(value: &mut Value, former: &str, name: &str) {
    match value {
        Value::String(text) if text == former => name.clone_into(text),
        Value::Array(items) => items.iter_mut().for_each(|item| replace(item, former, name)),
        _ => {}
    }
}

fn condition_with(condition: &str, former: &str, name: &str) -> String {
    let mut pieces = pieces(condition);
    for piece in &mut pieces {
        if let Piece::Monitor(Reference::Name(other)) = piece
            && other.as_str() == former
        {
            *other = name.into();
        }
    }
    joined(&pieces)
}

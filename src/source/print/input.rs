//! What monitors read, by the keys that say their types too.

use serde_json::Value;

use super::item::{Entries, entry, json as json_item, text};
use super::monitor::Windows;
use crate::model::monitor::{Input, MonitorType};
use crate::model::name::Name;
use crate::model::schedule::Schedule;
use crate::source::duration;
use crate::source::read::cluster_metrics::{self, ClusterMetrics};
use crate::source::read::document_queries::{self, DocumentQuery, is_name, is_tag};
use crate::source::read::search::{NO_WINDOW, interval};
use crate::source::read::{names, ppl};
use crate::source::sought::lucene;
use crate::source::yaml::{Item, Layout};

/// The entries of what a monitor reads; `None` when the friendly form cannot say it.
pub fn entries(
    monitor_type: &MonitorType,
    input: &Input,
    schedule: &Schedule,
    windows: Windows,
) -> Option<Entries> {
    match (monitor_type.as_str(), input) {
        ("query_level_monitor" | "bucket_level_monitor", Input::Search { indices, body }) => {
            let is_sayable = are_indices(indices) && body.value().is_object();
            is_sayable.then(|| {
                let mut entries = vec![entry("index", self::indices(indices))];
                entries.extend(search(&body.value(), schedule, windows));
                entries
            })
        }
        ("doc_level_monitor", Input::Other(other)) => document(input, &other.value()),
        ("cluster_metrics_monitor", Input::Other(other)) => cluster_metrics(input, &other.value()),
        ("ppl_monitor", input) => ppl::query(input).map(|query| vec![entry("ppl", text(&query))]),
        _ => None,
    }
}

fn are_indices(indices: &[String]) -> bool {
    !indices.is_empty() && !indices.iter().any(|index| index.trim().is_empty())
}

fn document(input: &Input, value: &Value) -> Option<Entries> {
    let inner = value.get("doc_level_input")?;
    let texts = |value: Option<&Value>| -> Option<Vec<String>> {
        let items = value.map_or(Some(&[][..]), |value| value.as_array().map(Vec::as_slice))?;
        items.iter().map(|item| item.as_str().map(str::to_owned)).collect()
    };
    let indices = texts(inner.get("indices"))?;
    let queries: Option<Vec<DocumentQuery>> = inner
        .get("queries")?
        .as_array()?
        .iter()
        .map(|query| {
            Some(DocumentQuery {
                name: query.get("name")?.as_str()?.to_owned(),
                query: query.get("query")?.as_str()?.to_owned(),
                tags: texts(query.get("tags"))?,
                fields: texts(query.get("fields"))?,
            })
        })
        .collect();
    let queries = queries?;
    let names: Vec<Name> = queries.iter().map(|query| Name::new(query.name.as_str())).collect();
    let filled = |text: &String| !text.trim().is_empty();
    let is_sayable = are_indices(&indices)
        && !queries.is_empty()
        && names::are_plain(names.iter())
        && queries.iter().all(|query| is_name(&query.name))
        && queries.iter().all(|query| filled(&query.query))
        && queries.iter().flat_map(|query| query.tags.iter().chain(&query.fields)).all(filled)
        && queries.iter().flat_map(|query| &query.tags).all(|tag| is_tag(tag))
        && document_queries::compile(&indices, &queries) == *input;
    is_sayable.then(|| {
        let queries = queries.iter().map(document_query).collect();
        vec![
            entry("index", self::indices(&indices)),
            entry("document_queries", Item::Sequence(queries, Layout::Block)),
        ]
    })
}

fn document_query(query: &DocumentQuery) -> Item {
    let DocumentQuery { name, query, tags, fields } = query;
    let mut entries = vec![entry("name", text(name)), entry("query", text(query))];
    for (key, list) in [("tags", tags), ("fields", fields)] {
        if !list.is_empty() {
            let items = list.iter().map(|item| text(item)).collect();
            entries.push(entry(key, Item::Sequence(items, Layout::Flow)));
        }
    }
    Item::Mapping(entries, Layout::Block)
}

fn cluster_metrics(input: &Input, value: &Value) -> Option<Entries> {
    let uri = value.get("uri")?;
    let text_of = |key: &str| uri.get(key).and_then(Value::as_str).unwrap_or_default();
    let (path, params) = (text_of("path"), text_of("path_params"));
    let clusters = uri.get("clusters").and_then(Value::as_array).into_iter().flatten();
    let clusters: Vec<String> = clusters.filter_map(Value::as_str).map(str::to_owned).collect();
    let slash = if params.is_empty() { "" } else { "/" };
    let metrics = ClusterMetrics { path: format!("{path}{slash}{params}"), clusters };
    let is_sayable = cluster_metrics::compile(&metrics).as_ref() == Some(input)
        && cluster_metrics::is_askable(&metrics.path)
        && metrics.clusters.iter().all(|cluster| !cluster.trim().is_empty());
    is_sayable.then(|| {
        let asked = if metrics.clusters.is_empty() {
            text(&metrics.path)
        } else {
            let clusters = metrics.clusters.iter().map(|cluster| text(cluster)).collect();
            let clusters = entry("clusters", Item::Sequence(clusters, Layout::Flow));
            Item::Mapping(vec![entry("path", text(&metrics.path)), clusters], Layout::Block)
        };
        vec![entry("cluster_metrics", asked)]
    })
}

fn indices(indices: &[String]) -> Item {
    match indices {
        [index] => text(index),
        indices => Item::Sequence(indices.iter().map(|index| text(index)).collect(), Layout::Flow),
    }
}

fn search(body: &Value, schedule: &Schedule, windows: Windows) -> Entries {
    let Some(found) = lucene(body) else {
        return vec![entry("extraction_query", json_item(body))];
    };
    let mut entries = Entries::new();
    if let Some((field, _)) = &found.window {
        entries.push(entry("time_field", text(field)));
    }
    entries.push(entry("query", text(&found.query)));
    match found.window {
        None => entries.push(entry("window", text(NO_WINDOW))),
        Some((_, window)) if windows == Windows::Implied && Some(window) == interval(schedule) => {}
        Some((_, window)) => entries.push(entry("window", text(&duration::print(window)))),
    }
    entries
}

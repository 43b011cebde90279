//! `cluster_metrics`: an API of the cluster itself, the input of cluster-metrics monitors.

use serde_json::json;

use crate::api::wire::cluster_apis::{self, APIS, Params};
use crate::model::json::Json;
use crate::model::monitor::Input;
use crate::source::fields::Fields;
use crate::source::finding::Finding;
use crate::source::report::Report;
use crate::source::words::listed;
use crate::source::yaml::{Content, Node};

/// An API that is asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClusterMetrics {
    /// Its path, with what stands behind it: `/_cluster/health/logs`.
    pub path: String,
    /// The clusters that are asked; none is this one.
    pub clusters: Vec<String>,
}

/// The input that an API stands for, `None` when no server has it.
pub fn compile(metrics: &ClusterMetrics) -> Option<Input> {
    let (api, params) = cluster_apis::asked(metrics.path.trim_start_matches('/'))?;
    let mut uri = json!({"path": format!("/{}", api.path)});
    if !params.is_empty() {
        uri["path_params"] = params.into();
    }
    if !metrics.clusters.is_empty() {
        uri["clusters"] = json!(metrics.clusters);
    }
    Some(Input::Other(Json::sorted(json!({ "uri": uri }))))
}

/// What is wrong with an API that no server has.
pub const NOT_ASKABLE: &str = "no monitor can ask this API of a cluster";

/// Which ones can be asked.
pub fn askable() -> String {
    format!("expected one of {}", listed(&APIS.map(|api| api.path)))
}

/// Whether an API exists, and has behind its path what it takes.
pub fn is_askable(path: &str) -> bool {
    cluster_apis::asked(path.trim_start_matches('/')).is_some_and(|(api, params)| {
        !matches!((api.params, params.is_empty()), (Params::Required, true) | (Params::None, false))
    })
}

/// Reads `cluster_metrics`: a path, or a mapping with clusters beside it.
pub fn read(node: &Node, report: &Report) -> Option<Input> {
    let (place, path, clusters) = if let Content::Text(path) = &node.content {
        (&node.place, path.clone(), Vec::new())
    } else {
        let fields = Fields::of(node, "`cluster_metrics`", &["path", "clusters"], report)?;
        let path = fields.need_text("path", "add it: `path: /_cluster/health`")?.to_owned();
        let clusters = if fields.get("clusters").is_some() { fields.texts("clusters")? } else { Vec::new() };
        (&fields.get("path")?.place, path, clusters)
    };
    let Some((api, params)) = cluster_apis::asked(path.trim_start_matches('/')) else {
        report.error(Finding::at(place, NOT_ASKABLE).hint(askable()));
        return None;
    };
    let problem = match (api.params, params.is_empty()) {
        (Params::Required, true) => "needs something behind its path, such as a repository",
        (Params::None, false) => "takes nothing behind its path",
        _ => return compile(&ClusterMetrics { path, clusters }),
    };
    report.error(Finding::at(place, format!("`{}` {problem}", api.path)));
    None
}

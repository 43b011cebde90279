//! The APIs of the cluster itself that a monitor can ask: a name, a path, and what stands behind it.

use std::ops::RangeInclusive;

use crate::api::line::Line;

/// An API that a cluster-metrics monitor can ask.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Api {
    /// What the server calls it.
    pub name: &'static str,
    /// Its path, without a slash before it.
    pub path: &'static str,
    /// What it does with parameters in the path.
    pub params: Params,
}

impl Api {
    /// The lines on which a monitor can ask it.
    pub const fn lines(&self) -> RangeInclusive<Line> {
        match self.name.as_bytes() {
            b"CAT_INDICES" | b"CAT_SHARDS" => Line::V2_19..=Line::V3,
            _ => Line::V1_3..=Line::V3,
        }
    }
}

/// What an API does with parameters in the path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Params {
    /// It takes none.
    None,
    /// It takes them.
    Optional,
    /// It needs them.
    Required,
}

/// All of them.
pub const APIS: [Api; 10] = [
    Api { name: "CAT_INDICES", path: "_cat/indices", params: Params::Optional },
    Api { name: "CAT_PENDING_TASKS", path: "_cat/pending_tasks", params: Params::None },
    Api { name: "CAT_RECOVERY", path: "_cat/recovery", params: Params::Optional },
    Api { name: "CAT_SHARDS", path: "_cat/shards", params: Params::Optional },
    Api { name: "CAT_SNAPSHOTS", path: "_cat/snapshots", params: Params::Required },
    Api { name: "CAT_TASKS", path: "_cat/tasks", params: Params::None },
    Api { name: "CLUSTER_HEALTH", path: "_cluster/health", params: Params::Optional },
    Api { name: "CLUSTER_SETTINGS", path: "_cluster/settings", params: Params::None },
    Api { name: "CLUSTER_STATS", path: "_cluster/stats", params: Params::Optional },
    Api { name: "NODES_STATS", path: "_nodes/stats", params: Params::None },
];

/// The API that a path without a slash before it asks, and what stands behind it.
pub fn asked(path: &str) -> Option<(&'static Api, &str)> {
    APIS.iter().find_map(|api| {
        let rest = path.strip_prefix(api.path)?;
        (rest.is_empty() || rest.starts_with('/')).then(|| (api, rest.trim_matches('/')))
    })
}

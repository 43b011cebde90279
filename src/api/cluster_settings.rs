//! The settings of a cluster, for those who may read them (`cluster:monitor/state`).

use serde_json::Value;

use super::client::Client;
use super::request::Request;

/// Some settings of a cluster, those that were set and those that are by default.
pub struct ClusterSettings(Value);

impl ClusterSettings {
    /// Reads all of the name `last`, which is the last part of their names; nothing where the server does not tell.
    pub async fn read(client: &Client, last: &str) -> Option<Self> {
        let request = Request::get(format!("/_cluster/settings?include_defaults=true&filter_path=**.{last}"));
        let answer = client.send(&request).await.ok().filter(|answer| answer.status == 200)?;
        answer.json(&request).ok().map(Self)
    }

    /// The setting at the first of these pointers that is there.
    pub fn find(&self, pointers: &[&str]) -> Option<&Value> {
        // what is set goes before what would be by default
        let layers =
            ["transient", "persistent", "defaults"].into_iter().filter_map(|layer| self.0.get(layer));
        let mut found = layers.flat_map(|layer| pointers.iter().filter_map(|pointer| layer.pointer(pointer)));
        found.next()
    }
}

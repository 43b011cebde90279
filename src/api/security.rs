//! What the security plugin lets a user know of itself, and of whose rights monitors run with; on a cluster without that
//! plugin, nothing.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Value, json};

use super::client::Client;
use super::cluster_settings::ClusterSettings;
use super::line::Line;
use super::refusal;
use super::request::Request;

/// Who asks, as the server knows it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Who {
    /// The user's name.
    #[serde(rename = "user_name")]
    pub name: String,
    /// Its backend roles, by which filters go.
    #[serde(default)]
    pub backend_roles: Vec<String>,
    /// The roles that it has in effect.
    #[serde(default)]
    pub roles: Vec<String>,
}

impl Who {
    /// Whether nothing is hidden from it.
    pub fn sees_all(&self) -> bool {
        self.roles.iter().any(|role| role == "all_access")
    }
}

/// Whether lists leave out what shares no backend role with the user.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Filter {
    /// They leave it out.
    On,
    /// They show all.
    Off,
    /// Only who may read the cluster's settings knows.
    Unknown,
}

/// Who asks, as far as the server says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Asker {
    /// A user.
    Known(Who),
    /// Somebody whom the server, or a gate before it, does not tell.
    Hidden,
    /// There is no security plugin.
    Nobody,
}

/// Who asks, or why that is not known.
pub async fn asker(client: &Client, line: Line) -> Asker {
    let home = match line {
        Line::Odfe => "/_opendistro/_security",
        Line::V1_3 | Line::V2_19 | Line::V3 => "/_plugins/_security",
    };
    let request = Request::get(format!("{home}/authinfo"));
    let Ok(answer) = client.send(&request).await else { return Asker::Hidden };
    match (answer.status, answer.json(&request)) {
        (200, Ok(who)) => Asker::Known(who),
        // no route of that name, as servers without the plugin say
        (400 | 404 | 405, _) if refusal::read(&request, &answer).is_of_no_route() => Asker::Nobody,
        // which servers before 2.0 say in words of their own
        (400 | 404 | 405, _) if !line.has_channels() => Asker::Nobody,
        _ => Asker::Hidden,
    }
}

/// Whether the lists of each plugin are filtered by backend roles.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Filters {
    /// Those of alerting: of monitors and workflows, before 2.0 of destinations as well.
    pub alerting: Filter,
    /// Those of notifications: of channels.
    pub notifications: Filter,
}

/// Whether lists are filtered by backend roles.
pub async fn filters(client: &Client) -> Filters {
    let settings = ClusterSettings::read(client, "filter_by_backend_roles").await;
    let filter = |pointers: &[&str]| match settings.as_ref().and_then(|settings| settings.find(pointers)) {
        Some(value) if value == "true" || value == &Value::Bool(true) => Filter::On,
        Some(_) => Filter::Off,
        None => Filter::Unknown,
    };
    Filters {
        alerting: filter(&[
            "/plugins/alerting/filter_by_backend_roles",
            "/opendistro/alerting/filter_by_backend_roles",
        ]),
        notifications: filter(&["/opensearch/notifications/general/filter_by_backend_roles"]),
    }
}

/// So many ids are asked for at once.
const MOST: usize = 1_000;

/// Who wrote each of these monitors last, by id: they run with the rights of that user. What the server does not tell is
/// left out.
pub async fn runners(client: &Client, line: Line, ids: &[String]) -> BTreeMap<String, String> {
    const NAME: &str = "monitor.user.name.keyword";
    let mut runners = BTreeMap::new();
    for ids in ids.chunks(MOST) {
        let query = json!({"bool": {"filter": [{"exists": {"field": "monitor"}}, {"terms": {"_id": ids}}]}});
        let body = json!({"size": MOST, "_source": false, "query": query, "docvalue_fields": [NAME]});
        let request = Request::post(format!("{}/monitors/_search", line.alerting()), body).harmless();
        let Ok(answer) = client.send(&request).await else { continue };
        let Ok(found) = answer.json::<Value>(&request) else { continue };
        let hits = found.pointer("/hits/hits").and_then(Value::as_array);
        runners.extend(hits.into_iter().flatten().filter_map(|hit| {
            let name = hit.get("fields")?.get(NAME)?.get(0)?.as_str()?;
            Some((hit.get("_id")?.as_str()?.to_owned(), name.to_owned()))
        }));
    }
    runners
}

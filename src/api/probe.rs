//! Which line the servers of a cluster belong to: asked by `GET /`, and where that is not allowed, as for the
//! predefined read roles, told from the routes that there are.

use serde::Deserialize;

use super::client::Client;
use super::cluster_settings::ClusterSettings;
use super::line::Line;
use super::request::Request;
use crate::error::Error;

/// What was found out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Probe {
    /// The line of the cluster's servers.
    pub line: Line,
    /// Whether it may be another.
    pub certainty: Certainty,
}

/// Whether a line may be another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Certainty {
    /// The server said so, or has routes that only this line has.
    Known,
    /// Two lines have the same routes.
    Guessed,
}

/// Finds out the line of the cluster's servers.
pub async fn line(client: &Client) -> Result<Probe, Error> {
    let request = Request::get("/");
    let answer = client.send(&request).await?;
    if answer.status == 403 {
        return line_by_routes(client).await;
    }
    let root: Root = answer.success(&request)?.json(&request)?;
    match root.version() {
        Version::Line(line) => Ok(known(line)),
        Version::InDisguise => line_by_routes(client).await,
        Version::Unknown => Err(Error::usage(
            format!(
                "the cluster is of version `{}`, which has no Alerting API that is known",
                root.version.number
            ),
            "OpenSearch 1.0 and later, Open Distro 1.13 and Amazon Elasticsearch Service 7.10 have; `--line` overrules this",
        )),
    }
}

/// The line that the server names, if it names one; whatever else it answers is no fault.
pub async fn named(client: &Client) -> Option<Line> {
    let request = Request::get("/");
    let root: Root = client.send(&request).await.ok()?.success(&request).ok()?.json(&request).ok()?;
    match root.version() {
        Version::Line(line) => Some(line),
        Version::InDisguise | Version::Unknown => None,
    }
}

/// The version that the server tells, to those who may ask.
pub async fn version(client: &Client) -> Option<String> {
    let request = Request::get("/");
    let root: Root = client.send(&request).await.ok()?.success(&request).ok()?.json(&request).ok()?;
    Some(root.version.number)
}

/// The `cluster_uuid`, for those who may ask.
pub async fn cluster_uuid(client: &Client) -> Result<Option<String>, Error> {
    let request = Request::get("/");
    let answer = client.send(&request).await?;
    if answer.status == 403 {
        return Ok(None);
    }
    let root: Root = answer.success(&request)?.json(&request)?;
    Ok(root.cluster_uuid)
}

/// A plugin of a node.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
pub struct Plugin {
    /// Its name: `opensearch-alerting`.
    #[serde(rename = "component")]
    pub name: String,
    /// Its version: `2.19.4.0`.
    pub version: String,
}

/// The plugins of the nodes, each once, for those who may list them.
pub async fn plugins(client: &Client) -> Option<Vec<Plugin>> {
    let request = Request::get("/_cat/plugins?format=json&h=component,version&s=component,version");
    let answer = client.send(&request).await.ok().filter(|answer| answer.status == 200)?;
    let mut plugins: Vec<Plugin> = answer.json(&request).ok()?;
    // each node names its own
    plugins.dedup();
    Some(plugins)
}

/// How many monitors there may be, for those who may read settings.
pub async fn most_monitors(client: &Client) -> Option<usize> {
    let settings = ClusterSettings::read(client, "max_monitors").await?;
    let pointers = ["/plugins/alerting/monitor/max_monitors", "/opendistro/alerting/monitor/max_monitors"];
    settings.find(&pointers)?.as_str()?.parse().ok()
}

/// What a version number says.
#[derive(Debug, PartialEq, Eq)]
enum Version {
    Line(Line),
    /// OpenSearch that calls itself 7.10.2 for the sake of old clients
    /// (`compatibility.override_main_response_version`).
    InDisguise,
    Unknown,
}

fn of_version(number: &str, distribution: Option<&str>) -> Version {
    let mut parts = number.split('.').map(|part| part.parse::<u32>().ok());
    let (major, minor) = (parts.next().flatten(), parts.next().flatten());
    match (distribution, major, minor) {
        // the alerting of 1.0 is that of Open Distro, under the old paths too
        (Some("opensearch"), Some(1), Some(0)) | (None, Some(7), _) => Version::Line(Line::Odfe),
        (Some("opensearch"), Some(1), _) => Version::Line(Line::V1_3),
        (Some("opensearch"), Some(2), _) => Version::Line(Line::V2_19),
        (Some("opensearch"), Some(7), _) => Version::InDisguise,
        (Some("opensearch"), Some(3..), _) => Version::Line(Line::V3),
        _ => Version::Unknown,
    }
}

/// Tells the line from the routes that there are: a route that does not exist is answered before rights are checked, so
/// a refusal says that it does. 2.x and 3.x have the same routes; the older one is the safer guess. 1.0 has those of
/// 1.3, which nothing else tells apart, and which far more clusters are.
async fn line_by_routes(client: &Client) -> Result<Probe, Error> {
    if is_a_route(client, &Request::get("/_plugins/_notifications/features")).await? {
        return Ok(Probe { line: Line::V2_19, certainty: Certainty::Guessed });
    }
    let alerts = Request::get("/_plugins/_alerting/monitors/alerts?size=1");
    Ok(known(if is_a_route(client, &alerts).await? { Line::V1_3 } else { Line::Odfe }))
}

const fn known(line: Line) -> Probe {
    Probe { line, certainty: Certainty::Known }
}

/// Whether the server knows a route; a server that cannot answer now says nothing of it.
async fn is_a_route(client: &Client, request: &Request) -> Result<bool, Error> {
    let answer = client.send(request).await?;
    match answer.status {
        200 | 403 => Ok(true),
        400 | 404 | 405 => Ok(false),
        _ => answer.success(request).map(|_| true),
    }
}

#[derive(Deserialize)]
struct Root {
    cluster_uuid: Option<String>,
    version: RootVersion,
}

impl Root {
    fn version(&self) -> Version {
        of_version(&self.version.number, self.version.distribution.as_deref())
    }
}

#[derive(Deserialize)]
struct RootVersion {
    number: String,
    distribution: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_lead_to_lines() {
        for (number, distribution, expected) in [
            ("7.10.2", None, Version::Line(Line::Odfe)),
            ("1.0.1", Some("opensearch"), Version::Line(Line::Odfe)),
            ("1.1.0", Some("opensearch"), Version::Line(Line::V1_3)),
            ("1.3.20", Some("opensearch"), Version::Line(Line::V1_3)),
            ("2.19.5", Some("opensearch"), Version::Line(Line::V2_19)),
            ("3.8.0", Some("opensearch"), Version::Line(Line::V3)),
            ("7.10.2", Some("opensearch"), Version::InDisguise),
            ("8.15.0", None, Version::Unknown),
            ("6.8.0", None, Version::Unknown),
        ] {
            assert_eq!(of_version(number, distribution), expected, "{number} {distribution:?}");
        }
    }
}

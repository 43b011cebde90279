//! The requests that change a cluster, built by pure functions; every update is guarded by the revision that the plan
//! was made from.

use serde_json::{Value, json};

use super::line::Line;
use super::live::{DestinationRevision, Revision, texts};
use super::request::Request;
use super::wire::{channel, destination};
use crate::model::destination::{Destination, Target};
use crate::model::resource::Kind;
use crate::model::secret::{CERTAIN, Secret};

/// Whether a write is to be found by searches as soon as it is answered.
///
/// Each refresh costs the server as much as the write itself, so of many writes in a row only the last needs one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refresh {
    /// A second later.
    Later,
    /// At once.
    Now,
}

impl Refresh {
    const fn parameter(self) -> &'static str {
        match self {
            Refresh::Later => "refresh=false",
            Refresh::Now => "refresh=true",
        }
    }
}

/// The path below which the resources of a kind are; of two paths of one line the newer one.
pub fn home(line: Line, kind: Kind) -> String {
    let segment = match kind {
        Kind::EmailAccount | Kind::EmailGroup | Kind::Destination if line.has_channels() => {
            return "/_plugins/_notifications/configs".to_owned();
        }
        Kind::EmailAccount => "destinations/email_accounts",
        Kind::EmailGroup => "destinations/email_groups",
        Kind::Destination => "destinations",
        Kind::Monitor => "monitors",
        Kind::Workflow => "workflows",
    };
    format!("{}/{segment}", line.alerting())
}

/// Creates a monitor or a workflow.
pub fn create_monitor(line: Line, kind: Kind, document: Value, refresh: Refresh) -> Request {
    Request::post(format!("{}?{}", home(line, kind), refresh.parameter()), document)
}

/// Replaces a monitor or a workflow, unless somebody wrote it since `revision`.
pub fn update_monitor(
    line: Line,
    (kind, id): (Kind, &str),
    revision: Revision,
    document: Value,
    refresh: Refresh,
) -> Request {
    let Revision { seq_no, primary_term, version: _, times: _ } = revision;
    let guard = format!("if_seq_no={seq_no}&if_primary_term={primary_term}");
    let path = format!("{}/{}?{guard}&{}", home(line, kind), segment(id), refresh.parameter());
    Request::put(path, document)
}

/// Reads a monitor or a workflow.
pub fn get_monitor(line: Line, kind: Kind, id: &str) -> Request {
    Request::get(format!("{}/{}", home(line, kind), segment(id)))
}

/// Deletes a monitor or a workflow; the server knows no guard here.
pub fn delete_monitor(line: Line, kind: Kind, id: &str, refresh: Refresh) -> Request {
    Request::delete(format!("{}/{}?{}", home(line, kind), segment(id), refresh.parameter()))
}

/// Creates a destination; a channel gets the id `config_id`.
pub fn create_destination(
    line: Line,
    config_id: &str,
    destination: &Destination,
    refresh: Refresh,
) -> Request {
    let home = home(line, destination.kind());
    let request = if line.has_channels() {
        let body = json!({"config_id": config_id, "config": channel::encode(destination)});
        Request::post(home, body)
    } else {
        Request::post(format!("{home}?{}", refresh.parameter()), destination::encode(destination))
    };
    request.guarding(&secrets(destination))
}

/// Replaces a destination; before 2.0 unless somebody wrote it since `revision`, later without a guard.
pub fn update_destination(
    line: Line,
    id: &str,
    revision: DestinationRevision,
    destination: &Destination,
    refresh: Refresh,
) -> Request {
    let path = format!("{}/{}", home(line, destination.kind()), segment(id));
    let request = match revision {
        DestinationRevision::Channel { .. } => {
            Request::put(path, json!({"config": channel::encode(destination)}))
        }
        DestinationRevision::Document { seq_no, primary_term } => {
            let guard = format!("if_seq_no={seq_no}&if_primary_term={primary_term}");
            let path = format!("{path}?{guard}&{}", refresh.parameter());
            Request::put(path, destination::encode(destination))
        }
    };
    request.guarding(&secrets(destination))
}

/// Reads a destination or channel, which both answer a list of one, or an account or group.
pub fn get_destination(line: Line, kind: Kind, id: &str) -> Request {
    Request::get(format!("{}/{}", home(line, kind), segment(id)))
}

/// Deletes a destination, a channel, an account or a group; the server knows no guard here.
pub fn delete_destination(line: Line, kind: Kind, id: &str, refresh: Refresh) -> Request {
    let path = format!("{}/{}", home(line, kind), segment(id));
    Request::delete(if line.has_channels() { path } else { format!("{path}?{}", refresh.parameter()) })
}

/// What an error that quotes the request must not show.
fn secrets(destination: &Destination) -> Vec<Secret> {
    let mut target = destination.target.clone();
    let mut secrets: Vec<Secret> = target.secrets_mut().into_iter().map(|secret| secret.clone()).collect();
    match &destination.target {
        Target::CustomWebhook(webhook) => secrets.push(channel::joined(&webhook.endpoint)),
        // of a type that is not known every text may be a secret
        Target::Other { kind: _, body } => secrets.extend(texts(&body.value()).into_iter().map(Secret::new)),
        Target::Slack { .. }
        | Target::Chime { .. }
        | Target::Email(_)
        | Target::SmtpAccount(_)
        | Target::SesAccount(_)
        | Target::EmailGroup { .. } => {}
    }
    // an error may name the host, and quote what follows it
    let paths: Vec<Secret> =
        secrets.iter().filter_map(|secret| path_of(secret.expose())).map(Secret::new).collect();
    secrets.extend(paths);
    secrets.retain(|secret| secret.expose().len() >= CERTAIN);
    secrets
}

/// What follows the host of a URL.
fn path_of(url: &str) -> Option<&str> {
    let (_, rest) = url.split_once("://")?;
    rest.find('/').map(|at| &rest[at..])
}

/// An id as one segment of a path.
fn segment(id: &str) -> String {
    use std::fmt::Write;
    id.bytes().fold(String::with_capacity(id.len()), |mut text, byte| {
        if byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte) {
            text.push(char::from(byte));
        } else {
            // writing to a `String` cannot fail
            let _ = write!(text, "%{byte:02X}");
        }
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::wire::monitor::Times;
    use crate::model::json::Json;

    #[test]
    fn what_an_unknown_type_holds_is_guarded() {
        let body = Json::of(&json!({"url": "https://planted", "list": ["planted-too"], "method": "ssl"}));
        let destination = Destination {
            name: "x".into(),
            description: String::new(),
            enabled: true,
            target: Target::Other { kind: "microsoft_teams".into(), body },
        };
        let request = create_destination(Line::V3, "id", &destination, Refresh::Now);
        let guarded: Vec<&str> = request.secrets.iter().map(Secret::expose).collect();
        assert_eq!(guarded, ["https://planted", "https:\\/\\/planted", "planted-too"]);
    }

    #[test]
    fn an_id_stays_one_segment() {
        let revision = Revision { seq_no: 0, primary_term: 1, version: 1, times: Times::default() };
        let request =
            update_monitor(Line::V3, (Kind::Monitor, "a/b?c"), revision, Value::Null, Refresh::Later);
        assert_eq!(
            request.path,
            "/_plugins/_alerting/monitors/a%2Fb%3Fc?if_seq_no=0&if_primary_term=1&refresh=false"
        );
    }
}

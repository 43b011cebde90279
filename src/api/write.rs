//! The requests that change a cluster, built by pure functions; every update is guarded by the revision that the plan
//! was made from.

use serde_json::{Value, json};

use super::line::Line;
use super::live::{DestinationRevision, Revision};
use super::request::Request;
use super::wire::{channel, destination};
use crate::model::destination::{Destination, Target};
use crate::model::secret::Secret;

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

/// Creates a monitor.
pub fn create_monitor(line: Line, document: Value, refresh: Refresh) -> Request {
    Request::post(format!("{}/monitors?{}", line.alerting(), refresh.parameter()), document)
}

/// Replaces a monitor, unless somebody wrote it since `revision`.
pub fn update_monitor(
    line: Line,
    id: &str,
    revision: Revision,
    document: Value,
    refresh: Refresh,
) -> Request {
    let Revision { seq_no, primary_term, version: _ } = revision;
    let guard = format!("if_seq_no={seq_no}&if_primary_term={primary_term}");
    let path = format!("{}/monitors/{}?{guard}&{}", line.alerting(), segment(id), refresh.parameter());
    Request::put(path, document)
}

/// Reads a monitor.
pub fn get_monitor(line: Line, id: &str) -> Request {
    Request::get(format!("{}/monitors/{}", line.alerting(), segment(id)))
}

/// Deletes a monitor; the server knows no guard here.
pub fn delete_monitor(line: Line, id: &str, refresh: Refresh) -> Request {
    Request::delete(format!("{}/monitors/{}?{}", line.alerting(), segment(id), refresh.parameter()))
}

/// Creates a destination; a channel gets the id `config_id`.
pub fn create_destination(
    line: Line,
    config_id: &str,
    destination: &Destination,
    refresh: Refresh,
) -> Request {
    let request = if line.has_channels() {
        let body = json!({"config_id": config_id, "config": channel::encode(destination)});
        Request::post("/_plugins/_notifications/configs", body)
    } else {
        let path = format!("{}/destinations?{}", line.alerting(), refresh.parameter());
        Request::post(path, destination::encode(destination))
    };
    request.guarding(secrets(destination))
}

/// Replaces a destination; before 2.0 unless somebody wrote it since `revision`, later without a guard.
pub fn update_destination(
    line: Line,
    id: &str,
    revision: DestinationRevision,
    destination: &Destination,
    refresh: Refresh,
) -> Request {
    let request = match revision {
        DestinationRevision::Channel { .. } => {
            let path = format!("/_plugins/_notifications/configs/{}", segment(id));
            Request::put(path, json!({"config": channel::encode(destination)}))
        }
        DestinationRevision::Document { seq_no, primary_term } => {
            let guard = format!("if_seq_no={seq_no}&if_primary_term={primary_term}");
            let path =
                format!("{}/destinations/{}?{guard}&{}", line.alerting(), segment(id), refresh.parameter());
            Request::put(path, destination::encode(destination))
        }
    };
    request.guarding(secrets(destination))
}

/// Reads a destination or channel; both answer a list of one.
pub fn get_destination(line: Line, id: &str) -> Request {
    Request::get(if line.has_channels() {
        format!("/_plugins/_notifications/configs/{}", segment(id))
    } else {
        format!("{}/destinations/{}", line.alerting(), segment(id))
    })
}

/// Deletes a destination or channel; the server knows no guard here.
pub fn delete_destination(line: Line, id: &str, refresh: Refresh) -> Request {
    Request::delete(if line.has_channels() {
        format!("/_plugins/_notifications/configs/{}", segment(id))
    } else {
        format!("{}/destinations/{}?{}", line.alerting(), segment(id), refresh.parameter())
    })
}

/// What an error that quotes the request must not show.
fn secrets(destination: &Destination) -> Vec<Secret> {
    let mut target = destination.target.clone();
    let mut secrets: Vec<Secret> = target.secrets_mut().into_iter().map(|secret| secret.clone()).collect();
    match &destination.target {
        Target::CustomWebhook(webhook) => secrets.push(channel::joined(&webhook.endpoint)),
        Target::Other { kind: _, body } => texts(&body.value(), &mut secrets),
        Target::Slack { .. } | Target::Chime { .. } => {}
    }
    secrets
}

/// Of a type that is not known every text may be a secret.
fn texts(value: &Value, found: &mut Vec<Secret>) {
    match value {
        Value::String(text) => found.push(Secret::new(text.as_str())),
        Value::Array(items) => items.iter().for_each(|item| texts(item, found)),
        Value::Object(fields) => fields.values().for_each(|value| texts(value, found)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
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
        assert_eq!(guarded, ["https://planted", "planted-too"]);
    }

    #[test]
    fn an_id_stays_one_segment() {
        let revision = Revision { seq_no: 0, primary_term: 1, version: 1 };
        let request = update_monitor(Line::V3, "a/b?c", revision, Value::Null, Refresh::Later);
        assert_eq!(
            request.path,
            "/_plugins/_alerting/monitors/a%2Fb%3Fc?if_seq_no=0&if_primary_term=1&refresh=false"
        );
    }
}

//! Our mark: a private key in a monitor's `ui_metadata`, which survives storage and every write but a save in Dashboards.

use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::monitor::Times;
use crate::model::hex::hex;
use crate::model::monitor::{Input, Monitor};

/// The key in `ui_metadata` that is ours.
pub const KEY: &str = "alertform";

/// The project in our mark where none is named: no name that a project can have, so that nobody prunes what it made.
pub const UNNAMED: &str = "_";

/// What we note beside a monitor when we write it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mark {
    /// The project that the monitor belongs to.
    pub project: String,
    /// The `_version` that our write made: as long as the monitor has it, nobody wrote since.
    pub version: u64,
    /// The id of the monitor, once it has one.
    pub id: Option<String>,
    /// When it was sent, in milliseconds since 1970.
    pub sent: u64,
    /// A digest of the inputs that we sent, in canonical form.
    pub inputs: String,
    /// A digest of each field that we sent, as [`super::note`] makes them, one behind the other.
    pub fields: String,
    /// The ids, in order, of destinations that are the project's and bear no sign of it themselves: before 2.0 they
    /// have no place for one, and a channel that was taken over keeps its id.
    pub destinations: Vec<String>,
    /// Whether it is protected: what deletes or disables it, or ends its alerts, is refused.
    pub protected: bool,
    /// How many secrets were filled in: where there are fewer now nobody knows which of its texts still hold one.
    pub secrets: usize,
}

impl Mark {
    /// Takes the mark out of a monitor's `ui_metadata`, if there is one.
    pub fn take(ui_metadata: &mut Value) -> Option<Mark> {
        let mark = ui_metadata.as_object_mut()?.shift_remove(KEY)?;
        let destinations = mark.get("destinations").and_then(Value::as_array).into_iter().flatten();
        Some(Mark {
            project: mark.get("project")?.as_str()?.to_owned(),
            version: mark.get("version").and_then(Value::as_u64).unwrap_or_default(),
            id: mark.get("id").and_then(Value::as_str).map(str::to_owned),
            sent: mark.get("sent").and_then(Value::as_u64).unwrap_or_default(),
            inputs: mark.get("inputs").and_then(Value::as_str).unwrap_or_default().to_owned(),
            fields: mark.get("fields").and_then(Value::as_str).unwrap_or_default().to_owned(),
            destinations: destinations.filter_map(Value::as_str).map(str::to_owned).collect(),
            protected: mark.get("protected").and_then(Value::as_bool).unwrap_or_default(),
            secrets: mark
                .get("secrets")
                .and_then(Value::as_u64)
                .and_then(|secrets| usize::try_from(secrets).ok())
                .unwrap_or_default(),
        })
    }

    /// Writes the mark as it stands under [`KEY`].
    pub fn write(&self) -> Value {
        let Mark { project, version, id, sent, inputs, fields, destinations, protected, secrets } = self;
        json!({
            "project": project,
            "version": version,
            "id": id,
            "sent": sent,
            "inputs": inputs,
            "fields": fields,
            "destinations": destinations,
            "protected": protected,
            "secrets": secrets,
        })
    }

    /// Whether the inputs of a live monitor must be those of `declared`, however the server spells them: they are what
    /// we sent, and nobody wrote since.
    pub fn vouches_for(&self, id: &str, version: u64, times: Times, declared: &Monitor) -> bool {
        self.is_of_last_write(id, version, times) && self.inputs == digest_of_inputs(declared)
    }

    /// Whether a live monitor is the one that we wrote, and nobody wrote it since.
    pub fn is_of_last_write(&self, id: &str, version: u64, times: Times) -> bool {
        let is_it = match &self.id {
            Some(noted) => noted == id,
            None => self.was_made_then(times),
        };
        is_it && self.version == version
    }

    /// Whether a monitor whose id was not known yet is the one that was made, and no copy with all of its
    /// `ui_metadata`: that one is later, and keeps the time at which the first was enabled.
    fn was_made_then(&self, Times { stored, enabled }: Times) -> bool {
        let is_copy = enabled.is_some_and(|enabled| stored.abs_diff(enabled) > MOST_AT_ONCE);
        !is_copy && self.sent.abs_diff(stored) <= MOST_APART
    }
}

/// How far apart our clock and the server's are, and how long a write takes, at most, in milliseconds.
const MOST_APART: u64 = 10 * 60 * 1000;

/// How far apart two times are that a server takes down at once, in milliseconds.
const MOST_AT_ONCE: u64 = 50;

/// A digest of a monitor's inputs, which must be in canonical form.
pub fn digest_of_inputs(monitor: &Monitor) -> String {
    let mut digest = Sha256::new();
    for input in &monitor.inputs {
        match input {
            Input::Search { indices, body } => {
                digest.update(Value::from(indices.clone()).to_string());
                digest.update(body.as_str());
            }
            Input::Other(input) => digest.update(input.as_str()),
            // a workflow has no place for a mark
            Input::Composite(_) => {}
        }
    }
    hex(&digest.finalize()[..8])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::wire::monitor::decode;
    use crate::model::resource::Kind;

    #[test]
    fn a_mark_vouches_for_what_was_stored_when_it_was_sent() {
        let schedule = json!({"period": {"interval": 1, "unit": "MINUTES"}});
        let monitor = decode(Kind::Monitor, &json!({"name": "m", "schedule": schedule})).unwrap().monitor;
        let inputs = digest_of_inputs(&monitor);
        let mut mark = Mark {
            project: "shop".into(),
            version: 1,
            id: None,
            sent: 900_000,
            inputs,
            fields: String::new(),
            destinations: vec![],
            protected: false,
            secrets: 0,
        };
        let vouches = |mark: &Mark, id, version, stored, enabled| {
            mark.vouches_for(id, version, Times { stored, enabled }, &monitor)
        };
        assert!(vouches(&mark, "a", 1, 899_000, None) && vouches(&mark, "a", 1, 1_500_000, Some(1_500_000)));
        assert!(!vouches(&mark, "a", 2, 900_000, None) && !vouches(&mark, "a", 1, 1_500_001, None));
        assert!(!vouches(&mark, "a", 1, 902_000, Some(900_000)));
        mark.id = Some("a".into());
        assert!(vouches(&mark, "a", 1, 0, Some(900_000)) && !vouches(&mark, "b", 1, 900_000, None));
    }

    #[test]
    fn a_mark_is_taken_out_as_it_was_written() {
        let mark = Mark {
            project: "shop".into(),
            version: 3,
            id: None,
            sent: 9,
            inputs: "0a".into(),
            fields: "abcde".into(),
            destinations: vec!["x1".into()],
            protected: true,
            secrets: 2,
        };
        let mut ui_metadata = json!({KEY: mark.write(), "search": {}});
        assert_eq!(Mark::take(&mut ui_metadata), Some(mark));
        assert_eq!(ui_metadata, json!({"search": {}}));
        assert_eq!(Mark::take(&mut ui_metadata), None);
    }
}

//! Our mark: a private key in a monitor's `ui_metadata`, which survives storage and every write but a save in
//! Dashboards, and the ids that we choose for channels.

use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::ids::hex;
use super::monitor::Times;
use crate::model::field::{Field, fields};
use crate::model::monitor::{Input, Monitor};
use crate::model::name::Name;
use crate::model::resource::{Key, Kind};

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
    /// A digest of each field that we sent, as [`note`] makes them, one behind the other.
    pub fields: String,
    /// The ids, in order, of destinations that are the project's and bear no sign of it themselves: before 2.0 they
    /// have no place for one, and a channel that was taken over keeps its id.
    pub destinations: Vec<String>,
    /// Whether it is protected: what deletes or disables it, or ends its alerts, is refused.
    pub protected: bool,
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
        })
    }

    /// Writes the mark as it stands under [`KEY`].
    pub fn write(&self) -> Value {
        let Mark { project, version, id, sent, inputs, fields, destinations, protected } = self;
        json!({
            "project": project,
            "version": version,
            "id": id,
            "sent": sent,
            "inputs": inputs,
            "fields": fields,
            "destinations": destinations,
            "protected": protected,
        })
    }

    /// Whether we sent this in a field.
    pub fn has_noted(&self, field: &Field, value: &str) -> bool {
        let digest = digest_of_field(field, value);
        self.fields.as_bytes().chunks(NOTE).any(|noted| noted == digest.as_bytes())
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

/// So many letters note one field: enough that two are not taken for each other, and few enough for all fields of all
/// monitors to be read each time.
const NOTE: usize = 5;

/// Notes what each field of a monitor holds, which must be in canonical form, with ids for destinations.
pub fn note(monitor: &Monitor) -> String {
    fields(monitor).iter().map(|(field, value)| digest_of_field(field, value)).collect()
}

fn digest_of_field(field: &Field, value: &str) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let mut digest = Sha256::new();
    let Field { trigger, action, key } = field;
    for name in [trigger, action] {
        digest.update(name.as_ref().map(Name::as_str).unwrap_or_default());
        digest.update([0]);
    }
    digest.update(key);
    digest.update([0]);
    digest.update(value);
    digest.finalize().iter().take(NOTE).map(|byte| char::from(LETTERS[usize::from(byte % 64)])).collect()
}

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

/// The `config_id` of the channel that is `key` of `project`: readable, of the characters that a `config_id` may have
/// (`[A-Za-z0-9+/_-]`, at most 512 bytes), told from any other name's by a digest where letters had to go, and from
/// those of another kind by what no other id has twice, a `_` after the project.
pub fn config_id(project: &str, Key { kind, name }: &Key) -> String {
    let name = name.as_str();
    let kind = match kind {
        Kind::Destination => String::new(),
        other => format!("{}__", other.as_str().replace('_', "-")),
    };
    let plain: String =
        name.chars().map(|c| if c.is_ascii_alphanumeric() || c == '-' { c } else { '-' }).take(64).collect();
    if plain == name {
        format!("alertform_{project}_{kind}{plain}")
    } else {
        format!("alertform_{project}_{kind}{plain}_{}", hex(&Sha256::digest(name)[..6]))
    }
}

/// The project for which a `config_id` was made by [`config_id`]; no name of a project but [`UNNAMED`] has a `_`.
pub fn project_of(config_id: &str) -> Option<&str> {
    let rest = config_id.strip_prefix("alertform_")?;
    if rest.starts_with("__") {
        return Some(UNNAMED);
    }
    rest.split_once('_').map(|(project, _)| project)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::wire::monitor::decode;

    #[test]
    fn config_ids_of_different_names_differ() {
        let id = |kind, name: &str| config_id("shop", &Key { kind, name: name.into() });
        let ids = ["ops", "ops room", "ops-room", "ops.room", "öps", "email-account", "email-account__ops"]
            .map(|name| id(Kind::Destination, name));
        let others = [Kind::EmailAccount, Kind::EmailGroup].map(|kind| id(kind, "ops"));
        let ids = [&ids[..], &others[..]].concat();
        assert_eq!(ids[0], "alertform_shop_ops");
        assert_eq!(ids[2], "alertform_shop_ops-room");
        for (index, id) in ids.iter().enumerate() {
            assert!(!ids[..index].contains(id), "{id} stands for two names");
            assert!(id.chars().all(|c| c.is_ascii_alphanumeric() || "_-".contains(c)), "{id}");
        }
    }

    #[test]
    fn a_config_id_tells_its_project() {
        for project in ["shop", "shop-2", UNNAMED] {
            for name in ["ops", "ops_room", "", "öps"] {
                for kind in [Kind::Destination, Kind::EmailAccount] {
                    let id = config_id(project, &Key { kind, name: name.into() });
                    assert_eq!(project_of(&id), Some(project), "{id}");
                }
            }
        }
        for foreign in ["", "alertform", "alertform_", "ops", "x_alertform_shop_ops"] {
            assert_eq!(project_of(foreign), None, "{foreign}");
        }
    }

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
        };
        let mut ui_metadata = json!({KEY: mark.write(), "search": {}});
        assert_eq!(Mark::take(&mut ui_metadata), Some(mark));
        assert_eq!(ui_metadata, json!({"search": {}}));
        assert_eq!(Mark::take(&mut ui_metadata), None);
    }
}

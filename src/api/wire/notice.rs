//! A notice that an apply is under way, as a monitor that reads nothing and never runs: before 2.0 destinations, accounts
//! and groups bear no sign of whose they are, and the marks of monitors name them only later. A run that is killed in
//! between would leave them nobody's; by its notice the next one knows them.

use serde_json::{Value, json};

use super::mark::KEY;
use crate::model::resource::{Key, Kind};

/// What an apply is about to make that bears no sign of the project.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// The project.
    pub project: String,
    /// When it was put up, in milliseconds since 1970.
    pub sent: u64,
    /// What is to be made, none of which was there.
    pub making: Vec<Key>,
}

impl Notice {
    /// The monitor to create.
    pub fn write(&self) -> Value {
        let Notice { project, sent, making } = self;
        let making: Vec<Value> =
            making.iter().map(|key| json!([key.kind.as_str(), key.name.as_str()])).collect();
        json!({
            "type": "monitor",
            "name": format!("alertform is applying {project}"),
            "enabled": false,
            "schedule": {"period": {"interval": 1, "unit": "DAYS"}},
            "inputs": [],
            "triggers": [],
            "ui_metadata": {KEY: {"notice": {"project": project, "sent": sent, "making": making}}},
        })
    }

    /// The notice that a monitor is; `None` for any other monitor.
    pub fn read(monitor: &Value) -> Option<Self> {
        let notice = monitor.get("ui_metadata")?.get(KEY)?.get("notice")?;
        let making = notice.get("making")?.as_array()?.iter().filter_map(|key| {
            let kind: Kind = key.get(0)?.as_str()?.parse().ok()?;
            Some(Key { kind, name: key.get(1)?.as_str()?.into() })
        });
        Some(Self {
            project: notice.get("project")?.as_str()?.to_owned(),
            sent: notice.get("sent")?.as_u64()?,
            making: making.collect(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_notice_is_read_as_it_was_written_and_no_other_monitor_is_one() {
        let making = vec![
            Key { kind: Kind::EmailAccount, name: "smtp".into() },
            Key { kind: Kind::Destination, name: "ops".into() },
        ];
        let notice = Notice { project: "shop".into(), sent: 7, making };
        assert_eq!(Notice::read(&notice.write()), Some(notice));
        assert_eq!(Notice::read(&json!({"name": "m", "ui_metadata": {KEY: {"project": "shop"}}})), None);
    }
}

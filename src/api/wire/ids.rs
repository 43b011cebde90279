//! Ids of triggers and actions: alerts, acknowledgements and throttles hang on them, so they are carried over by
//! name on every write, and minted where there are none.

use sha2::{Digest, Sha256};

use crate::model::monitor::{Action, Monitor, Trigger};
use crate::model::name::Name;

/// The ids that a live monitor's triggers and actions have, in the monitor's order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ids {
    /// One entry a trigger.
    pub triggers: Vec<TriggerIds>,
}

/// The id of a trigger and those of its actions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TriggerIds {
    /// The trigger's name.
    pub name: Name,
    /// The trigger's id.
    pub id: String,
    /// Names and ids of its actions.
    pub actions: Vec<(Name, String)>,
}

impl Ids {
    /// The ids with which `after` is to be written: those of the same names, minted ones for new names.
    #[must_use]
    pub fn carried_over(&self, project: &str, after: &Monitor) -> Ids {
        let mut taken: Vec<&str> = Vec::new();
        let mut left: Vec<Option<&TriggerIds>> = self.triggers.iter().map(Some).collect();
        let kept: Vec<Option<&TriggerIds>> = after
            .triggers
            .iter()
            .map(|trigger| {
                let found =
                    left.iter_mut().find(|ids| ids.is_some_and(|ids| ids.name == trigger.name))?.take();
                taken.extend(found.map(|ids| ids.id.as_str()));
                found
            })
            .collect();
        let mut minted: Vec<String> = taken.into_iter().map(str::to_owned).collect();
        let triggers = after.triggers.iter().zip(kept).map(|(trigger, before)| TriggerIds {
            name: trigger.name.clone(),
            id: before.map_or_else(
                || fresh(&mut minted, |salt| mint_trigger(project, after, trigger, salt)),
                |ids| ids.id.clone(),
            ),
            actions: carried_over_actions(project, after, trigger, before.map_or(&[], |ids| &ids.actions)),
        });
        Ids { triggers: triggers.collect() }
    }

    /// Whether a trigger has the id that we would have minted: a sign that the monitor is `project`'s, which
    /// survives Dashboards' rebuilding of `ui_metadata`.
    pub fn witness(&self, project: &str, monitor: &Monitor) -> bool {
        monitor
            .triggers
            .iter()
            .zip(&self.triggers)
            .any(|(trigger, ids)| ids.id == mint_trigger(project, monitor, trigger, 0))
    }
}

fn carried_over_actions(
    project: &str,
    monitor: &Monitor,
    trigger: &Trigger,
    before: &[(Name, String)],
) -> Vec<(Name, String)> {
    let mut left: Vec<Option<&(Name, String)>> = before.iter().map(Some).collect();
    let kept: Vec<Option<&String>> = trigger
        .actions
        .iter()
        .map(|action| {
            let found = left.iter_mut().find(|ids| ids.is_some_and(|(name, _)| *name == action.name))?.take();
            found.map(|(_, id)| id)
        })
        .collect();
    let mut minted: Vec<String> = kept.iter().flatten().map(|id| (*id).clone()).collect();
    let actions = trigger.actions.iter().zip(kept).map(|(action, id)| {
        let id = id.cloned().unwrap_or_else(|| {
            fresh(&mut minted, |salt| mint_action(project, monitor, trigger, action, salt))
        });
        (action.name.clone(), id)
    });
    actions.collect()
}

/// The first minted id that is not taken yet: a renamed trigger may still hold the one of its old name.
fn fresh(taken: &mut Vec<String>, mint: impl Fn(u32) -> String) -> String {
    let mut salt = 0;
    loop {
        let id = mint(salt);
        if !taken.contains(&id) {
            taken.push(id.clone());
            return id;
        }
        salt += 1;
    }
}

fn mint_trigger(project: &str, monitor: &Monitor, trigger: &Trigger, salt: u32) -> String {
    mint(&["trigger", project, monitor.name.as_str(), trigger.name.as_str()], salt)
}

fn mint_action(project: &str, monitor: &Monitor, trigger: &Trigger, action: &Action, salt: u32) -> String {
    mint(&["action", project, monitor.name.as_str(), trigger.name.as_str(), action.name.as_str()], salt)
}

/// An id made from names: 20 characters, as the server's own ids have, and the most that a PPL trigger takes;
/// hexadecimal, since a trigger's id serves as the name of an aggregation, where `[`, `]` and `>` are not allowed.
fn mint(parts: &[&str], salt: u32) -> String {
    let mut digest = Sha256::new();
    for part in parts {
        digest.update(part.len().to_le_bytes());
        digest.update(part);
    }
    digest.update(salt.to_le_bytes());
    hex(&digest.finalize()[..10])
}

/// Bytes as lower-case hexadecimal digits.
pub fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        // writing to a `String` cannot fail
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::api::wire::monitor::decode;

    fn monitor(triggers: &[(&str, &[&str])]) -> Monitor {
        let triggers: Vec<_> = triggers
            .iter()
            .map(|(name, actions)| {
                let actions: Vec<_> = actions
                    .iter()
                    .map(|name| json!({"name": name, "destination_id": "d", "message_template": {"source": "m"}}))
                    .collect();
                json!({
                    "name": name, "severity": "1", "condition": {"script": {"source": "true"}}, "actions": actions,
                })
            })
            .collect();
        let schedule = json!({"period": {"interval": 1, "unit": "MINUTES"}});
        decode(&json!({"name": "m", "schedule": schedule, "triggers": triggers})).unwrap().monitor
    }

    #[test]
    fn ids_follow_names_through_reordering_and_removal() {
        let before = Ids::default().carried_over("p", &monitor(&[("a", &["x", "y"]), ("b", &[])]));
        let after = before.carried_over("p", &monitor(&[("c", &[]), ("b", &[]), ("a", &["y", "x"])]));
        assert_eq!(after.triggers[1].id, before.triggers[1].id);
        assert_eq!(after.triggers[2].id, before.triggers[0].id);
        assert_eq!(after.triggers[2].actions[0], before.triggers[0].actions[1]);
        assert!(before.triggers.iter().all(|ids| ids.id != after.triggers[0].id));
    }

    #[test]
    fn a_minted_id_that_another_trigger_still_holds_is_not_given_twice() {
        let minted = Ids::default().carried_over("p", &monitor(&[("old", &[])]));
        let renamed = Ids { triggers: vec![TriggerIds { name: "new".into(), ..minted.triggers[0].clone() }] };
        let after = renamed.carried_over("p", &monitor(&[("new", &[]), ("old", &[])]));
        assert_eq!(after.triggers[0].id, minted.triggers[0].id);
        assert_ne!(after.triggers[1].id, after.triggers[0].id);
    }

    #[test]
    fn minted_ids_witness_the_project_alone() {
        let monitor = monitor(&[("a", &[])]);
        let ids = Ids::default().carried_over("p", &monitor);
        assert!(ids.witness("p", &monitor));
        assert!(!ids.witness("other", &monitor));
    }
}

//! Ids of triggers and actions: alerts, acknowledgements and throttles hang on them, so they are carried over by
//! name on every write, and minted where there are none.

use sha2::{Digest, Sha256};

use super::doc_queries;
use crate::model::hex::hex;
use crate::model::monitor::{Action, Monitor, Trigger};
use crate::model::name::Name;
use crate::model::previous::Previous;

/// The ids that a monitor's triggers and actions have, in the monitor's order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ids {
    /// One entry a trigger.
    pub triggers: Vec<TriggerIds>,
    /// Name and id of each query of a document-level monitor.
    pub queries: Vec<(Box<str>, Box<str>)>,
}

/// The id of a trigger and those of its actions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TriggerIds {
    /// The trigger's id; empty where the server named none.
    pub id: Box<str>,
    /// One id an action.
    pub actions: Vec<Box<str>>,
}

impl Ids {
    /// The ids with which a new monitor is to be written: minted from its names.
    pub fn minted(project: &str, after: &Monitor) -> Ids {
        Ids { triggers: choose(project, after, Vec::new()), queries: Vec::new() }
    }

    /// The ids with which `before`, whose ids these are, becomes `after`: those of the same names, minted ones for new
    /// names.
    #[must_use]
    pub fn carried_over(&self, before: &Monitor, project: &str, after: &Monitor) -> Ids {
        let triggers = choose(project, after, before.triggers.iter().zip(&self.triggers).collect());
        let ids = self.queries.iter().map(|(_, id)| id.clone());
        let names = doc_queries::ids(before).into_iter().map(|(name, _)| name);
        Ids { triggers, queries: names.zip(ids).collect() }
    }

    /// Whether a trigger has the id that we would have minted, by the names that it and the monitor have or, by
    /// `previous`, had: a sign that the monitor is `project`'s, which survives Dashboards' rebuilding of `ui_metadata`.
    pub fn witness(&self, project: &str, monitor: &Monitor, previous: &Previous) -> bool {
        let is_minted = |id: &str, monitor: &Name, trigger: &Name| {
            SALTS.into_iter().any(|salt| *id == *mint_trigger(project, monitor, trigger, salt))
        };
        monitor.triggers.iter().zip(&self.triggers).any(|(trigger, ids)| {
            previous.of_resource().chain([&monitor.name]).any(|monitor| {
                previous
                    .of_triggers()
                    .chain([&trigger.name])
                    .any(|trigger| is_minted(&ids.id, monitor, trigger))
            })
        })
    }
}

/// The ids that we would mint for the triggers of a declared monitor, by all names that it and they have or had: what
/// bears one was made from it, whatever somebody called it since.
pub fn minted_for(project: &str, declared: &Monitor, previous: &Previous) -> Vec<Box<str>> {
    let mut ids = Vec::new();
    for monitor in previous.of_resource().chain([&declared.name]) {
        for trigger in previous.of_triggers().chain(declared.triggers.iter().map(|trigger| &trigger.name)) {
            ids.extend(SALTS.map(|salt| mint_trigger(project, monitor, trigger, salt).into_boxed_str()));
        }
    }
    ids
}

/// With the first a trigger's id is minted; one that became another kind has the second.
const SALTS: [u32; 2] = [0, 1];

/// Gives each trigger the id of the first one left in `before` that has its name, or a minted one. One of another kind
/// is another trigger: an alert of the former kind would stay active under its id for good.
fn choose(project: &str, after: &Monitor, mut before: Vec<(&Trigger, &TriggerIds)>) -> Vec<TriggerIds> {
    let kept: Vec<_> = after
        .triggers
        .iter()
        .map(|trigger| take(&mut before, |(before, _)| before.is_same_trigger(trigger)))
        .collect();
    let mut taken: Vec<Box<str>> = kept.iter().flatten().map(|(_, ids)| ids.id.clone()).collect();
    let ended = before.iter().filter(|(gone, _)| after.triggers.iter().any(|after| after.name == gone.name));
    taken.extend(ended.map(|(_, ids)| ids.id.clone()));
    // an action's id that is kept under another trigger may be the one that would be minted
    let mut taken_by_actions: Vec<Box<str>> =
        kept.iter().flatten().flat_map(|(_, ids)| ids.actions.iter().cloned()).collect();
    let triggers = after.triggers.iter().zip(kept).map(|(trigger, kept)| {
        let mint = |salt| mint_trigger(project, &after.name, &trigger.name, salt);
        let kept_id = kept.map(|(_, ids)| &ids.id).filter(|id| !id.is_empty());
        let id = kept_id.cloned().unwrap_or_else(|| fresh(&mut taken, mint));
        TriggerIds { id, actions: choose_actions(project, after, trigger, kept, &mut taken_by_actions) }
    });
    triggers.collect()
}

fn choose_actions(
    project: &str,
    monitor: &Monitor,
    trigger: &Trigger,
    before: Option<(&Trigger, &TriggerIds)>,
    taken: &mut Vec<Box<str>>,
) -> Vec<Box<str>> {
    let mut before: Vec<_> =
        before.into_iter().flat_map(|(before, ids)| before.actions.iter().zip(&ids.actions)).collect();
    let kept: Vec<_> = trigger
        .actions
        .iter()
        .map(|action| take(&mut before, |(before, _)| before.name == action.name).map(|(_, id)| id))
        .collect();
    let actions = trigger.actions.iter().zip(kept).map(|(action, kept)| {
        let mint = |salt| mint_action(project, monitor, trigger, action, salt);
        kept.filter(|id| !id.is_empty()).cloned().unwrap_or_else(|| fresh(taken, mint))
    });
    actions.collect()
}

/// Takes the first item that is meant out of those that are left.
fn take<T>(left: &mut Vec<T>, is_meant: impl Fn(&T) -> bool) -> Option<T> {
    left.iter().position(is_meant).map(|index| left.remove(index))
}

/// The first minted id that is not taken yet: a renamed trigger may still hold the one of its old name.
fn fresh(taken: &mut Vec<Box<str>>, mint: impl Fn(u32) -> String) -> Box<str> {
    let mut salt = 0;
    loop {
        let id = mint(salt).into_boxed_str();
        if !taken.contains(&id) {
            taken.push(id.clone());
            return id;
        }
        salt += 1;
    }
}

fn mint_trigger(project: &str, monitor: &Name, trigger: &Name, salt: u32) -> String {
    mint(&["trigger", project, monitor.as_str(), trigger.as_str()], salt)
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

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::api::wire::monitor::decode;
    use crate::model::part::Part;
    use crate::model::resource::Kind;

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
        decode(Kind::Monitor, &json!({"name": "m", "schedule": schedule, "triggers": triggers}))
            .unwrap()
            .monitor
    }

    #[test]
    fn ids_follow_names_through_reordering_and_removal() {
        let before = monitor(&[("a", &["x", "y"]), ("b", &[])]);
        let ids = Ids::minted("p", &before);
        let after = ids.carried_over(&before, "p", &monitor(&[("c", &[]), ("b", &[]), ("a", &["y", "x"])]));
        assert_eq!(after.triggers[1].id, ids.triggers[1].id);
        assert_eq!(after.triggers[2].id, ids.triggers[0].id);
        assert_eq!(after.triggers[2].actions[0], ids.triggers[0].actions[1]);
        assert!(ids.triggers.iter().all(|ids| ids.id != after.triggers[0].id));
    }

    #[test]
    fn a_minted_id_that_another_trigger_still_holds_is_not_given_twice() {
        let ids = Ids::minted("p", &monitor(&[("old", &[])]));
        let renamed = monitor(&[("new", &[])]);
        let after = ids.carried_over(&renamed, "p", &monitor(&[("new", &[]), ("old", &[])]));
        assert_eq!(after.triggers[0].id, ids.triggers[0].id);
        assert_ne!(after.triggers[1].id, after.triggers[0].id);
    }

    #[test]
    fn a_trigger_or_action_without_an_id_gets_one() {
        let before = monitor(&[("a", &["x"])]);
        let empty = TriggerIds { id: "".into(), actions: vec!["".into()] };
        let after = Ids { triggers: vec![empty], queries: Vec::new() }.carried_over(&before, "p", &before);
        assert_eq!(after, Ids::minted("p", &before));
    }

    #[test]
    fn minted_ids_witness_the_project_alone() {
        let monitor = monitor(&[("a", &[])]);
        let ids = Ids::minted("p", &monitor);
        let mut previous = Previous::default();
        assert!(ids.witness("p", &monitor, &previous));
        assert!(!ids.witness("other", &monitor, &previous));
        let mut renamed = monitor.clone();
        renamed.name = "renamed".into();
        renamed.triggers[0].name = "b".into();
        previous.note(None, monitor.name.clone());
        assert!(!ids.witness("p", &renamed, &previous));
        previous.note(Some(Part::trigger(0)), "a".into());
        assert!(ids.witness("p", &renamed, &previous));
    }
}

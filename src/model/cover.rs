//! What of a resource may be seen on a screen: secrets that were filled into its texts are covered, and what a live
//! resource has in the same places.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::destination::{CustomWebhook, Destination, Email, Endpoint, SesAccount, SmtpAccount, Target};
use super::json::Json;
use super::monitor::{Input, Monitor};
use super::reference::Reference;
use super::resource::Resource;
use super::secret::{CHANGED, COVER, Secret, without};

/// The resource, with asterisks where its texts hold one of the `secrets`.
pub fn cover(resource: &Resource, secrets: &[Secret]) -> Resource {
    let mut covered = resource.clone();
    if !secrets.is_empty() {
        each_text(&mut covered, &mut |_, text| *text = without(secrets, text, COVER));
    }
    covered
}

/// The resource with asterisks for all of its texts: any of them may be a secret that nobody knows.
pub fn conceal(resource: &Resource) -> Resource {
    let mut concealed = resource.clone();
    each_text(&mut concealed, &mut |_, text| {
        if !text.is_empty() {
            COVER.clone_into(text);
        }
    });
    concealed
}

/// How many of the secrets stand in a resource's texts.
pub fn count_held(resource: &Resource, secrets: &[Secret]) -> usize {
    let mut all: BTreeSet<&str> = BTreeSet::new();
    each_text(&mut resource.clone(), &mut |_, text| {
        // one secret may be known twice, by two names
        all.extend(held(text, secrets).into_iter().map(|index| secrets[index].expose()));
    });
    all.len()
}

/// Two states of a resource, the later one with `secrets` filled in. Where a secret came to stand that did not stand
/// there before, its former value may stand in any text of the same area that is gone: all of those are covered as a
/// whole, wherever they stood, since lists move and names change. Where one of the `secrets` is empty, any text that is gone
/// may have been one.
pub fn cover_pair(before: &Resource, after: &Resource, secrets: &[Secret]) -> (Resource, Resource) {
    cover_both(before, after, secrets, each_text)
}

/// The same of two states of a destination.
pub fn cover_destinations(
    before: &Destination,
    after: &Destination,
    secrets: &[Secret],
) -> (Destination, Destination) {
    cover_both(before, after, secrets, each_text_of_destination)
}

/// Gives each text of something, with its place.
type EachText<T> = fn(&mut T, &mut dyn FnMut(&str, &mut String));

fn cover_both<T: Clone>(before: &T, after: &T, secrets: &[Secret], each_text: EachText<T>) -> (T, T) {
    let (mut before, mut after) = (before.clone(), after.clone());
    if secrets.is_empty() {
        return (before, after);
    }
    let may_be_any = secrets.iter().any(|secret| secret.expose().is_empty());
    let mut held_before = BTreeMap::new();
    let mut was_there: BTreeMap<String, usize> = BTreeMap::new();
    each_text(&mut before, &mut |place, text| {
        held_before.insert(place.to_owned(), held(text, secrets));
        *was_there.entry(text.clone()).or_default() += 1;
    });
    let mut is_there = BTreeSet::new();
    let mut rotated = BTreeMap::new();
    each_text(&mut after, &mut |place, text| {
        let held = held(text, secrets);
        let had = held_before.get(place);
        // one that only moved was there as often
        let is_left = was_there.get_mut(text).is_some_and(|left| {
            let is_left = *left > 0;
            *left = left.saturating_sub(1);
            is_left
        });
        let is_known = had.map_or(is_left, |had| held.is_subset(had));
        if !held.is_empty() && !is_known {
            rotated.entry(area(place).to_owned()).or_insert_with(BTreeSet::new).insert(place.to_owned());
        }
        is_there.insert(text.clone());
    });
    each_text(&mut before, &mut |place, text| {
        let is_rotated = may_be_any || rotated.contains_key(area(place));
        let may_be_former = is_rotated && !text.is_empty() && !is_there.contains(text);
        *text = if may_be_former { COVER.to_owned() } else { without(secrets, text, COVER) };
    });
    each_text(&mut after, &mut |place, text| {
        let is_rotated = rotated.get(area(place)).is_some_and(|places| places.contains(place));
        *text = without(secrets, text, COVER);
        if is_rotated && text == COVER && held_before.contains_key(place) {
            CHANGED.clone_into(text);
        }
    });
    (before, after)
}

/// The part of a resource among whose texts a secret may have moved: what a monitor reads, what its actions say, and
/// all else.
fn area(place: &str) -> &str {
    if place.contains("/actions/") {
        return "actions";
    }
    if place.starts_with("inputs/") { "inputs" } else { "" }
}

/// Which of the secrets stand in a text.
fn held(text: &str, secrets: &[Secret]) -> BTreeSet<usize> {
    let held = secrets.iter().enumerate().filter(|(_, secret)| secret.is_in(text));
    held.map(|(index, _)| index).collect()
}

/// Gives each text that may be filled in, with its place: the names and keys that lead to it.
fn each_text(resource: &mut Resource, on_text: &mut dyn FnMut(&str, &mut String)) {
    match resource {
        Resource::Destination(destination) => each_text_of_destination(destination, on_text),
        Resource::Monitor(monitor) => each_text_of_monitor(monitor, on_text),
    }
}

fn each_text_of_destination(destination: &mut Destination, on_text: &mut dyn FnMut(&str, &mut String)) {
    let Destination { name: _, description, enabled: _, target } = destination;
    on_text("description", description);
    match target {
        Target::Slack { .. } | Target::Chime { .. } => {}
        Target::CustomWebhook(webhook) => each_text_of_webhook(webhook, on_text),
        Target::Email(Email { account, recipients, groups }) => {
            each_id("account", account, on_text);
            each_address(recipients, on_text);
            for (index, group) in groups.iter_mut().enumerate() {
                each_id(&format!("{index}/groups"), group, on_text);
            }
        }
        Target::EmailGroup { recipients } => each_address(recipients, on_text),
        Target::SmtpAccount(SmtpAccount { host, port: _, method, from_address }) => {
            on_text("host", host);
            on_text("method", method);
            on_text("from_address", from_address);
        }
        Target::SesAccount(SesAccount { region, role_arn, from_address }) => {
            on_text("region", region);
            if let Some(role_arn) = role_arn {
                on_text("role_arn", role_arn);
            }
            on_text("from_address", from_address);
        }
        Target::Other { kind, body } => each_text_of_json(body, kind, on_text),
    }
}

fn each_address(recipients: &mut [String], on_text: &mut dyn FnMut(&str, &mut String)) {
    for (index, address) in recipients.iter_mut().enumerate() {
        on_text(&format!("{index}/recipients"), address);
    }
}

/// Gives the id by which something else is known; a name is none.
fn each_id(place: &str, reference: &mut Reference, on_text: &mut dyn FnMut(&str, &mut String)) {
    match reference {
        Reference::Name(_) => {}
        Reference::Id(id) => on_text(place, id),
    }
}

/// Those that no type of ours calls secret.
fn each_text_of_webhook(webhook: &mut CustomWebhook, on_text: &mut dyn FnMut(&str, &mut String)) {
    let CustomWebhook { endpoint, method, header_params: _, username, password: _ } = webhook;
    on_text("method", method);
    if let Some(username) = username {
        on_text("username", username);
    }
    if let Endpoint::Parts { scheme: _, host, port: _, path: _, query_params: _ } = endpoint {
        on_text("host", host);
    }
}

fn each_text_of_monitor(monitor: &mut Monitor, on_text: &mut dyn FnMut(&str, &mut String)) {
    let Monitor { name: _, monitor_type: _, enabled: _, schedule: _, inputs, triggers, other } = monitor;
    for (index, input) in inputs.iter_mut().enumerate() {
        let place = format!("inputs/{index}");
        match input {
            Input::Search { indices, body } => {
                for (number, index) in indices.iter_mut().enumerate() {
                    on_text(&format!("{place}/{number}/indices"), index);
                }
                each_text_of_json(body, &place, on_text);
            }
            Input::Other(body) => each_text_of_json(body, &place, on_text),
            Input::Composite(delegates) => {
                for (number, delegate) in delegates.iter_mut().enumerate() {
                    each_id(&format!("{place}/{number}/delegates"), &mut delegate.monitor, on_text);
                    for (other, source) in delegate.findings.iter_mut().enumerate() {
                        each_id(&format!("{place}/{number}/{other}/sources"), source, on_text);
                    }
                }
            }
        }
    }
    for trigger in triggers {
        let place = format!("triggers/{}", trigger.name);
        each_text_of_json(&mut trigger.body, &place, on_text);
        for action in &mut trigger.actions {
            let place = format!("{place}/actions/{}", action.name);
            each_id(&format!("{place}/destination"), &mut action.destination, on_text);
            if let Some(subject) = &mut action.subject {
                on_text(&format!("{place}/subject"), subject);
            }
            on_text(&format!("{place}/message"), &mut action.message);
            for (key, value) in &mut action.other {
                each_text_of_json(value, &format!("{place}/{key}"), on_text);
            }
        }
    }
    for (key, value) in other {
        each_text_of_json(value, key, on_text);
    }
}

fn each_text_of_json(json: &mut Json, place: &str, on_text: &mut dyn FnMut(&str, &mut String)) {
    let mut value = json.value();
    each_text_of_value(&mut value, place, on_text);
    *json = Json::of(&value);
}

fn each_text_of_value(value: &mut Value, place: &str, on_text: &mut dyn FnMut(&str, &mut String)) {
    match value {
        Value::String(text) => on_text(place, text),
        Value::Array(items) => {
            for (index, item) in items.iter_mut().enumerate() {
                each_text_of_value(item, &format!("{place}/{index}"), on_text);
            }
        }
        Value::Object(fields) => {
            for (key, value) in fields {
                each_text_of_value(value, &format!("{place}/{key}"), on_text);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::model::monitor::{Action, MonitorType, Trigger, TriggerKind};
    use crate::model::schedule::{Schedule, Unit};

    fn monitor(message: &str, header: &str) -> Resource {
        let action = Action {
            name: "tell".into(),
            destination: Reference::Name("hook".into()),
            subject: None,
            message: message.to_owned(),
            throttle: None,
            other: BTreeMap::from([("x".to_owned(), Json::of(&json!({"headers": [header]})))]),
        };
        Resource::Monitor(Monitor {
            name: "m".into(),
            monitor_type: MonitorType::query_level(),
            enabled: true,
            schedule: Schedule::Interval { every: 1, unit: Unit::Minutes },
            inputs: Vec::new(),
            triggers: vec![Trigger {
                name: "t".into(),
                severity: "1".into(),
                kind: TriggerKind::query_level(),
                body: Json::of(&json!({})),
                actions: vec![action],
            }],
            other: BTreeMap::new(),
        })
    }

    #[test]
    fn a_former_address_is_covered_where_another_has_no_secret() {
        let group = |first: &str| {
            Resource::Destination(Destination {
                name: "g".into(),
                description: String::new(),
                enabled: true,
                target: Target::EmailGroup {
                    recipients: vec![first.to_owned(), "ops@example.com".to_owned()],
                },
            })
        };
        let (before, after) =
            cover_pair(&group("planted@example.com"), &group("newkey@example.com"), &[Secret::new("newkey")]);
        let Resource::Destination(Destination { target: Target::EmailGroup { recipients }, .. }) = before
        else {
            panic!("another kind")
        };
        assert_eq!(recipients, [COVER, "ops@example.com"]);
        assert_ne!(after, group("newkey@example.com"));
    }

    #[test]
    fn a_former_secret_is_covered_wherever_it_moved() {
        let search = |body: serde_json::Value| {
            let Resource::Monitor(mut monitor) = monitor("same", "same") else { panic!("another kind") };
            monitor.inputs = vec![Input::Search { indices: vec!["a".to_owned()], body: Json::of(&body) }];
            Resource::Monitor(monitor)
        };
        let secrets = [Secret::new("newsecret")];
        let bodies = [
            (json!({"f": ["x", {"k": "oldsecret"}, "y"]}), json!({"f": [{"k": "newsecret"}, "y"]})),
            (json!({"term": {"k": "oldsecret"}}), json!({"match": {"z": "newsecret"}})),
            (json!({"term": {"k": "oldsecret"}}), json!({"terms": {"k": ["newsecret", "more"]}})),
        ];
        for (before, after) in bodies {
            let (before, after) = cover_pair(&search(before), &search(after), &secrets);
            let shown = format!("{before:?} {after:?}");
            assert!(!shown.contains("oldsecret") && !shown.contains("newsecret"), "{shown}");
        }
    }

    #[test]
    fn a_secret_is_covered_wherever_it_stands() {
        let secrets = ["key", "key-and-more"].map(Secret::new);
        assert_eq!(cover(&monitor("a key-and-more b key", "key"), &secrets), monitor("a *** b ***", "***"));
        assert_eq!(cover(&monitor("a", "b"), &[Secret::new("")]), monitor("a", "b"));
        let short = [Secret::new("p")];
        assert_eq!(
            cover(&monitor("p: stop (p) {{p}}", "p"), &short),
            monitor("***: stop (***) {{***}}", "***")
        );
    }

    #[test]
    fn a_former_secret_is_covered_too() {
        let secrets = [Secret::new("new")];
        let pair = cover_pair(&monitor("say old", "same"), &monitor("say new", "same"), &secrets);
        assert_eq!(pair, (monitor("***", "same"), monitor("say ***", "same")));
        let mut renamed = monitor("say new", "same");
        if let Resource::Monitor(renamed) = &mut renamed {
            renamed.triggers[0].name = "u".into();
        }
        assert_eq!(cover_pair(&monitor("say old", "same"), &renamed, &secrets).0, monitor("***", "same"));
        if let Resource::Monitor(renamed) = &mut renamed {
            let action = &mut renamed.triggers[0].actions[0];
            action.message = "kept".to_owned();
            action.other.insert("y".to_owned(), Json::of(&json!({"message": "say new"})));
        }
        assert_eq!(cover_pair(&monitor("kept", "same"), &renamed, &secrets).0, monitor("kept", "same"));
        assert_eq!(cover_pair(&monitor("old", "same"), &renamed, &secrets).0, monitor("***", "same"));
        let pair = cover_pair(&monitor("old", "new"), &monitor("new", "new"), &secrets);
        assert_eq!(pair, (monitor("***", "***"), monitor("*** (changed)", "***")));
        // another secret beside it stays what it is
        let two = [Secret::new("new"), Secret::new("user")];
        if let Resource::Monitor(renamed) = &mut renamed {
            renamed.triggers[0].actions[0].message = "new user".to_owned();
        }
        assert_eq!(cover_pair(&monitor("old user", "same"), &renamed, &two).0, monitor("***", "same"));
    }
}

//! Destinations: `slack`, `chime`, `custom_webhook`, or the API's own words under `definition`.

use serde_json::{Value, json};

use super::resource::{Notes, labels, name, previous_names};
use super::{literal, pasted, webhook};
use crate::api::wire;
use crate::model::destination::{Destination, Target};
use crate::model::json::Json;
use crate::model::name::Name;
use crate::model::part::Part;
use crate::model::secret::Secret;
use crate::source::fields::{Fields, expected_definition, key_name};
use crate::source::finding::Finding;
use crate::source::report::Report;
use crate::source::words::{listed, suggestion};
use crate::source::yaml::{Content, Entry, Node};

const KNOWN: &[&str] = &[
    "kind",
    "name",
    "previous_names",
    "labels",
    "description",
    "enabled",
    "slack",
    "chime",
    "microsoft_teams",
    "mattermost",
    "sns",
    "custom_webhook",
    "definition",
];

/// The types of channels, from 2.0 on.
const CONFIG_TYPES: &[&str] = &["slack", "chime", "microsoft_teams", "mattermost", "webhook", "email", "sns"];

/// What channels make use of to deliver e-mail; where they live is not looked at yet.
const ACCOUNTS: &[&str] = &["ses_account", "smtp_account", "email_group"];

/// The types of destinations before.
const TYPES: &[&str] = &["slack", "chime", "custom_webhook", "email", "sns", "test_action"];

/// The keys of a channel's configuration, beside its type's own.
const OF_CHANNEL: &[&str] = &["config_type", "name", "description", "is_enabled"];

/// The keys of a destination before 2.0, beside its type's own.
const OF_DESTINATION: &[&str] = &["type", "name"];

/// What servers say of a resource, and what may be pasted along.
const SERVERS: &[&str] =
    &["id", "schema_version", "seq_no", "primary_term", "last_update_time", "user", "feature_list"];

/// The keys under the names of types, of which nothing else is sent.
const CONTENTS: &[(&str, &[&str])] = &[
    ("slack", &["url"]),
    ("chime", &["url"]),
    ("webhook", &["url", "method", "header_params"]),
    ("custom_webhook", webhook::KNOWN),
];

const TARGETS: &[&str] =
    &["slack", "chime", "microsoft_teams", "mattermost", "sns", "custom_webhook", "definition"];

/// Marks where it leads as a secret: a value in the wrong place is one all the same.
pub fn hide(node: &mut Node) {
    if let Content::Mapping(entries) = &mut node.content {
        let targets = entries.iter_mut().filter(|entry| TARGETS.contains(&entry.key.as_str()));
        targets.for_each(|entry| entry.value.hide());
    }
}

/// Reads a destination.
pub fn read(node: &Node, notes: &mut Notes, report: &Report) -> Option<Destination> {
    let fields = Fields::of(node, "a destination", KNOWN, report)?;
    notes.labels = labels(&fields);
    previous_names(&fields, None, notes);
    note(&fields, notes);
    let given: Vec<&str> = TARGETS.iter().copied().filter(|key| fields.get(key).is_some()).collect();
    for key in &given {
        if let Some(node) = fields.get(key) {
            literal::warn(key, node, report);
        }
    }
    let name = match fields.get("definition") {
        Some(definition) if fields.entry("name").is_none() => {
            definition.get("name").and_then(Node::as_text).map(Name::new)
        }
        _ => name(&fields, "ops-slack"),
    };
    let description = fields.text("description").map(str::to_owned);
    let enabled = fields.flag("enabled");
    let target = match given.as_slice() {
        [] => {
            let hint = format!("say where it leads with one of {}", listed(TARGETS));
            report.error(Finding::at(fields.place(), "a destination that leads nowhere").hint(hint));
            return None;
        }
        ["definition"] => {
            let mut destination = definition(fields.get("definition")?, name.as_ref(), report)?;
            destination.description = description.unwrap_or(destination.description);
            destination.enabled = enabled.unwrap_or(destination.enabled);
            return Some(destination);
        }
        [one] => target(one, &fields, report)?,
        [_, second, ..] => {
            let message = format!("{} exclude each other", listed(&given));
            fields.refuse(second, message, "a destination leads to one place; declare two of them");
            // what else is wrong with each is said all the same
            for key in &given {
                target(key, &fields, report);
            }
            return None;
        }
    };
    Some(Destination {
        name: name?,
        description: description.unwrap_or_default(),
        enabled: enabled.unwrap_or(true),
        target,
    })
}

/// Reads where a destination leads, by one of the keys that are not `definition`.
fn target(key: &str, fields: &Fields<'_>, report: &Report) -> Option<Target> {
    Some(match key {
        "slack" => Target::Slack { url: hook(fields, key, report)? },
        "chime" => Target::Chime { url: hook(fields, key, report)? },
        "custom_webhook" => {
            Target::CustomWebhook(Box::new(webhook::read(fields.get("custom_webhook")?, report)?))
        }
        "microsoft_teams" | "mattermost" => {
            let url = hook(fields, key, report)?;
            Target::Other { kind: key.to_owned(), body: Json::of(&json!({"url": url.expose()})) }
        }
        "sns" => Target::Other { kind: key.to_owned(), body: sns(fields.get("sns")?, report)? },
        _ => return None,
    })
}

/// Takes down where the parts stand that a line of servers may not have.
fn note(fields: &Fields<'_>, notes: &mut Notes) {
    for (part, key) in [(Part::Description, "description"), (Part::Enabled, "enabled")] {
        if let Some(node) = fields.get(key) {
            notes.places.note(part, &node.place);
        }
    }
    for target in TARGETS.iter().filter_map(|key| fields.get(key)) {
        let parts = [
            (Part::Target, &["url", "host", "config_type", "type"][..]),
            (Part::Method, &["method"]),
            (Part::Credentials, &["username", "password"]),
            (Part::Description, &["description"]),
            (Part::Enabled, &["is_enabled"]),
        ];
        for (part, keys) in parts {
            if let Some(node) = keys.iter().find_map(|key| target.get(key)) {
                notes.places.note(part, &node.place);
            }
        }
    }
}

/// Whether a text is the name that Amazon gives to what a service has.
pub fn is_arn(text: &str, service: &str) -> bool {
    let parts: Vec<&str> = text.splitn(6, ':').collect();
    matches!(parts[..], ["arn", partition, of, _, account, name]
        if partition.starts_with("aws") && of == service && !account.is_empty() && !name.is_empty())
}

/// A topic of Amazon SNS, and the role that may publish to it.
fn sns(node: &Node, report: &Report) -> Option<Json> {
    let fields = Fields::of(node, "`sns`", &["topic_arn", "role_arn"], report)?;
    let topic =
        fields.need_text("topic_arn", "add it: `topic_arn: arn:aws:sns:us-east-1:123456789012:alerts`");
    let role = fields.text("role_arn");
    if topic.is_some_and(|topic| !is_arn(topic, "sns")) {
        let hint = "such as `arn:aws:sns:us-east-1:123456789012:alerts`";
        fields.refuse("topic_arn", "expected the ARN of a topic for `topic_arn`", hint);
    }
    if role.is_some_and(|role| !is_arn(role, "iam")) {
        let hint = "such as `arn:aws:iam::123456789012:role/alerts`";
        fields.refuse("role_arn", "expected the ARN of a role for `role_arn`", hint);
    }
    let mut body = json!({"topic_arn": topic?});
    if let Some(role) = role {
        body["role_arn"] = role.into();
    }
    Some(Json::of(&body))
}

/// The secret URL of an incoming webhook.
fn hook(fields: &Fields<'_>, kind: &str, report: &Report) -> Option<Secret> {
    let inner = Fields::of(fields.get(kind)?, &format!("`{kind}`"), &["url"], report)?;
    let node = inner.need("url", "add the URL of the incoming webhook: `url: ${WEBHOOK_URL}`")?;
    webhook::url(node, report)
}

/// Reports a type under `key` that no server knows, or that no file can declare.
fn check_type(node: &Node, key: &str, known: &[&str], report: &Report) -> Option<()> {
    let node = node.get(key)?;
    // what is no text is refused with its place later
    let Some(word) = node.as_text() else { return Some(()) };
    if ACCOUNTS.contains(&word) {
        let hint = "make it in the cluster, and give its id to a channel of `config_type: email`";
        report.error(Finding::at(&node.place, format!("no file can declare a `{word}` yet")).hint(hint));
        return None;
    }
    if known.contains(&word) {
        return Some(());
    }
    let is_shown = !node.is_filled && word.chars().all(|c| c.is_ascii_alphabetic() || c == '_');
    let what = if is_shown { format!("the `{key}` `{word}`") } else { format!("this `{key}`") };
    let hint = if CONFIG_TYPES.contains(&word) {
        format!("say `config_type: {word}`, as from 2.0 on")
    } else {
        suggestion(word, known)
    };
    report.error(Finding::at(&node.place, format!("no server knows {what}")).hint(hint));
    None
}

/// Reports keys that no server makes anything of; `key` has the type, whose content stands under its name.
fn check_keys(node: &Node, key: &str, known: &[&str], report: &Report) {
    let Some(kind) = node.get(key).and_then(Node::as_text) else { return };
    let known: Vec<&str> = known.iter().copied().chain([kind]).collect();
    let owned = |entry: &&Entry| !SERVERS.contains(&entry.key.as_str());
    report_unknown(node.entries().iter().filter(owned), &known, "a destination's `definition`", report);
    let content = CONTENTS.iter().find(|(known, _)| *known == kind);
    if let (Some((_, known)), Some(content)) = (content, node.get(kind)) {
        report_unknown(content.entries().iter(), known, &format!("`{kind}`"), report);
    }
}

fn report_unknown<'a>(entries: impl Iterator<Item = &'a Entry>, known: &[&str], what: &str, report: &Report) {
    for entry in entries.filter(|entry| !known.contains(&entry.key.as_str())) {
        let message = format!("unknown key{} in {what}", key_name("", &entry.key, &entry.value));
        report.error(Finding::at(&entry.place, message).hint(suggestion(&entry.key, known)));
    }
}

/// Reads a destination in the API's own spelling: a channel when it has a `config_type`.
fn definition(node: &Node, name: Option<&Name>, report: &Report) -> Option<Destination> {
    let mut document = node.json();
    let Value::Object(map) = &mut document else {
        expected_definition(node, report);
        return None;
    };
    pasted::check(node, &["config_type", "type"], report)?;
    if let Some(name) = name {
        let inner = map.insert("name".into(), name.as_str().into());
        super::definition::check_names(inner.as_ref(), name, node, report);
    }
    let decoded = if map.contains_key("config_type") {
        check_type(node, "config_type", CONFIG_TYPES, report)?;
        check_keys(node, "config_type", OF_CHANNEL, report);
        wire::channel::decode(&document)
    } else if map.contains_key("type") {
        check_type(node, "type", TYPES, report)?;
        check_keys(node, "type", OF_DESTINATION, report);
        wire::destination::decode(&document)
    } else {
        let hint =
            "expected `config_type: microsoft_teams` and so on, as from 2.0 on, or `type: email`, as before";
        report.error(Finding::at(&node.place, "`config_type` is missing").hint(hint));
        return None;
    };
    match decoded {
        Ok(destination) => Some(destination),
        Err(flaw) => {
            report.error(super::definition::finding(flaw, node));
            None
        }
    }
}

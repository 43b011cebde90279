//! `definition` of a destination, an account or a group: the API's own words, as from 2.0 on or as before.

use serde_json::Value;

use super::destination::{SHAPES, Shape};
use super::email::{TO_NOBODY, is_to_nobody};
use super::{pasted, webhook};
use crate::api::wire;
use crate::api::wire::email::METHODS;
use crate::model::destination::{Destination, Target};
use crate::model::name::Name;
use crate::model::resource::Kind;
use crate::source::fields::{expected_definition, key_name, scalar_text};
use crate::source::finding::Finding;
use crate::source::report::Report;
use crate::source::words::suggestion;
use crate::source::yaml::{Entry, Node};

/// The types of destinations before.
const TYPES: &[&str] = &["slack", "chime", "custom_webhook", "email", "sns", "test_action"];

/// The keys of a channel's configuration, beside its type's own.
const OF_CHANNEL: &[&str] = &["config_type", "name", "description", "is_enabled"];

/// The keys of a destination before 2.0, beside its type's own.
const OF_DESTINATION: &[&str] = &["type", "name"];

/// The keys of an account before 2.0.
const OF_ACCOUNT: &[&str] = &["name", "email", "host", "port", "method"];

/// The keys of a group before 2.0.
const OF_GROUP: &[&str] = &["name", "emails"];

/// What servers say of a resource, and what may be pasted along.
const SERVERS: &[&str] =
    &["id", "schema_version", "seq_no", "primary_term", "last_update_time", "user", "feature_list"];

/// The keys under the names of types, of which nothing else is sent.
const CONTENTS: &[(&str, &[&str])] = &[
    ("slack", &["url"]),
    ("chime", &["url"]),
    ("webhook", &["url", "method", "header_params"]),
    ("email", &["email_account_id", "recipients", "recipient_list", "email_group_id_list"]),
    ("smtp_account", &["host", "port", "method", "from_address"]),
    ("ses_account", &["region", "role_arn", "from_address"]),
    ("email_group", &["recipient_list"]),
    ("microsoft_teams", &["url"]),
    ("mattermost", &["url"]),
    ("sns", &["topic_arn", "role_arn"]),
    ("custom_webhook", webhook::KNOWN),
];

/// Lists in them, and the keys of their items.
const ITEMS: &[(&str, &[&str])] = &[
    ("recipients", &["type", "email", "email_group_id"]),
    ("recipient_list", &["recipient"]),
    ("emails", &["email"]),
];

/// Reads a destination in the API's own spelling: a channel when it has a `config_type`.
pub fn read(shape: &Shape, node: &Node, name: Option<&Name>, report: &Report) -> Option<Destination> {
    let mut document = node.json();
    let Value::Object(map) = &mut document else {
        expected_definition(node, report);
        return None;
    };
    pasted::check(node, &["config_type", "type", "host", "emails"], report)?;
    if let Some(name) = name {
        let inner = map.insert("name".into(), name.as_str().into());
        super::definition::check_names(inner.as_ref(), name, node, report);
    }
    let decoded = if map.contains_key("config_type") {
        check_type(node, "config_type", shape.config_types, report)?;
        check_keys(node, "config_type", OF_CHANNEL, report);
        wire::channel::decode(&document)
    } else if shape.kind == Kind::EmailAccount {
        check_before_2_0(node, OF_ACCOUNT, shape.what, report);
        wire::email::decode_account(&document)
    } else if shape.kind == Kind::EmailGroup {
        check_before_2_0(node, OF_GROUP, shape.what, report);
        wire::email::decode_group(&document)
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
        Ok(destination) => {
            check_account(&destination, node, report);
            warn_of_nobody(&destination, node, report);
            Some(destination)
        }
        Err(flaw) => {
            report.error(super::definition::finding(flaw, node));
            None
        }
    }
}

/// Reports a type under `key` that no server knows, or that is another kind's.
fn check_type(node: &Node, key: &str, known: &[&str], report: &Report) -> Option<()> {
    let node = node.get(key)?;
    // what is no text is refused with its place later
    let Some(word) = scalar_text(node) else { return Some(()) };
    let word = word.as_str();
    if known.contains(&word) {
        return Some(());
    }
    let of_channels = SHAPES.iter().filter(|_| key == "config_type");
    if let Some(other) = of_channels.into_iter().find(|shape| shape.config_types.contains(&word)) {
        let message = format!("a `{word}` is {}", other.kind.with_article());
        report.error(Finding::at(&node.place, message).hint(format!("say `kind: {}`", other.kind)));
        return None;
    }
    let is_shown = !node.is_filled && word.chars().all(|c| c.is_ascii_alphabetic() || c == '_');
    let what = if is_shown { format!("the `{key}` `{word}`") } else { format!("this `{key}`") };
    let hint = if SHAPES[0].config_types.contains(&word) {
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
        check_items(content, report);
    }
}

/// Reports keys of the items of lists that no server makes anything of.
fn check_items(content: &Node, report: &Report) {
    for (key, known) in ITEMS {
        let items = content.get(key).map_or(&[][..], Node::items);
        for item in items {
            report_unknown(item.entries().iter(), known, &format!("an item of `{key}`"), report);
        }
    }
}

/// Servers from 2.0 on take a method that they do not know for none, and send passwords in the clear; before, no port is
/// -1.
fn check_account(destination: &Destination, node: &Node, report: &Report) {
    let Target::SmtpAccount(account) = &destination.target else { return };
    let channel = node.get("smtp_account");
    if account.port < 1 && (account.port != -1 || channel.is_some()) {
        let place = &channel.unwrap_or(node).nearest("/port").place;
        report.error(Finding::at(place, "expected a port from 1 to 65535").hint("such as `port: 587`"));
    }
    if !METHODS.contains(&account.method.as_str()) {
        let content = node.get("smtp_account").unwrap_or(node);
        let finding = Finding::at(&content.nearest("/method").place, "unknown `method` of encryption");
        report.error(finding.hint(suggestion(&account.method, &METHODS)));
    }
}

/// Servers store an e-mail to nobody, and so it may be there already.
fn warn_of_nobody(destination: &Destination, node: &Node, report: &Report) {
    if let Target::Email(email) = &destination.target
        && is_to_nobody(email)
    {
        let content = node.get("email").unwrap_or(node);
        report.warning(Finding::at(&content.place, TO_NOBODY).hint("name a recipient or a group"));
    }
}

/// Reports keys that no server before 2.0 makes anything of.
fn check_before_2_0(node: &Node, known: &[&str], what: &str, report: &Report) {
    let owned = |entry: &&Entry| !SERVERS.contains(&entry.key.as_str());
    let what = format!("the `definition` of {what}");
    report_unknown(node.entries().iter().filter(owned), known, &what, report);
    check_items(node, report);
}

fn report_unknown<'a>(entries: impl Iterator<Item = &'a Entry>, known: &[&str], what: &str, report: &Report) {
    for entry in entries.filter(|entry| !known.contains(&entry.key.as_str())) {
        let message = format!("unknown key{} in {what}", key_name("", &entry.key, &entry.value));
        report.error(Finding::at(&entry.place, message).hint(suggestion(&entry.key, known)));
    }
}

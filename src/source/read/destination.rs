//! Destinations, and the accounts and groups of e-mail: a key that says the type, or the API's own words under
//! `definition`.

use serde_json::{Value, json};

use super::resource::{Notes, labels, name, previous_names};
use super::{email, literal, pasted, webhook};
use crate::api::wire;
use crate::api::wire::email::METHODS;
use crate::model::destination::{Destination, Target};
use crate::model::json::Json;
use crate::model::name::Name;
use crate::model::part::Part;
use crate::model::resource::Kind;
use crate::model::secret::Secret;
use crate::source::fields::{Fields, expected_definition, key_name};
use crate::source::finding::Finding;
use crate::source::report::Report;
use crate::source::words::{listed, suggestion};
use crate::source::yaml::{Content, Entry, Node};

/// The keys of all kinds; one of their [`Shape`] follows.
const KNOWN: &[&str] = &["kind", "name", "previous_names", "labels", "description", "enabled"];

/// What the kinds do not share.
struct Shape {
    kind: Kind,
    /// One of them, for a sentence.
    what: &'static str,
    /// A name for an example.
    example: &'static str,
    /// What is said by one of these.
    targets: &'static [&'static str],
    /// The types of channels, from 2.0 on.
    config_types: &'static [&'static str],
}

const SHAPES: [Shape; 3] = [
    Shape {
        kind: Kind::Destination,
        what: "a destination",
        example: "ops-slack",
        targets: &[
            "slack",
            "chime",
            "microsoft_teams",
            "mattermost",
            "sns",
            "email",
            "custom_webhook",
            "definition",
        ],
        config_types: &["slack", "chime", "microsoft_teams", "mattermost", "webhook", "email", "sns"],
    },
    Shape {
        kind: Kind::EmailAccount,
        what: "an email_account",
        example: "ops_mail",
        targets: &["smtp_account", "ses_account", "definition"],
        config_types: &["smtp_account", "ses_account"],
    },
    Shape {
        kind: Kind::EmailGroup,
        what: "an email_group",
        example: "on_call",
        targets: &["recipients", "definition"],
        config_types: &["email_group"],
    },
];

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
    ("smtp_account", &["host", "port", "method", "from_address"]),
    ("ses_account", &["region", "role_arn", "from_address"]),
    ("email_group", &["recipient_list"]),
    ("custom_webhook", webhook::KNOWN),
];

/// Marks where a destination leads as a secret: a value in the wrong place is one all the same.
pub fn hide(node: &mut Node) {
    if let Content::Mapping(entries) = &mut node.content {
        // where an e-mail goes is for all to see
        let is_hidden = |key: &str| key != "email" && SHAPES[0].targets.contains(&key);
        let targets = entries.iter_mut().filter(|entry| is_hidden(&entry.key));
        targets.for_each(|entry| entry.value.hide());
    }
}

/// Reads a destination, an account or a group.
pub fn read(kind: Kind, node: &Node, notes: &mut Notes, report: &Report) -> Option<Destination> {
    let shape = SHAPES.iter().find(|shape| shape.kind == kind)?;
    let known: Vec<&str> = KNOWN.iter().chain(shape.targets).copied().collect();
    let fields = Fields::of(node, shape.what, &known, report)?;
    notes.labels = labels(&fields);
    previous_names(&fields, None, notes);
    note(shape, &fields, notes);
    let given: Vec<&str> = shape.targets.iter().copied().filter(|key| fields.get(key).is_some()).collect();
    for key in &given {
        if let Some(node) = fields.get(key) {
            literal::warn(key, node, report);
        }
    }
    let name = match fields.get("definition") {
        Some(definition) if fields.entry("name").is_none() => {
            definition.get("name").and_then(Node::as_text).map(Name::new)
        }
        _ => name(&fields, shape.example),
    };
    let description = fields.text("description").map(str::to_owned);
    let enabled = fields.flag("enabled");
    let target = match given.as_slice() {
        [] => {
            let (message, hint) = match shape.kind {
                Kind::Destination => {
                    ("a destination that leads nowhere".to_owned(), "say where it leads with")
                }
                _ => (format!("{} that says nothing of itself", shape.what), "say"),
            };
            let hint = format!("{hint} one of {}", listed(shape.targets));
            report.error(Finding::at(fields.place(), message).hint(hint));
            return None;
        }
        ["definition"] => {
            let mut destination = definition(shape, fields.get("definition")?, name.as_ref(), report)?;
            destination.description = description.unwrap_or(destination.description);
            destination.enabled = enabled.unwrap_or(destination.enabled);
            return Some(destination);
        }
        [one] => target(one, &fields, notes, report)?,
        [_, second, ..] => {
            let message = format!("{} exclude each other", listed(&given));
            fields.refuse(second, message, "a destination leads to one place; declare two of them");
            // what else is wrong with each is said all the same
            for key in &given {
                target(key, &fields, notes, report);
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
fn target(key: &str, fields: &Fields<'_>, notes: &mut Notes, report: &Report) -> Option<Target> {
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
        "email" => Target::Email(email::email(fields.get(key)?, notes, report)?),
        "smtp_account" => Target::SmtpAccount(email::smtp_account(fields.get(key)?, report)?),
        "ses_account" => Target::SesAccount(email::ses_account(fields.get(key)?, report)?),
        "recipients" => Target::EmailGroup { recipients: email::recipients(fields, report)? },
        _ => return None,
    })
}

/// Takes down where the parts stand that a line of servers may not have.
fn note(shape: &Shape, fields: &Fields<'_>, notes: &mut Notes) {
    for (part, key) in [(Part::Description, "description"), (Part::Enabled, "enabled")] {
        if let Some(node) = fields.get(key) {
            notes.places.note(part, &node.place);
        }
    }
    for target in shape.targets.iter().filter_map(|key| fields.get(key)) {
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

/// Reports a type under `key` that no server knows, or that is another kind's.
fn check_type(node: &Node, key: &str, known: &[&str], report: &Report) -> Option<()> {
    let node = node.get(key)?;
    // what is no text is refused with its place later
    let Some(word) = node.as_text() else { return Some(()) };
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
    }
}

/// Servers from 2.0 on take a method that they do not know for none, and send passwords in the clear.
fn check_method(destination: &Destination, node: &Node, report: &Report) {
    let Target::SmtpAccount(account) = &destination.target else { return };
    if !METHODS.contains(&account.method.as_str()) {
        let content = node.get("smtp_account").unwrap_or(node);
        let finding = Finding::at(&content.nearest("/method").place, "unknown `method` of encryption");
        report.error(finding.hint(suggestion(&account.method, &METHODS)));
    }
}

/// Reports keys that no server before 2.0 makes anything of.
fn check_before_2_0(node: &Node, known: &[&str], what: &str, report: &Report) {
    let owned = |entry: &&Entry| !SERVERS.contains(&entry.key.as_str());
    let what = format!("the `definition` of {what}");
    report_unknown(node.entries().iter().filter(owned), known, &what, report);
}

fn report_unknown<'a>(entries: impl Iterator<Item = &'a Entry>, known: &[&str], what: &str, report: &Report) {
    for entry in entries.filter(|entry| !known.contains(&entry.key.as_str())) {
        let message = format!("unknown key{} in {what}", key_name("", &entry.key, &entry.value));
        report.error(Finding::at(&entry.place, message).hint(suggestion(&entry.key, known)));
    }
}

/// Reads a destination in the API's own spelling: a channel when it has a `config_type`.
fn definition(shape: &Shape, node: &Node, name: Option<&Name>, report: &Report) -> Option<Destination> {
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
            check_method(&destination, node, report);
            Some(destination)
        }
        Err(flaw) => {
            report.error(super::definition::finding(flaw, node));
            None
        }
    }
}

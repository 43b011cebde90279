//! Destinations, and the accounts and groups of e-mail: a key that says the type, or the API's own words under
//! `definition`.

use serde_json::json;

use super::resource::{Notes, labels, name, previous_names};
use super::{destination_definition, email, literal, webhook};
use crate::model::destination::{Destination, Target};
use crate::model::json::Json;
use crate::model::name::Name;
use crate::model::part::Part;
use crate::model::resource::Kind;
use crate::model::secret::Secret;
use crate::source::fields::Fields;
use crate::source::finding::Finding;
use crate::source::report::Report;
use crate::source::words::listed;
use crate::source::yaml::{Content, Node};

/// The keys of all kinds; one of their [`Shape`] follows.
const KNOWN: &[&str] =
    &["kind", "name", "previous_names", "labels", "environments", "for_each", "description", "enabled"];

/// What the kinds do not share.
pub struct Shape {
    /// Which kind.
    pub kind: Kind,
    /// One of them, for a sentence.
    pub what: &'static str,
    /// A name for an example.
    example: &'static str,
    /// What is said by one of these.
    targets: &'static [&'static str],
    /// The types of channels, from 2.0 on.
    pub config_types: &'static [&'static str],
}

/// All kinds that are destinations to a server from 2.0 on.
pub const SHAPES: [Shape; 3] = [
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
            let mut destination =
                destination_definition::read(shape, fields.get("definition")?, name.as_ref(), report)?;
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
        "recipients" => {
            let recipients = email::recipients(fields, report)?;
            if recipients.is_empty() {
                let finding = Finding::at(&fields.get(key)?.place, "a group of nobody");
                report.warning(finding.hint("name a recipient"));
            }
            Target::EmailGroup { recipients }
        }
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

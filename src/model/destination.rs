//! A destination: where messages go, and what e-mail makes use of on its way. From 2.0 on the server keeps them all as
//! notification channels.

use std::collections::BTreeMap;

use serde_json::Value;

use super::json::Json;
use super::name::Name;
use super::reference::{Refer, Reference};
use super::resource::{Key, Kind};
use super::secret::{COVER, Secret};
use super::secret_names::may_be_secret;
use crate::one_line::quoted;

/// A destination of any type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Destination {
    /// Its name; unique within a project, not in a cluster.
    pub name: Name,
    /// What it is for; only channels can hold it.
    pub description: String,
    /// Whether it delivers; only channels can be switched off.
    pub enabled: bool,
    /// Where it leads.
    pub target: Target,
}

impl Destination {
    /// What it is and what it is called.
    pub fn key(&self) -> Key {
        Key { kind: self.kind(), name: self.name.clone() }
    }

    /// What it is: an account and a group are no destinations of an action.
    pub const fn kind(&self) -> Kind {
        match self.target {
            Target::SmtpAccount(_) | Target::SesAccount(_) => Kind::EmailAccount,
            Target::EmailGroup { .. } => Kind::EmailGroup,
            Target::Slack { .. }
            | Target::Chime { .. }
            | Target::CustomWebhook(_)
            | Target::Email(_)
            | Target::Other { .. } => Kind::Destination,
        }
    }

    /// The same destination with every secret replaced by asterisks.
    #[must_use]
    pub fn masked(&self) -> Destination {
        let mut masked = self.clone();
        masked.target.secrets_mut().into_iter().for_each(|secret| *secret = Secret::new(COVER));
        if let Target::Other { kind, body } = &mut masked.target {
            let mut value = body.value();
            mask(&mut value, kind, ["", ""]);
            *body = Json::of(&value);
        }
        masked
    }
}

/// Masks what may be a secret; `keys` are the last two that lead to the value.
fn mask(value: &mut Value, kind: &str, keys: [&str; 2]) {
    match value {
        Value::String(text) if may_be_secret(kind, keys) => COVER.clone_into(text),
        Value::Array(items) => items.iter_mut().for_each(|item| mask(item, kind, keys)),
        Value::Object(fields) => {
            fields.iter_mut().for_each(|(key, value)| mask(value, kind, [keys[1], key]));
        }
        Value::String(_) | Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

impl Target {
    /// All secrets in it.
    pub fn secrets_mut(&mut self) -> Vec<&mut Secret> {
        match self {
            Target::Slack { url } | Target::Chime { url } => vec![url],
            Target::CustomWebhook(webhook) => {
                let CustomWebhook { endpoint, method: _, header_params, username: _, password } =
                    &mut **webhook;
                let mut secrets: Vec<&mut Secret> = header_params.values_mut().chain(password).collect();
                match endpoint {
                    Endpoint::Url(url) => secrets.push(url),
                    Endpoint::Parts { scheme: _, host: _, port: _, path, query_params } => {
                        secrets.extend(path);
                        secrets.extend(query_params.values_mut());
                    }
                }
                secrets
            }
            Target::Email(_)
            | Target::SmtpAccount(_)
            | Target::SesAccount(_)
            | Target::EmailGroup { .. }
            | Target::Other { .. } => Vec::new(),
        }
    }
}

impl Refer for Destination {
    fn each_reference(&self, on_reference: &mut dyn FnMut(Kind, &Reference)) {
        if let Target::Email(Email { account, recipients: _, groups }) = &self.target {
            on_reference(Kind::EmailAccount, account);
            for group in groups {
                on_reference(Kind::EmailGroup, group);
            }
        }
    }

    fn each_reference_mut(&mut self, on_reference: &mut dyn FnMut(Kind, &mut Reference)) {
        if let Target::Email(Email { account, recipients: _, groups }) = &mut self.target {
            on_reference(Kind::EmailAccount, account);
            for group in groups {
                on_reference(Kind::EmailGroup, group);
            }
        }
    }
}

/// Where a destination leads, by type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// A Slack incoming webhook.
    Slack {
        /// The whole URL, which is the secret.
        url: Secret,
    },
    /// An Amazon Chime incoming webhook.
    Chime {
        /// The whole URL, which is the secret.
        url: Secret,
    },
    /// Any HTTP endpoint.
    CustomWebhook(Box<CustomWebhook>),
    /// An e-mail.
    Email(Email),
    /// No destination of an action: sends e-mail through a server.
    SmtpAccount(SmtpAccount),
    /// No destination of an action: sends e-mail through Amazon SES.
    SesAccount(SesAccount),
    /// No destination of an action: gets e-mail.
    EmailGroup {
        /// Addresses.
        recipients: Vec<String>,
    },
    /// Any other type, as the API spells it.
    Other {
        /// The server's word: `config_type` of a channel, `type` of a destination.
        kind: String,
        /// The content under that word.
        body: Json,
    },
}

/// An e-mail: who sends it, and who gets it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Email {
    /// The account that sends it.
    pub account: Reference,
    /// Addresses.
    pub recipients: Vec<String>,
    /// Groups of addresses.
    pub groups: Vec<Reference>,
}

impl Email {
    /// Who gets it, in words: addresses and groups.
    pub fn mailed(&self) -> Vec<String> {
        let groups = self.groups.iter().map(|group| format!("group {}", quoted(group.as_str())));
        addresses(&self.recipients).into_iter().chain(groups).collect()
    }
}

/// Addresses in words.
pub fn addresses(recipients: &[String]) -> Vec<String> {
    recipients.iter().map(|address| quoted(address)).collect()
}

/// A way to send e-mail through a server; its password is in the keystore of each node, under the account's name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SmtpAccount {
    /// A host name.
    pub host: String,
    /// From 1 on; before 2.0 it may be `-1`, when nothing was said.
    pub port: i64,
    /// How the connection is encrypted: `none`, `ssl` or `start_tls`, as channels spell it.
    pub method: String,
    /// The sender's address.
    pub from_address: String,
}

/// A way to send e-mail through Amazon SES.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SesAccount {
    /// Such as `us-east-1`.
    pub region: String,
    /// The ARN of the role that may send.
    pub role_arn: Option<String>,
    /// The sender's address.
    pub from_address: String,
}

/// Any HTTP endpoint, with all that the server can say of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CustomWebhook {
    /// Where it is.
    pub endpoint: Endpoint,
    /// `POST`, `PUT` or `PATCH`; before 2.0 any word.
    pub method: String,
    /// Headers; their values may be tokens.
    pub header_params: BTreeMap<String, Secret>,
    /// Basic authentication; channels cannot hold it.
    pub username: Option<String>,
    /// Basic authentication; channels cannot hold it.
    pub password: Option<Secret>,
}

/// Where a webhook is: a URL, or its parts, which only destinations before 2.0 can hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Endpoint {
    /// The whole URL, which may carry a token.
    Url(Secret),
    /// The parts; the server joins them when it sends.
    Parts {
        /// `http` or `https`; the server's default is `https`.
        scheme: Option<String>,
        /// A host name.
        host: String,
        /// The scheme's own when `None`.
        port: Option<u16>,
        /// Without the query; it may hold a token.
        path: Option<Secret>,
        /// Their values may be tokens.
        query_params: BTreeMap<String, Secret>,
    },
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn masked(kind: &str, body: &Value) -> Value {
        let destination = Destination {
            name: "x".into(),
            description: String::new(),
            enabled: true,
            target: Target::Other { kind: kind.into(), body: Json::of(body) },
        };
        let Target::Other { body, .. } = destination.masked().target else { panic!("another type") };
        body.value()
    }

    #[test]
    fn a_type_that_is_not_known_shows_no_text_when_masked() {
        let body = json!({"url": "https://planted", "n": 1, "list": ["planted"]});
        assert_eq!(masked("pager", &body), json!({"url": "***", "n": 1, "list": ["***"]}));
    }

    #[test]
    fn a_known_type_shows_what_is_no_secret_when_masked() {
        let body =
            json!({"url": "https://planted", "email_account_id": "a", "header_params": {"X-A": "planted"}});
        let shown = json!({"url": "***", "email_account_id": "a", "header_params": {"X-A": "***"}});
        assert_eq!(masked("email", &body), shown);
    }
}

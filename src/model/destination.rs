//! A destination: where messages go. From 2.0 on the server calls it a notification channel.

use std::collections::BTreeMap;

use serde_json::Value;

use super::json::Json;
use super::name::Name;
use super::secret::{COVER, Secret};
use super::secret_names::may_be_secret;

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

/// Whether the content of a type `kind` is an e-mail's as destinations before 2.0 have it, of which a channel keeps no
/// recipient.
pub fn is_old_email(kind: &str, body: &Value) -> bool {
    kind == "email" && body.get("recipients").is_some()
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
            Target::Other { .. } => Vec::new(),
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
    /// Any other type, as the API spells it.
    Other {
        /// The server's word: `config_type` of a channel, `type` of a destination.
        kind: String,
        /// The content under that word.
        body: Json,
    },
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

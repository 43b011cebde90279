//! A destination: where messages go. From 2.0 on the server calls it a notification channel.

use std::collections::BTreeMap;

use serde_json::Value;

use super::json::Json;
use super::name::Name;
use super::secret::Secret;

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
        masked.target.secrets_mut().into_iter().for_each(|secret| *secret = Secret::new("***"));
        if let Target::Other { kind: _, body } = &mut masked.target {
            let mut value = body.value();
            mask(&mut value);
            *body = Json::of(&value);
        }
        masked
    }
}

/// Of a type that is not known every text may be a secret.
fn mask(value: &mut Value) {
    match value {
        Value::String(text) => "***".clone_into(text),
        Value::Array(items) => items.iter_mut().for_each(mask),
        Value::Object(fields) => fields.values_mut().for_each(mask),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
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

    #[test]
    fn a_type_that_is_not_known_shows_no_text_when_masked() {
        let body = Json::of(&json!({"url": "https://planted", "n": 1, "list": ["planted"]}));
        let destination = Destination {
            name: "x".into(),
            description: String::new(),
            enabled: true,
            target: Target::Other { kind: "microsoft_teams".into(), body },
        };
        let masked = destination.masked();
        let Target::Other { body, .. } = masked.target else { panic!("another type") };
        assert_eq!(body.value(), json!({"url": "***", "n": 1, "list": ["***"]}));
    }
}

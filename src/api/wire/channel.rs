//! Notification channels on the wire: what destinations are from 2.0 on.

use serde_json::{Value, json};

use super::destination::{expose, other, secrets, url};
use super::email;
use super::fields::Fields;
use super::flaw::Flaw;
use crate::model::destination::{CustomWebhook, Destination, Endpoint, Target};
use crate::model::name::Name;
use crate::model::secret::Secret;

/// Reads the `config` of a channel.
pub fn decode(config: &Value) -> Result<Destination, Flaw> {
    let fields = Fields::of(config, "")?;
    let kind = fields.need_text("config_type")?;
    let target = match kind.as_str() {
        "slack" => Target::Slack { url: url(&fields, &kind)? },
        "chime" => Target::Chime { url: url(&fields, &kind)? },
        "webhook" => Target::CustomWebhook(Box::new(webhook(&fields.inner(&kind)?)?)),
        "email" => Target::Email(email::decode_channel(&fields.inner(&kind)?)?),
        "smtp_account" => Target::SmtpAccount(email::decode_smtp_account(&fields.inner(&kind)?)?),
        "ses_account" => Target::SesAccount(email::decode_ses_account(&fields.inner(&kind)?)?),
        "email_group" => Target::EmailGroup { recipients: email::decode_email_group(&fields.inner(&kind)?)? },
        _ => other(&fields, kind)?,
    };
    Ok(Destination {
        name: Name::new(fields.need_text("name")?),
        description: fields.text("description")?.unwrap_or_default(),
        enabled: fields.truth("is_enabled")?.unwrap_or(true),
        target,
    })
}

/// Writes the `config` of a channel.
pub fn encode(destination: &Destination) -> Value {
    let Destination { name, description, enabled, target } = destination;
    let (kind, content) = match target {
        Target::Slack { url } => ("slack", json!({"url": url.expose()})),
        Target::Chime { url } => ("chime", json!({"url": url.expose()})),
        Target::CustomWebhook(webhook) => ("webhook", encode_webhook(webhook)),
        Target::Email(email) => ("email", email::encode_channel(email)),
        Target::SmtpAccount(account) => ("smtp_account", email::encode_smtp_account(account)),
        Target::SesAccount(account) => ("ses_account", email::encode_ses_account(account)),
        Target::EmailGroup { recipients } => ("email_group", email::encode_email_group(recipients)),
        Target::Other { kind, body } => (kind.as_str(), body.value()),
    };
    json!({
        "name": name.as_str(), "description": description, "config_type": kind, "is_enabled": enabled, kind: content,
    })
}

/// The one URL that a channel needs, joined from the parts that a destination may have.
pub fn joined(endpoint: &Endpoint) -> Secret {
    match endpoint {
        Endpoint::Url(url) => url.clone(),
        Endpoint::Parts { scheme, host, port, path, query_params } => {
            let scheme = scheme.as_deref().unwrap_or("https").to_ascii_lowercase();
            let port = port.map(|port| format!(":{port}")).unwrap_or_default();
            let path = path.as_ref().map(Secret::expose).unwrap_or_default().trim_start_matches('/');
            let plain = format!("{scheme}://{host}{port}/{path}");
            let pairs = query_params.iter().map(|(key, value)| (key, value.expose()));
            match reqwest::Url::parse(&plain) {
                Ok(mut url) if !query_params.is_empty() => {
                    url.query_pairs_mut().extend_pairs(pairs);
                    Secret::new(url)
                }
                _ => Secret::new(plain),
            }
        }
    }
}

fn webhook(fields: &Fields<'_>) -> Result<CustomWebhook, Flaw> {
    Ok(CustomWebhook {
        endpoint: Endpoint::Url(Secret::new(fields.need_text("url")?)),
        method: fields.text("method")?.unwrap_or_else(|| "POST".to_owned()),
        header_params: secrets(fields, "header_params")?,
        username: None,
        password: None,
    })
}

fn encode_webhook(webhook: &CustomWebhook) -> Value {
    let CustomWebhook { endpoint, method, header_params, username: _, password: _ } = webhook;
    json!({"url": joined(endpoint).expose(), "method": method, "header_params": expose(header_params)})
}

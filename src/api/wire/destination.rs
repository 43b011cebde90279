//! Destinations on the wire, as they are before 2.0.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::email;
use super::fields::{Fields, flaw, text};
use super::flaw::Flaw;
use crate::model::destination::{CustomWebhook, Destination, Endpoint, Target};
use crate::model::json::Json;
use crate::model::name::Name;
use crate::model::secret::Secret;

/// Reads a destination in the API's own spelling.
pub fn decode(document: &Value) -> Result<Destination, Flaw> {
    let fields = Fields::of(document, "")?;
    let kind = fields.need_text("type")?;
    let pointer = fields.at(&kind);
    let target = match kind.as_str() {
        "slack" => Target::Slack { url: url(&fields, &kind)? },
        "chime" => Target::Chime { url: url(&fields, &kind)? },
        "custom_webhook" => {
            let content = Fields::of(fields.need(&kind)?, &pointer)?;
            match custom_webhook(&content)? {
                Some(webhook) => Target::CustomWebhook(Box::new(webhook)),
                None => Target::Other { kind, body: Json::of(&Value::Object(content.map.clone())) },
            }
        }
        "email" => Target::Email(email::decode_destination(&Fields::of(fields.need(&kind)?, &pointer)?)?),
        _ => Target::Other { body: Json::of(fields.get(&kind).unwrap_or(&json!({}))), kind },
    };
    Ok(Destination {
        name: Name::new(fields.need_text("name")?),
        description: String::new(),
        enabled: true,
        target,
    })
}

/// Writes a destination as the lines before 2.0 take it; accounts and groups are documents of their own shapes.
pub fn encode(destination: &Destination) -> Value {
    let Destination { name, description: _, enabled: _, target } = destination;
    let (kind, content) = match target {
        Target::Slack { url } => ("slack", json!({"url": url.expose()})),
        Target::Chime { url } => ("chime", json!({"url": url.expose()})),
        Target::CustomWebhook(webhook) => ("custom_webhook", encode_custom_webhook(webhook)),
        Target::Email(email) => ("email", email::encode_destination(email)),
        Target::SmtpAccount(account) => return email::encode_account(name, account),
        Target::EmailGroup { recipients } => return email::encode_group(name, recipients),
        // no server before 2.0 has such accounts, which `limits` reports
        Target::SesAccount(account) => ("ses_account", email::encode_ses_account(account)),
        Target::Other { kind, body } => (kind.as_str(), body.value()),
    };
    json!({"name": name.as_str(), "type": kind, kind: content})
}

/// The secret URL that is all there is under `kind`.
pub fn url(fields: &Fields<'_>, kind: &str) -> Result<Secret, Flaw> {
    let content = Fields::of(fields.need(kind)?, &fields.at(kind))?;
    content.need_text("url").map(Secret::new)
}

/// The texts in the mapping `key`, all of them secrets.
pub fn secrets(fields: &Fields<'_>, key: &str) -> Result<BTreeMap<String, Secret>, Flaw> {
    let Some(value) = fields.get(key) else {
        return Ok(BTreeMap::new());
    };
    let inner = Fields::of(value, &fields.at(key))?;
    let entries = inner.map.iter();
    entries.map(|(key, value)| Ok((key.clone(), Secret::new(text(value, || inner.at(key))?)))).collect()
}

/// Writes texts for all to read who may read the answer.
pub fn expose(secrets: &BTreeMap<String, Secret>) -> Value {
    secrets.iter().map(|(key, value)| (key.clone(), value.expose().into())).collect::<Map<_, _>>().into()
}

/// Reads a webhook; `None` for what the server stores and no friendly form can say, such as a port beyond 65,535 or a
/// URL and a host at once.
fn custom_webhook(fields: &Fields<'_>) -> Result<Option<CustomWebhook>, Flaw> {
    let port = match fields.get("port") {
        None => None,
        Some(value) => match text(value, || fields.at("port"))?.parse::<i64>() {
            Ok(-1) => None,
            Ok(number) => match u16::try_from(number) {
                Ok(port) => Some(port),
                Err(_) => return Ok(None),
            },
            Err(_) => return Err(flaw(&fields.at("port"), "expected a number")),
        },
    };
    let host = fields.text("host")?;
    let parts =
        (fields.text("scheme")?, fields.text("path")?.map(Secret::new), secrets(fields, "query_params")?);
    let endpoint = match (fields.text("url")?, host) {
        (Some(url), None) if port.is_none() && parts == (None, None, BTreeMap::new()) => {
            Endpoint::Url(Secret::new(url))
        }
        (None, Some(host)) => {
            let (scheme, path, query_params) = parts;
            Endpoint::Parts { scheme, host, port, path, query_params }
        }
        _ => return Ok(None),
    };
    Ok(Some(CustomWebhook {
        endpoint,
        method: fields.text("method")?.unwrap_or_else(|| "POST".to_owned()),
        header_params: secrets(fields, "header_params")?,
        username: fields.text("username")?,
        password: fields.text("password")?.map(Secret::new),
    }))
}

fn encode_custom_webhook(webhook: &CustomWebhook) -> Value {
    let CustomWebhook { endpoint, method, header_params, username, password } = webhook;
    let mut fields = Map::new();
    match endpoint {
        Endpoint::Url(url) => {
            fields.insert("url".into(), url.expose().into());
        }
        Endpoint::Parts { scheme, host, port, path, query_params } => {
            let port = port.map_or(json!(-1), |port| json!(port));
            fields.insert("scheme".into(), json!(scheme));
            fields.insert("host".into(), json!(host));
            fields.insert("port".into(), port);
            fields.insert("path".into(), json!(path.as_ref().map(Secret::expose)));
            fields.insert("query_params".into(), expose(query_params));
        }
    }
    fields.insert("method".into(), json!(method));
    fields.insert("header_params".into(), expose(header_params));
    fields.insert("username".into(), json!(username));
    fields.insert("password".into(), json!(password.as_ref().map(Secret::expose)));
    Value::Object(fields)
}

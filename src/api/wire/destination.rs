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
                None => Target::Other { kind, body: Json::sorted(odd_webhook(&content)?) },
            }
        }
        "email" => Target::Email(email::decode_destination(&Fields::of(fields.need(&kind)?, &pointer)?)?),
        // whatever it says, the server stores this
        "test_action" => Target::Other { body: Json::of(&"dummy".into()), kind },
        _ => other(&fields, kind)?,
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

/// A target that we know no more of than its texts, if its type is one of ours.
pub fn other(fields: &Fields<'_>, kind: String) -> Result<Target, Flaw> {
    let body = match kind.as_str() {
        "microsoft_teams" | "mattermost" => of_texts(fields, &kind, "url", &[])?,
        "sns" => of_texts(fields, &kind, "topic_arn", &["role_arn"])?,
        _ => fields.get(&kind).cloned().unwrap_or_else(|| json!({})),
    };
    Ok(Target::Other { body: Json::sorted(body), kind })
}

/// The content of a type that has nothing but texts; `first` must be there.
fn of_texts(fields: &Fields<'_>, kind: &str, first: &str, further: &[&str]) -> Result<Value, Flaw> {
    let content = fields.inner(kind)?;
    let mut read = texts(&content, further)?;
    read.insert(first.to_owned(), content.need_text(first)?.into());
    Ok(Value::Object(read))
}

fn texts(fields: &Fields<'_>, keys: &[&str]) -> Result<Map<String, Value>, Flaw> {
    let mut texts = Map::new();
    for key in keys {
        texts.extend(fields.text(key)?.map(|text| ((*key).to_owned(), text.into())));
    }
    Ok(texts)
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
    let Ok(port) = port(fields)?.map(u16::try_from).transpose() else { return Ok(None) };
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

/// A webhook that no friendly form can say, without what says nothing.
fn odd_webhook(fields: &Fields<'_>) -> Result<Value, Flaw> {
    let mut odd = texts(fields, &["url", "scheme", "host", "path", "method", "username", "password"])?;
    odd.extend(port(fields)?.map(|port| ("port".to_owned(), port.into())));
    for key in ["query_params", "header_params"] {
        let params = secrets(fields, key)?;
        if !params.is_empty() {
            odd.insert(key.to_owned(), expose(&params));
        }
    }
    Ok(Value::Object(odd))
}

/// The port, if one is said.
fn port(fields: &Fields<'_>) -> Result<Option<i64>, Flaw> {
    let Some(value) = fields.get("port") else { return Ok(None) };
    match text(value, || fields.at("port"))?.parse() {
        Ok(-1) => Ok(None),
        Ok(number) => Ok(Some(number)),
        Err(_) => Err(flaw(&fields.at("port"), "expected a whole number")),
    }
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

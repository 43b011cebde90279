//! E-mail on the wire, in both its lives: accounts and groups that stand beside destinations before 2.0, and channels of
//! further types from then on.

use serde_json::{Map, Value, json};

use super::fields::{Fields, flaw, mismatch, text};
use super::flaw::Flaw;
use crate::model::destination::{Destination, Email, SesAccount, SmtpAccount, Target};
use crate::model::name::Name;
use crate::model::reference::Reference;

/// How a connection is encrypted, as channels spell it.
pub const METHODS: [&str; 3] = ["none", "ssl", "start_tls"];

/// The spelling of `start_tls` before 2.0, which later servers take for `none`.
const OLD_START_TLS: &str = "starttls";

/// Reads the content of an e-mail channel.
pub fn decode_channel(content: &Fields<'_>) -> Result<Email, Flaw> {
    Ok(Email {
        account: Reference::Id(content.need_text("email_account_id")?),
        recipients: texts_under(content, "recipient_list", "recipient")?,
        groups: content.texts("email_group_id_list")?.into_iter().map(Reference::Id).collect(),
    })
}

/// Reads the content of an account that is a channel.
pub fn decode_smtp_account(content: &Fields<'_>) -> Result<SmtpAccount, Flaw> {
    Ok(SmtpAccount {
        host: content.need_text("host")?,
        port: port(content)?,
        method: content.need_text("method")?,
        from_address: content.need_text("from_address")?,
    })
}

/// Reads the content of an account that is a channel.
pub fn decode_ses_account(content: &Fields<'_>) -> Result<SesAccount, Flaw> {
    Ok(SesAccount {
        region: content.need_text("region")?,
        role_arn: content.text("role_arn")?,
        from_address: content.need_text("from_address")?,
    })
}

/// Reads the content of a group that is a channel.
pub fn decode_email_group(content: &Fields<'_>) -> Result<Vec<String>, Flaw> {
    texts_under(content, "recipient_list", "recipient")
}

/// Writes the content of an e-mail channel.
pub fn encode_channel(email: &Email) -> Value {
    let Email { account, recipients, groups } = email;
    let groups: Vec<&str> = groups.iter().map(Reference::as_str).collect();
    json!({
        "email_account_id": account.as_str(),
        "recipient_list": listed(recipients, "recipient"),
        "email_group_id_list": groups,
    })
}

/// Writes the content of an account that is a channel.
pub fn encode_smtp_account(account: &SmtpAccount) -> Value {
    let SmtpAccount { host, port, method, from_address } = account;
    json!({"host": host, "port": port, "method": method, "from_address": from_address})
}

/// Writes the content of an account that is a channel.
pub fn encode_ses_account(account: &SesAccount) -> Value {
    let SesAccount { region, role_arn, from_address } = account;
    let mut content = json!({"region": region, "from_address": from_address});
    if let Some(role_arn) = role_arn {
        content["role_arn"] = role_arn.as_str().into();
    }
    content
}

/// Writes the content of a group that is a channel.
pub fn encode_email_group(recipients: &[String]) -> Value {
    json!({"recipient_list": listed(recipients, "recipient")})
}

/// Reads the content of an e-mail destination before 2.0, whose recipients and groups stand in one list.
pub fn decode_destination(content: &Fields<'_>) -> Result<Email, Flaw> {
    let mut email = Email {
        account: Reference::Id(content.need_text("email_account_id")?),
        recipients: Vec::new(),
        groups: Vec::new(),
    };
    for (pointer, value) in content.items("recipients")? {
        let recipient = Fields::of(value, &pointer)?;
        match recipient.need_text("type")?.as_str() {
            "email" => email.recipients.push(recipient.need_text("email")?),
            "email_group" => email.groups.push(Reference::Id(recipient.need_text("email_group_id")?)),
            other => return Err(mismatch(&recipient.at("type"), "`email` or `email_group`", &other.into())),
        }
    }
    Ok(email)
}

/// Writes the content of an e-mail destination before 2.0.
pub fn encode_destination(email: &Email) -> Value {
    let Email { account, recipients, groups } = email;
    let recipients = recipients.iter().map(|email| json!({"type": "email", "email": email}));
    let groups = groups.iter().map(|group| json!({"type": "email_group", "email_group_id": group.as_str()}));
    let recipients: Vec<Value> = recipients.chain(groups).collect();
    json!({"email_account_id": account.as_str(), "recipients": recipients})
}

/// Reads an account as it stands beside destinations before 2.0.
pub fn decode_account(document: &Value) -> Result<Destination, Flaw> {
    let fields = Fields::of(document, "")?;
    let method = fields.need_text("method")?;
    let account = SmtpAccount {
        host: fields.need_text("host")?,
        port: if fields.get("port").is_some() { port(&fields)? } else { NO_PORT },
        method: if method == OLD_START_TLS { "start_tls".to_owned() } else { method },
        from_address: fields.need_text("email")?,
    };
    Ok(named(fields.need_text("name")?, Target::SmtpAccount(account)))
}

/// Writes an account as it stands beside destinations before 2.0.
pub fn encode_account(name: &Name, account: &SmtpAccount) -> Value {
    let SmtpAccount { host, port, method, from_address } = account;
    let method = if method == "start_tls" { OLD_START_TLS } else { method };
    let mut document = json!({"name": name.as_str(), "email": from_address, "host": host, "method": method});
    if *port != NO_PORT {
        document["port"] = json!(port);
    }
    document
}

/// Reads a group as it stands beside destinations before 2.0.
pub fn decode_group(document: &Value) -> Result<Destination, Flaw> {
    let fields = Fields::of(document, "")?;
    let recipients = texts_under(&fields, "emails", "email")?;
    Ok(named(fields.need_text("name")?, Target::EmailGroup { recipients }))
}

/// Writes a group as it stands beside destinations before 2.0.
pub fn encode_group(name: &Name, recipients: &[String]) -> Value {
    json!({"name": name.as_str(), "emails": listed(recipients, "email")})
}

/// What a server before 2.0 shows where nobody said a port.
const NO_PORT: i64 = -1;

fn named(name: String, target: Target) -> Destination {
    Destination { name: Name::new(name), description: String::new(), enabled: true, target }
}

fn port(fields: &Fields<'_>) -> Result<i64, Flaw> {
    let value = fields.need("port")?;
    let number = text(value, || fields.at("port"))?.parse();
    number.map_err(|_| flaw(&fields.at("port"), "expected a number"))
}

/// The texts that stand under `key` in each item of a list.
fn texts_under(fields: &Fields<'_>, list: &str, key: &str) -> Result<Vec<String>, Flaw> {
    let items = fields.items(list)?.into_iter();
    items.map(|(pointer, item)| Fields::of(item, &pointer)?.need_text(key)).collect()
}

fn listed(texts: &[String], key: &str) -> Vec<Value> {
    texts.iter().map(|text| Value::Object(Map::from_iter([(key.to_owned(), text.as_str().into())]))).collect()
}

//! What a client writes of a destination, read and checked as the alerting plugin of Open Distro and 1.x does.

use serde_json::{Map, Value, json};

use crate::sandbox::fault::Fault;
use crate::sandbox::mail;
use crate::sandbox::reader::{Reader, Token, array, object};

/// A destination as it was sent.
#[derive(Debug)]
pub struct Body {
    pub name: String,
    pub kind: &'static str,
    pub last_update_time: Option<i64>,
    contents: Map<String, Value>,
}

const KINDS: [&str; 5] = ["chime", "slack", "custom_webhook", "email", "test_action"];

impl Body {
    /// Gives the content of the type; one of another type does not count.
    pub fn content(&self) -> Option<&Value> {
        self.contents.get(self.kind)
    }
}

/// Reads a destination; keys that it does not have are passed over.
pub fn read(reader: &mut Reader) -> Result<Body, Fault> {
    let (mut name, mut kind, mut last_update_time) = (None, None, None);
    let mut contents = Map::new();
    object(reader, |reader, key| {
        match key {
            "name" => name = Some(reader.text()?),
            "type" => kind = Some(known_kind(&reader.text()?)?),
            "last_update_time" => last_update_time = time(reader)?,
            "schema_version" => {
                reader.int()?;
            }
            "chime" => _ = contents.insert(key.to_owned(), chat(reader, "Chime")?),
            "slack" => _ = contents.insert(key.to_owned(), chat(reader, "Slack")?),
            "custom_webhook" => _ = contents.insert(key.to_owned(), webhook(reader)?),
            "email" => _ = contents.insert(key.to_owned(), email(reader)?),
            _ => reader.skip()?,
        }
        Ok(())
    })?;
    contents.insert("test_action".to_owned(), json!("dummy"));
    let kind = kind.ok_or_else(|| Fault::uninitialized("type"))?;
    let name = name.ok_or_else(|| Fault::uninitialized("name"))?;
    Ok(Body { name, kind, last_update_time, contents })
}

fn known_kind(kind: &str) -> Result<&'static str, Fault> {
    let unknown = || Fault::illegal_state(format!("Type should be one of the [{}]", KINDS.join(", ")));
    KINDS.into_iter().find(|known| *known == kind).ok_or_else(unknown)
}

fn time(reader: &Reader) -> Result<Option<i64>, Fault> {
    match reader.token() {
        Token::Null => Ok(None),
        Token::Number(_) => reader.long().map(Some),
        other => {
            let reason = format!("Failed to parse object: unexpected token [{}] found", other.name());
            Err(reader.parsing_fault(reason))
        }
    }
}

fn chat(reader: &mut Reader, what: &str) -> Result<Value, Fault> {
    let mut url = None;
    object(reader, |reader, key| {
        match key {
            "url" => url = Some(reader.text()?),
            _ => return Err(unexpected(key, &format!("{what} destination"))),
        }
        Ok(())
    })?;
    let url = url.ok_or_else(|| Fault::uninitialized("url"))?;
    if url.is_empty() {
        return Err(Fault::illegal_argument("URL is null or empty"));
    }
    Ok(json!({"url": url}))
}

fn webhook(reader: &mut Reader) -> Result<Value, Fault> {
    let mut content = json!({
        "path": null, "header_params": {}, "password": null, "scheme": null, "method": null, "port": -1,
        "query_params": {}, "host": null, "url": null, "username": null
    });
    object(reader, |reader, key| {
        content[key] = match key {
            "url" | "scheme" | "host" | "path" | "method" | "username" | "password" => {
                reader.text_or_null()?.into()
            }
            "port" => reader.int()?.into(),
            "query_params" | "header_params" => texts(reader)?,
            _ => return Err(unexpected(key, "custom webhook destination")),
        };
        Ok(())
    })?;
    let absent = |key: &str| content[key].as_str().is_none_or(str::is_empty);
    if absent("url") && absent("host") {
        return Err(Fault::illegal_argument("Url or Host name must be provided."));
    }
    Ok(content)
}

/// An object whose values become text.
fn texts(reader: &mut Reader) -> Result<Value, Fault> {
    let mut texts = Map::new();
    object(reader, |reader, key| {
        texts.insert(key.to_owned(), reader.text()?.into());
        Ok(())
    })?;
    Ok(Value::Object(texts))
}

fn email(reader: &mut Reader) -> Result<Value, Fault> {
    let (mut account, mut recipients) = (None, Vec::new());
    object(reader, |reader, key| match key {
        "email_account_id" => {
            account = Some(reader.text()?);
            Ok(())
        }
        "recipients" => array(reader, |reader| {
            recipients.push(recipient(reader)?);
            Ok(())
        }),
        _ => Err(unexpected(key, "email destination")),
    })?;
    let account = account.ok_or_else(|| Fault::uninitialized("emailAccountID"))?;
    if recipients.is_empty() {
        return Err(Fault::illegal_argument("At least one recipient must be provided"));
    }
    Ok(json!({"recipients": recipients, "email_account_id": account}))
}

fn recipient(reader: &mut Reader) -> Result<Value, Fault> {
    let (mut kind, mut group, mut address) = (None, None, None);
    object(reader, |reader, key| {
        match key {
            "type" => kind = Some(reader.text()?),
            "email_group_id" => group = Some(reader.text()?),
            "email" => address = Some(reader.text()?),
            _ => return Err(unexpected(key, "email recipient")),
        }
        match kind.as_deref() {
            None | Some("email" | "email_group") => Ok(()),
            Some(_) => Err(Fault::illegal_state("Type should be one of [email, email_group]")),
        }
    })?;
    match kind.as_deref() {
        Some("email") => {
            let address = address.ok_or_else(|| Fault::illegal_argument("Email is null"))?;
            mail::check(&address, "Invalid email")?;
            Ok(json!({"type": "email", "email": address}))
        }
        Some(_) => {
            let group = group.ok_or_else(|| Fault::illegal_argument("Email group ID is null"))?;
            Ok(json!({"email_group_id": group, "type": "email_group"}))
        }
        None => Err(Fault::uninitialized("type")),
    }
}

fn unexpected(key: &str, what: &str) -> Fault {
    Fault::illegal_state(format!("Unexpected field: {key}, while parsing {what}"))
}

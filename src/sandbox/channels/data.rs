//! The data of each type of channel, with the defaults that the notifications plugin adds, and its checks.

use serde_json::{Map, Value, json};

use super::body::absent;
use crate::sandbox::fault::Fault;
use crate::sandbox::mail;
use crate::sandbox::reader::{Reader, Token, array, object};

/// Reads the data of a type.
pub fn read(reader: &mut Reader, kind: &str) -> Result<Value, Fault> {
    match kind {
        "webhook" => webhook(reader),
        "email" => email(reader),
        "email_group" => email_group(reader),
        "smtp_account" => smtp_account(reader),
        "ses_account" => ses_account(reader),
        "sns" => sns(reader),
        _ => chat(reader),
    }
}

/// The keys that a type has: their texts, absent ones left out.
type Texts = Map<String, Value>;

fn chat(reader: &mut Reader) -> Result<Value, Fault> {
    let found = texts(reader, &["url"], |reader, _| reader.skip())?;
    Ok(json!({"url": url(&found)?}))
}

fn webhook(reader: &mut Reader) -> Result<Value, Fault> {
    let mut header_params = Map::new();
    let found = texts(reader, &["url", "method"], |reader, key| {
        if key != "header_params" {
            return reader.skip();
        }
        if *reader.token() == Token::Null {
            return Ok(());
        }
        object(reader, |reader, name| {
            header_params.insert(name.to_owned(), reader.text()?.into());
            Ok(())
        })
    })?;
    // any other method turns into POST without a word
    let method =
        found.get("method").and_then(Value::as_str).filter(|method| matches!(*method, "PUT" | "PATCH"));
    Ok(json!({"url": url(&found)?, "header_params": header_params, "method": method.unwrap_or("POST")}))
}

fn email(reader: &mut Reader) -> Result<Value, Fault> {
    let (mut recipients, mut groups) = (Vec::new(), Vec::new());
    let found = texts(reader, &["email_account_id"], |reader, key| match key {
        "recipient_list" => read_recipients(reader, &mut recipients),
        "email_group_id_list" => array(reader, |reader| {
            groups.push(reader.text()?);
            Ok(())
        }),
        _ => reader.skip(),
    })?;
    let account = filled(&found, "email_account_id", "emailAccountID is null or empty")?;
    Ok(json!({"email_account_id": account, "recipient_list": recipients, "email_group_id_list": groups}))
}

fn email_group(reader: &mut Reader) -> Result<Value, Fault> {
    let mut recipients = None;
    texts(reader, &[], |reader, key| match key {
        "recipient_list" => read_recipients(reader, recipients.insert(Vec::new())),
        _ => reader.skip(),
    })?;
    let recipients = recipients.ok_or_else(|| absent("recipient_list"))?;
    Ok(json!({"recipient_list": recipients}))
}

fn smtp_account(reader: &mut Reader) -> Result<Value, Fault> {
    let mut port = None;
    let found = texts(reader, &["host", "method", "from_address"], |reader, key| {
        if key == "port" {
            port = Some(reader.int()?);
            return Ok(());
        }
        reader.skip()
    })?;
    let given = |key: &str| found.get(key).and_then(Value::as_str).ok_or_else(|| absent(key));
    let host = given("host")?;
    let port = port.ok_or_else(|| absent("port"))?;
    // the 1.x spelling `starttls` is among the unknown ones: no encryption then
    let method =
        Some(given("method")?).filter(|method| matches!(*method, "ssl" | "start_tls")).unwrap_or("none");
    let from = given("from_address")?;
    if host.is_empty() {
        return Err(Fault::illegal_argument("host is null or empty"));
    }
    if port <= 0 {
        return Err(Fault::illegal_argument("port should be positive value"));
    }
    mail::check(from, "Invalid email address")?;
    Ok(json!({"host": host, "port": port, "method": method, "from_address": from}))
}

fn ses_account(reader: &mut Reader) -> Result<Value, Fault> {
    let found = texts(reader, &["region", "role_arn", "from_address"], |reader, _| reader.skip())?;
    let region = filled(&found, "region", "region is null or empty")?;
    let from = found.get("from_address").and_then(Value::as_str).ok_or_else(|| absent("from_address"))?;
    mail::check(from, "Invalid email address")?;
    with_role(json!({"region": region, "from_address": from}), &found)
}

fn sns(reader: &mut Reader) -> Result<Value, Fault> {
    let found = texts(reader, &["topic_arn", "role_arn"], |reader, _| reader.skip())?;
    let topic = found.get("topic_arn").and_then(Value::as_str).ok_or_else(|| absent("topic_arn"))?;
    if !is_arn(topic, "sns") {
        return Err(Fault::illegal_argument(format!("Invalid AWS SNS topic ARN: {topic}")));
    }
    with_role(json!({"topic_arn": topic}), &found)
}

/// Reads an object with the given keys of text; `other` takes the rest. A `role_arn` may be null.
fn texts(
    reader: &mut Reader,
    keys: &[&str],
    mut other: impl FnMut(&mut Reader, &str) -> Result<(), Fault>,
) -> Result<Texts, Fault> {
    let mut found = Texts::new();
    object(reader, |reader, key| {
        if !keys.contains(&key) {
            return other(reader, key);
        }
        if key == "role_arn" && *reader.token() == Token::Null {
            return Ok(());
        }
        found.insert(key.to_owned(), reader.text()?.into());
        Ok(())
    })?;
    Ok(found)
}

fn read_recipients(reader: &mut Reader, recipients: &mut Vec<Value>) -> Result<(), Fault> {
    array(reader, |reader| {
        let found = texts(reader, &["recipient"], |reader, _| reader.skip())?;
        let address = found.get("recipient").and_then(Value::as_str).ok_or_else(|| absent("recipient"))?;
        mail::check(address, "Invalid email address")?;
        recipients.push(json!({"recipient": address}));
        Ok(())
    })
}

fn filled<'a>(found: &'a Texts, key: &str, refusal: &str) -> Result<&'a str, Fault> {
    let text = found.get(key).and_then(Value::as_str).ok_or_else(|| absent(key))?;
    if text.is_empty() { Err(Fault::illegal_argument(refusal)) } else { Ok(text) }
}

/// The URL: what Java takes for one, and then http or https.
fn url(found: &Texts) -> Result<&str, Fault> {
    let url = filled(found, "url", "URL is null or empty")?;
    let malformed = |reason: String| {
        Fault::new(500, "malformed_u_r_l_exception", "java.net.MalformedURLException", reason)
    };
    let in_protocol = |c: char| c.is_ascii_alphanumeric() || "+-.".contains(c);
    let protocol = url.split_once(':').map_or("", |(protocol, _)| protocol);
    if protocol.is_empty() || !protocol.chars().all(in_protocol) {
        return Err(malformed(format!("no protocol: {url}")));
    }
    match protocol.to_lowercase().as_str() {
        "http" | "https" => Ok(url),
        "ftp" | "file" | "jar" | "mailto" => Err(Fault::illegal_argument("Invalid URL or unsupported")),
        other => Err(malformed(format!("unknown protocol: {other}"))),
    }
}

fn with_role(mut data: Value, found: &Texts) -> Result<Value, Fault> {
    if let Some(role) = found.get("role_arn").and_then(Value::as_str) {
        if !is_arn(role, "iam") {
            return Err(Fault::illegal_argument(format!("Invalid AWS role ARN: {role} ")));
        }
        data["role_arn"] = role.into();
    }
    Ok(data)
}

/// `arn:aws:<service>:<region>:<twelve digits>:<name>`; roles have no region.
fn is_arn(text: &str, service: &str) -> bool {
    let parts: Vec<&str> = text.splitn(6, ':').collect();
    let [arn, partition, found, region, account, name] = parts.as_slice() else {
        return false;
    };
    let partition =
        *partition == "aws" || partition.strip_prefix("aws-").is_some_and(|rest| !rest.is_empty());
    let in_region = |c: char| c.is_ascii_alphanumeric() || c == '-';
    let region = region.is_empty() == (service == "iam") && region.chars().all(in_region);
    let account = account.len() == 12 && account.chars().all(|c| c.is_ascii_digit());
    let name = !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || "_+=,.@-/".contains(c));
    *arn == "arn" && partition && *found == service && region && account && name
}

//! What a client writes of an email account or group, read and checked as the alerting plugin does.

use serde_json::{Value, json};

use crate::sandbox::fault::Fault;
use crate::sandbox::mail;
use crate::sandbox::reader::{Reader, array, object};

const METHODS: [&str; 3] = ["none", "ssl", "starttls"];

/// Reads an account; keys that it does not have, credentials among them, are passed over.
pub fn account(reader: &mut Reader) -> Result<Value, Fault> {
    let (mut name, mut email, mut host, mut method) = (None, None, None, None);
    let mut port = -1;
    object(reader, |reader, key| {
        match key {
            "name" => name = Some(reader.text()?),
            "email" => email = Some(reader.text()?),
            "host" => host = Some(reader.text()?),
            "port" => port = reader.int()?,
            "method" => method = Some(known_method(reader.text()?)?),
            "schema_version" => {
                reader.int()?;
            }
            _ => reader.skip()?,
        }
        Ok(())
    })?;
    let name = name.ok_or_else(|| Fault::uninitialized("name"))?;
    let email = email.ok_or_else(|| Fault::uninitialized("email"))?;
    let host = host.ok_or_else(|| Fault::uninitialized("host"))?;
    let method = method.ok_or_else(|| Fault::uninitialized("method"))?;
    let marks = "upper and lowercase a-z, 0-9, and _ (underscore)";
    check_name(&name, &['_'], &format!("Invalid email account name. Valid characters are {marks}."))?;
    mail::check(&email, "Invalid email")?;
    Ok(json!({"name": name, "email": email, "host": host, "port": port, "method": method}))
}

/// Reads a group; unlike an account it takes no other keys than its own.
pub fn group(reader: &mut Reader) -> Result<Value, Fault> {
    let (mut name, mut emails) = (None, Vec::new());
    object(reader, |reader, key| {
        match key {
            "name" => name = Some(reader.text()?),
            "schema_version" => {
                reader.int()?;
            }
            "emails" => array(reader, |reader| {
                emails.push(entry(reader)?);
                Ok(())
            })?,
            _ => {
                return Err(Fault::illegal_state(format!(
                    "Unexpected field: {key}, while parsing email group"
                )));
            }
        }
        Ok(())
    })?;
    let name = name.ok_or_else(|| Fault::uninitialized("name"))?;
    let marks = "upper and lowercase a-z, 0-9, _ (underscore) and - (hyphen)";
    check_name(&name, &['_', '-'], &format!("Invalid email group name. Valid characters are {marks}."))?;
    Ok(json!({"name": name, "emails": emails}))
}

fn entry(reader: &mut Reader) -> Result<Value, Fault> {
    let mut email = None;
    object(reader, |reader, key| match key {
        "email" => {
            email = Some(reader.text()?);
            Ok(())
        }
        _ => Err(Fault::illegal_state(format!("Unexpected field: {key}, while parsing email entry"))),
    })?;
    let email = email.ok_or_else(|| Fault::uninitialized("email"))?;
    mail::check(&email, "Invalid email")?;
    Ok(json!({"email": email}))
}

fn known_method(method: String) -> Result<String, Fault> {
    if METHODS.contains(&method.as_str()) {
        return Ok(method);
    }
    Err(Fault::illegal_state(format!("Method should be one of [{}]", METHODS.join(", "))))
}

fn check_name(name: &str, marks: &[char], refusal: &str) -> Result<(), Fault> {
    let good = !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || marks.contains(&c));
    if good { Ok(()) } else { Err(Fault::illegal_argument(refusal)) }
}

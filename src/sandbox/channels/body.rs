//! What a client writes of a channel, read as the notifications plugin does: unknown keys are dropped at every level.

use serde_json::{Map, Value, json};

use super::data;
use crate::sandbox::fault::Fault;
use crate::sandbox::reader::{Reader, object};

/// A channel as it was sent, with its defaults.
#[derive(Debug)]
pub struct Body {
    pub id: Option<String>,
    pub config: Value,
}

/// Reads `{"config_id"?, "config"}`; an unknown type is read as `none`.
pub fn read(reader: &mut Reader, known: &[&str]) -> Result<Body, Fault> {
    let (mut id, mut config) = (None, None);
    object(reader, |reader, key| {
        match key {
            "config_id" => id = reader.text_or_null()?,
            "config" => config = Some(read_config(reader, known)?),
            _ => reader.skip()?,
        }
        Ok(())
    })?;
    let config = config.ok_or_else(|| absent("config"))?;
    Ok(Body { id, config })
}

/// The fault of a key that must be there.
pub fn absent(key: &str) -> Fault {
    Fault::illegal_argument(format!("{key} field absent"))
}

fn read_config(reader: &mut Reader, known: &[&str]) -> Result<Value, Fault> {
    let (mut name, mut description, mut kind) = (None, String::new(), None);
    let mut enabled = true;
    let mut content: Option<(String, Value)> = None;
    object(reader, |reader, key| {
        match key {
            "name" => name = Some(reader.text()?),
            "description" => description = reader.text()?,
            "config_type" => kind = Some(reader.text()?),
            "is_enabled" => enabled = reader.boolean()?,
            // of the data of two types the first counts
            _ if content.is_none() && known.contains(&key) => {
                content = Some((key.to_owned(), data::read(reader, key)?));
            }
            _ => reader.skip()?,
        }
        Ok(())
    })?;
    let name = name.ok_or_else(|| absent("name"))?;
    let kind = kind.ok_or_else(|| absent("config_type"))?;
    if name.is_empty() {
        return Err(Fault::illegal_argument("name is null or empty"));
    }
    if !known.contains(&kind.as_str()) {
        return Ok(json!({"config_type": "none"}));
    }
    let Some((_, content)) = content.filter(|(key, _)| *key == kind) else {
        return Err(Fault::illegal_argument(format!("ConfigType: {kind} and data doesn't match")));
    };
    let mut config = Map::new();
    config.insert("name".to_owned(), name.into());
    config.insert("description".to_owned(), description.into());
    config.insert("config_type".to_owned(), kind.as_str().into());
    config.insert("is_enabled".to_owned(), enabled.into());
    config.insert(kind, content);
    Ok(Value::Object(config))
}

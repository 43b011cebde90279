//! What the server answered, of whatever status.

use std::time::Duration;

use serde::de::DeserializeOwned;
use serde_json::Value;
use serde_json::error::Category;

use super::refusal::{self, Refusal};
use super::request::Request;
use crate::error::Error;

/// What the server answered, of whatever status.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// What came with it; not always JSON, and not always whole JSON.
    pub body: Vec<u8>,
    /// How long the server wants to be left alone.
    pub retry_after: Option<Duration>,
}

impl Answer {
    /// The body as a value of some shape; an error names `request`.
    pub fn json<T: DeserializeOwned>(&self, request: &Request) -> Result<T, Error> {
        serde_json::from_slice(&self.body).map_err(|error| {
            // serde's own words would quote values, and values may be secrets.
            let found = match error.classify() {
                Category::Data => {
                    format!("JSON of another shape (at line {} column {})", error.line(), error.column())
                }
                Category::Eof if self.body.is_empty() => "nothing".to_owned(),
                Category::Eof | Category::Syntax | Category::Io => "something that is no JSON".to_owned(),
            };
            Refusal::NotOpenSearch { request: refusal::name(request), status: self.status, found }.into()
        })
    }

    /// Whether the server says of a write that it did it: with 2xx, and the id that the path ends with.
    pub fn acknowledged(self, request: &Request) -> Result<(), Error> {
        let answer = self.success(request)?;
        let said: Value = answer.json(request)?;
        let path = request.path.split('?').next().unwrap_or_default();
        let id = path.rsplit('/').next().unwrap_or_default();
        let is_said = |key: &str| said.get(key).and_then(Value::as_str) == Some(id);
        let is_deleted = said.get("delete_response_list").and_then(|deleted| deleted.get(id)).is_some();
        if !(is_said("_id") || is_said("config_id") || is_deleted) {
            let found = "JSON that does not say what was written".to_owned();
            let request = refusal::name(request);
            return Err(Refusal::NotOpenSearch { request, status: answer.status, found }.into());
        }
        Ok(())
    }

    /// Gives itself back if the status is 2xx; else the error that the server names.
    pub fn success(self, request: &Request) -> Result<Self, Error> {
        if (200..300).contains(&self.status) {
            return Ok(self);
        }
        Err(refusal::read(request, &self).into())
    }
}

//! What the server answered, of whatever status.

use serde::de::DeserializeOwned;

use super::request::Request;
use crate::error::Error;

/// What the server answered, of whatever status.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// What came with it; not always JSON, and not always whole JSON.
    pub body: Vec<u8>,
}

impl Answer {
    /// The body as a value of some shape; an error names `request`.
    pub fn json<T: DeserializeOwned>(&self, _request: &Request) -> Result<T, Error> {
        Err(Error::usage("not built yet", "wait"))
    }

    /// Gives itself back if the status is 2xx; else the error that the server names.
    pub fn success(self, _request: &Request) -> Result<Self, Error> {
        Ok(self)
    }
}

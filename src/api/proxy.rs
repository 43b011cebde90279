//! Which proxy leads to a server, by the variables that every tool reads.

use std::collections::BTreeMap;

use reqwest::Url;

use crate::error::Error;
use crate::model::secret::Secret;

/// The proxy that leads to a server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proxy {
    /// Its host and port, for errors.
    pub address: String,
    /// Its URL, which may hold credentials.
    pub url: Secret,
}

/// Finds the proxy that leads to `server`, if the variables name one.
pub fn between(_server: &Url, _environment: &BTreeMap<String, String>) -> Result<Option<Proxy>, Error> {
    Ok(None)
}

//! Secrets as a type: they can be compared and sent, and cannot be printed.

use std::fmt;

use secrecy::{ExposeSecret, SecretString};

/// What stands for a secret.
pub const COVER: &str = "***";

/// What stands for a secret that is another than before.
pub const CHANGED: &str = "*** (changed)";

/// A text that must not reach a plan, a log, a digest or a snapshot: webhook URLs, header values, passwords.
#[derive(Clone)]
pub struct Secret(SecretString);

impl Secret {
    /// Takes a text into custody.
    pub fn new(text: impl Into<String>) -> Self {
        Self(SecretString::from(text.into()))
    }

    /// Gives the text to those who send it, compare it, or keep it out of what they show.
    pub fn expose(&self) -> &str {
        self.0.expose_secret()
    }
}

/// A text with `cover` in place of all of the secrets; the longest go first, since a shorter one may be a part of them.
pub fn without(secrets: &[Secret], text: &str, cover: &str) -> String {
    let mut secrets: Vec<&str> =
        secrets.iter().map(Secret::expose).filter(|secret| !secret.is_empty()).collect();
    secrets.sort_by_key(|secret| std::cmp::Reverse(secret.len()));
    secrets.into_iter().fold(text.to_owned(), |text, secret| text.replace(secret, cover))
}

impl PartialEq for Secret {
    fn eq(&self, other: &Self) -> bool {
        self.expose() == other.expose()
    }
}

impl Eq for Secret {}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

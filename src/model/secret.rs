//! Secrets as a type: they can be compared and sent, and cannot be printed.

use std::fmt;

use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;

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

    /// Whether a text holds it.
    pub fn is_in(&self, text: &str) -> bool {
        self.places_in(text).next().is_some()
    }

    /// How it may be written where somebody quotes it: as it is, and within JSON, where a slash may be escaped too.
    pub fn spellings(&self) -> Vec<Self> {
        let quoted = Value::from(self.expose()).to_string();
        let escaped = quoted.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).unwrap_or_default();
        let mut spellings = vec![self.clone(), Self::new(escaped), Self::new(escaped.replace('/', "\\/"))];
        spellings.dedup();
        spellings
    }

    /// What JSON reads where it stands within a text of JSON, if that is something else.
    pub fn read_as_json(&self) -> Option<Self> {
        let text: String = serde_json::from_str(&format!("\"{}\"", self.expose())).ok()?;
        (text != self.expose()).then(|| Self::new(text))
    }

    /// Where it begins in a text.
    fn places_in<'t>(&'t self, text: &'t str) -> impl Iterator<Item = usize> + 't {
        let secret = self.expose();
        let is_part_of_word = move |start: usize| {
            let is_letter = |c: char| c.is_alphanumeric() || c == '_';
            let end = start + secret.len();
            text[..start].ends_with(is_letter) || text[end..].starts_with(is_letter)
        };
        let places = text.match_indices(secret).map(|(start, _)| start);
        places.filter(move |start| {
            !secret.is_empty() && (secret.len() >= LONG_ENOUGH || !is_part_of_word(*start))
        })
    }
}

/// So many bytes a text must have to be looked for in what servers say when nobody calls it secret by its name: a shorter one
/// may be a word that all are made of.
pub const CERTAIN: usize = 8;

/// So many bytes a secret must have to be looked for inside of words too: a `p` is in half of them, and no secret there.
const LONG_ENOUGH: usize = 4;

/// What a file or a command says, without the line break at its end.
pub fn without_line_break(text: &str) -> &str {
    text.trim_end_matches(['\n', '\r'])
}

/// A text with `cover` in place of all of the secrets; the longest go first, since a shorter one may be a part of them.
pub fn without(secrets: &[Secret], text: &str, cover: &str) -> String {
    let mut secrets: Vec<&Secret> = secrets.iter().collect();
    secrets.sort_by_key(|secret| std::cmp::Reverse(secret.expose().len()));
    secrets.into_iter().fold(text.to_owned(), |text, secret| {
        let mut covered = String::with_capacity(text.len());
        let mut done = 0;
        for start in secret.places_in(&text) {
            covered.push_str(&text[done..start]);
            covered.push_str(cover);
            done = start + secret.expose().len();
        }
        covered + &text[done..]
    })
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

//! What is wrong with a JSON document: what keeps it from being understood, and what in it has no effect.

use super::fields::{Fields, escaped, flaw};

/// A value that is not what the API takes, and where in the document it stands.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct Flaw {
    /// A JSON pointer to the value: `/triggers/0/name`.
    pub pointer: String,
    /// What was expected and what was found, as a lower-case fragment.
    pub message: String,
    /// What was expected, when the value is of the wrong kind: who knows that it is no secret may show what was found.
    pub expected: Option<String>,
    /// The keys that are known there, when a key is not.
    pub known: &'static [&'static str],
}

/// What is wrong with a document, found while it is read.
#[derive(Default)]
pub struct Defects {
    /// What keeps it from being understood.
    pub flaws: Vec<Flaw>,
    /// What says nothing to the server, and is not sent.
    pub dropped: Vec<Dropped>,
}

/// A key that no server takes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dropped {
    /// A JSON pointer to the object in which it stands.
    pub object: String,
    /// The key.
    pub key: String,
    /// The keys that are known there.
    pub known: &'static [&'static str],
    /// The key beside it that servers look at instead.
    pub instead: Option<&'static str>,
}

impl Dropped {
    /// A JSON pointer to its value.
    pub fn pointer(&self) -> String {
        format!("{}/{}", self.object, escaped(&self.key))
    }
}

impl Defects {
    /// Keeps what was read, or takes down why it could not be.
    pub fn keep<T>(&mut self, read: Result<T, Flaw>) -> Option<T> {
        read.map_err(|flaw| self.flaws.push(flaw)).ok()
    }

    /// Takes down the keys that are not among `known`: servers store none of them, and some refuse a few.
    pub fn drop_beside(&mut self, fields: &Fields<'_>, known: &'static [&'static str]) {
        for (key, _) in fields.beside(known).filter(|(_, value)| !value.is_null()) {
            self.drop(fields, key, known);
        }
    }

    /// Takes down a key that is not among `known`.
    pub fn drop(&mut self, fields: &Fields<'_>, key: &str, known: &'static [&'static str]) {
        self.dropped.push(Dropped {
            object: fields.pointer.clone(),
            key: key.to_owned(),
            known,
            instead: None,
        });
    }

    /// Takes down a key that servers do not look at beside another.
    pub fn drop_for(&mut self, fields: &Fields<'_>, key: &str, instead: &'static str) {
        self.dropped.push(Dropped {
            object: fields.pointer.clone(),
            key: key.to_owned(),
            known: &[],
            instead: Some(instead),
        });
    }

    /// Takes down the keys that are not among `known` where every server refuses them; `what` they stand in.
    pub fn refuse_beside(&mut self, fields: &Fields<'_>, known: &'static [&'static str], what: &str) {
        let refused = fields.beside(known).map(|(key, _)| {
            let message = format!("unknown key `{key}` in {what}, which the server refuses");
            Flaw { known, ..flaw(&fields.at(key), message) }
        });
        self.flaws.extend(refused);
    }
}

//! Secrets on their way to text: a variable or a mask stands for them.

use std::collections::BTreeMap;

use crate::model::fingerprint::FingerprintKey;
use crate::model::name::Name;
use crate::model::secret::{CHANGED, COVER, Secret};
use crate::model::secret_names::is_secret_header;
use crate::source::substitution::escape;
use crate::source::yaml::Item;

/// Writes what stands for secrets.
pub enum Keeper<'a> {
    /// Asterisks, for screens.
    Masking(&'a mut Mask),
    /// Variables, for files.
    Naming {
        /// The resource that the secrets belong to.
        name: &'a Name,
        /// All variables of all files.
        variables: &'a mut Variables,
    },
}

/// Asterisks, and a word where a secret is another than before, or its fingerprint.
#[derive(Default)]
pub struct Mask {
    /// What fingerprints are made with, where there are any.
    pub key: Option<FingerprintKey>,
    /// The secrets that are masked so far, each with its field, in the order of the document.
    pub seen: Vec<(String, Secret)>,
    /// Those of the same document before it changed.
    pub before: Vec<(String, Secret)>,
}

/// The variables that stand for secrets in a set of files; no two secrets share one.
#[derive(Debug, Default)]
pub struct Variables(BTreeMap<String, Secret>);

impl Keeper<'_> {
    /// What stands for the secret in `field`.
    pub fn keep(&mut self, field: &str, secret: &Secret) -> Item {
        Item::Text(match self {
            Keeper::Masking(mask) => mask.cover(field, secret),
            Keeper::Naming { name, variables } => format!("${{{}}}", variables.name(name, field, secret)),
        })
    }

    /// What stands for a header's value: the value itself if it cannot be secret.
    pub fn keep_header(&mut self, header: &str, secret: &Secret) -> Item {
        if is_secret_header(header) {
            self.keep(&format!("header_{header}"), secret)
        } else {
            Item::Text(escape(secret.expose()))
        }
    }
}

impl Mask {
    fn cover(&mut self, field: &str, secret: &Secret) -> String {
        let earlier = self.seen.iter().filter(|(seen, _)| seen == field).count();
        let before = self.before.iter().filter(|(before, _)| before == field).nth(earlier);
        let is_changed = before.is_some_and(|(_, before)| before != secret);
        self.seen.push((field.to_owned(), secret.clone()));
        if [COVER, CHANGED].contains(&secret.expose()) {
            // it is covered already, and no fingerprint is its own
            return secret.expose().to_owned();
        }
        match &self.key {
            Some(key) => format!("{COVER} ({})", key.of([secret])),
            None if is_changed => CHANGED.to_owned(),
            None => COVER.to_owned(),
        }
    }
}

impl Variables {
    /// A variable that no other secret has, named after the resource and the field: `OPS_SLACK_URL`.
    fn name(&mut self, resource: &Name, field: &str, secret: &Secret) -> String {
        let stem = variable(resource, field);
        let mut name = stem.clone();
        let mut number = 2;
        while self.0.contains_key(&name) {
            name = format!("{stem}_{number}");
            number += 1;
        }
        self.0.insert(name.clone(), secret.clone());
        name
    }

    /// The variables and what they stand for, in order.
    pub fn into_secrets(self) -> Vec<(String, Secret)> {
        self.0.into_iter().collect()
    }
}

/// Letters and digits in capitals, and `_` for each run of anything else; a name without any is a `DESTINATION`.
fn variable(resource: &Name, field: &str) -> String {
    let is_sayable = resource.as_str().contains(|c: char| c.is_ascii_alphanumeric());
    let resource = if is_sayable { resource.as_str() } else { "destination" };
    // our own settings are variables too
    let is_ours = resource.to_ascii_lowercase().starts_with("alertform");
    let mut variable = if is_ours { "DESTINATION_".to_owned() } else { String::new() };
    for c in resource.chars().chain(['_']).chain(field.chars()) {
        let c = if c.is_ascii_alphanumeric() { c.to_ascii_uppercase() } else { '_' };
        if c != '_' || !variable.ends_with('_') {
            variable.push(c);
        }
    }
    if variable.starts_with(|c: char| c.is_ascii_digit()) {
        variable.insert(0, '_');
    }
    variable
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_secrets_share_a_variable() {
        let mut variables = Variables::default();
        let names = ["ops-slack", "ops_slack", "Ops Slack", "通知", "エラー", "7/24", "alertform"];
        let named = names.map(|name| variables.name(&name.into(), "url", &Secret::new(name)));
        assert_eq!(
            named,
            [
                "OPS_SLACK_URL",
                "OPS_SLACK_URL_2",
                "OPS_SLACK_URL_3",
                "DESTINATION_URL",
                "DESTINATION_URL_2",
                "_7_24_URL",
                "DESTINATION_ALERTFORM_URL",
            ]
        );
        assert_eq!(variables.into_secrets().len(), names.len());
    }
}

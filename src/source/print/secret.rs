//! Secrets on their way to text: a variable or a mask stands for them.

use crate::model::name::Name;
use crate::model::secret::Secret;
use crate::source::variables::escape;
use crate::source::yaml::Item;

/// What stands for a secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Secrets {
    /// A variable named after the resource and the field: `${OPS_SLACK_URL}`.
    Variables,
    /// Asterisks, for screens.
    Masked,
}

/// Writes what stands for secrets, and remembers them.
pub struct Keeper<'a> {
    name: &'a Name,
    style: Secrets,
    secrets: Vec<(String, Secret)>,
}

/// Headers whose values everybody may read.
const PUBLIC: [&str; 3] = ["content-type", "accept", "user-agent"];

impl<'a> Keeper<'a> {
    /// Begins with no secret, for the resource of this name.
    pub const fn new(name: &'a Name, style: Secrets) -> Self {
        Self { name, style, secrets: Vec::new() }
    }

    /// What stands for the secret in `field`.
    pub fn keep(&mut self, field: &str, secret: &Secret) -> Item {
        match self.style {
            Secrets::Masked => Item::Text("***".to_owned()),
            Secrets::Variables => {
                let variable = variable(self.name, field, &self.secrets);
                let text = format!("${{{variable}}}");
                self.secrets.push((variable, secret.clone()));
                Item::Text(text)
            }
        }
    }

    /// What stands for a header's value: the value itself if it cannot be secret.
    pub fn keep_header(&mut self, header: &str, secret: &Secret) -> Item {
        if PUBLIC.contains(&header.to_ascii_lowercase().as_str()) {
            return Item::Text(escape(secret.expose()));
        }
        self.keep(&format!("header_{header}"), secret)
    }

    /// The variables and what they stand for, in the order of the document.
    pub fn into_secrets(self) -> Vec<(String, Secret)> {
        self.secrets
    }
}

fn variable(name: &Name, field: &str, taken: &[(String, Secret)]) -> String {
    let mut variable = String::new();
    for c in name.as_str().chars().chain(['_']).chain(field.chars()) {
        let c = if c.is_ascii_alphanumeric() { c.to_ascii_uppercase() } else { '_' };
        if c != '_' || !variable.ends_with('_') {
            variable.push(c);
        }
    }
    if variable.starts_with(|c: char| c.is_ascii_digit()) {
        variable.insert(0, '_');
    }
    let is_taken = |variable: &str| taken.iter().any(|(taken, _)| taken == variable);
    let mut number = 2;
    let stem = variable.clone();
    while is_taken(&variable) {
        variable = format!("{stem}_{number}");
        number += 1;
    }
    variable
}

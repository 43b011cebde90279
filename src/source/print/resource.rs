//! One resource to one document.

use super::item::{entry, text};
use super::monitor::Form;
use super::secret::{Keeper, Mask, Variables};
use super::{destination, monitor};
use crate::model::resource::Resource;
use crate::source::yaml::{self, Folding};

/// Writes a resource for a file: it reads as the same resource, once the variables that stand for its secrets are set.
pub fn print(resource: &Resource, variables: &mut Variables) -> String {
    print_with(resource, Form::Friendly, &mut Keeper::Naming { name: resource.name(), variables })
}

/// Writes a resource for a screen: asterisks stand for its secrets.
pub fn print_masked(resource: &Resource) -> String {
    print_with(resource, Form::Friendly, &mut Keeper::Masking(&mut Mask::default()))
}

/// Writes a resource before and after a change for a screen, both in one form and long texts in one line; of a secret it is told that it changes.
pub fn print_pair(before: &Resource, after: &Resource) -> (String, String) {
    let form = natural_form(before).max(natural_form(after));
    let mut mask = Mask::default();
    let before = print_with(before, form, &mut Keeper::Masking(&mut mask));
    let mut mask = Mask { before: mask.seen, seen: Vec::new() };
    let after = print_with(after, form, &mut Keeper::Masking(&mut mask));
    (before, after)
}

/// Writes the line that says a name.
pub fn print_name(name: &str) -> String {
    yaml::write(&[entry("name", text(name))], Folding::Keep).trim_end().to_owned()
}

fn natural_form(resource: &Resource) -> Form {
    match resource {
        Resource::Destination(_) => Form::Friendly,
        Resource::Monitor(monitor) => monitor::natural_form(monitor),
    }
}

fn print_with(resource: &Resource, form: Form, keeper: &mut Keeper<'_>) -> String {
    let entries = match resource {
        Resource::Destination(destination) => destination::entries(destination, keeper),
        Resource::Monitor(monitor) => monitor::entries(monitor, form),
    };
    let folding = match keeper {
        Keeper::Naming { .. } => Folding::Fold,
        Keeper::Masking(_) => Folding::Keep,
    };
    yaml::write(&entries, folding)
}

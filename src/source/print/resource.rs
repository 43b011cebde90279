//! One resource to one document.

use super::monitor::Form;
use super::secret::{Keeper, Mask, Variables};
use super::{destination, monitor};
use crate::model::resource::Resource;
use crate::source::yaml;

/// Writes a resource for a file: it reads as the same resource, once the variables that stand for its secrets are set.
pub fn print(resource: &Resource, variables: &mut Variables) -> String {
    let form = natural_form(resource);
    print_with(resource, form, &mut Keeper::Naming { name: resource.name(), variables })
}

/// Writes a resource for a screen: asterisks stand for its secrets.
pub fn print_masked(resource: &Resource) -> String {
    print_with(resource, natural_form(resource), &mut Keeper::Masking(Mask::default()))
}

/// Writes a resource before and after a change for a screen, both in one form; of a secret it is told that it changes.
pub fn print_pair(before: &Resource, after: &Resource) -> (String, String) {
    let form = natural_form(before).max(natural_form(after));
    let mut keeper = Keeper::Masking(Mask::default());
    let before = print_with(before, form, &mut keeper);
    let Keeper::Masking(Mask { seen, before: _ }) = keeper else { return (before, String::new()) };
    let mask = Mask { seen: Vec::new(), before: &seen };
    let after = print_with(after, form, &mut Keeper::Masking(mask));
    (before, after)
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
    yaml::write(&entries)
}

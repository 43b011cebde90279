//! One resource to one document.

use super::item::{Entries, bare, entry, text};
use super::monitor::{Form, Windows};
use super::secret::{Keeper, Mask, Variables};
use super::{destination, monitor};
use crate::model::fingerprint::FingerprintKey;
use crate::model::monitor::Monitor;
use crate::model::resource::Resource;
use crate::source::yaml::{self, Item, Layout, Medium};

/// Writes a resource for a file: it reads as the same resource, once the variables that stand for its secrets are set.
pub fn print(resource: &Resource, variables: &mut Variables) -> String {
    let keeper = &mut Keeper::Naming { name: resource.name(), variables };
    yaml::write(&entries(resource, Form::Friendly, Windows::Implied, keeper), Medium::File)
}

/// The same of one that is protected.
pub fn print_protected(resource: &Resource, variables: &mut Variables) -> String {
    let keeper = &mut Keeper::Naming { name: resource.name(), variables };
    let mut entries = entries(resource, Form::Friendly, Windows::Implied, keeper);
    // below kind and name
    entries.insert(entries.len().min(2), entry("protected", bare("true")));
    yaml::write(&entries, Medium::File)
}

/// Writes a resource for a screen: asterisks stand for its secrets, with fingerprints where there is a key for them.
pub fn print_masked(resource: &Resource, key: Option<&FingerprintKey>) -> String {
    let mut mask = Mask { key: key.cloned(), ..Mask::default() };
    let keeper = &mut Keeper::Masking(&mut mask);
    yaml::write(&entries(resource, Form::Friendly, Windows::Implied, keeper), Medium::Screen)
}

/// Writes what a monitor is, when it runs and whom it tells, without the texts that people wrote: they may hold what a
/// variable filled in that is gone.
pub fn print_outline(monitor: &Monitor) -> String {
    yaml::write(&monitor::outline(monitor), Medium::Screen)
}

/// Writes a resource before and after a change for a screen, both in one form, long texts in one line and lists laid out
/// alike; of a secret it is told that it changes, by fingerprints where there is a key for them.
pub fn print_pair(before: &Resource, after: &Resource, key: Option<&FingerprintKey>) -> (String, String) {
    let form = natural_form(before).max(natural_form(after));
    let windows = match (before, after) {
        (Resource::Monitor(before), Resource::Monitor(after)) => monitor::windows(before, after),
        _ => Windows::Implied,
    };
    let mut mask = Mask { key: key.cloned(), ..Mask::default() };
    let mut before = entries(before, form, windows, &mut Keeper::Masking(&mut mask));
    let mut mask = Mask { before: mask.seen, seen: Vec::new(), key: key.cloned() };
    let mut after = entries(after, form, windows, &mut Keeper::Masking(&mut mask));
    lay_out_alike(&mut before, &mut after);
    (yaml::write(&before, Medium::Screen), yaml::write(&after, Medium::Screen))
}

/// Lists that are laid out in two ways, or of more than a few items, have a line for each item on both sides.
fn lay_out_alike(before: &mut Entries, after: &mut Entries) {
    for (key, item) in before {
        if let Some((_, other)) = after.iter_mut().find(|(other, _)| other == key) {
            lay_out_items_alike(item, other);
        }
    }
}

fn lay_out_items_alike(one: &mut Item, other: &mut Item) {
    match (one, other) {
        (Item::Mapping(ones, _), Item::Mapping(others, _)) => lay_out_alike(ones, others),
        (Item::Sequence(ones, layout), Item::Sequence(others, other_layout)) => {
            if layout != other_layout || ones.len().max(others.len()) > MOST_ON_A_LINE {
                (*layout, *other_layout) = (Layout::Block, Layout::Block);
            }
            ones.iter_mut().zip(others).for_each(|(one, other)| lay_out_items_alike(one, other));
        }
        _ => {}
    }
}

/// So many items of a list that may have changed stand on one line.
const MOST_ON_A_LINE: usize = 3;

/// Writes the line that says a name.
pub fn print_name(name: &str) -> String {
    yaml::write(&[entry("name", text(name))], Medium::Screen).trim_end().to_owned()
}

/// Writes the line that says a former name.
pub fn print_previous_names(former: &str) -> String {
    let names = Item::Sequence(vec![text(former)], Layout::Flow);
    yaml::write(&[entry("previous_names", names)], Medium::Screen).trim_end().to_owned()
}

fn natural_form(resource: &Resource) -> Form {
    match resource {
        Resource::Destination(_) => Form::Friendly,
        Resource::Monitor(monitor) => monitor::natural_form(monitor),
    }
}

fn entries(resource: &Resource, form: Form, windows: Windows, keeper: &mut Keeper<'_>) -> Entries {
    match resource {
        Resource::Destination(destination) => destination::entries(destination, keeper),
        Resource::Monitor(monitor) => monitor::entries(monitor, form, windows),
    }
}

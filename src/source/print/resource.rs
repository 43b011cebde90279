//! One resource to one document.

use super::secret::{Keeper, Secrets};
use super::{destination, monitor};
use crate::model::resource::Resource;
use crate::model::secret::Secret;
use crate::source::yaml;

/// Writes a resource as a YAML document that reads as the same resource, once its variables are set.
pub fn print(resource: &Resource, style: Secrets) -> String {
    print_with(resource, &mut Keeper::new(resource.name(), style))
}

/// The variables that [`Secrets::Variables`] writes, and what they must be set to.
///
/// Their names come from the resource's name and the field: two resources whose names differ in signs alone share them.
pub fn secrets(resource: &Resource) -> Vec<(String, Secret)> {
    let mut keeper = Keeper::new(resource.name(), Secrets::Variables);
    print_with(resource, &mut keeper);
    keeper.into_secrets()
}

fn print_with(resource: &Resource, keeper: &mut Keeper<'_>) -> String {
    let entries = match resource {
        Resource::Destination(destination) => destination::entries(destination, keeper),
        Resource::Monitor(monitor) => monitor::entries(monitor),
    };
    yaml::write(&entries)
}

//! Resources to YAML: the friendly form where it says the same, the API's own words where not.

mod destination;
mod email;
mod input;
mod item;
mod monitor;
mod resource;
mod secret;
mod trigger;
mod workflow;

pub use resource::{
    print, print_masked, print_name, print_outline, print_pair, print_previous_names, print_protected,
};
pub use secret::Variables;

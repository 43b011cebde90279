//! Resources to YAML: the friendly form where it says the same, the API's own words where not.

mod body;
mod destination;
mod email;
mod input;
mod item;
mod monitor;
mod resource;
mod secret;
mod trigger;
mod workflow;

pub use body::lucene;
pub use monitor::window;
pub use resource::{print, print_masked, print_name, print_outline, print_pair, print_protected};
pub use secret::Variables;

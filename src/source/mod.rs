//! Files to declared resources, with a place for every value; and back to text.

mod chained_findings;
pub mod changed;
pub mod commands;
pub mod cron;
pub mod declared;
mod defaults;
mod document;
pub mod duration;
pub mod environment;
mod fields;
mod files;
pub mod finding;
mod json;
mod load;
pub mod origins;
mod ours;
pub mod overlay;
pub mod place;
pub mod places;
pub mod print;
pub mod project_file;
mod read;
mod report;
pub mod settings;
mod settle;
pub mod sought;
pub mod surroundings;
mod template;
pub mod timezone;
pub mod variables;
pub mod words;
pub mod yaml;

pub use files::SETTINGS;
pub use load::{Parsed, load, load_exported, parse};
pub use ours::ours;
pub use surroundings::Surroundings;

//! Values to text, one file a format.

mod align;
pub mod changes;
pub mod chat;
mod difference;
pub mod doctor;
mod edits;
pub mod github;
pub mod gitlab;
mod headline;
pub mod json;
mod line_changes;
pub mod markdown;
pub mod matrix;
mod node;
pub mod outline;
pub mod report;
mod risks;
mod shapes;
pub mod text;
pub mod words;

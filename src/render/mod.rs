//! Values to text, one file a format.

mod align;
pub mod changes;
pub mod json;
mod line_changes;
pub mod outline;
mod shapes;
pub mod text;
pub mod words;

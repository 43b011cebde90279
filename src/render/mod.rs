//! Values to text, one file a format.

mod align;
pub mod changes;
pub mod json;
pub mod outline;
pub mod text;
pub mod words;

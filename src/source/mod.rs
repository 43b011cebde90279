//! Files to declared resources, with a place for every value; and back to text.

pub mod declared;
pub mod finding;
pub mod place;

//! The only network code: what the servers speak, and how they are spoken to.

pub mod line;
pub mod live;
pub mod wire;

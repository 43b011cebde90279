//! x
mod source;

//! Files to declared resources: what they mean, and what is said of those that mean nothing.

mod broken;
mod example;
mod project;

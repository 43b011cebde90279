//! One test an error.

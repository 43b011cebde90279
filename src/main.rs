//! The `alertform` binary.

fn main() {}

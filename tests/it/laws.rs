//! The laws that hold for all that can be declared, over generated resources and over generated projects of all kinds.

mod changes;
pub mod destinations;
mod layout;
mod leaves;
mod lines;
mod live;
pub mod monitors;
mod projects;
mod renames;
pub mod texts;
mod wire;

use proptest::test_runner::{Config, RngSeed};

/// As many cases as are said, the same ones each time; the variables of proptest look for others.
fn config(cases: u32) -> Config {
    let said = Config::default();
    let is_said = |variable: &str| std::env::var_os(variable).is_some();
    Config {
        cases: if is_said("PROPTEST_CASES") { said.cases } else { cases },
        rng_seed: if is_said("PROPTEST_RNG_SEED") { said.rng_seed } else { RngSeed::Fixed(1) },
        failure_persistence: None,
        // a project that breaks a law is made small, but not for hours
        max_shrink_time: if is_said("PROPTEST_MAX_SHRINK_TIME") { said.max_shrink_time } else { 60_000 },
        max_shrink_iters: u32::MAX - 1,
        ..said
    }
}

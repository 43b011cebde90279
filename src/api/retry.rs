//! When a request is sent again, and after how long: pure, so that each case can be tested.

use std::time::Duration;

/// How often a request is sent again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Retries {
    /// At most so many times after the first.
    pub most: u32,
    /// The wait before the second time; it doubles from then on.
    pub first_wait: Duration,
}

//! Names of time zones, as Java's `ZoneId.of` takes them.

use super::super::fault::Fault;
use crate::source::timezone;

/// Checks the name of a zone, case and all, and gives it as it is shown.
pub fn parse(name: &str) -> Result<String, Fault> {
    timezone::canonical(name)
        .ok_or_else(|| Fault::illegal_argument(format!("Timezone {name} is not supported")))
}

//! `validate`: checks the files, without a server.

use std::process::ExitCode;

use crate::config::Config;
use crate::error::Error;
use crate::model::resource::Kind;
use crate::output::{print, tell};
use crate::plural::count;
use crate::source;

/// Checks the files, and says how much they declare.
pub fn run(config: &Config) -> Result<ExitCode, Error> {
    let declared = source::load(&config.dir, &config.variables).map_err(Error::Files)?;
    for warning in declared.warnings.iter().chain(&declared.unread) {
        tell(&format!("warning: {warning}"));
    }
    let counts = Kind::ALL.map(|kind| {
        let number =
            declared.resources.iter().filter(|declaration| declaration.resource.kind() == kind).count();
        count(number, kind.as_str())
    });
    print(&format!("valid: {}\n", counts.join(", ")))?;
    Ok(ExitCode::SUCCESS)
}

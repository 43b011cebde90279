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
    let counts = Kind::ALL.into_iter().filter_map(|kind| {
        let of_kind = declared.resources.iter().filter(|declaration| declaration.resource.kind() == kind);
        let number = of_kind.count();
        let is_said = number > 0 || matches!(kind, Kind::Destination | Kind::Monitor);
        is_said.then(|| count(number, kind.as_str()))
    });
    let counts: Vec<String> = counts.collect();
    print(&format!("valid: {}\n", counts.join(", ")))?;
    Ok(ExitCode::SUCCESS)
}

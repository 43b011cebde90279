//! `validate`: checks the files, without a server.

use std::process::ExitCode;

use crate::config::Config;
use crate::error::Error;
use crate::model::resource::Kind;
use crate::output::{print, tell};
use crate::plural::count;
use crate::source;
use crate::source::declared::Declared;
use crate::source::finding::Finding;

/// Checks the files for each environment, and says how much they declare.
pub fn run(configs: &[Config]) -> Result<ExitCode, Error> {
    let mut errors = Vec::new();
    let mut warnings = Vec::new();
    let mut lines = Vec::new();
    for config in configs {
        match source::load(&config.dir, &config.surroundings) {
            Ok(declared) => {
                warnings.extend(declared.warnings.iter().chain(&declared.unread).cloned());
                let environment = config.environment().map(|name| format!("{name}: ")).unwrap_or_default();
                lines.push(format!("{environment}valid: {}\n", counts(&declared)));
            }
            Err(findings) => errors.extend(findings),
        }
    }
    // most are the same in all environments
    for warning in once(warnings) {
        tell(&format!("warning: {warning}"));
    }
    if !errors.is_empty() {
        return Err(Error::Files(once(errors)));
    }
    print(&lines.concat())?;
    Ok(ExitCode::SUCCESS)
}

fn counts(declared: &Declared) -> String {
    let counts = Kind::ALL.into_iter().filter_map(|kind| {
        let of_kind = declared.resources.iter().filter(|declaration| declaration.resource.kind() == kind);
        let number = of_kind.count();
        let is_said = number > 0 || matches!(kind, Kind::Destination | Kind::Monitor);
        is_said.then(|| count(number, kind.as_str()))
    });
    counts.collect::<Vec<_>>().join(", ")
}

fn once(mut findings: Vec<Finding>) -> Vec<Finding> {
    findings.sort_by(|a, b| a.place.cmp(&b.place));
    findings.dedup();
    findings
}

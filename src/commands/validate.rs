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
    let mut errors: Vec<(&str, Finding)> = Vec::new();
    let mut warnings: Vec<(&str, Finding)> = Vec::new();
    let mut lines = Vec::new();
    for config in configs {
        let name = config.environment().unwrap_or_default();
        match source::load(&config.dir, &config.surroundings) {
            Ok(declared) => {
                let found = declared.warnings.iter().chain(&declared.unread);
                warnings.extend(found.map(|finding| (name, finding.clone())));
                let environment = config.environment().map(|name| format!("{name}: ")).unwrap_or_default();
                lines.push(format!("{environment}valid: {}\n", counts(&declared)));
            }
            Err(findings) => errors.extend(findings.into_iter().map(|finding| (name, finding))),
        }
    }
    for warning in once(warnings, configs.len()) {
        tell(&format!("warning: {warning}"));
    }
    if !errors.is_empty() {
        return Err(Error::Files(once(errors, configs.len())));
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

/// Each finding once, as most are the same in all environments; what is only in some names them.
fn once(found: Vec<(&str, Finding)>, environments: usize) -> Vec<Finding> {
    let mut all: Vec<(Finding, Vec<&str>)> = Vec::new();
    for (name, finding) in found {
        match all.iter_mut().find(|(other, _)| *other == finding) {
            Some((_, names)) => names.push(name),
            None => all.push((finding, vec![name])),
        }
    }
    all.sort_by(|(a, _), (b, _)| a.place.cmp(&b.place));
    let named = |(mut finding, mut names): (Finding, Vec<&str>)| {
        names.dedup();
        let is_named = names.iter().any(|name| finding.message.contains(&format!("environment `{name}`")));
        if names.len() < environments && !is_named {
            finding.message = format!("{} (in {})", finding.message, names.join(", "));
        }
        finding
    };
    all.into_iter().map(named).collect()
}

//! `plan`: shows what apply would change.

use std::process::ExitCode;

use super::cluster::{Cluster, Purpose, connect};
use crate::api::read;
use crate::api::wire::mark::UNNAMED;
use crate::cli::{Format, Plan as Args, Scope};
use crate::config::Config;
use crate::diff::{Orphans, Terms, diff};
use crate::error::Error;
use crate::output::{print, print_json};
use crate::plan::{Plan, Strangers};
use crate::render;
use crate::source;

/// Shows the plan; exits with 1 when something stands in its way.
pub async fn run(config: &Config, args: &Args) -> Result<ExitCode, Error> {
    let Args { scope, detailed_exitcode, format } = args;
    let (plan, _) = make(config, scope, Purpose::Read).await?;
    match format {
        Format::Text => print(&render::text::plan(&plan))?,
        Format::Json => print_json(&render::json::plan(&plan))?,
    }
    Ok(match (plan.problems.is_empty(), plan.changes.is_empty()) {
        (false, _) => ExitCode::from(1),
        (true, false) if *detailed_exitcode => ExitCode::from(2),
        (true, _) => ExitCode::SUCCESS,
    })
}

/// Shows where the plan would stand why there is none, to programs alone; people read it on stderr, as any error.
pub fn show_error(args: &Args, error: &Error) -> Result<(), Error> {
    match args.format {
        Format::Text => Ok(()),
        Format::Json => print_json(&render::json::no_plan(&error.findings())),
    }
}

/// Loads the files, reads the cluster and plans.
pub async fn make(config: &Config, scope: &Scope, purpose: Purpose) -> Result<(Plan, Cluster), Error> {
    let orphans = match (scope.prune, &config.project) {
        (false, _) => Orphans::Keep,
        (true, Some(_)) => Orphans::Prune,
        (true, None) => {
            return Err(Error::usage(
                "`--prune` needs a project's name, to tell what is yours from what others made with alertform",
                "say `project: NAME` in `alertform.yaml`, and apply once with `--adopt`",
            ));
        }
    };
    let declared = source::load(&config.dir, &config.variables).map_err(Error::Files)?;
    let cluster = connect(config, purpose).await?;
    match purpose {
        Purpose::Read => {}
        Purpose::Write => read::reveal(&cluster.client).await?,
    }
    let project = config.project.clone().unwrap_or_else(|| UNNAMED.to_owned());
    let strangers = if config.adopt { Strangers::Adopt } else { Strangers::Ask };
    let terms = Terms { line: cluster.line, project, strangers, orphans };
    let plan = read::cluster(&cluster.client, cluster.line, move |destinations, pages| {
        diff(&declared, &destinations, pages, terms)
    });
    Ok((plan.await?, cluster))
}

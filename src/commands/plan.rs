//! `plan`: shows what apply would change.

use std::process::ExitCode;

use super::cluster::Purpose;
use super::consent::{Said, must_keep_within_limits, must_not_adopt};
use super::formats::write_plan;
use super::make::make;
use crate::cli::Plan as Args;
use crate::config::Config;
use crate::error::Error;
use crate::output::tell;
use crate::plan::Focus;

/// Shows the plan; exits with 1 when something stands in its way.
pub async fn run(config: &Config, args: &Args) -> Result<ExitCode, Error> {
    let focus = if args.drift { Focus::Drift } else { Focus::All };
    let made = make(config, &args.scope, Purpose::Read, focus).await?.must_select()?;
    let may_apply =
        must_keep_within_limits(&made.plan, Said::WithSavedPlan).and_then(|()| must_not_adopt(&made.plan));
    // who reads it is told of it even where it cannot be saved
    write_plan(&args.output, &config.dir, &made.plan)?;
    if let Some(file) = args.out.as_ref().filter(|_| made.plan.problems.is_empty() && may_apply.is_ok()) {
        made.to_save(config, &args.scope).await?.write(file)?;
    }
    let plan = made.plan;
    if let (Some(_), Err(error)) = (&args.out, &may_apply) {
        // it could not be applied
        tell(&error.screen());
        return Ok(error.exit_code());
    }
    Ok(match (plan.problems.is_empty(), plan.changes.is_empty()) {
        (false, _) => ExitCode::from(1),
        (true, false) if args.detailed_exitcode || args.drift => ExitCode::from(2),
        (true, _) => ExitCode::SUCCESS,
    })
}

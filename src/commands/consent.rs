//! What must be said before anything is written: limits, what others made, and a yes.

use std::io::{IsTerminal, stdin, stdout};

use crate::error::{Error, Usage};
use crate::output::print;
use crate::plan::limits::{self, Excess};
use crate::plan::{Plan, Strangers};
use crate::plural::count;
use crate::render;

/// When limits are said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Said {
    /// Now.
    Now,
    /// When the plan is saved.
    WithSavedPlan,
}

/// What is too much is refused whoever said yes.
pub fn must_keep_within_limits(plan: &Plan, said: Said) -> Result<(), Error> {
    let exceeded = limits::exceeded(plan);
    if exceeded.is_empty() {
        return Ok(());
    }
    let all = exceeded.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ");
    let hints = exceeded.iter().map(Excess::hint).collect::<Vec<_>>().join("; ");
    let hints = match said {
        Said::Now => hints,
        Said::WithSavedPlan => format!("{hints}, said when it is saved"),
    };
    Err(Error::OverLimit(Usage::new(all, hints)))
}

/// What is asked.
pub struct Asked {
    /// Where it is applied: a cluster, or several environments.
    pub place: String,
    /// How many are taken over without a word for all of them.
    pub adoptions: usize,
}

impl Asked {
    /// What is asked of one plan.
    pub fn of(plan: &Plan) -> Self {
        let place = render::words::cluster(plan.environment.as_deref(), &plan.server);
        Self { place, adoptions: adoptions(plan) }
    }
}

/// How many are taken over without a word for all of them.
pub fn adoptions(plan: &Plan) -> usize {
    match plan.strangers {
        Strangers::Adopt => 0,
        Strangers::Ask => plan.adoptions().count(),
    }
}

/// Who said yes beforehand need not have known of what others made.
pub fn must_not_adopt(plan: &Plan) -> Result<(), Error> {
    match adoptions(plan) {
        0 => Ok(()),
        some => Err(Error::usage(
            format!(
                "{} would be taken over, and nobody said that they may be: {}",
                count(some, "resource"),
                render::text::listed(
                    plan.adoptions().map(|update| update.pair.key()).collect::<Vec<_>>().iter()
                ),
            ),
            "`--adopt`, or `adopt: true` in `alertform.yaml`, says so",
        )),
    }
}

/// Asks in a thread of its own: while somebody thinks, the server may close connections, which must be seen to.
pub async fn ask_beside(asked: Asked) -> Result<bool, Error> {
    tokio::task::spawn_blocking(move || ask(&asked)).await.unwrap_or(Ok(false))
}

/// Asks on a terminal whether the user wants the plan.
fn ask(Asked { place, adoptions }: &Asked) -> Result<bool, Error> {
    if !(stdin().is_terminal() && stdout().is_terminal()) {
        return Err(Error::usage("nobody is there to ask", "`--yes` applies the plan without asking"));
    }
    let also = match adoptions {
        0 => String::new(),
        some => format!(", and take over {} that others made", count(*some, "resource")),
    };
    print(&format!("\nApply this to {place}{also}? [y/N] "))?;
    let mut answer = String::new();
    Ok(stdin().read_line(&mut answer).is_ok()
        && ["y", "yes"].contains(&answer.trim().to_ascii_lowercase().as_str()))
}

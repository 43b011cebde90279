//! `apply`: makes the cluster as the files say.

use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::cluster::Purpose;
use super::consent::{Asked, Said, ask_beside, must_keep_within_limits, must_not_adopt};
use super::formats::{self, write_report, write_unapplied};
use super::make::{Made, make};
use super::signals::Signals;
use crate::apply::{Manner, Outcome, apply, tidy};
use crate::cli::{Apply as Args, Format};
use crate::config::Config;
use crate::error::{Error, Usage};
use crate::output::{self, print};
use crate::plan::{Change, Focus, Plan};
use crate::render;
use crate::saved::Saved;

/// Shows the plan, asks, carries it out and reports; exits with 1 unless all was done.
pub async fn run(config: &Config, args: &Args) -> Result<ExitCode, Error> {
    formats::check(&args.output)?;
    let saved = args.plan.as_deref().map(Saved::read).transpose()?;
    let scope = saved.as_ref().map_or_else(|| args.scope.clone(), Saved::scope);
    let mut signals = Signals::listen()?;
    let made = tokio::select! {
        made = make(config, &scope, Purpose::Write, Focus::All) => made?.must_select()?,
        code = signals.next() => end(code),
    };
    let is_text = args.output.format == Format::Text;
    let shown = render::text::plan(&made.plan);
    if is_text {
        print(&shown)?;
    } else {
        output::tell(shown.trim_end());
    }
    let stale = match &saved {
        None => None,
        Some(saved) => must_not_be_stale(saved, &made.to_save(config, &scope).await?).err(),
    };
    let Made { mut plan, cluster, .. } = made;
    if let Some(error) = stale {
        return refuse(config, args, &mut plan, &error);
    }
    if !plan.problems.is_empty() || plan.changes.is_empty() {
        let is_well = plan.problems.is_empty();
        if is_well {
            tidy(&plan, &cluster.client).await;
        }
        write_unapplied(&args.output, &config.dir, &plan)?;
        return Ok(if is_well { ExitCode::SUCCESS } else { ExitCode::from(1) });
    }
    let said = if saved.is_some() { Said::WithSavedPlan } else { Said::Now };
    if let Err(error) = must_keep_within_limits(&plan, said) {
        return refuse(config, args, &mut plan, &error);
    }
    let consent = if args.yes || saved.is_some() {
        must_not_adopt(&plan).map(|()| true)
    } else {
        tokio::select! {
            answer = ask_beside(Asked::of(&plan)) => answer,
            code = signals.next() => end(code),
        }
    };
    match consent {
        Ok(true) => {}
        Ok(false) => {
            output::tell("nothing was applied");
            write_unapplied(&args.output, &config.dir, &plan)?;
            return Ok(ExitCode::from(1));
        }
        Err(error) => return refuse(config, args, &mut plan, &error),
    }
    let stop = Arc::new(AtomicBool::new(false));
    tokio::spawn(stop_on_signal(signals, Arc::clone(&stop)));
    let progress = output::Progress::start(plan.changes.len());
    let tell = |change: &Change, outcome| tell(&progress, None, change, outcome);
    let manner = Manner { concurrency: config.concurrency, stop: &stop, progress: &tell };
    let report = apply(&plan, &cluster.client, manner).await;
    drop(progress);
    // what was done is done, whether or not somebody reads of it
    let told = write_report(&args.output, &config.dir, &plan, &report);
    told.map(|()| if report.is_success() { ExitCode::SUCCESS } else { ExitCode::from(1) })
}

/// Says why a plan is not carried out, to each reader.
fn refuse(config: &Config, args: &Args, plan: &mut Plan, error: &Error) -> Result<ExitCode, Error> {
    plan.problems.extend(error.findings());
    write_unapplied(&args.output, &config.dir, plan)?;
    output::tell(&error.screen());
    Ok(error.exit_code())
}

/// Who reviewed a plan wants that, and nothing else.
fn must_not_be_stale(saved: &Saved, now: &Saved) -> Result<(), Error> {
    const MOST: usize = 10;
    let moved = saved.moved(now);
    if moved.is_empty() {
        return Ok(());
    }
    let mut all: Vec<String> = moved.iter().take(MOST).cloned().collect();
    if moved.len() > MOST {
        all.push(format!("and {} more", moved.len() - MOST));
    }
    Err(Error::Stale(Usage::new(all.join("; "), "plan again, and have that reviewed")))
}

/// Ends before anything was begun.
pub fn end(code: i32) -> ! {
    output::tell("interrupted: nothing was applied");
    std::process::exit(code)
}

/// At the first signal lets what is under way finish, and begins nothing new; at the second ends at once.
pub async fn stop_on_signal(mut signals: Signals, stop: Arc<AtomicBool>) {
    signals.next().await;
    stop.store(true, Ordering::Relaxed);
    output::tell("interrupted: finishing what is under way; a second signal ends it at once");
    std::process::exit(signals.next().await);
}

/// Tells of one change that came to an end, and of its environment where there are several.
pub fn tell(progress: &output::Progress, environment: Option<&str>, change: &Change, outcome: Outcome) {
    let place = environment.map(|name| format!(" in {name}")).unwrap_or_default();
    let key = format!("{}{place}", change.key());
    match (change, outcome) {
        (_, Outcome::Failed) => progress.failed(&format!("failed {key}")),
        (Change::Create(_), Outcome::Done) => progress.done(&format!("created {key}")),
        (Change::Update(_), Outcome::Done) => progress.done(&format!("updated {key}")),
        (Change::Delete(_), Outcome::Done) => progress.done(&format!("deleted {key}")),
    }
}

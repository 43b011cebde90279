//! `plan` and `apply` in several environments at once: one that fails stops no other, and fails the run.

use std::collections::{BTreeMap, BTreeSet};
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use futures_util::stream::{self, StreamExt};

use super::apply::{end, stop_on_signal, tell};
use super::cluster::{Cluster, Purpose};
use super::consent::{Asked, Said, adoptions, ask_beside, must_keep_within_limits, must_not_adopt};
use super::formats::{self, write_several};
use super::make::{Made, make, nothing_selected};
use super::signals::Signals;
use crate::api::connection::Target;
use crate::api::probe;
use crate::api::wire::mark::UNNAMED;
use crate::apply::{Manner, apply as carry_out, tidy};
use crate::cli::{Apply, Format, Plan as PlanArgs, Scope};
use crate::config::Config;
use crate::error::Error;
use crate::output::{self, print};
use crate::plan::{Change, Focus, Plan};
use crate::render;
use crate::render::markdown::What;
use crate::render::matrix::{Came, Outcome};
use crate::source::finding::Finding;
use crate::source::project_file::cluster_at;

/// So many environments are worked on at once, which bounds their connections, and what they hold while they are read; what
/// their plans hold is bounded by the files and the changes.
const AT_ONCE: usize = 16;

/// Shows the plans of all of them.
pub async fn plan(configs: &[Config], args: &PlanArgs) -> Result<ExitCode, Error> {
    if args.out.is_some() {
        return Err(Error::usage(
            "a saved plan is of one environment",
            "save one for each: `alertform plan --env NAME --out NAME.plan`",
        ));
    }
    let (focus, what) = if args.drift { (Focus::Drift, What::Drift) } else { (Focus::All, What::Plan) };
    let made = make_all(configs, &args.scope, Purpose::Read, focus).await;
    let outcomes: Vec<Outcome> = made.into_iter().map(|(outcome, _)| outcome).collect();
    tell_failures(args.output.format, &outcomes);
    let Some(first) = configs.first() else { return Ok(ExitCode::SUCCESS) };
    write_several(&args.output, what, project(first), &first.dir, &outcomes)?;
    let is_changed = outcomes.iter().filter_map(Outcome::plan).any(|plan| !plan.changes.is_empty());
    Ok(match outcomes.iter().all(Outcome::is_well) {
        false => ExitCode::from(1),
        true if is_changed && (args.detailed_exitcode || args.drift) => ExitCode::from(2),
        true => ExitCode::SUCCESS,
    })
}

/// Shows the plans, asks once, carries out those that may be, and reports.
pub async fn apply(configs: &[Config], args: &Apply) -> Result<ExitCode, Error> {
    if args.plan.is_some() {
        return Err(Error::usage(
            "a saved plan is of one environment",
            "name that one, or none: the plan knows it",
        ));
    }
    formats::check(&args.output)?;
    let mut signals = Signals::listen()?;
    let made = tokio::select! {
        made = make_all(configs, &args.scope, Purpose::Write, Focus::All) => made,
        code = signals.next() => end(code),
    };
    let (outcomes, clusters): (Vec<Outcome>, Vec<Option<Cluster>>) = made.into_iter().unzip();
    tell_failures(args.output.format, &outcomes);
    let shown = render::text::several(&outcomes);
    let mut stages = Vec::new();
    for ((config, outcome), cluster) in configs.iter().zip(outcomes).zip(clusters) {
        stages.push(stage(config, outcome, cluster, args).await);
    }
    let ready: Vec<&Plan> = stages.iter().filter_map(Stage::plan).collect();
    match args.output.format {
        // the report will say all of it
        _ if ready.is_empty() => {}
        Format::Text => print(&shown)?,
        _ => output::tell(shown.trim_end()),
    }
    let is_wanted = if args.yes || ready.is_empty() {
        true
    } else {
        tokio::select! {
            answer = ask_beside(Asked::of_all(&ready)) => answer.unwrap_or_else(|error| {
                output::tell(&error.screen());
                false
            }),
            code = signals.next() => end(code),
        }
    };
    if !is_wanted {
        output::tell("nothing was applied");
    }
    let stop = Arc::new(AtomicBool::new(!is_wanted));
    if is_wanted {
        tokio::spawn(stop_on_signal(signals, Arc::clone(&stop)));
    }
    let changes = stages.iter().filter_map(Stage::plan).map(|plan| plan.changes.len()).sum();
    let progress = output::Progress::start(changes);
    let (progress, stop) = (&progress, &*stop);
    let applied = stages.into_iter().map(|stage| async move {
        match stage {
            Stage::Ended { outcome, is_over_limit } => (outcome, is_over_limit),
            Stage::Ready { environment, plan, .. } if !is_wanted => {
                (Outcome { environment, came: Came::Unapplied(*plan) }, false)
            }
            Stage::Ready { environment, plan, cluster, concurrency } => {
                let name = environment.as_str();
                let tell = |change: &Change, outcome| tell(progress, Some(name), change, outcome);
                let manner = Manner { concurrency, stop, progress: &tell };
                let report = carry_out(&plan, &cluster.client, manner).await;
                (Outcome { environment, came: Came::Applied(*plan, report) }, false)
            }
        }
    });
    let ended: Vec<(Outcome, bool)> = stream::iter(applied).buffered(AT_ONCE).collect().await;
    let (outcomes, over): (Vec<Outcome>, Vec<bool>) = ended.into_iter().unzip();
    let Some(first) = configs.first() else { return Ok(ExitCode::SUCCESS) };
    write_several(&args.output, What::Apply, project(first), &first.dir, &outcomes)?;
    let mut failed = outcomes.iter().zip(over).filter(|(outcome, _)| !outcome.is_well()).peekable();
    Ok(if !is_wanted {
        ExitCode::from(1)
    } else if failed.peek().is_none() {
        ExitCode::SUCCESS
    } else if failed.all(|(_, is_over_limit)| is_over_limit) {
        ExitCode::from(3)
    } else {
        ExitCode::from(1)
    })
}

/// How far an environment is when all have been planned.
enum Stage {
    /// It may be applied.
    Ready { environment: String, plan: Box<Plan>, cluster: Cluster, concurrency: usize },
    /// Nothing more is done with it.
    Ended { outcome: Outcome, is_over_limit: bool },
}

impl Stage {
    fn plan(&self) -> Option<&Plan> {
        match self {
            Stage::Ready { plan, .. } => Some(plan),
            Stage::Ended { .. } => None,
        }
    }
}

/// Judges one environment as an apply of it alone would.
async fn stage(config: &Config, outcome: Outcome, cluster: Option<Cluster>, args: &Apply) -> Stage {
    let Outcome { environment, came } = outcome;
    let (mut plan, cluster) = match (came, cluster) {
        (Came::Planned(plan), Some(cluster)) => (plan, cluster),
        (came, _) => return Stage::Ended { outcome: Outcome { environment, came }, is_over_limit: false },
    };
    let mut is_over_limit = false;
    if plan.problems.is_empty() && plan.changes.is_empty() {
        tidy(&plan, &cluster.client).await;
    } else if plan.problems.is_empty() {
        let refusal = match must_keep_within_limits(&plan, Said::Now) {
            Err(error) => {
                is_over_limit = true;
                Some(error)
            }
            Ok(()) if args.yes => must_not_adopt(&plan).err(),
            Ok(()) => None,
        };
        match refusal {
            None => {
                let (plan, concurrency) = (Box::new(plan), config.concurrency);
                return Stage::Ready { environment, plan, cluster, concurrency };
            }
            Some(error) => plan.problems.extend(error.findings()),
        }
    }
    Stage::Ended { outcome: Outcome { environment, came: Came::Unapplied(plan) }, is_over_limit }
}

/// The plan of one environment, and what all are held against one another by.
struct One {
    plan: Plan,
    /// For who goes on with it.
    cluster: Option<Cluster>,
    /// The `cluster_uuid`, where it is told.
    uuid: Option<String>,
    selects_any: bool,
}

/// Plans all of them, in their order; what is selected must be in one of them at least.
async fn make_all(
    configs: &[Config],
    scope: &Scope,
    purpose: Purpose,
    focus: Focus,
) -> Vec<(Outcome, Option<Cluster>)> {
    let made = configs.iter().map(|config| async move {
        let Made { plan, cluster, selects_any, .. } = make(config, scope, purpose, focus).await?;
        // who may not ask is not told, nor is anybody by a cluster that has yet to form; one that does not answer now has
        // answered before
        let uuid = probe::cluster_uuid(&cluster.client).await.ok().flatten().filter(|uuid| uuid != "_na_");
        // who only reads is done with it
        let cluster = Some(cluster).filter(|_| purpose == Purpose::Write);
        Ok(One { plan, cluster, uuid, selects_any })
    });
    let made: Vec<Result<One, Error>> = stream::iter(made).buffered(AT_ONCE).collect().await;
    let selects_any = made.iter().flatten().any(|one| one.selects_any);
    let uuids: Vec<Option<String>> =
        made.iter().map(|made| made.as_ref().ok().and_then(|one| one.uuid.clone())).collect();
    let outcomes = configs.iter().zip(made).map(|(config, made)| {
        let environment = config.environment().unwrap_or_default().to_owned();
        match made.and_then(|made| if selects_any { Ok(made) } else { Err(nothing_selected()) }) {
            Ok(One { plan, cluster, .. }) => (Outcome { environment, came: Came::Planned(plan) }, cluster),
            Err(error) => (Outcome { environment, came: Came::Failed(error) }, None),
        }
    });
    let mut outcomes: Vec<(Outcome, Option<Cluster>)> = outcomes.collect();
    must_be_apart(configs, &uuids, &mut outcomes);
    outcomes
}

/// Of two environments in one cluster and of one project each would delete what the other made. What the project file says
/// of that is looked at when it is read; a variable that is one for all can bring it about as well.
fn must_be_apart(configs: &[Config], uuids: &[Option<String>], made: &mut [(Outcome, Option<Cluster>)]) {
    let mut places: BTreeMap<(String, &str), BTreeSet<usize>> = BTreeMap::new();
    for (index, config) in configs.iter().enumerate() {
        let Ok(connection) = config.connection() else { continue };
        let first = match &connection.target {
            Target::Server(url) => cluster_at(url.as_str()),
            Target::Sandbox { file, .. } => cluster_at(&format!("sandbox:{}", file.display())),
        };
        let others = connection.others.iter().map(|url| cluster_at(url.as_str()));
        // one cluster may have several names
        for place in others.chain([first]).chain(uuids[index].clone()) {
            places.entry((place, project(config))).or_default().insert(index);
        }
    }
    let alike: BTreeSet<BTreeSet<usize>> = places.into_values().filter(|alike| alike.len() > 1).collect();
    for alike in alike {
        for index in &alike {
            let others = alike.iter().filter(|other| *other != index);
            let others: Vec<&str> = others.filter_map(|other| configs[*other].environment()).collect();
            let message = format!("its cluster and its project are also those of {}", others.join(", "));
            let hint = "give each its own `url`, or its own `project` and its resources other names";
            if let Came::Planned(plan) = &mut made[*index].0.came {
                plan.problems.push(Finding::about_all(message).hint(hint));
            }
        }
    }
}

/// Says on the screen what failed, where the report that is shown there is for programs.
fn tell_failures(format: Format, outcomes: &[Outcome]) {
    for outcome in outcomes.iter().filter(|_| format != Format::Text) {
        if let Came::Failed(error) = &outcome.came {
            output::tell(&format!("in {}: {}", outcome.environment, error.screen()));
        }
    }
}

fn project(config: &Config) -> &str {
    config.project.as_deref().unwrap_or(UNNAMED)
}

impl Asked {
    /// What is asked of the plans of several environments.
    fn of_all(plans: &[&Plan]) -> Self {
        let places =
            plans.iter().map(|plan| render::words::cluster(plan.environment.as_deref(), &plan.server));
        Self {
            place: places.collect::<Vec<_>>().join(", "),
            adoptions: plans.iter().map(|plan| adoptions(plan)).sum(),
        }
    }
}

//! Replays the recorded answers of real servers (`tests/conformance`) over HTTP, step by step: in the sandbox for every
//! line, and on a live server when the environment names one. `ALERTFORM_TEST_ONLY=TEXT` replays but the scenarios
//! whose path contains the text.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a replay that cannot be set up shall fail")]

mod live;
mod matcher;
mod run;
mod sandbox;
mod scenario;
mod server;

use std::collections::BTreeSet;

use alertform::api::line::Line;

use self::run::{Mismatch, Outcome};
use self::scenario::{Exception, Scenario};

/// The recorded servers without users, and the lines whose sandbox answers for them.
const SERVERS: [(&str, Line); 4] = [
    ("odfe-1.13", Line::Odfe),
    ("opensearch-1.3", Line::V1_3),
    ("opensearch-2.19", Line::V2_19),
    ("opensearch-3.8", Line::V3),
];

/// Recordings with a mistake in them: the requests of `execute/cluster` do not ask what was answered.
const MISTAKEN: [&str; 1] = ["/execute/cluster"];

#[tokio::test]
async fn sandbox_answers_as_open_distro_did() {
    replay_in_sandbox(SERVERS[0]).await;
}

#[tokio::test]
async fn sandbox_answers_as_opensearch_1_3_did() {
    replay_in_sandbox(SERVERS[1]).await;
}

#[tokio::test]
async fn sandbox_answers_as_opensearch_2_19_did() {
    replay_in_sandbox(SERVERS[2]).await;
}

#[tokio::test]
async fn sandbox_answers_as_opensearch_3_8_did() {
    replay_in_sandbox(SERVERS[3]).await;
}

#[tokio::test]
async fn live_server_answers_as_recorded() {
    let server = match live::server() {
        Ok(server) => server,
        Err(reason) => return println!("skipped: {reason}"),
    };
    let recordings = live::recordings(&server).await;
    let mut tally = Tally::default();
    live::wipe(&server, None).await;
    let (harmless, harmful): (Vec<_>, Vec<_>) =
        chosen(recordings).into_iter().partition(|scenario| !scenario.is_unanswered());
    // where a server once did not answer it may never do so again
    for scenario in harmless.into_iter().chain(harmful) {
        if MISTAKEN.iter().any(|mistaken| scenario.path.ends_with(mistaken)) {
            println!("passed over: {}, which no server gives back", scenario.path);
            continue;
        }
        tally.add(&scenario, run::run(&scenario, &server, &[]).await, &[]);
        live::wipe(&server, Some(&scenario)).await;
    }
    tally.conclude(recordings);
}

#[test]
fn exceptions_name_recorded_scenarios_once() {
    let recorded: BTreeSet<String> =
        SERVERS.iter().flat_map(|(server, _)| scenario::load(server)).map(|scenario| scenario.path).collect();
    let mut seen = BTreeSet::new();
    for exception in scenario::load_exceptions() {
        assert!(
            recorded.contains(&exception.scenario),
            "exceptions.txt: {} is not recorded",
            exception.scenario
        );
        assert!(
            seen.insert((exception.scenario.clone(), exception.step)),
            "exceptions.txt: {exception:?} twice"
        );
    }
}

async fn replay_in_sandbox((recordings, line): (&str, Line)) {
    let exceptions = scenario::load_exceptions();
    let http = server::http().build().unwrap();
    let mut tally = Tally::default();
    for scenario in chosen(recordings) {
        let excepted: Vec<&Exception> =
            exceptions.iter().filter(|other| other.scenario == scenario.path).collect();
        let steps: Vec<usize> = excepted.iter().filter_map(|exception| exception.step).collect();
        let server = sandbox::start(line, http.clone()).await;
        tally.add(&scenario, run::run(&scenario, &server, &steps).await, &excepted);
    }
    tally.conclude(recordings);
}

fn chosen(recordings: &str) -> Vec<Scenario> {
    let only = std::env::var("ALERTFORM_TEST_ONLY").unwrap_or_default();
    scenario::load(recordings).into_iter().filter(|scenario| scenario.path.contains(&only)).collect()
}

/// The sum of the outcomes, and all that has to be told.
#[derive(Default)]
struct Tally {
    scenarios: usize,
    steps: usize,
    excepted_scenarios: usize,
    excepted_steps: usize,
    mismatches: Vec<Mismatch>,
    /// Exceptions that are none any more.
    pass: Vec<String>,
}

impl Tally {
    fn add(&mut self, scenario: &Scenario, outcome: Outcome, excepted: &[&Exception]) {
        let Outcome { steps, excepted: held, mismatch } = outcome;
        let whole = excepted.iter().any(|exception| exception.step.is_none());
        match mismatch {
            Some(_) if whole => {
                self.excepted_scenarios += 1;
                return;
            }
            Some(mismatch) => self.mismatches.push(mismatch),
            None => {
                let passing =
                    |exception: &&&Exception| exception.step.is_none_or(|step| !held.contains(&step));
                self.pass.extend(excepted.iter().filter(passing).map(|exception| match exception.step {
                    Some(step) => format!("{}:{step}", scenario.path),
                    None => scenario.path.clone(),
                }));
            }
        }
        self.scenarios += 1;
        self.steps += steps;
        self.excepted_steps += held.len();
    }

    /// Prints the counts, and fails with the first mismatches.
    fn conclude(self, recordings: &str) {
        let Tally { scenarios, steps, excepted_scenarios, excepted_steps, mismatches, pass } = self;
        println!(
            "{recordings}: replayed {scenarios} scenarios ({steps} steps); \
             excepted {excepted_scenarios} scenarios and {excepted_steps} single steps"
        );
        for mismatch in mismatches.iter().take(8) {
            println!("\n{mismatch}");
        }
        if mismatches.len() > 8 {
            println!("all of them:");
        }
        for mismatch in mismatches.iter().filter(|_| mismatches.len() > 8) {
            println!("  {}:{}", mismatch.scenario, mismatch.step);
        }
        for exception in &pass {
            println!("strike {exception} from exceptions.txt: it passes");
        }
        assert!(
            mismatches.is_empty() && pass.is_empty(),
            "{recordings}: {} scenarios answered otherwise than recorded, {} exceptions without need",
            mismatches.len(),
            pass.len()
        );
    }
}

//! Measures plan and apply in many clusters from one repository, each a sandbox that is twenty milliseconds away; asserts
//! nothing.

#![expect(clippy::print_stdout, clippy::print_stderr, reason = "whoever measures looks at the screen")]

mod project;

use std::collections::HashMap;
use std::error::Error;
use std::fmt::Write;
use std::fs;
use std::path::Path;
use std::process::{Command, ExitCode, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use alertform::api::line::Line;
use alertform::sandbox::exchange::{Rendered, Request};
use alertform::sandbox::server::Sandbox;
use alertform::sandbox::state::{Clock, State};
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{self, header};
use project::{Project, TOKEN};
use tokio::net::TcpListener;

/// What can go wrong here is told to whoever measures, and never handled.
type Result<T> = std::result::Result<T, Box<dyn Error>>;

const CLUSTERS: [usize; 3] = [1, 10, 50];
const MONITORS: usize = 200;
const ROUND_TRIP: Duration = Duration::from_millis(20);
const RUNS: usize = 5;

fn main() -> ExitCode {
    match measure() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn measure() -> Result<()> {
    let dir = tempfile::tempdir()?;
    let project = Project::write(dir.path(), "bench-", MONITORS)?;
    println!(
        "{MONITORS} monitors a cluster, a round trip of {} ms, medians of {RUNS} runs (lowest to highest)\n",
        ROUND_TRIP.as_millis()
    );
    println!("| clusters | what | time | of it computing | peak memory | requests under way at once |");
    println!("|---|---|---|---|---|---|");
    let mut edition = 0;
    // sizes may be named: `cargo bench --bench fleet -- 5 50`
    let named: Vec<usize> = std::env::args().filter_map(|argument| argument.parse().ok()).collect();
    let sizes = if named.is_empty() { CLUSTERS.to_vec() } else { named };
    for clusters in sizes {
        let fleet = Fleet::start(clusters)?;
        fs::write(dir.path().join("alertform.yaml"), fleet.project_file())?;
        row(clusters, "apply (all new)", &[run(dir.path(), &["apply", "--yes"])?], &fleet);
        // the first one lets the clusters remember their answers
        run(dir.path(), &["plan", "--detailed-exitcode"])?;
        let mut plans = Vec::new();
        for _ in 0..RUNS {
            plans.push(run(dir.path(), &["plan", "--detailed-exitcode"])?);
        }
        row(clusters, "plan (nothing to do)", &plans, &fleet);
        let mut applies = Vec::new();
        for _ in 0..RUNS {
            edition += 1;
            project.change(2, edition)?;
            applies.push(run(dir.path(), &["apply", "--yes"])?);
        }
        row(clusters, "apply (1 % changed)", &applies, &fleet);
    }
    Ok(())
}

/// What one run took.
struct Run {
    time: Duration,
    /// On all cores, where the system tells.
    computing: Option<Duration>,
    peak: Option<u64>,
}

fn run(dir: &Path, arguments: &[&str]) -> Result<Run> {
    let mut command = Command::new(env!("CARGO_BIN_EXE_alertform"));
    command.args(arguments).args(["--env", "all", "--dir"]).arg(dir).env_clear().env(TOKEN.0, TOKEN.1);
    let screen = fs::File::create(dir.join("screen.txt"))?;
    let began = Instant::now();
    let mut child = command.stdin(Stdio::null()).stdout(screen.try_clone()?).stderr(screen).spawn()?;
    let (mut peak, mut computing) = (None, None);
    let status = loop {
        let told = fs::read_to_string(format!("/proc/{}/status", child.id())).unwrap_or_default();
        let line = told.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let kibibytes = line.and_then(|line| line.trim().strip_suffix("kB")?.trim().parse::<u64>().ok());
        peak = peak.max(kibibytes);
        computing = computing.max(computed(child.id()));
        if let Some(status) = child.try_wait()? {
            break status;
        }
        std::thread::sleep(Duration::from_millis(2));
    };
    let time = began.elapsed();
    if !status.success() {
        return Err(format!("{status}:\n{}", fs::read_to_string(dir.join("screen.txt"))?).into());
    }
    Ok(Run { time, computing, peak })
}

/// What a process has computed so far, on all cores.
fn computed(process: u32) -> Option<Duration> {
    const TICK: Duration = Duration::from_millis(10);
    let stat = fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
    let mut fields = stat.rsplit_once(')')?.1.split_whitespace().skip(11);
    let (user, system): (u32, u32) = (fields.next()?.parse().ok()?, fields.next()?.parse().ok()?);
    Some(TICK * (user + system))
}

fn row(clusters: usize, what: &str, runs: &[Run], fleet: &Fleet) {
    let mut times: Vec<u128> = runs.iter().map(|run| run.time.as_millis()).collect();
    times.sort_unstable();
    let peak = runs.iter().filter_map(|run| run.peak).max();
    let peak = peak.map_or("not measured".to_owned(), |peak| format!("{} MiB", peak / 1024));
    let mut computing: Vec<u128> = runs.iter().filter_map(|run| Some(run.computing?.as_millis())).collect();
    computing.sort_unstable();
    let computing = computing
        .get(computing.len() / 2)
        .map_or("not measured".to_owned(), |computing| format!("{computing} ms"));
    let (low, high) = (times.first().copied().unwrap_or_default(), times.last().copied().unwrap_or_default());
    let most = fleet.most.swap(0, Ordering::Relaxed);
    println!(
        "| {clusters} | {what} | {} ms ({low} to {high}) | {computing} | {peak} | {most} |",
        times[times.len() / 2]
    );
}

/// The clusters, on one thread of their own.
struct Fleet {
    urls: Vec<String>,
    most: Arc<AtomicUsize>,
}

impl Fleet {
    fn start(clusters: usize) -> Result<Self> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let (under_way, most) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
        let mut urls = Vec::new();
        let mut servers = Vec::new();
        for _ in 0..clusters {
            let listener = runtime.block_on(TcpListener::bind(("127.0.0.1", 0)))?;
            urls.push(format!("http://{}", listener.local_addr()?));
            let state = State::new(Line::V2_19, Clock::System);
            let sandbox = Arc::new(Mutex::new((Sandbox { state, journal: None }, Remembered::new())));
            let (under_way, most) = (Arc::clone(&under_way), Arc::clone(&most));
            let app = Router::new().fallback(move |request| {
                answer(Arc::clone(&sandbox), Arc::clone(&under_way), Arc::clone(&most), request)
            });
            servers.push((listener, app));
        }
        std::thread::spawn(move || {
            runtime.block_on(async {
                for (listener, app) in servers {
                    tokio::spawn(async move { axum::serve(listener, app).await });
                }
                std::future::pending::<()>().await;
            });
        });
        Ok(Self { urls, most })
    }

    fn project_file(&self) -> String {
        let mut text = "project: bench\nenvironments:\n".to_owned();
        for (number, url) in self.urls.iter().enumerate() {
            // writing to a `String` cannot fail
            let _ = writeln!(text, "  cluster-{number:02}: {{url: '{url}'}}");
        }
        text
    }
}

/// What was answered since the last write, so that a cluster costs next to nothing of the machine that it shares with the
/// program.
type Remembered = HashMap<(String, Vec<u8>), Rendered>;

async fn answer(
    sandbox: Arc<Mutex<(Sandbox, Remembered)>>,
    under_way: Arc<AtomicUsize>,
    most: Arc<AtomicUsize>,
    request: http::Request<Body>,
) -> http::Response<Body> {
    most.fetch_max(under_way.fetch_add(1, Ordering::Relaxed) + 1, Ordering::Relaxed);
    tokio::time::sleep(ROUND_TRIP).await;
    let (parts, body) = request.into_parts();
    let bytes = to_bytes(body, usize::MAX).await.unwrap_or_default();
    let text =
        |name| parts.headers.get(name).map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned());
    let uri = parts.uri.path_and_query().map_or("/", http::uri::PathAndQuery::as_str);
    let request = Request {
        user_agent: text(header::USER_AGENT),
        content_type: text(header::CONTENT_TYPE),
        accept: text(header::ACCEPT),
        ..Request::new(parts.method.as_str(), uri, bytes)
    };
    let is_read = request.method == "GET" || uri.ends_with("/_search");
    let key = (format!("{} {uri}", request.method), request.body.clone());
    let Rendered { status, location: _, content_type, body } = {
        let mut shared = sandbox.lock().unwrap_or_else(PoisonError::into_inner);
        let (sandbox, remembered) = &mut *shared;
        if !is_read {
            remembered.clear();
            sandbox.answer(&request)
        } else if let Some(rendered) = remembered.get(&key) {
            rendered.clone()
        } else {
            let rendered = sandbox.answer(&request);
            remembered.insert(key, rendered.clone());
            rendered
        }
    };
    under_way.fetch_sub(1, Ordering::Relaxed);
    let response = http::Response::builder().status(status).header(header::CONTENT_TYPE, content_type);
    response.body(Body::from(body)).unwrap_or_default()
}

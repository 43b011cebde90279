//! Runs processes and takes their time from start to end, or their peak memory.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use super::{Result, floor, project};

/// The variables that reach the processes: nothing else of the environment can change what they do.
const PASSED_ON: [&str; 2] = ["ALERTFORM_USERNAME", "ALERTFORM_PASSWORD"];

/// The program, on one project.
#[derive(Debug)]
pub struct Program {
    /// The project's folder.
    pub project: PathBuf,
    /// Where screens and scripts are put.
    pub scratch: PathBuf,
}

impl Program {
    /// The program with `arguments`, on the cluster at `url`.
    pub fn command(&self, url: &str, arguments: &[String]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_alertform"));
        command.args(arguments).arg("--dir").arg(&self.project).env_clear();
        command.envs(passed_on()).env("ALERTFORM_URL", url).env(project::TOKEN.0, project::TOKEN.1);
        command
    }

    /// The floor, which sends a script to the cluster at `url`.
    pub fn floor(url: &str, script: &Path) -> Result<Command> {
        let mut command = Command::new(std::env::current_exe()?);
        command.arg(floor::ARGUMENT).arg(url).arg(script).env_clear().envs(passed_on());
        Ok(command)
    }

    /// Runs to the end and gives the time from start to end.
    pub fn time(&self, command: Command, exit: i32) -> Result<Duration> {
        let began = Instant::now();
        let mut child = self.spawn(command)?;
        let status = child.wait()?;
        let took = began.elapsed();
        self.must_be(exit, status)?;
        Ok(took)
    }

    /// Runs to the end and gives the most memory that was resident, in bytes; `None` where the system does not tell.
    ///
    /// The system's own high-water mark is looked at until the end, so only growth in the last moment can be missed.
    pub fn peak(&self, command: Command, exit: i32) -> Result<Option<u64>> {
        let mut child = self.spawn(command)?;
        let mut peak = None;
        let status = loop {
            peak = peak.max(high_water_mark(&child));
            if let Some(status) = child.try_wait()? {
                break status;
            }
            std::thread::sleep(Duration::from_millis(1));
        };
        self.must_be(exit, status)?;
        Ok(peak)
    }

    fn spawn(&self, mut command: Command) -> Result<Child> {
        let screen = File::create(self.screen())?;
        command.stdin(Stdio::null()).stdout(screen.try_clone()?).stderr(screen);
        Ok(command.spawn()?)
    }

    fn must_be(&self, exit: i32, status: ExitStatus) -> Result<()> {
        if status.code() == Some(exit) {
            return Ok(());
        }
        let screen = fs::read_to_string(self.screen())?;
        let end: Vec<&str> = screen.lines().rev().take(20).collect();
        let end: Vec<&str> = end.into_iter().rev().collect();
        Err(format!("expected exit code {exit}, found {status}:\n{}", end.join("\n")).into())
    }

    fn screen(&self) -> PathBuf {
        self.scratch.join("screen")
    }
}

fn passed_on() -> impl Iterator<Item = (&'static str, String)> {
    PASSED_ON.into_iter().filter_map(|name| Some((name, std::env::var(name).ok()?)))
}

fn high_water_mark(child: &Child) -> Option<u64> {
    let status = fs::read_to_string(format!("/proc/{}/status", child.id())).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kibibytes: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kibibytes * 1024)
}

//! Helper commands that give secrets: `${cmd:NAME ARGUMENT…}`, where `commands` in `alertform.yaml` says what NAME runs.
//!
//! Nothing goes through a shell, and what a command prints is secret whatever it is called.

use std::collections::BTreeMap;
use std::io::Read;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex, OnceLock, PoisonError, mpsc};
use std::thread;
use std::time::{Duration, Instant};

use super::fields::{Fields, texts};
use super::finding::Finding;
use super::report::Report;
use super::words::{listed, nearest};
use super::yaml::Entry;
use crate::model::secret::{Secret, without_line_break};

/// The commands of a project, and what they have said in this run.
#[derive(Debug, Default)]
pub struct Commands {
    allowed: BTreeMap<String, Vec<String>>,
    said: Mutex<BTreeMap<String, Said>>,
}

/// What a command has said, once it has.
type Said = Arc<OnceLock<Result<Secret, String>>>;

/// A command that has not ended by then is ended.
const LONGEST: Duration = Duration::from_secs(60);

impl Commands {
    /// Reads the commands at an entry of `alertform.yaml`: a program with its first arguments for each name.
    pub fn read(entry: &Entry, report: &Report) -> Self {
        let keys: Vec<&str> = entry.value.entries().iter().map(|entry| entry.key.as_str()).collect();
        let mut allowed = BTreeMap::new();
        if Fields::of(&entry.value, "`commands`", &keys, report).is_some() {
            for entry in entry.value.entries() {
                let words = texts(&entry.value, &entry.key, report).unwrap_or_default();
                let is_name = entry.key.chars().all(|c| c.is_ascii_alphanumeric() || "-_".contains(c));
                if !is_name || entry.key.is_empty() {
                    let message = format!("`{}` is no name of a command", entry.key);
                    report.error(
                        Finding::at(&entry.place, message).hint("as `vault: [vault, kv, get, -field=value]`"),
                    );
                } else if words.is_empty() {
                    let message = format!("`{}` runs nothing", entry.key);
                    report.error(
                        Finding::at(&entry.place, message).hint("as `vault: [vault, kv, get, -field=value]`"),
                    );
                } else {
                    allowed.insert(entry.key.clone(), words);
                }
            }
        }
        Self { allowed, said: Mutex::default() }
    }

    /// The program of a command, with its first arguments, if it is allowed.
    pub fn allowed(&self, text: &str) -> Result<&[String], Finding> {
        let name = text.split_whitespace().next().unwrap_or_default();
        self.allowed.get(name).map(Vec::as_slice).ok_or_else(|| {
            let known: Vec<&str> = self.allowed.keys().map(String::as_str).collect();
            let hint = match nearest(name, known.iter().copied()) {
                Some(near) => format!("did you mean `${{cmd:{near} …}}`?"),
                None if known.is_empty() => {
                    "`commands: {NAME: [PROGRAM, ARGUMENT]}` in `alertform.yaml` allows one by name"
                        .to_owned()
                }
                None => format!("allowed are {}", listed(&known)),
            };
            Finding::about_all(format!("no command `{name}` is allowed")).hint(hint)
        })
    }

    /// What a command prints, without the line break at its end; each is run once.
    pub fn run(&self, text: &str, dir: &Path) -> Result<Secret, Finding> {
        let program = self.allowed(text)?;
        let mut words = text.split_whitespace();
        let name = words.next().unwrap_or_default();
        let key = text.split_whitespace().collect::<Vec<_>>().join(" ");
        let said =
            Arc::clone(self.said.lock().unwrap_or_else(PoisonError::into_inner).entry(key).or_default());
        // whoever comes while it runs waits for what it says
        let outcome = said.get_or_init(|| {
            let arguments = program.iter().skip(1).map(String::as_str).chain(words);
            output(&program[0], arguments, dir)
        });
        outcome.clone().map_err(|reason| {
            Finding::about_all(format!("the command `{name}` {reason}"))
                .hint("run it by hand in the project's folder: what it prints on stderr is not shown here, since it may be secret")
        })
    }
}

fn output<'a>(program: &str, arguments: impl Iterator<Item = &'a str>, dir: &Path) -> Result<Secret, String> {
    let mut command = Command::new(program);
    command
        .args(arguments)
        .current_dir(dir)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null());
    let mut child = command.spawn().map_err(|error| format!("cannot be run: {error}"))?;
    let mut stdout = child.stdout.take();
    // a pipe that nobody reads would stop it, and one that a process of its own holds would never end
    let (send, read) = mpsc::channel();
    thread::spawn(move || {
        let mut bytes = Vec::new();
        let read = stdout.as_mut().map_or(Ok(0), |stdout| stdout.read_to_end(&mut bytes));
        // whoever waited may have gone
        let _ = send.send(read.map(|_| bytes));
    });
    let began = Instant::now();
    let status = wait(&mut child, began)?;
    let bytes = read.recv_timeout(LONGEST.saturating_sub(began.elapsed()));
    let bytes = bytes.map_err(|_| late())?.map_err(|error| format!("cannot be read: {error}"))?;
    if !status.success() {
        return Err(format!("failed: {status}"));
    }
    let text = String::from_utf8(bytes).map_err(|_| "printed no text in UTF-8".to_owned())?;
    let text = without_line_break(&text);
    if text.is_empty() { Err("printed nothing".to_owned()) } else { Ok(Secret::new(text)) }
}

fn late() -> String {
    format!("did not end within {} s", LONGEST.as_secs())
}

fn wait(child: &mut Child, began: Instant) -> Result<std::process::ExitStatus, String> {
    loop {
        match child.try_wait() {
            Ok(Some(status)) => return Ok(status),
            Ok(None) if began.elapsed() > LONGEST => {
                // whether that works or not, it is given up
                let _ = child.kill();
                let _ = child.wait();
                return Err(late());
            }
            Ok(None) => thread::sleep(Duration::from_millis(5)),
            Err(error) => return Err(format!("cannot be waited for: {error}")),
        }
    }
}

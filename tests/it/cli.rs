//! Runs the real binary on a project of its own, in a cleared environment, and shows the user's whole screen.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on shall fail")]

use std::fmt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use tempfile::TempDir;

/// A project in a folder of its own, and how the binary is run on it.
pub struct Cli {
    dir: TempDir,
    variables: Vec<(String, String)>,
}

/// All that the user sees of one run.
pub struct Screen {
    /// The exit code.
    pub code: Option<i32>,
    /// Data.
    pub stdout: String,
    /// Talk.
    pub stderr: String,
}

impl Cli {
    /// Lays the files out, each a path and a text.
    pub fn new(files: &[(&str, &str)]) -> Self {
        let cli = Self { dir: tempfile::tempdir().unwrap(), variables: Vec::new() };
        for (path, text) in files {
            cli.write(path, text);
        }
        cli
    }

    /// Writes a file of the project.
    pub fn write(&self, path: &str, text: &str) {
        let path = self.path(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }

    /// Reads a file of the project.
    pub fn read(&self, path: &str) -> String {
        std::fs::read_to_string(self.path(path)).unwrap()
    }

    /// Replaces a piece of a file that must be there.
    pub fn edit(&self, path: &str, before: &str, after: &str) {
        let text = self.read(path);
        assert!(text.contains(before), "`{before}` is not in {path}:\n{text}");
        self.write(path, &text.replace(before, after));
    }

    /// The path of a file of the project.
    pub fn path(&self, path: &str) -> PathBuf {
        self.dir.path().join(path)
    }

    /// The project's folder.
    pub fn dir(&self) -> &Path {
        self.dir.path()
    }

    /// Sets a variable of the environment for all runs to come.
    pub fn set(&mut self, name: &str, value: &str) {
        self.variables.retain(|(other, _)| other != name);
        self.variables.push((name.to_owned(), value.to_owned()));
    }

    /// Runs `alertform` with these arguments in the project's folder.
    pub fn run(&self, arguments: &[&str]) -> Screen {
        let output = self.command(arguments).output().unwrap();
        Screen {
            code: output.status.code(),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        }
    }

    /// The same run, yet to begin, for a test that does something to it.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_alertform"));
        command
            .args(arguments)
            .current_dir(self.dir())
            .env_clear()
            .envs(self.variables.iter().map(|(name, value)| (name, value)))
            .stdin(Stdio::null());
        command
    }
}

impl Screen {
    /// The screen of a run that must have ended with `code`.
    pub fn must_exit(self, code: i32) -> Self {
        assert_eq!(self.code, Some(code), "{self}");
        self
    }
}

impl fmt::Display for Screen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.stdout)?;
        if !self.stderr.is_empty() {
            write!(f, "--- stderr\n{}", self.stderr)?;
        }
        match self.code {
            Some(0) => Ok(()),
            Some(code) => write!(f, "--- exit code {code}"),
            None => write!(f, "--- killed"),
        }
    }
}

/// A screen without the time at which somebody wrote.
pub fn timeless(text: &str) -> String {
    let is_time = |word: &str| word.len() >= 20 && word[..10].matches('-').count() == 2 && word.contains('T');
    let words = |line: &str| {
        let words = line.split(' ').map(|word| if is_time(word) { "TIME" } else { word });
        words.collect::<Vec<_>>().join(" ")
    };
    text.lines().map(words).collect::<Vec<_>>().join("\n")
}

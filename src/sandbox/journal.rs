//! The state file: a line for what it is, then a line of JSON for each change, flushed before the change is answered.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, BufWriter, Read, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::state::{Change, Clock, Home, State};
use crate::api::line::Line;
use crate::private;

/// The version of the format; a file of another one is refused.
const FORMAT: u64 = 1;

/// An open state file. No other process can open it meanwhile: two of them would undo each other's writes.
#[derive(Debug)]
pub struct Journal {
    file: File,
    /// What stood under the name before: whoever opened it just before the rename still finds it locked.
    _before: File,
}

/// Why a state file cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum JournalError {
    /// Reading or writing failed.
    #[error("cannot use the sandbox state file {path}: {cause}")]
    Io {
        /// The file.
        path: PathBuf,
        /// What went wrong.
        cause: io::Error,
    },
    /// Another process has it open.
    #[error("{path} is in use by another sandbox")]
    InUse {
        /// The file.
        path: PathBuf,
    },
    /// The file belongs to a sandbox of another line.
    #[error("{path} is the state of a sandbox of line `{found}`, expected `{expected}`")]
    OtherLine {
        /// The file.
        path: PathBuf,
        /// The line it was made for.
        found: Line,
        /// The line that was asked for.
        expected: Line,
    },
    /// The file was written by another version of the format.
    #[error("{path} has version {found} of the sandbox state format, expected {FORMAT}")]
    OtherFormat {
        /// The file.
        path: PathBuf,
        /// The version of the file.
        found: u64,
    },
    /// The file is something else.
    #[error("{path}:{line}: expected the state of a sandbox, found something else: {cause}")]
    NotAState {
        /// The file.
        path: PathBuf,
        /// The line in it, from 1.
        line: usize,
        /// What the reader said.
        cause: serde_json::Error,
    },
}

#[derive(Serialize, Deserialize)]
struct Header {
    alertform_sandbox: u64,
    line: String,
    cluster_uuid: String,
}

/// Gives the state that a state file holds, or an empty one where there is none, and leaves the file as it is.
///
/// A file keeps its line, as for [`open`]. Another process may go on writing it: what is read is what it wrote until
/// then.
pub fn read(path: &Path, line: Option<Line>, clock: Clock) -> Result<State, JournalError> {
    match fs::read(path) {
        Ok(bytes) => replay(path, &bytes, line, clock),
        Err(cause) if cause.kind() == io::ErrorKind::NotFound => replay(path, &[], line, clock),
        Err(cause) => Err(JournalError::Io { path: path.to_owned(), cause }),
    }
}

/// Opens a state file, or makes it, and gives the state that it holds.
///
/// A file keeps its line; another `line` than that is refused. A new one gets `line`, or the default one. Nobody but
/// its owner may read it. A last line that was cut off by a kill is dropped. The file is rewritten to what is still
/// true, by an atomic rename.
pub fn open(path: &Path, line: Option<Line>, clock: Clock) -> Result<(State, Journal), JournalError> {
    let io = |cause| JournalError::Io { path: path.to_owned(), cause };
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        fs::create_dir_all(folder).map_err(io)?;
    }
    let mut before = OpenOptions::new().read(true).append(true).create(true).open(path).map_err(io)?;
    lock(path, &before)?;
    let mut bytes = Vec::new();
    before.read_to_end(&mut bytes).map_err(io)?;
    let state = replay(path, &bytes, line, clock)?;
    let beside = beside(path);
    // it holds the secrets of all destinations
    let file = private::create(&beside).map_err(io)?;
    lock(path, &file)?;
    write_standing(&file, &state).map_err(io)?;
    fs::rename(&beside, path).map_err(io)?;
    Ok((state, Journal { file, _before: before }))
}

impl Journal {
    /// Appends changes, each a line.
    pub fn append(&mut self, changes: &[Change]) -> io::Result<()> {
        let mut lines = Vec::new();
        for change in changes {
            serde_json::to_writer(&mut lines, change)?;
            lines.push(b'\n');
        }
        self.file.write_all(&lines)?;
        self.file.flush()
    }
}

fn replay(path: &Path, bytes: &[u8], line: Option<Line>, clock: Clock) -> Result<State, JournalError> {
    let not_a_state = |line, cause| JournalError::NotAState { path: path.to_owned(), line, cause };
    let whole = bytes.iter().rposition(|byte| *byte == b'\n').map_or(0, |end| end + 1);
    let mut lines =
        bytes[..whole].split(|byte| *byte == b'\n').enumerate().filter(|(_, line)| !line.is_empty());
    let Some((_, first)) = lines.next() else {
        return Ok(State::new(line.unwrap_or(State::LINE), clock));
    };
    let header: Header = serde_json::from_slice(first).map_err(|cause| not_a_state(1, cause))?;
    if header.alertform_sandbox != FORMAT {
        return Err(JournalError::OtherFormat { path: path.to_owned(), found: header.alertform_sandbox });
    }
    let found =
        header.line.parse().map_err(|_| not_a_state(1, serde::de::Error::custom("an unknown line")))?;
    if let Some(expected) = line.filter(|line| *line != found) {
        return Err(JournalError::OtherLine { path: path.to_owned(), found, expected });
    }
    let mut state = State::new(found, clock);
    state.cluster_uuid = header.cluster_uuid;
    for (number, line) in lines {
        let change = serde_json::from_slice(line).map_err(|cause| not_a_state(number + 1, cause))?;
        state.apply(change);
    }
    Ok(state)
}

fn lock(path: &Path, file: &File) -> Result<(), JournalError> {
    file.try_lock().map_err(|error| match error {
        TryLockError::WouldBlock => JournalError::InUse { path: path.to_owned() },
        TryLockError::Error(cause) => JournalError::Io { path: path.to_owned(), cause },
    })
}

/// Where the file is rewritten before it is moved to its place.
fn beside(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".new");
    PathBuf::from(name)
}

/// Writes what is still true; the file can be appended to afterwards.
fn write_standing(file: &File, state: &State) -> io::Result<()> {
    let mut out = BufWriter::new(file);
    let header = Header {
        alertform_sandbox: FORMAT,
        line: state.line.as_str().to_owned(),
        cluster_uuid: state.cluster_uuid.clone(),
    };
    serde_json::to_writer(&mut out, &header)?;
    out.write_all(b"\n")?;
    for change in standing(state) {
        serde_json::to_writer(&mut out, &change)?;
        out.write_all(b"\n")?;
    }
    out.flush()?;
    file.sync_all()
}

/// Gives the changes that make this state of an empty one.
fn standing(state: &State) -> impl Iterator<Item = Change> {
    let documents = [Home::Config, Home::Channels].into_iter().flat_map(|home| {
        let index = state.index(home);
        let made = index.exists.then_some(Change::Make(home));
        // the last write may have been a deletion: its number must not be given twice
        let last =
            index.next_seq_no().checked_sub(1).map(|seq_no| Change::Delete(home, String::new(), seq_no));
        let puts = index.iter().map(move |(id, document)| Change::Put(home, id.to_owned(), document.clone()));
        made.into_iter().chain(last).chain(puts)
    });
    let indices = state.indices.iter().cloned().map(Change::MakeIndex);
    let settings = state
        .settings
        .iter()
        .map(|(name, value): (&String, &Value)| Change::Set(name.clone(), value.clone()));
    documents.chain(indices).chain(settings)
}

//! One measure: the program recorded once, then program and floor in turn, so that a busy moment hits both.

use std::fs;

use super::Result;
use super::process::Program;
use super::relay::Relay;
use super::script::Script;
use super::server::Server;
use super::table::Row;

/// Something to measure.
pub struct Measure<'a> {
    /// What the table calls it.
    pub name: &'static str,
    /// How the program must end.
    pub exit: i32,
    /// The program's arguments, by the number of the run.
    pub arguments: &'a dyn Fn(usize) -> Vec<String>,
    /// Brings the cluster, the files or the script to where a run begins; its time does not count.
    pub before: &'a mut dyn FnMut(&mut Server, Who, &mut Script) -> Result<()>,
}

/// Who is about to run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Who {
    /// The program.
    Program,
    /// The bare client.
    Floor,
}

/// Measures `runs` times; the cluster ends as a run of the program leaves it.
pub fn measure(
    measure: Measure<'_>,
    program: &Program,
    server: &mut Server,
    runs: usize,
    size: usize,
) -> Result<Row> {
    let Measure { name, exit, arguments, before } = measure;
    let mut script = Script::default();
    before(server, Who::Program, &mut script)?;
    let relay = Relay::start(&server.url)?;
    let peak = program.peak(program.command(&relay.url, &arguments(0)), exit)?;
    script = relay.into_script()?;

    let file = program.scratch.join("script");
    let mut row = Row { size, name, program: Vec::new(), floor: Vec::new(), peak, requests: script.len() };
    for run in 1..=runs {
        before(server, Who::Floor, &mut script)?;
        fs::write(&file, script.write())?;
        row.floor.push(program.time(Program::floor(&server.url, &file)?, 0)?);

        before(server, Who::Program, &mut script)?;
        row.program.push(program.time(program.command(&server.url, &arguments(run)), exit)?);
    }
    Ok(row)
}

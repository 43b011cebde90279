//! Measures the whole program against a cluster, beside a bare client that sends the same requests; asserts no timing.

#![expect(clippy::print_stdout, clippy::print_stderr, reason = "whoever measures looks at the screen")]

mod floor;
mod measure;
mod options;
mod process;
mod project;
mod relay;
mod script;
mod server;
mod table;

use std::error::Error;
use std::path::Path;
use std::process::ExitCode;

use measure::{Measure, Who, measure};
use options::Options;
use process::Program;
use project::Project;
use server::Server;
use table::Row;

/// What can go wrong here is told to whoever measures, and never handled.
type Result<T> = std::result::Result<T, Box<dyn Error>>;

/// What is measured, in this order; every row of the table bears one of these names.
pub const APPLY_ALL: &str = "apply (all new)";
/// A plan that finds nothing to do.
pub const PLAN_NOTHING: &str = "plan (nothing to do)";
/// A plan of a hundredth of all monitors.
pub const PLAN_SOME: &str = "plan (1 % changed)";
/// An apply of one monitor.
pub const APPLY_ONE: &str = "apply (1 changed)";
/// An export of all that there is.
pub const EXPORT: &str = "export";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let outcome = match arguments.as_slice() {
        [first, url, script] if first == floor::ARGUMENT => floor::run(url, Path::new(script)),
        _ => Options::parse(&arguments).and_then(|options| bench(&options)),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn bench(options: &Options) -> Result<()> {
    let mut server = Server::start(options)?;
    let measured = all_sizes(options, &mut server);
    // a real server gets back what it had, also when something failed
    let left = server.leave();
    let rows = measured?;
    left?;
    println!();
    print!("{}", table::aims(&rows));
    Ok(())
}

fn all_sizes(options: &Options, server: &mut Server) -> Result<Vec<Row>> {
    let mut rows = Vec::new();
    print!("{}", table::heading(options));
    for size in &options.sizes {
        server.make_room_for(*size)?;
        one_size(options, *size, server, &mut rows)?;
    }
    Ok(rows)
}

fn one_size(options: &Options, size: usize, server: &mut Server, rows: &mut Vec<Row>) -> Result<()> {
    let scratch = tempfile::tempdir()?;
    let project = Project::write(&scratch.path().join("project"), &server.prefix, size)?;
    let program = Program { project: project.dir.clone(), scratch: scratch.path().to_owned() };
    let mut add = |row: Row| {
        print!("{}", table::line(&row));
        rows.push(row);
    };
    let run =
        |server: &mut Server, measured: Measure<'_>| measure(measured, &program, server, options.runs, size);

    add(run(
        server,
        Measure {
            name: APPLY_ALL,
            exit: 0,
            arguments: &|_| vec!["apply".into(), "--yes".into()],
            before: &mut |server, _, _| server.empty(),
        },
    )?);
    let plan = |_| vec!["plan".to_owned(), "--detailed-exitcode".to_owned()];
    add(run(
        server,
        Measure { name: PLAN_NOTHING, exit: 0, arguments: &plan, before: &mut |_, _, _| Ok(()) },
    )?);
    project.change(size.div_ceil(100), 1)?;
    add(run(server, Measure { name: PLAN_SOME, exit: 2, arguments: &plan, before: &mut |_, _, _| Ok(()) })?);
    project.change(size.div_ceil(100), 0)?;
    let mut edition = 1;
    add(run(
        server,
        Measure {
            name: APPLY_ONE,
            exit: 0,
            arguments: &|_| vec!["apply".into(), "--yes".into()],
            before: &mut |server, who, script| match who {
                Who::Program => {
                    edition += 1;
                    project.change(1, edition)
                }
                Who::Floor => server.renew_guards(script),
            },
        },
    )?);
    let out = |run: usize| scratch.path().join(format!("export-{run}")).display().to_string();
    add(run(
        server,
        Measure {
            name: EXPORT,
            exit: 0,
            arguments: &|run| vec!["export".into(), "--out".into(), out(run)],
            before: &mut |_, _, _| Ok(()),
        },
    )?);
    Ok(())
}

//! What only a terminal sees: the question before an apply, and a bar while it runs.

use std::fs::File;
use std::io::{Read, Write};
use std::os::unix::ffi::OsStrExt;
use std::path::Path;
use std::process::Stdio;

use alertform::api::line::Line;
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};

use crate::cli::Cli;
use crate::cluster::Cluster;

fn project(cluster: &Cluster) -> Cli {
    let mut cli = Cli::new(&[("alertform.yaml", "project: shop\n")]);
    cli.set("ALERTFORM_URL", &cluster.url);
    cli.set("TERM", "xterm");
    for name in ["a", "b", "c"] {
        cli.write(
            &format!("{name}.yaml"),
            &format!(
                "kind: monitor\nname: {name}\nschedule: {{every: 1h}}\nindex: l*\nquery: a\nwindow: none\n"
            ),
        );
    }
    cli
}

/// Runs on a terminal on which somebody types, and gives the exit code and all that the terminal showed.
fn on_terminal(cli: &Cli, arguments: &[&str], typed: &str) -> (Option<i32>, String) {
    let master = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
    grantpt(&master).unwrap();
    unlockpt(&master).unwrap();
    let name = ptsname(&master, Vec::new()).unwrap();
    let slave = File::options()
        .read(true)
        .write(true)
        .open(Path::new(std::ffi::OsStr::from_bytes(name.to_bytes())))
        .unwrap();
    let end = || Stdio::from(slave.try_clone().unwrap());
    let mut command = cli.command(arguments);
    let mut child = command.stdin(end()).stdout(end()).stderr(end()).spawn().unwrap();
    drop(command);
    drop(slave);
    let mut master = File::from(master);
    master.write_all(typed.as_bytes()).unwrap();
    let mut shown = Vec::new();
    // the terminal is gone once nobody holds its other end, which reads as an error
    let _ = master.read_to_end(&mut shown);
    (child.wait().unwrap().code(), String::from_utf8_lossy(&shown).into_owned())
}

#[test]
fn somebody_at_a_terminal_is_asked_and_sees_a_bar() {
    let cluster = Cluster::start(Line::V2_19);
    let cli = project(&cluster);
    let (code, shown) = on_terminal(&cli, &["apply"], "n\n");
    assert_eq!(code, Some(1), "{shown}");
    assert!(shown.contains("Apply this to 127.0.0.1:"), "{shown}");
    assert!(shown.contains("nothing was applied"), "{shown}");
    assert_eq!(cluster.take_writes(), [""; 0]);

    let (code, shown) = on_terminal(&cli, &["apply"], "y\n");
    assert_eq!(code, Some(0), "{shown}");
    // how often it is drawn depends on the time that it takes
    assert!(shown.contains("] 0 of 3") || shown.contains(" of 3  created monitor `"), "{shown}");
    assert!(!shown.contains("\r\ncreated monitor"), "{shown}");
    assert!(shown.contains("applied: 3 created, 0 updated, 0 deleted"), "{shown}");
    assert_eq!(cluster.names_of_monitors(), ["a", "b", "c"]);
}

#[test]
fn what_fails_is_told_in_a_line_above_the_bar() {
    let cluster = Cluster::start(Line::V2_19);
    let cli = project(&cluster);
    cli.edit("b.yaml", "index: l*", "index: missing");
    let (code, shown) = on_terminal(&cli, &["apply", "--yes"], "");
    assert_eq!(code, Some(1), "{shown}");
    assert!(shown.contains("failed monitor `b`\r\n"), "{shown}");
    assert!(shown.contains("applied: 2 created, 0 updated, 0 deleted; 1 failed, 0 not tried"), "{shown}");
}

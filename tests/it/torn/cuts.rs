//! Killed, or cut off, at each request in turn: a second apply makes everything right.

use std::process::Stdio;
use std::sync::mpsc::{Receiver, Sender, channel};

use alertform::api::line::Line;
use alertform::sandbox::state::State;

use super::each;
use super::project::{APPLY, changed, cluster_before, must_be_civil, must_be_whole};
use crate::cluster::{Cluster, Fate};

/// What happens at a request.
#[derive(Clone, Copy, Debug)]
enum Blow {
    /// The process is killed before the server sees the request.
    KillBefore,
    /// The process is killed when the server has done what was asked.
    KillAfter,
    /// The connection is cut before the server sees the request.
    CutBefore,
    /// The connection is cut when the server has done what was asked.
    CutAfter,
}

#[test]
fn an_apply_that_is_killed_or_cut_off_anywhere_is_made_whole_on_open_distro() {
    tear(Line::Odfe);
}

#[test]
fn an_apply_that_is_killed_or_cut_off_anywhere_is_made_whole_on_1_3() {
    tear(Line::V1_3);
}

#[test]
fn an_apply_that_is_killed_or_cut_off_anywhere_is_made_whole_on_2_19() {
    tear(Line::V2_19);
}

#[test]
fn an_apply_that_is_killed_or_cut_off_anywhere_is_made_whole_on_3() {
    tear(Line::V3);
}

fn tear(line: Line) {
    let before = cluster_before(line);
    let cluster = Cluster::resume(before.clone());
    let cli = changed(&cluster);
    cli.run(&APPLY).must_exit(0);
    let requests = cluster.take_requests().len();
    must_be_whole(&cluster, &cli, &before, "untouched");
    assert!(requests > 20, "{requests}");
    let blows = [Blow::KillBefore, Blow::KillAfter, Blow::CutBefore, Blow::CutAfter];
    let all = (0..requests).flat_map(|at| blows.map(|blow| (at, blow))).collect();
    each(all, |(at, blow)| strike(&before, at, blow));
}

fn strike(before: &State, at: usize, blow: Blow) {
    let cluster = Cluster::resume(before.clone());
    let cli = changed(&cluster);
    let what = format!("{}: {blow:?} at request {at}", before.line);
    match blow {
        Blow::KillBefore | Blow::KillAfter => kill(&cluster, &cli, at, matches!(blow, Blow::KillAfter)),
        Blow::CutBefore | Blow::CutAfter => {
            let mut number = 0;
            cluster.interfere(Box::new(move |sandbox, request| {
                number += 1;
                if number != at + 1 {
                    return None;
                }
                if matches!(blow, Blow::CutAfter) {
                    sandbox.answer(request);
                }
                Some(Fate::Cut)
            }));
            // one cut is nothing that a run would not get over by itself
            let screen = cli.run(&APPLY);
            assert_eq!(screen.code, Some(0), "{what}: {screen}");
            must_be_civil(&screen, &what);
            must_be_whole(&cluster, &cli, before, &what);
        }
    }
    cluster.interfere(Box::new(|_, _| None));
    let screen = cli.run(&APPLY);
    assert_eq!(screen.code, Some(0), "{what}: {screen}");
    must_be_whole(&cluster, &cli, before, &what);
}

/// Runs an apply until its request `at` arrives, and kills it then.
fn kill(cluster: &Cluster, cli: &crate::cli::Cli, at: usize, is_done: bool) {
    let (arrive, arrived): (Sender<()>, Receiver<()>) = channel();
    let (dead, died): (Sender<()>, Receiver<()>) = channel();
    let mut number = 0;
    cluster.interfere(Box::new(move |sandbox, request| {
        number += 1;
        if number <= at {
            return None;
        }
        // what was under way beside it was sent, and is done or not
        if number == at + 1 {
            if is_done {
                sandbox.answer(request);
            }
            let _ = arrive.send(());
            let _ = died.recv();
            return Some(Fate::Cut);
        }
        None
    }));
    let mut command = cli.command(&APPLY);
    let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    // fewer requests than at another time come about where two of them overlap; then it ended by itself
    let _ = arrived.recv_timeout(std::time::Duration::from_secs(20));
    let _ = child.kill();
    child.wait().unwrap();
    drop(dead);
}

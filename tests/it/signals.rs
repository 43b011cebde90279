//! What signals do to an apply: the first lets it finish what is under way and report the rest, the second ends it.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, Sender, channel};

use alertform::api::line::Line;

use crate::cli::Cli;
use crate::cluster::Cluster;

/// An apply of three monitors whose first write waits for an answer.
struct Run {
    cluster: Cluster,
    child: Child,
    lines: std::io::Lines<BufReader<std::process::ChildStderr>>,
    answer: Sender<()>,
    _cli: Cli,
}

impl Run {
    /// Starts it, and waits until the first write is under way.
    fn start() -> Self {
        let cluster = Cluster::start(Line::V2_19);
        let monitor =
            "kind: monitor\nname: N\nschedule: {every: 15m}\nindex: logs-*\nquery: a\nwindow: none\n";
        let monitors = ["a", "b", "c"].map(|name| monitor.replace("name: N", &format!("name: {name}")));
        let mut cli = Cli::new(&[("monitors/all.yaml", &monitors.join("---\n"))]);
        cli.set("ALERTFORM_URL", &cluster.url);
        let (arrive, arrived) = channel();
        let (answer, go_on): (Sender<()>, Receiver<()>) = channel();
        cluster.meddle(Box::new(move |_, request| {
            if request.method == "POST" && request.uri.contains("/monitors?") && arrive.send(()).is_ok() {
                // an answer at the latest when the test is over
                let _ = go_on.recv();
            }
            None
        }));
        let mut command = cli.command(&["apply", "--yes"]);
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let lines = BufReader::new(child.stderr.take().unwrap()).lines();
        arrived.recv().unwrap();
        drop(arrived);
        Self { cluster, child, lines, answer, _cli: cli }
    }

    /// Sends a signal.
    fn signal(&self, name: &str) {
        let kill = format!("kill -s {name} {}", self.child.id());
        assert!(Command::new("sh").args(["-c", &kill]).status().unwrap().success());
    }

    /// Waits until the program says that it heard the signal.
    fn wait_until_heard(&mut self) {
        let line = self.lines.next().unwrap().unwrap();
        assert_eq!(line, "interrupted: finishing what is under way; a second signal ends it at once");
    }

    /// Lets the first write be answered, and waits for the end.
    fn end(self) -> (ExitStatus, String, Vec<String>) {
        let Self { cluster, child, lines: _lines, answer, _cli } = self;
        drop(answer);
        let output = child.wait_with_output().unwrap();
        (output.status, String::from_utf8(output.stdout).unwrap(), cluster.take_requests())
    }
}

#[test]
fn the_first_signal_lets_an_apply_finish_what_is_under_way_and_report_the_rest() {
    for signal in ["INT", "TERM"] {
        let mut run = Run::start();
        run.signal(signal);
        run.wait_until_heard();
        let (status, stdout, requests) = run.end();
        assert_eq!(status.code(), Some(1), "{signal}: {stdout}");
        let report: Vec<&str> = stdout.lines().skip_while(|line| !line.starts_with("not tried")).collect();
        assert_eq!(
            report,
            [
                "not tried: monitors/all.yaml:8:1: monitor `b`: interrupted",
                "  hint: run it again: what is done is not done again",
                "  and so monitor `c`",
                "applied: 1 created, 0 updated, 0 deleted; 0 failed, 2 not tried",
            ],
            "{signal}"
        );
        let writes = requests.iter().filter(|request| request.contains("/monitors?"));
        assert_eq!(writes.count(), 1, "{signal}: {requests:?}");
    }
}

#[test]
fn the_second_signal_ends_an_apply_at_once() {
    for (first, second, code) in [("INT", "INT", 130), ("TERM", "TERM", 143), ("INT", "TERM", 143)] {
        let mut run = Run::start();
        run.signal(first);
        run.wait_until_heard();
        run.signal(second);
        let status = run.child.wait().unwrap();
        assert_eq!(status.code(), Some(code), "{first} {second}");
        run.end();
    }
}

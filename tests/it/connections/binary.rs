//! The same through the real program: what the user sees, and what the environment does.

use insta::assert_snapshot;

use super::certificates::Authority;
use super::server::{Reply, Server};
use crate::cli::Cli;

fn root() -> Reply {
    Reply::json(418, r#"{"error":"a teapot"}"#)
}

#[test]
fn the_screen_of_a_failure_and_of_a_log() {
    let server = Server::start(&[root()]);
    let screen = Cli::new(&[]).run(&["export", "--out", "out", "--url", &server.url(), "-v"]).must_exit(1);
    assert_eq!(screen.stdout, "");
    let took = regex(&screen.stderr);
    assert_snapshot!(took, @r"
    GET / -> 418 (N ms)
    error: GET / was answered with 418: a teapot
      hint: correct what the server names, and run it again
    ");
}

/// The times in a log, which differ from run to run, as `N`.
fn regex(text: &str) -> String {
    let mut words: Vec<String> = Vec::new();
    for line in text.lines() {
        let line = match line.split_once(" (") {
            Some((head, tail)) if tail.ends_with(" ms)") => format!("{head} (N ms)"),
            _ => line.to_owned(),
        };
        words.push(line);
    }
    words.join("\n")
}

#[test]
fn the_environments_proxy_is_used() {
    let proxy = Server::start(&[root()]);
    let mut cli = Cli::new(&[]);
    cli.set("http_proxy", &proxy.url());
    cli.set("ALERTFORM_URL", "http://search.example:9200");
    cli.run(&["export", "--out", "out"]).must_exit(1);
    assert_eq!(proxy.lines(), ["GET http://search.example:9200/ HTTP/1.1"]);
}

#[test]
fn insecure_is_loud() {
    let authority = Authority::new();
    let server = Server::secure(authority.server(&authority.issue(&["elsewhere"])), &[root()]);
    let screen =
        Cli::new(&[]).run(&["export", "--out", "out", "--url", &server.url(), "--insecure"]).must_exit(1);
    assert_snapshot!(screen.stderr, @r"
    warning: `--insecure`: whoever answers is trusted, and gets the credentials
    error: GET / was answered with 418: a teapot
      hint: correct what the server names, and run it again
    ");
}

#[test]
fn a_machine_without_a_store_of_authorities() {
    let authority = Authority::new();
    let mut cli = Cli::new(&[("empty.pem", ""), ("none/.keep", "")]);
    cli.set("SSL_CERT_FILE", cli.path("empty.pem").to_str().unwrap());
    cli.set("SSL_CERT_DIR", cli.path("none").to_str().unwrap());
    let plain = Server::start(&[root()]);
    let secure = Server::secure(authority.server(&authority.issue(&["127.0.0.1"])), &[root()]);

    cli.run(&["export", "--out", "out", "--url", &plain.url()]).must_exit(1);
    assert_eq!(plain.lines(), ["GET / HTTP/1.1"]);

    let ca = authority.file();
    cli.run(&["export", "--out", "out", "--url", &secure.url(), "--ca", ca.to_str().unwrap()]).must_exit(1);
    assert_eq!(secure.lines(), ["GET / HTTP/1.1"]);

    let screen = cli.run(&["export", "--out", "out", "--url", &secure.url()]).must_exit(1);
    assert_snapshot!(screen.stderr, @"
    error: this machine has no store of authorities to check servers by
      hint: `--ca FILE` names the authorities to trust
    ");
}

#[test]
fn a_wrong_command_line_exits_as_any_error_does() {
    let cli = Cli::new(&[]);
    cli.run(&["plan", "--password", "hunter2"]).must_exit(1);
    cli.run(&["plan", "--timeout", "soon"]).must_exit(1);
    cli.run(&["--help"]).must_exit(0);
    cli.run(&["--version"]).must_exit(0);
}

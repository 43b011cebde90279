//! The Dockerfile: what can be known of it without building it.

use std::path::Path;
use std::process::Command;

use super::machine::repository;

/// Each flag stands in the help of a command of cargo.
pub fn must_be_flags_of_cargo(command: &str, flags: &[&str]) {
    let output = Command::new(env!("CARGO")).args([command, "--help"]).output().unwrap();
    let help = String::from_utf8(output.stdout).unwrap();
    let words: Vec<&str> = help.split(|c: char| c.is_whitespace() || ",[=".contains(c)).collect();
    for flag in flags {
        assert!(words.contains(flag), "`cargo {command}` has no `{flag}`:\n{help}");
    }
}

/// The instructions, each as its words.
fn instructions() -> Vec<Vec<String>> {
    let text = repository("Dockerfile").replace("\\\n", " ");
    let lines = text.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    lines.map(|line| line.split_whitespace().map(str::to_owned).collect()).collect()
}

fn of(name: &str) -> Vec<Vec<String>> {
    let all = instructions().into_iter().filter(|words| words[0] == name);
    all.map(|words| words[1..].to_vec()).collect()
}

#[test]
fn what_the_image_is_made_of_is_there() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let ignored = repository(".dockerignore");
    let (from_build, from_here): (Vec<_>, Vec<_>) =
        of("COPY").into_iter().partition(|words| words[0] == "--from=build");
    let mut copied: Vec<&str> =
        from_here.iter().flat_map(|words| &words[..words.len() - 1]).map(String::as_str).collect();
    copied.sort_unstable();
    for path in &copied {
        assert!(root.join(path).exists(), "{path}");
    }
    // the context is just that
    let mut kept: Vec<&str> = ignored.lines().filter_map(|line| line.strip_prefix('!')).collect();
    kept.sort_unstable();
    assert!(ignored.lines().any(|line| line == "*"), "{ignored}");
    assert_eq!(copied, kept);
    let built = format!("/src/target/release/{}", env!("CARGO_PKG_NAME"));
    assert_eq!(from_build, [["--from=build", &built, "/usr/local/bin/alertform"]]);
    assert!(of("WORKDIR")[0] == ["/src"]);
}

#[test]
fn it_is_built_as_the_manifest_wants_and_runs_as_nobody() {
    let build = of("RUN").remove(0);
    assert_eq!(build[..2], ["cargo", "build"]);
    let flags: Vec<&str> = build[2..].iter().map(String::as_str).collect();
    assert_eq!(flags, ["--release", "--locked"]);
    must_be_flags_of_cargo("build", &flags);
    // the oldest compiler that the manifest allows, and the same system in both stages
    let from = of("FROM");
    let version = env!("CARGO_PKG_RUST_VERSION");
    assert_eq!(from[0][0], format!("rust:{version}-slim-bookworm"));
    assert_eq!(from[1], ["debian:bookworm-slim"]);
    assert_eq!(of("USER"), [["65532:65532"]]);
    assert_eq!(of("ENTRYPOINT"), [["[\"alertform\"]"]]);
}

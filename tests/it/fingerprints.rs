//! Fingerprints of secrets: what is told of a secret that differs, and of a saved plan whose secrets are others by now.

use alertform::api::line::Line;
use insta::assert_snapshot;

use crate::cli::{Cli, timeless};
use crate::cluster::Cluster;

const KEY: &str = "0123456789abcdef0123456789abcdef";

const PROJECT: &str = "\
kind: destination
name: room
custom_webhook: {url: '${ROOM_URL}', header_params: {Authorization: '${ROOM_AUTH}'}}
---
kind: destination
name: hall
slack: {url: '${HALL_URL}'}
";

fn with_key() -> (Cluster, Cli) {
    let cluster = Cluster::start(Line::V2_19);
    let mut cli = Cli::new(&[("alertform.yaml", "project: shop\n"), ("destinations/a.yaml", PROJECT)]);
    cli.set("ALERTFORM_URL", &cluster.url);
    cli.set("ALERTFORM_FINGERPRINT_KEY", KEY);
    cli.set("ROOM_URL", "https://room.example.com/first-planted");
    cli.set("HALL_URL", "https://hooks.slack.com/services/T0/B0/planted");
    cli.set("ROOM_AUTH", "planted-credential");
    (cluster, cli)
}

#[test]
fn two_states_of_a_secret_are_told_apart() {
    let (_cluster, mut cli) = with_key();
    cli.run(&["apply", "--yes"]).must_exit(0);
    cli.set("ROOM_URL", "https://room.example.com/second-planted");
    let plan = cli.run(&["plan"]).must_exit(0).stdout;
    assert_snapshot!(timeless(&plan), @r#"
    plan: 0 to create, 1 to update, 0 to delete; 1 unchanged

    ~ destination `room`: `url`  destinations/a.yaml:1
      ! leads elsewhere
      # last written TIME
        custom_webhook:
      -   url: "*** (9ff29ad1b646)"
      +   url: "*** (d388a65e1281)"
        # 4 lines unchanged
    "#);
    assert_eq!(plan, cli.run(&["plan"]).must_exit(0).stdout);
    cli.set("ALERTFORM_FINGERPRINT_KEY", &KEY.replace('0', "9"));
    assert_ne!(plan, cli.run(&["plan"]).must_exit(0).stdout);
    for format in ["json", "markdown", "github", "gitlab"] {
        let shown = cli.run(&["plan", "--format", format]).must_exit(0).to_string();
        assert!(!shown.contains("planted") && !shown.contains(KEY), "{shown}");
    }
}

#[test]
fn a_saved_plan_whose_secrets_are_others_by_now_is_refused() {
    let (cluster, mut cli) = with_key();
    cli.run(&["plan", "--out", "plan.json"]).must_exit(0);
    let saved = cli.read("plan.json");
    assert!(!saved.contains("planted") && !saved.contains(KEY), "{saved}");

    cli.set("ROOM_AUTH", "planted-credential-2");
    assert_snapshot!(cli.run(&["apply", "plan.json", "--yes"]).must_exit(4).stderr, @r"
    error: nothing was applied: the saved plan is stale: destination `room` would be written with other secrets
      hint: plan again, and have that reviewed
    ");
    cli.set("ROOM_AUTH", "planted-credential");
    cli.set("ALERTFORM_FINGERPRINT_KEY", "");
    assert_snapshot!(cli.run(&["apply", "plan.json", "--yes"]).must_exit(4).stderr, @r"
    error: nothing was applied: the saved plan is stale: destination `hall` was planned with a `fingerprint_key`, unlike now; destination `room` was planned with a `fingerprint_key`, unlike now
      hint: plan again, and have that reviewed
    ");
    assert!(cluster.destinations().is_empty());
    cli.set("ALERTFORM_FINGERPRINT_KEY", KEY);
    cli.run(&["apply", "plan.json", "--yes"]).must_exit(0);
}

#[test]
fn a_key_is_long_and_stands_in_no_file() {
    let (_cluster, mut cli) = with_key();
    cli.set("ALERTFORM_FINGERPRINT_KEY", "short");
    assert_snapshot!(cli.run(&["plan"]).must_exit(1).stderr, @r"
    error: the fingerprint key is shorter than 16 bytes, and could be found by trying
      hint: `openssl rand -hex 32` makes one
    ");
    cli.write("alertform.yaml", "fingerprint_key: 0123456789abcdef\n");
    assert_snapshot!(cli.run(&["plan"]).must_exit(1).stderr, @r"
    error: alertform.yaml:1:1: a fingerprint_key does not belong in the settings
      hint: set `ALERTFORM_FINGERPRINT_KEY`, name a variable: `fingerprint_key: ${NAME}`, or a file: `fingerprint_key_file: /run/secrets/fingerprint_key`
    ");
    cli.set("ALERTFORM_FINGERPRINT_KEY", "");
    cli.write("key", KEY);
    cli.write("alertform.yaml", "fingerprint_key_file: key\n");
    assert!(cli.run(&["plan"]).must_exit(0).stdout.contains("*** ("));
}

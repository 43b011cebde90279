//! What reaches the screen, and what becomes of a run when nobody looks at it any more.

use alertform::api::line::Line;
use serde_json::{Value, json};

use crate::cli::Cli;
use crate::cluster::{Cluster, answer};

/// A project of `count` monitors.
fn project(cluster: &Cluster, count: usize) -> Cli {
    let monitor = |number| {
        format!(
            "kind: monitor\nname: m{number}\nschedule: {{every: 15m}}\nindex: logs-*\nquery: a\nwindow: none\n"
        )
    };
    let monitors: Vec<String> = (0..count).map(monitor).collect();
    let mut cli =
        Cli::new(&[("alertform.yaml", "project: shop\n"), ("monitors/all.yaml", &monitors.join("---\n"))]);
    cli.set("ALERTFORM_URL", &cluster.url);
    cli
}

#[test]
fn failures_with_one_answer_are_told_once() {
    let cluster = Cluster::start(Line::V3);
    let cli = project(&cluster, 20);
    cluster.meddle(Box::new(|_, request| {
        let reason = "no permissions for [indices:data/read/search] and User [name=ann]";
        let body = match request.uri.as_str() {
            uri if !uri.contains("/monitors?") => return None,
            _ if String::from_utf8_lossy(&request.body).contains(r#""name":"m7""#) => {
                json!({"error": "no room"})
            }
            _ => json!({"error": {"type": "security_exception", "reason": reason}, "status": 403}),
        };
        Some(answer(403, body.to_string()))
    }));
    let screen = cli.run(&["apply", "--yes"]).must_exit(1);
    let report: String = screen
        .stdout
        .lines()
        .skip_while(|line| !line.starts_with("failed:"))
        .map(|line| line.to_owned() + "\n")
        .collect();
    insta::assert_snapshot!(report, @r"
    failed: monitors/all.yaml:1:1: monitor `m0`: the permission `indices:data/read/search` is missing for POST /_plugins/_alerting/monitors?refresh=true
      hint: an administrator can add `indices:data/read/search` to a role of the user `ann`
      and with the same answer monitor `m1`, monitor `m10`, monitor `m11`, monitor `m12`, monitor `m13`, monitor `m14`, monitor `m15`, monitor `m16`, monitor `m17`, monitor `m18`, monitor `m19`, monitor `m2`, monitor `m3`, monitor `m4`, monitor `m5`, monitor `m6`, monitor `m8`, monitor `m9`
    failed: monitors/all.yaml:50:1: monitor `m7`: POST /_plugins/_alerting/monitors?refresh=false is forbidden: no room
      hint: an administrator of the cluster can say who may
    applied: 0 created, 0 updated, 0 deleted; 20 failed, 0 not tried
    ");
    assert_eq!(screen.stderr.lines().count(), 20);
}

#[test]
fn names_cannot_steer_a_terminal() {
    let cluster = Cluster::start(Line::V2_19);
    let monitor =
        "kind: monitor\nname: \"a\\e[2J\"\nschedule: {every: 1h}\nindex: l*\nquery: a\nwindow: none\n";
    let mut cli = Cli::new(&[("monitors/m.yaml", monitor)]);
    cli.set("ALERTFORM_URL", &cluster.url);
    let screen = cli.run(&["plan"]).must_exit(0);
    assert!(screen.stdout.contains(r"+ monitor `a\u{1b}[2J`"), "{screen}");
    let screen = cli.run(&["apply", "--yes"]).must_exit(0);
    assert_eq!(screen.stderr, "created monitor `a\\u{1b}[2J`\n");
    let screen = cli.run(&["render"]).must_exit(0);
    let document: Value = serde_json::from_str(&screen.stdout).unwrap();
    assert_eq!(document[0]["name"], "a\u{1b}[2J");
}

#[test]
fn names_cannot_forge_lines() {
    let cluster = Cluster::start(Line::V2_19);
    let monitor = |name: &str, trigger: &str| {
        format!(
            "kind: monitor\nname: {name}\nschedule: {{every: 1h}}\nindex: l*\nquery: a\nwindow: none\ntriggers:\n- name: \
             {trigger}\n  condition: 'true'\n"
        )
    };
    let forged = r#""a\n- destination `ops`  id x\r\n  ! ends: b""#;
    let mut cli =
        Cli::new(&[("alertform.yaml", "project: shop\n"), ("monitors/m.yaml", &monitor(forged, forged))]);
    cli.set("ALERTFORM_URL", &cluster.url);
    let created = cli.run(&["apply", "--yes"]).must_exit(0);
    let told = created.stdout + &created.stderr;
    assert!(!told.lines().any(|line| line.starts_with("- ") || line.starts_with("  ! ends: b")), "{told}");
    cli.write("monitors/m.yaml", &monitor(forged, "other"));
    let plan = cli.run(&["plan"]).must_exit(0);
    insta::assert_snapshot!(plan.stdout, @r#"
    plan: 0 to create, 1 to update, 0 to delete; 0 unchanged

    ~ monitor `a\n- destination `ops`  id x\r\n  ! ends: b`: trigger `a\n- destination `ops`  id x\r\n  ! ends: b` goes; new trigger `other`  monitors/m.yaml:1
      # ends: active alerts of trigger `a\n- destination `ops`  id x\r\n  ! ends: b`, with their acknowledgements and throttles; `previous_names` keeps them for one that is renamed (none is active now)
        triggers:
      -   - name: |-
      -       a
      -       - destination `ops`  id x␍
      -         ! ends: b
      -     severity: 1
      -     condition: "true"
      +   - name: other
      +     severity: 1
      +     condition: "true"
        # 9 lines unchanged
    "#);
    cli.write("monitors/m.yaml", &monitor("m", "t"));
    let plan = cli.run(&["plan", "--prune"]).must_exit(0).stdout;
    let gone: Vec<&str> = plan.lines().filter(|line| line.starts_with("- ")).collect();
    assert!(matches!(gone.as_slice(), [line] if line.starts_with("- monitor ")), "{plan}");
    cli.write("monitors/m.yaml", &monitor(forged, "t").replace("every: 1h", "every: 1"));
    let broken = cli.run(&["validate"]).must_exit(1);
    insta::assert_snapshot!(broken.stderr, @r"
    error: monitors/m.yaml:3:19: expected a duration for `every`, found the number `1`
      hint: expected a whole number and a unit: `30s`, `15m`, `2h` or `1d`
    ");
}

#[test]
fn programs_read_on_stdout_why_there_is_no_plan() {
    let plan = ["plan", "--format", "json", "--url", "http://127.0.0.1:1", "--retries", "0"];
    let cli = Cli::new(&[(
        "monitors/m.yaml",
        "kind: destination\nname: m\nslack: {url: https://x.example}\ncolour: red\n",
    )]);
    let screen = cli.run(&plan).must_exit(1);
    let document: Value = serde_json::from_str(&screen.stdout).unwrap();
    let problems = document["problems"].as_array().unwrap();
    assert_eq!(document["summary"]["problems"], problems.len());
    assert_eq!(problems[0]["place"], json!({"file": "monitors/m.yaml", "line": 4, "column": 1}));
    assert!(problems[0]["message"].as_str().unwrap().contains("`colour`"), "{screen}");
    for problem in problems {
        assert!(screen.stderr.contains(problem["message"].as_str().unwrap()), "{screen}");
    }

    cli.write(
        "monitors/m.yaml",
        "kind: monitor\nname: m\nschedule: {every: 1h}\nindex: l*\nquery: a\nwindow: none\n",
    );
    let screen = cli.run(&plan).must_exit(1);
    let document: Value = serde_json::from_str(&screen.stdout).unwrap();
    assert_eq!((&document["version"], &document["problems"][0]["place"]), (&json!(1), &Value::Null));

    cli.write("alertform.yaml", "colour: red\n");
    let screen = cli.run(&plan).must_exit(1);
    let document: Value = serde_json::from_str(&screen.stdout).unwrap();
    assert_eq!(document["problems"][0]["place"]["file"], "alertform.yaml");
    assert_eq!(cli.run(&["plan"]).must_exit(1).stdout, "");
}

#[test]
fn an_apply_goes_on_when_nobody_reads_what_it_tells() {
    let cluster = Cluster::start(Line::V2_19);
    let cli = project(&cluster, 20);
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    let mut command = cli.command(&["apply", "--yes", "-v"]);
    command.stdout(writer.try_clone().unwrap()).stderr(writer);
    assert_eq!(command.status().unwrap().code(), Some(0));
    let all = cluster.send("POST", "/_plugins/_alerting/monitors/_search", &json!({"size": 0}).to_string());
    assert_eq!(all["hits"]["total"]["value"], 20);
    cli.run(&["plan", "--detailed-exitcode"]).must_exit(0);
}

#[test]
fn what_is_wrong_with_the_settings_and_with_the_files_is_said_at_once() {
    let cli =
        Cli::new(&[("alertform.yaml", "project: Shop\n"), ("monitors/m.yaml", "kind: monitor\nnme: m\n")]);
    let screen = cli.run(&["validate"]).must_exit(1);
    for expected in
        ["alertform.yaml:1:1: `Shop` is no name of a project", "monitors/m.yaml:2:1: unknown key `nme`"]
    {
        assert!(screen.stderr.contains(expected), "{screen}");
    }
}

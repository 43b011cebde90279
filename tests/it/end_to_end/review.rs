//! What a reviewer is told of a cluster: who moved what, and which alerts are active of what a change ends.

use serde_json::{Value, json};

use super::target::{Target, targets};

const FILES: &str = "kind: monitor
name: ${PREFIX}-m
schedule: {every: 1h}
index: ${PREFIX}-logs*
extraction_query: {size: 0}
triggers:
  - name: always
    severity: 2
    condition: 'true'
";

fn trigger(monitor: &mut Value) -> &mut Value {
    let trigger = &mut monitor["triggers"][0];
    if trigger.get("query_level_trigger").is_some() { &mut trigger["query_level_trigger"] } else { trigger }
}

/// Writes the monitor as another client does that sends all it has read.
fn write(target: &Target, change: impl FnOnce(&mut Value)) {
    let (id, mut monitor) = target.monitors().into_iter().next().unwrap();
    change(&mut monitor);
    target.send("PUT", &format!("{}/monitors/{id}?refresh=true", target.line.alerting()), Some(monitor));
}

#[test]
fn a_plan_marks_each_field_by_who_moved_it_and_a_drift_job_shows_what_others_did() {
    for target in targets() {
        let cli = target.project(&[("m.yaml", FILES)]);
        cli.run(&["apply", "--yes"]).must_exit(0);
        assert_eq!(cli.run(&["plan", "--drift"]).must_exit(0).stdout, "drift: none\n", "{target}");
        write(&target, |monitor| {
            monitor["schedule"]["period"]["interval"] = json!(5);
            trigger(monitor)["severity"] = json!("3");
        });
        cli.edit("m.yaml", "severity: 2", "severity: 1");
        cli.edit("m.yaml", "'true'", "1 > 0");
        let screen = cli.run(&["plan", "--drift", "--format", "json"]).must_exit(2);
        let json: Value = serde_json::from_str(&screen.stdout).unwrap();
        let moved = json!([
            {"field": "schedule", "by": "cluster"},
            {"field": "condition of `always`", "by": "files"},
            {"field": "severity of `always`", "by": "both"},
        ]);
        assert_eq!(json["changes"][0]["drift"]["moved"], moved, "{target}: {screen}");
        cli.run(&["apply", "--yes"]).must_exit(0);
        // as Dashboards does, whose editor rebuilds what stands beside a monitor
        write(&target, |monitor| {
            monitor["ui_metadata"] = json!({"search": {}, "schedule": {}});
            monitor["enabled"] = json!(false);
        });
        let screen = cli.run(&["plan", "--drift"]).must_exit(2);
        assert!(
            screen.stdout.contains("changed in the files or in the cluster: enabled"),
            "{target}: {screen}"
        );
    }
}

#[test]
fn active_alerts_of_what_a_change_ends_are_counted() {
    for target in targets() {
        let cli = target.project(&[("m.yaml", FILES)]);
        cli.run(&["apply", "--yes"]).must_exit(0);
        let (id, _) = target.monitors().into_iter().next().unwrap();
        if target.is_live {
            target.send("PUT", &format!("/{}-logs", target.prefix), None);
            target.send("POST", &format!("{}/monitors/{id}/_execute", target.line.alerting()), None);
            let path = format!("{}/monitors/alerts?monitorId={id}&alertState=ACTIVE", target.line.alerting());
            let deadline = std::time::Instant::now() + std::time::Duration::from_secs(20);
            while target.send("GET", &path, None)["totalAlerts"] != 1 {
                assert!(std::time::Instant::now() < deadline, "{target}: no alert");
                std::thread::sleep(std::time::Duration::from_millis(200));
            }
        }
        cli.edit("m.yaml", "name: always", "name: ever");
        let screen = cli.run(&["plan"]).must_exit(0);
        let active = if target.is_live { "(1 is active now)" } else { "(none is active now)" };
        assert!(screen.stdout.contains(active), "{target}: {screen}");
        let screen = cli.run(&["apply", "--yes", "--limit", "ended_alerts=0"]);
        assert_eq!(screen.code, Some(if target.is_live { 3 } else { 0 }), "{target}: {screen}");
        if target.is_live {
            // renamed, it goes on
            cli.edit("m.yaml", "name: ever", "name: ever\n    previous_names: always");
            cli.run(&["apply", "--yes", "--limit", "ended_alerts=0"]).must_exit(0);
        }
    }
}

#[test]
fn a_channel_that_somebody_deleted_comes_back_under_its_id() {
    let files =
        "kind: destination\nname: ${PREFIX}-ops\nslack: {url: 'https://hooks.slack.com/services/T0/B0/x'}\n";
    let told = "    actions:\n      - {name: tell, destination: \"${PREFIX}-ops\", message: many}\n";
    for target in targets().into_iter().filter(|target| target.line.has_channels()) {
        let cli = target.project(&[("ops.yaml", files), ("m.yaml", &format!("{FILES}{told}"))]);
        cli.run(&["apply", "--yes"]).must_exit(0);
        let (_, monitor) = target.monitors().into_iter().next().unwrap();
        let told = monitor["triggers"][0].to_string();
        let id = told.split("\"destination_id\":\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
        let path = format!("/_plugins/_notifications/configs/{id}");
        target.send("DELETE", &path, None);
        let deadline = std::time::Instant::now() + std::time::Duration::from_secs(20);
        loop {
            let screen = cli.run(&["plan", "--drift"]);
            if screen.stdout.contains("still refers to it") {
                let summary = screen.stdout.lines().next();
                assert_eq!(summary, Some("drift: 1 deleted there"), "{target}: {screen}");
                break;
            }
            assert!(std::time::Instant::now() < deadline, "{target}: {screen}");
        }
        let screen = cli.run(&["apply", "--yes"]).must_exit(0);
        assert!(screen.stdout.contains("applied: 1 created, 0 updated, 0 deleted"), "{target}: {screen}");
        let channel = target.send("GET", &path, None);
        assert_eq!(channel["config_list"][0]["config"]["name"], json!(format!("{}-ops", target.prefix)));
        cli.run(&["plan", "--detailed-exitcode"]).must_exit(0);
    }
}

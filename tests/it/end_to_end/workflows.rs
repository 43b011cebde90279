//! Workflows: they name the monitors that they run, and keep their ids.

use alertform::api::line::Line;
use serde_json::json;

use super::target::{Target, targets};
use crate::cli::Cli;
use crate::cluster::Cluster;

const FILES: &str = r"kind: monitor
name: ${PREFIX}-errors
schedule: {every: 5m}
index: ${PREFIX}-logs
document_queries: [{name: errors, query: 'level:ERROR'}]
triggers: [{name: t, condition: 'query[name=errors]'}]
---
kind: monitor
name: ${PREFIX}-[prod] latency
schedule: {every: 5m}
index: ${PREFIX}-logs
document_queries: [{name: slow, query: 'took:>100'}]
triggers: [{name: t, condition: 'query[name=slow]'}]
---
kind: destination
name: ${PREFIX}-hook
sns: {topic_arn: 'arn:aws:sns:us-east-1:123456789012:alerts'}
---
kind: workflow
name: ${PREFIX}-outage
schedule: {every: 10m}
delegates:
  - ${PREFIX}-errors
  - monitor: ${PREFIX}-[prod] latency
    chained_monitor_findings: ['${PREFIX}-errors']
triggers:
  - name: both
    severity: 2
    condition: monitor[name=${PREFIX}-errors] && !monitor[name=${QUOTED}]
    actions:
      - {name: tell, destination: '${PREFIX}-hook', message: '{{ctx.workflow.name}}'}
";

fn lines_with_workflows() -> impl Iterator<Item = Target> {
    targets().into_iter().filter(|target| target.line.has_channels())
}

#[test]
fn a_workflow_is_made_after_its_monitors_changed_by_the_line_and_goes_before_them() {
    for target in lines_with_workflows() {
        target.send("PUT", &format!("/{}-logs", target.prefix), None);
        let mut cli = target.project(&[("all.yaml", FILES)]);
        cli.set("QUOTED", &format!("\"{}-[prod] latency\"", target.prefix));
        let screen = cli.run(&["apply", "--yes"]).must_exit(0);
        assert!(screen.stdout.contains("applied: 4 created"), "{target}: {screen}");
        let nothing = ["plan", "--detailed-exitcode"];
        let screen = cli.run(&nothing).must_exit(0);
        assert!(screen.stdout.starts_with("plan: nothing to do; 4 unchanged\n"), "{target}: {screen}");
        let before = target.workflows();

        cli.edit("all.yaml", " && !", " || ");
        cli.edit(
            "all.yaml",
            "kind: monitor\nname: ${PREFIX}-errors",
            "kind: monitor\nname: ${PREFIX}-failures\nprevious_names: ['${PREFIX}-errors']",
        );
        cli.edit("all.yaml", "  - ${PREFIX}-errors", "  - ${PREFIX}-failures");
        cli.edit("all.yaml", "findings: ['${PREFIX}-errors']", "findings: ['${PREFIX}-failures']");
        cli.edit("all.yaml", "[name=${PREFIX}-errors]", "[name=${PREFIX}-failures]");
        let screen = cli.run(&["plan"]).must_exit(0);
        let lines = screen.stdout.lines().filter(|line| line.starts_with("  - ") || line.starts_with("  + "));
        // the name of the monitor and the condition, which may take several lines
        assert!(lines.clone().count() >= 4, "{target}: {screen}");
        let is_meant =
            |line: &str| line.contains("name: ") || line.contains("[name=") || line.contains("latency");
        assert!(lines.clone().all(is_meant), "{target}: {screen}");
        cli.run(&["apply", "--yes"]).must_exit(0);
        cli.run(&nothing).must_exit(0);
        let after = target.workflows();
        assert_eq!(before.len(), 1, "{target}");
        assert_eq!(after[0].0, before[0].0, "{target}");
        let trigger = |workflow: &serde_json::Value| {
            let trigger = &workflow["triggers"][0]["chained_alert_trigger"];
            [&trigger["id"], &trigger["actions"][0]["id"]].map(ToString::to_string)
        };
        assert_eq!(trigger(&after[0].1), trigger(&before[0].1), "{target}");

        // it bears no mark, and is the project's by ids that were made from its first name
        cli.edit(
            "all.yaml",
            "name: ${PREFIX}-outage",
            "name: ${PREFIX}-down\nprevious_names: ['${PREFIX}-outage']",
        );
        cli.run(&["apply", "--yes"]).must_exit(0);
        cli.edit("all.yaml", "severity: 2", "severity: 3");
        cli.run(&["apply", "--yes"]).must_exit(0);
        let screen = cli.run(&nothing).must_exit(0);
        assert_eq!(screen.stdout, "plan: nothing to do; 4 unchanged\n", "{target}");
        cli.edit(
            "all.yaml",
            "name: ${PREFIX}-down\nprevious_names: ['${PREFIX}-outage']",
            "name: ${PREFIX}-outage\nprevious_names: ['${PREFIX}-down']",
        );
        cli.run(&["apply", "--yes"]).must_exit(0);

        cli.run(&["export", "--out", "files"]).must_exit(0);
        target.keep_own_files(&cli, "files");
        let text = cli.read(&format!("files/workflows/{}-outage.yaml", target.prefix));
        assert!(text.contains(&format!("  - {}-failures\n", target.prefix)), "{target}: {text}");
        assert!(!text.contains("definition:") && !text.contains("id="), "{target}: {text}");
        let screen = cli.run(&["plan", "--dir", "files", "--detailed-exitcode"]).must_exit(0);
        assert!(screen.stdout.starts_with("plan: nothing to do; 4 unchanged\n"), "{target}: {screen}");

        std::fs::remove_dir_all(cli.path("files")).unwrap_or_default();
        cli.write("all.yaml", "kind: destination\nname: ${PREFIX}-hook\nsns: {topic_arn: 'arn:aws:sns:us-east-1:123456789012:alerts'}\n");
        let screen = cli.run(&["apply", "--prune", "--yes"]).must_exit(0);
        assert!(screen.stdout.contains("0 updated, 3 deleted"), "{target}: {screen}");
        assert!(target.workflows().is_empty(), "{target}");
    }
}

#[test]
fn the_monitors_of_another_clients_workflow_are_not_pruned() {
    for target in lines_with_workflows() {
        target.send("PUT", &format!("/{}-logs", target.prefix), None);
        let mut cli = target.project(&[("all.yaml", FILES)]);
        cli.set("QUOTED", &format!("\"{}-[prod] latency\"", target.prefix));
        cli.run(&["apply", "--yes"]).must_exit(0);
        let ids: Vec<String> = target.monitors().into_iter().map(|(id, _)| id).collect();
        let delegates: Vec<_> = ids
            .iter()
            .enumerate()
            .map(|(index, id)| json!({"order": 7 * index + 3, "monitor_id": id}))
            .collect();
        let theirs = json!({
            "type": "workflow", "workflow_type": "composite", "name": format!("{}-theirs", target.prefix),
            "enabled": false, "schedule": {"period": {"interval": 1, "unit": "HOURS"}}, "triggers": [],
            "inputs": [{"composite_input": {"sequence": {"delegates": delegates}}}],
        });
        target.send("POST", "/_plugins/_alerting/workflows", Some(theirs));
        cli.write("other.yaml", "kind: destination\nname: ${PREFIX}-only\nsns: {topic_arn: 'arn:aws:sns:us-east-1:123456789012:alerts'}\n");
        std::fs::remove_file(cli.path("all.yaml")).unwrap_or_default();
        let screen = cli.run(&["plan", "--prune"]).must_exit(0);
        let gone: Vec<&str> = screen.stdout.lines().filter(|line| line.starts_with("- ")).collect();
        assert_eq!(gone.len(), 2, "{target}: {screen}");
        assert!(
            gone[0].starts_with("- workflow") && gone[1].starts_with("- destination"),
            "{target}: {screen}"
        );
        assert_eq!(screen.stdout.matches("-theirs` runs it: monitor").count(), 2, "{target}: {screen}");
    }
}

#[test]
fn a_workflow_that_the_lists_hide_is_not_made_again() {
    for line in [Line::V2_19, Line::V3] {
        let cluster = Cluster::start(line);
        cluster.send("PUT", "/p-logs", "");
        let mut cli = Cli::new(&[("all.yaml", FILES), ("alertform.yaml", "project: shop\n")]);
        cli.set("ALERTFORM_URL", &cluster.url);
        cli.set("PREFIX", "p");
        cli.set("QUOTED", "\"p-[prod] latency\"");
        cli.run(&["apply", "--yes"]).must_exit(0);
        // as for users without `all_access` where backend roles filter
        cluster.meddle(Box::new(|sandbox, request| {
            let is_search = request.uri.ends_with("/monitors/_search");
            is_search.then(|| {
                let mut monitors = request.clone();
                let text = String::from_utf8_lossy(&request.body);
                monitors.body = text.replace(r#",{"exists":{"field":"workflow"}}"#, "").into_bytes();
                sandbox.answer(&monitors)
            })
        }));
        let screen = cli.run(&["apply", "--yes"]).must_exit(1);
        assert!(screen.stdout.contains("which does not list it for this user"), "{line}: {screen}");
    }
}

#[test]
fn a_workflow_of_another_client_is_exported_whatever_its_condition_and_adopted_but_once() {
    for target in lines_with_workflows() {
        let monitor = json!({
            "name": format!("{}-m", target.prefix), "monitor_type": "query_level_monitor", "enabled": false,
            "schedule": {"period": {"interval": 1, "unit": "HOURS"}}, "inputs": [], "triggers": [],
        });
        let mut beside = monitor.clone();
        beside["name"] = format!("{}-beside", target.prefix).into();
        let id = target.create_monitor(monitor);
        let beside = target.create_monitor(beside);
        let (run, beside) = (format!("monitor[id={id}]"), format!("monitor[id={beside}]"));
        let sources = ["nonsense (", "monitor[id=elsewhere]", &run, &beside];
        for (number, source) in sources.iter().enumerate() {
            let trigger = json!({
                "name": "t", "severity": "2", "actions": [],
                "condition": {"script": {"source": source, "lang": "painless"}},
            });
            let workflow = json!({
                "type": "workflow", "workflow_type": "composite", "name": format!("{}-{number}", target.prefix),
                "enabled": false, "schedule": {"period": {"interval": 1, "unit": "HOURS"}},
                "triggers": [{"chained_alert_trigger": trigger}],
                "inputs": [{"composite_input": {"sequence": {"delegates": [{"order": 1, "monitor_id": id}]}}}],
            });
            target.send("POST", "/_plugins/_alerting/workflows", Some(workflow));
        }
        let cli = target.project(&[]);
        cli.run(&["export", "--out", "files"]).must_exit(0);
        target.keep_own_files(&cli, "files");
        let plan = ["plan", "--dir", "files", "--detailed-exitcode"];
        let screen = cli.run(&plan).must_exit(0);
        assert!(screen.stdout.starts_with("plan: nothing to do; 6 unchanged\n"), "{target}: {screen}");
        let file = format!("files/workflows/{}-2.yaml", target.prefix);
        cli.edit(&file, "severity: 2", "severity: 3");
        let screen = cli.run(&["apply", "--dir", "files", "--yes"]).must_exit(1);
        assert!(screen.stderr.contains("would be taken over"), "{target}: {screen}");
        cli.run(&["apply", "--dir", "files", "--yes", "--adopt"]).must_exit(0);
        cli.run(&plan).must_exit(0);
        let adopting = ["plan", "--dir", "files", "--detailed-exitcode", "--adopt"];
        cli.run(&adopting).must_exit(0);

        // what has lost all that says whose it is, and is renamed, is not made again
        let name = format!("name: {}-2", target.prefix);
        cli.edit(
            &file,
            &name,
            &format!("name: {}-renamed\nprevious_names: [{}-2]", target.prefix, target.prefix),
        );
        let screen = cli.run(&["plan", "--dir", "files"]).must_exit(0);
        assert!(screen.stdout.contains("0 to create, 1 to update"), "{target}: {screen}");
        cli.run(&["apply", "--dir", "files", "--yes", "--adopt"]).must_exit(0);
        cli.run(&plan).must_exit(0);
        assert_eq!(target.workflows().len(), 4, "{target}");
    }
}

//! What reaches the screen, and what becomes of a run when nobody looks at it any more.

use alertform::api::line::Line;
use serde_json::json;

use crate::cli::Cli;
use crate::cluster::Cluster;

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

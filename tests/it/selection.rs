//! A part of a project planned and applied by itself: what is selected, what comes with it, and what is left out.

use std::process::Command;

use alertform::api::line::Line;

use crate::cli::Cli;
use crate::cluster::Cluster;

/// Two teams with a destination and two monitors each, none of them in the cluster yet.
fn project(cluster: &Cluster) -> Cli {
    let mut cli = Cli::new(&[("alertform.yaml", "project: shop\n")]);
    cli.set("ALERTFORM_URL", &cluster.url);
    cli.set("URL", "https://hooks.slack.com/services/T0/B0/x");
    for team in ["web", "data"] {
        cli.write(
            &format!("{team}/room.yaml"),
            &format!(
                "kind: destination\nname: {team}-room\nlabels: {{team: {team}}}\nslack: {{url: '${{URL}}'}}\n"
            ),
        );
        for name in ["errors", "latency"] {
            cli.write(&format!("{team}/{name}.yaml"), &monitor(team, name));
        }
    }
    cli
}

fn monitor(team: &str, name: &str) -> String {
    format!(
        "kind: monitor\nname: {team}-{name}\nlabels: {{team: {team}}}\nschedule: {{every: 1h}}\nindex: l*\nquery: a\nwindow: none\n\
         triggers:\n  - name: t\n    condition: 'true'\n    actions: [{{name: a, destination: {team}-room, message: m}}]\n"
    )
}

/// What a plan with these terms would make, change and delete, by name.
fn planned(cli: &Cli, flags: &[&str]) -> Vec<String> {
    let screen = cli.run(&[&["plan"], flags].concat()).must_exit(0);
    let lines =
        screen.stdout.lines().filter(|line| ["+ ", "~ ", "- "].iter().any(|sign| line.starts_with(sign)));
    lines.map(|line| line.split('`').nth(1).unwrap().to_owned()).collect()
}

#[test]
fn a_selection_is_by_name_kind_label_and_path_and_brings_what_it_needs() {
    let cluster = Cluster::start(Line::V2_19);
    let cli = project(&cluster);
    for (terms, expected) in [
        (&["--select", "label=team=web"][..], &["web-room", "web-errors", "web-latency"][..]),
        (&["--select", "path=data"], &["data-room", "data-errors", "data-latency"]),
        (&["--select", "path=*/room.yaml"], &["data-room", "web-room"]),
        (&["--select", "kind=destination", "--select", "name=web-*"], &["web-room"]),
        (
            &["--select", "name=web-errors", "--select", "name=data-errors"],
            &["data-room", "web-room", "data-errors", "web-errors"],
        ),
        (&["--select", "name=data-latency"], &["data-room", "data-latency"]),
    ] {
        assert_eq!(planned(&cli, terms), expected, "{terms:?}");
    }
    let screen = cli.run(&["plan", "--select", "name=web-errors"]).must_exit(0);
    let needed =
        "warning: web/room.yaml:1:1: destination `web-room` is made too, since what is selected needs it\n";
    assert!(screen.stdout.contains(needed), "{screen}");
    let left = "\nnot selected, and left alone: destination `data-room`, monitor `data-errors`, monitor `data-latency`, \
        monitor `web-latency`\n";
    assert!(screen.stdout.contains(left), "{screen}");
    let reports = ["markdown=a.md", "github=a.gh", "chat=a.chat", "json=a.json", "text=a.txt"];
    let mut apply = vec!["apply", "--yes", "--select", "name=web-errors"];
    for report in reports {
        apply.extend(["--report", report]);
    }
    cli.run(&apply).must_exit(0);
    assert_eq!(cluster.names_of_monitors(), ["web-errors"]);
    for file in ["a.md", "a.gh", "a.chat", "a.json", "a.txt"] {
        assert!(cli.read(file).contains("data-room"), "{file}: {}", cli.read(file));
    }
    assert_eq!(planned(&cli, &["--select", "label=team=web"]), ["web-latency"]);
}

#[test]
fn what_is_no_selection_or_selects_nothing_is_an_error() {
    let cluster = Cluster::start(Line::V2_19);
    let cli = project(&cluster);
    let said = |term: &str| cli.run(&["plan", "--select", term]).must_exit(1).stderr;
    assert!(said("name=nobody").starts_with("error: nothing is selected: "), "{}", said("name=nobody"));
    assert!(said("since=main").starts_with("error: git"), "{}", said("since=main"));
    for wrong in ["web", "kind=monitors", "colour=red"] {
        let said = cli.run(&["plan", "--select", wrong]).stderr;
        assert!(said.contains("expected"), "{said}");
    }
}

#[test]
fn only_what_is_selected_is_pruned_and_nothing_that_is_still_told() {
    for line in Line::ALL {
        let cluster = Cluster::start(line);
        let cli = project(&cluster);
        cli.run(&["apply", "--yes"]).must_exit(0);
        std::fs::remove_dir_all(cli.path("web")).unwrap();
        let prune = |term| planned(&cli, &["--prune", "--select", term]);
        assert_eq!(prune("name=web-errors"), ["web-errors"], "{line}");
        // the monitors that tell it stay
        assert_eq!(prune("kind=destination"), [""; 0], "{line}");
        assert_eq!(prune("name=web-*"), ["web-errors", "web-latency", "web-room"], "{line}");
        let screen = cli.run(&["plan", "--prune", "--select", "label=team=web"]).must_exit(1);
        assert!(screen.stderr.contains("what no file declares any more is selected by name and kind alone"));
        cli.run(&["apply", "--yes", "--prune", "--select", "name=web-errors"]).must_exit(0);
        assert_eq!(cluster.names_of_monitors(), ["data-errors", "data-latency", "web-latency"], "{line}");
    }
}

#[test]
fn a_selection_is_what_changed_since_a_revision_of_git() {
    let cluster = Cluster::start(Line::V2_19);
    let cli = project(&cluster);
    let git = |arguments: &[&str]| {
        let identity = ["-c", "user.name=x", "-c", "user.email=x@example.com", "-c", "commit.gpgsign=false"];
        let output = Command::new("git").args(identity).args(arguments).current_dir(cli.dir()).output();
        assert!(output.unwrap().status.success(), "{arguments:?}");
    };
    let body = "extraction_query_file: ../queries/body.json\n";
    let with_body = monitor("web", "latency").replace("query: a\nwindow: none\n", body);
    cli.write("web/latency.yaml", &with_body);
    cli.write("queries/body.json", r#"{"size": 0}"#);
    git(&["init", "--quiet", "--initial-branch", "main"]);
    git(&["add", "."]);
    git(&["commit", "--quiet", "--message", "first"]);
    let since = ["--select", "since=main"];
    assert_eq!(planned(&cli, &since), [""; 0]);
    // a search body of its own, and a file that is not committed
    cli.write("queries/body.json", r#"{"size": 1}"#);
    cli.write("data/more.yaml", &monitor("data", "more"));
    assert_eq!(planned(&cli, &since), ["data-room", "web-room", "data-more", "web-latency"]);
    git(&["add", "."]);
    git(&["commit", "--quiet", "--message", "second"]);
    assert_eq!(planned(&cli, &since), [""; 0]);
    // what is saved goes on meaning what it meant
    cli.run(&["plan", "--select", "since=main~1", "--out", "plan.saved"]).must_exit(0);
    assert!(!cli.read("plan.saved").contains("main~1"), "{}", cli.read("plan.saved"));
    std::fs::write(cli.path(".git/info/exclude"), "plan.saved\n").unwrap();
    cli.run(&["apply", "plan.saved"]).must_exit(0);
    assert_eq!(cluster.names_of_monitors(), ["data-more", "web-latency"]);
    let said = cli.run(&["plan", "--select", "since=nowhere"]).must_exit(1).stderr;
    assert!(said.starts_with("error: git knows no revision `nowhere`\n  hint: "), "{said}");
}

#[test]
fn what_is_left_out_is_not_taken_over() {
    for line in Line::ALL {
        let cluster = Cluster::start(line);
        cluster.make_slack("web-room", "https://hooks.slack.com/services/T0/B0/theirs");
        let cli = project(&cluster);
        cli.run(&["apply", "--yes", "--select", "name=web-errors"]).must_exit(0);
        let screen = cli.run(&["apply", "--yes"]).must_exit(1);
        let said = "1 resource would be taken over, and nobody said that they may be: destination `web-room`";
        assert!(screen.stderr.contains(said), "{line}: {screen}");
    }
}

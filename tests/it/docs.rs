//! Every YAML example of the docs says what it seems to: it loads, with all the others of its page.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use alertform::config::Process;
use alertform::source::{Surroundings, load, project_file};

use crate::cli::Cli;
use crate::source::project::folder;

const VARIABLES: [(&str, &str); 4] = [
    ("SLACK_WEBHOOK_URL", "https://hooks.slack.com/services/T0/B0/x"),
    ("TEAMS_WEBHOOK_URL", "https://example.webhook.office.com/x"),
    ("ON_CALL_AUTHORIZATION", "Bearer x"),
    ("DESK_TOKEN", "x"),
];

#[test]
fn the_examples_of_the_file_format_load_together() {
    let page = read("docs/file-format.md");
    let (resources, settings): (Vec<&str>, Vec<&str>) =
        examples(&page).into_iter().partition(|example| example.starts_with("kind:"));
    assert_eq!((resources.len(), settings.len()), (18, 1));
    let documents = resources.join("---\n");
    let body = read("monitors/queries/fullest-disks.json");
    let dir = folder(&[
        ("alertform.yaml", settings[0]),
        ("monitors/all.yaml", &documents),
        ("monitors/queries/fullest-disks.json", &body),
    ]);
    let variables: BTreeMap<String, String> =
        VARIABLES.map(|(name, value)| (name.to_owned(), value.to_owned())).into();
    let declared =
        load(dir.path(), &variables.clone().into()).unwrap_or_else(|findings| panic!("{findings:#?}"));
    assert_eq!(declared.resources.len(), 24);
    assert_eq!(declared.warnings, []);
    let settings = project_file::load(dir.path(), &Process::default())
        .unwrap_or_else(|findings| panic!("{findings:#?}"));
    assert_eq!(settings.settings.project.as_deref(), Some("ops-alerts"));
}

#[test]
fn the_example_of_the_environments_is_a_project() {
    let page = read("docs/environments.md");
    let nightly = "kind: monitor\nname: nightly-x\nschedule: {every: 1d}\nindex: a\nwindow: none\nquery: a\n";
    let room = "kind: destination\nname: shop-room\ncustom_webhook: {url: 'https://room.example.com'}\n";
    let mut files = vec![("monitors/nightly.yaml", nightly), ("destinations/room.yaml", room)];
    files.extend(examples(&page).into_iter().map(|example| {
        let name = example.lines().next().unwrap().strip_prefix("# ").unwrap();
        (name, example)
    }));
    let cli = Cli::new(&files);
    let screen = cli.run(&["validate"]).must_exit(0);
    assert_eq!(
        screen.to_string(),
        "prod: valid: 2 destinations, 2 monitors\nstaging: valid: 1 destination, 2 monitors\n"
    );
    let screen = cli.run(&["render", "checkout-errors", "--env", "prod"]).must_exit(0);
    let shown = page.lines().find(|line| line.starts_with("alertform.yaml:")).unwrap();
    assert!(screen.stderr.contains(shown), "{screen}");
}

#[test]
fn the_example_of_the_readme_loads_beside_the_shipped_destinations() {
    let page = read("README.md");
    let examples = examples(&page);
    let destination = read("destinations/ops-slack.yaml");
    let dir = folder(&[("monitors/m.yaml", examples[0]), ("destinations/d.yaml", &destination)]);
    let declared =
        load(dir.path(), &Surroundings::default()).unwrap_or_else(|findings| panic!("{findings:#?}"));
    assert_eq!(declared.resources.len(), 2);
}

fn read(path: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).unwrap()
}

/// The contents of all blocks that are marked as YAML.
fn examples(page: &str) -> Vec<&str> {
    let blocks = page.split("```yaml\n").skip(1);
    blocks.map(|block| block.split("```").next().unwrap_or_default()).collect()
}

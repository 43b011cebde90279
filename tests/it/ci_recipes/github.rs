//! `docs/ci/github.yml`, step by step, as GitHub's runner goes through a job.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::machine::{Machine, WEBHOOK, recipe, text};
use crate::cli::Screen;

/// Where a step runs that must do so after a failed one too.
const AFTER_A_FAILURE: &str = "${{ !cancelled() && steps.plan.conclusion != 'skipped' }}";

const CARGO: &str = "#!/bin/sh\nprintf '[%s]' \"$@\" >> \"$STUB/cargo\"\n";

struct Hub {
    machine: Machine,
    workflow: Value,
}

/// What a step with a script came to.
struct Ran {
    name: String,
    screen: Screen,
}

impl Hub {
    /// A repository with a pull request under review, on which two people have commented.
    fn new() -> Option<Self> {
        let machine = Machine::new(&[("gh", include_str!("gh.sh")), ("cargo", CARGO)])?;
        let comments = json!([
            {"id": 1, "user": {"login": "ann"}, "body": "what does it do?"},
            {"id": 2, "user": {"login": "bob"}, "body": "<!-- alertform plan shop -->\nso it begins, says bob"},
        ]);
        machine.write("stub/comments.json", &comments.to_string());
        Some(Self { machine, workflow: recipe("github.yml").remove(0) })
    }

    /// Runs the steps of a job up to the end, as the runner does: after a failed one only those that say so.
    fn run(&self, job: &str, copy: &str) -> Vec<Ran> {
        let mut ran: Vec<Ran> = Vec::new();
        for step in self.workflow["jobs"][job]["steps"].as_array().unwrap() {
            let Some(script) = step.get("run").and_then(Value::as_str) else {
                assert!(step.get("uses").is_some(), "{step:#}");
                continue;
            };
            assert!(!script.contains("${{"), "what others wrote may end up in the script: {script}");
            let has_failed = ran.iter().any(|ran| ran.screen.code != Some(0));
            let runs = match step.get("if").and_then(Value::as_str) {
                None => !has_failed,
                Some(AFTER_A_FAILURE) => ran.iter().any(|ran| ran.name == "Plan"),
                Some(other) => panic!("a condition that no test knows: {other}"),
            };
            if runs {
                let shell = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script];
                let screen = self.machine.run(&shell, copy, &self.variables(step));
                ran.push(Ran { name: text(step, "/name").to_owned(), screen });
            }
        }
        ran
    }

    /// The environment of a step: the runner's, the workflow's, its own.
    fn variables(&self, step: &Value) -> BTreeMap<String, String> {
        let path = |name: &str| self.machine.path(name).to_str().unwrap().to_owned();
        let mut variables = BTreeMap::from([
            ("GITHUB_REPOSITORY".to_owned(), "shop/alerts".to_owned()),
            ("GITHUB_SHA".to_owned(), "merged".to_owned()),
            ("GITHUB_PATH".to_owned(), path("stub/path")),
            ("GITHUB_STEP_SUMMARY".to_owned(), path("stub/summary")),
        ]);
        for env in [self.workflow.get("env"), step.get("env")].into_iter().flatten() {
            for (name, value) in env.as_object().unwrap() {
                variables.insert(name.clone(), self.filled(value.as_str().unwrap()));
            }
        }
        variables
    }

    /// What an expression stands for.
    fn filled(&self, expression: &str) -> String {
        let value = match expression {
            "${{ vars.ALERTFORM_GIT }}" => "https://git.example.com/alertform.git",
            "${{ vars.ALERTFORM_REV }}" => "0123abc",
            "${{ vars.ALERTFORM_URL }}" => &self.machine.url,
            "${{ secrets.ALERTFORM_USERNAME }}" => "reader",
            "${{ secrets.ALERTFORM_PASSWORD }}" => "planted-password",
            "${{ secrets.SLACK_WEBHOOK_URL }}" => WEBHOOK,
            "${{ github.token }}" => "the-token",
            "${{ github.event.number }}" => "7",
            other => panic!("an expression that no test knows: {other}"),
        };
        value.to_owned()
    }

    /// Ids and bodies of all comments.
    fn comments(&self) -> Vec<(u64, String)> {
        let comments = self.machine.json("stub/comments.json");
        let comments = comments.as_array().unwrap().iter();
        comments.map(|one| (one["id"].as_u64().unwrap(), text(one, "/body").to_owned())).collect()
    }

    /// Plans on a pull request that changes the project, and merges that: what the plan job uploads becomes the artifact.
    fn merge(&self, copy: &str) {
        for ran in self.run("plan", copy) {
            ran.screen.must_exit(0);
        }
        let jobs = &self.workflow["jobs"];
        let upload = jobs["plan"]["steps"].as_array().unwrap().last().unwrap();
        assert!(text(upload, "/uses").starts_with("actions/upload-artifact@"), "{upload:#}");
        for file in text(upload, "/with/path").lines() {
            let artifact = format!("stub/artifacts/42/{}/{file}", text(upload, "/with/name"));
            let uploaded = self.machine.read(&format!("{copy}/{file}"));
            assert!(!uploaded.is_empty(), "{file}");
            self.machine.write(&artifact, &uploaded);
        }
        let pulls = json!([
            {"merged_at": null, "base": {"ref": "main"}, "head": {"sha": "open"}},
            {"merged_at": "2026-01-01T00:00:00Z", "base": {"ref": "release"}, "head": {"sha": "other"}},
            {"merged_at": "2026-01-01T00:00:00Z", "base": {"ref": "main"}, "head": {"sha": "reviewed"}},
        ]);
        let runs = json!([
            {"databaseId": 44, "event": "push", "headSha": "reviewed", "conclusion": "success"},
            {"databaseId": 43, "event": "pull_request", "headSha": "reviewed", "conclusion": "failure"},
            {"databaseId": 42, "event": "pull_request", "headSha": "reviewed", "conclusion": "success"},
        ]);
        self.machine.write("stub/pulls.json", &pulls.to_string());
        self.machine.write("stub/runs.json", &runs.to_string());
    }

    /// Applies in a new working copy with the change of the pull request; gives the last step that ran.
    fn apply(&self, copy: &str) -> Ran {
        self.machine.copy(copy);
        self.machine.edit(&format!("{copy}/errors.yaml"), "every: 1h", "every: 2h");
        self.run("apply", copy).pop().unwrap()
    }
}

/// A repository whose pull request with a longer interval was merged.
fn merged() -> Option<Hub> {
    let hub = Hub::new()?;
    hub.machine.copy("request");
    hub.machine.edit("request/errors.yaml", "every: 1h", "every: 2h");
    hub.merge("request");
    Some(hub)
}

#[test]
fn a_pull_request_has_one_comment_which_follows_its_plan() {
    let Some(hub) = Hub::new() else { return };
    let before = hub.comments();
    hub.machine.copy("request");
    hub.machine.edit("request/errors.yaml", "every: 1h", "every: 2h");
    let ran = hub.run("plan", "request");
    let names: Vec<&str> = ran.iter().map(|ran| ran.name.as_str()).collect();
    let all =
        ["Install alertform", "Plan", "Show the plan in the summary", "Write the plan to the pull request"];
    assert_eq!(names, all);
    let annotations = &ran[1].screen;
    assert!(annotations.stdout.contains("::notice file=errors.yaml,line=1,"), "{annotations}");
    for ran in ran {
        ran.screen.must_exit(0);
    }
    assert_eq!(hub.machine.json("request/plan.json")["summary"]["update"], 1);
    let plan = hub.machine.read("request/plan.md");
    assert!(plan.contains("every 1h -&gt; 2h"), "{plan}");
    assert_eq!(hub.machine.read("stub/summary"), plan);
    let comments = hub.comments();
    assert_eq!(comments[..2], before);
    assert_eq!(comments[2..], [(102, plan)]);

    // the next commit writes over it, and over nobody else's
    hub.machine.edit("request/errors.yaml", "every: 2h", "every: 3h");
    for ran in hub.run("plan", "request") {
        ran.screen.must_exit(0);
    }
    let comments = hub.comments();
    assert_eq!((&comments[..2], comments.len()), (&before[..], 3));
    assert!(comments[2].0 == 102 && comments[2].1.contains("every 1h -&gt; 3h"), "{comments:?}");

    // and so does one that makes no plan
    hub.machine.edit("request/errors.yaml", "every: 3h", "every: never");
    let ran = hub.run("plan", "request");
    let codes: Vec<_> = ran.iter().map(|ran| ran.screen.code.unwrap()).collect();
    assert_eq!(codes, [0, 1, 0, 0]);
    let comments = hub.comments();
    assert_eq!((&comments[..2], comments.len()), (&before[..], 3));
    assert!(comments[2].1.contains("### no plan"), "{comments:?}");
    let all = hub.machine.read("stub/comments.json") + &hub.machine.read("stub/summary");
    assert!(!all.contains("planted"), "{all}");
}

#[test]
fn the_merge_applies_what_was_reviewed_or_nothing() {
    let Some(hub) = merged() else { return };
    let ran = hub.apply("main");
    assert_eq!(ran.name, "Apply");
    let screen = ran.screen.must_exit(0);
    assert!(screen.stdout.ends_with("applied: 0 created, 1 updated, 0 deleted\n"), "{screen}");
    hub.machine.sh("main", "alertform plan --detailed-exitcode").must_exit(0);
    // a job that is run again finds that all is done
    let ran = hub.apply("again");
    assert_eq!(ran.name, "Apply");
    ran.screen.must_exit(4);
}

#[test]
fn a_plan_that_others_overtook_is_refused_and_the_next_pull_request_shows_all_that_is_left() {
    let Some(hub) = merged() else { return };
    hub.machine.copy("other");
    hub.machine.edit("other/errors.yaml", "query: a", "query: b");
    hub.machine.sh("other", "alertform apply --yes").must_exit(0);
    let ran = hub.apply("main");
    let screen = ran.screen.must_exit(4);
    assert!(screen.stderr.contains("stale: monitor `errors` was written in the cluster"), "{screen}");
    // what the page tells to do then: a pull request without a change of its own
    hub.merge("main");
    hub.apply("again").screen.must_exit(0);
    hub.machine.sh("again", "alertform plan --detailed-exitcode").must_exit(0);
}

#[test]
fn both_jobs_must_know_the_cluster_and_have_the_same_secrets() {
    let Some(hub) = merged() else { return };
    // a user who may not ask which cluster it is saves this
    let artifact = "stub/artifacts/42/alertform-plan/alertform.plan";
    let mut saved = hub.machine.json(artifact);
    saved["cluster"] = Value::Null;
    hub.machine.write(artifact, &saved.to_string());
    let screen = hub.apply("main").screen.must_exit(4);
    assert!(
        screen.stderr.contains("stale: the user who planned could not tell which cluster it is"),
        "{screen}"
    );
    let other =
        "SLACK_WEBHOOK_URL=https://hooks.slack.com/services/T0/B0/y alertform plan --detailed-exitcode";
    let screen = hub.machine.sh("first", other).must_exit(2);
    assert!(screen.stdout.contains("destination `ops`"), "{screen}");
    hub.machine.sh("first", "unset SLACK_WEBHOOK_URL; alertform plan").must_exit(1);
}

#[test]
fn what_nobody_reviewed_is_not_applied() {
    let Some(hub) = merged() else { return };
    let refused = |copy: &str, said: &str| {
        let ran = hub.apply(copy);
        assert_eq!(ran.name, "Get the plan of the pull request that was merged");
        let screen = ran.screen;
        assert!(screen.code != Some(0) && screen.to_string().contains(said), "{screen}");
    };
    let artifact = "stub/artifacts/42/alertform-plan/alertform.plan";
    let saved = hub.machine.read(artifact);
    for (flag, forged) in [
        ("\"prune\": false", "\"prune\": true"),
        ("\"adopt\": false", "\"adopt\": true"),
        ("\"limits\": {}", "\"limits\": {\"deletions\": \"none\"}"),
        ("\"select\": []", "\"select\": [\"name=some\"]"),
    ] {
        hub.machine.write(artifact, &saved);
        hub.machine.edit(artifact, flag, forged);
        refused(&format!("forged{}", forged.len()), "::error::the plan was saved with other flags");
    }
    hub.machine.write("stub/runs.json", "[]");
    refused("unplanned", "the pull request has no plan");
    hub.machine.write("stub/pulls.json", "[]");
    refused("pushed", "no pull request brought this commit");
    // nothing was done
    hub.machine.sh("first", "alertform plan --detailed-exitcode").must_exit(0);
}

#[test]
fn jobs_may_do_what_they_must_and_no_more() {
    let workflow = recipe("github.yml").remove(0);
    assert_eq!(workflow["permissions"], json!({}));
    let jobs = &workflow["jobs"];
    let may = |job: &str| jobs[job]["permissions"].clone();
    assert_eq!(may("plan"), json!({"contents": "read", "pull-requests": "write"}));
    assert_eq!(may("apply"), json!({"actions": "read", "contents": "read", "pull-requests": "read"}));
    assert_eq!(may("drift"), json!({"contents": "read"}));
    assert_eq!(
        jobs["apply"]["concurrency"],
        json!({"group": "alertform-apply", "cancel-in-progress": false})
    );
    assert_eq!(jobs["apply"]["environment"], "alerting");
    // each job fills in the same
    let steps = jobs.as_object().unwrap().values().flat_map(|job| job["steps"].as_array().unwrap());
    let runs = |step: &&Value| {
        step["run"]
            .as_str()
            .is_some_and(|run| run.contains("alertform plan ") || run.contains("alertform apply "))
    };
    let given: Vec<&Value> = steps.filter(runs).map(|step| &step["env"]).collect();
    assert_eq!(given.len(), 3);
    assert!(given.iter().all(|env| *env == given[0]), "{given:#?}");
}

#[test]
fn alertform_is_installed_with_flags_that_cargo_has() {
    let Some(hub) = Hub::new() else { return };
    hub.machine.copy("request");
    hub.run("plan", "request");
    let said = hub.machine.read("stub/cargo");
    let root = hub.machine.path("alertform");
    let expected = format!(
        "[install][--locked][--root][{}][--git][https://git.example.com/alertform.git][--rev][0123abc][alertform]",
        root.display()
    );
    assert_eq!(said, expected);
    assert_eq!(hub.machine.read("stub/path"), format!("{}/bin\n", root.display()));
    super::image::must_be_flags_of_cargo("install", &["--locked", "--root", "--git", "--rev"]);
}

#[test]
fn drift_fails_the_nightly_job() {
    let Some(hub) = Hub::new() else { return };
    hub.machine.copy("main");
    let night = |code: i32| hub.run("drift", "main").pop().unwrap().screen.must_exit(code);
    night(0);
    // what is planned and not yet applied is no drift
    hub.machine.edit("main/errors.yaml", "every: 1h", "every: 2h");
    night(0);
    hub.machine.edit("main/errors.yaml", "every: 2h", "every: 1h");
    super::meddle(&hub.machine);
    let screen = night(2);
    assert!(
        screen.stdout.contains("::error title=the cluster was changed by others::project `shop`"),
        "{screen}"
    );
    assert!(hub.machine.read("stub/summary").contains("errors"), "{}", hub.machine.read("stub/summary"));
    hub.machine.edit("main/errors.yaml", "every: 1h", "every: never");
    night(1);
}

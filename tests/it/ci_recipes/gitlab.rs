//! `docs/ci/gitlab-ci.yml`, job by job, as GitLab's runner runs them.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::machine::{Machine, recipe, text, texts};
use crate::cli::Screen;

const APK: &str = "#!/bin/sh\n[ \"$*\" = 'add --no-cache curl jq' ]\n";

struct Lab {
    machine: Machine,
    jobs: Value,
}

impl Lab {
    /// A project with a merge request under review, with so many notes that they fill pages.
    fn new() -> Option<Self> {
        let machine = Machine::new(&[("curl", include_str!("curl.sh")), ("apk", APK)])?;
        let notes = json!([
            {"id": 1, "author": {"id": 3}, "body": "what does it do?"},
            {"id": 2, "author": {"id": 4}, "body": "<!-- alertform plan shop -->\nso it begins, says bob"},
            {"id": 3, "author": {"id": 5}, "body": "another note of the bot"},
        ]);
        machine.write("stub/notes.json", &notes.to_string());
        Some(Self { machine, jobs: recipe("gitlab-ci.yml").remove(0) })
    }

    /// A key of a job, its own or that of what it extends.
    fn key<'a>(&'a self, job: &str, key: &str) -> Option<&'a Value> {
        let job = &self.jobs[job];
        let extended = job["extends"].as_str().map(|name| &self.jobs[name]);
        job.get(key).or_else(|| extended?.get(key))
    }

    /// Runs a job; what follows the first line that fails does not run.
    fn run(&self, job: &str, copy: &str) -> Screen {
        let lines = ["before_script", "script"].into_iter().filter_map(|key| self.key(job, key));
        let lines: Vec<&str> =
            lines.flat_map(|lines| lines.as_array().unwrap()).map(|line| line.as_str().unwrap()).collect();
        assert!(!lines.is_empty(), "{job}");
        let mut variables = BTreeMap::from(
            [
                ("CI_API_V4_URL", "https://gitlab.example.com/api/v4"),
                ("CI_PROJECT_ID", "9"),
                ("CI_MERGE_REQUEST_IID", "7"),
                ("CI_COMMIT_SHA", "merged"),
                ("ALERTFORM_GITLAB_TOKEN", "the-token"),
            ]
            .map(|(name, value)| (name.to_owned(), value.to_owned())),
        );
        variables.extend(self.machine.secrets());
        self.machine.run(&["sh", "-ec", &lines.join("\n")], copy, &variables)
    }

    /// Hands what a job keeps to one that needs it.
    fn hand_over(&self, job: &str, from: &str, to: &str) {
        for file in texts(&self.jobs[job], "/artifacts/paths") {
            self.machine.write(&format!("{to}/{file}"), &self.machine.read(&format!("{from}/{file}")));
        }
    }

    /// Plans, and writes the plan to the merge request; gives the exit code of the plan.
    fn request(&self, copy: &str) -> Option<i32> {
        let code = self.run("plan", copy).code;
        assert_eq!(texts(&self.jobs["note"], "/needs"), ["plan"]);
        self.hand_over("plan", copy, "empty");
        self.run("note", "empty").must_exit(0);
        code
    }

    fn merge(&self, copy: &str) {
        assert_eq!(self.request(copy), Some(0));
        self.hand_over("plan", copy, "stub/artifacts");
        let requests = json!([{"iid": 6, "state": "closed"}, {"iid": 7, "state": "merged"}]);
        let pipelines = json!([
            {"id": 72, "source": "push", "status": "success"},
            {"id": 71, "source": "merge_request_event", "status": "failed"},
            {"id": 70, "source": "merge_request_event", "status": "success"},
        ]);
        self.machine.write("stub/requests.json", &requests.to_string());
        self.machine.write("stub/pipelines.json", &pipelines.to_string());
    }

    /// Applies in a new working copy with the change of the merge request.
    fn apply(&self, copy: &str) -> Screen {
        self.machine.copy(copy);
        self.machine.edit(&format!("{copy}/errors.yaml"), "every: 1h", "every: 2h");
        self.run("reviewed", "empty").must_exit(0);
        assert_eq!(texts(&self.jobs["apply"], "/needs"), ["reviewed"]);
        self.hand_over("reviewed", "empty", copy);
        self.run("apply", copy)
    }

    /// Ids and bodies of all notes.
    fn notes(&self) -> Vec<(u64, String)> {
        let notes = self.machine.json("stub/notes.json");
        let notes = notes.as_array().unwrap().iter();
        notes.map(|one| (one["id"].as_u64().unwrap(), text(one, "/body").to_owned())).collect()
    }
}

fn merged() -> Option<Lab> {
    let lab = Lab::new()?;
    lab.machine.copy("request");
    lab.machine.edit("request/errors.yaml", "every: 1h", "every: 2h");
    lab.merge("request");
    Some(lab)
}

#[test]
fn a_merge_request_has_one_note_which_follows_its_plan() {
    let Some(lab) = Lab::new() else { return };
    let before = lab.notes();
    lab.machine.copy("request");
    lab.machine.edit("request/errors.yaml", "every: 1h", "every: 2h");
    assert_eq!(lab.request("request"), Some(0));
    let report = text(&lab.jobs["plan"], "/artifacts/reports/terraform");
    assert_eq!(
        lab.machine.json(&format!("request/{report}")),
        json!({"create": 0, "update": 1, "delete": 0})
    );
    let plan = lab.machine.read("request/plan.md");
    assert!(plan.contains("every 1h -&gt; 2h"), "{plan}");
    let notes = lab.notes();
    assert_eq!(notes[..3], before);
    assert_eq!(notes[3..], [(103, plan)]);

    lab.machine.edit("request/errors.yaml", "every: 2h", "every: 3h");
    assert_eq!(lab.request("request"), Some(0));
    let notes = lab.notes();
    assert_eq!((&notes[..3], notes.len()), (&before[..], 4));
    assert!(notes[3].0 == 103 && notes[3].1.contains("every 1h -&gt; 3h"), "{notes:?}");

    lab.machine.edit("request/errors.yaml", "every: 3h", "every: never");
    assert_eq!(lab.request("request"), Some(1));
    let notes = lab.notes();
    assert_eq!((&notes[..3], notes.len()), (&before[..], 4));
    assert!(notes[3].1.contains("### no plan"), "{notes:?}");
}

#[test]
fn the_merge_applies_what_was_reviewed_or_nothing() {
    let Some(lab) = merged() else { return };
    let screen = lab.apply("main").must_exit(0);
    assert!(screen.stdout.ends_with("applied: 0 created, 1 updated, 0 deleted\n"), "{screen}");
    lab.machine.sh("main", "alertform plan --detailed-exitcode").must_exit(0);
    lab.apply("again").must_exit(4);
}

#[test]
fn what_nobody_reviewed_is_not_applied() {
    let Some(lab) = merged() else { return };
    let refused = |said: &str| {
        let screen = lab.run("reviewed", "empty");
        assert!(screen.code != Some(0) && screen.to_string().contains(said), "{screen}");
    };
    lab.machine.edit("stub/artifacts/alertform.plan", "\"prune\": false", "\"prune\": true");
    refused("the plan was saved with other flags");
    lab.machine.write("stub/pipelines.json", "[]");
    refused("the merge request has no plan");
    lab.machine.write("stub/requests.json", "[]");
    refused("no merge request brought this commit");
    // nor is it when GitLab does not answer
    lab.machine.write("bin/curl", "#!/bin/sh\nexit 22\n");
    refused("no merge request brought this commit");
    assert_ne!(lab.run("note", "empty").code, Some(0));
}

#[test]
fn each_job_has_its_pipeline_and_applies_take_turns() {
    let jobs = recipe("gitlab-ci.yml").remove(0);
    let rule = |job: &str| text(&jobs[job], "/rules/0/if").to_owned();
    let on_request = "$CI_PIPELINE_SOURCE == \"merge_request_event\"";
    let on_merge = "$CI_PIPELINE_SOURCE == \"push\" && $CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH";
    assert_eq!([rule("plan"), rule("note")], [on_request; 2]);
    assert_eq!([rule("reviewed"), rule("apply")], [on_merge; 2]);
    assert_eq!(rule("drift"), "$CI_PIPELINE_SOURCE == \"schedule\"");
    assert_eq!(jobs["note"]["rules"][0]["when"], "always");
    assert_eq!(jobs["plan"]["artifacts"]["when"], "always");
    assert_eq!(jobs["apply"]["resource_group"], "alertform");
    assert_eq!(jobs["apply"]["environment"], "alerting");
}

#[test]
fn drift_fails_the_scheduled_pipeline() {
    let Some(lab) = Lab::new() else { return };
    lab.machine.copy("main");
    lab.run("drift", "main").must_exit(0);
    super::meddle(&lab.machine);
    lab.run("drift", "main").must_exit(2);
    let kept = texts(&lab.jobs["drift"], "/artifacts/paths");
    let said = lab.machine.read(&format!("main/{}", kept[0]));
    assert!(said.starts_with("project `shop`") && said.contains("errors"), "{said}");
}

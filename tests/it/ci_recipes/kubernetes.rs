//! `docs/ci/kubernetes.yaml`: the containers' arguments, on the `ConfigMap` laid out as a node lays out its volume.

use std::fs;
use std::os::unix::fs::symlink;

use serde_json::{Value, json};

use super::machine::{Machine, recipe, text, texts};
use crate::cli::Screen;

const FILES: &str = "/etc/alertform";

/// The object of a kind.
fn object(kind: &str) -> Value {
    recipe("kubernetes.yaml").into_iter().find(|one| one["kind"] == kind).unwrap()
}

/// What both run: the template of a pod.
fn pods() -> [Value; 2] {
    let job = object("Job")["spec"].clone();
    let cron_job = object("CronJob")["spec"]["jobTemplate"]["spec"].clone();
    [job, cron_job].map(|job| {
        assert_eq!(job["backoffLimit"], 0);
        job["template"]["spec"].clone()
    })
}

/// Lays the `ConfigMap` out: a hidden folder, a hidden link to it, and links to the files through that.
fn mount(machine: &Machine, edits: &[(&str, &str)]) {
    for (file, content) in object("ConfigMap")["data"].as_object().unwrap() {
        let mut content = content.as_str().unwrap().to_owned();
        for (before, after) in edits {
            content = content.replace(before, after);
        }
        machine.write(&format!("volume/..2026/{file}"), &content);
        let _ = fs::remove_file(machine.path("volume/..data"));
        symlink("..2026", machine.path("volume/..data")).unwrap();
        let link = machine.path(&format!("volume/{file}"));
        let _ = fs::remove_file(&link);
        symlink(format!("..data/{file}"), link).unwrap();
    }
}

/// Runs a pod's container, which sees the volume.
fn run(machine: &Machine, pod: &Value) -> Screen {
    assert_eq!(text(pod, "/containers/0/volumeMounts/0/mountPath"), FILES);
    assert_eq!(pod["containers"][0]["volumeMounts"][0]["name"], pod["volumes"][0]["name"]);
    assert_eq!(pod["volumes"][0]["configMap"]["name"], object("ConfigMap")["metadata"]["name"]);
    let volume = machine.path("volume");
    let arguments = texts(pod, "/containers/0/args").into_iter();
    let arguments = arguments.map(|one| if one == FILES { volume.to_str().unwrap() } else { one });
    let program: Vec<&str> = ["alertform"].into_iter().chain(arguments).collect();
    machine.run(&program, "stub", &machine.secrets())
}

#[test]
fn the_job_applies_the_config_map() {
    let Some(machine) = Machine::new(&[]) else { return };
    let [apply, _] = pods();
    mount(&machine, &[]);
    let screen = run(&machine, &apply).must_exit(0);
    assert!(screen.stdout.ends_with("applied: 2 created, 0 updated, 0 deleted\n"), "{screen}");
    let screen = run(&machine, &apply).must_exit(0);
    assert!(!screen.stdout.contains("applied"), "{screen}");
    mount(&machine, &[("every: 5m", "every: 1m")]);
    run(&machine, &apply).must_exit(0);
    // nothing is reviewed here but what was merged, and limits hold all the same
    mount(&machine, &[("every: 5m", "every: 2m"), ("project: shop", "project: shop\nlimits: {updates: 0}")]);
    run(&machine, &apply).must_exit(3);
    // the root may be read-only: beside the volume nothing is written
    assert_eq!(fs::read_dir(machine.path("stub")).unwrap().count(), 0);
}

#[test]
fn a_pod_is_given_no_rights() {
    for pod in pods() {
        assert_eq!(pod["securityContext"]["runAsNonRoot"], true);
        assert_eq!(pod["securityContext"]["runAsUser"], 65532);
        assert_eq!(pod["automountServiceAccountToken"], false);
        let container = json!({
            "allowPrivilegeEscalation": false, "readOnlyRootFilesystem": true, "capabilities": {"drop": ["ALL"]},
        });
        assert_eq!(pod["containers"][0]["securityContext"], container);
    }
    let [apply, drift] = pods().map(|pod| pod["containers"][0]["envFrom"].clone());
    assert_ne!(apply, drift);
    assert_eq!(object("CronJob")["spec"]["concurrencyPolicy"], "Forbid");
    let hook = json!({
        "argocd.argoproj.io/hook": "Sync", "argocd.argoproj.io/hook-delete-policy": "BeforeHookCreation",
        "argocd.argoproj.io/sync-wave": "1",
    });
    assert_eq!(object("Job")["metadata"]["annotations"], hook);
}

#[test]
fn the_cron_job_fails_at_drift() {
    let Some(machine) = Machine::new(&[]) else { return };
    let [apply, drift] = pods();
    mount(&machine, &[]);
    run(&machine, &apply).must_exit(0);
    run(&machine, &drift).must_exit(0);
    // of all monitors the one that this project declares is to be changed
    fs::remove_file(machine.path("first/errors.yaml")).unwrap();
    machine.sh("first", "alertform apply --yes --prune --limit deletions=none").must_exit(0);
    run(&machine, &apply).must_exit(0);
    super::meddle(&machine);
    run(&machine, &drift).must_exit(2);
}

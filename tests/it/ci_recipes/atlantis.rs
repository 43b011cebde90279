//! `docs/ci/atlantis.yaml`: the steps of its workflow, with the variable that Atlantis gives them.

use super::machine::{Machine, recipe, text};
use crate::cli::Screen;

/// Runs the one step of a stage.
fn run(machine: &Machine, stage: &str, copy: &str) -> Screen {
    let config = recipe("atlantis.yaml").remove(0);
    let workflow = &config["workflows"][text(&config, "/projects/0/workflow")];
    let steps = workflow[stage]["steps"].as_array().unwrap();
    assert_eq!(steps.len(), 1, "{steps:?}");
    let mut variables = machine.secrets();
    // beside the project's files, and with a blank in it
    let plan = machine.path(&format!("{copy}/alerting default.tfplan"));
    variables.insert("PLANFILE".to_owned(), plan.to_str().unwrap().to_owned());
    machine.run(&["sh", "-c", text(&steps[0], "/run")], copy, &variables)
}

#[test]
fn what_was_planned_on_the_pull_request_is_applied() {
    let Some(machine) = Machine::new(&[]) else { return };
    machine.copy("request");
    machine.edit("request/errors.yaml", "every: 1h", "every: 2h");
    let screen = run(&machine, "plan", "request").must_exit(0);
    assert!(screen.stdout.contains("every 1h -> 2h"), "{screen}");
    let screen = run(&machine, "apply", "request").must_exit(0);
    assert!(screen.stdout.ends_with("applied: 0 created, 1 updated, 0 deleted\n"), "{screen}");
    machine.sh("request", "alertform plan --detailed-exitcode").must_exit(0);
    run(&machine, "apply", "request").must_exit(4);
    // a plan with a mistake saves nothing that could be applied
    machine.copy("broken");
    machine.edit("broken/errors.yaml", "every: 1h", "every: never");
    run(&machine, "plan", "broken").must_exit(1);
    run(&machine, "apply", "broken").must_exit(1);
}

//! Secrets that lie as files in folders, as Docker and Kubernetes mount them.

use insta::assert_snapshot;

use crate::cli::Cli;

const DESTINATION: &str = "kind: destination\nname: a\ncustom_webhook: {url: 'https://x.example/${place}'}\n";

const MONITOR: &str = "kind: monitor\nname: m\nschedule: {every: 5m}\nindex: a*\nwindow: none\nquery: a\ntriggers:\n  - name: t\n    \
    condition: 'true'\n    actions: [{name: a, destination: a, message: 'see ${place}'}]\n";

fn project() -> Cli {
    let mut cli = Cli::new(&[("d/a.yaml", DESTINATION), ("m/m.yaml", MONITOR)]);
    cli.write("alertform.yaml", "secret_folders: ['${MOUNT}', more]\n");
    cli.set("MOUNT", cli.path("first").to_str().unwrap().to_owned().as_str());
    cli.set("ALERTFORM_URL", "sandbox:");
    cli
}

#[test]
fn the_first_folder_that_has_a_name_gives_it_and_it_is_secret() {
    let mut cli = project();
    cli.write("more/place", "planted-more\n");
    let shown = |cli: &Cli| {
        let screen = cli.run(&["plan"]).must_exit(0).to_string();
        assert!(screen.contains("message: see ***") && !screen.contains("planted"), "{screen}");
    };
    shown(&cli);
    cli.write("first/place", "planted-first\n");
    shown(&cli);
    cli.run(&["apply", "--yes"]).must_exit(0);
    let state = cli.read(".alertform/sandbox.json");
    assert!(state.contains("https://x.example/planted-first\""), "{state}");
    // a variable goes before both
    cli.set("place", "elsewhere");
    let screen = cli.run(&["plan"]).must_exit(0).stdout;
    assert!(screen.contains("message: see elsewhere"), "{screen}");
}

#[test]
fn what_lies_nowhere_is_not_set_and_what_cannot_be_read_is_named() {
    let cli = project();
    let screen = cli.run(&["validate"]).must_exit(1).stderr;
    assert_snapshot!(screen.replace(cli.path("first").to_str().unwrap(), "/first"), @r"
    error: d/a.yaml:3:23: the variable `place` is not set
      hint: set it for this run or in `alertform.yaml`, or give a default: `${place:-…}`; write `$${` for a plain `${`; `/first` is not there; `./more` is not there
    error: m/m.yaml:10:50: the variable `place` is not set
      hint: set it for this run or in `alertform.yaml`, or give a default: `${place:-…}`; write `$${` for a plain `${`; `/first` is not there; `./more` is not there
    ");
    cli.write("more/place/inside", "");
    assert_snapshot!(cli.run(&["validate"]).must_exit(1).stderr, @r"
    error: d/a.yaml:3:23: cannot read the secret `./more/place`: Is a directory (os error 21)
      hint: who runs alertform must be allowed to read it
    error: m/m.yaml:10:50: cannot read the secret `./more/place`: Is a directory (os error 21)
      hint: who runs alertform must be allowed to read it
    ");
    cli.write("alertform.yaml", "secret_folders: {a: b}\n");
    assert_snapshot!(cli.run(&["validate"]).must_exit(1).stderr, @r"
    error: alertform.yaml:1:17: expected a text for `secret_folders`, found a mapping
      hint: a text that begins with `[`, `{` or `- ` needs quotes
    ");
}

#[test]
fn settings_come_from_them_too() {
    let cli = project();
    cli.write("first/place", "x");
    cli.write("first/gate", "planted-password");
    cli.write("alertform.yaml", "secret_folders: first\nusername: ann\npassword: '${gate}'\n");
    let screen = cli.run(&["plan", "--url=http://127.0.0.1:1", "--retries=0"]).must_exit(1).stderr;
    assert!(screen.contains("refused the connection") && !screen.contains("planted"), "{screen}");
    cli.write("alertform.yaml", "secret_folders: first\nusername: '${gate}'\n");
    assert_snapshot!(cli.run(&["plan"]).must_exit(1).stderr, @r"
    error: alertform.yaml:2:11: what is filled in for `username` is a secret, and would be shown
      hint: if it is none, give it a name that tells no secret, and keep it out of secret folders
    ");
}

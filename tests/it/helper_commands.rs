//! Helper commands that give secrets: run as the project file allows, once, and shown nowhere.

use insta::assert_snapshot;

use crate::cli::Cli;

fn destination(name: &str, url: &str) -> String {
    format!("kind: destination\nname: {name}\ncustom_webhook: {{url: 'https://x.example/{url}'}}\n")
}

#[test]
fn what_a_command_prints_is_a_secret() {
    let file = "\
project: p
commands:
  say: printf
  note: [sh, -c, 'echo run >> log; echo planted-$KEY', sh]
variables: {LINK: '${cmd:say planted-link}'}
";
    let mut cli = Cli::new(&[("alertform.yaml", file)]);
    cli.set("KEY", "key");
    cli.set("PATH", "/usr/bin:/bin");
    cli.write("d/a.yaml", &destination("a", "${cmd:note}"));
    cli.write("d/b.yaml", &destination("b", "${cmd:note}/${LINK}"));
    let monitor = "\
kind: monitor
name: m
schedule: {every: 5m}
index: a
window: none
query: a
triggers:
  - name: t
    condition: 'true'
    actions: [{name: a, destination: a, message: 'see ${LINK} and ${cmd:say other-planted}'}]
";
    cli.write("m/m.yaml", monitor);
    for arguments in [
        &["validate"][..],
        &["render"],
        &["plan", "--url=sandbox:", "--format=json"],
        &["plan", "--url=sandbox:"],
    ] {
        let screen = cli.run(arguments).must_exit(0).to_string();
        assert!(!screen.contains("planted"), "{screen}");
    }
    let json = cli.run(&["plan", "--url=sandbox:"]).must_exit(0).stdout;
    assert!(json.contains("message: see *** and ***"), "{json}");
    // once a run, by as many files as name it
    assert_eq!(cli.read("log").lines().count(), 5);
}

#[test]
fn a_command_that_gives_nothing_is_an_error() {
    let file = "\
commands:
  fail: [sh, -c, 'echo planted; echo planted >&2; exit 3']
  nothing: 'true'
  gone: /no/such/program
  binary: [printf, '\\377']
";
    let mut cli = Cli::new(&[("alertform.yaml", file)]);
    cli.set("PATH", "/usr/bin:/bin");
    let urls = [
        "${cmd:fail}",
        "${cmd:nothing a}",
        "${cmd:gone}",
        "${cmd:binary}",
        "${cmd:fial}",
        "${cmd:rm -rf x}",
        "${cmd:}",
    ];
    for (index, url) in urls.iter().enumerate() {
        cli.write(&format!("d/{index}.yaml"), &destination(&index.to_string(), url));
    }
    let screen = cli.run(&["validate"]).must_exit(1);
    assert!(!screen.stderr.contains("planted"));
    assert_snapshot!(screen, @r"
    --- stderr
    error: d/0.yaml:2:7: expected a text for `name`, found the number `0`
      hint: put it in quotes
    error: d/0.yaml:3:23: the command `fail` failed: exit status: 3
      hint: run it by hand in the project's folder: what it prints on stderr is not shown here, since it may be secret
    error: d/1.yaml:2:7: expected a text for `name`, found the number `1`
      hint: put it in quotes
    error: d/1.yaml:3:23: the command `nothing` printed nothing
      hint: run it by hand in the project's folder: what it prints on stderr is not shown here, since it may be secret
    error: d/2.yaml:2:7: expected a text for `name`, found the number `2`
      hint: put it in quotes
    error: d/2.yaml:3:23: the command `gone` cannot be run: No such file or directory (os error 2)
      hint: run it by hand in the project's folder: what it prints on stderr is not shown here, since it may be secret
    error: d/3.yaml:2:7: expected a text for `name`, found the number `3`
      hint: put it in quotes
    error: d/3.yaml:3:23: the command `binary` printed no text in UTF-8
      hint: run it by hand in the project's folder: what it prints on stderr is not shown here, since it may be secret
    error: d/4.yaml:2:7: expected a text for `name`, found the number `4`
      hint: put it in quotes
    error: d/4.yaml:3:23: no command `fial` is allowed
      hint: did you mean `${cmd:fail …}`?
    error: d/5.yaml:2:7: expected a text for `name`, found the number `5`
      hint: put it in quotes
    error: d/5.yaml:3:23: no command `rm` is allowed
      hint: allowed are `binary`, `fail`, `gone`, `nothing`
    error: d/6.yaml:2:7: expected a text for `name`, found the number `6`
      hint: put it in quotes
    error: d/6.yaml:3:23: no command `` is allowed
      hint: allowed are `binary`, `fail`, `gone`, `nothing`
    --- exit code 1
    ");
    cli.write("alertform.yaml", "commands: {a: [], 'b c': x, d: {}}\n");
    assert_snapshot!(cli.run(&["validate"]).must_exit(1), @r"
    --- stderr
    error: alertform.yaml:1:12: `a` runs nothing
      hint: as `vault: [vault, kv, get, -field=value]`
    error: alertform.yaml:1:19: `b c` is no name of a command
      hint: as `vault: [vault, kv, get, -field=value]`
    error: alertform.yaml:1:29: `d` runs nothing
      hint: as `vault: [vault, kv, get, -field=value]`
    error: alertform.yaml:1:32: expected a text for `d`, found a mapping
      hint: a text that begins with `[`, `{` or `- ` needs quotes
    --- exit code 1
    ");
    // nobody allowed any
    cli.write("alertform.yaml", "project: p\n");
    assert!(
        cli.run(&["validate"])
            .must_exit(1)
            .stderr
            .contains("`commands: {NAME: [PROGRAM, ARGUMENT]}` in `alertform.yaml` allows one")
    );
}

#[test]
fn commands_in_the_settings_are_run_by_those_who_connect() {
    let settings = "commands: {note: [sh, -c, 'echo run >> log; echo planted', sh]}\nusername: ann\npassword: '${cmd:note}'\n";
    let mut cli = Cli::new(&[("alertform.yaml", settings), ("d/a.yaml", &destination("a", "b"))]);
    cli.set("PATH", "/usr/bin:/bin");
    cli.run(&["validate"]).must_exit(0);
    cli.run(&["render"]).must_exit(0);
    assert!(!cli.path("log").exists());
    cli.run(&["plan", "--url=http://127.0.0.1:1", "--retries=0"]).must_exit(1);
    assert_eq!(cli.read("log").lines().count(), 1);
}

#[test]
fn a_setting_whose_command_is_not_allowed_is_an_error_wherever_it_is_not_needed() {
    let cli = Cli::new(&[(
        "alertform.yaml",
        "commands: {pass: [echo]}\nusername: a\npassword: ${cmd:pas x}\nheaders: {x: 'ApiKey ${cmd:nope}', y: 'a $${cmd:plain}'}\n",
    )]);
    assert_snapshot!(cli.run(&["validate"]).must_exit(1).stderr, @r"
    error: alertform.yaml:3:11: no command `pas` is allowed
      hint: did you mean `${cmd:pass …}`?
    error: alertform.yaml:4:14: no command `nope` is allowed
      hint: allowed are `pass`
    ");
}

#[test]
fn what_a_command_prints_is_no_setting_that_is_shown_and_no_second_password() {
    let cli = Cli::new(&[("d/a.yaml", &destination("a", "b"))]);
    let file = "\
commands: {say: printf}
username: ann
url: '${cmd:say x}'
password: '${cmd:say x}'
password_file: secret
environments:
  prod: {token_file: secret, token: '${cmd:say x}', ca: '${cmd:say y}'}
";
    cli.write("alertform.yaml", file);
    assert_snapshot!(cli.run(&["validate"]).must_exit(1).stderr, @r"
    error: alertform.yaml:3:6: what a command prints is secret, and `url` is shown
      hint: `${NAME}` and `${file:PATH}` fill in what is no secret
    error: alertform.yaml:4:1: `password` and `password_file` exclude each other
      hint: keep one of them
    error: alertform.yaml:7:30: `token` and `token_file` exclude each other
      hint: keep one of them
    error: alertform.yaml:7:57: what a command prints is secret, and `ca` is shown
      hint: `${NAME}` and `${file:PATH}` fill in what is no secret
    ");
}

//! E-mail in both of its lives: accounts, groups and the destinations that make use of them, by name.

use super::target::{Target, targets};
use crate::cli::Cli;

const FILES: &str = r"kind: email_account
name: ${UNDER}_mailer
smtp_account: {host: smtp.example.com, port: 587, method: start_tls, from_address: alerts@example.com}
---
kind: email_group
name: ${UNDER}_on_call
recipients: [a@example.com, b@example.com]
---
kind: destination
name: ${PREFIX}-mail
email:
  account: ${UNDER}_mailer
  recipients: [ops@example.com]
  groups: ['${UNDER}_on_call']
---
kind: monitor
name: ${PREFIX}-m
schedule: {every: 1h}
index: ${PREFIX}-logs-*
query: level:ERROR
window: none
triggers:
  - name: t
    condition: ctx.results[0].hits.total.value > 0
    actions:
      - {name: a, destination: '${PREFIX}-mail', message: x}
";

fn project(target: &Target) -> Cli {
    let mut cli = target.project(&[("all.yaml", FILES)]);
    cli.set("UNDER", &target.prefix.replace('-', "_"));
    cli
}

#[test]
fn accounts_and_groups_come_before_the_e_mails_that_name_them_and_go_after() {
    for target in targets() {
        let cli = project(&target);
        let screen = cli.run(&["apply", "--yes"]).must_exit(0);
        assert!(screen.stdout.contains("applied: 4 created"), "{target}: {screen}");
        let nothing = |of: usize| {
            let screen = cli.run(&["plan", "--detailed-exitcode"]).must_exit(0);
            let expected = format!("plan: nothing to do; {of} unchanged\n");
            assert!(screen.stdout.starts_with(&expected), "{target}: {screen}");
        };
        nothing(4);

        cli.edit("all.yaml", "b@example.com", "c@example.com");
        cli.edit("all.yaml", "port: 587", "port: 465");
        let screen = cli.run(&["plan"]).must_exit(0);
        let lines = screen.stdout.lines().filter(|line| line.starts_with("  - ") || line.starts_with("  + "));
        assert_eq!(lines.count(), 4, "{target}: {screen}");
        cli.run(&["apply", "--yes"]).must_exit(0);
        nothing(4);

        // nothing of it is declared any more
        let quiet = "kind: monitor\nname: ${PREFIX}-m\nschedule: {every: 1h}\nindex: ${PREFIX}-logs-*\n\
                     query: level:ERROR\nwindow: none\n";
        cli.write("all.yaml", quiet);
        let screen = cli.run(&["plan", "--prune"]).must_exit(0);
        let gone: Vec<&str> = screen.stdout.lines().filter(|line| line.starts_with("- ")).collect();
        let kinds: Vec<&str> = gone.iter().filter_map(|line| line.split(' ').nth(1)).collect();
        assert_eq!(kinds, ["destination", "email_group", "email_account"], "{target}: {screen}");
        cli.run(&["apply", "--prune", "--yes"]).must_exit(0);
        nothing(1);
    }
}

#[test]
fn e_mail_is_exported_by_name_and_plans_clean() {
    for target in targets() {
        let mut cli = project(&target);
        cli.run(&["apply", "--yes"]).must_exit(0);
        cli.run(&["export", "--out", "files"]).must_exit(0);
        target.keep_own_files(&cli, "files");
        let mail = cli.read(&format!("files/destinations/{}-mail.yaml", target.prefix));
        let under = target.prefix.replace('-', "_");
        let expected = format!(
            "kind: destination\nname: {}-mail\nemail:\n  account: {under}_mailer\n  \
             recipients: [ops@example.com]\n  groups: [{under}_on_call]\n",
            target.prefix
        );
        assert_eq!(mail, expected, "{target}");
        cli.set("UNDER", "unused");
        let screen = cli.run(&["plan", "--dir", "files", "--detailed-exitcode"]).must_exit(0);
        assert!(screen.stdout.starts_with("plan: nothing to do; 4 unchanged\n"), "{target}: {screen}");
    }
}

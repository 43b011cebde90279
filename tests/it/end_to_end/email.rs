//! E-mail in both of its lives: accounts, groups and the destinations that make use of them, by name.

use alertform::api::line::Line;

use super::target::{Target, targets};
use crate::cli::Cli;
use crate::cluster::{Cluster, answer};

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
        cli.edit("all.yaml", "[a@example.com, b@example.com]", "[b@example.com, a@example.com]");
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

#[test]
fn an_account_that_an_e_mail_changes_to_is_the_projects_and_goes_when_it_is_no_longer_declared() {
    for target in targets() {
        let cli = project(&target);
        cli.run(&["apply", "--yes"]).must_exit(0);
        let other = "kind: email_account\nname: ${UNDER}_other\n\
                     smtp_account: {host: b.example.com, port: 25, method: none, from_address: b@example.com}\n";
        cli.write("other.yaml", other);
        cli.edit("all.yaml", "account: ${UNDER}_mailer", "account: ${UNDER}_other");
        cli.run(&["apply", "--yes"]).must_exit(0);
        let screen = cli.run(&["plan", "--detailed-exitcode"]).must_exit(0);
        assert_eq!(screen.stdout, "plan: nothing to do; 5 unchanged\n", "{target}");
        cli.edit("all.yaml", "account: ${UNDER}_other", "account: ${UNDER}_mailer");
        std::fs::remove_file(cli.path("other.yaml")).unwrap_or_default();
        let screen = cli.run(&["apply", "--prune", "--yes"]).must_exit(0);
        assert!(screen.stdout.contains("1 deleted"), "{target}: {screen}");
        let screen = cli.run(&["plan", "--prune", "--detailed-exitcode"]).must_exit(0);
        assert_eq!(screen.stdout, "plan: nothing to do; 4 unchanged\n", "{target}");
    }
}

#[test]
fn who_may_not_list_accounts_and_groups_has_all_else() {
    for line in [Line::Odfe, Line::V1_3] {
        let cluster = Cluster::start(line);
        let cli = |files: &[(&str, &str)]| {
            let mut cli = Cli::new(files);
            cli.set("ALERTFORM_URL", &cluster.url);
            cli.set("PREFIX", "p");
            cli.set("UNDER", "p");
            cli
        };
        cluster.meddle(Box::new(|_, request| {
            let reason = "This API is blocked since Destination type [email] is not allowed";
            let body =
                serde_json::json!({"error": {"type": "alerting_exception", "reason": reason}, "status": 403});
            request.uri.contains("/email_").then(|| answer(403, body.to_string()))
        }));
        let screen = cli(&[("all.yaml", FILES)]).run(&["plan"]).must_exit(1);
        assert!(screen.stdout.contains("the server lists no email_account to this user"), "{line}: {screen}");
        let topic = "kind: destination\nname: d\nslack: {url: 'https://hooks.slack.com/services/x'}\n";
        let others = cli(&[("destinations/d.yaml", topic)]);
        others.run(&["apply", "--yes"]).must_exit(0);
        let screen = others.run(&["export", "--out", "out"]);
        assert!(screen.stderr.contains("left out: each email_group"), "{line}: {screen}");
    }
}

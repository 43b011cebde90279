//! Further headers: sent with each request, and shown nowhere.

use alertform::api::line::Line;
use insta::assert_snapshot;

use crate::cli::Cli;
use crate::cluster::{Cluster, answer};

const DESTINATION: &str = "kind: destination\nname: a\ncustom_webhook: {url: 'https://a.example'}\n";

#[test]
fn each_request_has_them_and_no_screen() {
    let cluster = Cluster::start(Line::V2_19);
    let file = "\
project: p
headers: {X-Api-Key: '${KEY}', X-Stage: all}
environments:
  prod:
    headers: {x-stage: prod, Authorization: 'ApiKey ${KEY}'}
";
    let mut cli = Cli::new(&[("d/a.yaml", DESTINATION), ("alertform.yaml", file)]);
    cli.set("ALERTFORM_URL", &cluster.url);
    cli.set("KEY", "planted-key");
    let screen = cli.run(&["apply", "--yes", "--env", "prod", "-v"]).must_exit(0).to_string();
    assert!(!screen.contains("planted"), "{screen}");
    let sent = cluster.sent();
    assert!(sent.len() > 3);
    for request in &sent {
        let see = |name: &str| request.headers.get(name).map(|value| value.to_str().unwrap().to_owned());
        let all = ["x-api-key", "x-stage", "authorization"].map(see);
        assert_eq!(all, ["planted-key", "prod", "ApiKey planted-key"].map(|value| Some(value.to_owned())));
    }
    // a gate that says what it was told
    cluster.meddle(Box::new(|_, _| Some(answer(403, r#"{"message":"no such key: planted-key"}"#))));
    let screen = cli.run(&["plan", "--env", "prod"]).must_exit(1).to_string();
    assert!(screen.contains("no such key: (secret)") && !screen.contains("planted"), "{screen}");
}

#[test]
fn what_no_header_can_be_is_refused() {
    let mut cli = Cli::new(&[("d/a.yaml", DESTINATION)]);
    cli.set("ALERTFORM_URL", "http://127.0.0.1:1");
    cli.set("ALERTFORM_RETRIES", "0");
    cli.set("LINES", "planted\nlines");
    let mut all = String::new();
    for headers in [
        "{Host: a, content-type: b, 'a b': c, X-A: '', X-B: '${LINES}', X-C: [planted], X-D: 1, x-d: 2}",
        "planted",
        "{X-A: 'pl\u{7}anted'}",
        "{Authorization: 'ApiKey planted'}\nusername: ann",
        "{Authorization: 'ApiKey planted'}",
    ] {
        cli.write("alertform.yaml", &format!("headers: {headers}\n"));
        all += &cli.run(&["plan"]).must_exit(1).stderr;
    }
    cli.set("ALERTFORM_TOKEN", "planted");
    all += &cli.run(&["plan"]).must_exit(1).stderr;
    assert!(!all.contains("planted"), "{all}");
    assert_snapshot!(all, @r#"
    error: alertform.yaml:1:17: `Host` is said by alertform itself
      hint: as `headers: {X-Api-Key: "${API_KEY}"}`
    error: alertform.yaml:1:34: `content-type` is said by alertform itself
      hint: as `headers: {X-Api-Key: "${API_KEY}"}`
    error: alertform.yaml:1:44: `a b` is no name of a header
      hint: as `headers: {X-Api-Key: "${API_KEY}"}`
    error: alertform.yaml:1:52: the value of the header `X-A` is no line
      hint: it is one line, and not empty
    error: alertform.yaml:1:61: the value of the header `X-B` is no line
      hint: it is one line, and not empty
    error: alertform.yaml:1:78: expected a text for `X-C`, found a list
    error: alertform.yaml:1:102: the header `x-d` is there twice
      hint: keep one
    error: alertform.yaml:1:10: expected a mapping of texts for `headers`, found a text
    error: alertform.yaml:1:19: not YAML: unexpected character: `\u{7}'
    error: the user `ann` has no password
      hint: `ALERTFORM_PASSWORD` or `--password-file FILE` gives it
    error: `127.0.0.1:1` refused the connection
      hint: is the server running, and is this its port?
    error: there is a header `Authorization`, and credentials as well
      hint: a server knows who asks by one of them: take the other out of the flags, the variables and `alertform.yaml`
    "#);
}

#[test]
fn an_environment_that_says_who_asks_takes_no_header_for_it_from_elsewhere() {
    let cluster = Cluster::start(Line::V2_19);
    let file = "\
project: p
headers: {Authorization: 'ApiKey ${KEY}'}
environments:
  a: {username: ann, password: '${KEY}'}
  b: {headers: {Authorization: 'Other ${KEY}'}}
";
    let mut cli = Cli::new(&[("d/a.yaml", DESTINATION), ("alertform.yaml", file)]);
    cli.set("ALERTFORM_URL", &cluster.url);
    cli.set("KEY", "planted-key");
    for (environment, scheme) in [("a", "Basic "), ("b", "Other ")] {
        let before = cluster.sent().len();
        cli.run(&["plan", "--env", environment]).must_exit(0);
        for request in &cluster.sent()[before..] {
            assert!(request.headers["authorization"].to_str().unwrap().starts_with(scheme));
        }
    }
    // an environment's own header is all that says who asks there; what a flag says beside it is an error
    cli.set("ALERTFORM_USERNAME", "bob");
    cli.set("ALERTFORM_PASSWORD", "planted");
    cli.run(&["plan", "--env=b"]).must_exit(0);
    let screen = cli.run(&["plan", "--env=b", "--token-file=alertform.yaml"]).must_exit(1);
    assert!(screen.stderr.contains("there is a header `Authorization`, and credentials as well"), "{screen}");
}

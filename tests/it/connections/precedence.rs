//! Each setting comes from a flag, else from the environment, else from the project file, else has a default.

use std::collections::BTreeMap;

use alertform::api::connection::{Aws, Connection, Credentials, Held, Role, Target, Verification};
use alertform::cli::Cli;
use alertform::config::{Config, Process};
use alertform::error::Error;
use alertform::source::project_file::{self, ProjectFile};
use alertform::source::settings::Settings;
use clap::Parser;
use insta::assert_snapshot;

use crate::source::project::folder;

/// One setting: its flag, its variable, a project file that says it, and how to see it.
type Row = (&'static str, &'static str, fn(&mut Settings), fn(&Config) -> String);

fn connection(config: &Config) -> &Connection {
    config.connection().unwrap()
}

fn basic(config: &Config) -> (String, Held) {
    match connection(config).credentials.clone() {
        Some(Credentials::Basic { username, password }) => (username, password),
        other => panic!("{other:?}"),
    }
}

#[expect(clippy::unnecessary_debug_formatting, reason = "paths are shown as they are held")]
/// Each row's values are told apart by their ends: `1` from the flag, `2` from the variable, `3` from the file.
const ROWS: &[Row] = &[
    (
        "--url=https://h1",
        "ALERTFORM_URL=https://h2",
        |s| s.url = Some("https://h3".into()),
        |c| format!("{:?}", connection(c).target).replace('"', ""),
    ),
    ("--username=u1", "ALERTFORM_USERNAME=u2", |s| s.username = Some("u3".into()), |c| basic(c).0),
    (
        "--password-file=/p1",
        "ALERTFORM_PASSWORD_FILE=/p2",
        |s| s.password = Some(Held::File("/p3".into())),
        |c| format!("{:?}", basic(c).1),
    ),
    (
        "--connect-to=h:1",
        "ALERTFORM_CONNECT_TO=h:2",
        |s| s.connect_to = Some("h:3".into()),
        |c| connection(c).connect_to.clone().unwrap(),
    ),
    ("--ca=/c1", "ALERTFORM_CA=/c2", |s| s.ca = Some("/c3".into()), |c| format!("{:?}", connection(c).ca)),
    (
        "--client-certificate=/c1",
        "ALERTFORM_CLIENT_CERTIFICATE=/c2",
        |s| s.client_certificate = Some("/c3".into()),
        |c| format!("{:?}", connection(c).client_certificate.clone().unwrap().certificate),
    ),
    (
        "--client-key=/k1",
        "ALERTFORM_CLIENT_KEY=/k2",
        |s| s.client_key = Some("/k3".into()),
        |c| format!("{:?}", connection(c).client_certificate.clone().unwrap().key),
    ),
    (
        "--timeout=31s",
        "ALERTFORM_TIMEOUT=32s",
        |s| s.timeout = Some(std::time::Duration::from_secs(33)),
        |c| connection(c).timeout.as_secs().to_string(),
    ),
    (
        "--retries=1",
        "ALERTFORM_RETRIES=2",
        |s| s.retries = Some(3),
        |c| connection(c).retries.most.to_string(),
    ),
];

/// What makes the rows above complete: a half of a pair is an error.
const REST: &[&str] = &["ALERTFORM_URL=https://h", "ALERTFORM_USERNAME=u", "ALERTFORM_PASSWORD_FILE=/p"];

fn resolve(flags: &[&str], variables: &[&str], settings: &Settings) -> Result<Config, Error> {
    let cli = Cli::try_parse_from(["alertform", "plan"].iter().chain(flags)).unwrap();
    let process: BTreeMap<String, String> = variables
        .iter()
        .filter_map(|variable| variable.split_once('='))
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect();
    let file = ProjectFile { settings: settings.clone(), ..ProjectFile::default() };
    Config::resolve(&cli, &Process::new(process), &file, None)
}

fn problem(flags: &[&str], variables: &[&str]) -> String {
    let error = match resolve(flags, variables, &Settings::default()) {
        Ok(config) => config.connection().map(drop).unwrap_err(),
        Err(error) => error,
    };
    error.screen() + "\n"
}

#[test]
fn flag_before_environment_before_project_file() {
    for (flag, variable, write, see) in ROWS {
        let mut settings = Settings {
            client_certificate: Some("/c0".into()),
            client_key: Some("/k0".into()),
            ..Settings::default()
        };
        write(&mut settings);
        let name = variable.split('=').next().unwrap();
        let rest: Vec<&str> =
            REST.iter().copied().filter(|other| !other.starts_with(&format!("{name}="))).collect();
        let with = |more: &[&'static str]| [rest.clone(), more.to_vec()].concat();
        let end = |config: &Config| see(config).chars().rfind(char::is_ascii_digit).unwrap();
        assert_eq!(end(&resolve(&[flag], &with(&[variable]), &settings).unwrap()), '1', "{flag}");
        assert_eq!(end(&resolve(&[], &with(&[variable]), &settings).unwrap()), '2', "{variable}");
        assert_eq!(end(&resolve(&[], &with(&[]), &settings).unwrap()), '3', "{variable}");
        let empty: &'static str = Box::leak(format!("{name}=").into_boxed_str());
        assert_eq!(end(&resolve(&[], &with(&[empty]), &settings).unwrap()), '3', "empty {name}");
    }
}

#[test]
fn a_time_limit_is_read_alike_everywhere() {
    for (text, expected) in
        [("90s", Some(90)), ("2m", Some(120)), ("1h", Some(3600)), ("0s", None), ("2", None)]
    {
        let flag = Cli::try_parse_from(["alertform", "plan", "--url=https://h", "--timeout", text]);
        let flag = flag.ok().and_then(|cli| cli.global.timeout).map(|limit| limit.as_secs());
        let variable = resolve(
            &[],
            &["ALERTFORM_URL=https://h", &format!("ALERTFORM_TIMEOUT={text}")],
            &Settings::default(),
        );
        let variable = variable.ok().and_then(|config| Some(config.connection().ok()?.timeout.as_secs()));
        let dir = folder(&[("alertform.yaml", &format!("timeout: {text}\n"))]);
        let written = project_file::load(dir.path(), &Process::default()).ok();
        let written = written.and_then(|file| Some(file.settings.timeout?.as_secs()));
        assert_eq!([flag, variable, written], [expected; 3], "{text}");
    }
}

#[test]
fn the_line_has_the_same_precedence() {
    let settings = Settings { line: Some("odfe".parse().unwrap()), ..Settings::default() };
    for (flags, variables, expected) in [
        (&["--line=3"][..], &["ALERTFORM_LINE=2.19"][..], "3"),
        (&[], &["ALERTFORM_LINE=2.19"], "2.19"),
        (&[], &[], "odfe"),
    ] {
        assert_eq!(resolve(flags, variables, &settings).unwrap().line.unwrap().as_str(), expected);
    }
}

#[test]
fn the_password_comes_from_one_of_four_places() {
    let settings = Settings { password: Some(Held::File("/file".into())), ..Settings::default() };
    let flag = "--password-file=/flag";
    let (word, path) = ("ALERTFORM_PASSWORD=hunter2", "ALERTFORM_PASSWORD_FILE=/variable");
    for (flags, variables, expected) in [
        (&[flag][..], &[word, path][..], "File(\"/flag\")"),
        (&[], &[word, path], "Given(Secret(…))"),
        (&[], &[path], "File(\"/variable\")"),
        (&[], &[], "File(\"/file\")"),
    ] {
        let variables = [&["ALERTFORM_URL=https://h", "ALERTFORM_USERNAME=ann"], variables].concat();
        let config = resolve(flags, &variables, &settings).unwrap();
        let (username, password) = basic(&config);
        assert_eq!((username.as_str(), format!("{password:?}").as_str()), ("ann", expected));
        if let Held::Given(secret) = password {
            assert_eq!(secret.expose(), "hunter2");
        }
    }
}

#[test]
fn the_token_comes_from_one_of_four_places() {
    let settings = Settings { token: Some(Held::File("/file".into())), ..Settings::default() };
    let flag = "--token-file=/flag";
    let (word, path) = ("ALERTFORM_TOKEN=planted", "ALERTFORM_TOKEN_FILE=/variable");
    for (flags, variables, expected) in [
        (&[flag][..], &[word, path][..], "Some(Bearer(File(\"/flag\")))"),
        (&[], &[word, path], "Some(Bearer(Given(Secret(…))))"),
        (&[], &[path], "Some(Bearer(File(\"/variable\")))"),
        (&[], &[], "Some(Bearer(File(\"/file\")))"),
    ] {
        let variables = [&["ALERTFORM_URL=https://h"], variables].concat();
        let config = resolve(flags, &variables, &settings).unwrap();
        assert_eq!(format!("{:?}", connection(&config).credentials), expected);
    }
}

#[test]
fn what_signs_for_aws_comes_from_three_places() {
    let written = Aws {
        region: Some("r3".into()),
        profile: Some("p3".into()),
        role: Some(Role { arn: "a3".into(), external_id: Some("e3".into()), session_name: None }),
    };
    let settings = Settings { aws: Some(written), ..Settings::default() };
    let flags = ["--aws-region=r1", "--aws-profile=p1", "--aws-role-arn=a1"];
    let variables = ["ALERTFORM_AWS_REGION=r2", "ALERTFORM_AWS_PROFILE=p2", "ALERTFORM_AWS_ROLE_ARN=a2"];
    for (flags, variables, expected) in [
        (&flags[..], &variables[..], "r1 p1 a1 e3"),
        (&[], &variables, "r2 p2 a2 e3"),
        (&[], &[], "r3 p3 a3 e3"),
    ] {
        let variables = [&["ALERTFORM_URL=https://h"], variables].concat();
        let config = resolve(flags, &variables, &settings).unwrap();
        let Some(Credentials::Aws(Aws { region, profile, role: Some(role) })) =
            &connection(&config).credentials
        else {
            panic!("not signed")
        };
        let said =
            [region, profile, &Some(role.arn.clone()), &role.external_id].map(|text| text.clone().unwrap());
        assert_eq!(said.join(" "), expected);
    }
    // a region of its own goes before that of the host
    let region = |flags: &[&str], settings: &Settings| {
        let host = ["ALERTFORM_URL=https://search-a.eu-west-1.es.amazonaws.com"];
        match connection(&resolve(flags, &host, settings).unwrap()).credentials.clone() {
            Some(Credentials::Aws(aws)) => aws.region,
            _ => None,
        }
    };
    assert_eq!(region(&["--aws"], &Settings::default()).as_deref(), Some("eu-west-1"));
    assert_eq!(region(&[], &settings).as_deref(), Some("r3"));
    // nobody asked for it
    assert_eq!(region(&[], &Settings::default()), None);
}

#[test]
fn defaults() {
    let config = resolve(&["--url=https://h"], &[], &Settings::default()).unwrap();
    let connection = connection(&config);
    assert_eq!((connection.timeout.as_secs(), connection.connect_timeout.as_secs()), (60, 10));
    assert_eq!((connection.retries.most, config.concurrency, config.adopt), (3, 4, false));
    assert_eq!(connection.verification, Verification::Full);
    assert!(connection.credentials.is_none() && connection.proxy.is_none() && connection.line.is_none());
}

#[test]
fn flags_that_only_say_yes() {
    let config = resolve(&["--url=https://h", "--insecure", "--adopt"], &[], &Settings::default()).unwrap();
    assert_eq!((connection(&config).verification, config.adopt), (Verification::None, true));
    let settings = Settings { adopt: Some(true), concurrency: Some(2), ..Settings::default() };
    let config = resolve(&[], &[], &settings).unwrap();
    assert_eq!((config.adopt, config.concurrency), (true, 2));
}

#[test]
fn the_sandbox_is_a_url() {
    let settings = Settings { url: Some("sandbox:state.json?line=odfe".into()), ..Settings::default() };
    for (flags, expected) in [
        (&["--dir=p", "--url=sandbox:"][..], "p/.alertform/sandbox.json None"),
        (&["--dir=p", "--url=sandbox:a.json"], "a.json None"),
        (&["--dir=p", "--url=sandbox:a.json", "--line=3"], "a.json Some(V3)"),
        (&["--dir=p", "--url=sandbox:a.json?line=1.3", "--line=3"], "a.json Some(V1_3)"),
        (&["--dir=p", "--url=sandbox:?line=1.3"], "p/.alertform/sandbox.json Some(V1_3)"),
        (&["--dir=p"], "p/state.json Some(Odfe)"),
    ] {
        let config = resolve(flags, &["ALL_PROXY=http://p"], &settings).unwrap();
        let connection = connection(&config);
        let Target::Sandbox { file, line } = &connection.target else { panic!("{flags:?}") };
        assert_eq!(format!("{} {line:?}", file.display()), expected, "{flags:?}");
        assert_eq!(connection.proxy, None);
    }
}

#[test]
fn what_cannot_be_is_said_with_a_way_out() {
    let url = "ALERTFORM_URL=https://h";
    let mut all = String::new();
    for (flags, variables) in [
        (&[][..], &[][..]),
        (&["--url=localhost:9200"], &[]),
        (&["--url=https://ann:hunter2@h"], &[]),
        (&["--url=https://ann@h"], &[]),
        (&["--url=https://h/?x=1"], &[]),
        (&["--url=sandbox:?lines=3"], &[]),
        (&["--url=sandbox:?line=4"], &[]),
        (&["--username=ann"], &[url]),
        (&["--password-file=f"], &[url]),
        (&["--token-file=f", "--username=ann"], &[url]),
        (&["--token-file=f", "--aws"], &[url]),
        (&[], &[url, "ALERTFORM_AWS=yes"]),
        (&["--url=https://x.eu-west-1.aoss.amazonaws.com"], &[]),
        (&["--connect-to=localhost"], &[url]),
        (&["--connect-to=localhost:1", "--url=https://10.0.0.1"], &[]),
        (&["--connect-to=localhost:1"], &[url, "HTTPS_PROXY=http://p:3128"]),
        (&["--client-key=f"], &[url]),
        (&["--client-certificate=f"], &[url]),
        (&[], &[url, "ALERTFORM_TIMEOUT=soon"]),
        (&[], &[url, "ALERTFORM_RETRIES=-1"]),
        (&[], &[url, "ALERTFORM_LINE=7"]),
        (&[], &[url, "HTTPS_PROXY=ftp://ann:hunter2@p"]),
    ] {
        all += &problem(flags, variables);
    }
    assert!(!all.contains("hunter2"));
    assert_snapshot!(all, @r"
    error: no cluster is named
      hint: `--url URL`, `ALERTFORM_URL`, or `url:` in `alertform.yaml` names it; `--url sandbox:` needs none
    error: the cluster's URL is none that can be used
      hint: it begins with `http://` or `https://` and a host: `https://localhost:9200`
    error: the cluster's URL holds credentials, which would end up in logs
      hint: take them out; `ALERTFORM_USERNAME` and `ALERTFORM_PASSWORD` hold them
    error: the cluster's URL holds credentials, which would end up in logs
      hint: take them out; `ALERTFORM_USERNAME` and `ALERTFORM_PASSWORD` hold them
    error: the cluster's URL has a `?` or a `#`
      hint: it ends with the host, the port, or a path below which OpenSearch answers
    error: `?lines=3` says nothing to the sandbox
      hint: it is written `sandbox:[FILE][?line=LINE]`
    error: in `sandbox:?line=4`: `4` is no server line, expected `odfe`, `1.3`, `2.19` or `3`
      hint: `sandbox:FILE?line=2.19` names a line
    error: the user `ann` has no password
      hint: `ALERTFORM_PASSWORD` or `--password-file FILE` gives it
    error: there is a password, and no user
      hint: `ALERTFORM_USERNAME` or `--username NAME` gives it
    error: there is a user or a password, and a token as well
      hint: a server knows who asks by one of them: take the other out of the flags, the variables and `alertform.yaml`
    error: there is a token, and a signature for AWS as well
      hint: a server knows who asks by one of them: take the other out of the flags, the variables and `alertform.yaml`
    error: in `ALERTFORM_AWS`: provided string was not `true` or `false`
      hint: correct or unset the variable
    error: OpenSearch Serverless has no Alerting plugin
      hint: alertform works with domains of Amazon OpenSearch Service, whose hosts end with `.es.amazonaws.com`
    error: `localhost` is no host and port to connect to
      hint: it is written `HOST:PORT`, as `localhost:9443`
    error: there is a host to connect to, and the URL has an address instead of a name
      hint: give the cluster's own name in the URL, or connect to the URL as it is
    error: there is a host to connect to, and the proxy `p:3128` as well
      hint: add the cluster's host to `NO_PROXY`, or let the proxy lead there
    error: the client key has no certificate
      hint: `--client-certificate FILE` names it
    error: the client certificate has no key
      hint: `--client-key FILE` names it
    error: in `ALERTFORM_TIMEOUT`: `soon` is no time limit, expected a whole number and a unit: `30s`, `15m`, `2h` or `1d`
      hint: correct or unset the variable
    error: in `ALERTFORM_RETRIES`: invalid digit found in string
      hint: correct or unset the variable
    error: in `ALERTFORM_LINE`: `7` is no server line, expected `odfe`, `1.3`, `2.19` or `3`
      hint: correct or unset the variable
    error: `HTTPS_PROXY` holds no URL of a proxy
      hint: it is written `http://HOST:PORT`; `socks5h://HOST:PORT` for SOCKS
    ");
}

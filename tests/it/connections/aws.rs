//! Requests that are signed for AWS, with credentials from each place where its own tools find them; a signature is reckoned
//! here once more, by other code.

use alertform::api::line::Line;
use sha2::{Digest, Sha256};

use super::server::{Reply, Server};
use crate::cli::{Cli, Screen};
use crate::cluster::{Cluster, Sent};

pub const ID: &str = "AKIDEXAMPLE";
pub const KEY: &str = "planted/AWS+secret";
const TOKEN: &str = "planted-session-token";

const FILES: [(&str, &str); 2] = [
    ("ops.yaml", "kind: destination\nname: ops\nslack: {url: 'https://hooks.slack.com/services/T0/B0/x'}\n"),
    (
        "m.yaml",
        "kind: monitor\nname: ä m\nschedule: {every: 5m}\nindex: logs*\nquery: a\nwindow: none\ntriggers:\n  - name: t\n    \
         condition: 'true'\n    actions:\n      - {name: a, destination: ops, message: hello}\n",
    ),
];

/// A project on a cluster that is asked for by the host of a domain.
fn project(cluster: &Cluster) -> Cli {
    let mut cli = Cli::new(&FILES);
    cli.set("ALERTFORM_URL", "http://search-logs-abc.eu-west-1.es.amazonaws.com");
    cli.set("ALERTFORM_CONNECT_TO", cluster.url.trim_start_matches("http://"));
    cli.set("ALERTFORM_AWS", "true");
    cli.set("HOME", cli.dir().to_str().unwrap().to_owned().as_str());
    cli.set("AWS_EC2_METADATA_DISABLED", "true");
    cli
}

fn must_be_signed(sent: &[Sent], region: &str, key: &str, token: Option<&str>) {
    assert!(!sent.is_empty());
    for sent in sent {
        let header = |name: &str| sent.headers.get(name).map(|value| value.to_str().unwrap());
        assert_eq!(header("host"), Some("search-logs-abc.eu-west-1.es.amazonaws.com"));
        assert_eq!(header("x-amz-security-token"), token);
        let authorization = header("authorization").unwrap();
        assert_eq!(authorization, authorization_of(sent, region, key), "{} {}", sent.method, sent.uri);
    }
}

/// Signature Version 4, by the book.
pub fn authorization_of(sent: &Sent, region: &str, key: &str) -> String {
    let value = |name: &str| sent.headers.get(name).unwrap().to_str().unwrap();
    let signed = |authorization: &str| {
        authorization.split_once("SignedHeaders=").unwrap().1.split_once(',').unwrap().0.to_owned()
    };
    let names = signed(value("authorization"));
    assert!(names.split(';').any(|name| name == "host") && names.split(';').any(|name| name == "x-amz-date"));
    let (path, query) = sent.uri.split_once('?').unwrap_or((&sent.uri, ""));
    let mut pairs: Vec<String> = query
        .split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| if pair.contains('=') { pair.to_owned() } else { format!("{pair}=") })
        .collect();
    pairs.sort();
    let headers: String = names.split(';').map(|name| format!("{name}:{}\n", value(name))).collect();
    let canonical = format!(
        "{}\n{}\n{}\n{headers}\n{names}\n{}",
        sent.method,
        path.replace('%', "%25"),
        pairs.join("&"),
        hex(&Sha256::digest(&sent.body))
    );
    let time = value("x-amz-date");
    let scope = format!("{}/{region}/es/aws4_request", &time[..8]);
    let to_sign =
        format!("AWS4-HMAC-SHA256\n{time}\n{scope}\n{}", hex(&Sha256::digest(canonical.as_bytes())));
    let derived = [&time[..8], region, "es", "aws4_request"]
        .iter()
        .fold(format!("AWS4{key}").into_bytes(), |key, part| hmac(&key, part.as_bytes()));
    let signature = hex(&hmac(&derived, to_sign.as_bytes()));
    format!("AWS4-HMAC-SHA256 Credential={ID}/{scope}, SignedHeaders={names}, Signature={signature}")
}

/// RFC 2104.
fn hmac(key: &[u8], text: &[u8]) -> Vec<u8> {
    const BLOCK: usize = 64;
    let mut padded = if key.len() > BLOCK { Sha256::digest(key).to_vec() } else { key.to_vec() };
    padded.resize(BLOCK, 0);
    let with = |pad: u8| padded.iter().map(|byte| byte ^ pad).collect::<Vec<_>>();
    let inner = Sha256::digest([with(0x36), text.to_vec()].concat());
    Sha256::digest([with(0x5c), inner.to_vec()].concat()).to_vec()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Where credentials come from, the variables and the flags that say so, and the token that comes with them.
type Case<'a> = (&'a str, Vec<(&'a str, &'a str)>, Vec<&'a str>, Option<&'a str>);

fn must_hold_no_secret(screen: &Screen) {
    assert!(!screen.to_string().contains("planted"), "{screen}");
}

#[test]
fn every_request_of_an_apply_is_signed() {
    for line in [Line::Odfe, Line::V2_19] {
        let cluster = Cluster::start(line);
        let mut cli = project(&cluster);
        cli.set("AWS_ACCESS_KEY_ID", ID);
        cli.set("AWS_SECRET_ACCESS_KEY", KEY);
        let screen = cli.run(&["apply", "--yes", "-v"]).must_exit(0);
        must_hold_no_secret(&screen);
        must_be_signed(&cluster.sent(), "eu-west-1", KEY, None);
        cli.set("AWS_SESSION_TOKEN", TOKEN);
        cli.run(&["plan", "--detailed-exitcode"]).must_exit(0);
        let sent = cluster.sent();
        must_be_signed(&sent[sent.len() - 2..], "eu-west-1", KEY, Some(TOKEN));
    }
}

#[test]
fn credentials_come_from_where_the_tools_of_aws_find_them() {
    let cluster = Cluster::start(Line::V2_19);
    let given = format!(
        "\"AccessKeyId\":\"{ID}\",\"SecretAccessKey\":\"{KEY}\",\"Token\":\"{TOKEN}\",\"Expiration\":\"2099-01-01T00:00:00Z\""
    );
    let container = Server::start(&[Reply::json(200, &format!("{{{given}}}"))]);
    let assumed = format!(
        "<AssumeRoleResponse><AssumeRoleResult><Credentials><AccessKeyId>{ID}</AccessKeyId><SecretAccessKey>{KEY}\
         </SecretAccessKey><SessionToken>{TOKEN}</SessionToken><Expiration>2099-01-01T00:00:00Z</Expiration></Credentials>\
         </AssumeRoleResult></AssumeRoleResponse>"
    );
    let sts = Server::start(&[Reply::of("200 OK\ncontent-type: text/xml", &assumed)]);
    let by_web = assumed.replace("AssumeRole", "AssumeRoleWithWebIdentity");
    let web = Server::start(&[Reply::of("200 OK\ncontent-type: text/xml", &by_web)]);
    let process = format!(
        "[profile p]\ncredential_process = printf '{{\"Version\":1,\"AccessKeyId\":\"{ID}\",\"SecretAccessKey\":\"{KEY}\"}}'\n"
    );
    let shared = format!("[team]\naws_access_key_id = {ID}\naws_secret_access_key = {KEY}\n");
    let sts_url = sts.url();
    let web_url = web.url();
    let container_url = container.url();
    let role = "arn:aws:iam::123456789012:role/alerts";
    let cases: [Case<'_>; 5] = [
        ("a shared file", vec![], vec!["--aws-profile", "team"], None),
        ("a process", vec![("AWS_PROFILE", "p"), ("PATH", "/usr/bin:/bin")], vec![], None),
        ("a container", vec![("AWS_CONTAINER_CREDENTIALS_FULL_URI", &container_url)], vec![], Some(TOKEN)),
        (
            "a role",
            vec![
                ("AWS_ACCESS_KEY_ID", "AKIDOTHER"),
                ("AWS_SECRET_ACCESS_KEY", "planted-other"),
                ("AWS_ENDPOINT_URL_STS", &sts_url),
            ],
            vec!["--aws-role-arn", role],
            Some(TOKEN),
        ),
        (
            "web identity",
            vec![
                ("AWS_ROLE_ARN", role),
                ("AWS_WEB_IDENTITY_TOKEN_FILE", "web-token"),
                ("AWS_ENDPOINT_URL_STS", &web_url),
            ],
            vec![],
            Some(TOKEN),
        ),
    ];
    for (what, variables, flags, token) in cases {
        let mut cli = project(&cluster);
        cli.write(".aws/credentials", &shared);
        cli.write(".aws/config", &process);
        cli.write("web-token", "planted.web.token");
        for (name, value) in variables {
            cli.set(name, value);
        }
        let before = cluster.sent().len();
        let screen = cli.run(&[&["plan", "-v"], flags.as_slice()].concat());
        assert_eq!(screen.code, Some(0), "{what}: {screen}");
        must_hold_no_secret(&screen);
        must_be_signed(&cluster.sent()[before..], "eu-west-1", KEY, token);
    }
    // asked for once, however many requests there are
    for server in [&container, &sts, &web] {
        assert_eq!(server.requests().len(), 1);
    }
    assert!(sts.requests()[0].contains("Action=AssumeRole") && sts.requests()[0].contains("alerts"));
    assert!(web.requests()[0].contains("WebIdentityToken=planted.web.token"));
}

#[test]
fn an_instance_gives_the_credentials_of_its_role() {
    let cluster = Cluster::start(Line::V2_19);
    let text = |body: &str| {
        Reply::of("200 OK\ncontent-type: text/plain\nx-aws-ec2-metadata-token-ttl-seconds: 21600", body)
    };
    let given = format!(
        "{{\"Code\":\"Success\",\"Type\":\"AWS-HMAC\",\"AccessKeyId\":\"{ID}\",\"SecretAccessKey\":\"{KEY}\",\"Token\":\"{TOKEN}\",\
         \"Expiration\":\"2099-01-01T00:00:00Z\",\"LastUpdated\":\"2020-01-01T00:00:00Z\"}}"
    );
    let instance =
        Server::start(&[text("planted-metadata-token"), text("alerts-role"), Reply::json(200, &given)]);
    let mut cli = project(&cluster);
    cli.set("AWS_EC2_METADATA_DISABLED", "false");
    cli.set("AWS_EC2_METADATA_SERVICE_ENDPOINT", &instance.url());
    let screen = cli.run(&["plan", "-v"]).must_exit(0);
    must_hold_no_secret(&screen);
    must_be_signed(&cluster.sent(), "eu-west-1", KEY, Some(TOKEN));
    let asked = instance.requests();
    assert!(asked[0].starts_with("PUT /latest/api/token "), "{asked:?}");
    assert!(asked[2].starts_with("GET /latest/meta-data/iam/security-credentials/alerts-role "), "{asked:?}");
    assert_eq!(asked.len(), 3);
}

#[test]
fn credentials_that_are_about_to_expire_are_asked_for_again() {
    let cluster = Cluster::start(Line::V2_19);
    let given = |key: &str, expiration: &str| {
        Reply::json(
            200,
            &format!(
                "{{\"AccessKeyId\":\"{ID}\",\"SecretAccessKey\":\"{key}\",\"Token\":\"{TOKEN}\",\"Expiration\":\"{expiration}\"}}"
            ),
        )
    };
    let container =
        Server::start(&[given("planted-first", "2020-01-01T00:00:00Z"), given(KEY, "2099-01-01T00:00:00Z")]);
    let mut cli = project(&cluster);
    cli.set("AWS_CONTAINER_CREDENTIALS_FULL_URI", &container.url());
    cli.run(&["plan"]).must_exit(0);
    let sent = cluster.sent();
    must_be_signed(&sent[..1], "eu-west-1", "planted-first", Some(TOKEN));
    must_be_signed(&sent[1..], "eu-west-1", KEY, Some(TOKEN));
    assert_eq!(container.requests().len(), 2);
}

#[test]
fn how_a_role_is_assumed_is_a_setting() {
    let cluster = Cluster::start(Line::V2_19);
    let refused =
        "<ErrorResponse><Error><Code>AccessDenied</Code><Message>not yours</Message></Error></ErrorResponse>";
    let sts = Server::start(&[Reply::of("403 Forbidden\ncontent-type: text/xml", refused)]);
    let mut cli = project(&cluster);
    cli.write(
        "alertform.yaml",
        "aws: {region: us-east-2, role_arn: 'arn:aws:iam::1:role/x', external_id: e-1, session_name: ci-7}\n",
    );
    cli.set("AWS_ACCESS_KEY_ID", ID);
    cli.set("AWS_SECRET_ACCESS_KEY", KEY);
    cli.set("AWS_ENDPOINT_URL_STS", &sts.url());
    let screen = cli.run(&["plan"]).must_exit(1);
    assert!(screen.stderr.contains("AWS gives no credentials: "), "{screen}");
    assert!(screen.stderr.contains("may the role be assumed?"), "{screen}");
    must_hold_no_secret(&screen);
    let asked = &sts.requests()[0];
    for part in ["ExternalId=e-1", "RoleSessionName=ci-7", "role%2Fx", "/us-east-2/sts/"] {
        assert!(asked.contains(part), "{part}: {asked}");
    }
    assert!(cluster.sent().is_empty());
}

#[test]
fn what_is_missing_to_sign_is_said_with_a_way_out() {
    let cluster = Cluster::start(Line::V2_19);
    let mut cli = project(&cluster);
    let screen = cli.run(&["plan"]).must_exit(1);
    assert!(
        screen.stderr.contains("error: there are no AWS credentials to sign requests with\n  hint: "),
        "{screen}"
    );
    cli.set("ALERTFORM_URL", "http://alerts.example.com");
    let screen = cli.run(&["plan"]).must_exit(1);
    assert!(screen.stderr.contains("error: the AWS region of the domain is not known"), "{screen}");
    cli.set("AWS_ACCESS_KEY_ID", ID);
    cli.set("AWS_SECRET_ACCESS_KEY", KEY);
    cli.set("AWS_REGION", "ap-northeast-1");
    cli.run(&["plan"]).must_exit(0);
    let sent = cluster.sent();
    let first = sent.first().unwrap();
    assert_eq!(first.headers["authorization"], authorization_of(first, "ap-northeast-1", KEY));
    cli.set("ALERTFORM_URL", "https://abc.us-east-1.aoss.amazonaws.com");
    let screen = cli.run(&["plan"]).must_exit(1);
    assert!(screen.stderr.contains("error: OpenSearch Serverless has no Alerting plugin\n"), "{screen}");
}

//! Each way of saying who asks, on each way to a server; and each trouble with certificates on each way that has any.

use super::aws::{ID, KEY, authorization_of};
use super::certificates::Authority;
use super::middlemen::{connect, proxy, socks};
use super::server::{Reply, Server};
use crate::cli::Cli;
use crate::cluster::Sent;

/// A host that no certificate and no resolver of this machine knows.
const HOST: &str = "search-logs-abc.eu-west-1.es.amazonaws.com";

/// How somebody says who asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Who {
    Nobody,
    Password,
    PasswordFile,
    Token,
    TokenFile,
    ApiKey,
    Aws,
    Certificate,
}

const EVERYBODY: [Who; 8] = [
    Who::Nobody,
    Who::Password,
    Who::PasswordFile,
    Who::Token,
    Who::TokenFile,
    Who::ApiKey,
    Who::Aws,
    Who::Certificate,
];

/// How a server is reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    Plain,
    Secure,
    BelowAPath,
    HttpProxy,
    SocksProxy,
    Tunnel,
    SecondOfTwo,
    Dashboards,
    DashboardsThroughProxy,
    PlainThroughProxy,
}

const ALL_WAYS: [Way; 10] = [
    Way::Plain,
    Way::Secure,
    Way::BelowAPath,
    Way::HttpProxy,
    Way::SocksProxy,
    Way::Tunnel,
    Way::SecondOfTwo,
    Way::Dashboards,
    Way::DashboardsThroughProxy,
    Way::PlainThroughProxy,
];

impl Way {
    const fn is_secure(self) -> bool {
        !matches!(self, Way::Plain | Way::PlainThroughProxy)
    }

    /// The path of the first request.
    const fn path(self) -> &'static str {
        match self {
            Way::BelowAPath => "/search/here/",
            Way::Dashboards | Way::DashboardsThroughProxy => {
                "/_dashboards/api/console/proxy?path=%2F%3Fpretty%3Dfalse&method=GET"
            }
            _ => "/",
        }
    }

    /// Leads a project to a server on this way.
    fn lead(self, cli: &mut Cli, server: &Server) -> String {
        let url = server.url_by_name();
        let port = url.rsplit(':').next().unwrap();
        match self {
            Way::Plain | Way::Secure => format!("url: {url}\n"),
            Way::BelowAPath => format!("url: {url}/search/here\n"),
            Way::PlainThroughProxy => {
                cli.set("HTTP_PROXY", &server.url());
                format!("url: http://{HOST}\n")
            }
            Way::HttpProxy => {
                cli.set("HTTPS_PROXY", &proxy(connect));
                format!("url: {url}\n")
            }
            Way::SocksProxy => {
                cli.set("ALL_PROXY", &proxy(socks).replace("http:", "socks5h:"));
                format!("url: {url}\n")
            }
            Way::Tunnel => format!("url: https://{HOST}\nconnect_to: 127.0.0.1:{port}\n"),
            Way::SecondOfTwo => format!("url: ['https://localhost:1', '{url}']\n"),
            Way::Dashboards => format!("url: {url}/_dashboards\ndashboards: true\n"),
            Way::DashboardsThroughProxy => {
                cli.set("HTTPS_PROXY", &proxy(connect));
                format!("url: {url}/_dashboards\ndashboards: true\n")
            }
        }
    }
}

impl Who {
    fn say(self, cli: &mut Cli, authority: &Authority) -> &'static str {
        cli.set("SECRET", "planted-secret");
        cli.write("secret", "planted-secret\n");
        match self {
            Who::Nobody => "",
            Who::Password => "username: ann\npassword: ${SECRET}\n",
            Who::PasswordFile => "username: ann\npassword_file: secret\n",
            Who::Token => "token: ${SECRET}\n",
            Who::TokenFile => "token_file: secret\n",
            Who::ApiKey => "headers: {Authorization: 'ApiKey ${SECRET}'}\n",
            Who::Aws => {
                cli.set("AWS_ACCESS_KEY_ID", ID);
                cli.set("AWS_SECRET_ACCESS_KEY", KEY);
                "aws: {region: eu-west-1}\n"
            }
            Who::Certificate => {
                let pair = authority.issue(&["ann"]);
                cli.write("ann.pem", &pair.certificate);
                cli.write("ann.key", &pair.key);
                "client_certificate: ann.pem\nclient_key: ann.key\n"
            }
        }
    }

    /// What a server must be told.
    fn expected(self, sent: &Sent) -> Option<String> {
        let is = |text: &str| Some(text.to_owned());
        match self {
            Who::Nobody | Who::Certificate => None,
            Who::Password | Who::PasswordFile => is("Basic YW5uOnBsYW50ZWQtc2VjcmV0"),
            Who::Token | Who::TokenFile => is("Bearer planted-secret"),
            Who::ApiKey => is("ApiKey planted-secret"),
            Who::Aws => Some(authorization_of(sent, "eu-west-1", KEY)),
        }
    }
}

fn teapot() -> [Reply; 1] {
    [Reply::json(418, r#"{"error":"a teapot"}"#)]
}

#[test]
fn everybody_on_every_way() {
    let authority = Authority::new();
    let pair = authority.issue(&["localhost", HOST]);
    let mut tried = 0;
    for way in ALL_WAYS {
        for who in EVERYBODY.into_iter().filter(|who| way.is_secure() || *who != Who::Certificate) {
            let server = match (way.is_secure(), who) {
                (false, _) => Server::start(&teapot()),
                (true, Who::Certificate) => Server::secure(authority.strict_server(&pair), &teapot()),
                (true, _) => Server::secure(authority.server(&pair), &teapot()),
            };
            let mut cli = Cli::new(&[]);
            let settings = way.lead(&mut cli, &server) + who.say(&mut cli, &authority);
            cli.write("alertform.yaml", &settings);
            cli.set("ALERTFORM_CA", authority.file().to_str().unwrap());
            let screen = cli.run(&["export", "--out", "out", "-v"]).must_exit(1).to_string();
            assert!(screen.contains("was answered with 418: a teapot"), "{who:?} {way:?}: {screen}");
            assert!(!screen.contains("planted"), "{who:?} {way:?}: {screen}");
            let sent = sent(&server.requests()[0]);
            let absolute = format!("http://{HOST}{}", way.path());
            let uri = if way == Way::PlainThroughProxy { absolute.as_str() } else { way.path() };
            assert_eq!(sent.uri, uri, "{who:?} {way:?}");
            let to_sign = Sent { uri: way.path().to_owned(), ..sent.clone() };
            let told = sent.headers.get("authorization").map(|value| value.to_str().unwrap().to_owned());
            assert_eq!(told, who.expected(&to_sign), "{who:?} {way:?}");
            let is_named = sent.headers["host"].to_str().unwrap().starts_with(HOST);
            assert_eq!(is_named, matches!(way, Way::Tunnel | Way::PlainThroughProxy), "{who:?} {way:?}");
            tried += 1;
        }
    }
    assert_eq!(tried, ALL_WAYS.len() * EVERYBODY.len() - 2);
}

#[test]
fn every_trouble_with_certificates_on_every_way() {
    let (authority, other) = (Authority::new(), Authority::new());
    let hosts = ["localhost", HOST];
    let fine = authority.issue(&hosts);
    let troubles = [
        (authority.server(&authority.issue_expired(&hosts)), &authority, "certificate has expired"),
        (
            authority.server(&authority.issue(&["elsewhere.example"])),
            &authority,
            "is for other hosts: `elsewhere.example`",
        ),
        (authority.server(&fine), &other, "is signed by none of the authorities in `"),
        (authority.strict_server(&fine), &authority, "the server wants a client certificate"),
    ];
    for (config, trusted, said) in troubles {
        for way in ALL_WAYS.into_iter().filter(|way| way.is_secure()) {
            let server = Server::secure(config.clone(), &teapot());
            let mut cli = Cli::new(&[]);
            let settings =
                way.lead(&mut cli, &server) + Who::Password.say(&mut cli, &authority) + "retries: 0\n";
            cli.write("alertform.yaml", &settings);
            cli.set("ALERTFORM_CA", trusted.file().to_str().unwrap());
            let screen = cli.run(&["export", "--out", "out"]).must_exit(1).to_string();
            assert!(screen.contains(said) && screen.contains("hint: "), "{way:?}: {screen}");
            assert!(server.requests().is_empty(), "{way:?}");
        }
    }
}

/// A request as it arrived.
fn sent(request: &str) -> Sent {
    let (head, body) = request.split_once("\r\n\r\n").unwrap();
    let mut lines = head.lines();
    let mut words = lines.next().unwrap().split(' ').map(str::to_owned);
    let (method, uri) = (words.next().unwrap(), words.next().unwrap());
    let header = |line: &str| {
        let (name, value) = line.split_once(": ").unwrap();
        (name.parse::<axum::http::HeaderName>().unwrap(), value.parse().unwrap())
    };
    Sent { method, uri, headers: lines.map(header).collect(), body: body.into() }
}

//! TLS: whom we trust, what we show, and what is said when it goes wrong.

use alertform::api::connection::{ClientCertificate, Connection, Verification};
use alertform::api::request::Request;
use insta::assert_snapshot;

use super::certificates::Authority;
use super::server::{Reply, Server};
use super::{screen, send, to};

const HERE: [&str; 2] = ["localhost", "127.0.0.1"];

fn fine() -> [Reply; 1] {
    [Reply::json(200, "{}")]
}

fn trusting(authority: &Authority, url: &str) -> Connection {
    Connection { ca: Some(authority.file()), ..to(url) }
}

async fn must_answer(connection: &Connection) {
    let answer = send(connection, &Request::get("/x")).await.unwrap();
    assert_eq!((answer.status, answer.body.as_slice()), (200, b"{}".as_slice()));
}

#[tokio::test]
async fn an_own_authority_is_trusted() {
    let authority = Authority::new();
    let server = Server::secure(authority.server(&authority.issue(&HERE)), &fine());
    must_answer(&trusting(&authority, &server.url())).await;
    must_answer(&trusting(&authority, &server.url_by_name())).await;
}

#[tokio::test]
async fn any_of_several_authorities_in_one_file_is_trusted() {
    let authority = Authority::new();
    let server = Server::secure(authority.server(&authority.issue(&HERE)), &fine());
    let both = [Authority::new(), authority].map(|one| std::fs::read_to_string(one.file()).unwrap()).concat();
    let files = Authority::new();
    must_answer(&Connection { ca: Some(files.write("both.pem", &both)), ..to(&server.url()) }).await;
}

#[tokio::test]
async fn an_unknown_authority_is_not_trusted() {
    let (authority, other) = (Authority::new(), Authority::new());
    let server = Server::secure(authority.server(&authority.issue(&HERE)), &fine());
    let said = screen(&trusting(&other, &server.url())).await;
    assert_snapshot!(said, @"
    error: `SERVER`: the server's certificate is signed by an authority that is not trusted here
      hint: `--ca FILE` trusts the authorities in a PEM file
    ");
    assert!(server.requests().is_empty());
}

#[tokio::test]
async fn an_expired_certificate_is_not_trusted() {
    let authority = Authority::new();
    let server = Server::secure(authority.server(&authority.issue_expired(&HERE)), &fine());
    assert_snapshot!(screen(&trusting(&authority, &server.url())).await, @"
    error: `SERVER`: the server's certificate has expired
      hint: renew it on the server, or look at this machine's clock
    ");
}

#[tokio::test]
async fn a_certificate_for_other_hosts_is_not_trusted() {
    let authority = Authority::new();
    let server = Server::secure(authority.server(&authority.issue(&["search.example", "10.0.0.1"])), &fine());
    assert_snapshot!(screen(&trusting(&authority, &server.url())).await, @"");
}

#[tokio::test]
async fn insecure_trusts_whoever_answers() {
    let authority = Authority::new();
    let server = Server::secure(authority.server(&authority.issue_expired(&["search.example"])), &fine());
    must_answer(&Connection { verification: Verification::None, ..to(&server.url()) }).await;
}

#[tokio::test]
async fn a_client_certificate_is_shown_when_the_server_wants_one() {
    let authority = Authority::new();
    let server = Server::secure(authority.strict_server(&authority.issue(&HERE)), &fine());
    let connection = trusting(&authority, &server.url());
    assert_snapshot!(screen(&connection).await, @"
    error: `SERVER`: the server wants a client certificate
      hint: `--client-certificate FILE` and `--client-key FILE` name it and its key
    ");
    let pair = authority.issue(&["ann"]);
    let files = ClientCertificate {
        certificate: authority.write("ann.pem", &pair.certificate),
        key: authority.write("ann.key", &pair.key),
    };
    must_answer(&Connection { client_certificate: Some(files), ..connection }).await;
}

#[tokio::test]
async fn a_client_certificate_of_another_authority_is_refused() {
    let (authority, other) = (Authority::new(), Authority::new());
    let server = Server::secure(authority.strict_server(&authority.issue(&HERE)), &fine());
    let pair = other.issue(&["ann"]);
    let files = ClientCertificate {
        certificate: authority.write("ann.pem", &pair.certificate),
        key: authority.write("ann.key", &pair.key),
    };
    let connection = Connection { client_certificate: Some(files), ..trusting(&authority, &server.url()) };
    assert_snapshot!(screen(&connection).await, @"");
}

#[tokio::test]
async fn files_that_hold_something_else_are_named() {
    let authority = Authority::new();
    let pair = authority.issue(&["ann"]);
    let text = authority.write("text", "hello");
    let certificate = authority.write("ann.pem", &pair.certificate);
    let key = authority.write("ann.key", &pair.key);
    let foreign_key = authority.write("foreign.key", &Authority::new().issue(&["bob"]).key);
    let locked = authority.write("locked.key", "-----BEGIN ENCRYPTED PRIVATE KEY-----\nAA==\n-----END");
    let base = to("https://localhost:1");
    let with = |certificate: &std::path::PathBuf, key: &std::path::PathBuf| Connection {
        client_certificate: Some(ClientCertificate { certificate: certificate.clone(), key: key.clone() }),
        ..base.clone()
    };
    let folder = text.parent().unwrap().display().to_string();
    let mut said = String::new();
    for connection in [
        Connection { ca: Some(text.clone()), ..base.clone() },
        Connection { ca: Some(text.with_file_name("missing")), ..base.clone() },
        with(&text, &key),
        with(&certificate, &text),
        with(&certificate, &locked),
        with(&certificate, &text.with_file_name("missing")),
        with(&certificate, &foreign_key),
    ] {
        said += &(screen(&connection).await.replace(&folder, "DIR") + "\n");
    }
    assert_snapshot!(said, @"");
}

#[tokio::test]
async fn the_wrong_scheme_is_noticed() {
    let authority = Authority::new();
    let plain = Server::start(&fine());
    let secure = Server::secure(authority.server(&authority.issue(&HERE)), &fine());
    let https_to_plain = trusting(&authority, &plain.url().replace("http:", "https:"));
    assert_snapshot!(screen(&https_to_plain).await, @"
    error: `SERVER`: the server does not speak TLS
      hint: does the server want `http://`?
    ");
    let http_to_secure = to(&secure.url().replace("https:", "http:"));
    assert_snapshot!(screen(&http_to_secure).await, @"");
}

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
    let file = other.file();
    let said = screen(&trusting(&other, &server.url())).await.replace(file.to_str().unwrap(), "FILE");
    let said = said + "\n" + &screen(&to(&server.url())).await;
    assert_snapshot!(said, @r"
    error: `SERVER`: the server's certificate is signed by none of the authorities in `FILE`
      hint: the one that signed it, or one above that, must stand there; `openssl s_client -showcerts -connect HOST:PORT` names it
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
async fn a_certificate_of_an_authority_is_no_servers() {
    let authority = Authority::new();
    let server = Server::secure(authority.server(&authority.issue_authority(&HERE)), &fine());
    assert_snapshot!(screen(&trusting(&authority, &server.url())).await, @"
    error: `SERVER`: the server's certificate is that of an authority, which may sign others and not stand for a server
      hint: make another on the server: `openssl req -x509` takes `-addext basicConstraints=critical,CA:FALSE` and `-addext subjectAltName=DNS:HOST`
    ");
}

#[tokio::test]
async fn a_certificate_for_other_hosts_is_not_trusted() {
    let authority = Authority::new();
    let server = Server::secure(authority.server(&authority.issue(&["search.example", "10.0.0.1"])), &fine());
    assert_snapshot!(screen(&trusting(&authority, &server.url())).await, @"
    error: `SERVER`: the server's certificate is for other hosts: `search.example`, `10.0.0.1`
      hint: name the server in the URL as its certificate does
    ");
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
async fn a_handshake_that_the_server_ends_without_a_reason() {
    // as OpenSSL does in TLS 1.2 where it wants a certificate, and where it only speaks older versions
    let mut said = String::new();
    for alert in [40, 70] {
        let url = format!("https://{}", sending(&[21, 3, 3, 0, 2, 2, alert]));
        said += &(screen(&to(&url)).await + "\n");
    }
    assert_snapshot!(said, @r"
    error: `SERVER`: the server ended the handshake: it wants a client certificate, or offers no cipher of TLS 1.2 or 1.3 that is known here
      hint: `--client-certificate FILE` and `--client-key FILE` name one; else see which ciphers the server offers
    error: `SERVER`: the server speaks neither TLS 1.2 nor 1.3
      hint: let the server offer TLS 1.2 or 1.3
    ");
}

#[tokio::test]
async fn an_authority_of_a_trusted_name_with_a_key_of_another_type_is_not_trusted() {
    let authority = Authority::new();
    let server = Server::secure(authority.server(&authority.issue(&HERE)), &fine());
    let namesake = authority.write("namesake.pem", &Authority::with_another_type_of_key());
    let file = namesake.to_str().unwrap().to_owned();
    let said = screen(&Connection { ca: Some(namesake), ..to(&server.url()) }).await.replace(&file, "FILE");
    assert_snapshot!(said, @r"
    error: `SERVER`: the server's certificate is signed by none of the authorities in `FILE`
      hint: the one that signed it, or one above that, must stand there; `openssl s_client -showcerts -connect HOST:PORT` names it
    ");
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
    assert_snapshot!(screen(&connection).await, @"
    error: `SERVER`: the server does not accept the client certificate (DecryptError)
      hint: is it, or the lack of one, what the server expects? see `--client-certificate`
    ");
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
    assert_snapshot!(said, @"
    error: the CA file `DIR/text` holds no certificate in PEM
      hint: `openssl x509 -inform der -in FILE -out FILE.pem` makes one from DER
    error: cannot read the CA file `DIR/missing`: No such file or directory (os error 2)
    error: `DIR/text` and `DIR/ann.key` hold no certificate and key in PEM
      hint: the first file begins with `-----BEGIN CERTIFICATE-----`, the second has a `PRIVATE KEY` in it
    error: `DIR/ann.pem` and `DIR/text` hold no certificate and key in PEM
      hint: the first file begins with `-----BEGIN CERTIFICATE-----`, the second has a `PRIVATE KEY` in it
    error: the client key `DIR/locked.key` has a passphrase
      hint: `openssl pkey -in FILE -out FILE.plain` takes it off
    error: cannot read the client key `DIR/missing`: No such file or directory (os error 2)
    error: the client certificate `DIR/ann.pem` cannot be used: keys may not be consistent: KeyMismatch
      hint: does the key belong to the certificate?
    ");
}

#[tokio::test]
async fn the_wrong_scheme_is_noticed() {
    let authority = Authority::new();
    let plain = refusing_what_is_not_http();
    let secure = Server::secure(authority.server(&authority.issue(&HERE)), &fine());
    let https_to_plain = trusting(&authority, &format!("https://{plain}"));
    assert_snapshot!(screen(&https_to_plain).await, @"
    error: `SERVER`: the server does not speak TLS
      hint: does the server want `http://`?
    ");
    let http_to_secure = to(&secure.url().replace("https:", "http:"));
    assert_snapshot!(screen(&http_to_secure).await, @"
    error: `SERVER` does not speak HTTP
      hint: does the server want `https://`, or is this another service's port?
    ");
}

/// A server that answers 400 to whatever comes, as plain HTTP servers do when TLS is spoken to them.
fn refusing_what_is_not_http() -> std::net::SocketAddr {
    sending(b"HTTP/1.1 400 Bad Request\r\n\r\n")
}

/// A server that says this to whatever comes.
fn sending(bytes: &[u8]) -> std::net::SocketAddr {
    let bytes = bytes.to_owned();
    let listener = std::net::TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        while let Ok((mut stream, _)) = listener.accept() {
            let mut start = [0; 16];
            let _ = std::io::Read::read(&mut stream, &mut start);
            let _ = std::io::Write::write_all(&mut stream, &bytes);
        }
    });
    address
}

#[tokio::test]
async fn through_a_tunnel_the_certificate_is_for_the_host_of_the_url() {
    let authority = Authority::new();
    let server = Server::secure(authority.server(&authority.issue(&["search.example"])), &fine());
    let through = |url: &str| Connection { connect_to: Some(server.address()), ..trusting(&authority, url) };
    must_answer(&through("https://search.example:9200")).await;
    assert!(server.requests()[0].contains("\r\nhost: search.example:9200\r\n"), "{:?}", server.requests());
    must_answer(&through("https://search.example/below")).await;
    let asked = &server.requests()[1];
    assert!(asked.starts_with("GET /below/x ") && asked.contains("\r\nhost: search.example\r\n"), "{asked}");
    let said = screen(&through("https://other.example")).await;
    assert!(said.contains("the server's certificate is for other hosts: `search.example`"), "{said}");
    let closed =
        Connection { connect_to: Some("127.0.0.1:1".to_owned()), ..to("https://search.example:9200") };
    let said = screen(&closed).await;
    assert!(said.starts_with("error: `SERVER at 127.0.0.1:1` refused the connection\n"), "{said}");
}

#[tokio::test]
async fn a_certificate_that_names_no_host_is_said_to() {
    let authority = Authority::new();
    let server = Server::secure(authority.server(&authority.issue(&[])), &fine());
    assert_snapshot!(screen(&trusting(&authority, &server.url_by_name())).await, @r"
    error: `SERVER`: the server's certificate names no host
      hint: a host stands in it as `subjectAltName`, and a common name counts for nothing: make another on the server
    ");
}

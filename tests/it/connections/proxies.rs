//! Proxies, with their own troubles told apart from the server's.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::time::Duration;

use alertform::api::connection::Connection;
use alertform::api::proxy::between;
use alertform::api::request::Request;
use insta::assert_snapshot;
use reqwest::Url;

use super::certificates::Authority;
use super::middlemen::{connect, proxy};
use super::server::{Reply, Server};
use super::{screen, send, to};

/// A connection to `url` as the variables lead it.
fn through(url: &str, variables: &[(&str, &str)]) -> Connection {
    let environment = variables.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect();
    Connection { proxy: between(&Url::parse(url).unwrap(), &environment).unwrap(), ..to(url) }
}

#[tokio::test]
async fn plain_http_goes_through_the_proxy_even_to_this_machine() {
    let (server, proxy) =
        (Server::start(&[Reply::json(200, "{}")]), Server::start(&[Reply::json(200, "{}")]));
    let connection = through(&server.url(), &[("HTTP_PROXY", &proxy.url())]);
    send(&connection, &Request::get("/x")).await.unwrap();
    assert_eq!(proxy.lines(), [format!("GET {}/x HTTP/1.1", server.url())]);
    assert!(server.requests().is_empty());
}

#[tokio::test]
async fn no_proxy_goes_around_it() {
    let (server, proxy) =
        (Server::start(&[Reply::json(200, "{}")]), Server::start(&[Reply::json(200, "{}")]));
    let connection = through(&server.url(), &[("HTTP_PROXY", &proxy.url()), ("NO_PROXY", "127.0.0.1")]);
    send(&connection, &Request::get("/x")).await.unwrap();
    assert_eq!((server.requests().len(), proxy.requests().len()), (1, 0));
}

#[tokio::test]
async fn https_goes_through_a_tunnel() {
    let authority = Authority::new();
    let server =
        Server::secure(authority.server(&authority.issue(&["127.0.0.1"])), &[Reply::json(200, "{}")]);
    let connection = through(&server.url(), &[("HTTPS_PROXY", &proxy(connect))]);
    let connection = Connection { ca: Some(authority.file()), ..connection };
    assert_eq!(send(&connection, &Request::get("/x")).await.unwrap().status, 200);
    assert_eq!(server.lines(), ["GET /x HTTP/1.1"]);
}

#[tokio::test]
async fn the_proxys_credentials_go_to_the_proxy_alone() {
    let proxy = Server::start(&[Reply::json(200, "{}")]);
    let with_password = format!("http://ann:hunter2@{}", proxy.address());
    send(&through("http://search.example", &[("HTTP_PROXY", &with_password)]), &Request::get("/x"))
        .await
        .unwrap();
    let sent = proxy.requests().remove(0);
    assert!(sent.contains("proxy-authorization: Basic YW5uOmh1bnRlcjI=\r\n"), "{sent}");
    assert!(!sent.contains("\r\nauthorization:"), "{sent}");
}

#[tokio::test]
async fn troubles_of_a_socks_proxy_are_told_apart() {
    /// Agrees on no credentials, and then says no with a code; or wants credentials that nobody has.
    fn refusing(code: Option<u8>) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap().to_string();
        std::thread::spawn(move || {
            for mut client in listener.incoming().flatten() {
                let mut bytes = [0; 512];
                let _ = client.read(&mut bytes);
                let Some(code) = code else {
                    let _ = client.write_all(&[5, 0xff]);
                    continue;
                };
                let _ = client.write_all(&[5, 0]);
                let _ = client.read(&mut bytes);
                let _ = client.write_all(&[5, code, 0, 1, 0, 0, 0, 0, 0, 0]);
            }
        });
        address
    }
    let closed = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string();
    let mut all = String::new();
    for (scheme, proxy) in [
        ("socks5h", refusing(Some(5))),
        ("socks5h", refusing(Some(4))),
        ("socks5h", refusing(Some(2))),
        ("socks5h", refusing(None)),
        ("socks5h", closed),
        ("socks5", refusing(Some(5))),
    ] {
        let connection =
            through("http://search.invalid:9200", &[("ALL_PROXY", &format!("{scheme}://{proxy}"))]);
        all += &(screen(&connection).await.replace(&proxy, "PROXY") + "\n");
    }
    assert_snapshot!(all, @r"
    error: the proxy `PROXY` makes no way to `SERVER`
      hint: does the proxy allow that host and port? `NO_PROXY` goes around it
    error: the proxy `PROXY` makes no way to `SERVER`
      hint: does the proxy allow that host and port? `NO_PROXY` goes around it
    error: the proxy `PROXY` makes no way to `SERVER`
      hint: does the proxy allow that host and port? `NO_PROXY` goes around it
    error: the proxy `PROXY` wants credentials, or others than it was given
      hint: they stand in the proxy's variable: `HTTPS_PROXY=http://USER:PASSWORD@HOST:PORT`, or `socks5h://…`
    error: the proxy `PROXY` cannot be reached: nothing listens there, or its name is known nowhere
      hint: the proxy comes from `HTTPS_PROXY`, `HTTP_PROXY` or `ALL_PROXY`; `NO_PROXY` names hosts that need none
    error: no address is known here for `SERVER`
      hint: `socks5h://` in the proxy's variable lets the proxy look it up
    ");
}

#[tokio::test]
async fn troubles_of_the_proxy_are_called_its_own() {
    let closed = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string();
    let wants = Server::start(&[Reply::of("407 Proxy Authentication Required", "")]);
    let forbids = Server::start(&[Reply::of("403 Forbidden", "")]);
    let mut all = String::new();
    for (url, proxy) in [
        ("http://search.example:9200", closed.clone()),
        ("https://search.example:9200", format!("ann:hunter2@{closed}")),
        ("http://search.example:9200", wants.address()),
        ("https://search.example:9200", format!("ann:hunter2@{}", wants.address())),
        ("https://search.example:9200", forbids.address()),
    ] {
        let said = screen(&through(url, &[("ALL_PROXY", &proxy)])).await;
        let said = [closed.clone(), wants.address(), forbids.address()]
            .iter()
            .fold(said, |said, address| said.replace(address, "PROXY"));
        all += &(said + "\n");
    }
    assert!(!all.contains("hunter2"));
    assert_snapshot!(all, @r"
    error: the proxy `PROXY` refused the connection
      hint: the proxy comes from `HTTPS_PROXY`, `HTTP_PROXY` or `ALL_PROXY`; `NO_PROXY` names hosts that need none
    error: the proxy `PROXY` refused the connection
      hint: the proxy comes from `HTTPS_PROXY`, `HTTP_PROXY` or `ALL_PROXY`; `NO_PROXY` names hosts that need none
    error: the proxy `PROXY` wants credentials, or others than it was given
      hint: they stand in the proxy's variable: `HTTPS_PROXY=http://USER:PASSWORD@HOST:PORT`, or `socks5h://…`
    error: the proxy `PROXY` wants credentials, or others than it was given
      hint: they stand in the proxy's variable: `HTTPS_PROXY=http://USER:PASSWORD@HOST:PORT`, or `socks5h://…`
    error: the proxy `PROXY` makes no way to `SERVER`
      hint: does the proxy allow that host and port? `NO_PROXY` goes around it
    ");
}

#[tokio::test]
async fn what_a_proxy_or_a_server_behind_it_does_names_both() {
    // it takes connections, and says nothing
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = silent.local_addr().unwrap().to_string();
    let failing = Server::start(&[Reply::of("502 Bad Gateway", "no way")]);
    let mut all = String::new();
    for (url, proxy, is_hasty) in [
        ("https://search.example:9200", address.clone(), true),
        ("http://search.example:9200", address.clone(), false),
        ("http://search.example:9200", failing.address(), false),
    ] {
        let mut connection = through(url, &[("ALL_PROXY", &proxy)]);
        connection.timeout = Duration::from_millis(if is_hasty { 5_000 } else { 300 });
        connection.connect_timeout = Duration::from_millis(if is_hasty { 300 } else { 5_000 });
        connection.retries.most = 0;
        all += &(screen(&connection).await.replace(&proxy, "PROXY") + "\n");
    }
    assert_snapshot!(all, @r"
    error: no connection with `SERVER` through the proxy `PROXY` came about within 0.3 s
      hint: the proxy stays silent, or what lies behind it; it comes from `HTTPS_PROXY`, `HTTP_PROXY` or `ALL_PROXY`, and `NO_PROXY` goes around it
    error: `SERVER` through the proxy `PROXY` did not answer GET /x within 0.3 s
      hint: the proxy stays silent, or what lies behind it: `NO_PROXY` goes around it, and `--timeout 2m` waits longer
    error: GET /x was answered with an answer of the proxy `PROXY`, or of what lies behind it (status 502), as OpenSearch never does
      hint: is the server up? something in front of it answered in its place
    ");
}

#[tokio::test]
async fn a_tunnel_that_begins_nowhere_is_named() {
    let mut connection = to("https://search.example:9200");
    connection.connect_to = Some("bastion.invalid:9443".to_owned());
    connection.retries.most = 0;
    assert_snapshot!(screen(&connection).await, @r"
    error: no address is known for `bastion.invalid:9443`, to which to connect
      hint: look at the host of `--connect-to`
    ");
}

#[tokio::test]
async fn another_server_of_the_cluster_is_asked_where_a_proxy_makes_no_way_to_the_first() {
    let authority = Authority::new();
    let server =
        Server::secure(authority.server(&authority.issue(&["localhost"])), &[Reply::of("200 OK", "{}")]);
    let proxy = proxy(connect);
    let closed = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let mut connection = through(&format!("https://localhost:{closed}"), &[("HTTPS_PROXY", &proxy)]);
    connection.others = vec![Url::parse(&server.url_by_name()).unwrap()];
    connection.ca = Some(authority.file());
    connection.retries.most = 0;
    send(&connection, &Request::get("/x")).await.unwrap();
}

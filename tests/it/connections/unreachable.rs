//! No answer: refused, unknown, late, cut off.

use std::net::TcpListener;
use std::time::Duration;

use alertform::api::connection::Connection;
use alertform::api::request::Request;
use insta::assert_snapshot;
use serde_json::json;

use super::server::{Reply, Server};
use super::{screen, send, to};

/// A port at which nothing listens.
fn nobody() -> String {
    format!("http://{}", TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap())
}

#[tokio::test]
async fn nothing_listens() {
    let connection = to(&nobody());
    assert_snapshot!(screen(&connection).await, @"
    error: `SERVER` refused the connection
      hint: is the server running, and is this its port?
    ");
    let error = send(&connection, &Request::delete("/x")).await.unwrap_err();
    assert!(!error.may_have_happened());
}

#[tokio::test]
async fn a_host_that_no_resolver_can_know() {
    // Longer than a label may be, so that no name server is asked.
    let host = "h".repeat(64);
    let connection = to(&format!("http://{host}:9200"));
    assert_snapshot!(screen(&connection).await.replace(&host, "HOST"), @r"
    error: no address is known for `SERVER`
      hint: look at the host in the URL
    ");
}

#[tokio::test]
async fn an_answer_that_never_comes() {
    let server = Server::start(&[Reply::Stall]);
    let connection = Connection { timeout: Duration::from_millis(200), ..to(&server.url()) };
    assert_snapshot!(screen(&connection).await, @"
    error: `SERVER` did not answer GET /x within 0.2 s
      hint: `--timeout 2m` waits longer
    ");
    let error = send(&connection, &Request::post("/x", json!({}))).await.unwrap_err();
    assert!(error.may_have_happened());
}

#[tokio::test]
async fn an_answer_that_stops_in_the_middle() {
    let half = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{\"half\":";
    let server = Server::start(&[Reply::Bytes(half.into())]);
    assert_snapshot!(screen(&to(&server.url())).await, @r"
    error: the answer of `SERVER` to GET /x broke off
      hint: run it again; if it comes back, look at what lies between, and at the server's log
    ");
    let error = send(&to(&server.url()), &Request::post("/x", json!({}))).await.unwrap_err();
    assert!(error.may_have_happened());
}

#[tokio::test]
async fn a_connection_that_ends_without_an_answer() {
    for reply in [Reply::Close, Reply::Reset] {
        let server = Server::start(&[reply]);
        let shown = screen(&to(&server.url())).await;
        insta::allow_duplicates! {
            assert_snapshot!(shown, @r"
    error: `SERVER` closed the connection without an answer to GET /x
      hint: run it again; if it comes back, look at what lies between, and at the server's log
    ");
        }
        let error = send(&to(&server.url()), &Request::post("/x", json!({}))).await.unwrap_err();
        assert!(error.may_have_happened());
    }
}

#[tokio::test]
async fn another_service_at_that_port() {
    let server = Server::start(&[Reply::Bytes("220 mail.example ESMTP\r\n\r\n".into())]);
    assert_snapshot!(screen(&to(&server.url())).await, @"
    error: `SERVER` does not speak HTTP
      hint: does the server want `https://`, or is this another service's port?
    ");
}

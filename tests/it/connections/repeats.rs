//! Which requests are sent again, and which never: counted at the server.

use std::time::{Duration, Instant};

use alertform::api::connection::Connection;
use alertform::api::request::Request;
use alertform::api::retry::Retries;
use serde_json::json;

use super::server::{Reply, Server};
use super::{send, to};

/// How often the server was asked before the answer was 200, or the error stood.
async fn asked(replies: &[Reply], request: &Request) -> (usize, bool) {
    let server = Server::start(replies);
    let retries = Retries { most: 2, first_wait: Duration::from_millis(1) };
    let connection = Connection { retries, timeout: Duration::from_millis(300), ..to(&server.url()) };
    let outcome = send(&connection, request).await;
    (server.requests().len(), outcome.is_ok_and(|answer| answer.status == 200))
}

fn gate(head: &str) -> Reply {
    Reply::of(head, "")
}

#[tokio::test]
async fn what_is_sent_again_and_what_never() {
    let read = Request::get("/x");
    let search = Request::post("/x/_search", json!({})).harmless();
    let writes = [Request::post("/x", json!({})), Request::put("/x", json!({})), Request::delete("/x")];
    for (first, read_again, write_again) in [
        (Reply::Close, true, false),
        (Reply::Reset, true, false),
        (Reply::Stall, true, false),
        (Reply::Bytes("HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n{".into()), true, false),
        (gate("502 Bad Gateway"), true, false),
        (gate("503 Service Unavailable"), true, false),
        (gate("503 Service Unavailable\nretry-after: 0"), true, false),
        (gate("504 Gateway Timeout"), true, false),
        (gate("429 Too Many Requests"), true, false),
        (gate("429 Too Many Requests\nretry-after: 0"), true, false),
        (gate("500 Internal Server Error"), false, false),
        (gate("500 Internal Server Error\nretry-after: 0"), false, false),
        (gate("400 Bad Request"), false, false),
        (gate("401 Unauthorized"), false, false),
        (gate("409 Conflict"), false, false),
    ] {
        let replies = [first.clone(), Reply::json(200, "{}")];
        let expected = |again| if again { (2, true) } else { (1, false) };
        for harmless in [&read, &search] {
            assert_eq!(asked(&replies, harmless).await, expected(read_again), "{first:?} {harmless:?}");
        }
        for write in &writes {
            assert_eq!(asked(&replies, write).await, expected(write_again), "{first:?} {write:?}");
        }
    }
}

#[tokio::test]
async fn it_ends() {
    assert_eq!(asked(&[gate("503 Service Unavailable")], &Request::get("/x")).await, (3, false));
}

#[tokio::test]
async fn the_server_says_how_long_to_stay_away() {
    let began = Instant::now();
    let replies = [gate("429 Too Many Requests\nretry-after: 1"), Reply::json(200, "{}")];
    assert_eq!(asked(&replies, &Request::get("/x")).await, (2, true));
    assert!(began.elapsed() >= Duration::from_secs(1));
}

#[tokio::test]
async fn nobody_waits_for_an_hour() {
    let replies = [gate("429 Too Many Requests\nretry-after: 3600"), Reply::json(200, "{}")];
    assert_eq!(asked(&replies, &Request::get("/x")).await, (1, false));
}

#[tokio::test]
async fn a_write_that_found_nobody_is_sent_again() {
    // Bound, and not accepting yet: the port is taken over by the server that the second attempt finds.
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let retries = Retries { most: 8, first_wait: Duration::from_millis(20) };
    let connection = Connection { retries, ..to(&format!("http://{free}")) };
    let late = tokio::spawn(async move {
        tokio::time::sleep(Duration::from_millis(50)).await;
        Server::start_at(free, &[Reply::json(200, "{}")])
    });
    let answer = send(&connection, &Request::post("/x", json!({}))).await.unwrap();
    assert_eq!(answer.status, 200);
    assert_eq!(late.await.unwrap().requests().len(), 1);
}

//! A sandbox of our own, served on loopback, empty at the start of each scenario.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use alertform::api::line::Line;
use alertform::sandbox::server::{self, Sandbox};
use alertform::sandbox::state::{Clock as Time, State};
use tokio::net::TcpListener;

use super::server::{Clock, Server};

/// Serves an empty sandbox for as long as the test's runtime lives.
pub async fn start(line: Line, http: reqwest::Client) -> Server {
    let millis = Arc::new(AtomicI64::new(1_700_000_000_000));
    let state = State::new(line, Time::Manual(Arc::clone(&millis)));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(server::serve(listener, Sandbox { state, journal: None }, std::future::pending()));
    let advance = move |time: std::time::Duration| {
        millis.fetch_add(i64::try_from(time.as_millis()).unwrap(), Ordering::SeqCst);
    };
    Server { base, http, user: None, clock: Clock::Moved(Box::new(advance)) }
}

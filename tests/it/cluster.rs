//! A sandbox behind a server that notes every request, and that a test can tell to answer otherwise.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on shall fail")]

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use alertform::api::line::Line;
use alertform::sandbox::exchange::{Rendered, Request};
use alertform::sandbox::server::Sandbox;
use alertform::sandbox::state::{Clock, State};
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http;
use serde_json::{Value, json};
use tokio::sync::oneshot;

/// What a test does to a request before the sandbox sees it: an answer stands for the sandbox's own.
pub type Meddle = Box<dyn FnMut(&mut Sandbox, &Request) -> Option<Rendered> + Send>;

/// What a test does to a request and to the connection on which it came.
pub type Interfere = Box<dyn FnMut(&mut Sandbox, &Request) -> Option<Fate> + Send>;

/// What becomes of a request.
pub enum Fate {
    /// It is answered.
    Answer(Rendered),
    /// The connection ends without an answer.
    Cut,
    /// The answer ends in the middle.
    BreakOff(Rendered),
    /// Nothing comes until the client goes.
    Stall,
}

const CHANNELS: &str = "/_plugins/_notifications/configs";

/// An answer in JSON for a [`Meddle`].
pub fn answer(status: u16, body: impl Into<Vec<u8>>) -> Rendered {
    Rendered { status, location: None, content_type: "application/json".into(), body: body.into() }
}

/// A monitor as somebody else makes it: daily, without inputs and triggers.
pub fn foreign(name: &str) -> Value {
    let schedule = json!({"period": {"interval": 1, "unit": "DAYS"}});
    json!({"name": name, "type": "monitor", "schedule": schedule, "inputs": [], "triggers": []})
}

/// A request as it was sent.
#[derive(Clone, Debug)]
pub struct Sent {
    /// The method.
    pub method: String,
    /// The path and the query.
    pub uri: String,
    /// All headers.
    pub headers: http::HeaderMap,
    /// The body.
    pub body: Vec<u8>,
}

/// A cluster in a thread of its own; it ends with the value.
pub struct Cluster {
    /// Where it listens.
    pub url: String,
    line: Line,
    shared: Arc<Mutex<Shared>>,
    stop: Option<oneshot::Sender<()>>,
}

struct Shared {
    sandbox: Sandbox,
    requests: Vec<String>,
    sent: Vec<Sent>,
    interfere: Option<Interfere>,
}

impl Cluster {
    /// Starts an empty cluster of `line`.
    pub fn start(line: Line) -> Self {
        Self::resume(State::new(line, Clock::System))
    }

    /// Starts a cluster that another one left in this state.
    pub fn resume(state: State) -> Self {
        let line = state.line;
        let sandbox = Sandbox { state, journal: None };
        let shared =
            Arc::new(Mutex::new(Shared { sandbox, requests: Vec::new(), sent: Vec::new(), interfere: None }));
        let (stop, stopped) = oneshot::channel();
        let (tell, told) = std::sync::mpsc::channel();
        let app = {
            let shared = Arc::clone(&shared);
            Router::new().fallback(move |request| respond(Arc::clone(&shared), request))
        };
        std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(async {
                let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
                tell.send(listener.local_addr().unwrap()).unwrap();
                let stopped = async {
                    let _ = stopped.await;
                };
                axum::serve(listener, app).with_graceful_shutdown(stopped).await.unwrap();
            });
        });
        let address = told.recv().unwrap();
        Self { url: format!("http://{address}"), line, shared, stop: Some(stop) }
    }

    /// A text without the name of the cluster, which has another port each time.
    pub fn unnamed(&self, text: &str) -> String {
        text.replace(self.url.trim_start_matches("http://"), "CLUSTER")
    }

    /// The line that it plays.
    pub const fn line(&self) -> Line {
        self.line
    }

    /// Sends a request past the notes, as somebody else would.
    pub fn send(&self, method: &str, path: &str, body: &str) -> Value {
        let mut request = Request::new(method, path, body.as_bytes());
        request.content_type = Some("application/json".to_owned());
        request.user_agent = Some("OpenSearch-Dashboards; Kibana".to_owned());
        let answer = self.shared.lock().unwrap().sandbox.answer(&request);
        let body = String::from_utf8(answer.body).unwrap();
        assert!(answer.status < 300, "{method} {path} answered {}: {body}", answer.status);
        serde_json::from_str(&body).unwrap_or_default()
    }

    /// Gives what ends the cluster: it answers what is under way, and nothing after.
    pub fn take_end(&mut self) -> oneshot::Sender<()> {
        self.stop.take().unwrap()
    }

    /// Makes a destination or a channel as somebody else would, and gives its id once lists show it.
    pub fn make_slack(&self, name: &str, url: &str) -> String {
        let slack = json!({"url": url});
        let (body, id) = if self.line.has_channels() {
            (json!({"config": {"name": name, "config_type": "slack", "slack": slack}}), "config_id")
        } else {
            (json!({"name": name, "type": "slack", "slack": slack}), "_id")
        };
        let made = self.send("POST", &self.destinations_path(), &body.to_string());
        let id = made[id].as_str().unwrap();
        self.await_listed(id, name);
        id.to_owned()
    }

    /// Waits until the list of channels shows one no more.
    pub fn await_unlisted(&self, id: &str) {
        let deadline = Instant::now() + Duration::from_secs(20);
        while self.destinations().iter().any(|(other, _)| other == id) {
            assert!(Instant::now() < deadline, "channel `{id}` is still listed");
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// Waits until lists show the destination or channel `id` under `name`: those of 2.x lag behind their writes.
    pub fn await_listed(&self, id: &str, name: &str) {
        let deadline = Instant::now() + Duration::from_secs(10);
        while !self.destinations().iter().any(|(other, shown)| other == id && shown == name) {
            assert!(Instant::now() < deadline, "no list shows `{name}` (id `{id}`)");
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// Ids and documents of all monitors that searches find, by name.
    pub fn monitors(&self) -> Vec<(String, Value)> {
        let search =
            r#"{"size":100,"query":{"exists":{"field":"monitor"}},"sort":[{"monitor.name.keyword":"asc"}]}"#;
        let page = self.send("POST", &format!("{}/monitors/_search", self.line.alerting()), search);
        let hits = page["hits"]["hits"].as_array().unwrap().iter();
        hits.map(|hit| (hit["_id"].as_str().unwrap().to_owned(), hit["_source"].clone())).collect()
    }

    /// The names of all monitors that searches find, in order.
    pub fn names_of_monitors(&self) -> Vec<String> {
        self.monitors().iter().map(|(_, monitor)| monitor["name"].as_str().unwrap().to_owned()).collect()
    }

    /// Ids and names of all destinations or channels, as lists show them.
    pub fn destinations(&self) -> Vec<(String, String)> {
        let (list, id, name) = if self.line.has_channels() {
            ("config_list", "/config_id", "/config/name")
        } else {
            ("destinations", "/id", "/name")
        };
        let answer = self.send("GET", &self.destinations_path(), "");
        let text = |entry: &Value, pointer| entry.pointer(pointer).unwrap().as_str().unwrap().to_owned();
        answer[list].as_array().unwrap().iter().map(|entry| (text(entry, id), text(entry, name))).collect()
    }

    /// Gives what was asked since the last call, as `METHOD path`.
    pub fn take_requests(&self) -> Vec<String> {
        std::mem::take(&mut self.shared.lock().unwrap().requests)
    }

    /// Gives what may have changed something since the last call, as `METHOD path` without parameters, in order.
    pub fn take_writes(&self) -> Vec<String> {
        let requests = self.take_requests().into_iter();
        let paths = requests.map(|request| request.split('?').next().unwrap().to_owned());
        paths.filter(|request| !request.starts_with("GET ") && !request.ends_with("/_search")).collect()
    }

    /// The path of destinations or channels.
    pub fn destinations_path(&self) -> String {
        if self.line.has_channels() {
            CHANNELS.to_owned()
        } else {
            format!("{}/destinations", self.line.alerting())
        }
    }

    /// All requests so far with all that was in them.
    pub fn sent(&self) -> Vec<Sent> {
        self.shared.lock().unwrap().sent.clone()
    }

    /// Lets `meddle` see each request to come.
    pub fn meddle(&self, mut meddle: Meddle) {
        self.interfere(Box::new(move |sandbox, request| meddle(sandbox, request).map(Fate::Answer)));
    }

    /// Lets `interfere` see each request to come.
    pub fn interfere(&self, interfere: Interfere) {
        self.shared.lock().unwrap().interfere = Some(interfere);
    }

    /// All that the cluster holds, for another one to go on with.
    pub fn state(&self) -> State {
        self.shared.lock().unwrap().sandbox.state.clone()
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        if let Some(stop) = self.stop.take() {
            let _ = stop.send(());
        }
    }
}

async fn respond(shared: Arc<Mutex<Shared>>, request: http::Request<Body>) -> http::Response<Body> {
    let (parts, body) = request.into_parts();
    let bytes = to_bytes(body, usize::MAX).await.unwrap();
    let header = |name: &str| parts.headers.get(name).map(|value| value.to_str().unwrap().to_owned());
    let uri = parts.uri.path_and_query().unwrap().as_str();
    let request = Request {
        user_agent: header("user-agent"),
        content_type: header("content-type"),
        accept: header("accept"),
        ..Request::new(parts.method.as_str(), uri, bytes)
    };
    let fate = {
        let mut shared = shared.lock().unwrap();
        let Shared { sandbox, requests, sent, interfere } = &mut *shared;
        sent.push(Sent {
            method: request.method.clone(),
            uri: uri.to_owned(),
            headers: parts.headers,
            body: request.body.clone(),
        });
        requests.push(format!("{} {uri}", request.method));
        let fate = interfere.as_mut().and_then(|interfere| interfere(sandbox, &request));
        fate.unwrap_or_else(|| Fate::Answer(sandbox.answer(&request)))
    };
    match fate {
        Fate::Answer(rendered) => {
            response(rendered.status, &rendered.content_type, Body::from(rendered.body))
        }
        Fate::BreakOff(Rendered { status, content_type, mut body, .. }) => {
            body.truncate(body.len() / 2);
            let parts = [Ok(body), Err(std::io::Error::other("the end"))];
            response(status, &content_type, Body::from_stream(futures_util::stream::iter(parts)))
        }
        // the thread of the connection ends, and the connection with it, without a word on the screen
        Fate::Cut => std::panic::resume_unwind(Box::new(())),
        Fate::Stall => std::future::pending().await,
    }
}

fn response(status: u16, content_type: &str, body: Body) -> http::Response<Body> {
    let mut response = http::Response::builder().status(status);
    if !content_type.is_empty() {
        response = response.header("content-type", content_type);
    }
    response.body(body).unwrap()
}

/// The writes of an apply without its notice, which is put up first and taken down last where what it makes bears no sign.
pub fn without_notice(mut writes: Vec<String>, line: Line) -> Vec<String> {
    if !line.has_channels() {
        let (first, last) = (writes.remove(0), writes.pop().unwrap());
        assert!(first.starts_with("POST ") && first.ends_with("/monitors"), "{first}");
        assert!(last.starts_with("DELETE ") && last.contains("/monitors/"), "{last}");
    }
    writes
}

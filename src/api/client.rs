//! The one place that sends: to one server of a cluster or another, with retries of what is harmless to repeat.

use std::hash::{BuildHasher, RandomState};
use std::iter;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use reqwest::Url;

use super::answer::Answer;
use super::auth::Auth;
use super::connection::{Connection, Front, Log, Target};
use super::dashboards::{self, Shown};
use super::failure::{self, Context, Failure, through};
use super::refusal::{self, Refusal, Who};
use super::request::{Repeat, Request};
use super::retry::{Ending, wait};
use super::way::{Arrival, Way};
use crate::error::Error;

/// A pool of connections to the servers of one cluster, of which one is asked as long as it can be reached.
#[derive(Clone, Debug)]
pub struct Client {
    ways: Arc<[Way]>,
    /// The way that is taken now.
    current: Arc<AtomicUsize>,
    connection: Connection,
    auth: Auth,
    tell: fn(&str),
}

/// A server whose connection was cut goes on with what it was asked for; so long it has for that at least.
const LEAST_AFTER_LOSS: Duration = Duration::from_secs(1);

impl Client {
    /// Makes a client for the server at `base`: the URL of the connection's target, or where its sandbox listens.
    /// Sends nothing yet. What the connection logs goes to `tell`, line by line.
    pub fn connect(base: &Url, connection: &Connection, tell: fn(&str)) -> Result<Self, Error> {
        let (credentials, headers) = match &connection.target {
            Target::Server(_) => (connection.credentials.as_ref(), connection.headers.as_slice()),
            Target::Sandbox { .. } => (None, [].as_slice()),
        };
        let ways: Result<Vec<Way>, Error> =
            iter::once(base).chain(&connection.others).map(|base| Way::to(base, connection)).collect();
        Ok(Self {
            auth: Auth::of(credentials, headers)?,
            ways: ways?.into(),
            current: Arc::new(AtomicUsize::new(0)),
            connection: connection.clone(),
            tell,
        })
    }

    /// Sends `request` and gives the answer, whatever its status; an error for no answer, for 401, and for what is
    /// no OpenSearch.
    ///
    /// It is sent again, with growing waits, when that is harmless and may help: see [`super::retry`]; to another server of
    /// the cluster at once, when it did not leave for the first.
    pub async fn send(&self, request: &Request) -> Result<Answer, Error> {
        let mut waited = Duration::ZERO;
        let mut attempt = 0;
        let mut untried = self.ways.len() - 1;
        loop {
            let began = Instant::now();
            let (index, way) = self.way();
            let outcome = self.once(request, way).await?;
            let ending = ending(&outcome);
            if ending == Ending::Unsent && untried > 0 {
                self.log(request, &outcome, began.elapsed(), Some(Duration::ZERO));
                untried -= 1;
                self.turn_from(index);
                continue;
            }
            let again = wait(self.connection.retries, request.repeat, ending, attempt, waited, chance());
            self.log(request, &outcome, began.elapsed(), again);
            match again {
                None => return self.judge(request, outcome, way),
                Some(wait) => {
                    tokio::time::sleep(wait).await;
                    self.turn_from(index);
                    untried = self.ways.len() - 1;
                    waited += wait;
                    attempt += 1;
                }
            }
        }
    }

    /// The host and port of the server that is asked now.
    pub fn server(&self) -> &str {
        &self.way().1.server
    }

    fn way(&self) -> (usize, &Way) {
        let index = self.current.load(Ordering::Relaxed);
        (index, &self.ways[index])
    }

    /// Takes the next way, unless another request has done so already.
    fn turn_from(&self, index: usize) {
        let next = (index + 1) % self.ways.len();
        // whoever was first has turned
        let _ = self.current.compare_exchange(index, next, Ordering::Relaxed, Ordering::Relaxed);
    }

    /// Sends `request` and gives the answer if its status is 2xx; else the error that the server names.
    pub async fn ask(&self, request: &Request) -> Result<Answer, Error> {
        self.send(request).await?.success(request)
    }

    /// Waits after a write whose answer was lost, and says whether it may be sent again once somebody has looked what
    /// became of it. A server that may still be at work is not asked for the same again.
    pub async fn pause_after(&self, error: &Error, attempt: u32) -> bool {
        let ending = error.ending_of_write();
        let wait = wait(self.connection.retries, Repeat::Harmless, ending, attempt, Duration::ZERO, chance());
        if let Some(wait) = wait {
            tokio::time::sleep(wait.max(LEAST_AFTER_LOSS)).await;
        }
        wait.is_some()
    }

    /// An error for a request that cannot say who asks; nothing is sent then.
    async fn once(&self, request: &Request, way: &Way) -> Result<Result<Arrival, Failure>, Error> {
        match self.connection.front {
            Front::OpenSearch => self.exchange(request, request, way).await,
            Front::Dashboards => self.through_dashboards(request, way).await,
        }
    }

    async fn through_dashboards(
        &self,
        request: &Request,
        way: &Way,
    ) -> Result<Result<Arrival, Failure>, Error> {
        let mut refused = None;
        if let Some(sent) = dashboards::to_plugin(request) {
            let arrival = match self.exchange(request, &sent, way).await? {
                Ok(arrival) => arrival,
                Err(failure) => return Ok(Err(failure)),
            };
            match dashboards::of_plugin(request, &arrival.answer) {
                Shown::As(answer) => return Ok(Ok(Arrival { answer, foreign: None })),
                Shown::NoPlugin => {
                    return Err(Refusal::NoPluginInDashboards { request: refusal::name(request) }.into());
                }
                Shown::NotByIt => return Ok(Ok(arrival)),
                Shown::Refused(failed) => refused = Some(failed),
            }
        }
        // what the plugin does not tell of a refusal, the console does; where that has none, the plugin failed at it
        let arrival = match self.exchange(request, &dashboards::to_console(request), way).await? {
            Ok(Arrival { answer, foreign }) => Arrival { answer: dashboards::of_console(answer), foreign },
            Err(failure) => return Ok(Err(failure)),
        };
        Ok(Ok(match refused {
            Some(failed) if arrival.foreign.is_none() && arrival.answer.status == 200 => {
                Arrival { answer: failed, foreign: None }
            }
            _ => arrival,
        }))
    }

    /// Sends a request in the form of `sent`; errors name it as it is.
    async fn exchange(
        &self,
        request: &Request,
        sent: &Request,
        way: &Way,
    ) -> Result<Result<Arrival, Failure>, Error> {
        let explained = |error: reqwest::Error| {
            let name = refusal::name(request);
            let server = match &self.connection.connect_to {
                Some(address) => &format!("{} at {address}", way.server),
                None => &way.server,
            };
            let context =
                Context { server, scheme: &way.scheme, request: &name, connection: &self.connection };
            failure::explain(&error.without_url(), &context)
        };
        let mut outgoing = match way.outgoing(sent) {
            Ok(outgoing) => outgoing,
            Err(error) => return Ok(Err(explained(error))),
        };
        let secrets = self.auth.authorize(&mut outgoing).await?;
        Ok(way.exchange(outgoing, &secrets).await.map_err(explained))
    }

    fn judge(
        &self,
        request: &Request,
        outcome: Result<Arrival, Failure>,
        way: &Way,
    ) -> Result<Answer, Error> {
        let Arrival { answer, foreign } = outcome?;
        let proxy = self.connection.proxy.as_ref().map(|proxy| proxy.address.as_str());
        match (answer.status, foreign, proxy) {
            (407, _, Some(proxy)) => Err(Failure::proxy_credentials(proxy).into()),
            (401, _, _) => Err(Refusal::Unauthorized {
                server: way.server.clone(),
                who: self.connection.credentials.as_ref().map(Who::of),
            }
            .into()),
            (status, None, _)
                if self.connection.front == Front::Dashboards && dashboards::is_none(&answer) =>
            {
                let found = refusal::OPENSEARCH.to_owned();
                Err(Refusal::NotThroughDashboards { request: refusal::name(request), status, found }.into())
            }
            (status, Some(found), _) if self.connection.front == Front::Dashboards => {
                Err(Refusal::NotThroughDashboards { request: refusal::name(request), status, found }.into())
            }
            (status, Some(found), _) => {
                let found = found + &through(&self.connection);
                Err(Refusal::NotOpenSearch { request: refusal::name(request), status, found }.into())
            }
            // servers say why, and a gate need not
            (403, None, _) if answer.body.is_empty() => {
                let found = format!("nothing{}", through(&self.connection));
                let request = refusal::name(request);
                Err(Refusal::NotOpenSearch { request, status: answer.status, found }.into())
            }
            // a gate that has no server behind it says so in words of its own
            (status @ 502..=504, None, Some(proxy)) if !answer.body.starts_with(b"{") => {
                let found = format!("an answer of the proxy `{proxy}`, or of what lies behind it");
                Err(Refusal::NotOpenSearch { request: refusal::name(request), status, found }.into())
            }
            (_, None, _) => Ok(answer),
        }
    }

    fn log(
        &self,
        request: &Request,
        outcome: &Result<Arrival, Failure>,
        took: Duration,
        again: Option<Duration>,
    ) {
        if self.connection.log == Log::Silent {
            return;
        }
        let end = match outcome {
            Ok(arrival) => arrival.answer.status.to_string(),
            Err(failure) => failure.to_string(),
        };
        let again = again.map_or_else(String::new, |wait| format!(", again in {} ms", wait.as_millis()));
        (self.tell)(&format!("{} -> {end} ({} ms){again}", refusal::name(request), took.as_millis()));
    }
}

fn ending(outcome: &Result<Arrival, Failure>) -> Ending {
    match outcome {
        Ok(Arrival { answer, .. }) => {
            Ending::Answered { status: answer.status, retry_after: answer.retry_after }
        }
        Err(failure) => failure.ending(),
    }
}

/// A number from 0 to 1 that differs from client to client: each hasher is seeded anew.
fn chance() -> f64 {
    let bits = RandomState::new().hash_one(()) >> 32;
    f64::from(u32::try_from(bits).unwrap_or_default()) / f64::from(u32::MAX)
}

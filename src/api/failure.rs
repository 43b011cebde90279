//! Why no answer came: the cause below reqwest's words, and what to do about it.

use std::error::Error as StdError;
use std::io;
use std::time::Duration;

use super::connection::Connection;
use super::retry::Ending;
use super::tls_failure::{self, TlsFailure};

/// A request that got no answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{cause}")]
pub struct Failure {
    /// Why.
    pub cause: Cause,
    /// How far the request got.
    pub reach: Reach,
}

/// How far a request got.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// It never left.
    Unsent,
    /// It left, or part of it; nobody knows whether it was handled.
    Sent,
}

/// Why no answer came.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Cause {
    /// Nothing listens at that port.
    #[error("{peer} refused the connection")]
    Refused {
        /// The server, or the proxy before it.
        peer: String,
    },
    /// The name leads to no address.
    #[error("no address is known for {peer}")]
    UnknownHost {
        /// The server, or the proxy before it.
        peer: String,
    },
    /// The name leads to no address that is known on this side of a proxy.
    #[error("no address is known here for {server}")]
    UnknownHere {
        /// The server.
        server: String,
    },
    /// Nothing listens where a tunnel to the server is said to begin, or its name leads to no address.
    #[error("no address is known for `{address}`, to which to connect")]
    UnknownTunnel {
        /// A host and a port.
        address: String,
    },
    /// The connection was not taken in time, or what takes it stays silent.
    #[error("no connection with {peer} came about within {}", seconds(*.limit))]
    ConnectTimeout {
        /// The server, and the proxy before it.
        peer: String,
        /// How long it was waited for.
        limit: Duration,
    },
    /// Any other reason for which there is no connection.
    #[error("{peer} cannot be reached: {reason}")]
    Unreachable {
        /// The server, or the proxy before it.
        peer: String,
        /// The system's words.
        reason: String,
    },
    /// The connection is there, and no trust.
    #[error("{server}: {failure}")]
    Tls {
        /// The server.
        server: String,
        /// What is wrong.
        failure: TlsFailure,
    },
    /// The proxy wants to know who asks.
    #[error("the proxy `{proxy}` wants credentials, or others than it was given")]
    ProxyCredentials {
        /// The proxy.
        proxy: String,
    },
    /// The proxy makes no way to the server.
    #[error("the proxy `{proxy}` makes no way to {server}")]
    ProxyRefused {
        /// The proxy.
        proxy: String,
        /// The server.
        server: String,
    },
    /// No answer came in time.
    #[error("{server} did not answer {request} within {}", seconds(*.limit))]
    Timeout {
        /// The server, and the proxy before it.
        server: String,
        /// Method and path.
        request: String,
        /// How long it was waited for.
        limit: Duration,
    },
    /// The connection ended without an answer.
    #[error("{server} closed the connection without an answer to {request}")]
    Closed {
        /// The server.
        server: String,
        /// Method and path.
        request: String,
        /// `http` or `https`.
        scheme: String,
    },
    /// The answer ended in the middle.
    #[error("the answer of {server} to {request} broke off")]
    BrokeOff {
        /// The server.
        server: String,
        /// Method and path.
        request: String,
    },
    /// What came is no HTTP.
    #[error("{server} does not speak HTTP")]
    NotHttp {
        /// The server.
        server: String,
    },
}

/// What an error is about, for its text.
pub struct Context<'a> {
    /// The server's host and port.
    pub server: &'a str,
    /// `http` or `https`.
    pub scheme: &'a str,
    /// Method and path.
    pub request: &'a str,
    /// How it was to be reached.
    pub connection: &'a Connection,
}

/// How a server is named that is reached through a proxy, which may be to blame as well.
const THROUGH: &str = " through the proxy ";

/// What follows the name of a server that is reached through a proxy; nothing where there is none.
pub fn through(connection: &Connection) -> String {
    connection.proxy.as_ref().map(|proxy| format!("{THROUGH}`{}`", proxy.address)).unwrap_or_default()
}

/// Finds out why `error` came about.
pub fn explain(error: &reqwest::Error, context: &Context<'_>) -> Failure {
    let cause = cause(error, context);
    let refused_by_tls = matches!(cause, Cause::Tls { .. });
    let reach = if error.is_connect() || refused_by_tls { Reach::Unsent } else { Reach::Sent };
    Failure { cause, reach }
}

fn cause(error: &reqwest::Error, context: &Context<'_>) -> Cause {
    let server = format!("`{}`", context.server);
    let request = context.request.to_owned();
    let connection = context.connection;
    let proxy = connection.proxy.as_ref().map(|proxy| proxy.address.as_str());
    let through = through(connection);
    let peer = proxy.map_or_else(|| server.clone(), |proxy| format!("the proxy `{proxy}`"));
    let tls_peer = match &connection.proxy {
        // either may show a certificate
        Some(proxy) if proxy.is_secure() => {
            format!("the proxy `{}`, or {server} behind it", proxy.address)
        }
        _ => format!("{server}{through}"),
    };
    if let Some(failure) = find(error).map(tls_failure::explain) {
        let failure = match (failure, &connection.ca) {
            (TlsFailure::UnknownAuthority, Some(ca)) => TlsFailure::OtherAuthority(ca.clone()),
            (failure, _) => failure,
        };
        return Cause::Tls { server: tls_peer, failure };
    }
    // The connector's errors have no public types, only these words.
    let words = words(error);
    if let Some(proxy) = proxy {
        let proxy = proxy.to_owned();
        if words.contains("proxy authorization required") {
            return Cause::ProxyCredentials { proxy };
        }
        if words.contains("tunnel error: unsuccessful") || words.contains("tunnel error: unexpected end") {
            return Cause::ProxyRefused { proxy, server };
        }
        if let Some(cause) = socks(&words, &proxy, &server) {
            return cause;
        }
    }
    match (error.is_connect(), error.is_timeout()) {
        // it may be the proxy that stays silent, or the server behind it
        (true, true) => {
            return Cause::ConnectTimeout { peer: server + &through, limit: connection.connect_timeout };
        }
        (false, true) => {
            return Cause::Timeout { server: server + &through, request, limit: connection.timeout };
        }
        (true, false) => {
            return match find::<io::Error>(error) {
                _ if words.contains("dns error") => match &connection.connect_to {
                    Some(address) => Cause::UnknownTunnel { address: address.clone() },
                    None => Cause::UnknownHost { peer },
                },
                Some(io) if io.kind() == io::ErrorKind::ConnectionRefused => Cause::Refused { peer },
                Some(io) => Cause::Unreachable { peer, reason: io.to_string() },
                None => Cause::Unreachable { peer, reason: innermost(error) },
            };
        }
        (false, false) => {}
    }
    if error.is_body() || error.is_decode() {
        return Cause::BrokeOff { server, request };
    }
    let server = server + &through;
    if words.contains("invalid HTTP") {
        return Cause::NotHttp { server };
    }
    Cause::Closed { server, request, scheme: context.scheme.to_owned() }
}

/// What a SOCKS proxy says, by the connector's words for it.
fn socks(words: &str, proxy: &str, server: &str) -> Option<Cause> {
    const CREDENTIALS: [&str; 3] = [
        "credentials not accepted",
        "does not support user/pass authentication",
        // it asks for them where there are none
        "implements authentication incorrectly",
    ];
    const NO_WAY: [&str; 5] = [
        "connection refused",
        "host unreachable",
        "network unreachable",
        "not allowed",
        "general server failure",
    ];
    let said = words.split_once("SOCKS error").map(|(_, said)| said.to_lowercase());
    let says = |all: &[&str]| said.as_ref().is_some_and(|said| all.iter().any(|one| said.contains(one)));
    if says(&CREDENTIALS) {
        return Some(Cause::ProxyCredentials { proxy: proxy.to_owned() });
    }
    if says(&["failed to create underlying connection"]) {
        let reason = "nothing listens there, or its name is known nowhere".to_owned();
        return Some(Cause::Unreachable { peer: format!("the proxy `{proxy}`"), reason });
    }
    if says(&NO_WAY) {
        return Some(Cause::ProxyRefused { proxy: proxy.to_owned(), server: server.to_owned() });
    }
    // with `socks5://` the server's name is looked up here
    let is_lookup = words.contains("failed to lookup address") && !words.contains("dns error");
    is_lookup.then(|| Cause::UnknownHere { server: server.to_owned() })
}

impl Failure {
    /// A proxy on the way to an `http` server that wants to know who asks.
    pub fn proxy_credentials(proxy: &str) -> Self {
        Self { cause: Cause::ProxyCredentials { proxy: proxy.to_owned() }, reach: Reach::Unsent }
    }

    /// What to do about it.
    pub fn hint(&self) -> Option<String> {
        let hint = match &self.cause {
            Cause::Refused { peer } | Cause::UnknownHost { peer } | Cause::Unreachable { peer, .. }
                if peer.starts_with("the proxy") =>
            {
                "the proxy comes from `HTTPS_PROXY`, `HTTP_PROXY` or `ALL_PROXY`; `NO_PROXY` names hosts that need none"
            }
            Cause::Refused { .. } => "is the server running, and is this its port?",
            Cause::UnknownHost { .. } => "look at the host in the URL",
            Cause::UnknownHere { .. } => "`socks5h://` in the proxy's variable lets the proxy look it up",
            Cause::UnknownTunnel { .. } => "look at the host of `--connect-to`",
            Cause::ConnectTimeout { peer, .. } if peer.contains(THROUGH) => {
                "the proxy stays silent, or what lies behind it; it comes from `HTTPS_PROXY`, `HTTP_PROXY` or `ALL_PROXY`, and `NO_PROXY` goes around it"
            }
            Cause::Timeout { server, .. } if server.contains(THROUGH) => {
                "the proxy stays silent, or what lies behind it: `NO_PROXY` goes around it, and `--timeout 2m` waits longer"
            }
            Cause::ConnectTimeout { .. } => {
                "does a firewall or a missing VPN lie between, and does the server speak TLS at that port if the URL says `https`?"
            }
            Cause::Tls { server, failure: TlsFailure::NotTls } if server.starts_with("the proxy") => {
                "does the server want `http://`? an `https://` proxy must speak TLS itself, and most are `http://`"
            }
            Cause::Tls { failure, .. } => return failure.hint().map(str::to_owned),
            Cause::ProxyCredentials { .. } => {
                "they stand in the proxy's variable: `HTTPS_PROXY=http://USER:PASSWORD@HOST:PORT`, or `socks5h://…`"
            }
            Cause::ProxyRefused { .. } => {
                "does the proxy allow that host and port? `NO_PROXY` goes around it"
            }
            Cause::Timeout { .. } => "`--timeout 2m` waits longer",
            Cause::Closed { server, .. } | Cause::NotHttp { server } if server.contains(THROUGH) => {
                "is it the proxy that ends it? `NO_PROXY` goes around it"
            }
            Cause::Closed { scheme, request, .. } if scheme == "http" && request == "GET /" => {
                "does the server want `https://`?"
            }
            Cause::Unreachable { .. } => "is the server running, and is there a way to it?",
            Cause::BrokeOff { .. } | Cause::Closed { .. } => {
                "run it again; if it comes back, look at what lies between, and at the server's log"
            }
            Cause::NotHttp { .. } => "does the server want `https://`, or is this another service's port?",
        };
        Some(hint.to_owned())
    }

    /// Whether the server may have handled the request all the same.
    pub fn may_have_happened(&self) -> bool {
        self.reach == Reach::Sent
    }

    /// What this means for another attempt at a write: a server that took too long may still be at it.
    pub fn ending_of_write(&self) -> Ending {
        match self.cause {
            Cause::Timeout { .. } => Ending::Final,
            _ => self.ending(),
        }
    }

    /// What this means for another attempt.
    pub fn ending(&self) -> Ending {
        match (&self.cause, self.reach) {
            (Cause::Tls { .. } | Cause::ProxyCredentials { .. } | Cause::NotHttp { .. }, _) => Ending::Final,
            (_, Reach::Unsent) => Ending::Unsent,
            (_, Reach::Sent) => Ending::Lost,
        }
    }
}

fn seconds(duration: Duration) -> String {
    format!("{} s", duration.as_secs_f64())
}

/// The first `T` among the causes of `error`, looking into `io::Error`, which hides what it wraps.
fn find<'a, T: StdError + 'static>(error: &'a (dyn StdError + 'static)) -> Option<&'a T> {
    let mut next = Some(error);
    while let Some(error) = next {
        if let Some(found) = error.downcast_ref::<T>() {
            return Some(found);
        }
        let wrapped = error.downcast_ref::<io::Error>().and_then(io::Error::get_ref);
        if let Some(found) = wrapped.and_then(|inner| find::<T>(inner)) {
            return Some(found);
        }
        next = error.source();
    }
    None
}

/// The words of all causes but the outermost, which holds the URL.
fn words(error: &dyn StdError) -> String {
    let mut words = Vec::new();
    let mut next = error.source();
    while let Some(cause) = next {
        words.push(cause.to_string());
        next = cause.source();
    }
    words.join(": ")
}

/// The words of the innermost cause, which holds no URL.
pub fn innermost(error: &dyn StdError) -> String {
    let mut next = error.source();
    let mut text = "no connection".to_owned();
    while let Some(cause) = next {
        text = cause.to_string();
        next = cause.source();
    }
    text
}

//! How the server is reached, as plain data: what `config` decides and `client` carries out.

use std::iter;
use std::net::IpAddr;
use std::path::PathBuf;
use std::time::Duration;

use reqwest::Url;

use super::line::Line;
use super::proxy::Proxy;
use super::retry::Retries;
use crate::model::secret::Secret;

/// How the server is reached.
#[derive(Clone, Debug)]
pub struct Connection {
    /// Which server.
    pub target: Target,
    /// Other servers of the same cluster, for when that one cannot be reached.
    pub others: Vec<Url>,
    /// What answers there.
    pub front: Front,
    /// The server's line, when the user names it; else the server is asked.
    pub line: Option<Line>,
    /// Who asks.
    pub credentials: Option<Credentials>,
    /// What else is said in each request: headers by name.
    pub headers: Vec<(String, Secret)>,
    /// A PEM file with authorities to trust beside the platform's.
    pub ca: Option<PathBuf>,
    /// A certificate that says who asks.
    pub client_certificate: Option<ClientCertificate>,
    /// Whether the server must prove who it is.
    pub verification: Verification,
    /// The way through a proxy, if one stands between.
    pub proxy: Option<Proxy>,
    /// The host and port to connect to instead of those of the URL, as `localhost:9443`: the end of a tunnel. The server is
    /// still asked for, checked and signed for by the host of the URL.
    pub connect_to: Option<String>,
    /// The longest that one answer may take.
    pub timeout: Duration,
    /// The longest that reaching the server may take.
    pub connect_timeout: Duration,
    /// How often a request is sent again.
    pub retries: Retries,
    /// What is told about each request.
    pub log: Log,
}

impl Connection {
    /// What the user must know before anything is sent.
    pub fn warnings(&self) -> Vec<&'static str> {
        let Target::Server(url) = &self.target else { return Vec::new() };
        let mut warnings = Vec::new();
        if url.scheme() == "https" && self.verification == Verification::None {
            warnings.push("`--insecure`: whoever answers is trusted, and gets the credentials");
        }
        let says_who_asks = self.credentials.is_some() || !self.headers.is_empty();
        let is_far =
            iter::once(url).chain(&self.others).any(|url| url.scheme() == "http" && !is_this_machine(url));
        if says_who_asks && is_far {
            warnings.push("the credentials are sent unencrypted; does the server offer `https://`?");
        }
        warnings
    }
}

fn is_this_machine(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default().trim_matches(['[', ']']);
    host == "localhost" || host.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

/// Which server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// One at a URL, which holds no credentials, no query and no fragment.
    Server(Url),
    /// The sandbox, inside this process.
    Sandbox {
        /// Where its state is kept.
        file: PathBuf,
        /// Which line it plays; else that of its file.
        line: Option<Line>,
    },
}

/// What answers at the URL of a cluster.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Front {
    /// The cluster itself, or a gate that lets its API through.
    OpenSearch,
    /// OpenSearch Dashboards, behind which the cluster is.
    Dashboards,
}

/// Who asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Credentials {
    /// A user with a password, by basic authentication.
    Basic {
        /// The user.
        username: String,
        /// Where the password comes from.
        password: Held,
    },
    /// Whoever bears a token: a JSON Web Token, one of a service account.
    Bearer(Held),
    /// Whoever AWS takes us for: each request is signed.
    Aws(Aws),
}

/// How requests are signed for AWS. Whoever signs is found where AWS's own tools find it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Aws {
    /// The domain's region; else the one that the environment or the profile names.
    pub region: Option<String>,
    /// The profile of the shared files; else the one that the environment names, or the default one.
    pub profile: Option<String>,
    /// A role to assume first.
    pub role: Option<Role>,
}

/// A role to assume.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Role {
    /// Its ARN.
    pub arn: String,
    /// What its trust policy may ask for.
    pub external_id: Option<String>,
    /// What the session is called in AWS's logs; else `alertform`.
    pub session_name: Option<String>,
}

/// Where a password, a token or a key comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Held {
    /// It is known: from a variable, a helper command, or a file that was filled in.
    Given(Secret),
    /// From a file, without the line break at its end.
    File(PathBuf),
}

/// A certificate that says who asks, and its key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClientCertificate {
    /// A PEM file with the certificate and what lies between it and its authority.
    pub certificate: PathBuf,
    /// A PEM file with the key, without a passphrase.
    pub key: PathBuf,
}

/// Whether the server must prove who it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verification {
    /// By a certificate of a trusted authority, for the host that was asked for.
    Full,
    /// Not at all.
    None,
}

/// What is told about each request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Log {
    /// Nothing.
    Silent,
    /// Method, path, status and time; never a body or a header.
    Requests,
}

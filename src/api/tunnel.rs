//! A tunnel to the server: names are asked for, checked and signed as they stand in the URL, and what is connected to is
//! something else.

use std::io;

use reqwest::Url;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::header::HeaderValue;

/// Where a tunnel begins, as `localhost:9443`.
pub struct Tunnel {
    /// A host and a port.
    pub address: String,
}

impl Resolve for Tunnel {
    fn resolve(&self, _: Name) -> Resolving {
        let address = self.address.clone();
        Box::pin(async move {
            let found: Vec<_> = tokio::net::lookup_host(&address).await?.collect();
            if found.is_empty() {
                return Err(io::Error::other(format!("`{address}` has no address")).into());
            }
            Ok(Box::new(found.into_iter()) as Addrs)
        })
    }
}

/// The URL to connect through a tunnel by: a port in it would go before that of the tunnel.
pub fn url(base: &Url) -> Url {
    let mut url = base.clone();
    // an http URL with a host takes any port
    let _ = url.set_port(None);
    url
}

/// What the server is to be asked for by, with the port that the URL loses.
pub fn host(base: &Url) -> Option<HeaderValue> {
    let host = base.host_str()?;
    let text = match base.port() {
        Some(port) => format!("{host}:{port}"),
        None => host.to_owned(),
    };
    HeaderValue::from_str(&text).ok()
}

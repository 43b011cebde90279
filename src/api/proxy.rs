//! Which proxy leads to a server, by the variables that every tool reads.

use std::collections::BTreeMap;
use std::net::IpAddr;

use reqwest::Url;

use crate::error::Usage;
use crate::model::secret::Secret;

/// The proxy that leads to a server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proxy {
    /// Its host and port, for errors.
    pub address: String,
    /// Its URL, which may hold credentials.
    pub url: Secret,
}

impl Proxy {
    /// Whether it is spoken to in TLS itself.
    pub fn is_secure(&self) -> bool {
        self.url.expose().starts_with("https:")
    }
}

const HTTP: [&str; 4] = ["HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"];
const HTTPS: [&str; 4] = ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"];
const NONE: [&str; 2] = ["NO_PROXY", "no_proxy"];
const SCHEMES: [&str; 6] = ["http", "https", "socks4", "socks4a", "socks5", "socks5h"];

/// Finds the proxy that leads to `server`, if the variables name one; this machine itself is no exception unless
/// `NO_PROXY` says so.
pub fn between(server: &Url, environment: &BTreeMap<String, String>) -> Result<Option<Proxy>, Usage> {
    let first = |names: &'static [&'static str]| {
        names
            .iter()
            .find_map(|name| environment.get(*name).filter(|value| !value.is_empty()).map(|v| (*name, v)))
    };
    let names = if server.scheme() == "https" { &HTTPS } else { &HTTP };
    let Some((variable, value)) = first(names) else { return Ok(None) };
    if first(&NONE).is_some_and(|(_, list)| goes_around(server, list)) {
        return Ok(None);
    }
    parse(value).map(Some).ok_or_else(|| {
        Usage::new(
            format!("`{variable}` holds no URL of a proxy"),
            "it is written `http://HOST:PORT`; `socks5h://HOST:PORT` for SOCKS",
        )
    })
}

fn parse(text: &str) -> Option<Proxy> {
    let text = if text.contains("://") { text.to_owned() } else { format!("http://{text}") };
    let url = Url::parse(&text).ok().filter(|url| SCHEMES.contains(&url.scheme()))?;
    Some(Proxy { address: address(&url)?, url: Secret::new(text) })
}

/// Host and port of `url`, the port left out where neither it nor the scheme names one.
pub fn address(url: &Url) -> Option<String> {
    let host = url.host_str().filter(|host| !host.is_empty())?;
    Some(match url.port_or_known_default() {
        Some(port) => format!("{host}:{port}"),
        None => host.to_owned(),
    })
}

/// Whether `list` names the server: `*`, a domain with all below it, an address, or a network such as `10.0.0.0/8`,
/// each with or without a port.
fn goes_around(server: &Url, list: &str) -> bool {
    let host = server.host_str().unwrap_or_default().trim_matches(['[', ']']).to_ascii_lowercase();
    let port = server.port_or_known_default();
    list.split([',', ' ']).map(str::trim).filter(|entry| !entry.is_empty()).any(|entry| {
        let (name, wanted) = split_port(entry);
        if wanted.is_some() && wanted != port {
            return false;
        }
        let name = name.trim_matches(['[', ']']).to_ascii_lowercase();
        match host.parse::<IpAddr>() {
            Ok(ip) => name == "*" || in_network(ip, &name),
            Err(_) => name == "*" || below(&host, name.trim_start_matches("*.").trim_start_matches('.')),
        }
    })
}

fn split_port(entry: &str) -> (&str, Option<u16>) {
    match entry.rsplit_once(':') {
        // An IPv6 address has colons of its own.
        Some((name, port)) if !name.contains(':') || name.ends_with(']') => match port.parse() {
            Ok(port) => (name, Some(port)),
            Err(_) => (entry, None),
        },
        _ => (entry, None),
    }
}

fn below(host: &str, domain: &str) -> bool {
    host == domain || host.strip_suffix(domain).is_some_and(|rest| rest.ends_with('.'))
}

fn in_network(ip: IpAddr, network: &str) -> bool {
    let (base, length) = match network.split_once('/') {
        Some((base, length)) => (base, length.parse::<u32>().ok()),
        None => (network, Some(128)),
    };
    match (ip, base.parse(), length) {
        (IpAddr::V4(ip), Ok(IpAddr::V4(base)), Some(length)) => {
            same_prefix(u128::from(ip.to_bits()) << 96, u128::from(base.to_bits()) << 96, length.min(32))
        }
        (IpAddr::V6(ip), Ok(IpAddr::V6(base)), Some(length)) => {
            same_prefix(ip.to_bits(), base.to_bits(), length.min(128))
        }
        _ => false,
    }
}

fn same_prefix(a: u128, b: u128, length: u32) -> bool {
    (a ^ b).leading_zeros() >= length
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address_between(server: &str, variables: &[(&str, &str)]) -> Option<String> {
        let environment = variables.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
        between(&Url::parse(server).unwrap(), &environment).unwrap().map(|proxy| proxy.address)
    }

    #[test]
    fn the_scheme_picks_the_variable() {
        for (server, variables, expected) in [
            ("http://a.example", &[][..], None),
            ("http://a.example", &[("HTTP_PROXY", "http://p:3128")], Some("p:3128")),
            ("http://a.example", &[("HTTPS_PROXY", "http://p:3128")], None),
            ("https://a.example", &[("HTTPS_PROXY", "http://p:3128")], Some("p:3128")),
            ("https://a.example", &[("HTTP_PROXY", "http://p:3128")], None),
            ("https://a.example", &[("https_proxy", "p:3128")], Some("p:3128")),
            ("https://a.example", &[("ALL_PROXY", "socks5h://p:1080")], Some("p:1080")),
            ("https://a.example", &[("ALL_PROXY", "http://q"), ("HTTPS_PROXY", "http://p")], Some("p:80")),
            ("https://a.example", &[("HTTPS_PROXY", "http://ann:hunter2@p:3128")], Some("p:3128")),
            ("https://a.example", &[("HTTPS_PROXY", "")], None),
            ("http://127.0.0.1:9200", &[("HTTP_PROXY", "http://p:3128")], Some("p:3128")),
        ] {
            assert_eq!(address_between(server, variables).as_deref(), expected, "{server} {variables:?}");
        }
    }

    #[test]
    fn no_proxy_names_hosts_domains_and_networks() {
        for (server, list, around) in [
            ("https://a.example.com", "*", true),
            ("https://a.example.com", "example.com", true),
            ("https://a.example.com", ".example.com", true),
            ("https://a.example.com", "*.example.com", true),
            ("https://example.com", "example.com", true),
            ("https://badexample.com", "example.com", false),
            ("https://A.Example.com", "localhost, example.COM", true),
            ("https://a.example.com:9200", "example.com:9200", true),
            ("https://a.example.com:9200", "example.com:443", false),
            ("http://127.0.0.1:9200", "localhost", false),
            ("http://127.0.0.1:9200", "127.0.0.1", true),
            ("http://127.0.0.1:9200", "127.0.0.1:9200", true),
            ("http://127.1.2.3:9200", "127.0.0.0/8", true),
            ("http://128.1.2.3:9200", "127.0.0.0/8", false),
            ("http://[::1]:9200", "::1", true),
            ("http://[::1]:9200", "[::1]:9200", true),
            ("http://[fd00::7]:9200", "fd00::/8", true),
            ("http://[fd00::7]:9200", "10.0.0.0/8", false),
            ("http://10.0.0.1", "10.0.0.0/x", false),
        ] {
            let variables = [("ALL_PROXY", "http://p:3128"), ("NO_PROXY", list)];
            assert_eq!(address_between(server, &variables).is_none(), around, "{server} {list}");
        }
    }

    #[test]
    fn a_broken_proxy_is_an_error_without_its_secret() {
        let environment = BTreeMap::from([("HTTPS_PROXY".to_owned(), "ftp://ann:hunter2@p".to_owned())]);
        let error = between(&Url::parse("https://a.example").unwrap(), &environment).unwrap_err();
        assert_eq!(error.message, "`HTTPS_PROXY` holds no URL of a proxy");
        assert!(!format!("{error:?}").contains("hunter2"));
    }
}

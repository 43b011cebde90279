//! `custom_webhook`: an HTTP endpoint as a URL or as its parts.

use std::collections::BTreeMap;

use crate::model::destination::{CustomWebhook, Endpoint};
use crate::model::secret::Secret;
use crate::source::fields::{Fields, filled_text, scalar_text};
use crate::source::finding::Finding;
use crate::source::report::Report;
use crate::source::yaml::Node;

/// The keys of a custom webhook.
pub const KNOWN: &[&str] = &[
    "url",
    "scheme",
    "host",
    "port",
    "path",
    "query_params",
    "method",
    "header_params",
    "username",
    "password",
];

const PARTS: &[&str] = &["scheme", "host", "port", "path", "query_params"];

/// Reads the content of `custom_webhook`.
pub fn read(node: &Node, report: &Report) -> Option<CustomWebhook> {
    let fields = Fields::of(node, "`custom_webhook`", KNOWN, report)?;
    let endpoint = endpoint(&fields, report);
    let method = fields
        .get("method")
        .map_or(Some("POST".to_owned()), |node| filled_text(node, "method", report).map(str::to_owned));
    let header_params = secrets(&fields, "header_params");
    let username = fields.text("username").map(str::to_owned);
    let password = fields.text("password").map(Secret::new);
    Some(CustomWebhook { endpoint: endpoint?, method: method?, header_params, username, password })
}

/// Reads a URL that the server can call.
pub fn url(node: &Node, report: &Report) -> Option<Secret> {
    let url = filled_text(node, "url", report)?;
    if !is_url(url) {
        report.error(
            Finding::at(&node.place, "expected an http or https URL for `url`")
                .hint("it begins with `https://` or `http://` and a host"),
        );
        return None;
    }
    Some(Secret::new(url))
}

/// Whether a text is a URL that the server can call.
pub fn is_url(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    let rest = ["http://", "https://"].iter().find_map(|scheme| lower.strip_prefix(scheme));
    let has_host = rest.is_some_and(|rest| !rest.is_empty() && !rest.starts_with(['/', '?', '#', ':']));
    has_host && !text.contains(char::is_whitespace)
}

/// Whether a text is a host and nothing else, as the server joins it with the other parts.
pub fn is_host(text: &str) -> bool {
    let name = match text.strip_prefix('[') {
        // the colons of an IPv6 address stand in brackets
        Some(rest) => rest.strip_suffix(']').map(|address| address.replace(':', "")),
        None => Some(text.to_owned()),
    };
    let is_foreign = |c: char| c.is_whitespace() || c.is_control() || "/\\:?#@[]".contains(c);
    name.is_some_and(|name| !name.is_empty() && !name.contains(is_foreign))
}

/// Whether a text is a scheme as the friendly form spells it.
pub fn is_scheme(text: &str) -> bool {
    ["http", "https"].contains(&text)
}

fn endpoint(fields: &Fields<'_>, report: &Report) -> Option<Endpoint> {
    let part = PARTS.iter().find(|part| fields.get(part).is_some());
    let by_url = fields.get("url").map(|node| url(node, report));
    match (&by_url, part) {
        (Some(_), Some(part)) => {
            let message = format!("`url` and `{part}` exclude each other");
            fields.refuse(part, message, "give the whole URL, or its parts");
        }
        (None, None) => fields.missing("url", "add the whole URL, or `host` and the other parts"),
        _ => {}
    }
    let host = match (&by_url, part) {
        (None, Some(_)) => fields.need_text("host", "add it: `host: hooks.example.com`"),
        _ => fields.text("host"),
    };
    if host.is_some_and(|host| !is_host(host)) {
        let hint = "such as `hooks.example.com`; `scheme`, `port` and `path` are keys of their own";
        fields.refuse("host", "expected a host and nothing else for `host`", hint);
    }
    let port = fields.whole("port", 1..=65_535);
    let scheme = fields.text("scheme").map(str::to_ascii_lowercase);
    if scheme.as_deref().is_some_and(|scheme| !is_scheme(scheme)) {
        fields.refuse("scheme", "expected `http` or `https` for `scheme`", "leave it out for `https`");
    }
    let path = fields.text("path").map(Secret::new);
    let query_params = secrets(fields, "query_params");
    let port = port.and_then(|port| u16::try_from(port).ok());
    match (by_url, part) {
        (Some(url), None) => url.map(Endpoint::Url),
        (None, Some(_)) => Some(Endpoint::Parts { scheme, host: host?.to_owned(), port, path, query_params }),
        (Some(_), Some(_)) | (None, None) => None,
    }
}

fn secrets(fields: &Fields<'_>, key: &str) -> BTreeMap<String, Secret> {
    let texts = fields.text_map(key).into_iter();
    texts.filter_map(|(name, node)| Some((name, Secret::new(scalar_text(node)?)))).collect()
}

//! The one table of routes, and how a request finds its handler.

use std::ops::RangeInclusive;

use super::exchange::{Request, Response};
use super::refusal::Refusal;
use super::state::State;
use super::{
    channels, cluster, destinations, emails, indices, monitors, settings, unsupported, workflows, yaml,
};
use crate::api::line::Line;

/// A handler: it sees the whole state and does no I/O.
pub type Handler = fn(&mut State, &Request) -> Result<Response, Refusal>;

/// A row of the table.
pub struct Route {
    /// The method, in capitals.
    pub method: &'static str,
    /// The path under the prefix; `{x}` takes one segment, and a literal segment goes before it.
    pub pattern: &'static str,
    /// Where the pattern begins.
    pub prefix: Prefix,
    /// The lines that have the route.
    pub lines: RangeInclusive<Line>,
    /// The query parameters that it takes; any other is refused.
    pub params: &'static [&'static str],
    /// What answers.
    pub handler: Handler,
}

/// Where a route's pattern begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Prefix {
    /// At the root.
    Root,
    /// `/_opendistro/_alerting` everywhere, `/_plugins/_alerting` from 1.x on.
    Alerting,
    /// `/_plugins/_alerting` alone.
    PluginsAlerting,
    /// `/_plugins/_notifications`
    Notifications,
}

/// What the `{x}` of a pattern took.
type Captures = Vec<(&'static str, String)>;

/// Parameters that every route takes.
const COMMON_PARAMS: [&str; 5] = ["pretty", "human", "error_trace", "filter_path", "format"];

/// All lines.
pub const ALL: RangeInclusive<Line> = Line::Odfe..=Line::V3;
/// The lines before 2.0.
pub const TO_1_X: RangeInclusive<Line> = Line::Odfe..=Line::V1_3;
/// The lines from 2.0 on.
pub const FROM_2_0: RangeInclusive<Line> = Line::V2_19..=Line::V3;

/// Makes a row of a table; the tables stand beside the handlers of their groups.
pub const fn route(
    method: &'static str,
    prefix: Prefix,
    pattern: &'static str,
    lines: RangeInclusive<Line>,
    params: &'static [&'static str],
    handler: Handler,
) -> Route {
    Route { method, pattern, prefix, lines, params, handler }
}

/// The tables, each a group of routes.
const TABLES: [&[Route]; 8] = [
    cluster::ROUTES,
    monitors::ROUTES,
    workflows::ROUTES,
    destinations::ROUTES,
    emails::ROUTES,
    channels::ROUTES,
    indices::ROUTES,
    settings::ROUTES,
];

/// Answers a request.
pub fn answer(state: &mut State, request: &Request) -> Response {
    dispatch(state, request).unwrap_or_else(Response::from)
}

fn dispatch(state: &mut State, request: &Request) -> Result<Response, Refusal> {
    let mut nearest: Vec<(&Route, Captures)> = Vec::new();
    for route in TABLES.iter().copied().flatten().filter(|route| route.lines.contains(&state.line)) {
        let Some(captures) = matched(route, state.line, &request.path) else {
            continue;
        };
        // A literal segment goes before `{x}` even where it has no such method: that is a 405.
        let others = nearest.first().map_or(usize::MAX, |(_, captures)| captures.len());
        if captures.len() < others {
            nearest.clear();
        }
        if captures.len() <= others {
            nearest.push((route, captures));
        }
    }
    let allowed: Vec<&str> = nearest.iter().map(|(route, _)| route.method).collect();
    let found = nearest.into_iter().find(|(route, _)| route.method == request.method);
    if request.method == "OPTIONS" && !allowed.is_empty() {
        return Ok(Response::empty(200));
    }
    let Some((route, captures)) = found else {
        if is_search_engines(&request.path) {
            return Err(unsupported::beyond(&format!("{} {}", request.method, request.raw_path())));
        }
        return Err(no_route(request, &allowed));
    };
    refuse_content_type(request)?;
    refuse_unknown_params(route, request)?;
    let mut request = Request { captures, ..request.clone() };
    if yaml::sent(&request) {
        // what is no YAML is no JSON either, and refused as such
        request.body = yaml::to_json(&request.body).unwrap_or(request.body);
    }
    (route.handler)(state, &request)
}

/// Whether a path is one of the search engine's own, which every cluster answers.
fn is_search_engines(path: &[String]) -> bool {
    const ROUTES: [&str; 16] = [
        "_aliases",
        "_analyze",
        "_bulk",
        "_cat",
        "_count",
        "_create",
        "_delete_by_query",
        "_doc",
        "_mapping",
        "_mget",
        "_msearch",
        "_nodes",
        "_reindex",
        "_search",
        "_update",
        "_update_by_query",
    ];
    let is_plugins = path.first().is_some_and(|first| ["_plugins", "_opendistro"].contains(&first.as_str()));
    let is_findings = path.get(1..3).is_some_and(|path| path == ["_alerting", "findings"]);
    if is_plugins { is_findings } else { path.iter().take(2).any(|part| ROUTES.contains(&part.as_str())) }
}

/// Bodies are JSON or YAML, and say so.
fn refuse_content_type(request: &Request) -> Result<(), Refusal> {
    if request.body.is_empty() || yaml::sent(request) {
        return Ok(());
    }
    let Some(kind) = &request.content_type else {
        return Err(Refusal::plain(406, "Content-Type header [] is not supported"));
    };
    let plain = kind.split(';').next().unwrap_or(kind).trim();
    if matches!(plain, "application/json" | "application/x-ndjson") {
        return Ok(());
    }
    Err(Refusal::plain(406, format!("Content-Type header [{kind}] is not supported")))
}

fn no_route(request: &Request, allowed: &[&str]) -> Refusal {
    let Request { uri, method, .. } = request;
    if allowed.is_empty() {
        return Refusal::bare(400, format!("no handler found for uri [{uri}] and method [{method}]"));
    }
    let allowed = allowed.join(", ");
    Refusal::plain(
        405,
        format!("Incorrect HTTP method for uri [{uri}] and method [{method}], allowed: [{allowed}]"),
    )
}

/// Matches a path against a route; gives what its `{x}` took.
fn matched(route: &Route, line: Line, path: &[String]) -> Option<Captures> {
    let rest = prefixes(route.prefix, line).iter().find_map(|prefix| {
        let head: Vec<&str> = prefix.split('/').filter(|segment| !segment.is_empty()).collect();
        (path.len() >= head.len() && path.iter().zip(&head).all(|(a, b)| a == b)).then(|| &path[head.len()..])
    })?;
    let pattern: Vec<&'static str> = route.pattern.split('/').filter(|segment| !segment.is_empty()).collect();
    if pattern.len() != rest.len() {
        return None;
    }
    let mut captures = Vec::new();
    for (expected, segment) in pattern.into_iter().zip(rest) {
        match expected.strip_prefix('{').and_then(|name| name.strip_suffix('}')) {
            Some(name) => captures.push((name, segment.clone())),
            None if expected == segment => {}
            None => return None,
        }
    }
    Some(captures)
}

const fn prefixes(prefix: Prefix, line: Line) -> &'static [&'static str] {
    match (prefix, line) {
        (Prefix::Root, _) => &[""],
        (Prefix::Alerting, Line::Odfe) => &["_opendistro/_alerting"],
        (Prefix::Alerting, _) => &["_plugins/_alerting", "_opendistro/_alerting"],
        (Prefix::PluginsAlerting, _) => &["_plugins/_alerting"],
        (Prefix::Notifications, _) => &["_plugins/_notifications"],
    }
}

fn refuse_unknown_params(route: &Route, request: &Request) -> Result<(), Refusal> {
    let known = |name: &str| COMMON_PARAMS.contains(&name) || route.params.contains(&name);
    let mut unknown: Vec<&str> =
        request.query.iter().map(|(name, _)| name.as_str()).filter(|name| !known(name)).collect();
    unknown.sort_unstable();
    unknown.dedup();
    if unknown.is_empty() {
        return Ok(());
    }
    let plural = if unknown.len() > 1 { "s" } else { "" };
    let named: Vec<String> = unknown.iter().map(|name| format!("[{name}]")).collect();
    Err(Refusal::illegal_argument(format!(
        "request [{}] contains unrecognized parameter{plural}: {}",
        request.raw_path(),
        named.join(", ")
    )))
}

#[cfg(test)]
mod tests {
    use crate::api::line::Line;
    use crate::sandbox::exchange::Request;
    use crate::sandbox::server::Sandbox;
    use crate::sandbox::state::{Clock, State};

    #[test]
    fn what_only_a_search_engine_can_do_is_said_to_need_one() {
        let mut sandbox = Sandbox { state: State::new(Line::V3, Clock::System), journal: None };
        let mut status =
            |method: &str, path: &str| sandbox.answer(&Request::new(method, path, Vec::new())).status;
        for path in ["/_search", "/orders/_search", "/_bulk", "/_plugins/_alerting/findings/_search"] {
            assert_eq!(status("POST", path), 501, "{path}");
        }
        assert_eq!(status("GET", "/_cat/indices"), 501);
        assert_eq!(status("GET", "/_plugins/_alerting/nothing"), 400);
    }
}

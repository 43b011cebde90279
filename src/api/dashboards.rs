//! The way through OpenSearch Dashboards, for a cluster that only its Dashboards can be reached of: the console sends on
//! what it is told, and the Alerting plugin of Dashboards what must show `ui_metadata`, which the cluster hides from
//! all but that plugin, and the console does not say who asks.
//!
//! Source of what it does: `src/plugins/console` of OpenSearch Dashboards, `server/services/MonitorService.js` of its
//! Alerting plugin; Kibana with the plugins of Open Distro has the same routes.

use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use serde::Deserialize;
use serde_json::value::RawValue;
use serde_json::{Value, json};

use super::answer::Answer;
use super::request::{Body, Method, Request};

/// What Dashboards wants in each request, lest a page elsewhere send it for whoever reads that: of its own and of Kibana.
pub fn headers() -> HeaderMap {
    let yes = HeaderValue::from_static("true");
    ["osd-xsrf", "kbn-xsrf"].map(|name| (HeaderName::from_static(name), yes.clone())).into_iter().collect()
}

/// Whether an answer comes from Dashboards, or from Kibana, which name themselves in a header.
pub fn answered(headers: &HeaderMap) -> bool {
    headers.contains_key("osd-name") || headers.contains_key("kbn-name")
}

/// Whether an answer of success is one of the plugin that says that it failed.
pub fn is_refusal(body: &[u8]) -> bool {
    serde_json::from_slice::<Told<'_>>(body).is_ok_and(|told| !told.ok)
}

/// Whether an answer comes from OpenSearch itself, which knows no console.
pub fn is_none(answer: &Answer) -> bool {
    let text = String::from_utf8_lossy(&answer.body);
    [400, 405].contains(&answer.status) && text.contains("/api/console/proxy")
}

/// The request as the console takes it. `pretty` stands first: the console adds it where it does not, with a second `?`.
pub fn to_console(request: &Request) -> Request {
    let (path, query) = request.path.split_once('?').unwrap_or((&request.path, ""));
    let and = if query.is_empty() { "" } else { "&" };
    let path: String = url_encoded(&[
        ("path", &format!("{path}?pretty=false{and}{query}")),
        ("method", request.method.as_str()),
    ]);
    Request { method: Method::Post, path: format!("/api/console/proxy?{path}"), ..request.clone() }
}

/// What the cluster answered, out of what the console made of it: a refusal is a text within a refusal of its own.
pub fn of_console(answer: Answer) -> Answer {
    let refusal = || {
        let Refused { status_code, message } = serde_json::from_slice(&answer.body).ok()?;
        (status_code == answer.status).then_some(message)
    };
    match refusal() {
        Some(message) if answer.status >= 400 => Answer { body: message.into_bytes(), ..answer },
        _ => answer,
    }
}

/// The request as the Alerting plugin of Dashboards takes it, if it reads monitors with their `ui_metadata`.
pub fn to_plugin(request: &Request) -> Option<Request> {
    match wanted(request)? {
        Wanted::Search(body) => {
            let size = body.get("size").cloned().unwrap_or_default();
            let body = json!({"query": body, "index": ".opendistro-alerting-config", "size": size});
            let path = "/api/alerting/monitors/_search".to_owned();
            Some(Request { path, body: Some(Body::Json(body)), ..request.clone() })
        }
        Wanted::Monitor(id) => {
            Some(Request { path: format!("/api/alerting/monitors/{id}"), ..request.clone() })
        }
    }
}

/// What the plugin made of a request.
#[derive(Debug)]
pub enum Shown {
    /// What the cluster answered.
    As(Answer),
    /// There is no such plugin.
    NoPlugin,
    /// Something before it answered in its place.
    NotByIt,
    /// A refusal, of which it tells too little; an answer that says that the plugin failed.
    Refused(Answer),
}

/// What the plugin made of a request that it takes.
pub fn of_plugin(request: &Request, answer: &Answer) -> Shown {
    match answer.status {
        200 => {}
        404 => return Shown::NoPlugin,
        _ => return Shown::NotByIt,
    }
    let Ok(told) = serde_json::from_slice::<Told<'_>>(&answer.body) else { return Shown::NotByIt };
    if let Some(body) = shown(request, &told) {
        return Shown::As(Answer { body: body.into_bytes(), ..answer.clone() });
    }
    let words = told.resp.map_or("", RawValue::get);
    let message = format!("the Alerting plugin of Dashboards failed: {words}");
    let body = json!({"message": message}).to_string().into_bytes();
    Shown::Refused(Answer { status: 500, body, ..answer.clone() })
}

fn shown(request: &Request, told: &Told<'_>) -> Option<String> {
    let found = told.resp.filter(|_| told.ok)?.get();
    Some(match wanted(request)? {
        Wanted::Search(_) => found.to_owned(),
        Wanted::Monitor(id) => {
            let (version, seq_no, primary_term) = (told.version?, told.if_seq_no?, told.if_primary_term?);
            format!(
                r#"{{"_id":{},"_version":{version},"_seq_no":{seq_no},"_primary_term":{primary_term},"monitor":{found}}}"#,
                json!(id)
            )
        }
    })
}

/// A request whose answer holds `ui_metadata`.
enum Wanted<'r> {
    /// A search for monitors.
    Search(&'r Value),
    /// A monitor, by its id.
    Monitor(&'r str),
}

fn wanted(request: &Request) -> Option<Wanted<'_>> {
    let (_, below) = request.path.split_once("/_alerting/monitors/")?;
    match (request.method, &request.body) {
        (Method::Post, Some(Body::Json(body))) if below == "_search" => Some(Wanted::Search(body)),
        (Method::Get, None) if !below.contains(['/', '?']) && below != "alerts" => {
            Some(Wanted::Monitor(below))
        }
        _ => None,
    }
}

fn url_encoded(pairs: &[(&str, &str)]) -> String {
    // only a carrier of the query
    let Ok(mut url) = reqwest::Url::parse("http://dashboards") else { return String::new() };
    url.query_pairs_mut().extend_pairs(pairs);
    url.query().unwrap_or_default().to_owned()
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Refused {
    status_code: u16,
    message: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Told<'a> {
    ok: bool,
    #[serde(borrow)]
    resp: Option<&'a RawValue>,
    version: Option<u64>,
    if_seq_no: Option<u64>,
    if_primary_term: Option<u64>,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(status: u16, body: &Value) -> Answer {
        Answer { status, body: body.to_string().into_bytes(), retry_after: None }
    }

    #[test]
    fn a_request_goes_through_the_console() {
        for (path, expected) in [
            ("/", "/api/console/proxy?path=%2F%3Fpretty%3Dfalse&method=DELETE"),
            (
                "/a/b%20c?x=1&y",
                "/api/console/proxy?path=%2Fa%2Fb%2520c%3Fpretty%3Dfalse%26x%3D1%26y&method=DELETE",
            ),
        ] {
            let sent = to_console(&Request::delete(path));
            assert_eq!((sent.method, sent.path.as_str()), (Method::Post, expected));
        }
    }

    #[test]
    fn a_refusal_is_taken_out_of_the_consoles() {
        let inner = json!({"error": {"type": "alerting_exception"}, "status": 404}).to_string();
        let outer = json!({"statusCode": 404, "error": "Not Found", "message": inner});
        assert_eq!(of_console(answer(404, &outer)).body, inner.as_bytes());
        let as_it_came = json!({"error": "x", "status": 404});
        assert_eq!(of_console(answer(404, &as_it_came)).body, as_it_came.to_string().as_bytes());
    }

    #[test]
    fn monitors_are_read_through_the_plugin() {
        let search = Request::post("/_plugins/_alerting/monitors/_search", json!({"size": 7, "query": {}}));
        let sent = to_plugin(&search).unwrap();
        assert_eq!(sent.path, "/api/alerting/monitors/_search");
        let Some(Body::Json(body)) = sent.body else { panic!("{:?}", sent.body) };
        assert_eq!(
            body,
            json!({"query": {"size": 7, "query": {}}, "index": ".opendistro-alerting-config", "size": 7})
        );
        let one = Request::get("/_opendistro/_alerting/monitors/a%2Fb");
        assert_eq!(to_plugin(&one).unwrap().path, "/api/alerting/monitors/a%2Fb");
        for other in ["monitors/alerts?size=1", "monitors/x/_execute", "workflows/x", "destinations?size=1"] {
            assert!(to_plugin(&Request::get(format!("/_plugins/_alerting/{other}"))).is_none(), "{other}");
        }

        let shown = json!({
            "ok": true, "resp": {"name": "m"}, "activeCount": 0, "version": 3, "ifSeqNo": 2, "ifPrimaryTerm": 1,
        });
        let Shown::As(Answer { body, .. }) = of_plugin(&one, &answer(200, &shown)) else { panic!("{one:?}") };
        assert_eq!(
            serde_json::from_slice::<Value>(&body).unwrap(),
            json!({"_id": "a%2Fb", "_version": 3, "_seq_no": 2, "_primary_term": 1, "monitor": {"name": "m"}})
        );
        let failed = answer(200, &json!({"ok": false, "resp": "[index_not_found_exception] no such index"}));
        let Shown::Refused(Answer { status: 500, .. }) = of_plugin(&search, &failed) else {
            panic!("{failed:?}")
        };
        for (status, expected) in [(404, "NoPlugin"), (503, "NotByIt"), (401, "NotByIt")] {
            assert_eq!(format!("{:?}", of_plugin(&search, &answer(status, &json!({})))), expected);
        }
    }
}

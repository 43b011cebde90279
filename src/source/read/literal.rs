//! Secrets that stand in a file itself, where everybody may read them who may read the repository.
//!
//! One rule for all spellings of a destination: a value is a secret when its key tells so, or when it is a URL that
//! says more than where something is.

use crate::model::secret_names::is_secret_key;
use crate::source::fields::{key_name, scalar_text};
use crate::source::finding::Finding;
use crate::source::report::Report;
use crate::source::yaml::{Content, Node};

/// Types whose whole URL is the secret.
const HOOKS: [&str; 4] = ["slack", "chime", "microsoft_teams", "mattermost"];

/// From this length on a part of a path with a digit in it is a token and no word.
const TOKEN: usize = 16;

/// Warns of each secret in the content of a destination, which stands under `key`.
pub fn warn(key: &str, node: &Node, report: &Report) {
    walk(key, key, node, report);
}

fn walk(above: &str, key: &str, node: &Node, report: &Report) {
    match &node.content {
        Content::Mapping(entries) => {
            for entry in entries {
                walk(key, &entry.key, &entry.value, report);
            }
        }
        Content::Sequence(items) => {
            for item in items {
                walk(above, key, item, report);
            }
        }
        _ => {
            let text = scalar_text(node).filter(|text| !node.is_filled && !text.is_empty());
            if text.is_some_and(|text| is_secret(above, key, &text)) {
                report.warning(
                    Finding::at(
                        &node.place,
                        format!("a secret stands in the file{}", key_name(":", key, node)),
                    )
                    .hint("say `${NAME}` for the environment, or `${file:PATH}`"),
                );
            }
        }
    }
}

fn is_secret(above: &str, key: &str, text: &str) -> bool {
    if is_secret_key(key) || (key == "url" && HOOKS.contains(&above)) {
        return true;
    }
    match text.split_once("://") {
        Some((_, rest)) => is_more_than_a_place(rest),
        None => key == "path" && is_more_than_a_place(text),
    }
}

/// Whether the rest of a URL holds a name and a password, a query, or a token in its path.
fn is_more_than_a_place(rest: &str) -> bool {
    let is_token = |part: &str| part.len() >= TOKEN && part.contains(|c: char| c.is_ascii_digit());
    let mut parts = rest.split('/');
    let host = parts.next().unwrap_or_default();
    rest.contains('?') || host.contains('@') || parts.any(is_token)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_key_or_by_url() {
        for (above, key, text) in [
            ("slack", "url", "https://example.com"),
            ("microsoft_teams", "url", "https://example.com"),
            ("custom_webhook", "password", "x"),
            ("header_params", "X-Api-Key", "x"),
            ("query_params", "access_token", "x"),
            ("custom_webhook", "url", "https://a:b@example.com/hook"),
            ("custom_webhook", "url", "https://example.com/hook?x=y"),
            ("webhook", "url", "https://example.com/integration/0123456789abcdef/enqueue"),
            ("custom_webhook", "path", "/services/T0123456789abcdef"),
            ("header_params", "X-Callback", "https://example.com/?x=y"),
        ] {
            assert!(is_secret(above, key, text), "{key}: {text}");
        }
        for (above, key, text) in [
            ("custom_webhook", "url", "https://on-call.example.com/v1/alerts"),
            ("webhook", "url", "http://127.0.0.1:9200/2026-01-31/x"),
            ("custom_webhook", "path", "hooks/alerts"),
            ("header_params", "Content-Type", "text/plain; charset=UTF-8"),
            ("query_params", "room", "ops"),
            ("email", "email_account_id", "kjbvKXoBbFmaMxjUI9nY"),
            ("sns", "topic_arn", "arn:aws:sns:us-east-1:123456789012:alerts"),
        ] {
            assert!(!is_secret(above, key, text), "{key}: {text}");
        }
    }
}

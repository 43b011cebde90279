//! Destinations of every type but e-mail, with all that a line's servers can hold.

use alertform::api::line::Line;
use proptest::prelude::*;
use serde_json::{Value, json};

use super::draft;
use super::names::name;
use crate::laws::texts;

/// A destination.
pub fn destination(line: Line) -> BoxedStrategy<Value> {
    let description = prop_oneof![2 => Just(None), 1 => text().prop_map(Some)];
    let enabled =
        if line.has_channels() { prop::option::of(any::<bool>()).boxed() } else { Just(None).boxed() };
    (name(), description, enabled, target(line))
        .prop_map(|(name, description, enabled, mut rest)| {
            if let Some(description) = description {
                rest["description"] = description.into();
            }
            if let Some(enabled) = enabled {
                rest["enabled"] = enabled.into();
            }
            draft("destination", name, rest)
        })
        .boxed()
}

fn target(line: Line) -> BoxedStrategy<Value> {
    let everywhere = prop_oneof![
        1 => token().prop_map(|token| json!({"slack": {"url": format!("https://hooks.slack.com/services/T0/{token}")}})),
        1 => token().prop_map(|token| {
            let url = format!("https://hooks.chime.aws/incomingwebhooks/x?token={token}");
            json!({"chime": {"url": url}})
        }),
        2 => by_url(line).prop_map(|webhook| json!({"custom_webhook": webhook})),
        2 => by_parts(line).prop_map(|webhook| json!({"custom_webhook": webhook})),
        1 => by_parts(line)
            .prop_map(|webhook| json!({"definition": {"type": "custom_webhook", "custom_webhook": webhook}})),
    ];
    if !line.has_channels() {
        return everywhere.boxed();
    }
    let channels = prop_oneof![
        token().prop_map(|token| {
            json!({"microsoft_teams": {"url": format!("https://t.webhook.office.com/{token}")}})
        }),
        prop::option::of("[a-z]{1,6}").prop_map(|role| {
            let mut topic = json!({"topic_arn": "arn:aws:sns:us-east-1:123456789012:alerts"});
            if let Some(role) = role {
                topic["role_arn"] = format!("arn:aws:iam::123456789012:role/{role}").into();
            }
            json!({ "sns": topic })
        }),
        by_url(line)
            .prop_map(|webhook| json!({"definition": {"config_type": "webhook", "webhook": webhook}})),
    ];
    if line < Line::V3 {
        return prop_oneof![2 => everywhere, 1 => channels].boxed();
    }
    let mattermost = token()
        .prop_map(|token| json!({"mattermost": {"url": format!("https://mm.example.com/hooks/{token}")}}));
    prop_oneof![4 => everywhere, 2 => channels, 1 => mattermost].boxed()
}

/// A text that a variable of the environment can hold.
fn text() -> impl Strategy<Value = String> {
    texts::text().prop_map(|text| text.replace('\0', ""))
}

fn token() -> impl Strategy<Value = String> {
    "[A-Za-z0-9]{1,12}"
}

fn by_url(line: Line) -> impl Strategy<Value = Value> {
    let url = "https?://[a-z]{1,9}\\.example(:[1-9][0-9]{1,3})?/[a-zA-Z0-9]{0,9}(\\?[a-z]{1,3}=[a-zA-Z0-9%20$]{0,6})?";
    (url, beside(line)).prop_map(|(url, mut webhook)| {
        webhook["url"] = url.into();
        webhook
    })
}

fn by_parts(line: Line) -> impl Strategy<Value = Value> {
    let parts = (
        prop::option::of("https?"),
        "[a-z]{1,9}\\.example",
        prop::option::of(1..=65_535_u32),
        prop::option::of("/?[a-z/]{1,9}"),
        prop::collection::btree_map(texts::key(), text(), 0..3),
    );
    (parts, beside(line)).prop_map(|((scheme, host, port, path, query), mut webhook)| {
        webhook["host"] = host.into();
        let parts = [("scheme", json!(scheme)), ("port", json!(port)), ("path", json!(path))];
        for (key, value) in parts.into_iter().filter(|(_, value)| !value.is_null()) {
            webhook[key] = value;
        }
        if !query.is_empty() {
            webhook["query_params"] = json!(query);
        }
        webhook
    })
}

/// What a webhook has beside where it is: any method and credentials before 2.0.
fn beside(line: Line) -> BoxedStrategy<Value> {
    let headers = prop::collection::btree_map(texts::key(), text(), 0..3);
    let methods =
        if line.has_channels() { vec!["POST", "PUT", "PATCH"] } else { vec!["POST", "PUT", "DELETE"] };
    let method = prop::option::of(prop::sample::select(methods));
    let user = if line.has_channels() { Just(None).boxed() } else { prop::option::of(text()).boxed() };
    (headers, method, user)
        .prop_map(|(headers, method, user)| {
            let mut webhook = json!({});
            if !headers.is_empty() {
                webhook["header_params"] = json!(headers);
            }
            if let Some(method) = method {
                webhook["method"] = method.into();
            }
            if let Some(user) = user {
                webhook["username"] = "ops".into();
                webhook["password"] = user.into();
            }
            webhook
        })
        .boxed()
}

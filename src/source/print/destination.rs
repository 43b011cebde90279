//! Destinations to text, and the accounts and groups of e-mail.

use std::collections::BTreeMap;

use serde_json::Value;

use super::email;
use super::item::{Entries, entry, json_with_secrets, text};
use super::secret::Keeper;
use crate::api::wire;
use crate::model::destination::{CustomWebhook, Destination, Endpoint, Target};
use crate::model::resource::Kind;
use crate::model::secret::{COVER, Secret};
use crate::source::read::destination::is_arn;
use crate::source::read::webhook::{is_host, is_scheme, is_url};
use crate::source::yaml::{Item, Layout};

/// Types that only the lines before 2.0 spell so.
const BEFORE_CHANNELS: [&str; 3] = ["custom_webhook", "webhook", "test_action"];

/// The document of a destination.
pub fn entries(destination: &Destination, keeper: &mut Keeper<'_>) -> Entries {
    let Destination { name, description, enabled, target } = destination;
    let mut entries =
        vec![entry("kind", text(destination.kind().as_str())), entry("name", text(name.as_str()))];
    if !description.is_empty() {
        entries.push(entry("description", text(description)));
    }
    if !enabled {
        entries.push(entry("enabled", Item::Bare("false".to_owned())));
    }
    let (key, content) = match target {
        target if !is_sayable(target) => ("definition", as_sent(destination, keeper)),
        Target::Email(email) => ("email", email::email(email)),
        Target::SmtpAccount(account) => ("smtp_account", email::smtp_account(account)),
        Target::SesAccount(account) => ("ses_account", email::ses_account(account)),
        Target::EmailGroup { recipients } => {
            entries.push(entry("recipients", email::addresses(recipients)));
            return entries;
        }
        Target::Slack { url } => ("slack", vec![entry("url", keeper.keep("url", url))]),
        Target::Chime { url } => ("chime", vec![entry("url", keeper.keep("url", url))]),
        Target::CustomWebhook(webhook) => ("custom_webhook", custom_webhook(webhook, keeper)),
        Target::Other { kind, body } => {
            let body = body.value();
            let word = if BEFORE_CHANNELS.contains(&kind.as_str()) { "type" } else { "config_type" };
            let content = json_with_secrets(kind, &body, keeper);
            if is_friendly(kind, &body) {
                entries.push(entry(kind, content));
                return entries;
            }
            ("definition", vec![entry(word, text(kind)), entry(kind, content)])
        }
    };
    entries.push(entry(key, Item::Mapping(content, Layout::Block)));
    entries
}

/// Whether the friendly form of a channel says all that is under its type.
fn is_friendly(kind: &str, body: &Value) -> bool {
    let Some(fields) = body.as_object() else { return false };
    let text = |key: &str| fields.get(key).and_then(Value::as_str).unwrap_or_default();
    match kind {
        // on a screen it may be covered
        "microsoft_teams" | "mattermost" => {
            fields.len() == 1 && (is_url(text("url")) || text("url") == COVER)
        }
        "sns" => {
            let is_arn_or_cover = |text: &str, service: &str| is_arn(text, service) || text == COVER;
            is_arn_or_cover(text("topic_arn"), "sns")
                && match fields.len() {
                    1 => true,
                    2 => is_arn_or_cover(text("role_arn"), "iam"),
                    _ => false,
                }
        }
        _ => false,
    }
}

/// Whether the friendly form, which looks at what it reads, takes what a server before 2.0 stored unseen.
fn is_sayable(target: &Target) -> bool {
    let filled = |text: &str| !text.trim().is_empty();
    match target {
        Target::Slack { url } | Target::Chime { url } => is_url(url.expose()),
        Target::CustomWebhook(webhook) => {
            let has_method = filled(&webhook.method);
            has_method
                && match &webhook.endpoint {
                    Endpoint::Url(url) => is_url(url.expose()),
                    Endpoint::Parts { scheme, host, port, path: _, query_params: _ } => {
                        scheme.as_deref().is_none_or(is_scheme) && is_host(host) && *port != Some(0)
                    }
                }
        }
        Target::Email(_) | Target::SmtpAccount(_) | Target::SesAccount(_) | Target::EmailGroup { .. } => {
            email::is_sayable(target)
        }
        Target::Other { .. } => true,
    }
}

/// The destination in the API's own words, as lines before 2.0 spell them; those that came later as channels.
fn as_sent(destination: &Destination, keeper: &mut Keeper<'_>) -> Entries {
    let is_later = matches!(destination.target, Target::SesAccount(_));
    let document =
        if is_later { wire::channel::encode(destination) } else { wire::destination::encode(destination) };
    let content = document.as_object().into_iter().flatten();
    let content = content.filter(|(key, _)| !["name", "description", "is_enabled"].contains(&key.as_str()));
    let item = |(key, value): (&String, &Value)| match value {
        // the word under which the content stands
        Value::String(kind) if key == "type" || key == "config_type" => entry(key, text(kind)),
        Value::String(value) if destination.kind() == Kind::EmailAccount => entry(key, text(value)),
        _ => entry(key, json_with_secrets(key, value, keeper)),
    };
    content.map(item).collect()
}

fn custom_webhook(webhook: &CustomWebhook, keeper: &mut Keeper<'_>) -> Entries {
    let CustomWebhook { endpoint, method, header_params, username, password } = webhook;
    let mut entries = Entries::new();
    match endpoint {
        Endpoint::Url(url) => entries.push(entry("url", keeper.keep("url", url))),
        Endpoint::Parts { scheme, host, port, path, query_params } => {
            entries.extend(scheme.as_ref().map(|scheme| entry("scheme", text(scheme))));
            entries.push(entry("host", text(host)));
            entries.extend(port.map(|port| entry("port", Item::Bare(port.to_string()))));
            entries.extend(path.as_ref().map(|path| entry("path", keeper.keep("path", path))));
            let keep = |keeper: &mut Keeper<'_>, key: &str, secret: &Secret| {
                keeper.keep(&format!("query_{key}"), secret)
            };
            entries.extend(map("query_params", query_params, keeper, keep));
        }
    }
    if method != "POST" {
        entries.push(entry("method", text(method)));
    }
    entries.extend(map("header_params", header_params, keeper, Keeper::keep_header));
    entries.extend(username.as_ref().map(|username| entry("username", text(username))));
    entries.extend(password.as_ref().map(|password| entry("password", keeper.keep("password", password))));
    entries
}

fn map<'k>(
    key: &str,
    secrets: &BTreeMap<String, Secret>,
    keeper: &mut Keeper<'k>,
    keep: fn(&mut Keeper<'k>, &str, &Secret) -> Item,
) -> Option<(String, Item)> {
    if secrets.is_empty() {
        return None;
    }
    let entries = secrets.iter().map(|(key, secret)| (key.clone(), keep(keeper, key, secret)));
    Some(entry(key, Item::Mapping(entries.collect(), Layout::Block)))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::api::wire;
    use crate::model::resource::Resource;
    use crate::source::print::resource::{print, print_masked};
    use crate::source::print::secret::Variables;

    fn live(kind: &str, content: &serde_json::Value) -> Resource {
        let document = json!({"name": "d", "type": kind, kind: content});
        Resource::Destination(wire::destination::decode(&document).unwrap())
    }

    #[test]
    fn a_type_that_is_not_known_shows_no_text() {
        let pager = live("pager", &json!({"room": "planted", "size": 1, "list": ["planted"]}));
        assert_eq!(
            print_masked(&pager, None),
            "kind: destination\nname: d\ndefinition:\n  config_type: pager\n  pager:\n    size: 1\n    list: [\"***\"]\n    room: \"***\"\n"
        );
        let mut variables = Variables::default();
        assert!(!print(&pager, &mut variables).contains("planted"));
        let names: Vec<String> = variables.into_secrets().into_iter().map(|(name, _)| name).collect();
        assert_eq!(names, ["D_LIST", "D_ROOM"]);
    }

    #[test]
    fn what_was_stored_as_a_host_may_be_all_of_a_url() {
        for content in [
            json!({"host": "desk.example.com/planted", "path": "planted"}),
            json!({"host": "desk.example.com/planted", "url": "https://planted"}),
        ] {
            let printed = print_masked(&live("custom_webhook", &content), None);
            assert!(printed.contains("definition:") && printed.contains("type: custom_webhook"), "{printed}");
            assert!(!printed.contains("planted"), "{printed}");
        }
    }
}

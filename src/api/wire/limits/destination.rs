//! What a line cannot do of a destination, an account or a group.

use serde_json::Value;

use super::{Limit, Severity, refused};
use crate::api::line::Line;
use crate::api::wire::provider_urls::takes;
use crate::model::destination::{CustomWebhook, Destination, Target};
use crate::model::part::Part;
use crate::model::resource::Kind;

/// All that `line` cannot do of it.
pub fn check(destination: &Destination, line: Line) -> Vec<Limit> {
    let mut limits = Vec::new();
    if !line.has_channels() {
        if !destination.enabled {
            let hint = "remove it from the actions that name it";
            limits.push(refused(line, "cannot hold a disabled destination", hint).of(Part::Enabled));
        }
        if !destination.description.is_empty() {
            limits.push(Limit {
                message: format!(
                    "line {line} cannot hold the description of {}",
                    destination.kind().with_article()
                ),
                hint: "it stays in the file alone",
                severity: Severity::Lost,
                part: Some(Part::Description),
            });
        }
        match &destination.target {
            Target::Other { kind, .. } if kind == "sns" => limits.push(Limit {
                message: format!("line {line} has destinations of type `sns` on Amazon's service alone"),
                hint: "elsewhere use `custom_webhook`, which every line has",
                severity: Severity::Lost,
                part: Some(Part::Target),
            }),
            Target::SmtpAccount(_) | Target::EmailGroup { .. } if !is_old_name(destination) => {
                let hint = "use letters, digits and `_`, for a group `-` too";
                limits.push(refused(line, "takes no such name of an account or group", hint));
            }
            Target::SesAccount(_) => {
                let limit = refused(line, "has no `ses_account`", "use `smtp_account`, which every line has");
                limits.push(limit.of(Part::Target));
            }
            Target::Other { kind, .. } if !BEFORE_CHANNELS.contains(&kind.as_str()) => {
                let what = format!("has no destinations of type `{kind}`");
                let limit = refused(line, &what, "use `custom_webhook`, which every line has");
                limits.push(limit.of(Part::Target));
            }
            _ => {}
        }
        return limits;
    }
    let refused = |what: &str, hint| refused(line, what, hint).of(Part::Target);
    match &destination.target {
        Target::CustomWebhook(webhook) => limits.extend(check_webhook(webhook, line)),
        Target::Slack { url } if !takes("slack", url.expose(), line) => {
            let hint = "use `custom_webhook` for others";
            limits.push(refused("takes Slack URLs of hooks.slack.com alone", hint));
        }
        Target::Chime { url } if !takes("chime", url.expose(), line) => {
            let hint = "expected https://hooks.chime.aws/incomingwebhooks/…?token=…";
            limits.push(refused("takes Chime URLs of hooks.chime.aws alone", hint));
        }
        Target::Other { kind, body } if !takes(kind, url_of(&body.value()), line) => {
            let (what, hint) = match kind.as_str() {
                "mattermost" => {
                    ("takes only Mattermost URLs with `/hooks/` in them", "expected https://HOST/hooks/…")
                }
                _ => (
                    "takes Microsoft Teams URLs of webhook.office.com alone",
                    "expected https://TEAM.webhook.office.com/…",
                ),
            };
            limits.push(refused(what, hint));
        }
        Target::Other { kind, .. } if kind == "mattermost" && line < Line::V3 => {
            limits.push(refused("has no channels of type `mattermost`", "it came with 3.5; use `slack`"));
        }
        Target::Other { kind, .. } if ["custom_webhook", "test_action"].contains(&kind.as_str()) => {
            let what = format!("has no channels of type `{kind}`");
            limits.push(refused(&what, "use `config_type: webhook`"));
        }
        Target::Slack { .. }
        | Target::Chime { .. }
        | Target::Email(_)
        | Target::SmtpAccount(_)
        | Target::SesAccount(_)
        | Target::EmailGroup { .. }
        | Target::Other { .. } => {}
    }
    limits
}

/// Whether servers before 2.0 take the name of an account or a group; the keystore has the password of an account under
/// it.
fn is_old_name(destination: &Destination) -> bool {
    let marks = if destination.kind() == Kind::EmailGroup { "_-" } else { "_" };
    let name = destination.name.as_str();
    name.chars().all(|c| c.is_ascii_alphanumeric() || marks.contains(c))
}

fn check_webhook(webhook: &CustomWebhook, line: Line) -> Vec<Limit> {
    let mut limits = Vec::new();
    if webhook.username.is_some() || webhook.password.is_some() {
        let hint = "say it in `header_params`: `Authorization: ${BASIC_AUTHORIZATION}`";
        let limit = refused(line, "drops `username` and `password` of a webhook", hint);
        limits.push(limit.of(Part::Credentials));
    }
    if !["POST", "PUT", "PATCH"].contains(&webhook.method.as_str()) {
        // which one, the file says: it may be filled in from a variable
        let hint = "use `POST`, `PUT` or `PATCH`";
        let limit = refused(line, "turns the method of this webhook into POST", hint);
        limits.push(limit.of(Part::Method));
    }
    limits
}

const BEFORE_CHANNELS: [&str; 4] = ["slack", "chime", "custom_webhook", "test_action"];

fn url_of(body: &Value) -> &str {
    body.get("url").and_then(Value::as_str).unwrap_or_default()
}

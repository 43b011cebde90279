//! What the notifications plugin checks of a whole channel: its type, the provider's URL, and what an email refers to.

use serde_json::Value;

use crate::api::line::Line;
use crate::api::wire::provider_urls;
use crate::sandbox::refusal::Refusal;
use crate::sandbox::state::State;

/// Refuses a channel that cannot be kept.
pub fn check(state: &State, config: &Value) -> Result<(), Refusal> {
    let kind = text(&config["config_type"]);
    if kind == "none" {
        return Err(refusal(406, "NotificationConfig with type NONE is not acceptable"));
    }
    check_host(kind, text(&config[kind]["url"]), state.line)?;
    if kind == "email" { check_email(state, &config["email"]) } else { Ok(()) }
}

fn check_host(kind: &str, url: &str, line: Line) -> Result<(), Refusal> {
    if provider_urls::takes(kind, url, line) {
        return Ok(());
    }
    let expected = match kind {
        "slack" => {
            r#"Wrong Slack url. Should contain "hooks.slack.com/services/" or "hooks.gov-slack.com/services/""#
        }
        "chime" => r#"Wrong Chime url. Should contain "hooks.chime.aws/incomingwebhooks/" and "?token=""#,
        "microsoft_teams" => r#"Wrong Microsoft Teams url. Should contain "webhook.office.com""#,
        _ => r#"Wrong webhook url. Should match "https://.*/hooks/.*""#,
    };
    Err(refusal(400, expected))
}

fn check_email(state: &State, email: &Value) -> Result<(), Refusal> {
    let account = text(&email["email_account_id"]);
    let groups: Vec<&str> = email["email_group_id_list"].as_array().into_iter().flatten().map(text).collect();
    if groups.contains(&account) {
        return Err(refusal(
            400,
            format!("Config IDs {account} is in both emailAccountID and emailGroupIds"),
        ));
    }
    let referred: Vec<&str> = std::iter::once(account).chain(groups).collect();
    let missing: Vec<&str> = referred.iter().copied().filter(|id| state.channels.get(id).is_none()).collect();
    if !missing.is_empty() {
        return Err(refusal(404, format!("Config IDs not found:[{}]", missing.join(", "))));
    }
    for id in referred {
        let kind =
            state.channels.get(id).map_or("", |document| text(&document.body["config"]["config_type"]));
        let role = match kind {
            "email_group" if id != account => continue,
            "smtp_account" | "ses_account" if id == account => continue,
            "email_group" => "email account ID",
            "smtp_account" | "ses_account" => "email group ID",
            _ => "email group ID or email account ID",
        };
        return Err(refusal(406, format!("configId {id} is not a valid {role}")));
    }
    Ok(())
}

fn refusal(status: u16, reason: impl Into<String>) -> Refusal {
    Refusal::exception(status, "status_exception", reason)
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

//! Which URLs servers with channels take for the webhooks of a provider, tried on 2.19 and 3.8.

use crate::api::line::Line;

/// Whether a channel of type `kind` may have this URL; before line 3 servers look at those of Microsoft Teams alone.
pub fn takes(kind: &str, url: &str, line: Line) -> bool {
    match kind {
        "slack" | "chime" | "mattermost" if line < Line::V3 => true,
        "slack" => SLACK.iter().any(|start| url.contains(start)),
        "chime" => url.contains("https://hooks.chime.aws/incomingwebhooks/") && url.contains("?token="),
        "microsoft_teams" => {
            url.split_once(".webhook.office.com").is_some_and(|(before, _)| before.contains("https://"))
        }
        "mattermost" => url.contains("/hooks/"),
        _ => true,
    }
}

const SLACK: [&str; 2] = ["https://hooks.slack.com/services", "https://hooks.gov-slack.com/services"];

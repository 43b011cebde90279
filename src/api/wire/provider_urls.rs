//! Which URLs servers of line 3 take for the webhooks of a provider, tried on 3.8; earlier ones look at none.

/// Whether a channel of type `kind` may have this URL.
pub fn takes(kind: &str, url: &str) -> bool {
    match kind {
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

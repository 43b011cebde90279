//! Test messages: what servers answer without sending anything; the sandbox never sends.

use crate::sandbox::exchange::{Request, Response};
use crate::sandbox::refusal::Refusal;
use crate::sandbox::state::State;
use crate::sandbox::unsupported;

/// `POST feature/test/{id}`, and GET as it was spelled once.
pub fn send(state: &mut State, request: &Request) -> Result<Response, Refusal> {
    let id = request.capture("id");
    let Some(document) = state.channels.get(id) else {
        return Err(refusal(404, &no_such_channel(id)));
    };
    let config = &document.body["config"];
    let kind = config["config_type"].as_str().unwrap_or_default();
    // the servers stumble over their own words for these two
    if matches!(kind, "smtp_account" | "ses_account" | "email_group") {
        return Err(refusal(400, r#"For input string: "NOT_FOUND""#));
    }
    if config["is_enabled"] == false {
        return Err(refusal(400, r#"For input string: "LOCKED""#));
    }
    unsupported::needs_a_cluster(state, request)
}

fn refusal(status: u16, reason: &str) -> Refusal {
    Refusal::exception(status, "status_exception", reason)
}

/// The reason is JSON in a string.
fn no_such_channel(id: &str) -> String {
    format!(
        r#"{{"event_status_list": [{{"config_id":"{id}","config_type":"none","config_name":"invalid-config","email_recipient_status":[],"delivery_status":{{"status_code":"404","status_text":"Channel {id} not found"}}}}]}}"#
    )
}

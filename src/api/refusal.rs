//! Answers that are a no: who was not let in, which permission is missing, what the server said.

use std::time::Duration;

use serde_json::Value;

use super::answer::Answer;
use super::connection::Credentials;
use super::request::Request;
use super::retry::Ending;
use crate::model::secret::without;

/// An answer that is a no.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// 401: no credentials, or wrong ones; the server does not say which.
    #[error("{}", unauthorized(.server, .who.as_ref()))]
    Unauthorized {
        /// The server's host and port.
        server: String,
        /// Who asked, if anybody was named.
        who: Option<Who>,
    },
    /// 403: known, and not allowed.
    #[error("{}", forbidden(.request, .permission.as_deref(), .reason))]
    Forbidden {
        /// Method and path.
        request: String,
        /// The permission to ask an administrator for.
        permission: Option<String>,
        /// The server's words.
        reason: String,
    },
    /// Any other status that is no success.
    #[error("{}", server(.request, *.status, .kind.as_deref(), .reason.as_deref()))]
    Server {
        /// Method and path.
        request: String,
        /// The status.
        status: u16,
        /// The server's word for the error: `alerting_exception`.
        kind: Option<String>,
        /// The server's words.
        reason: Option<String>,
        /// How long it wants to be left alone.
        retry_after: Option<Duration>,
    },
    /// Something answers there that is no OpenSearch.
    #[error("{request} was answered with {found} (status {status}), as OpenSearch never does")]
    NotOpenSearch {
        /// Method and path.
        request: String,
        /// The status.
        status: u16,
        /// What came instead of JSON.
        found: String,
    },
    /// Something answers there that is no Dashboards that lets this user in.
    #[error("{request} was answered with {found} (status {status}), as the console of Dashboards never does")]
    NotThroughDashboards {
        /// Method and path.
        request: String,
        /// The status.
        status: u16,
        /// What came instead of JSON.
        found: String,
    },
    /// Dashboards is without the plugin that shows monitors whole.
    #[error(
        "OpenSearch Dashboards has no Alerting plugin that answers {request}, without which it hides `ui_metadata`"
    )]
    NoPluginInDashboards {
        /// Method and path.
        request: String,
    },
}

/// What stands for an answer of Dashboards where OpenSearch was to answer.
pub const DASHBOARDS: &str = "a page of OpenSearch Dashboards";

/// What stands for an answer of OpenSearch where Dashboards was to answer.
pub const OPENSEARCH: &str = "a refusal of OpenSearch itself";

/// Reads the refusal that an answer of no success is.
///
/// Recorded shapes: an `error` object with `type` and `reason`; `error` as a plain string (405, no handler); `message`
/// of the security API, and `Message` of Amazon's gate; plain text; JSON that is cut off in the middle (a DELETE).
pub fn read(request: &Request, answer: &Answer) -> Refusal {
    let Answer { status, ref body, retry_after } = *answer;
    let name = name(request);
    let (kind, reason) = words(body);
    let reason = reason.map(|reason| tidy(&without(&request.secrets, &reason, "(secret)")));
    // Indices are blocked by a 403 too, which no permission lifts.
    if status == 403 && kind.as_deref() != Some("cluster_block_exception") {
        let permission = reason.as_deref().and_then(missing_permission);
        return Refusal::Forbidden { request: name, permission, reason: reason.unwrap_or_default() };
    }
    Refusal::Server { request: name, status, kind, reason, retry_after }
}

/// Method and path, as errors and the log name a request.
pub fn name(request: &Request) -> String {
    format!("{} {}", request.method.as_str(), request.path)
}

fn words(body: &[u8]) -> (Option<String>, Option<String>) {
    let text = |value: Option<&Value>| value.and_then(Value::as_str).map(str::to_owned);
    let Ok(value) = serde_json::from_slice::<Value>(body) else {
        let plain = String::from_utf8_lossy(body);
        let plain = plain.trim();
        let is_words = !plain.is_empty() && !plain.starts_with(['{', '[', '<']);
        return (None, is_words.then(|| plain.to_owned()));
    };
    match &value["error"] {
        Value::String(reason) => (None, Some(reason.clone())),
        Value::Object(error) => (text(error.get("type")), reason(&value["error"])),
        _ => (None, text(value.get("message")).or_else(|| text(value.get("Message")))),
    }
}

/// The reason of an error, and the innermost one if it says more.
fn reason(error: &Value) -> Option<String> {
    let reason = error["reason"].as_str()?;
    let mut innermost = error;
    while let Some(cause) = innermost.get("caused_by").filter(|cause| cause.is_object()) {
        innermost = cause;
    }
    match innermost["reason"].as_str() {
        // what the plugin says in words of its own, it repeats below in those of a class of Java
        Some(cause) if !cause.starts_with("org.") && !cause.contains(reason) && !reason.contains(cause) => {
            Some(format!("{reason}: {cause}"))
        }
        _ => Some(reason.to_owned()),
    }
}

/// The first bracket of `no permissions for [PERMISSION] and User [name=…]`; empty for an index that is protected.
fn missing_permission(reason: &str) -> Option<String> {
    let (permission, _) = reason.split_once("no permissions for [")?.1.split_once(']')?;
    (!permission.is_empty()).then(|| permission.to_owned())
}

fn user(reason: &str) -> Option<&str> {
    Some(reason.split_once("User [name=")?.1.split_once([',', ']'])?.0)
}

/// One line of bounded length, without the control characters that a terminal would obey.
pub fn tidy(text: &str) -> String {
    const LONGEST: usize = 1000;
    let line = text.split(|c: char| c.is_whitespace() || c.is_control()).filter(|word| !word.is_empty());
    let line = line.collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line,
    }
}

/// Who asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Who {
    /// A user by that name.
    User(String),
    /// Whoever bears a token.
    Bearer,
    /// Whoever signed the request for AWS.
    Aws,
}

impl Who {
    /// Who asks with these credentials.
    pub fn of(credentials: &Credentials) -> Self {
        match credentials {
            Credentials::Basic { username, .. } => Who::User(username.clone()),
            Credentials::Bearer(_) => Who::Bearer,
            Credentials::Aws(_) => Who::Aws,
        }
    }
}

impl Refusal {
    /// What to do about it.
    pub fn hint(&self) -> Option<String> {
        match self {
            Refusal::Unauthorized { who: None, .. } => Some(
                "`ALERTFORM_USERNAME` and `ALERTFORM_PASSWORD` say who asks, or `ALERTFORM_TOKEN`, or a `--client-certificate`"
                    .to_owned(),
            ),
            Refusal::Unauthorized { who: Some(Who::User(_)), .. } => {
                Some("the server does not say which of the two is wrong".to_owned())
            }
            Refusal::Unauthorized { who: Some(Who::Bearer), .. } => {
                Some("has it expired? one in a `--token-file` is read again for each request".to_owned())
            }
            Refusal::Unauthorized { who: Some(Who::Aws), .. } => {
                Some("is it a domain of Amazon OpenSearch Service, or does it want a user and a password?".to_owned())
            }
            Refusal::Forbidden { permission: Some(permission), reason, .. } => Some(match user(reason) {
                Some(user) => {
                    format!("an administrator can add `{permission}` to a role of the user `{user}`")
                }
                None => format!("an administrator can add `{permission}` to a role of yours"),
            }),
            Refusal::Forbidden { reason, .. } if reason.contains("have backend roles configured") => Some(
                "`filter_by_backend_roles` is on: an administrator can give this user a backend role, or `all_access`"
                    .to_owned(),
            ),
            Refusal::Forbidden { reason, .. } if reason.contains("configured index []") => Some(
                "cluster metrics, and monitors without an index, want `indices:data/read/search` on `*`: an administrator can add it to a role of this user".to_owned(),
            ),
            Refusal::Forbidden { reason, .. } if reason.contains("have read permissions for") => Some(
                "an administrator can add `indices:data/read/search` on that index to a role of this user".to_owned(),
            ),
            Refusal::Forbidden { reason, .. } if reason.contains("part of workflow") => {
                Some("somebody's workflow runs it: take it out of that, or keep the monitor".to_owned())
            }
            Refusal::Forbidden { reason, .. } if reason.starts_with("Permission denied for NotificationConfig") => Some(
                "lists of channels are filtered by backend roles, and it is another's: an administrator can give this user one of its roles, or make it"
                    .to_owned(),
            ),
            Refusal::Forbidden { reason, .. } => Some(of_amazon(reason).unwrap_or("an administrator of the cluster can say who may").to_owned()),
            Refusal::Server { status: 404, reason: Some(reason), .. }
                if reason.starts_with("Configured indices are not found") =>
            {
                Some("the server takes no monitor on an index that is not there; a pattern such as `logs*` may match nothing".to_owned())
            }
            Refusal::Server { reason: Some(reason), .. } if reason.contains("more than the allowed monitors") => {
                Some("the cluster's setting `plugins.alerting.monitor.max_monitors` allows more, `opendistro.alerting.monitor.max_monitors` in Open Distro".to_owned())
            }
            Refusal::Server { status: 429, .. } => {
                Some("the server has too much to do; come back later".to_owned())
            }
            _ if self.is_of_no_route() => {
                Some("is the Alerting plugin installed there, and the `--line` right?".to_owned())
            }
            Refusal::Server { status: 502..=504, .. } => {
                Some("the server is starting, or has too much to do; run it again later".to_owned())
            }
            Refusal::Server { status: 500.., .. } => {
                Some("the server failed at it, and its log says more".to_owned())
            }
            Refusal::Server { status: 409, .. } => {
                Some("somebody wrote it at the same time; run it again".to_owned())
            }
            Refusal::Server { .. } => Some("correct what the server names, and run it again".to_owned()),
            Refusal::NoPluginInDashboards { .. } => {
                Some("what we note in monitors would be lost: install that plugin in Dashboards, or give the URL of OpenSearch itself".to_owned())
            }
            Refusal::NotOpenSearch { status: 500.., .. } => {
                Some("is the server up? something in front of it answered in its place".to_owned())
            }
            Refusal::NotThroughDashboards { found, .. } if found == OPENSEARCH => {
                Some("the URL is OpenSearch's own: leave `--dashboards` out".to_owned())
            }
            Refusal::NotThroughDashboards { .. } => {
                Some("is that the base path of Dashboards, as `/_dashboards`, and does it let this user or token in without its login page?".to_owned())
            }
            Refusal::NotOpenSearch { found, .. } if found == DASHBOARDS => {
                Some("the URL is OpenSearch's own; where only Dashboards can be reached, `--dashboards` goes through it".to_owned())
            }
            Refusal::NotOpenSearch { status: 403, .. } => {
                Some("something in front of the server lets this request not through".to_owned())
            }
            Refusal::NotOpenSearch { .. } => {
                Some("the URL is OpenSearch's own, not that of Dashboards or of a login page".to_owned())
            }
        }
    }

    /// Whether it says nothing of what was asked: who asks may not, a server has too much to do, or a gate has none behind it.
    pub fn is_general(&self) -> bool {
        match self {
            Refusal::Unauthorized { .. } | Refusal::NoPluginInDashboards { .. } => true,
            // a right on an index is one that another monitor may not need
            Refusal::Forbidden { permission, .. } => {
                permission.as_ref().is_some_and(|permission| permission.starts_with("cluster:"))
            }
            Refusal::Server { status, .. }
            | Refusal::NotOpenSearch { status, .. }
            | Refusal::NotThroughDashboards { status, .. } => *status == 429 || (502..=504).contains(status),
        }
    }

    /// What it means for another attempt at a write; behind a gate that waited too long the server may still be at it.
    pub fn ending_of_write(&self) -> Ending {
        match self {
            Refusal::Unauthorized { .. }
            | Refusal::Forbidden { .. }
            | Refusal::NoPluginInDashboards { .. }
            | Refusal::Server { status: 504, .. }
            | Refusal::NotOpenSearch { status: 504, .. }
            | Refusal::NotThroughDashboards { status: 504, .. } => Ending::Final,
            _ if self.lost_the_race_for_the_index() => Ending::Unsent,
            Refusal::Server { status, retry_after, .. } => {
                Ending::Answered { status: *status, retry_after: *retry_after }
            }
            Refusal::NotOpenSearch { status, .. } | Refusal::NotThroughDashboards { status, .. } => {
                Ending::Answered { status: *status, retry_after: None }
            }
        }
    }

    /// Whether the server knows no such request: it is older than it, or without a part of the plugin.
    pub fn is_of_no_route(&self) -> bool {
        const WORDS: [&str; 2] = ["no handler found", "Incorrect HTTP method"];
        let Refusal::Server { status: 400 | 405, reason: Some(reason), .. } = self else { return false };
        WORDS.iter().any(|words| reason.starts_with(words))
    }

    /// Whether something of the same name is there already, and the server takes no second one.
    pub fn is_name_taken(&self) -> bool {
        let says_so = |reason: &String| reason.contains("name is already in use");
        matches!(self, Refusal::Server { status: 400, reason, .. } if reason.as_ref().is_some_and(says_so))
    }

    /// Whether the server wrote nothing, since two first writes both made its index.
    fn lost_the_race_for_the_index(&self) -> bool {
        let is_race = |kind: &String| kind == "resource_already_exists_exception";
        matches!(self, Refusal::Server { kind, .. } if kind.as_ref().is_some_and(is_race))
    }

    /// Whether the server may have done what was asked all the same, or would now: it is worth a look.
    pub fn may_have_happened(&self) -> bool {
        self.lost_the_race_for_the_index()
            || matches!(
                self,
                Refusal::Server { status: 429 | 500.., .. }
                    | Refusal::NotOpenSearch { status: 200..=299 | 500.., .. }
                    | Refusal::NotThroughDashboards { status: 200..=299 | 500.., .. }
            )
    }
}

/// What to do about what Amazon's gate says.
fn of_amazon(reason: &str) -> Option<&'static str> {
    const SAID: [(&str, &str); 6] = [
        ("Signature expired", "the clock of this machine is not that of AWS: set it"),
        (
            "User: anonymous is not authorized to perform: es:",
            "the domain wants signed requests: `--aws`, or `aws: {}` in `alertform.yaml`, signs them; or a user of its internal database",
        ),
        (
            "not authorized to perform: es:",
            "the domain's access policy, or a policy of that identity, must allow `es:ESHttpGet`, `es:ESHttpPost`, `es:ESHttpPut` and `es:ESHttpDelete`",
        ),
        (
            "security token included in the request is expired",
            "ask for new credentials, as by `aws sso login`, and run it again",
        ),
        (
            "security token included in the request is invalid",
            "these are credentials of another partition or another account, or ones that were deleted; `aws sts get-caller-identity` says whose they are",
        ),
        (
            "signature we calculated does not match",
            "does `--aws-region` name the domain's region, and does nothing on the way change the request? `--connect-to` keeps the host that is signed",
        ),
    ];
    SAID.iter().find(|(words, _)| reason.contains(words)).map(|(_, hint)| *hint)
}

fn unauthorized(server: &str, who: Option<&Who>) -> String {
    match who {
        Some(Who::User(username)) => {
            format!("`{server}` does not know the user `{username}` with this password")
        }
        Some(Who::Bearer) => format!("`{server}` does not take this token"),
        Some(Who::Aws) => format!("`{server}` does not take requests that are signed for AWS"),
        None => format!("`{server}` lets nobody in without credentials"),
    }
}

fn forbidden(request: &str, permission: Option<&str>, reason: &str) -> String {
    match (permission, reason) {
        (Some(permission), _) => format!("the permission `{permission}` is missing for {request}"),
        (None, "") => format!("{request} is forbidden, and the server does not say why"),
        (None, reason) => format!("{request} is forbidden: {reason}"),
    }
}

fn server(request: &str, status: u16, kind: Option<&str>, reason: Option<&str>) -> String {
    match (kind, reason) {
        (Some(kind), Some(reason)) => format!("{request} was answered with {status} ({kind}): {reason}"),
        (Some(kind), None) => format!("{request} was answered with {status} ({kind})"),
        (None, Some(reason)) => format!("{request} was answered with {status}: {reason}"),
        (None, None) => format!("{request} was answered with {status}, and no reason"),
    }
}

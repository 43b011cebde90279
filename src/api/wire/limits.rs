//! What a line of servers cannot do, said before it is tried.

use serde_json::Value;

use super::cluster_apis;
use super::provider_urls::takes;
use crate::api::line::Line;
use crate::model::destination::{CustomWebhook, Destination, Target};
use crate::model::monitor::{Action, Input, Monitor};
use crate::model::part::Part;
use crate::model::resource::{Kind, Resource};
use crate::model::schedule::{Schedule, Unit};

/// Something that a server cannot do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limit {
    /// What, as a lower-case fragment.
    pub message: String,
    /// What to do instead.
    pub hint: &'static str,
    /// Whether the rest of the resource can be applied all the same.
    pub severity: Severity,
    /// Which part of the resource it is; `None` for the whole.
    pub part: Option<Part>,
}

impl Limit {
    fn of(self, part: Part) -> Self {
        Self { part: Some(part), ..self }
    }
}

/// How bad it is that a server cannot do something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Severity {
    /// The resource would not be what was declared in a way that matters: nothing is applied.
    Refused,
    /// A remark is lost, and alerts are the same; or only some servers of the line refuse it.
    Lost,
}

/// All that `line` cannot do of what `resource` declares.
pub fn check(resource: &Resource, line: Line) -> Vec<Limit> {
    match resource {
        Resource::Destination(destination) => check_destination(destination, line),
        Resource::Monitor(monitor) => check_monitor(monitor, line),
    }
}

fn check_destination(destination: &Destination, line: Line) -> Vec<Limit> {
    let mut limits = Vec::new();
    if !line.has_channels() {
        if !destination.enabled {
            let hint = "remove it from the actions that name it";
            limits.push(refused(line, "cannot hold a disabled destination", hint).of(Part::Enabled));
        }
        if !destination.description.is_empty() {
            limits.push(Limit {
                message: format!("line {line} cannot hold the description of a destination"),
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
        Target::Slack { url } if line == Line::V3 && !takes("slack", url.expose()) => {
            let hint = "use `custom_webhook` for others";
            limits.push(refused("takes Slack URLs of hooks.slack.com alone", hint));
        }
        Target::Chime { url } if line == Line::V3 && !takes("chime", url.expose()) => {
            let hint = "expected https://hooks.chime.aws/incomingwebhooks/…?token=…";
            limits.push(refused("takes Chime URLs of hooks.chime.aws alone", hint));
        }
        Target::Other { kind, body } if line == Line::V3 && !takes(kind, url_of(&body.value())) => {
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

fn check_monitor(monitor: &Monitor, line: Line) -> Vec<Limit> {
    let mut limits = Vec::new();
    if monitor.kind() == Kind::Workflow {
        return check_workflow(monitor, line);
    }
    if line == Line::Odfe && !monitor.monitor_type.is_query_level() {
        let what = format!("has no monitors of type `{}`", monitor.monitor_type.as_str());
        limits.push(refused(line, &what, "only query-level monitors can be applied here"));
    }
    if line == Line::Odfe {
        for (trigger, index, _) in
            actions(monitor).filter(|(.., action)| action.other.contains_key("action_execution_policy"))
        {
            let hint = "leave it out: query-level monitors have one alert";
            let limit = refused(line, "refuses `action_execution_policy`", hint);
            limits.push(limit.of(Part::action(trigger, index)));
        }
    }
    if let Some(Input::Other(input)) = monitor.inputs.first() {
        let of_input = check_input(&input.value(), line).into_iter();
        limits.extend(of_input.map(|limit| limit.of(Part::Input)));
    }
    for key in monitor.other.keys() {
        if let Some(limit) = further(key, line) {
            limits.push(limit);
        }
    }
    if line == Line::V1_3 && !TYPES_OF_1_3.contains(&monitor.monitor_type.as_str()) {
        let what = format!("has no monitors of type `{}`", monitor.monitor_type.as_str());
        let hint = "query-level, bucket-level and cluster-metrics monitors can be applied here";
        limits.push(refused(line, &what, hint));
    }
    if line < Line::V3 && monitor.triggers.len() > MOST_TRIGGERS {
        let what = format!("takes up to {MOST_TRIGGERS} triggers in a monitor");
        let limit = refused(line, &what, "split the monitor in two");
        limits.push(limit.of(Part::trigger(MOST_TRIGGERS)));
    }
    if line < Line::V3 && matches!(monitor.schedule, Schedule::Interval { unit: Unit::Seconds, .. }) {
        let limit = refused(line, "takes no seconds in a schedule", "use minutes: `1m` is the least");
        limits.push(limit.of(Part::Schedule));
    }
    limits
}

fn check_workflow(workflow: &Monitor, line: Line) -> Vec<Limit> {
    if line < Line::V2_19 {
        return vec![refused(
            line,
            "has no workflows",
            "they came with 2.9; give the monitors triggers of their own",
        )];
    }
    let delegates = workflow.inputs.iter().map(|input| input.delegates().len()).sum::<usize>();
    if delegates > MOST_DELEGATES {
        let what = format!("finds no more than {MOST_DELEGATES} monitors of a workflow");
        return vec![refused(line, &what, "split the workflow in two").of(Part::Input)];
    }
    Vec::new()
}

/// What a line cannot ask of a cluster.
fn check_input(input: &Value, line: Line) -> Vec<Limit> {
    let mut limits = Vec::new();
    let Some(uri) = input.get("uri") else { return limits };
    let clusters = uri.get("clusters").and_then(Value::as_array);
    if line == Line::V1_3 && clusters.is_some_and(|clusters| !clusters.is_empty()) {
        limits.push(refused(line, "asks no other clusters", "leave `clusters` out: only this one is asked"));
    }
    let path = uri.get("path").and_then(Value::as_str).unwrap_or_default();
    if let Some((api, _)) = cluster_apis::asked(path.trim_start_matches('/'))
        && !api.lines().contains(&line)
    {
        limits.push(refused(line, &format!("lets no monitor ask `{}`", api.path), "it came after 1.3"));
    }
    limits
}

/// What a line makes of a further field whose value is not its default.
fn further(key: &str, line: Line) -> Option<Limit> {
    let (what, hint) = match key {
        // refused by 2.x, and hidden from every search by 3.x, so that each apply would make the monitor again
        "owner" => ("takes no `owner` but `alerting`".to_owned(), "leave it out"),
        "target" if line < Line::V3 => (format!("has no `{key}`"), "leave it out"),
        _ if line < Line::V2_19 => (format!("has no `{key}`"), "leave it out"),
        _ => return None,
    };
    Some(refused(line, &what, hint))
}

/// The most triggers until 3.5; from 3.6 on it is a setting of the cluster.
const MOST_TRIGGERS: usize = 10;

/// Servers say that they allow 25, and look for ten: an eleventh is refused as no valid id.
const MOST_DELEGATES: usize = 10;

/// What 1.3 knows by name; later lines store any type, and fail when it runs.
const TYPES_OF_1_3: [&str; 3] = ["query_level_monitor", "bucket_level_monitor", "cluster_metrics_monitor"];

const BEFORE_CHANNELS: [&str; 4] = ["slack", "chime", "custom_webhook", "test_action"];

fn url_of(body: &Value) -> &str {
    body.get("url").and_then(Value::as_str).unwrap_or_default()
}

/// All actions, with the index of the trigger and their own.
fn actions(monitor: &Monitor) -> impl Iterator<Item = (usize, usize, &Action)> {
    let triggers = monitor.triggers.iter().enumerate();
    triggers
        .flat_map(|(i, trigger)| trigger.actions.iter().enumerate().map(move |(j, action)| (i, j, action)))
}

fn refused(line: Line, what: &str, hint: &'static str) -> Limit {
    Limit { message: format!("line {line} {what}"), hint, severity: Severity::Refused, part: None }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::api::wire::monitor;
    use crate::model::json::Json;

    fn said(resource: &Resource) -> Vec<String> {
        let said = |line| check(resource, line).into_iter().map(|limit| limit.message);
        Line::ALL.into_iter().flat_map(said).collect()
    }

    fn monitor(mut document: serde_json::Value) -> Resource {
        document["name"] = "m".into();
        document["schedule"] = json!({"period": {"interval": 1, "unit": "MINUTES"}});
        Resource::Monitor(monitor::decode(Kind::Monitor, &document).unwrap().monitor)
    }

    #[test]
    fn types_of_destinations() {
        let of = |kind: &str| {
            let target = Target::Other {
                kind: kind.to_owned(),
                body: Json::of(&json!({"url": "https://mm.example.com/hooks/x"})),
            };
            said(&Resource::Destination(Destination {
                name: "d".into(),
                description: String::new(),
                enabled: true,
                target,
            }))
        };
        assert_eq!(
            of("sns"),
            [
                "line odfe has destinations of type `sns` on Amazon's service alone",
                "line 1.3 has destinations of type `sns` on Amazon's service alone",
            ]
        );
        assert_eq!(
            of("mattermost"),
            [
                "line odfe has no destinations of type `mattermost`",
                "line 1.3 has no destinations of type `mattermost`",
                "line 2.19 has no channels of type `mattermost`",
            ]
        );
        assert_eq!(
            of("test_action"),
            [
                "line 2.19 has no channels of type `test_action`",
                "line 3 has no channels of type `test_action`",
            ]
        );
    }

    #[test]
    fn an_eleventh_trigger() {
        let triggers: Vec<_> = (0..11)
            .map(|n| json!({"name": n, "severity": 1, "condition": {"script": {"source": "a"}}, "actions": []}))
            .collect();
        assert_eq!(said(&monitor(json!({"triggers": triggers[1..]}))), [""; 0]);
        assert_eq!(
            said(&monitor(json!({"triggers": triggers}))),
            [
                "line odfe takes up to 10 triggers in a monitor",
                "line 1.3 takes up to 10 triggers in a monitor",
                "line 2.19 takes up to 10 triggers in a monitor",
            ]
        );
    }

    #[test]
    fn types_that_came_later() {
        assert_eq!(
            said(&monitor(json!({"monitor_type": "doc_level_monitor"}))),
            [
                "line odfe has no monitors of type `doc_level_monitor`",
                "line 1.3 has no monitors of type `doc_level_monitor`",
            ]
        );
    }
}

//! What a line of servers cannot do, said before it is tried.

mod destination;
mod monitor;

use crate::api::line::Line;
use crate::model::part::Part;
use crate::model::resource::Resource;

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
        Resource::Destination(destination) => destination::check(destination, line),
        Resource::Monitor(monitor) => monitor::check(monitor, line),
    }
}

fn refused(line: Line, what: &str, hint: &'static str) -> Limit {
    Limit { message: format!("line {line} {what}"), hint, severity: Severity::Refused, part: None }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::api::wire::monitor;
    use crate::model::destination::{Destination, Target};
    use crate::model::json::Json;
    use crate::model::resource::Kind;

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
    fn a_text_that_is_said_to_be_json() {
        let said = |source: serde_json::Value| {
            let script =
                json!({"source": source, "options": {"content_type": "application/json; charset=UTF-8"}});
            let body = json!({"script_fields": {"f": {"script": script}}});
            said(&monitor(json!({"inputs": [{"search": {"indices": ["a"], "query": body}}]})))
        };
        assert_eq!(said(json!({"match_all": {}})), [""; 0]);
        assert_eq!(said(json!("1"))[2], "line 2.19 may hang for ever on a script of this content type");
    }

    #[test]
    fn monitors_that_ask_in_ppl() {
        assert_eq!(
            said(&monitor(json!({"monitor_type": "ppl_monitor"}))),
            [
                "line odfe has no monitors of type `ppl_monitor`",
                "line 1.3 has no monitors of type `ppl_monitor`",
                "line 2.19 has no monitors of type `ppl_monitor`",
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

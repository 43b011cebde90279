//! The fields of a monitor that somebody may change, each with a text that says what it holds: of two monitors a field
//! is the same as long as its text is.

use std::fmt;

use super::monitor::{Action, Input, Monitor, Throttle, Trigger};
use super::name::Name;
use super::reference::Reference;
use super::schedule::Schedule;

/// A field of a monitor, or one of a trigger or an action of it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Field {
    /// The trigger of which it is a field.
    pub trigger: Option<Name>,
    /// The action of that trigger.
    pub action: Option<Name>,
    /// Its name, near to what it has in files.
    pub key: String,
}

impl fmt::Display for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Field { trigger, action, key } = self;
        match action.as_ref().or(trigger.as_ref()) {
            Some(name) => write!(f, "{key} of `{name}`"),
            None => f.write_str(key),
        }
    }
}

/// All fields of a monitor, in order. The texts must not change from version to version of this program: digests of
/// them stand in clusters.
pub fn fields(monitor: &Monitor) -> Vec<(Field, String)> {
    let Monitor { name, monitor_type, enabled, schedule, inputs, triggers, other } = monitor;
    let mut fields = Fields { trigger: None, action: None, all: Vec::new() };
    fields.add("name", name.as_str());
    fields.add("type", monitor_type.as_str());
    fields.add("enabled", &enabled.to_string());
    fields.add(
        "schedule",
        &match schedule {
            Schedule::Interval { every, unit } => format!("{every} {}", unit.as_str()),
            Schedule::Cron { expression, timezone } => format!("{expression} {timezone}"),
        },
    );
    for input in inputs {
        match input {
            Input::Search { indices, body } => {
                fields.add("index", &indices.join("\n"));
                fields.add("query", body.as_str());
            }
            Input::Composite(delegates) => {
                for delegate in delegates {
                    fields.add("delegates", reference(&delegate.monitor));
                }
            }
            Input::Other(input) => fields.add("input", input.as_str()),
        }
    }
    for (key, value) in other {
        fields.add(key, value.as_str());
    }
    for trigger in triggers {
        fields.trigger(trigger);
    }
    fields.all
}

struct Fields {
    trigger: Option<Name>,
    action: Option<Name>,
    all: Vec<(Field, String)>,
}

impl Fields {
    fn add(&mut self, key: &str, value: &str) {
        let Self { trigger, action, all } = self;
        let field = Field { trigger: trigger.clone(), action: action.clone(), key: key.to_owned() };
        all.push((field, value.to_owned()));
    }

    fn trigger(&mut self, trigger: &Trigger) {
        let Trigger { name, severity, kind, body, actions } = trigger;
        self.trigger = Some(name.clone());
        self.add("severity", severity);
        self.add("condition", &format!("{} {}", kind.as_str(), body.as_str()));
        for action in actions {
            self.action(action);
        }
        self.trigger = None;
    }

    fn action(&mut self, action: &Action) {
        let Action { name, destination, subject, message, throttle, other } = action;
        self.action = Some(name.clone());
        self.add("destination", reference(destination));
        self.add("subject", subject.as_deref().unwrap_or_default());
        self.add("message", message);
        // always, so that one which is taken away leaves a trace
        match throttle {
            Some(Throttle { minutes, enabled }) => self.add("throttle", &format!("{minutes} {enabled}")),
            None => self.add("throttle", "none"),
        }
        for (key, value) in other {
            self.add(key, value.as_str());
        }
        self.action = None;
    }
}

fn reference(reference: &Reference) -> &str {
    reference.as_str()
}

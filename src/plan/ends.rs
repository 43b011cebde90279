//! What ends with a change, since it hangs on ids that go: alerts, acknowledgements, throttles.

use std::fmt;

use super::{Change, Pair};
use crate::api::live::{ActiveAlerts, LiveMonitor, LiveResource};
use crate::model::destination::{Destination, Target};
use crate::model::monitor::{Monitor, TriggerKind};
use crate::model::name::Name;
use crate::plural::count;

/// Something that ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum End {
    /// The active alerts of all triggers of a monitor that goes.
    AllAlerts {
        /// Its id.
        monitor: String,
        /// How many triggers it has.
        triggers: usize,
    },
    /// The active alerts of one trigger.
    Alerts {
        /// The id of its monitor.
        monitor: String,
        /// Its id.
        id: String,
        /// Its name in the cluster.
        trigger: Name,
        /// Why.
        reason: Reason,
    },
    /// The throttle of an action.
    Throttle {
        /// The action's name in the cluster.
        action: Name,
        /// The trigger's.
        trigger: Name,
    },
    /// What the keystore of each node has under the former name of an account.
    Keystore {
        /// That name.
        account: Name,
    },
}

/// Why the alerts of a trigger end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reason {
    /// It goes.
    Gone,
    /// It goes, and another comes: it may be the same under another name.
    Replaced,
    /// It becomes a trigger of another kind.
    Becomes(TriggerKind),
}

impl End {
    /// Of how many triggers it ends the alerts.
    pub fn triggers(&self) -> usize {
        match self {
            End::AllAlerts { triggers, .. } => *triggers,
            End::Alerts { .. } => 1,
            End::Throttle { .. } | End::Keystore { .. } => 0,
        }
    }

    /// How many alerts it ends that are active.
    pub fn alerts(&self, active: &ActiveAlerts) -> usize {
        match self {
            End::AllAlerts { monitor, .. } => active.of_monitor(monitor),
            End::Alerts { monitor, id, .. } => active.of_trigger(monitor, id),
            End::Throttle { .. } | End::Keystore { .. } => 0,
        }
    }

    /// In words, with the number of alerts that are active now, where that is known.
    pub fn words(&self, active: Option<&ActiveAlerts>) -> String {
        match active.filter(|_| self.triggers() > 0).map(|active| self.alerts(active)) {
            None => self.to_string(),
            Some(0) => format!("{self} (none is active now)"),
            Some(1) => format!("{self} (1 is active now)"),
            Some(many) => format!("{self} ({many} are active now)"),
        }
    }
}

impl fmt::Display for End {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const WITH: &str = "with their acknowledgements and throttles";
        match self {
            End::AllAlerts { triggers, .. } => {
                write!(f, "active alerts of its {}, {WITH}", count(*triggers, "trigger"))
            }
            End::Alerts { trigger, reason, .. } => {
                write!(f, "active alerts of trigger `{trigger}`, {WITH}")?;
                match reason {
                    Reason::Gone => Ok(()),
                    Reason::Replaced => f.write_str("; `previous_names` keeps them for one that is renamed"),
                    Reason::Becomes(kind) => write!(f, "; it becomes a `{}`", kind.as_str()),
                }
            }
            End::Throttle { action, trigger } => {
                write!(f, "the throttle of action `{action}` of trigger `{trigger}`")
            }
            End::Keystore { account } => {
                write!(f, "the user and the password in the keystore, which are under `{account}`")
            }
        }
    }
}

/// What ends with a change.
pub fn of(change: &Change) -> Vec<End> {
    match change {
        Change::Create(_) => Vec::new(),
        Change::Update(update) => match &update.pair {
            Pair::Monitor { before, after } => {
                let renamed = update.declaration.previous.renamed(&before.monitor, after);
                of_triggers(before, &renamed, after)
            }
            Pair::Destination { before, after } => of_account(&before.destination, after),
        },
        Change::Delete(delete) => match &delete.before {
            LiveResource::Monitor(live) if !live.monitor.triggers.is_empty() => {
                vec![End::AllAlerts { monitor: live.id.clone(), triggers: live.monitor.triggers.len() }]
            }
            LiveResource::Monitor(_) | LiveResource::Destination(_) => Vec::new(),
        },
    }
}

/// What ends with the triggers and actions that go; `renamed` is `before` by the names that they have in `after`.
fn of_triggers(before: &LiveMonitor, renamed: &Monitor, after: &Monitor) -> Vec<End> {
    let has_new =
        after.triggers.iter().any(|after| renamed.triggers.iter().all(|was| was.name != after.name));
    let mut ends = Vec::new();
    let shown = before.monitor.triggers.iter().zip(&before.ids.triggers);
    for (trigger, (shown, ids)) in renamed.triggers.iter().zip(shown) {
        let alerts = |reason| {
            let (monitor, id, trigger) = (before.id.clone(), ids.id.to_string(), shown.name.clone());
            End::Alerts { monitor, id, trigger, reason }
        };
        let Some(after) = after.triggers.iter().find(|after| after.name == trigger.name) else {
            ends.push(alerts(if has_new { Reason::Replaced } else { Reason::Gone }));
            continue;
        };
        if !trigger.is_same_trigger(after) {
            ends.push(alerts(Reason::Becomes(after.kind.clone())));
            continue;
        }
        for (action, shown_action) in trigger.actions.iter().zip(&shown.actions) {
            let goes_on = after.actions.iter().any(|after| after.name == action.name);
            if action.throttle.is_some() && !goes_on {
                let (action, trigger) = (shown_action.name.clone(), shown.name.clone());
                ends.push(End::Throttle { action, trigger });
            }
        }
    }
    ends
}

/// The keystore of each node has the password of an account under the account's name.
fn of_account(before: &Destination, after: &Destination) -> Vec<End> {
    match after.target {
        Target::SmtpAccount(_) if before.name != after.name => {
            vec![End::Keystore { account: before.name.clone() }]
        }
        _ => Vec::new(),
    }
}

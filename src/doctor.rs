//! What is wrong, or may go wrong, with a cluster and with who asks it: a pure function of what was found out.

mod channels;
mod rights;

use std::collections::{BTreeMap, BTreeSet};

use crate::api::line::Line;
use crate::api::live::{Destinations, Found, LiveMonitor};
use crate::api::probe::Plugin;
use crate::api::read::Unlisted;
use crate::api::rights::{Held, Right};
use crate::api::security::{Asker, Filters};
use crate::identity::{Lists, Sight, of_others, sight};
use crate::model::resource::{Key, Kind};
use crate::plural::count;
use crate::render::words::listed;

/// How much something matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// As it should be.
    Fine,
    /// Good to know.
    Note,
    /// It works, and may not do what one thinks.
    Warning,
    /// Something does not work.
    Error,
}

impl Severity {
    /// The word for it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Severity::Fine => "fine",
            Severity::Note => "note",
            Severity::Warning => "warning",
            Severity::Error => "error",
        }
    }
}

/// One thing that was looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Advice {
    /// How much it matters.
    pub severity: Severity,
    /// What was looked at: `rights`.
    pub subject: &'static str,
    /// What was found, as a lower-case fragment.
    pub message: String,
    /// What to do about it.
    pub hint: Option<String>,
}

/// What was found out.
pub struct Facts {
    /// The host and the port.
    pub server: String,
    /// The line of the servers.
    pub line: Line,
    /// The version that the server tells.
    pub version: Option<String>,
    /// The plugins of the nodes, where they may be listed.
    pub plugins: Option<Vec<Plugin>>,
    /// Who asks, as far as the server says.
    pub asker: Asker,
    /// The permissions of that user; empty where there is no security plugin.
    pub rights: Vec<(Right, Held)>,
    /// Why not all of them could be asked for.
    pub unread_rights: Option<String>,
    /// Whether lists are filtered by backend roles.
    pub filters: Filters,
    /// How many monitors the cluster may have, where that may be read.
    pub most_monitors: Option<usize>,
    /// What lives there, as far as the user sees it; or why that could not be read.
    pub live: Result<(Destinations, Vec<Found>), Unread>,
    /// Who wrote each monitor last, by id.
    pub runners: BTreeMap<String, String>,
    /// The indices that monitors read, those that are there and those that are declared.
    pub indices: BTreeSet<String>,
    /// The ids of monitors with an alert in error, and the words of the first; or why they are not listed.
    pub in_error: Result<BTreeMap<String, String>, Unlisted>,
}

/// Why what lives in a cluster could not be read.
pub struct Unread {
    /// Why.
    pub reason: String,
    /// What to do about it.
    pub hint: Option<String>,
}

/// So many names stand in one line.
const MOST: usize = 8;

/// What is to be said, in the order in which it is looked at.
pub fn examine(facts: &Facts) -> Vec<Advice> {
    let mut advice = vec![connection(facts), plugins(facts), who(facts)];
    advice.extend(rights::advice(facts));
    match &facts.live {
        Err(Unread { reason, hint }) => advice.push(Advice {
            severity: Severity::Error,
            subject: "cluster",
            message: format!("what lives there cannot be read: {reason}"),
            hint: hint.clone(),
        }),
        Ok((destinations, found)) => {
            let monitors: Vec<&LiveMonitor> = found
                .iter()
                .filter_map(|found| match found {
                    Found::Monitor(live) => Some(&**live),
                    Found::Unreadable(_) | Found::Notice { .. } => None,
                })
                .collect();
            let number = |kind| found.iter().filter(|found| found.key().kind == kind).count();
            advice.push(hidden(
                facts,
                destinations.live.len(),
                (number(Kind::Monitor), number(Kind::Workflow)),
            ));
            // workflows are not limited
            advice.push(limit(facts, number(Kind::Monitor)));
            advice.extend(channels::advice(destinations, &monitors));
            advice.push(in_error(facts, &monitors));
            advice.extend(runners(facts, &monitors));
        }
    }
    advice
}

fn fine(subject: &'static str, message: impl Into<String>) -> Advice {
    Advice { severity: Severity::Fine, subject, message: message.into(), hint: None }
}

fn note(subject: &'static str, message: impl Into<String>, hint: impl Into<String>) -> Advice {
    Advice { severity: Severity::Note, subject, message: message.into(), hint: Some(hint.into()) }
}

fn connection(facts: &Facts) -> Advice {
    let version = facts.version.as_ref().map(|version| format!("version {version}, ")).unwrap_or_default();
    fine("connection", format!("`{}` answers: {version}line {}", facts.server, facts.line))
}

fn plugins(facts: &Facts) -> Advice {
    let Some(plugins) = &facts.plugins else {
        let hint = "`cluster:monitor/state` with `cluster:monitor/nodes/info` lists them; the API of alerting answers";
        return note("plugins", "the plugins cannot be listed", hint);
    };
    let wanted = ["alerting", "notifications", "security"];
    let shown: Vec<String> = plugins
        .iter()
        .filter(|plugin| wanted.iter().any(|wanted| plugin.name.contains(wanted)))
        .map(|Plugin { name, version }| format!("{name} {version}"))
        .collect();
    if shown.iter().any(|plugin| plugin.contains("alerting")) {
        return fine("plugins", shown.join(", "));
    }
    Advice {
        severity: Severity::Error,
        subject: "plugins",
        message: "the node has no Alerting plugin".to_owned(),
        hint: Some("install `opensearch-alerting` on all nodes".to_owned()),
    }
}

fn who(facts: &Facts) -> Advice {
    match &facts.asker {
        Asker::Hidden => {
            note("user", "the server does not say who asks", "ask its administrator what this user may do")
        }
        Asker::Nobody => note(
            "user",
            "the server knows no users: whoever reaches it may do everything",
            "that is well behind a gate that asks who comes, as IAM on Amazon's service",
        ),
        Asker::Known(who) => {
            let named =
                |names: &[String]| if names.is_empty() { "none".to_owned() } else { names.join(", ") };
            fine(
                "user",
                format!(
                    "`{}`, roles: {}; backend roles: {}",
                    who.name,
                    named(&who.roles),
                    named(&who.backend_roles)
                ),
            )
        }
    }
}

fn hidden(facts: &Facts, destinations: usize, (monitors, workflows): (usize, usize)) -> Advice {
    const SUBJECT: &str = "visibility";
    let mut shown = format!("{}, {}", count(monitors, "monitor"), count(destinations, "destination"));
    if workflows > 0 {
        shown = format!("{shown}, {}", count(workflows, "workflow"));
    }
    let of = |lists| sight(&facts.asker, facts.filters, facts.line, lists);
    let (of_monitors, of_destinations) = (of(Lists::Monitors), of(Lists::Destinations));
    let worst = of_monitors.max(of_destinations);
    let whose = match (of_monitors == worst, of_destinations == worst) {
        (true, true) => "lists",
        (true, false) => "lists of monitors",
        (false, _) => "lists of destinations",
    };
    let message = match worst {
        Sight::All => return fine(SUBJECT, format!("all is shown: {shown}")),
        Sight::Unsure => format!("{whose} may be filtered by backend roles: {shown}"),
        Sight::Filtered => {
            format!(
                "{whose} show only what shares a backend role with this user, of workflows nothing: {shown}"
            )
        }
    };
    Advice {
        severity: Severity::Warning,
        subject: SUBJECT,
        message,
        hint: Some(
            "look with a user that has `all_access`; what is hidden and declared would be made a second time"
                .to_owned(),
        ),
    }
}

fn limit(facts: &Facts, monitors: usize) -> Advice {
    const SUBJECT: &str = "limits";
    const SETTING: &str = "`plugins.alerting.monitor.max_monitors`";
    let Some(most) = facts.most_monitors else {
        return note(
            SUBJECT,
            format!("{}; how many there may be cannot be read", count(monitors, "monitor")),
            format!("{SETTING} is 1,000 unless it was set"),
        );
    };
    let message = format!("{monitors} of the {most} monitors that there may be");
    if monitors * 10 < most * 9 {
        return fine(SUBJECT, message);
    }
    Advice {
        severity: if monitors >= most { Severity::Error } else { Severity::Warning },
        subject: SUBJECT,
        message,
        hint: Some(format!("raise {SETTING}")),
    }
}

fn in_error(facts: &Facts, monitors: &[&LiveMonitor]) -> Advice {
    const SUBJECT: &str = "errors";
    let in_error = match &facts.in_error {
        Ok(in_error) => in_error,
        Err(Unlisted::Forbidden) => {
            return note(
                SUBJECT,
                "this user may not see alerts, and so not which monitors are in error",
                "`cluster:admin/opendistro/alerting/alerts/get` shows them",
            );
        }
        Err(Unlisted::TooMany { most }) => {
            return Advice {
                severity: Severity::Warning,
                subject: SUBJECT,
                message: format!("there are more than {most} alerts in error, and a server lists no more"),
                hint: Some("look at the indices and the rights that monitors have: many fail".to_owned()),
            };
        }
        Err(Unlisted::Failed(reason)) => {
            return note(SUBJECT, format!("alerts cannot be listed: {reason}"), "run it again");
        }
    };
    let ill: Vec<(Key, &str)> =
        monitors.iter().filter_map(|live| Some((live.key(), in_error.get(&live.id)?.as_str()))).collect();
    let Some((_, words)) = ill.first() else { return fine(SUBJECT, "no monitor is in error") };
    // what follows may quote a query, and what was filled in there
    let first = words.lines().next().unwrap_or_default();
    let first: String = first.split([':', '[', '{']).next().unwrap_or_default().chars().take(80).collect();
    Advice {
        severity: Severity::Warning,
        subject: SUBJECT,
        message: format!(
            "{} in error: {}; the first says: {first}",
            count(ill.len(), "monitor"),
            listed(ill.iter().map(|(key, _)| key), MOST)
        ),
        hint: Some("an index that is gone or not allowed to whose rights it has, or a query that fails; the alert has all of it".to_owned()),
    }
}

/// Whose rights monitors have that an apply of this user would replace.
fn runners(facts: &Facts, monitors: &[&LiveMonitor]) -> Option<Advice> {
    const SUBJECT: &str = "run-as";
    let Asker::Known(who) = &facts.asker else { return None };
    let monitors = monitors.iter().map(|live| (live.id.clone(), live.key()));
    let others = of_others(&who.name, &facts.runners, monitors);
    if others.is_empty() {
        return Some(fine(
            SUBJECT,
            format!("no monitor would change its rights by an apply of `{}`", who.name),
        ));
    }
    let all: Vec<String> = others
        .into_iter()
        .map(|(runner, keys)| format!("of `{runner}`: {}", listed(keys.iter(), MOST)))
        .collect();
    Some(Advice {
        severity: Severity::Note,
        subject: SUBJECT,
        message: format!("monitors run with the rights {}", all.join("; ")),
        hint: Some(format!(
            "a monitor has the rights of who wrote it last: one that an apply changes would have those of `{}`, which must be \
             allowed to search its indices",
            who.name
        )),
    })
}

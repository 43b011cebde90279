//! What is wrong, or may go wrong, with a cluster and with who asks it: a pure function of what was found out.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::json;

use crate::api::line::Line;
use crate::api::live::{Destinations, Found, LiveMonitor};
use crate::api::rights::{Held, Need, Right, least};
use crate::api::security::{Asker, Filters};
use crate::identity::{Lists, Sight, of_others, sight};
use crate::model::reference::Refer;
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
    /// The plugins of the first node with their versions, where they may be read.
    pub plugins: Option<Vec<(String, String)>>,
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
    /// The ids of monitors with an alert in error, and the words of the first, where they may be read.
    pub in_error: Option<BTreeMap<String, String>>,
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
    advice.extend(rights(facts));
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
            advice.push(hidden(facts, destinations.live.len(), monitors.len()));
            // workflows are not limited
            let limited = found.iter().filter(|found| found.key().kind == Kind::Monitor);
            advice.push(limit(facts, limited.count()));
            advice.extend(channels(destinations, &monitors));
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
        .filter(|(name, _)| wanted.iter().any(|wanted| name.contains(wanted)))
        .map(|(name, version)| format!("{name} {version}"))
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

/// A plan does without them: the line can be said or told from routes, and what may be hidden is warned of.
const BEARABLE: [&str; 2] = ["cluster:monitor/main", "cluster:monitor/state"];

fn rights(facts: &Facts) -> Vec<Advice> {
    if let Some(reason) = &facts.unread_rights {
        return vec![Advice {
            severity: Severity::Warning,
            subject: "rights",
            message: format!("they could not be asked for: {reason}"),
            hint: Some("run it again".to_owned()),
        }];
    }
    if facts.rights.is_empty() {
        return Vec::new();
    }
    let lacking = |need: fn(Need) -> bool| {
        let of_need = facts.rights.iter().filter(move |(right, _)| need(right.need));
        let lacks = of_need.filter_map(|(_, held)| match held {
            Held::No(permission) => Some(permission.clone()),
            Held::Yes | Held::Unasked(_) => None,
        });
        lacks.collect::<BTreeSet<String>>().into_iter().collect::<Vec<String>>()
    };
    let mut advice = Vec::new();
    let plan = lacking(|need| need == Need::Plan);
    let apply = lacking(|need| need == Need::Apply);
    for (lacks, name, need, severity) in
        [(&plan, "plan", Need::Plan, Severity::Error), (&apply, "apply", Need::Apply, Severity::Warning)]
    {
        if lacks.is_empty() {
            let is_all = !facts
                .rights
                .iter()
                .any(|(right, held)| right.need == need && matches!(held, Held::Unasked(_)));
            let all = if is_all { "all" } else { "all that was asked for, of what" };
            advice.push(fine("rights", format!("{all}{} {name} needs", if is_all { " that" } else { "" })));
            continue;
        }
        let is_bearable = lacks.iter().all(|permission| BEARABLE.contains(&permission.as_str()));
        advice.push(Advice {
            severity: if is_bearable { Severity::Warning } else { severity },
            subject: "rights",
            message: format!("{name} lacks {}", lacks.join(", ")),
            hint: Some(format!("the least role for {name}{}:\n{}", indices(need), role(facts, name, need))),
        });
    }
    advice.push(note(
        "rights",
        "nobody asked whether this user may search the indices that monitors read",
        "an apply says so of each; `indices:data/read/search` on them lets it",
    ));
    for (right, held) in &facts.rights {
        match (right.need, held) {
            (Need::More(why), Held::No(permission)) => {
                advice.push(note("rights", format!("without {permission}"), format!("with it {why}")));
            }
            (_, Held::Unasked(why)) => {
                let message = format!("nobody asked for {}: {why}", right.permission);
                advice.push(note("rights", message, "the least role for apply has it"));
            }
            _ => {}
        }
    }
    advice
}

/// What is said of the indices in a role, which nobody but who writes monitors knows.
const fn indices(need: Need) -> &'static str {
    match need {
        Need::Apply => {
            ", with the indices of monitors that are declared or there: see that they are all that yours read; cluster metrics want `*`"
        }
        Need::Plan | Need::More(_) => "",
    }
}

/// The least role, as the security API takes it.
fn role(facts: &Facts, name: &str, need: Need) -> String {
    let mut body = json!({"cluster_permissions": least(facts.line, need)});
    if need == Need::Apply {
        let known: Vec<&str> = facts.indices.iter().map(String::as_str).collect();
        let patterns = if known.is_empty() { vec!["logs-*"] } else { known };
        body["index_permissions"] =
            json!([{"index_patterns": patterns, "allowed_actions": ["indices:data/read/search"]}]);
    }
    format!("PUT _plugins/_security/api/roles/alertform_{name}\n{body:#}")
}

fn hidden(facts: &Facts, destinations: usize, monitors: usize) -> Advice {
    const SUBJECT: &str = "visibility";
    let shown = format!("{}, {}", count(monitors, "monitor"), count(destinations, "destination"));
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

/// What monitors tell that is not there, or is disabled.
fn channels(destinations: &Destinations, monitors: &[&LiveMonitor]) -> Vec<Advice> {
    const SUBJECT: &str = "channels";
    let disabled: BTreeMap<&str, &crate::model::name::Name> = destinations
        .live
        .iter()
        .filter(|live| !live.destination.enabled)
        .map(|live| (live.id.as_str(), &live.destination.name))
        .collect();
    let mut dangling: BTreeMap<String, Vec<Key>> = BTreeMap::new();
    let mut silent: BTreeMap<String, Vec<Key>> = BTreeMap::new();
    for live in monitors.iter().filter(|live| live.monitor.enabled) {
        live.monitor.each_reference(&mut |kind, reference| {
            let Some(id) = reference.id().filter(|_| kind == Kind::Destination) else { return };
            if let Some(name) = disabled.get(id) {
                silent.entry(name.as_str().to_owned()).or_default().push(live.key());
            } else if !destinations.has(Kind::Destination, id) {
                dangling.entry(id.to_owned()).or_default().push(live.key());
            }
        });
    }
    if dangling.is_empty() && silent.is_empty() {
        return vec![fine(SUBJECT, "all that enabled monitors tell is there and enabled")];
    }
    let advice = |severity, what: &str, hint: &str, (name, keys): (String, Vec<Key>)| Advice {
        severity,
        subject: SUBJECT,
        message: format!("`{name}` {what}, and {} it", tells(&keys)),
        hint: Some(hint.to_owned()),
    };
    let gone = "declare the destination, or take it out of the actions; a list that is filtered may hide it";
    let off = "enable it, or take it out of the actions: nobody hears of these alerts";
    dangling
        .into_iter()
        .map(|one| advice(Severity::Error, "is not there", gone, one))
        .chain(silent.into_iter().map(|one| advice(Severity::Warning, "is disabled", off, one)))
        .collect()
}

fn tells(keys: &[Key]) -> String {
    let unique: BTreeSet<&Key> = keys.iter().collect();
    let verb = if unique.len() == 1 { "tells" } else { "tell" };
    format!("{} {verb}", listed(unique.into_iter(), MOST))
}

fn in_error(facts: &Facts, monitors: &[&LiveMonitor]) -> Advice {
    const SUBJECT: &str = "errors";
    let Some(in_error) = &facts.in_error else {
        return note(
            SUBJECT,
            "this user may not see alerts, and so not which monitors are in error",
            "`cluster:admin/opendistro/alerting/alerts/get` shows them",
        );
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

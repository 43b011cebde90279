//! Which permissions are missing for a plan and for an apply, and the least role that grants them.

use std::collections::BTreeSet;

use serde_json::json;

use super::{Advice, Facts, Severity, fine, note};
use crate::api::rights::{Held, Need, least};

/// A plan does without them: the line can be said or told from routes, and what may be hidden is warned of.
const BEARABLE: [&str; 3] =
    ["cluster:monitor/main", "cluster:monitor/state", "cluster:admin/opensearch/notifications/features"];

/// What is said of them.
pub fn advice(facts: &Facts) -> Vec<Advice> {
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
            let message = if is_all {
                format!("all that {name} needs")
            } else {
                format!("all that was asked for, of what {name} needs")
            };
            advice.push(fine("rights", message));
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

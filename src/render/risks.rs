//! What a plan puts at risk, with the names of those that it is about: for the minute that a reviewer has.

use std::collections::BTreeMap;

use super::changes::{Group, Shown};
use crate::plan::risk::Risk;
use crate::plural::count;

/// Of so few changes each says for itself what it puts at risk.
const FEW: usize = 5;

/// So many risks are said.
const MOST: usize = 12;

/// So many names are said of each.
const MOST_NAMES: usize = 5;

/// Each risk and those that it is about, in lines, the worst first.
pub fn lines(groups: &[Group]) -> Vec<String> {
    let all = all(groups);
    let line = |(risk, about): (&Risk, &Vec<&Shown>)| format!("{}: {}", words(risk, about), named(about));
    let mut lines: Vec<String> = all.iter().map(|(risk, about)| line((risk, about))).take(MOST).collect();
    if all.len() > MOST {
        lines.push(format!("and {} more, shown below", count(all.len() - MOST, "risk")));
    }
    lines
}

/// Each risk and how many it is about, in one line: ``deleted (4), no longer tells `oncall` (2)``.
pub fn counts(groups: &[Group]) -> Option<String> {
    let all = all(groups);
    let mut counts: Vec<String> = all
        .iter()
        .map(|(risk, about)| format!("{} ({})", words(risk, about), about.len()))
        .take(MOST)
        .collect();
    if all.len() > MOST {
        counts.push(format!("and {} more", all.len() - MOST));
    }
    (!counts.is_empty()).then(|| counts.join(", "))
}

fn all(groups: &[Group]) -> BTreeMap<&Risk, Vec<&Shown>> {
    let mut all: BTreeMap<&Risk, Vec<&Shown>> = BTreeMap::new();
    if groups.iter().flat_map(Group::all).count() <= FEW {
        return all;
    }
    for shown in groups.iter().flat_map(Group::all) {
        for risk in shown.risks.keys() {
            all.entry(risk).or_default().push(shown);
        }
    }
    all
}

fn words(risk: &Risk, about: &[&Shown]) -> String {
    match risk {
        Risk::EndsAlerts => {
            let alerts = about.iter().flat_map(|shown| &shown.ends).filter_map(|ending| ending.alerts).sum();
            format!("ends {}", count(alerts, "active alert"))
        }
        // a name may hold what no screen shows
        risk => about.first().map(|shown| shown.risks[risk].clone()).unwrap_or_default(),
    }
}

fn named(about: &[&Shown]) -> String {
    let named = about.iter().take(MOST_NAMES).map(|shown| match shown.users.len() {
        0 => shown.key.to_string(),
        users => format!("{} (used by {users})", shown.key),
    });
    let named = named.collect::<Vec<_>>().join(", ");
    match about.len().saturating_sub(MOST_NAMES) {
        0 => named,
        more => format!("{named} and {more} more"),
    }
}

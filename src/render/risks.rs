//! What a plan puts at risk, with the names of those that it is about: for the minute that a reviewer has.

use std::collections::BTreeMap;

use super::changes::{Group, Shown};
use crate::plan::risk::Kind;
use crate::plural::count;

/// Of so few changes each says for itself what it puts at risk.
pub const FEW: usize = 5;

/// So many details are said in one line.
const FEW_DETAILS: usize = 3;

/// So many names are said of each kind, and so many of each detail where there are several.
const MOST_NAMES: usize = 6;
const MOST_NAMES_OF_DETAIL: usize = 3;

/// Each kind of risk and those that it is about, in lines, the worst first.
pub fn lines(groups: &[Group]) -> Vec<String> {
    if groups.iter().flat_map(Group::all).count() <= FEW {
        return Vec::new();
    }
    let line = |(kind, about): (Kind, BTreeMap<&str, Vec<&Shown>>)| {
        let all: Vec<&Shown> = about.values().flatten().copied().collect();
        let words = words(kind, &all);
        if about.len() == 1 && about.contains_key("") {
            return format!("{words}: {}", named(&all, MOST_NAMES));
        }
        let details = about
            .iter()
            .take(MOST_NAMES)
            .map(|(detail, about)| format!("{detail} ({})", named(about, MOST_NAMES_OF_DETAIL)));
        let details = details.collect::<Vec<_>>().join(", ");
        match about.len().saturating_sub(MOST_NAMES) {
            0 => format!("{words}: {details}"),
            more => format!("{words}: {details} and {more} more"),
        }
    };
    all(groups).into_iter().map(line).collect()
}

/// Each kind of risk and how many changes it is about, in one line: `deleted (4), runs no more (2)`.
pub fn counts(groups: &[Group]) -> Option<String> {
    let count = |(kind, about): (Kind, BTreeMap<&str, Vec<&Shown>>)| {
        let mut keys: Vec<_> = about.values().flatten().map(|shown| &shown.key).collect();
        keys.sort();
        keys.dedup();
        let all: Vec<&Shown> = about.values().flatten().copied().collect();
        let details: Vec<&str> = about.keys().copied().filter(|detail| !detail.is_empty()).collect();
        let details = match details.len() {
            0 => String::new(),
            1..=FEW_DETAILS => format!(" {}", details.join(", ")),
            _ => " several".to_owned(),
        };
        format!("{}{details} ({})", words(kind, &all), keys.len())
    };
    let counts: Vec<String> = all(groups).into_iter().map(count).collect();
    (!counts.is_empty()).then(|| counts.join(", "))
}

/// Those that each kind of risk is about, by its details.
fn all(groups: &[Group]) -> BTreeMap<Kind, BTreeMap<&str, Vec<&Shown>>> {
    let mut all: BTreeMap<Kind, BTreeMap<&str, Vec<&Shown>>> = BTreeMap::new();
    for shown in groups.iter().flat_map(Group::all) {
        for risk in &shown.risks {
            let detail = risk.detail.as_deref().unwrap_or_default();
            all.entry(risk.kind).or_default().entry(detail).or_default().push(shown);
        }
    }
    all
}

fn words(kind: Kind, about: &[&Shown]) -> String {
    match kind {
        Kind::EndsAlerts => {
            let alerts = about.iter().flat_map(|shown| &shown.ends).filter_map(|ending| ending.alerts).sum();
            format!("ends {}", count(alerts, "active alert"))
        }
        kind => kind.as_str().to_owned(),
    }
}

fn named(about: &[&Shown], most: usize) -> String {
    let named = about.iter().take(most).map(|shown| match shown.users.len() {
        0 => shown.key.to_string(),
        users => format!("{} (used by {users})", shown.key),
    });
    let named = named.collect::<Vec<_>>().join(", ");
    match about.len().saturating_sub(most) {
        0 => named,
        more => format!("{named} and {more} more"),
    }
}

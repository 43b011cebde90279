//! Names within one monitor: ids of triggers and actions are carried over by them, and so they must differ.

use std::collections::HashMap;

use crate::source::finding::Finding;
use crate::source::place::Place;
use crate::source::report::Report;
use crate::source::yaml::Node;

/// The names of mappings in a list, and where each mapping stands; what has no name was found out elsewhere.
pub fn of(items: &[Node]) -> impl Iterator<Item = (&str, Place)> {
    let named = items.iter().filter_map(|item| Some((item.get("name")?.as_text()?, item.place.clone())));
    named.filter(|(name, _)| !name.trim().is_empty())
}

/// Finds names that are blank or given twice; `what` is `trigger` or `action`.
pub fn check<'a>(what: &str, names: impl Iterator<Item = (&'a str, Place)>, report: &Report) {
    let mut places: HashMap<&str, Place> = HashMap::new();
    for (name, place) in names {
        if name.trim().is_empty() {
            report.error(Finding::at(&place, format!("the name of this {what} is empty")));
        } else if let Some(first) = places.get(name) {
            let message = format!("two {what}s are named `{name}`, first at {first}");
            report.error(
                Finding::at(&place, message)
                    .hint("give one of the two another name: acknowledgements and throttles hang on it"),
            );
        } else {
            places.insert(name, place);
        }
    }
}

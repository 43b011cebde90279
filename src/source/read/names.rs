//! Names within one monitor: ids of triggers and actions are carried over by them, and so they must differ.

use std::collections::{HashMap, HashSet};

use crate::model::name::Name;
use crate::source::finding::Finding;
use crate::source::place::Place;
use crate::source::yaml::Node;

/// The names of mappings in a list, and where each mapping stands; what has no name was found out elsewhere.
pub fn of(items: &[Node]) -> impl Iterator<Item = (&str, Place)> {
    let named = items.iter().filter_map(|item| Some((item.get("name")?.as_text()?, item.place.clone())));
    named.filter(|(name, _)| !name.trim().is_empty())
}

/// What is wrong with names that are blank or given twice; `what` is `trigger`, `action` or `query`.
pub fn flaws<'a>(what: &str, names: impl Iterator<Item = (&'a str, Place)>) -> Vec<Finding> {
    let mut places: HashMap<&str, Place> = HashMap::new();
    let mut flaws = Vec::new();
    for (name, place) in names {
        if name.trim().is_empty() {
            flaws.push(Finding::at(&place, format!("the name of this {what} is empty")));
        } else if let Some(first) = places.get(name) {
            let (many, why) = match what {
                "query" => ("queries".to_owned(), "conditions name it"),
                _ => (format!("{what}s"), "acknowledgements and throttles hang on it"),
            };
            let message = format!("two {many} are named `{name}`, first at {first}");
            let hint = format!("give one of the two another name: {why}");
            flaws.push(Finding::at(&place, message).hint(hint));
        } else {
            places.insert(name, place);
        }
    }
    flaws
}

/// Whether names are as the friendly form wants them: none blank, none given twice.
pub fn are_plain<'a>(names: impl Iterator<Item = &'a Name>) -> bool {
    let mut seen = HashSet::new();
    names.map(Name::as_str).all(|name| !name.trim().is_empty() && seen.insert(name))
}

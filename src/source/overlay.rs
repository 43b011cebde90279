//! What an environment has otherwise than the files say, resource by resource, laid over a document before it is read.
//!
//! Mappings are merged key by key, and lists in which all items have a `name` item by item; anything else is replaced, a
//! `schedule` as a whole, since its keys exclude one another. Nothing at a key takes the key away. Each value keeps the
//! place where it was written, so that what is said of it later names the overlay and not the document.

use std::collections::{BTreeMap, BTreeSet};

use wildmatch::WildMatch;

use super::fields::Fields;
use super::finding::Finding;
use super::place::Place;
use super::report::Report;
use super::words::{listed, nearest};
use super::yaml::{Content, Entry, Node};
use crate::model::resource::{Key, Kind};

/// What resources of one kind have otherwise.
#[derive(Clone, Debug)]
pub struct Overlay {
    /// What they are.
    pub kind: Kind,
    /// Their name, or a pattern of names.
    pub name: String,
    /// Where the name stands.
    pub place: Place,
    /// What they have otherwise, in the words of their files.
    pub values: Node,
}

/// What of overlays met something so far; whatever met nothing is a mistake.
#[derive(Debug, Default)]
pub struct Met {
    places: BTreeSet<Place>,
    /// The names among which an item looked for its own.
    names: BTreeMap<Place, BTreeSet<String>>,
}

impl Met {
    /// Adds what met something elsewhere.
    pub fn absorb(&mut self, other: Met) {
        self.places.extend(other.places);
        for (place, names) in other.names {
            self.names.entry(place).or_default().extend(names);
        }
    }
}

/// Keys whose value is one thing, though it is a mapping.
pub const WHOLE: [&str; 1] = ["schedule"];

/// Reads all overlays of an environment.
pub fn read_all(node: &Node, report: &Report) -> Vec<Overlay> {
    let Content::Sequence(items) = &node.content else {
        let message = format!("expected a list for `overlays`, found {}", node.describe());
        report.error(Finding::at(&node.place, message).hint(EXAMPLE));
        return Vec::new();
    };
    items.iter().filter_map(|item| read(item, report)).collect()
}

const EXAMPLE: &str = "as `- {kind: monitor, name: errors, enabled: false}`";

fn read(node: &Node, report: &Report) -> Option<Overlay> {
    let keys: Vec<&str> = node.entries().iter().map(|entry| entry.key.as_str()).collect();
    let fields = Fields::of(node, "an overlay", &keys, report)?;
    for key in ["environments", "previous_names", "for_each"] {
        if fields.get(key).is_some() {
            fields.refuse(key, format!("an overlay has no `{key}`"), "say it in the file of the resource");
        }
    }
    let word = fields.need("kind", EXAMPLE)?;
    let kind = word.as_text().and_then(|text| text.parse::<Kind>().ok());
    if kind.is_none() {
        let words = Kind::ALL.map(Kind::as_str);
        let message = format!("expected a kind, found {}", word.describe());
        let near = nearest(word.as_text().unwrap_or_default(), words.into_iter());
        let hint = near.map_or_else(|| EXAMPLE.to_owned(), |near| format!("did you mean `{near}`?"));
        report.error(Finding::at(&word.place, message).hint(hint));
    }
    let name = fields.need_text("name", EXAMPLE)?.to_owned();
    let place = fields.get("name")?.place.clone();
    let mut values = node.clone();
    if let Content::Mapping(entries) = &mut values.content {
        entries.retain(|entry| !["kind", "name"].contains(&entry.key.as_str()));
    }
    if values.entries().is_empty() {
        report.error(Finding::at(&place, "an overlay that changes nothing").hint(EXAMPLE));
    }
    Some(Overlay { kind: kind?, name, place, values })
}

/// What overlays are laid on.
#[derive(Clone, Copy)]
pub struct Ground<'a> {
    /// How a text reads once it is filled in: names are compared so.
    pub spell: &'a dyn Fn(&Node) -> Option<String>,
    /// The lists whose items are all for other environments: they are looked through as those that have some.
    pub emptied: &'a BTreeSet<Place>,
}

/// Lays all overlays that are for it over a document of a kind and name, and gives where they stand.
pub fn lay(
    overlays: &[Overlay],
    kind: Kind,
    name: &str,
    document: &mut Node,
    met: &mut Met,
    ground: Ground<'_>,
) -> Vec<Place> {
    let mut laid = Vec::new();
    for overlay in overlays {
        let wanted = Node::new(overlay.place.clone(), Content::Text(overlay.name.clone()));
        if overlay.kind == kind && is_called(&(ground.spell)(&wanted).unwrap_or_default(), name) {
            met.places.insert(overlay.place.clone());
            laid.push(overlay.place.clone());
            merge(document, &overlay.values, met, ground);
        }
    }
    laid
}

/// Whether a name is the one that is wanted, or of that pattern.
fn is_called(wanted: &str, name: &str) -> bool {
    wanted == name || WildMatch::new(wanted).matches(name)
}

fn merge(below: &mut Node, above: &Node, met: &mut Met, ground: Ground<'_>) {
    match (&mut below.content, &above.content) {
        (Content::Mapping(entries), Content::Mapping(others)) => {
            for other in others {
                merge_entry(entries, other, met, ground);
            }
        }
        (Content::Sequence(items), Content::Sequence(others))
            if (are_named(items) || ground.emptied.contains(&below.place)) && are_named(others) =>
        {
            for other in others {
                merge_items(items, other, met, ground);
            }
        }
        _ => {
            *below = standing(above);
            meet_all(below, met);
        }
    }
}

/// What of an overlay may stand in a document by itself: an item whose name is a pattern looks for others.
fn standing(above: &Node) -> Node {
    let mut node = above.clone();
    match &mut node.content {
        Content::Sequence(items) => {
            if are_named(items) {
                items.retain(|item| !item.get("name").and_then(Node::as_text).is_some_and(is_pattern));
            }
            for item in items {
                *item = standing(item);
            }
        }
        Content::Mapping(entries) => {
            // nothing at a key takes it away, and is no value
            entries.retain(|entry| entry.value.content != Content::Null);
            for entry in entries {
                entry.value = standing(&entry.value);
            }
        }
        Content::Null | Content::Bool(_) | Content::Number(_) | Content::Text(_) => {}
    }
    node
}

fn is_pattern(name: &str) -> bool {
    name.contains(['*', '?'])
}

fn merge_entry(entries: &mut Vec<Entry>, other: &Entry, met: &mut Met, ground: Ground<'_>) {
    let at = entries.iter().position(|entry| entry.key == other.key);
    match (at, &other.value.content) {
        (Some(at), Content::Null) => {
            entries.remove(at);
            met.places.insert(other.value.place.clone());
        }
        (None, Content::Null) => {}
        (Some(at), content) => {
            let are_mappings =
                matches!((&entries[at].value.content, content), (Content::Mapping(_), Content::Mapping(_)));
            if are_mappings && WHOLE.contains(&other.key.as_str()) {
                meet_all(&other.value, met);
                entries[at] = other.clone();
            } else {
                merge(&mut entries[at].value, &other.value, met, ground);
                if entries[at].value.place == other.value.place {
                    // what replaces a value is said of the key, too
                    entries[at].place = other.place.clone();
                }
            }
        }
        (None, _) => {
            let value = standing(&other.value);
            meet_all(&value, met);
            if value.content != Content::Sequence(Vec::new()) || other.value.items().is_empty() {
                entries.push(Entry { value, ..other.clone() });
            }
        }
    }
}

fn merge_items(items: &mut [Node], other: &Node, met: &mut Met, ground: Ground<'_>) {
    let Some(wanted) = other.get("name") else { return };
    let pattern = (ground.spell)(wanted).unwrap_or_default();
    let mut values = other.clone();
    if let Content::Mapping(entries) = &mut values.content {
        entries.retain(|entry| entry.key != "name");
    }
    for item in items {
        let Some(name) = item.get("name").and_then(ground.spell) else { continue };
        if is_called(&pattern, &name) {
            met.places.insert(wanted.place.clone());
            merge(item, &values, met, ground);
        }
        met.names.entry(wanted.place.clone()).or_default().insert(name);
    }
}

/// Whether there are items, and all have a name by which they are known.
fn are_named(items: &[Node]) -> bool {
    !items.is_empty()
        && items.iter().all(|item| item.get("name").is_some_and(|name| name.as_text().is_some()))
}

/// What stands in a document as it is looks for nothing there.
fn meet_all(node: &Node, met: &mut Met) {
    each_seeker(node, &mut |place, _| {
        met.places.insert(place.clone());
    });
}

/// What in an overlay looks for something in a document: an item for one of its name, nothing for a key to take away.
fn each_seeker<'a>(node: &'a Node, see: &mut impl FnMut(&'a Place, Seeker<'a>)) {
    match &node.content {
        Content::Sequence(items) => {
            for item in items {
                if let Some(name) = item.get("name") {
                    see(&name.place, Seeker::Item(name.as_text().unwrap_or_default()));
                }
                each_seeker(item, see);
            }
        }
        Content::Mapping(entries) => {
            for entry in entries {
                match entry.value.content {
                    Content::Null => see(&entry.value.place, Seeker::Nothing(&entry.key)),
                    _ => each_seeker(&entry.value, see),
                }
            }
        }
        Content::Null | Content::Bool(_) | Content::Number(_) | Content::Text(_) => {}
    }
}

enum Seeker<'a> {
    /// An item, by its name.
    Item(&'a str),
    /// Nothing, at a key.
    Nothing(&'a str),
}

/// What of the overlays of an environment met nothing; `elsewhere` is what is declared for other environments alone, and for
/// which, `names` are those of a kind's resources here.
pub fn unmet(
    overlays: &[Overlay],
    met: &Met,
    environment: &str,
    elsewhere: &BTreeMap<Key, Vec<String>>,
    names: impl Fn(Kind) -> Vec<String>,
) -> Vec<Finding> {
    let mut findings = Vec::new();
    for overlay in overlays {
        let Overlay { kind, name, place, values } = overlay;
        if !met.places.contains(place) {
            let message = format!("no {kind} of environment `{environment}` is named `{name}`");
            if let Some(others) = elsewhere.get(&Key { kind: *kind, name: name.as_str().into() }) {
                let others: Vec<&str> = others.iter().map(String::as_str).collect();
                findings.push(Finding::at(place, message).hint(format!("it is only in {}", listed(&others))));
                continue;
            }
            let names = names(*kind);
            let near = nearest(name, names.iter().map(String::as_str));
            findings.push(Finding::at(place, message).hint(near.map_or_else(
                || "an overlay changes what a file declares for this environment; `*` in a name stands for any text".to_owned(),
                |near| format!("did you mean `{near}`?"),
            )));
            continue;
        }
        each_seeker(values, &mut |place, seeker| {
            if met.places.contains(place) {
                return;
            }
            findings.push(match seeker {
                Seeker::Item(name) => {
                    let names = met.names.get(place).into_iter().flatten().map(String::as_str);
                    let hint = nearest(name, names).map_or_else(
                        || "add it in the file of the resource, if `environments` there does not limit it to others".to_owned(),
                        |near| format!("did you mean `{near}`?"),
                    );
                    Finding::at(place, format!("nothing is named `{name}` in the list that this changes"))
                        .hint(hint)
                }
                Seeker::Nothing(key) => {
                    let message = format!("there is no `{key}` to take away");
                    Finding::at(place, message).hint("nothing at a key takes the key away; remove it here")
                }
            });
        });
    }
    findings
}

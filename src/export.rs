//! What lives in a cluster as files that declare it: one file a resource, named after it, in a fixed order; ids become
//! names and secrets variables.

use std::collections::BTreeSet;

use crate::api::live::{Destinations, Found, LiveMonitor, Unreadable};
use crate::api::wire::directory::Directory;
use crate::api::wire::doc_queries;
use crate::model::name::Name;
use crate::model::resource::{Key, Kind, Resource};
use crate::model::secret::Secret;
use crate::source::print::{Variables, print, print_protected};

/// The files, and what has to be known about them.
#[derive(Debug, Default)]
pub struct Export {
    /// In the order of their paths within each kind.
    pub files: Vec<File>,
    /// The variables that the files name, with the values that the server gave away.
    pub secrets: Vec<(String, Secret)>,
    /// Names that the cluster knows more than once: their files exclude each other.
    pub namesakes: Vec<(Kind, Name)>,
    /// What could not be understood, and so stands in no file.
    pub unreadable: Vec<Unreadable>,
    /// The kinds of which the server lists none to this user, and its reason.
    pub hidden: Vec<(Kind, String)>,
    /// What the server shows and no file can say, as pointers.
    pub unknown: Vec<(Key, String)>,
    /// What an apply filled secrets into, which now stand in its file.
    pub filled: Vec<Key>,
}

/// One file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// Its path below the project's folder, with `/` between its parts.
    pub path: String,
    /// Its content.
    pub text: String,
}

/// Writes all that lives in the cluster as files.
pub fn export(destinations: &Destinations, monitors: Vec<Found>) -> Export {
    let mut export = Export::default();
    let mut live: Vec<LiveMonitor> = Vec::with_capacity(monitors.len());
    export.unreadable.clone_from(&destinations.unreadable);
    export.hidden.clone_from(&destinations.hidden);
    for monitor in monitors {
        match monitor {
            Found::Monitor(monitor) => live.push(*monitor),
            Found::Unreadable(other) => export.unreadable.push(other),
            Found::Notice { .. } => {}
        }
    }
    let order = |live: &LiveMonitor| (live.key(), live.id.clone());
    live.sort_by_cached_key(order);
    export.unreadable.sort_by(|a, b| (a.kind, &a.name, &a.id).cmp(&(b.kind, &b.name, &b.id)));
    let is_filled = |live: &&LiveMonitor| live.mark.as_ref().is_some_and(|mark| mark.secrets > 0);
    export.filled = live.iter().filter(is_filled).map(LiveMonitor::key).collect();
    let of_monitors = live.iter().map(|live| (live.key(), &live.unknown));
    let of_destinations = destinations.live.iter().map(|live| (live.key(), &live.unknown));
    for (key, pointers) in of_monitors.chain(of_destinations) {
        export.unknown.extend(pointers.iter().map(|pointer| (key.clone(), pointer.clone())));
    }
    let destinations = destinations.live.iter();
    let keys = destinations.clone().map(|live| (live.id.clone(), live.key()));
    let directory = Directory::of(keys.chain(live.iter().map(|live| (live.id.clone(), live.key()))));
    let destinations = destinations
        .map(|live| (Resource::Destination(directory.with_names(live.destination.clone())), false));
    let monitors = live.into_iter().map(|mut live| {
        doc_queries::forget_unnamed(&mut live.monitor);
        let is_protected = live.is_protected();
        (Resource::Monitor(directory.with_names(live.monitor)), is_protected)
    });
    let mut taken: BTreeSet<String> = BTreeSet::new();
    let mut variables = Variables::default();
    let mut before: Option<(Kind, Name)> = None;
    for (resource, is_protected) in destinations.chain(monitors) {
        let (kind, name) = (resource.kind(), resource.name().clone());
        let print = if is_protected { print_protected } else { print };
        let text = print(&resource, &mut variables);
        export.files.push(File { path: free_path(kind, &name, &mut taken), text });
        let this = Some((kind, name));
        if this == before && export.namesakes.last() != this.as_ref() {
            export.namesakes.extend(this.clone());
        }
        before = this;
    }
    export.secrets = variables.into_secrets();
    export
}

/// A path that no other resource has, even on a disk that does not tell capitals from small letters.
fn free_path(kind: Kind, name: &Name, taken: &mut BTreeSet<String>) -> String {
    let folder = format!("{}s", kind.as_str());
    let stem = stem(name);
    let mut number = 1;
    loop {
        let path = match number {
            1 => format!("{folder}/{stem}.yaml"),
            number => format!("{folder}/{stem}-{number}.yaml"),
        };
        if taken.insert(path.to_lowercase()) {
            return path;
        }
        number += 1;
    }
}

/// A file name after `name`: its letters and digits of any script, and a hyphen for each run of anything else.
fn stem(name: &Name) -> String {
    let mut stem = String::new();
    for c in name.as_str().chars() {
        if c.is_alphanumeric() || c == '_' || (c == '.' && !stem.is_empty()) {
            stem.push(c);
        } else if !stem.is_empty() && !stem.ends_with('-') {
            stem.push('-');
        }
        if stem.len() >= 100 {
            break;
        }
    }
    let stem = stem.trim_end_matches(['-', '.']);
    if stem.is_empty() { "unnamed".to_owned() } else { stem.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_free_of_each_other_and_of_tricks() {
        let mut taken = BTreeSet::new();
        let paths = ["5xx > 1%", "5xx 1", "../etc/passwd", "", "Ops", "ops", "エラー"]
            .map(|name| free_path(Kind::Monitor, &name.into(), &mut taken));
        assert_eq!(
            paths,
            [
                "monitors/5xx-1.yaml",
                "monitors/5xx-1-2.yaml",
                "monitors/etc-passwd.yaml",
                "monitors/unnamed.yaml",
                "monitors/Ops.yaml",
                "monitors/ops-2.yaml",
                "monitors/エラー.yaml",
            ]
        );
    }
}

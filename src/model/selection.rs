//! Which resources a run is about: by name, kind, label, path, or what changed since a revision of git.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use wildmatch::WildMatch;

use super::resource::{Key, Kind};

/// One thing by which resources are selected. `*` in a pattern stands for any text, `?` for one character.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Term {
    /// A pattern of names.
    Name(String),
    /// A kind.
    Kind(Kind),
    /// A label, and a pattern of what it says.
    Label(String, String),
    /// A folder, or a pattern of files, from the project's folder on.
    Path(String),
    /// The files that changed since a revision, those that are not committed included.
    Since(String),
}

/// How a term is written.
pub const EXPECTED: &str =
    "`name=PATTERN`, `kind=KIND`, `label=KEY=PATTERN`, `path=PATTERN` or `since=REVISION`";

impl FromStr for Term {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (what, rest) = text.split_once('=').ok_or(format!("expected {EXPECTED}"))?;
        if rest.is_empty() {
            return Err(format!("nothing stands behind the `=` of `{text}`"));
        }
        Ok(match what {
            "name" => Term::Name(rest.to_owned()),
            "kind" => Term::Kind(rest.parse()?),
            "label" => {
                let (key, value) = rest.split_once('=').unwrap_or((rest, "*"));
                Term::Label(key.to_owned(), value.to_owned())
            }
            "path" => match rest.trim_start_matches("./").trim_end_matches('/') {
                "" => Term::Path(".".to_owned()),
                path => Term::Path(path.to_owned()),
            },
            "since" => Term::Since(rest.to_owned()),
            _ => return Err(format!("nothing is selected by `{what}`: expected {EXPECTED}")),
        })
    }
}

impl fmt::Display for Term {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Term::Name(pattern) => write!(f, "name={pattern}"),
            Term::Kind(kind) => write!(f, "kind={kind}"),
            Term::Label(key, pattern) => write!(f, "label={key}={pattern}"),
            Term::Path(pattern) => write!(f, "path={pattern}"),
            Term::Since(revision) => write!(f, "since={revision}"),
        }
    }
}

/// What is selected: terms of one kind widen it, those of different kinds narrow it. Without terms it is all.
#[derive(Clone, Debug, Default)]
pub struct Selection {
    /// The terms.
    pub terms: Vec<Term>,
    /// The files that changed since the revisions of the terms, from the project's folder on.
    pub changed: BTreeSet<String>,
}

/// What a resource is selected by; one that no file declares has only its key.
#[derive(Clone, Copy, Debug)]
pub struct Subject<'a> {
    /// What it is and what it is called.
    pub key: &'a Key,
    /// Its labels.
    pub labels: &'a [(String, String)],
    /// The files that declare it.
    pub files: &'a [&'a str],
}

impl Selection {
    /// Whether it is all.
    pub fn is_all(&self) -> bool {
        self.terms.is_empty()
    }

    /// Whether nothing may be wrong when it selects nothing.
    pub fn may_be_empty(&self) -> bool {
        self.terms.iter().any(|term| matches!(term, Term::Since(_)))
    }

    /// Whether a resource is selected.
    pub fn selects(&self, subject: Subject<'_>) -> bool {
        self.terms.iter().all(|term| {
            let mut alike = self.terms.iter().filter(|other| is_alike(term, other));
            alike.any(|term| self.matches(term, subject))
        })
    }

    fn matches(&self, term: &Term, Subject { key, labels, files }: Subject<'_>) -> bool {
        match term {
            Term::Name(pattern) => WildMatch::new(pattern).matches(key.name.as_str()),
            Term::Kind(kind) => *kind == key.kind,
            Term::Label(name, pattern) => {
                labels.iter().any(|(key, value)| key == name && WildMatch::new(pattern).matches(value))
            }
            Term::Path(pattern) => {
                let is_below = |file: &str| {
                    file.strip_prefix(pattern.as_str()).is_some_and(|rest| rest.starts_with('/'))
                };
                files
                    .iter()
                    .any(|file| pattern == "." || is_below(file) || WildMatch::new(pattern).matches(file))
            }
            Term::Since(_) => files.iter().any(|file| self.changed.contains(*file)),
        }
    }
}

/// Labels of two keys narrow each other.
fn is_alike(one: &Term, other: &Term) -> bool {
    match (one, other) {
        (Term::Label(one, _), Term::Label(other, _)) => one == other,
        _ => std::mem::discriminant(one) == std::mem::discriminant(other),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn selects(terms: &[&str], changed: &[&str]) -> bool {
        let selection = Selection {
            terms: terms.iter().map(|term| term.parse().unwrap()).collect(),
            changed: changed.iter().map(ToString::to_string).collect(),
        };
        let key = Key { kind: Kind::Monitor, name: "web-errors".into() };
        let labels = [("team".to_owned(), "network".to_owned()), ("tier".to_owned(), "1".to_owned())];
        selection.selects(Subject { key: &key, labels: &labels, files: &["monitors/web/errors.yaml"] })
    }

    #[test]
    fn terms_of_one_kind_widen_and_those_of_different_kinds_narrow() {
        assert!(selects(&[], &[]));
        for (terms, is_selected) in [
            (&["name=web-*"][..], true),
            (&["name=web"], false),
            (&["name=db-*", "name=web-????rs"], true),
            (&["kind=monitor", "name=db-*"], false),
            (&["kind=workflow", "kind=monitor"], true),
            (&["label=team=network", "label=tier"], true),
            (&["label=team=network", "label=tier=2"], false),
            (&["label=team=data", "label=team=net*"], true),
            (&["path=monitors"], true),
            (&["path=./monitors/web/"], true),
            (&["path=monitors/we"], false),
            (&["path=*/errors.yaml"], true),
            (&["path=."], true),
            (&["path=./"], true),
            (&["since=main"], false),
        ] {
            assert_eq!(selects(terms, &[]), is_selected, "{terms:?}");
        }
        assert!(selects(&["since=main"], &["monitors/web/errors.yaml"]));
    }

    #[test]
    fn a_term_is_written_as_it_is_read() {
        for text in ["name=a*", "kind=email_group", "label=team=x", "path=monitors", "since=origin/main"] {
            assert_eq!(text.parse::<Term>().unwrap().to_string(), text);
        }
        assert_eq!("label=team".parse::<Term>().unwrap().to_string(), "label=team=*");
        for wrong in ["", "name", "name=", "kind=monitors", "colour=red"] {
            assert!(wrong.parse::<Term>().is_err(), "{wrong}");
        }
    }
}

//! Collects what is wrong and what is odd while files are read, so that one run shows all of it.

use std::cell::{Cell, RefCell};
use std::collections::{HashMap, HashSet};

use super::finding::Finding;
use super::place::Place;

/// What was found so far.
#[derive(Debug, Default)]
pub struct Report {
    errors: RefCell<Vec<Finding>>,
    warnings: RefCell<Vec<Finding>>,
    unread: RefCell<Vec<Finding>>,
    unknown: RefCell<HashSet<Place>>,
    origins: RefCell<HashMap<Place, String>>,
    /// Where else what was found has to do with, in order.
    contexts: RefCell<HashMap<Finding, Vec<String>>>,
    /// Whether there is a document of which nobody knows what it declares.
    is_partial: Cell<bool>,
}

/// What was found, in the order of the files.
#[derive(Debug)]
pub struct Findings {
    /// What keeps the project from being loaded.
    pub errors: Vec<Finding>,
    /// What is odd.
    pub warnings: Vec<Finding>,
    /// What could not be read and is taken for another tool's.
    pub unread: Vec<Finding>,
}

impl Report {
    /// Takes down what keeps the project from being loaded.
    pub fn error(&self, mut finding: Finding) {
        if let Some(origin) =
            finding.place.as_ref().and_then(|place| self.origins.borrow().get(place).cloned())
        {
            finding.message.push_str(&origin);
        }
        let is_known = |place| !self.unknown.borrow().contains(place);
        if finding.place.as_ref().is_none_or(is_known) {
            self.errors.borrow_mut().push(finding);
        }
    }

    /// Takes down all that keeps the project from being loaded.
    pub fn errors(&self, findings: Vec<Finding>) {
        for finding in findings {
            self.error(finding);
        }
    }

    /// Takes down why the value at `place` cannot be known, so that nothing else is said of it.
    pub fn unknown(&self, place: &Place, finding: Finding) {
        self.error(finding);
        self.set_unknown(place);
    }

    /// Takes down that the value at `place` cannot be known, of which is said elsewhere why.
    pub fn set_unknown(&self, place: &Place) {
        self.unknown.borrow_mut().insert(place.clone());
    }

    /// Takes down that the value at `place` has a variable in it that is said at `origin`, for whatever is said of it later.
    pub fn note_origin(&self, place: &Place, name: &str, origin: &Place) {
        let note = format!(" (`{name}` is said at {origin})");
        self.origins.borrow_mut().entry(place.clone()).or_default().push_str(&note);
    }

    /// Gives the errors so far, and forgets them.
    pub fn take_errors(&self) -> Vec<Finding> {
        self.errors.take()
    }

    /// Takes down what is odd.
    pub fn warning(&self, finding: Finding) {
        self.warnings.borrow_mut().push(finding);
    }

    /// Takes down what could not be read and is taken for another tool's: it may declare something all the same.
    pub fn unread(&self, finding: Finding) {
        self.unread.borrow_mut().push(finding);
    }

    /// Takes down all that is odd.
    pub fn warnings(&self, findings: Vec<Finding>) {
        for finding in findings {
            self.warning(finding);
        }
    }

    /// Takes down why a document cannot be read at all: it may declare any resource, and mention any variable.
    pub fn lost(&self, finding: Finding) {
        self.error(finding);
        self.is_partial.set(true);
    }

    /// Takes down that there is such a document, of which is said elsewhere why.
    pub fn set_partial(&self) {
        self.is_partial.set(true);
    }

    /// Whether there is such a document.
    pub fn is_partial(&self) -> bool {
        self.is_partial.get()
    }

    /// Adds all that another report took down.
    pub fn absorb(&self, other: Report) {
        let Report { errors, warnings, unread, unknown, origins, contexts, is_partial } = other;
        self.is_partial.set(self.is_partial.get() || is_partial.get());
        for (finding, told) in contexts.into_inner() {
            self.contexts.borrow_mut().entry(finding).or_default().extend(told);
        }
        self.origins.borrow_mut().extend(origins.into_inner());
        self.unread.borrow_mut().extend(unread.into_inner());
        self.errors.borrow_mut().extend(errors.into_inner());
        self.warnings.borrow_mut().extend(warnings.into_inner());
        self.unknown.borrow_mut().extend(unknown.into_inner());
    }

    /// Adds all that another report took down of one resource; `context` names it where `is_told` says so.
    pub fn absorb_of(&self, other: Report, context: &str, is_told: impl Fn(&Finding) -> bool) {
        self.note_context(&other, context, is_told);
        self.absorb(other);
    }

    /// Says of what another report took down, where `is_told` says so, what it is about.
    pub fn note_context(&self, other: &Report, context: &str, is_told: impl Fn(&Finding) -> bool) {
        let found = [other.errors.borrow().clone(), other.warnings.borrow().clone()].concat();
        for finding in found.into_iter().filter(is_told) {
            self.contexts.borrow_mut().entry(finding).or_default().push(context.to_owned());
        }
    }

    /// Whether there is an error already.
    pub fn has_errors(&self) -> bool {
        !self.errors.borrow().is_empty()
    }

    /// All that was taken down, in the order of the files.
    pub fn into_findings(self) -> Findings {
        let Report { errors, warnings, unread, unknown: _, origins: _, contexts, is_partial: _ } = self;
        let contexts = contexts.into_inner();
        let sorted = |findings: RefCell<Vec<Finding>>| {
            let mut findings = findings.into_inner();
            findings.sort_by(|a, b| a.place.cmp(&b.place));
            findings.dedup();
            for finding in &mut findings {
                let told = contexts.get(finding).map(Vec::as_slice);
                match told {
                    None | Some([]) => {}
                    Some([one]) => finding.message = format!("{} ({one})", finding.message),
                    Some([one, others @ ..]) => {
                        finding.message = format!("{} ({one}, and {} more)", finding.message, others.len());
                    }
                }
            }
            findings
        };
        Findings { errors: sorted(errors), warnings: sorted(warnings), unread: sorted(unread) }
    }
}

//! Collects what is wrong and what is odd while files are read, so that one run shows all of it.

use std::cell::RefCell;
use std::collections::HashSet;

use super::finding::Finding;
use super::place::Place;

/// What was found so far.
#[derive(Debug, Default)]
pub struct Report {
    errors: RefCell<Vec<Finding>>,
    warnings: RefCell<Vec<Finding>>,
    unknown: RefCell<HashSet<Place>>,
}

impl Report {
    /// Takes down what keeps the project from being loaded.
    pub fn error(&self, finding: Finding) {
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
        self.unknown.borrow_mut().insert(place.clone());
    }

    /// Takes down what is odd.
    pub fn warning(&self, finding: Finding) {
        self.warnings.borrow_mut().push(finding);
    }

    /// Takes down all that is odd.
    pub fn warnings(&self, findings: Vec<Finding>) {
        for finding in findings {
            self.warning(finding);
        }
    }

    /// Adds all that another report took down.
    pub fn absorb(&self, other: Report) {
        let Report { errors, warnings, unknown } = other;
        self.errors.borrow_mut().extend(errors.into_inner());
        self.warnings.borrow_mut().extend(warnings.into_inner());
        self.unknown.borrow_mut().extend(unknown.into_inner());
    }

    /// Whether there is an error already.
    pub fn has_errors(&self) -> bool {
        !self.errors.borrow().is_empty()
    }

    /// The errors and the warnings, each in the order of the files.
    pub fn into_parts(self) -> (Vec<Finding>, Vec<Finding>) {
        let sorted = |findings: RefCell<Vec<Finding>>| {
            let mut findings = findings.into_inner();
            findings.sort_by(|a, b| a.place.cmp(&b.place));
            findings.dedup();
            findings
        };
        (sorted(self.errors), sorted(self.warnings))
    }
}

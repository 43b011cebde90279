//! Documents as the servers' indices hold them: versions, sequence numbers, and what a search sees when.

use std::collections::{BTreeMap, HashMap};

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// How long a write without a refresh stays hidden from searches, in milliseconds.
const REFRESH_INTERVAL: i64 = 1000;

/// A document.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Document {
    /// 1 after the create; grows by one with each write.
    pub version: u64,
    /// The place of the last write among all writes of the index.
    pub seq_no: u64,
    /// What was written. The primary term is always 1.
    pub body: Value,
}

/// When searches see a write; reads by id always do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refresh {
    /// At once, with all that came before it.
    Now,
    /// A second later.
    Later,
}

/// An index: documents by id, in the order of their last writes.
#[derive(Clone, Debug, Default)]
pub struct Index {
    /// Whether the index has been made; the servers make theirs with the first write.
    pub exists: bool,
    documents: HashMap<String, Document>,
    order: BTreeMap<u64, String>,
    kinds: BTreeMap<String, usize>,
    next_seq_no: u64,
    /// The versions of deletions: a document that comes back, or is deleted once more, counts on.
    gone: HashMap<String, u64>,
    /// What searches still see of documents that were written without a refresh.
    hidden: BTreeMap<String, Option<Document>>,
    hidden_since: i64,
}

impl Index {
    /// Gives a document by id.
    pub fn get(&self, id: &str) -> Option<&Document> {
        self.documents.get(id)
    }

    /// Gives the sequence number that the next write gets.
    pub const fn next_seq_no(&self) -> u64 {
        self.next_seq_no
    }

    /// Gives the version that the next write of a document gets, a deletion too.
    pub fn next_version(&self, id: &str) -> u64 {
        let current = self.documents.get(id).map(|document| document.version);
        current.or_else(|| self.gone.get(id).copied()).map_or(1, |version| version + 1)
    }

    /// Counts the documents of a kind, which is the key of their wrapper, hidden ones too.
    pub fn count(&self, kind: &str) -> usize {
        self.kinds.get(kind).copied().unwrap_or(0)
    }

    /// Counts the documents, hidden ones too.
    pub fn len(&self) -> usize {
        self.documents.len()
    }

    /// Says whether there is no document.
    pub fn is_empty(&self) -> bool {
        self.documents.is_empty()
    }

    /// Gives the documents, newest writes too, in the order of their writes.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Document)> {
        self.order.values().filter_map(|id| Some((id.as_str(), self.documents.get(id)?)))
    }

    /// Gives the documents that a search sees at a time, in the order of their writes.
    pub fn searchable(&self, now: i64) -> Vec<(&str, &Document)> {
        if self.hidden.is_empty() || now - self.hidden_since >= REFRESH_INTERVAL {
            return self.iter().collect();
        }
        let mut seen: Vec<_> = self.iter().filter(|(id, _)| !self.hidden.contains_key(*id)).collect();
        seen.extend(self.hidden.iter().filter_map(|(id, before)| Some((id.as_str(), before.as_ref()?))));
        seen.sort_by_key(|(_, document)| document.seq_no);
        seen
    }

    /// Shows searches all that was written.
    pub fn reveal(&mut self) {
        self.hidden.clear();
    }

    /// Writes a document as it is told to, or takes one away when there is no new one; the index exists afterwards.
    pub(super) fn apply(&mut self, id: &str, after: Option<Document>, seq_no: u64) {
        self.exists = true;
        self.next_seq_no = self.next_seq_no.max(seq_no + 1);
        let version = self.next_version(id);
        if let Some(before) = self.documents.remove(id) {
            self.order.remove(&before.seq_no);
            if let Some(count) = kind(&before).and_then(|kind| self.kinds.get_mut(kind)) {
                *count -= 1;
            }
        }
        if after.is_none() {
            self.gone.insert(id.to_owned(), version);
        }
        if let Some(document) = after {
            self.gone.remove(id);
            if let Some(kind) = kind(&document) {
                *self.kinds.entry(kind.to_owned()).or_default() += 1;
            }
            self.order.insert(document.seq_no, id.to_owned());
            self.documents.insert(id.to_owned(), document);
        }
    }

    /// Decides what searches see of a write that is about to be applied.
    pub(super) fn refresh(&mut self, id: &str, refresh: Refresh, now: i64) {
        if refresh == Refresh::Now || now - self.hidden_since >= REFRESH_INTERVAL {
            self.hidden.clear();
        }
        if refresh == Refresh::Later {
            if self.hidden.is_empty() {
                self.hidden_since = now;
            }
            let before = self.documents.get(id).cloned();
            self.hidden.entry(id.to_owned()).or_insert(before);
        }
    }
}

/// The key of a document's wrapper.
fn kind(document: &Document) -> Option<&str> {
    document.body.as_object()?.keys().next().map(String::as_str)
}

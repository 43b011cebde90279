//! The orders of Java's collections, which show in what a server gives back.

use std::cmp::Ordering;

use serde_json::Value;

use crate::api::line::Line;

/// Puts texts into the order of a `HashSet` made without a size, each once.
pub fn hash_set(texts: Vec<Value>) -> Vec<Value> {
    let mut unique: Vec<Value> = Vec::with_capacity(texts.len());
    for text in texts {
        if !unique.contains(&text) {
            unique.push(text);
        }
    }
    let buckets = buckets(16, unique.len());
    unique.sort_by_key(|text| bucket(text.as_str().unwrap_or_default(), buckets));
    unique
}

/// Puts entries into the order of a `HashMap` made without a size.
pub fn hash_map<T>(entries: &mut [(String, T)]) {
    let buckets = buckets(16, entries.len());
    entries.sort_by_key(|(key, _)| bucket(key, buckets));
}

/// Puts entries that stand in the order of one `HashMap` into the order of its copy, which is made just large enough:
/// Java 21, on which servers of the newest line run, counts that out more sharply.
pub fn copied_hash_map<T>(entries: &mut [(String, T)], line: Line) {
    let full = entries.len() * 4;
    let size = if line < Line::V3 { full / 3 + 1 } else { full.div_ceil(3) };
    let buckets = size.next_power_of_two();
    entries.sort_by_key(|(key, _)| bucket(key, buckets));
}

/// Gives what `String.hashCode` gives.
pub fn hash(text: &str) -> i32 {
    text.encode_utf16().fold(0_i32, |hash, unit| hash.wrapping_mul(31).wrapping_add(i32::from(unit)))
}

/// Gives what `Long.hashCode` gives: both halves in one.
#[expect(clippy::cast_possible_truncation, reason = "the upper half is in the lower one")]
pub fn hash_long(long: i64) -> i32 {
    (long ^ (long >> 32)) as i32
}

/// Compares texts as `String.compareTo` does: by UTF-16 units.
pub fn compare(one: &str, other: &str) -> Ordering {
    one.encode_utf16().cmp(other.encode_utf16())
}

/// The number of buckets once so many entries are in; a map grows when it is three quarters full.
fn buckets(first: usize, entries: usize) -> usize {
    let mut buckets = first;
    while entries * 4 > buckets * 3 {
        buckets *= 2;
    }
    buckets
}

fn bucket(text: &str, buckets: usize) -> usize {
    let hash = hash(text).cast_unsigned();
    (hash ^ (hash >> 16)) as usize & (buckets - 1)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{copied_hash_map, hash_map, hash_set};
    use crate::api::line::Line;

    #[test]
    fn a_set_has_the_order_of_its_hashes() {
        let ids = ["web-10", "db-2", "api", "zeta", "web-9", "web-9"].map(|id| json!(id)).to_vec();
        assert_eq!(hash_set(ids), ["zeta", "web-10", "api", "web-9", "db-2"].map(|id| json!(id)));
    }

    #[test]
    fn a_copy_of_a_map_has_an_order_of_its_own() {
        let order = |keys: &[&str], line| {
            let mut fields: Vec<(String, ())> = keys.iter().map(|key| ((*key).to_owned(), ())).collect();
            hash_map(&mut fields);
            copied_hash_map(&mut fields, line);
            fields.into_iter().map(|(key, ())| key).collect::<Vec<_>>()
        };
        let five = ["zeta", "alpha", "mid", "error", "message"];
        assert_eq!(order(&five, Line::V2_19), ["zeta", "mid", "error", "message", "alpha"]);
        assert_eq!(order(&["message", "host"], Line::V1_3), ["host", "message"]);
        let three = ["path", "env", "region"];
        assert_eq!(order(&three, Line::V2_19), ["path", "env", "region"]);
        assert_eq!(order(&three, Line::V3), ["env", "region", "path"]);
    }
}

//! What our mark notes of each field that was written, in a few letters: by it a plan tells who moved a field since.

use sha2::{Digest, Sha256};

use crate::model::field::{Field, fields};
use crate::model::monitor::Monitor;
use crate::model::name::Name;

/// So many letters note one field: enough that two are not taken for each other, and few enough for all fields of all
/// monitors to be read each time.
const NOTE: usize = 5;

/// Notes what each field of a monitor holds, which must be in canonical form, with ids for destinations.
pub fn of(monitor: &Monitor) -> String {
    fields(monitor).iter().map(|(field, value)| digest_of_field(field, value)).collect()
}

/// Whether this is noted of a field.
pub fn has(notes: &str, field: &Field, value: &str) -> bool {
    let digest = digest_of_field(field, value);
    notes.as_bytes().chunks(NOTE).any(|noted| noted == digest.as_bytes())
}

fn digest_of_field(field: &Field, value: &str) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let mut digest = Sha256::new();
    let Field { trigger, action, key } = field;
    for name in [trigger, action] {
        digest.update(name.as_ref().map(Name::as_str).unwrap_or_default());
        digest.update([0]);
    }
    digest.update(key);
    digest.update([0]);
    digest.update(value);
    digest.finalize().iter().take(NOTE).map(|byte| char::from(LETTERS[usize::from(byte % 64)])).collect()
}

//! Numbers with their nouns: a leaf that knows no other file, so that errors can count too.

/// A number and its noun: `1 monitor`, `3 monitors`.
pub fn count(number: usize, noun: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{number} {noun}{plural}")
}

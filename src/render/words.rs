//! Words that several formats share.

/// A number and its noun: `1 monitor`, `3 monitors`.
pub fn count(number: usize, noun: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{number} {noun}{plural}")
}

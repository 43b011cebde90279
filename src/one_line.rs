//! Texts of others on one line of ours: a name in a cluster or in a file may hold line breaks, and what follows them must
//! not look like a line that we wrote.

use std::borrow::Cow;

/// The text with line breaks spelled out.
pub fn one_line(text: &str) -> Cow<'_, str> {
    if text.contains(['\n', '\r']) {
        Cow::Owned(text.replace('\n', "\\n").replace('\r', "\\r"))
    } else {
        Cow::Borrowed(text)
    }
}

/// The same in backticks.
pub fn quoted(text: &str) -> String {
    format!("`{}`", one_line(text))
}

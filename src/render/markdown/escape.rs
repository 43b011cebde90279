//! Text that people wrote as Markdown shows it: as it is, with nothing that Markdown or HTML would take for its own.

use std::fmt::Write;

use crate::one_line::one_line;

/// A fence that is longer than any in the text.
pub fn fence(text: &str) -> String {
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or_default();
    "`".repeat(longest.max(2) + 1)
}

/// The text, of one line, as code.
pub fn code(text: &str) -> String {
    format!("<code>{}</code>", plain(&one_line(text)))
}

/// The text with what stands in backticks as code, and nothing that Markdown or HTML would take for its own.
pub fn escaped(text: &str) -> String {
    let mut parts = text.split('`').peekable();
    let mut escaped = String::new();
    let mut is_code = false;
    while let Some(part) = parts.next() {
        // a backtick without a partner is a character like any other
        if is_code && parts.peek().is_some() {
            escaped.push_str(&code(part));
        } else {
            if is_code {
                escaped.push_str("&#96;");
            }
            escaped.push_str(&plain(part));
        }
        is_code = !is_code;
    }
    escaped
}

fn plain(text: &str) -> String {
    let mut plain = String::new();
    for c in text.chars() {
        match c {
            '&' => plain.push_str("&amp;"),
            '<' => plain.push_str("&lt;"),
            '>' => plain.push_str("&gt;"),
            // writing to a `String` cannot fail
            c if "\\*_[]#|~@".contains(c) => drop(write!(plain, "&#{};", c as u32)),
            c => plain.push(c),
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_people_wrote_stays_text() {
        assert_eq!(
            escaped("a <b> `x & y` *z* @all"),
            "a &lt;b&gt; <code>x &amp; y</code> &#42;z&#42; &#64;all"
        );
        assert_eq!(escaped("one ` alone"), "one &#96; alone");
        // HTML does not stop Markdown within it
        assert_eq!(escaped("`a-*` and `[b](c)`"), "<code>a-&#42;</code> and <code>&#91;b&#93;(c)</code>");
        assert_eq!(fence("a ``` b ```` c"), "`````");
        assert_eq!(fence("plain"), "```");
    }
}

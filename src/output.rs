//! The one way to the screen: data to stdout, talk to stderr; a reader who stops reading is no error of ours, and what
//! others wrote cannot steer a terminal.

mod progress;

use std::borrow::Cow;
use std::io::{self, ErrorKind, Write};

pub use progress::Progress;

use crate::error::Error;

/// Writes data for people; what is left over when the reader has gone, as `head` does, is dropped.
pub fn print(text: &str) -> Result<(), Error> {
    write(&harmless(text))
}

/// Writes data for programs, byte for byte.
pub fn print_json(text: &str) -> Result<(), Error> {
    write(text)
}

/// Tells the user something, in a line of its own; what is being done goes on whether or not anybody listens.
pub fn tell(text: &str) {
    let line = format!("{}\n", harmless(text));
    // nobody is left to hear of a stderr that takes nothing
    progress::above_the_bar(|| drop(io::stderr().lock().write_all(line.as_bytes())));
}

fn write(text: &str) -> Result<(), Error> {
    let mut out = io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(Error::Unprintable(error)),
        _ => Ok(()),
    }
}

/// The text with control characters spelled out: a name in a cluster may hold the orders of a terminal.
pub fn harmless(text: &str) -> Cow<'_, str> {
    if !text.contains(is_order) {
        return Cow::Borrowed(text);
    }
    let spelled = |c: char| if is_order(c) { c.escape_unicode().to_string() } else { c.to_string() };
    Cow::Owned(text.chars().map(spelled).collect())
}

/// Whether a terminal obeys the character instead of showing it: those that turn the direction of what follows make a
/// line read as another one.
fn is_order(c: char) -> bool {
    matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
        || (c.is_control() && c != '\n' && c != '\t')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_line_breaks_and_tabs_reach_a_terminal() {
        assert_eq!(harmless("plain, \u{e9}\u{4e2d}\n\t"), "plain, \u{e9}\u{4e2d}\n\t");
        assert_eq!(harmless("\u{1b}]0;x\u{7}\r\u{9b}2J\0"), r"\u{1b}]0;x\u{7}\u{d}\u{9b}2J\u{0}");
    }

    #[test]
    fn no_character_turns_the_direction_of_a_line() {
        assert_eq!(harmless("a\u{202e}b\u{2066}c\u{2069}d"), r"a\u{202e}b\u{2066}c\u{2069}d");
        assert_eq!(harmless("\u{202a}\u{200e}\u{200f}\u{61c}"), r"\u{202a}\u{200e}\u{200f}\u{61c}");
        let hebrew = "\u{5d0}\u{200d}\u{2029}\u{2070}";
        assert_eq!(harmless(hebrew), hebrew);
    }
}

//! Where the text of a scalar begins, so that a line and a column in it have a place in the file.

use granit_parser::{ScalarStyle, Span};

use crate::source::place::Place;

/// Where a JSON object in a text begins: that of a literal block is indented as a whole, another one is as in the file
/// if it stands on one line and nothing in it is escaped.
pub fn text_start(text: &str, style: ScalarStyle, span: &Span, place: &Place) -> Option<(u32, u32)> {
    let json = text.trim_start();
    if !json.starts_with('{') {
        return None;
    }
    if style == ScalarStyle::Literal {
        let blank_lines = text[..text.len() - json.len()].matches('\n').count();
        return Some((place.line.saturating_sub(u32::try_from(blank_lines).ok()?), place.column));
    }
    let quote = u32::from(style != ScalarStyle::Plain);
    let is_as_written = span.start.line() == span.end.line()
        && span.end.col() - span.start.col() == text.chars().count() + 2 * quote as usize;
    is_as_written.then_some((place.line, place.column + quote))
}

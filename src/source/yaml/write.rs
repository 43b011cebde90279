//! Nodes to text, as a careful person would write it: quotes only where needed, text of several lines as a block.

use std::borrow::Cow;
use std::fmt::Write;

use super::node::Content;
use super::scalar::resolve;

/// A value to write.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Item {
    /// Nothing, a truth value or a number, as it stands.
    Bare(String),
    /// A text.
    Text(String),
    /// A list.
    Sequence(Vec<Item>, Layout),
    /// Keys and values in this order.
    Mapping(Vec<(String, Item)>, Layout),
}

/// How a list or a mapping is laid out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Layout {
    /// One line an item.
    Block,
    /// In brackets on one line, if it fits.
    Flow,
}

/// How many columns a line should have at most.
const WIDTH: usize = 100;

/// What a text is written for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Medium {
    /// A file: what is too long for a line is folded, and what a block cannot say for sure is in quotes.
    File,
    /// A screen that shows what changes: what is one line stays one, and what has several is a block of them whatever is in
    /// them, so that a changed word changes one line.
    Screen,
}

/// Writes a document that is a mapping.
pub fn write(entries: &[(String, Item)], medium: Medium) -> String {
    let mut out = String::new();
    mapping(entries, 0, medium, &mut out);
    out
}

fn mapping(entries: &[(String, Item)], indent: usize, medium: Medium, out: &mut String) {
    for (key, item) in entries {
        let key = inline(key, Layout::Flow);
        let _ = write!(out, "{:indent$}{key}:", "");
        value(item, (indent, indent + key.chars().count() + 2), medium, out);
    }
}

fn sequence(items: &[Item], indent: usize, medium: Medium, out: &mut String) {
    for item in items {
        match item {
            Item::Mapping(..) | Item::Sequence(..) if flow_in(item, indent + 2).is_none() => {
                let mut block = String::new();
                match item {
                    Item::Mapping(entries, _) => mapping(entries, indent + 2, medium, &mut block),
                    Item::Sequence(items, _) => sequence(items, indent + 2, medium, &mut block),
                    Item::Bare(_) | Item::Text(_) => {}
                }
                let _ = write!(out, "{:indent$}- {}", "", &block[indent + 2..]);
            }
            _ => {
                let _ = write!(out, "{:indent$}-", "");
                value(item, (indent, indent + 2), medium, out);
            }
        }
    }
}

/// Writes what stands behind a key or a hyphen, with the line's end; `column` is where it would begin.
fn value(item: &Item, (indent, column): (usize, usize), medium: Medium, out: &mut String) {
    if let Some(flow) = flow_in(item, column) {
        let _ = writeln!(out, " {flow}");
        return;
    }
    match item {
        Item::Text(text) => block_text(text, (indent + 2, column), medium, out),
        Item::Sequence(items, _) => {
            out.push('\n');
            sequence(items, indent + 2, medium, out);
        }
        Item::Mapping(entries, _) => {
            out.push('\n');
            mapping(entries, indent + 2, medium, out);
        }
        Item::Bare(text) => {
            let _ = writeln!(out, " {text}");
        }
    }
}

/// The item on one line, if that is how it should stand at this column.
fn flow_in(item: &Item, column: usize) -> Option<String> {
    match item {
        Item::Bare(text) => Some(text.clone()),
        Item::Sequence(items, _) if items.is_empty() => Some("[]".to_owned()),
        Item::Mapping(entries, _) if entries.is_empty() => Some("{}".to_owned()),
        Item::Sequence(_, Layout::Flow) | Item::Mapping(_, Layout::Flow) => {
            flow(item).filter(|text| column + text.chars().count() <= WIDTH)
        }
        Item::Text(_) | Item::Sequence(_, Layout::Block) | Item::Mapping(_, Layout::Block) => None,
    }
}

fn flow(item: &Item) -> Option<String> {
    match item {
        Item::Bare(text) => Some(text.clone()),
        Item::Text(text) if text.contains('\n') => None,
        Item::Text(text) => Some(inline(text, Layout::Flow)),
        Item::Sequence(items, _) => {
            let items: Option<Vec<String>> = items.iter().map(flow).collect();
            Some(format!("[{}]", items?.join(", ")))
        }
        Item::Mapping(entries, _) => {
            let entries = entries.iter();
            let entries: Option<Vec<String>> = entries
                .map(|(key, item)| Some(format!("{}: {}", inline(key, Layout::Flow), flow(item)?)))
                .collect();
            Some(format!("{{{}}}", entries?.join(", ")))
        }
    }
}

/// Writes a text: on the line, or as a block when it has several lines or one that is too long.
fn block_text(text: &str, (indent, column): (usize, usize), medium: Medium, out: &mut String) {
    let plain = inline(text, Layout::Block);
    let is_long = medium == Medium::File && column + plain.chars().count() > WIDTH;
    let lines: Vec<&str> = if medium == Medium::File && !can_be_block(text) {
        Vec::new()
    } else if text.trim_end_matches('\n').contains('\n') || (can_be_block(text) && text.contains('\n')) {
        let body = text.strip_suffix('\n').unwrap_or(text);
        body.split('\n').collect()
    } else if is_long {
        folded(text, WIDTH.saturating_sub(indent).max(40))
    } else {
        Vec::new()
    };
    if lines.is_empty() && text.trim_end_matches('\n').contains('\n') {
        let _ = writeln!(out, " {}", escaped_lines(text, indent));
        return;
    }
    if lines.is_empty() || (lines.len() == 1 && !text.contains('\n')) {
        let _ = writeln!(out, " {plain}");
        return;
    }
    let header = match text {
        text if !text.contains('\n') => ">-",
        text if text.ends_with("\n\n") => "|+",
        text if text.ends_with('\n') => "|",
        _ => "|-",
    };
    let _ = writeln!(out, " {header}");
    for line in lines {
        if line.is_empty() {
            out.push('\n');
        } else {
            let is_plain = medium == Medium::File || (can_be_block(line) && !line.contains(is_sign));
            let line = if is_plain { Cow::Borrowed(line) } else { Cow::Owned(visible(line)) };
            let _ = writeln!(out, "{:indent$}{line}", "");
        }
    }
}

/// A line of a block with signs for what eyes do not see: no two lines look alike.
fn visible(line: &str) -> String {
    let text = line.trim_end_matches(' ');
    let mut shown = String::new();
    for c in text.chars() {
        match c {
            '\t' => shown.push('␉'),
            '\r' => shown.push('␍'),
            c if is_sign(c) || !is_printable(c) => {
                let _ = write!(shown, "⟨U+{:04X}⟩", u32::from(c));
            }
            c => shown.push(c),
        }
    }
    shown + &"␠".repeat(line.len() - text.len())
}

/// Whether a character stands for another one on a screen.
fn is_sign(c: char) -> bool {
    ['␉', '␍', '␠', '⟨'].contains(&c)
}

/// Whether a block shows the text as it is, without a sign that eyes and editors lose.
fn can_be_block(text: &str) -> bool {
    !text.starts_with([' ', '\t', '\n'])
        && text.chars().all(|c| c == '\n' || is_printable(c))
        && text.split('\n').all(|line| line.is_empty() || !line.ends_with(char::is_whitespace))
}

/// Lines that a folded block joins with single spaces again.
fn folded(text: &str, width: usize) -> Vec<&str> {
    let mut lines = Vec::new();
    let mut rest = text;
    while rest.chars().count() > width {
        let mut best = None;
        for (column, (at, _)) in rest.char_indices().enumerate() {
            if is_break(rest, at) && (column <= width || best.is_none()) {
                best = Some(at);
            }
            if column > width && best.is_some() {
                break;
            }
        }
        let Some(at) = best else { break };
        lines.push(&rest[..at]);
        rest = &rest[at + 1..];
    }
    lines.push(rest);
    lines
}

fn is_break(text: &str, at: usize) -> bool {
    let is_word = |c: Option<char>| c.is_some_and(|c| !c.is_whitespace());
    text[at..].starts_with(' ')
        && is_word(text[..at].chars().next_back())
        && is_word(text[at + 1..].chars().next())
}

fn inline(text: &str, layout: Layout) -> String {
    if can_be_plain(text, layout) {
        text.to_owned()
    } else if !text.chars().all(is_printable) {
        escaped(text)
    } else if text.contains(['"', '\\']) {
        format!("'{}'", text.replace('\'', "''"))
    } else {
        format!("\"{text}\"")
    }
}

fn can_be_plain(text: &str, layout: Layout) -> bool {
    const INDICATORS: [char; 20] =
        ['-', '?', ':', ',', '[', ']', '{', '}', '#', '&', '*', '!', '|', '>', '\'', '"', '%', '@', '`', '='];
    let is_flow_safe = layout == Layout::Block || !text.contains([',', '[', ']', '{', '}']);
    is_flow_safe
        && !text.starts_with(INDICATORS)
        && !text.starts_with("...")
        && !text.starts_with(char::is_whitespace)
        && !text.ends_with(char::is_whitespace)
        && !text.ends_with(':')
        && !text.contains(": ")
        && !text.contains(" #")
        && text != "<<"
        && text.chars().all(is_printable)
        && !is_other_to_yaml_1_1(text)
        && matches!(resolve(text), Content::Text(_))
}

/// Whether older readers take the text for a truth value, a number, a date or a time.
fn is_other_to_yaml_1_1(text: &str) -> bool {
    const WORDS: [&str; 9] = ["y", "n", "yes", "no", "on", "off", ".inf", "-.inf", ".nan"];
    let has_digit = text.contains(|c: char| c.is_ascii_digit());
    let is_number = has_digit && text.chars().all(|c| c.is_ascii_digit() || "_:.+-".contains(c));
    is_number || WORDS.iter().any(|word| word.eq_ignore_ascii_case(text))
}

/// Whether a character shows, and survives every YAML reader; a line's end does not.
fn is_printable(c: char) -> bool {
    match c {
        '\t' | '\u{ad}' | '\u{200b}' | '\u{2060}' | '\u{feff}' | '\u{2028}' | '\u{2029}' | '\u{fffe}'
        | '\u{ffff}' => false,
        c => !c.is_control(),
    }
}

/// A text of several lines in quotes, a line of its own for each: for what a block would show wrongly or not at all.
fn escaped_lines(text: &str, indent: usize) -> String {
    let lines = text.split_inclusive('\n').map(|line| {
        let start = if line.starts_with(' ') { "\\" } else { "" };
        format!("{start}{}", escape(line))
    });
    let lines: Vec<String> = lines.collect();
    format!("\"{}\"", lines.join(&format!("\\\n{:indent$}", "")))
}

fn escaped(text: &str) -> String {
    format!("\"{}\"", escape(text))
}

fn escape(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            '\r' => out.push_str("\\r"),
            c if is_printable(c) => out.push(c),
            c => {
                let _ = write!(out, "\\u{:04x}", u32::from(c));
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::yaml::parse;

    #[test]
    fn a_text_that_no_block_can_show_has_its_lines_all_the_same() {
        let text = "first \r\n  second\ttab\n\n third";
        let written = write(&[("message".to_owned(), Item::Text(text.to_owned()))], Medium::File);
        let expected = r#"message: "first \r\n\
  \  second\ttab\n\
  \n\
  \ third"
"#;
        assert_eq!(written, expected);
        let parsed = parse(&written, &"x.yaml".into());
        assert_eq!(parsed.documents[0].get("message").and_then(|node| node.as_text()), Some(text));
    }

    #[test]
    fn on_a_screen_a_text_of_several_lines_is_a_block_of_them() {
        let text = "first  \n  second\ttab\u{200b}\r\n\n third";
        let written = write(&[("message".to_owned(), Item::Text(text.to_owned()))], Medium::Screen);
        assert_eq!(written, "message: |-\n  first␠␠\n    second␉tab⟨U+200B⟩␍\n\n   third\n");
    }

    #[test]
    fn on_a_screen_no_two_texts_look_alike() {
        let lines = ["a", "a ", "a␠", "a\t", "a␉", "a\\t", "a\u{200b}", "a⟨U+200B⟩", " a", "", "\r", "|-"];
        let mut seen = std::collections::BTreeMap::new();
        for one in lines {
            for other in lines {
                for text in [format!("{one}\n{other}"), format!("{one}\n{other}\n"), format!("{one}{other}")]
                {
                    let written = write(&[("m".to_owned(), Item::Text(text.clone()))], Medium::Screen);
                    let known = seen.entry(written.clone()).or_insert_with(|| text.clone());
                    assert_eq!(*known, text, "{written}");
                }
            }
        }
    }

    #[test]
    fn a_file_has_what_eyes_do_not_see_spelled_out() {
        let written = write(&[("m".to_owned(), Item::Text("a\u{200b}b".to_owned()))], Medium::File);
        assert_eq!(written, "m: \"a\\u200bb\"\n");
    }
}

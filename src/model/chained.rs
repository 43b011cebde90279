//! The conditions of a workflow's triggers, which speak of monitors: `monitor[id=…]` on the wire, `monitor[name=…]` in
//! files.

use std::fmt::Write;

use super::expression::{self, Part};
use super::name::Name;
use super::reference::Reference;

/// A piece of a condition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece<'a> {
    /// A monitor, whose alert counts as true.
    Monitor(Reference),
    /// What stands between monitors, as it is written.
    Between(&'a str),
}

/// Takes a condition apart; what is no reference that ends stays between.
pub fn pieces(source: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let (mut between, mut at) = (0, 0);
    while let Some(found) = source[at..].find(BEGINNING) {
        let begin = at + found;
        match reference(&source[begin + BEGINNING.len()..]) {
            None => at = begin + BEGINNING.len(),
            Some((reference, length)) => {
                if between < begin {
                    pieces.push(Piece::Between(&source[between..begin]));
                }
                pieces.push(Piece::Monitor(reference));
                at = begin + BEGINNING.len() + length;
                between = at;
            }
        }
    }
    if between < source.len() {
        pieces.push(Piece::Between(&source[between..]));
    }
    pieces
}

/// The condition that the pieces make up; a name stands in quotes where it would end too early without.
pub fn joined(pieces: &[Piece<'_>]) -> String {
    let mut source = String::new();
    for piece in pieces {
        // writing to a `String` cannot fail
        let _ = match piece {
            Piece::Between(text) => write!(source, "{text}"),
            Piece::Monitor(Reference::Id(id)) => write!(source, "{BEGINNING}id={id}]"),
            Piece::Monitor(Reference::Name(name)) => write!(source, "{BEGINNING}name={}]", quoted(name)),
        };
    }
    source
}

/// The condition on one line, whatever monitors are called.
pub fn on_one_line(source: &str) -> String {
    let pieces = pieces(source);
    let lines: Vec<String> = pieces
        .iter()
        .map(|piece| match piece {
            Piece::Between(text) => expression::on_one_line(text),
            Piece::Monitor(_) => joined(std::slice::from_ref(piece)),
        })
        .collect();
    lines.concat().trim_matches(' ').to_owned()
}

/// What keeps servers from understanding how the pieces are joined.
pub fn problem(pieces: &[Piece<'_>]) -> Option<String> {
    expression::problem(pieces.iter().map(|piece| match piece {
        Piece::Monitor(_) => Part::Reference,
        Piece::Between(text) => Part::Between(text),
    }))
}

const BEGINNING: &str = "monitor[";

/// The reference that `text`, which follows the bracket, begins with, and how long it is with the closing bracket.
fn reference(text: &str) -> Option<(Reference, usize)> {
    if let Some(id) = text.strip_prefix("id=") {
        let end = id.find(']')?;
        return Some((Reference::Id(id[..end].to_owned()), "id=".len() + end + 1));
    }
    let name = text.strip_prefix("name=")?;
    let (name, length) = if name.starts_with('"') {
        let (text, length) = unquoted(name)?;
        (text, length + name[length..].strip_prefix(']').map(|_| 1)?)
    } else {
        let end = name.find(']')?;
        (name[..end].trim().to_owned(), end + 1)
    };
    Some((Reference::Name(Name::new(name)), "name=".len() + length))
}

/// The text in quotes that `text` begins with, and how long it is with them.
fn unquoted(text: &str) -> Option<(String, usize)> {
    let mut found = String::new();
    let mut chars = text.char_indices().skip(1);
    while let Some((at, c)) = chars.next() {
        match c {
            '"' => return Some((found, at + 1)),
            '\\' => found.push(chars.next()?.1),
            c => found.push(c),
        }
    }
    None
}

fn quoted(name: &Name) -> String {
    let name = name.as_str();
    if name.trim() == name && !name.is_empty() && !name.contains([']', '"', '\\', '\n']) {
        return name.to_owned();
    }
    format!("\"{}\"", name.replace('\\', r"\\").replace('"', "\\\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_all_sorts_come_back() {
        for name in ["errors", "checkout errors", "[prod] errors", r#"a "b" \c"#, " ", "a]", "エラー"] {
            let pieces = [
                Piece::Between("!("),
                Piece::Monitor(Reference::Name(name.into())),
                Piece::Between(" && "),
                Piece::Monitor(Reference::Id("x-1".into())),
                Piece::Between(")"),
            ];
            assert_eq!(super::pieces(&joined(&pieces)), pieces, "{name}");
        }
    }

    #[test]
    fn what_is_no_reference_stays_as_it_is() {
        for source in ["", "monitor[", "monitor[tag=a]", r#"monitor[name="a]"#, "monitor[id=a", "true"] {
            assert_eq!(joined(&pieces(source)), source);
        }
        assert_eq!(pieces("true"), [Piece::Between("true")]);
    }
}

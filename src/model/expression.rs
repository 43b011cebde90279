//! Conditions that join references by `&&`, `||`, `!` and parentheses: those of a workflow's triggers speak of monitors,
//! those of triggers that look at documents speak of queries.

use std::iter;

/// A part of a condition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part<'a> {
    /// A reference, whatever to.
    Reference,
    /// What stands between two references.
    Between(&'a str),
}

/// A text with a blank for each line break and tab: servers take blanks out of a condition, and no other white space.
pub fn on_one_line(text: &str) -> String {
    text.replace(['\n', '\r', '\t'], " ")
}

/// What keeps servers from understanding how references are joined, as a lower-case fragment.
pub fn problem<'a>(parts: impl IntoIterator<Item = Part<'a>>) -> Option<String> {
    let mut open = 0_u32;
    let mut wants_operand = true;
    for token in parts.into_iter().flat_map(tokens) {
        match (token, wants_operand) {
            (Token::Reference, true) => wants_operand = false,
            (Token::Operator, false) => wants_operand = true,
            (Token::Not, true) => {}
            (Token::Open, true) => open += 1,
            (Token::Close, false) if open > 0 => open -= 1,
            (Token::Close, false) => return Some("a parenthesis is closed that was not opened".to_owned()),
            (Token::Reference | Token::Not | Token::Open, false) => {
                return Some("`&&` or `||` is missing between two parts".to_owned());
            }
            (Token::Operator | Token::Close, true) => {
                return Some("a part is missing beside `&&` or `||`".to_owned());
            }
            (Token::Space, _) => return Some("a line break or a tab stands in it".to_owned()),
            (Token::Other, _) => {
                return Some("it has more in it than what it names and operators".to_owned());
            }
        }
    }
    if wants_operand {
        return Some("it ends before it is complete".to_owned());
    }
    (open > 0).then(|| "a parenthesis is not closed".to_owned())
}

#[derive(Clone, Copy)]
enum Token {
    Reference,
    Operator,
    Not,
    Open,
    Close,
    Space,
    Other,
}

fn tokens(part: Part<'_>) -> Vec<Token> {
    let Part::Between(mut rest) = part else { return vec![Token::Reference] };
    let next = iter::from_fn(move || {
        rest = rest.trim_start_matches(' ');
        let first = rest.chars().next()?;
        let (token, length) = match first {
            '!' => (Token::Not, 1),
            '(' => (Token::Open, 1),
            ')' => (Token::Close, 1),
            '\n' | '\r' | '\t' => (Token::Space, 1),
            _ if rest.starts_with("&&") || rest.starts_with("||") => (Token::Operator, 2),
            _ => (Token::Other, rest.len()),
        };
        rest = &rest[length..];
        Some(token)
    });
    next.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Takes `a` for a reference.
    fn said(source: &str) -> Option<String> {
        let mut parts = Vec::new();
        for (index, between) in source.split('a').enumerate() {
            if index > 0 {
                parts.push(Part::Reference);
            }
            parts.push(Part::Between(between));
        }
        problem(parts)
    }

    #[test]
    fn what_joins_references() {
        for source in ["a", "!a", " (a && !(a || a)) ", "!!a&&a"] {
            assert_eq!(said(source), None, "{source}");
        }
        for (source, problem) in [
            ("a && && a", "a part is missing beside `&&` or `||`"),
            ("(a && a", "a parenthesis is not closed"),
            ("a)", "a parenthesis is closed that was not opened"),
            ("a a", "`&&` or `||` is missing between two parts"),
            ("a !a", "`&&` or `||` is missing between two parts"),
            ("a & a", "it has more in it than what it names and operators"),
            ("a ||\na", "a line break or a tab stands in it"),
            ("a ||", "it ends before it is complete"),
            ("", "it ends before it is complete"),
            ("()", "a part is missing beside `&&` or `||`"),
        ] {
            assert_eq!(said(source).as_deref(), Some(problem), "{source}");
        }
    }
}

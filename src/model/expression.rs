//! Conditions that join references by `&&`, `||`, `!` and parentheses: those of a workflow's triggers speak of monitors,
//! those of triggers that look at documents speak of queries.

use std::iter;

/// What is wrong with how references are joined, as a lower-case fragment; each piece is a reference, which is `None`, or
/// what stands between two.
pub fn flaw<'a>(pieces: impl IntoIterator<Item = Option<&'a str>>) -> Option<&'static str> {
    let mut open = 0_u32;
    let mut wants_operand = true;
    for token in pieces.into_iter().flat_map(tokens) {
        match (token, wants_operand) {
            (Token::Reference, true) => wants_operand = false,
            (Token::Operator, false) => wants_operand = true,
            (Token::Not, true) => {}
            (Token::Open, true) => open += 1,
            (Token::Close, false) if open > 0 => open -= 1,
            (Token::Close, false) => return Some("a parenthesis is closed that was not opened"),
            (Token::Reference | Token::Not | Token::Open, false) => {
                return Some("`&&` or `||` is missing between two parts");
            }
            (Token::Operator | Token::Close, true) => return Some("a part is missing beside `&&` or `||`"),
            (Token::Other, _) => return Some("it has more in it than references"),
        }
    }
    if wants_operand {
        return Some("it ends before it is complete");
    }
    (open > 0).then_some("a parenthesis is not closed")
}

#[derive(Clone, Copy)]
enum Token {
    Reference,
    Operator,
    Not,
    Open,
    Close,
    Other,
}

fn tokens(piece: Option<&str>) -> Vec<Token> {
    let Some(mut rest) = piece else { return vec![Token::Reference] };
    let next = iter::from_fn(move || {
        rest = rest.trim_start();
        let first = rest.chars().next()?;
        let (token, length) = match first {
            '!' => (Token::Not, 1),
            '(' => (Token::Open, 1),
            ')' => (Token::Close, 1),
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
    fn said(source: &str) -> Option<&'static str> {
        let mut pieces = Vec::new();
        for (index, between) in source.split('a').enumerate() {
            if index > 0 {
                pieces.push(None);
            }
            pieces.push(Some(between));
        }
        flaw(pieces)
    }

    #[test]
    fn what_joins_references() {
        for source in ["a", "!a", " (a && !(a || a)) ", "!!a&&a"] {
            assert_eq!(said(source), None, "{source}");
        }
        for (source, flaw) in [
            ("a && && a", "a part is missing beside `&&` or `||`"),
            ("(a && a", "a parenthesis is not closed"),
            ("a)", "a parenthesis is closed that was not opened"),
            ("a a", "`&&` or `||` is missing between two parts"),
            ("a !a", "`&&` or `||` is missing between two parts"),
            ("a & a", "it has more in it than references"),
            ("a ||", "it ends before it is complete"),
            ("", "it ends before it is complete"),
            ("()", "a part is missing beside `&&` or `||`"),
        ] {
            assert_eq!(said(source), Some(flaw), "{source}");
        }
    }
}

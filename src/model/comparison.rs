//! What differs between two scripts of a condition, where that is one comparison: `> 10`, which was `> 100`.

/// A comparison as it stands in a script.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Comparison<'s> {
    /// What is compared, where the script has other comparisons too.
    pub left: Option<&'s str>,
    /// `<`, `<=`, `>`, `>=`, `==` or `!=`.
    pub operator: &'s str,
    /// What it is compared with.
    pub right: &'s str,
}

impl std::fmt::Display for Comparison<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Comparison { left, operator, right } = self;
        if let Some(left) = left {
            write!(f, "{left} ")?;
        }
        write!(f, "{operator} {right}")
    }
}

/// The one comparison in which two scripts differ, as it was and as it is; `None` where they differ in more, or otherwise.
pub fn differing<'s>(was: &'s str, is: &'s str) -> Option<(Comparison<'s>, Comparison<'s>)> {
    let (before, after) = (tokens(was), tokens(is));
    if before.len() != after.len() {
        return None;
    }
    let differs: Vec<usize> = (0..before.len()).filter(|index| before[*index] != after[*index]).collect();
    let operator = match *differs.as_slice() {
        [index] if is_operator(before[index]) => index,
        [index] => index.checked_sub(1)?,
        [index, next] if next == index + 1 => index,
        _ => return None,
    };
    let comparison = |tokens: &[&'s str]| {
        let right = *tokens.get(operator + 1)?;
        let is_alone = tokens.iter().filter(|token| is_operator(token)).count() == 1;
        let left = operator.checked_sub(1).map(|left| opened(tokens[left])).filter(|_| !is_alone);
        Some(Comparison { left, operator: tokens[operator], right: closed(right) })
            .filter(|comparison| is_operator(comparison.operator) && !is_operator(right))
    };
    Some((comparison(&before)?, comparison(&after)?))
}

/// Whether what made one of the two hold keeps the other from it.
pub fn is_turned_round(was: Comparison<'_>, is: Comparison<'_>) -> bool {
    let side = |operator: &str| match operator {
        "<" | "<=" => 0,
        ">" | ">=" => 1,
        "==" => 2,
        _ => 3,
    };
    matches!((side(was.operator), side(is.operator)), (0, 1) | (1, 0) | (2, 3) | (3, 2))
}

/// Whether one of the two compares with ten times as much as the other, or more.
pub fn is_tenfold(was: Comparison<'_>, is: Comparison<'_>) -> bool {
    const FAR: f64 = 10.0;
    let (Some(was), Some(is)) = (number(was.right), number(is.right)) else { return false };
    let (less, more) = (was.abs().min(is.abs()), was.abs().max(is.abs()));
    // nothing is ten times zero
    if less == 0.0 { more >= FAR } else { more / less >= FAR }
}

/// A number as Painless spells it: `5`, `0.5f`, `100L`.
fn number(text: &str) -> Option<f64> {
    text.trim_end_matches(['f', 'F', 'd', 'D', 'l', 'L']).parse().ok()
}

fn is_operator(token: &str) -> bool {
    ["<", ">", "<=", ">=", "==", "!="].contains(&token)
}

/// Words and operators, whatever is or is not between them.
fn tokens(script: &str) -> Vec<&str> {
    let is_sign = |c: char| "<>=!".contains(c);
    let of_word = |word| {
        let mut tokens = Vec::new();
        let mut rest: &str = word;
        while let Some(first) = rest.chars().next() {
            let end = rest.find(|c| is_sign(c) != is_sign(first)).unwrap_or(rest.len());
            tokens.push(&rest[..end]);
            rest = &rest[end..];
        }
        tokens
    };
    script.split_ascii_whitespace().flat_map(of_word).collect()
}

/// Without the brackets that open before it.
fn opened(token: &str) -> &str {
    token.trim_start_matches('(')
}

/// Without what ends a statement, and the brackets that close after it.
fn closed(token: &str) -> &str {
    let mut token = token.trim_end_matches(';');
    while token.ends_with(')') && token.matches(')').count() > token.matches('(').count() {
        token = &token[..token.len() - 1];
    }
    token
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(was: &str, is: &str) -> Option<(String, String)> {
        differing(was, is).map(|(was, is)| (was.to_string(), is.to_string()))
    }

    #[test]
    fn one_comparison_is_told_from_the_rest_of_a_script() {
        for (was, is, expected) in [
            ("ctx.total > 10", "ctx.total > 20", Some(("> 10", "> 20"))),
            ("ctx.total>10", "ctx.total > 20", Some(("> 10", "> 20"))),
            ("ctx.total > 10", "ctx.total < 10", Some(("> 10", "< 10"))),
            ("ctx.total > 10", "ctx.total <= 5", Some(("> 10", "<= 5"))),
            ("return (a.size() > 10);", "return (a.size() > 11);", Some(("> 10", "> 11"))),
            ("a > f(1)", "a > f(2)", Some(("> f(1)", "> f(2)"))),
            ("a > 1 && (b > 5)", "a > 1 && (b > 9)", Some(("b > 5", "b > 9"))),
            ("def x = 1;\nreturn a > 1", "def x = 1;\nreturn a > 2", Some(("> 1", "> 2"))),
            ("def x = 1;\nreturn a > x", "def x = 2;\nreturn a > x", None),
            ("a > 1", "a > 1 && b > 2", None),
            ("a > 1", "b > 1", None),
            ("a", "b", None),
        ] {
            let expected = expected.map(|(was, is): (&str, &str)| (was.to_owned(), is.to_owned()));
            assert_eq!(said(was, is), expected, "{was} / {is}");
        }
    }

    #[test]
    fn a_comparison_that_turns_round_or_leaps_is_known() {
        for (was, is, turned, tenfold) in [
            ("a > 10", "a < 10", true, false),
            ("a > 10", "a >= 10", false, false),
            ("a == 1", "a != 1", true, false),
            ("a > 10", "a > 100", false, true),
            ("a > 10", "a > 99", false, false),
            ("a < 0.5", "a < 0.05", false, true),
            ("a > 0", "a > 9", false, false),
            ("a > 0", "a > 10L", false, true),
            ("a > x", "a > y", false, false),
        ] {
            let (was, is) = differing(was, is).unwrap();
            assert_eq!((is_turned_round(was, is), is_tenfold(was, is)), (turned, tenfold), "{was} / {is}");
        }
    }
}

//! What differs between two scripts of a condition, where that is one comparison: `> 10`, which was `> 100`.

/// A comparison as it stands in a script.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Comparison<'s> {
    /// What is compared, where the script has other comparisons too.
    pub left: Option<&'s str>,
    /// How.
    pub operator: Operator,
    /// What it is compared with.
    pub right: &'s str,
}

impl std::fmt::Display for Comparison<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Comparison { left, operator, right } = self;
        if let Some(left) = left {
            write!(f, "{left} ")?;
        }
        write!(f, "{} {right}", operator.as_str())
    }
}

/// How two values are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operator {
    /// `<`
    Less,
    /// `<=`
    LessOrEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterOrEqual,
    /// `==`
    Equal,
    /// `!=`
    NotEqual,
}

impl Operator {
    const ALL: [Operator; 6] = [
        Operator::Less,
        Operator::LessOrEqual,
        Operator::Greater,
        Operator::GreaterOrEqual,
        Operator::Equal,
        Operator::NotEqual,
    ];

    /// As it stands in a script.
    pub const fn as_str(self) -> &'static str {
        match self {
            Operator::Less => "<",
            Operator::LessOrEqual => "<=",
            Operator::Greater => ">",
            Operator::GreaterOrEqual => ">=",
            Operator::Equal => "==",
            Operator::NotEqual => "!=",
        }
    }

    /// What holds where it does not.
    const fn complement(self) -> Self {
        match self {
            Operator::Less => Operator::GreaterOrEqual,
            Operator::LessOrEqual => Operator::Greater,
            Operator::Greater => Operator::LessOrEqual,
            Operator::GreaterOrEqual => Operator::Less,
            Operator::Equal => Operator::NotEqual,
            Operator::NotEqual => Operator::Equal,
        }
    }

    fn of(token: &str) -> Option<Self> {
        Operator::ALL.into_iter().find(|operator| operator.as_str() == token)
    }

    /// Whether it holds for all that is on one side of a threshold.
    const fn has_threshold(self) -> bool {
        match self {
            Operator::Less | Operator::LessOrEqual | Operator::Greater | Operator::GreaterOrEqual => true,
            Operator::Equal | Operator::NotEqual => false,
        }
    }

    /// The same without the threshold itself.
    const fn strict(self) -> Self {
        match self {
            Operator::LessOrEqual => Operator::Less,
            Operator::GreaterOrEqual => Operator::Greater,
            other => other,
        }
    }
}

/// The one comparison in which two scripts differ, as it was and as it is; `None` where they differ in more, or otherwise.
pub fn differing<'s>(was: &'s str, is: &'s str) -> Option<(Comparison<'s>, Comparison<'s>)> {
    let (before, after) = (tokens(was), tokens(is));
    if before.len() != after.len() {
        return None;
    }
    let index = match *differences(&before, &after).as_slice() {
        [index] if Operator::of(before[index]).is_some() => index,
        [index] => index.checked_sub(1)?,
        [index, next] if next == index + 1 => index,
        _ => return None,
    };
    let comparison = |tokens: &[&'s str]| {
        let right = *tokens.get(index + 1)?;
        let operator = Operator::of(tokens[index]).filter(|_| Operator::of(right).is_none())?;
        let is_alone = tokens.iter().filter(|token| Operator::of(token).is_some()).count() == 1;
        let left = index.checked_sub(1).map(|left| opened(tokens[left])).filter(|_| !is_alone);
        Some(Comparison { left, operator, right: closed(right) })
    };
    Some((comparison(&before)?, comparison(&after)?))
}

/// Where two lists of words differ, as far as both go.
fn differences(before: &[&str], after: &[&str]) -> Vec<usize> {
    (0..before.len().min(after.len())).filter(|index| before[*index] != after[*index]).collect()
}

/// Whether the two compare in another way, be it the opposite or not; `>` and `>=` do not.
pub fn is_turned_round(was: Comparison<'_>, is: Comparison<'_>) -> bool {
    let has_threshold = was.operator.has_threshold() || is.operator.has_threshold();
    // what differs from one value may well be another
    was.operator.strict() != is.operator.strict() && (has_threshold || was.right == is.right)
}

/// Whether a script is another one but for what it denies, or joins by `&&` instead of `||`, or gives back.
pub fn is_inverted(was: &str, is: &str) -> bool {
    let denials = |tokens: &[&str]| tokens.iter().filter(|token| **token == "!").count();
    let (before, after) = (words(was), words(is));
    if let [left, right] = *differences(&before, &after).as_slice()
        && right == left + 2
        && Operator::of(before[left + 1]).is_some_and(Operator::has_threshold)
        && (before[left], before[right]) == (after[right], after[left])
    {
        return true;
    }
    if denials(&before) != denials(&after) {
        return !is_denied_twice(&before, &after);
    }
    let opposites = [["true", "false"], ["&&", "||"]];
    let are_opposite = |one: &str, other: &str| {
        opposites.iter().any(|pair| one != other && pair.contains(&one) && pair.contains(&other))
    };
    before.len() == after.len() && before.iter().zip(&after).any(|(was, is)| are_opposite(was, is))
}

/// Whether all that differs is one denial and one comparison that is the opposite: `a > 1`, `!(a <= 1)`.
fn is_denied_twice(before: &[&str], after: &[&str]) -> bool {
    let denials = before.len().abs_diff(after.len());
    let [before, after] =
        [before, after].map(|words| words.iter().copied().filter(|word| *word != "!").collect::<Vec<_>>());
    let complement = |word: &str| Operator::of(word).map(Operator::complement);
    let is_opposite = |index: usize| complement(before[index]).is_some_and(|op| op.as_str() == after[index]);
    let differing = differences(&before, &after);
    denials == 1 && before.len() == after.len() && matches!(*differing, [index] if is_opposite(index))
}

/// Whether the threshold of one of the two is ten times that of the other, or more.
pub fn is_tenfold(was: Comparison<'_>, is: Comparison<'_>) -> bool {
    const FAR: f64 = 10.0;
    if !was.operator.has_threshold() || !is.operator.has_threshold() {
        return false;
    }
    let (Some(was), Some(is)) = (number(was.right), number(is.right)) else { return false };
    let (less, more) = (was.abs().min(is.abs()), was.abs().max(is.abs()));
    // nothing is ten times zero
    if less == 0.0 { more >= FAR } else { more / less >= FAR }
}

/// A number as Painless spells it: `5`, `0.5f`, `100L`.
fn number(text: &str) -> Option<f64> {
    let is_number = text.trim_start_matches('-').starts_with(|c: char| c.is_ascii_digit());
    let digits = text.trim_end_matches(['f', 'F', 'd', 'D', 'l', 'L']);
    if is_number { digits.parse().ok() } else { None }
}

/// Words and operators, whatever is or is not between them; the arrow of a lambda is none of the latter.
fn tokens(script: &str) -> Vec<&str> {
    const ARROW: &str = "->";
    let is_sign = |c: char| "<>=!".contains(c);
    let of_word = |word| {
        let mut tokens = Vec::new();
        let mut rest: &str = word;
        while let Some(first) = rest.chars().next() {
            let end = if rest.starts_with(ARROW) {
                ARROW.len()
            } else {
                let end = rest.find(|c| is_sign(c) != is_sign(first)).unwrap_or(rest.len());
                let is_arrow = rest[..end].ends_with('-') && rest[end..].starts_with('>');
                if is_arrow { end - 1 } else { end }
            };
            tokens.push(&rest[..end]);
            rest = &rest[end..];
        }
        tokens
    };
    script.split_ascii_whitespace().flat_map(of_word).collect()
}

/// Words, and operators but for brackets and ends of statements.
fn words(script: &str) -> Vec<&str> {
    let tokens = tokens(script).into_iter();
    tokens.flat_map(|token| token.split(['(', ')', '{', '}', ';'])).filter(|word| !word.is_empty()).collect()
}

/// Without the brackets that open before it.
fn opened(token: &str) -> &str {
    token.trim_start_matches('(')
}

/// Without what ends a statement, and the brackets that close after it.
fn closed(token: &str) -> &str {
    let token = token.trim_end_matches(';');
    let stray = token.matches(')').count().saturating_sub(token.matches('(').count());
    let brackets = token.len() - token.trim_end_matches(')').len();
    &token[..token.len() - stray.min(brackets)]
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
            ("any(x -> x.a)", "any(x -> x.b)", None),
            ("any(x->x.a)", "any(x->x.b)", None),
            ("any(x -> x.a > 1)", "any(x -> x.a > 2)", Some(("> 1", "> 2"))),
        ] {
            let expected = expected.map(|(was, is): (&str, &str)| (was.to_owned(), is.to_owned()));
            assert_eq!(said(was, is), expected, "{was} / {is}");
        }
    }

    #[test]
    fn a_script_that_is_inverted_is_known() {
        for (was, is, expected) in [
            ("a > 1 && b > 1", "a > 1 || b > 1", true),
            ("a.contains(b)", "!a.contains(b)", true),
            ("!(a > 1)", "a > 1", true),
            ("a > 1", "!(a <= 1)", false),
            ("!(a == 1) && b", "a != 1 && b", false),
            ("a > 1", "!(a < 1)", true),
            ("if (a > 1) { return false; } return b;", "if (a > 1) { return true; } return b;", true),
            ("a != 1", "a == 1", false),
            ("x.y > 10", "10 > x.y", true),
            ("x == 10", "10 == x", false),
            ("a > 1", "a > 2", false),
            ("a && b", "a && b && c", false),
        ] {
            assert_eq!(is_inverted(was, is), expected, "{was} / {is}");
        }
    }

    #[test]
    fn a_comparison_that_turns_round_or_leaps_is_known() {
        for (was, is, turned, tenfold) in [
            ("a > 10", "a < 10", true, false),
            ("a > 10", "a >= 10", false, false),
            ("a == 1", "a != 1", true, false),
            ("a != 1", "a == 2", false, false),
            ("a == 0", "a > 0", true, false),
            ("a == 0", "a >= 0", true, false),
            ("a > 10", "a > 100", false, true),
            ("a > 10", "a > 99", false, false),
            ("a < 0.5", "a < 0.05", false, true),
            ("a > 0", "a > 9", false, false),
            ("a > 0", "a > 10L", false, true),
            ("a > x", "a > y", false, false),
            ("a > 1", "a > infinity", false, false),
            ("a == 1000", "a == 5", false, false),
        ] {
            let (was, is) = differing(was, is).unwrap();
            assert_eq!((is_turned_round(was, is), is_tenfold(was, is)), (turned, tenfold), "{was} / {is}");
        }
    }
}

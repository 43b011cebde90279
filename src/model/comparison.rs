//! What differs between two scripts of a condition, where that is one comparison: `> 10`, which was `> 100`.

use super::script;

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

    /// Whether it holds between two numbers.
    pub fn holds(self, left: f64, right: f64) -> bool {
        match self {
            Operator::Less => left < right,
            Operator::LessOrEqual => left <= right,
            Operator::Greater => left > right,
            Operator::GreaterOrEqual => left >= right,
            Operator::Equal => left.total_cmp(&right).is_eq(),
            Operator::NotEqual => left.total_cmp(&right).is_ne(),
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

    /// The operator that is spelled so.
    pub fn of(token: &str) -> Option<Self> {
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
    let (before, after) = (script::tokens(was), script::tokens(is));
    let alike = before.iter().zip(&after).take_while(|(was, is)| was == is).count();
    let last = alike.min(before.len().checked_sub(1)?);
    let operator = before[..=last].iter().rposition(|token| Operator::of(token).is_some())?;
    let (was, was_rest) = Comparison::at(was, &before, operator)?;
    let (is, is_rest) = Comparison::at(is, &after, operator)?;
    (was_rest == is_rest).then_some((was, is))
}

impl<'s> Comparison<'s> {
    /// The comparison by the operator at that place, and what follows it.
    fn at<'t>(script: &'s str, tokens: &'t [&'s str], operator: usize) -> Option<(Self, &'t [&'s str])> {
        let (before, after) = (tokens.get(..operator)?, tokens.get(operator + 1..)?);
        let left = before.len() - operand(before.iter().rev(), CLOSING, OPENING);
        let right = operand(after.iter(), OPENING, CLOSING);
        let is_alone = tokens.iter().filter(|token| Operator::of(token).is_some()).count() == 1;
        let comparison = Comparison {
            left: if is_alone { None } else { whole(script, &before[left..]) },
            operator: Operator::of(tokens[operator])?,
            right: whole(script, &after[..right])?,
        };
        Some((comparison, &after[right..]))
    }
}

const OPENING: [&str; 2] = ["(", "["];
const CLOSING: [&str; 2] = [")", "]"];

/// How many tokens an operand has, in the direction in which the one brackets lead inwards and the others outwards.
fn operand<'t>(tokens: impl Iterator<Item = &'t &'t str>, inwards: [&str; 2], outwards: [&str; 2]) -> usize {
    const ENDS: [&str; 11] = ["&&", "||", "!", ";", ",", "?", ":", "{", "}", "->", "return"];
    let mut depth = 0_i32;
    let is_inside = |token: &&&str| {
        depth += i32::from(inwards.contains(*token)) - i32::from(outwards.contains(*token));
        depth > 0 || depth == 0 && !ENDS.contains(*token) && Operator::of(token).is_none()
    };
    tokens.take_while(is_inside).count()
}

/// What stands in a script from the first of some tokens to the last.
fn whole<'s>(script: &'s str, tokens: &[&'s str]) -> Option<&'s str> {
    let start = |token: &str| token.as_ptr() as usize - script.as_ptr() as usize;
    let (first, last) = (tokens.first()?, tokens.last()?);
    script.get(start(first)..start(last) + last.len())
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

/// Whether a script is another one but for what it denies, or joins by `&&` instead of `||`, or gives back, or which side of
/// a threshold is which.
pub fn is_inverted(was: &str, is: &str) -> bool {
    const OPPOSITES: [[&str; 2]; 4] = [["true", "false"], ["false", "true"], ["&&", "||"], ["||", "&&"]];
    let (before, after) = (script::tokens(was), script::tokens(is));
    let [before_said, after_said] = [&before, &after]
        .map(|tokens| tokens.iter().copied().filter(|token| !"!(){};".contains(token)).collect::<Vec<_>>());
    if before_said.len() != after_said.len() {
        return false;
    }
    let (before_denials, after_denials) = (denials(&before), denials(&after));
    let differing = differences(&before_said, &after_said);
    let pair = |index: &usize| [before_said[*index], after_said[*index]];
    if let [left, right] = *differing.as_slice()
        && right == left + 2
        && Operator::of(before_said[left + 1]).is_some_and(Operator::has_threshold)
        && (before_said[left], before_said[right]) == (after_said[right], after_said[left])
    {
        return before_denials == after_denials;
    }
    // joined otherwise, whatever else changes of it
    let is_joined_otherwise =
        differing.iter().any(|index| ["&&", "||"].map(|join| pair(index).contains(&join)) == [true; 2]);
    if is_joined_otherwise && 2 * differing.len() <= before_said.len() {
        return true;
    }
    let opposites = differing.iter().filter(|index| OPPOSITES.contains(&pair(index))).count();
    let complements = differing.iter().filter(|index| is_complement(pair(index))).count();
    let denied = before_denials.abs_diff(after_denials);
    opposites + complements == differing.len()
        && (opposites > 0 || denied > 0 && (denied + complements) % 2 == 1)
}

fn denials(tokens: &[&str]) -> usize {
    tokens.iter().filter(|token| **token == "!").count()
}

/// Whether one comparison holds where the other does not.
fn is_complement([one, other]: [&str; 2]) -> bool {
    Operator::of(one).is_some_and(|operator| operator.complement().as_str() == other)
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
            ("a > 1 // one", "a > 2 // two", Some(("> 1", "> 2"))),
            ("a > b.c(1, 2) && d", "a > b.c(1, 3) && d", Some(("> b.c(1, 2)", "> b.c(1, 3)"))),
            (
                "(a + b) * 2 > 1 && c < 2",
                "(a + b) * 2 > 3 && c < 2",
                Some(("(a + b) * 2 > 1", "(a + b) * 2 > 3")),
            ),
            (
                "return a[b[0]] > 1 ? c : d == 2;",
                "return a[b[0]] > 2 ? c : d == 2;",
                Some(("a[b[0]] > 1", "a[b[0]] > 2")),
            ),
            ("a > 1 && b > 2", "a > 3 && b > 4", None),
            (">", "<", None),
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
            ("a > 1", "!(a < 1)", false),
            ("if (a > 1) { return false; } return b;", "if (a > 1) { return true; } return b;", true),
            ("a != 1", "a == 1", false),
            ("x.y > 10", "10 > x.y", true),
            ("x == 10", "10 == x", false),
            ("a > 1", "a > 2", false),
            ("a && b", "a && b && c", false),
            ("a&&b", "a||b", true),
            ("query[name=a] || query[tag=b]", "query[name=a] && query[name=c]", true),
            ("a > 1 && b", "c < 2 || d", false),
            ("a > 1", "!ctx.results.isEmpty() && a > 1", false),
            ("x == true && y", "z == false && w", false),
            ("a > 1 // it is true", "a > 1 // it is false", false),
            ("ctx.results[0].hits > 10", "10 > ctx.results[0].hits", true),
            ("'a is true'", "'a is false'", false),
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

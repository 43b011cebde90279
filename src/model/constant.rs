//! What the script of a condition always is, whatever it is held against: `false`, `a > 1 && false`, `return false;`.

use super::comparison::Operator;
use super::script::tokens;

/// What a condition always is, if it is that whatever it is held against: what it gives back in the end, if whatever it may
/// give back before is the same.
pub fn constant(script: &str) -> Option<bool> {
    let tokens = tokens(script);
    let mut returned: Vec<Option<bool>> = Vec::new();
    // whether what stands in each open brace may not be reached
    let mut braces: Vec<bool> = Vec::new();
    // where the statement begins that is read
    let mut begin = 0;
    let mut index = 0;
    while let Some(token) = tokens.get(index) {
        match *token {
            "{" => {
                let head = &tokens[begin..index];
                braces.push(!head.is_empty() && head != ["if", "(", "true", ")"]);
                begin = index + 1;
            }
            "}" => {
                braces.pop();
                begin = index + 1;
            }
            ";" => begin = index + 1,
            "return" => {
                let rest = &tokens[index + 1..];
                let length = rest.iter().position(|token| [";", "}"].contains(token)).unwrap_or(rest.len());
                let value = of_expression(&rest[..length]);
                returned.push(value);
                if begin == index && !braces.contains(&true) {
                    return value.filter(|_| returned.iter().all(|other| *other == value));
                }
                index += length;
            }
            _ => {}
        }
        index += 1;
    }
    if !returned.is_empty() {
        return None;
    }
    of_expression(tokens.strip_suffix(&[";"]).unwrap_or(&tokens))
}

/// What an expression is whatever stands beside it: `false`, `a && false`, `true || a`, `1 > 2`.
fn of_expression(tokens: &[&str]) -> Option<bool> {
    if tokens.contains(&";") {
        return None;
    }
    if let Some((condition, either)) = split_once(tokens, "?") {
        let (yes, no) = split_once(either, ":")?;
        let (yes, no) = (of_expression(yes), of_expression(no));
        return match of_expression(condition) {
            Some(true) => yes,
            Some(false) => no,
            None => yes.filter(|_| yes == no),
        };
    }
    if let Some((left, right)) = split_once(tokens, "||") {
        return match (of_expression(left), of_expression(right)) {
            (Some(true), _) | (_, Some(true)) => Some(true),
            (left, right) => left.filter(|_| left == right),
        };
    }
    if let Some((left, right)) = split_once(tokens, "&&") {
        return match (of_expression(left), of_expression(right)) {
            (Some(false), _) | (_, Some(false)) => Some(false),
            (left, right) => left.filter(|_| left == right),
        };
    }
    match tokens {
        ["true"] => Some(true),
        ["false"] => Some(false),
        ["!", word] => of_expression(&[word]).map(|value| !value),
        ["!", "(", inner @ .., ")"] if is_closed(inner) => of_expression(inner).map(|value| !value),
        ["(", inner @ .., ")"] if is_closed(inner) => of_expression(inner),
        [left, operator, right] => {
            let (left, right) = (left.parse::<f64>().ok()?, right.parse::<f64>().ok()?);
            Some(Operator::of(operator)?.holds(left, right))
        }
        _ => None,
    }
}

/// What stands on both sides of a sign that no bracket holds; of several, of the first.
fn split_once<'t, 's>(tokens: &'t [&'s str], sign: &str) -> Option<(&'t [&'s str], &'t [&'s str])> {
    let mut depth = 0_i32;
    let at = tokens.iter().position(|token| {
        depth += nesting(token);
        depth == 0 && *token == sign
    })?;
    Some((&tokens[..at], &tokens[at + 1..]))
}

/// Whether each bracket that opens is closed, and none closes before.
fn is_closed(tokens: &[&str]) -> bool {
    let depths = tokens.iter().scan(0_i32, |depth, token| {
        *depth += nesting(token);
        Some(*depth)
    });
    depths.clone().all(|depth| depth >= 0) && depths.last().is_none_or(|depth| depth == 0)
}

fn nesting(token: &str) -> i32 {
    match token {
        "(" | "[" | "{" => 1,
        ")" | "]" | "}" => -1,
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_condition_that_is_always_the_same_is_known() {
        for (script, expected) in [
            ("true", Some(true)),
            ("return false;", Some(false)),
            ("def a = 1;\nreturn a > 1;", None),
            ("if (a < 100) { return false; }\nreturn false;", Some(false)),
            ("if (a < 100) { return true; }\nreturn false;", None),
            ("// not yet\nreturn false;\nreturn a > 1;", Some(false)),
            ("/* for now: */ return false;\nreturn a > 1;", Some(false)),
            ("return false; // for now", Some(false)),
            ("false /* a > 1 */", Some(false)),
            ("// return false;\na > 1", None),
            ("a == 'http://b' || true", Some(true)),
            ("if (a > 1) { return true; }", None),
            ("a > 1", None),
            ("(false)", Some(false)),
            ("!true", Some(false)),
            ("!(a && false)", Some(true)),
            ("!(a || true)", Some(false)),
            ("(a && false) || (b > 1)", None),
            ("any(x -> x.a && false)", None),
            ("return 1 > 2;", Some(false)),
            ("1 == 1", Some(true)),
            ("a > 1 ? false : false", Some(false)),
            ("a > 1 ? true : false", None),
            ("true ? a : false", None),
            ("if (a < 1) { return false; }\nif (true) { return false; }\nreturn a > 1;", Some(false)),
            ("if (a < 1) return true;\nreturn false;", None),
            ("if (a < 100)\n  return false;\nreturn a > 100;", None),
            ("return false\n  || a > 5;", None),
            ("return true\n  && a > 5;", None),
            ("for (x in y)\n  return true;\nreturn false;", None),
            ("if (a < 1) { return true; } else { return false; }", None),
            ("if (a < 1) { return true; } else return true;", None),
            ("if (any(x -> { return x.b; })) { return false; } return false;", None),
            ("a > 1 &&\nfalse", Some(false)),
            ("return false && a > 1;", Some(false)),
            ("a > 1 || true", Some(true)),
            ("a > 1 || b && false", None),
            ("if (true) { return false; }\nreturn a > 1;", Some(false)),
            ("ctx.returned", None),
            ("def a = 1; a > 1; true", None),
            ("", None),
            ("?", None),
        ] {
            assert_eq!(constant(script), expected, "{script}");
        }
    }
}

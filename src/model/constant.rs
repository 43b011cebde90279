//! What the script of a condition always is, whatever it is held against: `false`, `a > 1 && false`, `return false;`.

/// What a condition always is, if it is that whatever it is held against: what it gives back in the end, if whatever it may
/// give back before is the same.
pub fn constant(script: &str) -> Option<bool> {
    let text = without_comments(script);
    let mut returned: Vec<Option<bool>> = Vec::new();
    // whether what stands in each open brace may not be reached
    let mut braces: Vec<bool> = Vec::new();
    let mut statement = String::new();
    for c in text.chars().chain([';']) {
        match c {
            '{' => {
                braces.push(statement.replace(' ', "").trim() != "if(true)");
                statement.clear();
            }
            '}' | ';' | '\n' => {
                let said = statement.trim();
                if let Some((before, value)) = said.split_once("return") {
                    let value = constant_expression(value);
                    returned.push(value);
                    if before.is_empty() && !braces.contains(&true) {
                        return value.filter(|_| returned.iter().all(|other| *other == value));
                    }
                }
                if c == '}' {
                    braces.pop();
                }
                statement.clear();
            }
            c => statement.push(c),
        }
    }
    if returned.is_empty() { constant_expression(&text) } else { None }
}

/// A script but for its comments; what stands in quotes is none.
fn without_comments(script: &str) -> String {
    let mut text = String::new();
    let mut rest = script;
    let mut quote = None;
    while let Some(c) = rest.chars().next() {
        let end = match quote {
            None if rest.starts_with("//") => Some(rest.find('\n').unwrap_or(rest.len())),
            None if rest.starts_with("/*") => Some(rest[2..].find("*/").map_or(rest.len(), |end| end + 4)),
            _ => None,
        };
        if let Some(end) = end {
            rest = &rest[end..];
            continue;
        }
        match quote {
            None if "'\"".contains(c) => quote = Some(c),
            Some(open) if open == c => quote = None,
            _ => {}
        }
        text.push(c);
        rest = &rest[c.len_utf8()..];
    }
    text
}

/// What an expression is whatever stands beside it: `false`, `a && false`, `true || a`.
fn constant_expression(text: &str) -> Option<bool> {
    let is = |part: &str, word| part.trim_matches([' ', '(', ')']) == word;
    match (text.contains("&&"), text.contains("||")) {
        (false, false) => text.trim_matches([' ', '(', ')', ';', '\n']).parse().ok(),
        (true, false) => text.split("&&").any(|part| is(part, "false")).then_some(false),
        (false, true) => text.split("||").any(|part| is(part, "true")).then_some(true),
        (true, true) => None,
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
            ("/* open", None),
            ("/*/ a */ false", Some(false)),
            ("if (a > 1) { return true; }", None),
            ("a > 1", None),
            ("(false)", Some(false)),
            ("if (a < 1) { return false; }\nif (true) { return false; }\nreturn a > 1;", Some(false)),
            ("if (a < 1) return true;\nreturn false;", None),
            ("if (a < 1) { return true; } else { return false; }", None),
            ("a > 1 && false", Some(false)),
            ("return false && a > 1;", Some(false)),
            ("a > 1 || true", Some(true)),
            ("a > 1 || b && false", None),
            ("if (true) { return false; }\nreturn a > 1;", Some(false)),
            ("", None),
        ] {
            assert_eq!(constant(script), expected, "{script}");
        }
    }
}

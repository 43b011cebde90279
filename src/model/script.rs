//! The script of a condition in tokens, as Painless reads it: comments and whatever blanks there are between them say nothing.

/// Operators of more than one character, which no other token holds.
const OPERATORS: [&str; 7] = ["&&", "||", "->", "==", "!=", "<=", ">="];

/// The tokens of a script: words with what they are made of (`ctx.results[0].total`), texts with their quotes, operators,
/// and each other sign by itself.
pub fn tokens(script: &str) -> Vec<&str> {
    let mut tokens = Vec::new();
    let mut rest = script;
    loop {
        rest = after_blanks(rest);
        let Some(first) = rest.chars().next() else { return tokens };
        let end = match first {
            '\'' | '"' => text(rest),
            first if is_of_word(first) => word(rest),
            first => {
                let operator = OPERATORS.into_iter().find(|operator| rest.starts_with(operator));
                operator.map_or(first.len_utf8(), str::len)
            }
        };
        tokens.push(&rest[..end]);
        rest = &rest[end..];
    }
}

/// What follows blanks and comments.
fn after_blanks(script: &str) -> &str {
    let mut rest = script.trim_start();
    loop {
        let after = if let Some(comment) = rest.strip_prefix("//") {
            comment.split_once('\n')
        } else if let Some(comment) = rest.strip_prefix("/*") {
            comment.split_once("*/")
        } else {
            return rest;
        };
        rest = after.map_or("", |(_, after)| after.trim_start());
    }
}

fn is_of_word(c: char) -> bool {
    c.is_alphanumeric() || "_.$".contains(c)
}

/// Where a word ends, with indices that are words or texts themselves.
fn word(script: &str) -> usize {
    let mut end = 0;
    loop {
        let rest = &script[end..];
        end += rest.find(|c| !is_of_word(c)).unwrap_or(rest.len());
        let Some(index) = script[end..].strip_prefix('[') else { return end };
        let length = match index.chars().next() {
            Some('\'' | '"') => text(index),
            _ => index.find(|c| !is_of_word(c)).unwrap_or_default(),
        };
        if length == 0 || !index[length..].starts_with(']') {
            return end;
        }
        end += length + 2;
    }
}

/// Where a text in quotes ends.
fn text(script: &str) -> usize {
    let mut characters = script.char_indices();
    let quote = characters.next().map(|(_, quote)| quote);
    while let Some((at, c)) = characters.next() {
        if c == '\\' {
            characters.next();
        } else if Some(c) == quote {
            return at + c.len_utf8();
        }
    }
    script.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_script_is_cut_where_painless_cuts_it() {
        for (script, expected) in [
            ("a>1&&!b", vec!["a", ">", "1", "&&", "!", "b"]),
            ("ctx.results[0].hits['a b'] > 1.5", vec!["ctx.results[0].hits['a b']", ">", "1.5"]),
            ("a[i + 1]", vec!["a", "[", "i", "+", "1", "]"]),
            ("any(x->x.a)", vec!["any", "(", "x", "->", "x.a", ")"]),
            (
                "return 'it\\'s // here' /* a */ + \"b\"; // c",
                vec!["return", "'it\\'s // here'", "+", "\"b\"", ";"],
            ),
            ("a /*/ b */ < c", vec!["a", "<", "c"]),
            ("'open", vec!["'open"]),
            ("ä!=…", vec!["ä", "!=", "…"]),
            ("a /* open", vec!["a"]),
            ("", vec![]),
        ] {
            assert_eq!(tokens(script), expected, "{script}");
        }
    }
}

//! JSON that a person wrote: errors have a place, and a key that is given twice is one, as in YAML.

use std::collections::HashMap;

use serde_json::Value;

use super::finding::Finding;
use super::place::Place;
use crate::model::json::MOST_LEVELS;

/// A JSON text as read.
#[derive(Debug)]
pub struct Parsed {
    /// The value.
    pub value: Value,
    /// The keys of the value itself, and where they stand; none when it is no object.
    pub keys: Vec<(String, Place)>,
}

/// Reads a JSON text; `place` tells where a line and a column of the text stand, both counted from 1.
pub fn parse(text: &str, place: &dyn Fn(u32, u32) -> Place) -> Result<Parsed, Vec<Finding>> {
    let Keys { outermost, doubled, too_deep } = keys(text);
    if let Some((line, column)) = too_deep {
        let message = format!("more than {MOST_LEVELS} values in one another");
        return Err(vec![Finding::at(&place(line, column), message)]);
    }
    let value = serde_json::from_str(text).map_err(|error| {
        let number = |number: usize| u32::try_from(number.max(1)).unwrap_or(u32::MAX);
        // the column is counted in bytes
        let line = text.lines().nth(error.line().saturating_sub(1)).unwrap_or_default();
        let before = line.char_indices().take_while(|(index, _)| index + 1 < error.column()).count();
        let message = error.to_string();
        let message = message.rsplit_once(" at line ").map_or(message.as_str(), |(message, _)| message);
        let place = place(number(error.line()), number(before + 1));
        vec![Finding::at(&place, format!("not JSON: {message}"))]
    })?;
    if doubled.is_empty() {
        let keys = outermost.into_iter().map(|(key, (line, column))| (key, place(line, column)));
        return Ok(Parsed { value, keys: keys.collect() });
    }
    let findings = doubled.into_iter().map(|Doubled { key, first, second }| {
        let message = format!("`{key}` is given twice, first at {}", place(first.0, first.1));
        Finding::at(&place(second.0, second.1), message).hint("remove one of the two")
    });
    Err(findings.collect())
}

/// A line and a column.
type At = (u32, u32);

#[derive(Default)]
struct Keys {
    outermost: Vec<(String, At)>,
    doubled: Vec<Doubled>,
    /// Where the first list or object begins that holds values too deep.
    too_deep: Option<At>,
}

struct Doubled {
    key: String,
    first: At,
    second: At,
}

/// What stands around a value.
enum Around {
    Object { keys: HashMap<String, At>, is_key_next: bool },
    List,
}

/// Finds the keys of a text, which mean something only if it is JSON.
fn keys(text: &str) -> Keys {
    let mut found = Keys::default();
    let mut around = Vec::new();
    let mut at: At = (1, 1);
    let mut chars = text.char_indices();
    while let Some((start, c)) = chars.next() {
        let here = at;
        advance(&mut at, c);
        if matches!(c, '{' | '[') && around.len() >= MOST_LEVELS {
            found.too_deep = Some(here);
            return found;
        }
        match c {
            '{' => around.push(Around::Object { keys: HashMap::new(), is_key_next: true }),
            '[' => around.push(Around::List),
            '}' | ']' => drop(around.pop()),
            ',' => {
                if let Some(Around::Object { is_key_next, .. }) = around.last_mut() {
                    *is_key_next = true;
                }
            }
            '"' => {
                let mut end = start + 1;
                let mut is_escaped = false;
                for (index, c) in chars.by_ref() {
                    advance(&mut at, c);
                    end = index + c.len_utf8();
                    match c {
                        '"' if !is_escaped => break,
                        '\\' => is_escaped = !is_escaped,
                        _ => is_escaped = false,
                    }
                }
                let is_outermost = around.len() == 1;
                if let Some(Around::Object { keys, is_key_next: is_key @ true }) = around.last_mut() {
                    *is_key = false;
                    let key: String = serde_json::from_str(&text[start..end]).unwrap_or_default();
                    if let Some(first) = keys.get(&key) {
                        found.doubled.push(Doubled { key, first: *first, second: here });
                    } else {
                        keys.insert(key.clone(), here);
                        if is_outermost {
                            found.outermost.push((key, here));
                        }
                    }
                }
            }
            _ => {}
        }
    }
    found
}

const fn advance(at: &mut At, c: char) {
    *at = if c == '\n' { (at.0 + 1, 1) } else { (at.0, at.1 + 1) };
}

#[cfg(test)]
mod tests {
    use super::*;

    fn errors(text: &str) -> Vec<String> {
        let place = |line, column| Place { file: "f".into(), line, column };
        let findings = parse(text, &place).err().unwrap_or_default();
        findings
            .iter()
            .map(|finding| format!("{finding}").replace("\n  hint: remove one of the two", ""))
            .collect()
    }

    #[test]
    fn keys_given_twice() {
        assert_eq!(
            errors(r#"{"a": {"a": [{"a": "a"}, {"a": ",\"a\":"}, "a", "a"]}, "b\\": "a", "b": "a"}"#),
            [""; 0]
        );
        assert_eq!(
            errors("{\"é\": 1,\n \"b\": {\"x\": 1, \"\\u0078\": 2}, \"é\": 2}"),
            ["f:2:16: `x` is given twice, first at f:2:8", "f:2:30: `é` is given twice, first at f:1:2",]
        );
    }

    #[test]
    fn what_is_too_deep() {
        let nested = |levels| format!("{}{}", "[".repeat(levels), "]".repeat(levels));
        assert_eq!(errors(&nested(100)), [""; 0]);
        for levels in [101, 100_000] {
            assert_eq!(errors(&nested(levels)), ["f:1:101: more than 100 values in one another"]);
        }
    }

    #[test]
    fn what_is_no_json() {
        assert_eq!(errors("{\n  \"a\" 1}"), ["f:2:7: not JSON: expected `:`"]);
        assert_eq!(errors("{\"é\" 1}"), ["f:1:6: not JSON: expected `:`"]);
        assert_eq!(errors(""), ["f:1:1: not JSON: EOF while parsing a value"]);
    }
}

//! What people often mean where YAML reads something else: nearly always a text that wants quotes.

/// What an error of the reader itself begins with.
pub const NOT_YAML: &str = "not YAML: ";

/// What to do about an error at `column` of `line`, counted from 0; `message` is the reader's own.
pub fn hint(line: &str, column: usize, message: &str) -> Option<String> {
    let message = message.strip_prefix(NOT_YAML)?;
    if message.contains("tabs") || message.contains("found a tab") {
        return Some("YAML allows no tabs for indentation: use spaces".to_owned());
    }
    let value = value_of(line);
    if value.starts_with("{{") {
        return Some(in_quotes("{{"));
    }
    if message.contains("single-quoted scalar") {
        return Some("put the whole text in quotes; in single ones `''` stands for `'`".to_owned());
    }
    if message.contains("double-quoted scalar") {
        return Some("put the whole text in single quotes, with the double ones inside".to_owned());
    }
    if message.contains("escape") {
        return Some("use single quotes, in which a backslash is a backslash".to_owned());
    }
    if message.contains("mapping values are not allowed") {
        return Some("a text with `: ` in it must stand in quotes".to_owned());
    }
    let rest: String = line.chars().skip(column).collect();
    let is_whole = !value.is_empty() && rest.trim_end() == value;
    match rest.chars().next()? {
        '*' => Some(format!("{}: else it is an alias", in_quotes("*"))),
        '`' => Some("a text that begins with a backtick must stand in quotes".to_owned()),
        c @ ('@' | '%' | '&' | '!' | '|' | '>') => Some(in_quotes(&c.to_string())),
        c @ (']' | '}' | ',' | '?') if is_whole => Some(in_quotes(&c.to_string())),
        _ if message.contains("did not find expected key") => {
            let bracket = value.chars().next().filter(|c| ['[', '{'].contains(c))?;
            Some(in_quotes(&bracket.to_string()))
        }
        _ => None,
    }
}

/// What to do about a text that begins with what has a meaning of its own.
pub fn in_quotes(beginning: &str) -> String {
    format!("a text that begins with `{beginning}` must stand in quotes")
}

/// What stands on a line after its key or its dash.
fn value_of(line: &str) -> &str {
    let item = line.trim_start().trim_start_matches("- ").trim();
    item.split_once(": ").map_or(item, |(_, value)| value.trim())
}

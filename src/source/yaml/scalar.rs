//! What a plain scalar means: YAML 1.2's core schema, short of what JSON cannot say.

use super::node::Content;

/// The value of a scalar without quotes.
///
/// Numbers come back in JSON's spelling: `0x1F` as `31`, `+.5` as `0.5`. What only YAML 1.1 took for something else is
/// a text: `yes`, `007`, `1_000`, `12:30`, a date.
pub fn resolve(text: &str) -> Content {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => Content::Null,
        "true" | "True" | "TRUE" => Content::Bool(true),
        "false" | "False" | "FALSE" => Content::Bool(false),
        _ => number(text).map_or_else(|| Content::Text(text.to_owned()), Content::Number),
    }
}

fn number(text: &str) -> Option<String> {
    let radix = |digits: &str, radix| {
        let is_plain = !digits.starts_with(['+', '-']);
        is_plain.then(|| u128::from_str_radix(digits, radix).ok()).flatten()
    };
    if let Some(digits) = text.strip_prefix("0x") {
        return radix(digits, 16).map(|number| number.to_string());
    }
    if let Some(digits) = text.strip_prefix("0o") {
        return radix(digits, 8).map(|number| number.to_string());
    }
    let (sign, rest) = match text.strip_prefix('-') {
        Some(rest) => ("-", rest),
        None => ("", text.strip_prefix('+').unwrap_or(text)),
    };
    let (mantissa, exponent) = match rest.find(['e', 'E']) {
        Some(at) => (&rest[..at], Some(rest.split_at(at).1)),
        None => (rest, None),
    };
    let (whole, fraction) = match mantissa.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (mantissa, None),
    };
    let has_leading_zero = whole.len() > 1 && whole.starts_with('0');
    let digits = [whole, fraction.unwrap_or_default()];
    let is_empty = digits.iter().all(|digits| digits.is_empty());
    if is_empty || has_leading_zero || !digits.iter().all(|digits| is_digits(digits)) {
        return None;
    }
    let mut number = format!("{sign}{}", if whole.is_empty() { "0" } else { whole });
    if let Some(fraction) = fraction {
        number.push('.');
        number.push_str(if fraction.is_empty() { "0" } else { fraction });
    }
    if let Some(exponent) = exponent {
        let digits = &exponent[1..];
        let digits = digits.strip_prefix(['+', '-']).unwrap_or(digits);
        if digits.is_empty() || !is_digits(digits) {
            return None;
        }
        number.push_str(exponent);
    }
    Some(number)
}

fn is_digits(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_become_json_and_keep_their_digits() {
        for (text, wanted) in [
            ("0", "0"),
            ("-17", "-17"),
            ("+5", "5"),
            ("1.10", "1.10"),
            (".5", "0.5"),
            ("3.", "3.0"),
            ("1e5", "1e5"),
            ("2.5E-3", "2.5E-3"),
            ("0x1F", "31"),
            ("0o17", "15"),
            ("123456789012345678901234567890123456789012", "123456789012345678901234567890123456789012"),
        ] {
            assert_eq!(resolve(text), Content::Number(wanted.to_owned()), "{text}");
            assert!(serde_json::from_str::<serde_json::Number>(wanted).is_ok(), "{wanted}");
        }
    }

    #[test]
    fn what_only_yaml_1_1_knew_is_text() {
        for text in [
            "yes",
            "no",
            "on",
            "off",
            "Y",
            "007",
            "1_000",
            "12:30",
            "2026-01-31",
            "-",
            "+",
            ".",
            "-.",
            "e5",
            "1e",
            "0x",
            "0x+1",
            ".inf",
            ".nan",
            "15m",
            "1.2.3",
        ] {
            assert_eq!(resolve(text), Content::Text(text.to_owned()), "{text}");
        }
    }
}

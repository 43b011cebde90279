//! Numbers as the server reads and prints them: every kind of number has exactly one text. `serde_json` keeps an
//! exponent as `e+7` where the server prints `E7`, so that is how it stands in the values.

use serde_json::{Number, Value};

use super::refusal::{Class, Fault};
use super::schema::Outcome;
use crate::api::line::Line;

/// Prints a double as the server does: `1.0`, `1.0E7`, `1.5E-7`.
pub fn double(value: f64) -> Value {
    raw(double_text(value))
}

/// The same as a text in a text.
pub fn double_text(value: f64) -> String {
    java(value.abs(), &format!("{:e}", value.abs()), value.is_sign_negative())
}

/// Prints a float as the server of this line does; before 3.0 its Java printed large whole floats to the last digit.
pub fn float(value: f32, line: Line) -> Value {
    let size = value.abs();
    let digits = match line {
        Line::Odfe | Line::V1_3 | Line::V2_19 if (16_777_216.0..4.0e18).contains(&size) => old_digits(size),
        _ => format!("{size:e}"),
    };
    raw(java(f64::from(size), &digits, value.is_sign_negative()))
}

/// Gives the number in the shortest spelling of a person: `2` for `2.0`.
pub fn short_double(text: &str) -> Option<Value> {
    let value: f64 = text.parse().ok().filter(|value: &f64| value.is_finite())?;
    Some(raw(if (1e-5..1e15).contains(&value.abs()) || value == 0.0 {
        value.to_string()
    } else {
        format!("{value:e}")
    }))
}

/// The same for a number that the server keeps as a float.
pub fn short_float(text: &str) -> Option<Value> {
    let value: f32 = text.parse().ok().filter(|value: &f32| value.is_finite())?;
    Some(raw(if (1e-5..1e15).contains(&value.abs()) || value == 0.0 {
        value.to_string()
    } else {
        format!("{value:e}")
    }))
}

/// Reads a double out of a number or a text, as the server coerces it.
pub fn read_double(value: &Value) -> Result<f64, Fault> {
    let text = match value {
        Value::Number(number) => number.as_str(),
        Value::String(text) => text,
        other => return Err(Fault::shape(other)),
    };
    finite(text)
}

/// Reads a float out of a number or a text.
pub fn read_float(value: &Value) -> Result<f32, Fault> {
    let text = match value {
        Value::Number(number) => number.as_str(),
        Value::String(text) => text,
        other => return Err(Fault::shape(other)),
    };
    finite(text)?;
    text.trim().parse().ok().filter(|value: &f32| value.is_finite()).ok_or_else(|| not_a_number(text))
}

/// Reads a whole number; a fraction is cut off, a text is read.
pub fn read_long(value: &Value) -> Result<i64, Fault> {
    let text = match value {
        Value::Number(number) => number.as_str(),
        Value::String(text) => text,
        other => return Err(Fault::shape(other)),
    };
    if let Ok(whole) = text.parse::<i64>() {
        return Ok(whole);
    }
    let value = finite(text)?;
    if value.abs() >= 9.2e18 {
        return Err(Fault::new(Class::Argument, format!("Value [{text}] is out of range for a long")));
    }
    #[expect(
        clippy::cast_possible_truncation,
        reason = "the server cuts the fraction off, and the size is checked"
    )]
    Ok(value as i64)
}

/// Reads a whole number of 32 bits.
pub fn read_int(value: &Value) -> Result<i32, Fault> {
    let long = read_long(value)?;
    i32::try_from(long)
        .map_err(|_| Fault::new(Class::Argument, format!("Numeric value ({long}) out of range of int")))
}

/// Gives a number of no special kind as the server prints it; the size of an integer has no limit.
pub fn plain(number: &Number) -> Value {
    let text = number.as_str();
    if is_whole(text) {
        return if text == "-0" { Value::from(0) } else { Value::Number(number.clone()) };
    }
    match text.parse::<f64>() {
        Ok(value) if value.is_finite() => double(value),
        Ok(value) => Value::from(infinity(value.is_sign_negative())),
        Err(_) => Value::Number(number.clone()),
    }
}

/// Gives a float as it comes back, be it beyond all bounds, where the server prints a word.
pub fn float_or_infinity(value: &Value, line: Line) -> Outcome {
    let beyond = match value {
        Value::Number(number) => number.as_str().parse().ok().filter(|value: &f32| value.is_infinite()),
        Value::String(text) if text == infinity(false) || text == infinity(true) => text.parse().ok(),
        _ => None,
    };
    match beyond {
        Some(value) => Ok(Value::from(infinity(value.is_sign_negative()))),
        None => read_float(value).map(|value| float(value, line)),
    }
}

fn infinity(negative: bool) -> &'static str {
    if negative { "-Infinity" } else { "Infinity" }
}

/// Whether the text of a number has neither a point nor an exponent.
pub fn is_whole(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-')
}

/// Makes a number of its text; what is no number stays a text.
pub fn raw(text: String) -> Value {
    match text.parse::<Number>() {
        Ok(number) => Value::Number(number),
        Err(_) => Value::String(text),
    }
}

fn finite(text: &str) -> Result<f64, Fault> {
    text.trim().parse().ok().filter(|value: &f64| value.is_finite()).ok_or_else(|| not_a_number(text))
}

fn not_a_number(text: &str) -> Fault {
    Fault::new(Class::Number, format!("For input string: \"{text}\""))
}

/// Puts digits such as `1.5e-7` into the form of Java's `toString`.
fn java(size: f64, digits: &str, negative: bool) -> String {
    let sign = if negative { "-" } else { "" };
    let (mantissa, exponent) = digits.split_once('e').unwrap_or((digits, "0"));
    let (head, tail) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    if size == 0.0 {
        return format!("{sign}0.0");
    }
    if !(1e-3..1e7).contains(&size) {
        let tail = if tail.is_empty() { "0" } else { tail };
        return format!("{sign}{head}.{tail}E{exponent}");
    }
    let digits = format!("{head}{tail}");
    match usize::try_from(exponent) {
        Ok(before) if digits.len() <= before + 1 => format!("{sign}{digits:0<width$}.0", width = before + 1),
        Ok(before) => format!("{sign}{}.{}", &digits[..=before], &digits[before + 1..]),
        Err(_) => {
            let zeros = usize::try_from(-exponent - 1).unwrap_or(0);
            format!("{sign}0.{}{digits}", "0".repeat(zeros))
        }
    }
}

/// The digits of a large whole float as Java printed them up to version 18: all that its bits say.
fn old_digits(size: f32) -> String {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "whole and below 2^62")]
    let whole = size as u64;
    let spare = whole.ilog2().saturating_sub(25);
    let insignificant = if spare > 1 { spare * 30_103 / 100_000 } else { 0 };
    let scale = 10_u64.pow(insignificant);
    let kept = whole / scale + u64::from(scale > 1 && whole % scale >= scale / 2);
    let digits = kept.to_string();
    let exponent = digits.len() - 1 + insignificant as usize;
    let tail = digits[1..].trim_end_matches('0');
    let point = if tail.is_empty() { "" } else { "." };
    format!("{}{point}{tail}e{exponent}", &digits[..1])
}

#[cfg(test)]
mod tests {
    use serde_json::{Number, Value};

    use super::{double, float, plain, short_float};
    use crate::api::line::Line;

    #[test]
    fn numbers_are_printed_as_java_prints_them() {
        for (value, text) in [
            (1.0, "1.0"),
            (0.001, "0.001"),
            (0.0001, "1.0E-4"),
            (1e7, "1.0E7"),
            (9_999_999.5, "9999999.5"),
            (1.5e-7, "1.5E-7"),
            (-1e21, "-1.0E21"),
            (1000.0, "1000.0"),
            (0.25, "0.25"),
            (120.5, "120.5"),
        ] {
            assert_eq!(double(value), serde_json::from_str::<Value>(text).unwrap());
        }
    }

    #[test]
    fn a_large_whole_float_is_printed_to_the_last_digit_before_3_0() {
        assert_eq!(float(123_456_789.0, Line::V2_19).to_string(), "1.23456792e+8");
        assert_eq!(float(123_456_789.0, Line::V3).to_string(), "1.2345679e+8");
        assert_eq!(short_float("1.23456792E8"), short_float("1.2345679E8"));
    }

    #[test]
    fn an_integer_of_any_size_keeps_its_text() {
        let number: Number = serde_json::from_str("123456789012345678901234567890").unwrap();
        assert_eq!(plain(&number).to_string(), "123456789012345678901234567890");
    }
}

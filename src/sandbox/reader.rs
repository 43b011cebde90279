//! Reads JSON token by token, as the servers do: what is wrong first is told first, in their words, with its place.

use serde_json::{Map, Number, Value};

use super::fault::Fault;
use super::lexer::Lexer;
use super::line_differences as lines;
use crate::api::line::Line;

/// A token of JSON.
#[derive(Clone, Debug, PartialEq)]
pub enum Token {
    /// `{`
    StartObject,
    /// `}`
    EndObject,
    /// `[`
    StartArray,
    /// `]`
    EndArray,
    /// A key.
    Field(String),
    /// A string.
    Text(String),
    /// A number, as it was written.
    Number(String),
    /// `true` or `false`
    Bool(bool),
    /// `null`
    Null,
    /// Nothing but blanks.
    Nothing,
}

/// A reader that stands on a token.
#[derive(Clone, Debug)]
pub struct Reader<'a> {
    lexer: Lexer<'a>,
    parsing_class: &'static str,
    token: Token,
}

impl<'a> Reader<'a> {
    /// Reads the first token of a body; a body must be there.
    pub fn new(line: Line, body: &'a [u8]) -> Result<Self, Fault> {
        if body.is_empty() {
            let class = lines::parse_exception_class(line);
            return Err(Fault::new(400, "parse_exception", class, "request body is required"));
        }
        let lexer = Lexer::new(lines::json_words(line), body);
        let mut reader = Reader { lexer, parsing_class: lines::parsing_class(line), token: Token::Nothing };
        reader.advance()?;
        Ok(reader)
    }

    /// Gives the token that the reader stands on.
    pub const fn token(&self) -> &Token {
        &self.token
    }

    /// Goes to the next token.
    pub fn advance(&mut self) -> Result<(), Fault> {
        self.token = self.lexer.next(&self.token)?;
        Ok(())
    }

    /// Gives the text of a scalar.
    pub fn text(&self) -> Result<String, Fault> {
        match &self.token {
            Token::Text(text) | Token::Number(text) | Token::Field(text) => Ok(text.clone()),
            Token::Bool(value) => Ok(value.to_string()),
            other => {
                let (line, column) = self.place();
                Err(Fault::illegal_state(format!("Can't get text on a {} at {line}:{column}", other.name())))
            }
        }
    }

    /// Gives the text of a scalar, or nothing for null.
    pub fn text_or_null(&self) -> Result<Option<String>, Fault> {
        if self.token == Token::Null { Ok(None) } else { self.text().map(Some) }
    }

    /// Gives a boolean, which may stand in quotes.
    pub fn boolean(&self) -> Result<bool, Fault> {
        match &self.token {
            Token::Bool(value) => Ok(*value),
            Token::Text(text) => text.parse().map_err(|_| {
                Fault::illegal_argument(format!(
                    "Failed to parse value [{text}] as only [true] or [false] are allowed."
                ))
            }),
            other => Err(self.mistyped(&format!("Current token ({}) not of boolean type", other.name()))),
        }
    }

    /// Gives an integer of 32 bits, which may stand in quotes; a fraction is cut off.
    pub fn int(&self) -> Result<i32, Fault> {
        let number = self.long()?;
        i32::try_from(number).map_err(|_| self.out_of_range(number))
    }

    /// Gives an integer of 64 bits, which may stand in quotes; a fraction is cut off.
    pub fn long(&self) -> Result<i64, Fault> {
        match &self.token {
            Token::Number(text) | Token::Text(text) => whole_number(text).ok_or_else(|| {
                let class = "java.lang.NumberFormatException";
                Fault::new(400, "number_format_exception", class, format!("For input string: \"{text}\""))
            }),
            other => Err(self.not_numeric(other)),
        }
    }

    /// Goes to the end of the object or array that begins here.
    pub fn skip(&mut self) -> Result<(), Fault> {
        let depth = self.lexer.depth();
        if matches!(self.token, Token::StartObject | Token::StartArray) {
            while self.lexer.depth() >= depth {
                self.advance()?;
            }
        }
        Ok(())
    }

    /// Reads the value that begins here, up to its last token.
    pub fn json(&mut self) -> Result<Value, Fault> {
        match self.token.clone() {
            Token::StartObject => {
                let mut entries = Map::new();
                object(self, |reader, key| {
                    entries.insert(key.to_owned(), reader.json()?);
                    Ok(())
                })?;
                Ok(Value::Object(entries))
            }
            Token::StartArray => {
                let mut items = Vec::new();
                array(self, |reader| {
                    items.push(reader.json()?);
                    Ok(())
                })?;
                Ok(Value::Array(items))
            }
            Token::Text(text) | Token::Field(text) => Ok(Value::String(text)),
            Token::Number(text) => {
                Ok(serde_json::from_str::<Number>(&text).map_or(Value::Null, Value::Number))
            }
            Token::Bool(value) => Ok(Value::Bool(value)),
            _ => Ok(Value::Null),
        }
    }

    /// Refuses any other token than the expected one.
    pub fn expect(&self, expected: &Token) -> Result<(), Fault> {
        if self.token.name() == expected.name() {
            return Ok(());
        }
        let reason = format!(
            "Failed to parse object: expecting token of type [{}] but found [{}]",
            expected.name(),
            self.token.name()
        );
        Err(self.parsing_fault(reason))
    }

    /// Finds fault with what the token says, not with how it is written.
    pub fn parsing_fault(&self, reason: String) -> Fault {
        let fault = Fault::new(400, "parsing_exception", self.parsing_class, reason);
        Fault { place: Some(self.place()), ..fault }
    }

    /// Gives line and column, from 1, of the token that the reader stands on.
    pub fn place(&self) -> (usize, usize) {
        self.lexer.line_and_column(self.lexer.started)
    }

    fn not_numeric(&self, token: &Token) -> Fault {
        let cannot = self.lexer.words.cannot;
        let reason =
            format!("Current token ({}) not numeric, {cannot} use numeric value accessors", token.name());
        self.mistyped(&reason)
    }

    fn mistyped(&self, reason: &str) -> Fault {
        match self.lexer.words.mistyped_class {
            Some(class) => self.coercion(class, reason),
            None => self.lexer.broken(reason, self.lexer.at),
        }
    }

    fn out_of_range(&self, number: i64) -> Fault {
        let int = self.lexer.words.int;
        let reason = format!("Numeric value ({number}) out of range of {int} (-2147483648 - 2147483647)");
        self.coercion(self.lexer.words.coercion_class, &reason)
    }

    fn coercion(&self, class: &'static str, reason: &str) -> Fault {
        let reason = self.lexer.located(reason, self.lexer.at);
        Fault::new(self.lexer.words.coercion_status, "input_coercion_exception", class, reason)
    }
}

/// Reads the object that begins here; `field` is called on each value, and leaves the reader on its last token.
pub fn object(
    reader: &mut Reader,
    mut field: impl FnMut(&mut Reader, &str) -> Result<(), Fault>,
) -> Result<(), Fault> {
    reader.expect(&Token::StartObject)?;
    loop {
        reader.advance()?;
        let Token::Field(name) = reader.token.clone() else {
            return Ok(());
        };
        reader.advance()?;
        field(reader, &name)?;
    }
}

/// Reads the array that begins here; `item` is called on each value, and leaves the reader on its last token.
pub fn array(
    reader: &mut Reader,
    mut item: impl FnMut(&mut Reader) -> Result<(), Fault>,
) -> Result<(), Fault> {
    reader.expect(&Token::StartArray)?;
    loop {
        reader.advance()?;
        if reader.token == Token::EndArray {
            return Ok(());
        }
        item(reader)?;
    }
}

impl Token {
    /// The name that error texts use.
    pub const fn name(&self) -> &'static str {
        match self {
            Token::StartObject => "START_OBJECT",
            Token::EndObject => "END_OBJECT",
            Token::StartArray => "START_ARRAY",
            Token::EndArray => "END_ARRAY",
            Token::Field(_) => "FIELD_NAME",
            Token::Text(_) => "VALUE_STRING",
            Token::Number(_) => "VALUE_NUMBER",
            Token::Bool(_) => "VALUE_BOOLEAN",
            Token::Null => "VALUE_NULL",
            Token::Nothing => "null",
        }
    }
}

fn whole_number(text: &str) -> Option<i64> {
    text.parse().ok().or_else(|| {
        let number: f64 = text.parse().ok()?;
        #[expect(
            clippy::cast_possible_truncation,
            reason = "the servers cut fractions off, and cap what is too large"
        )]
        number.is_finite().then_some(number as i64)
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn read(line: Line, body: &str) -> Result<Value, Fault> {
        Reader::new(line, body.as_bytes())?.json()
    }

    fn reason(line: Line, body: &str) -> String {
        read(line, body).unwrap_err().reason
    }

    #[test]
    fn reads_all_kinds_of_values_and_ignores_what_comes_after() {
        let body = r#" {"a": [1, -2.50e3, true, null, "x\u00e9\"y"], "b": {}, "c": []} trailing"#;
        let expected: Value =
            serde_json::from_str(r#"{"a": [1, -2.50e3, true, null, "xé\"y"], "b": {}, "c": []}"#).unwrap();
        assert_eq!(read(Line::V3, body), Ok(expected));
        assert_eq!(read(Line::V3, "7"), Ok(json!(7)));
    }

    #[test]
    fn each_line_has_its_own_place_of_an_unexpected_character() {
        assert!(reason(Line::Odfe, "{bad").ends_with("line: 1, column: 3]"));
        assert!(reason(Line::V2_19, "{bad").ends_with("line: 1, column: 2]"));
        assert!(reason(Line::V3, "{bad").ends_with("byte offset: #1]"));
    }

    #[test]
    fn a_cut_off_body_is_an_end_but_for_a_key_that_is_missing() {
        assert_eq!(read(Line::V1_3, r#"{"name": "#).unwrap_err().kind, "json_e_o_f_exception");
        assert_eq!(read(Line::V1_3, r#"{"name": "m", "#).unwrap_err().kind, "json_parse_exception");
        assert_eq!(read(Line::V3, r#"{"name": "#).unwrap_err().kind, "unexpected_end_of_input_exception");
        assert!(reason(Line::V1_3, r#"{"name": "m", "#).ends_with("line: 1, column: 15]"));
        assert!(read(Line::V3, r#"{"a": "b"#).is_err() && read(Line::V3, r#"{"a": "b\"#).is_err());
    }

    #[test]
    fn a_key_that_comes_twice_is_refused_in_the_same_object_only() {
        assert!(reason(Line::V2_19, r#"{"name": "m", "name": "n"}"#).contains("column: 21]"));
        assert!(read(Line::V2_19, r#"{"a": {"a": 1}, "b": {"a": 1}}"#).is_ok());
    }

    #[test]
    fn nothing_that_is_no_json_makes_the_reader_panic() {
        for body in [
            "{\"a\" 1}",
            "{\"a\":}",
            "[1 2]",
            "[,]",
            "-",
            "\"\\u12\"",
            "\"\\",
            "tru",
            "}",
            "\u{e9}",
            "{\"\u{e9}",
            "[1,",
        ] {
            assert!(read(Line::V3, body).is_err(), "{body}");
        }
    }
}

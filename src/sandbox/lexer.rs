//! Cuts JSON into tokens, and finds fault with it as the servers' own reader does.

use std::collections::HashSet;

use serde_json::Number;

use super::fault::Fault;
use super::line_differences::JsonWords;
use super::reader::Token;

/// What of a body has been read so far.
#[derive(Clone, Debug)]
pub struct Lexer<'a> {
    /// The words of this line's faults.
    pub words: JsonWords,
    bytes: &'a [u8],
    /// The place after the last token.
    pub at: usize,
    /// The place where the last token began.
    pub started: usize,
    open: Vec<Open>,
}

/// An object (with the keys it has so far) or an array that is not closed yet.
#[derive(Clone, Debug)]
enum Open {
    Object(HashSet<String>),
    Array,
}

impl<'a> Lexer<'a> {
    /// Begins with a body.
    pub const fn new(words: JsonWords, bytes: &'a [u8]) -> Self {
        Lexer { words, bytes, at: 0, started: 0, open: Vec::new() }
    }

    /// Counts the objects and arrays that are open.
    pub fn depth(&self) -> usize {
        self.open.len()
    }

    /// Gives the token after another one. What comes after the outermost value is never looked at.
    pub fn next(&mut self, before: &Token) -> Result<Token, Fault> {
        self.blanks();
        let closing = match self.open.last() {
            Some(Open::Object(_)) => b'}',
            Some(Open::Array) => b']',
            None if *before == Token::Nothing && self.peek().is_some() => return self.value(),
            None => return Ok(Token::Nothing),
        };
        if matches!(before, Token::Field(_)) {
            return self.value();
        }
        if self.peek() == Some(closing) {
            self.started = self.at;
            self.at += 1;
            self.open.pop();
            return Ok(if closing == b'}' { Token::EndObject } else { Token::EndArray });
        }
        if !matches!(before, Token::StartObject | Token::StartArray) {
            self.comma(closing)?;
        }
        if closing == b'}' { self.field() } else { self.value() }
    }

    /// Finds fault at a place.
    pub fn broken(&self, reason: &str, at: usize) -> Fault {
        let JsonWords { class, cause, .. } = self.words;
        let mut fault = Fault::new(400, "json_parse_exception", class, self.located(reason, at));
        fault.cause = cause;
        fault
    }

    /// Adds the place to a message.
    pub fn located(&self, reason: &str, at: usize) -> String {
        let source = self.words.source;
        if self.words.by_offset {
            return format!("{reason}\n at [Source: {source}; byte offset: #{at}]");
        }
        let (line, column) = self.line_and_column(at);
        format!("{reason}\n at [Source: {source}; line: {line}, column: {column}]")
    }

    /// Gives the line and column, from 1, of a place.
    pub fn line_and_column(&self, at: usize) -> (usize, usize) {
        let before = &self.bytes[..at.min(self.bytes.len())];
        let line = before.split(|byte| *byte == b'\n').count();
        let start = before.iter().rposition(|byte| *byte == b'\n').map_or(0, |end| end + 1);
        (line, at - start + 1)
    }

    fn comma(&mut self, closing: u8) -> Result<(), Fault> {
        match self.peek() {
            Some(b',') => {
                self.at += 1;
                self.blanks();
                if self.peek().is_none() {
                    return Err(self.broken(&self.cut_off(), self.at));
                }
                Ok(())
            }
            Some(_) => {
                let what = if closing == b'}' { "Object" } else { "Array" };
                Err(self.unexpected(&format!("was expecting comma to separate {what} entries")))
            }
            None => Err(self.ended()),
        }
    }

    fn field(&mut self) -> Result<Token, Fault> {
        let name_word = self.words.field_name;
        match self.peek() {
            Some(b'"') => {}
            Some(_) => {
                return Err(self.unexpected(&format!("was expecting double-quote to start {name_word}")));
            }
            None => return Err(self.ended()),
        }
        let start = self.at;
        let name = self.string()?;
        if let Some(Open::Object(seen)) = self.open.last_mut()
            && !seen.insert(name.clone())
        {
            let (before, after) = self.words.duplicate;
            return Err(self.broken(&format!("{before}{name}{after}"), self.at));
        }
        self.blanks();
        match self.peek() {
            Some(b':') => self.at += 1,
            Some(_) => {
                return Err(
                    self.unexpected(&format!("was expecting a colon to separate {name_word} and value"))
                );
            }
            None => return Err(self.ended()),
        }
        self.started = start;
        Ok(Token::Field(name))
    }

    fn value(&mut self) -> Result<Token, Fault> {
        self.started = self.at;
        Ok(match self.peek() {
            Some(b'{') => {
                self.at += 1;
                self.open.push(Open::Object(HashSet::new()));
                Token::StartObject
            }
            Some(b'[') => {
                self.at += 1;
                self.open.push(Open::Array);
                Token::StartArray
            }
            Some(b'"') => Token::Text(self.string()?),
            Some(b'-' | b'0'..=b'9') => self.number()?,
            Some(byte) if byte.is_ascii_alphabetic() || byte == b'_' || byte == b'$' => self.word()?,
            Some(_) => {
                let values = "(JSON String, Number, Array, Object or token 'null', 'true' or 'false')";
                return Err(self.unexpected(&format!("expected a valid value {values}")));
            }
            None => return Err(self.ended()),
        })
    }

    fn word(&mut self) -> Result<Token, Fault> {
        let word = self.taken(|byte| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'$');
        match word.as_str() {
            "true" => Ok(Token::Bool(true)),
            "false" => Ok(Token::Bool(false)),
            "null" => Ok(Token::Null),
            _ => {
                let reason = format!(
                    "Unrecognized token '{word}': was expecting \
                     (JSON String, Number, Array, Object or token 'null', 'true' or 'false')"
                );
                let at = if self.words.token_at_start { self.started } else { self.at };
                Err(self.broken(&reason, at))
            }
        }
    }

    fn number(&mut self) -> Result<Token, Fault> {
        let text = self.taken(|byte| byte.is_ascii_digit() || b"+-.eE".contains(&byte));
        if serde_json::from_str::<Number>(&text).is_ok() {
            return Ok(Token::Number(text));
        }
        Err(self.broken(&format!("Invalid numeric value: {text}"), self.at))
    }

    /// Reads a string from its opening quote; escapes are left to the JSON library.
    fn string(&mut self) -> Result<String, Fault> {
        let start = self.at;
        self.at += 1;
        loop {
            match self.peek() {
                Some(b'"') => break,
                Some(b'\\') => self.at += 2,
                Some(_) => self.at += 1,
                None => {
                    self.at = self.bytes.len();
                    let reason = "Unexpected end-of-input: was expecting closing quote for a string value";
                    return Err(self.end_fault(reason));
                }
            }
        }
        self.at += 1;
        let text = String::from_utf8_lossy(&self.bytes[start..self.at]);
        serde_json::from_str(&text).map_err(|error| self.broken(&format!("Illegal string: {error}"), self.at))
    }

    fn taken(&mut self, belongs: impl Fn(u8) -> bool) -> String {
        let start = self.at;
        while self.peek().is_some_and(&belongs) {
            self.at += 1;
        }
        String::from_utf8_lossy(&self.bytes[start..self.at]).into_owned()
    }

    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn blanks(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    fn unexpected(&self, expected: &str) -> Fault {
        let rest = String::from_utf8_lossy(&self.bytes[self.at..]);
        let found = rest.chars().next().unwrap_or('\0');
        let reason = format!("Unexpected character ('{found}' (code {})): {expected}", u32::from(found));
        self.broken(&reason, self.at + self.words.character_shift)
    }

    fn cut_off(&self) -> String {
        let what = if matches!(self.open.last(), Some(Open::Array)) { "Array" } else { "Object" };
        format!("Unexpected end-of-input within/between {what} entries")
    }

    fn ended(&self) -> Fault {
        self.end_fault(&self.cut_off())
    }

    fn end_fault(&self, reason: &str) -> Fault {
        let (class, kind, cause) = self.words.end;
        let mut fault = Fault::new(400, kind, class, self.located(reason, self.at));
        fault.cause = cause;
        fault
    }
}

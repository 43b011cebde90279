//! How the alerting plugin walks through objects and arrays: it trusts the tokens, so an unknown key that holds an
//! object ends the walk too early, and what follows is refused at another place.

use super::super::fault::Fault;
use super::super::reader::{Reader, Token};

/// Walks the object that begins here: `field` is called on each value, and leaves the reader on its last token.
pub fn object(
    reader: &mut Reader,
    field: impl FnMut(&mut Reader, &str) -> Result<(), Fault>,
) -> Result<(), Fault> {
    reader.expect(&Token::StartObject)?;
    rest(reader, field)
}

/// Walks on to the end of an object, whatever the reader stands on.
pub fn rest(
    reader: &mut Reader,
    mut field: impl FnMut(&mut Reader, &str) -> Result<(), Fault>,
) -> Result<(), Fault> {
    let mut last = String::new();
    loop {
        reader.advance()?;
        let name = match reader.token() {
            Token::EndObject | Token::Nothing => return Ok(()),
            Token::Field(name) => {
                last.clone_from(name);
                name.clone()
            }
            // at the end of a list that nobody expected, its own name counts once more
            Token::EndArray => last.clone(),
            // inside of such a list there are no names
            _ => String::new(),
        };
        reader.advance()?;
        field(reader, &name)?;
    }
}

/// Reads `{"name": {…}}`, which begins here: `inner` is called on the inner object, and leaves the reader on its end.
pub fn wrapped<T>(
    reader: &mut Reader,
    inner: impl FnOnce(&mut Reader, &str) -> Result<T, Fault>,
) -> Result<T, Fault> {
    reader.expect(&Token::StartObject)?;
    reader.advance()?;
    reader.expect(&Token::Field(String::new()))?;
    let name = match reader.token() {
        Token::Field(name) => name.clone(),
        _ => String::new(),
    };
    reader.advance()?;
    reader.expect(&Token::StartObject)?;
    let read = inner(reader, &name)?;
    reader.advance()?;
    reader.expect(&Token::EndObject)?;
    Ok(read)
}

/// Walks the array that begins here.
pub fn array(
    reader: &mut Reader,
    mut item: impl FnMut(&mut Reader) -> Result<(), Fault>,
) -> Result<(), Fault> {
    reader.expect(&Token::StartArray)?;
    loop {
        reader.advance()?;
        if matches!(reader.token(), Token::EndArray | Token::Nothing) {
            return Ok(());
        }
        item(reader)?;
    }
}

/// Reads a list of texts.
pub fn texts(reader: &mut Reader) -> Result<Vec<String>, Fault> {
    let mut texts = Vec::new();
    array(reader, |reader| {
        texts.push(reader.text()?);
        Ok(())
    })?;
    Ok(texts)
}

/// Reads a time in milliseconds, or null.
pub fn instant(reader: &Reader) -> Result<Option<i64>, Fault> {
    if *reader.token() == Token::Null {
        return Ok(None);
    }
    let number = reader.long().map_err(|fault| match fault.kind {
        "number_format_exception" => Fault::illegal_argument(fault.reason),
        _ => fault,
    });
    number.map(Some)
}

//! The one way to the screen: data to stdout, talk to stderr; a reader who stops reading is no error of ours.

use std::io::{self, ErrorKind, Write};

use crate::error::Error;

/// Writes data; what is left over when the reader has gone, as `head` does, is dropped.
pub fn print(text: &str) -> Result<(), Error> {
    let mut out = io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(Error::usage(
            format!("cannot write to stdout: {error}"),
            "is there space left where it leads to?",
        )),
        _ => Ok(()),
    }
}

/// Tells the user something, in a line of its own; what is being done goes on whether or not anybody listens.
pub fn tell(text: &str) {
    // nobody is left to hear of a stderr that takes nothing
    let _ = io::stderr().lock().write_all(format!("{text}\n").as_bytes());
}

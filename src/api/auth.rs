//! Basic authentication: the header is built once, and marked so that nothing prints it.

use std::fs;

use reqwest::header::HeaderValue;

use super::connection::{Credentials, Password};
use crate::error::Error;
use crate::model::secret::Secret;

/// Makes the `Authorization` header of `credentials`, reading the password's file if it is in one.
pub fn basic(credentials: &Credentials) -> Result<Basic, Error> {
    let Credentials { username, password } = credentials;
    if username.contains(':') {
        return Err(Error::usage(
            "the user name holds a `:`, which basic authentication cannot carry",
            "give the name alone, and the password by `ALERTFORM_PASSWORD` or `--password-file`",
        ));
    }
    let password = read(password)?;
    let encoded = base64(format!("{username}:{}", password.expose()).as_bytes());
    let mut header = HeaderValue::from_str(&format!("Basic {encoded}"))
        .map_err(|_| Error::usage("the credentials make no header", "look for odd characters in them"))?;
    header.set_sensitive(true);
    let mut secrets = vec![Secret::new(encoded)];
    // a server may name the user
    secrets.extend(Some(password).filter(|password| password.expose() != username));
    Ok(Basic { header, secrets })
}

/// What basic authentication sends, and what of it no screen shows, though a server or a gate may say it.
pub struct Basic {
    /// The value of the header.
    pub header: HeaderValue,
    /// The password, and the form in which it is sent.
    pub secrets: Vec<Secret>,
}

fn read(password: &Password) -> Result<Secret, Error> {
    let path = match password {
        Password::Given(secret) => return Ok(secret.clone()),
        Password::File(path) => path,
    };
    let text = fs::read_to_string(path).map_err(|source| Error::Unreadable {
        what: "password file",
        path: path.clone(),
        source,
    })?;
    let line = text.strip_suffix('\n').unwrap_or(&text);
    let line = line.strip_suffix('\r').unwrap_or(line);
    if line.is_empty() {
        return Err(Error::usage(
            format!("the password file `{}` is empty", path.display()),
            "it holds the password and nothing else",
        ));
    }
    Ok(Secret::new(line))
}

/// RFC 4648, section 4.
fn base64(bytes: &[u8]) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let group = (0..3).fold(0_usize, |group, at| group << 8 | usize::from(*chunk.get(at).unwrap_or(&0)));
        for at in 0..4 {
            if at <= chunk.len() {
                text.push(char::from(ALPHABET[group >> (18 - 6 * at) & 63]));
            } else {
                text.push('=');
            }
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_gives_the_vectors_of_its_rfc() {
        for (plain, encoded) in [
            ("", ""),
            ("f", "Zg=="),
            ("fo", "Zm8="),
            ("foo", "Zm9v"),
            ("foob", "Zm9vYg=="),
            ("fooba", "Zm9vYmE="),
            ("foobar", "Zm9vYmFy"),
        ] {
            assert_eq!(base64(plain.as_bytes()), encoded);
        }
        assert_eq!(base64(&[0xfb, 0xff, 0xbf]), "+/+/");
    }

    #[test]
    fn nothing_prints_the_header() {
        let credentials =
            Credentials { username: "ann".into(), password: Password::Given(Secret::new("hunter2")) };
        let header = basic(&credentials).unwrap().header;
        assert!(header.is_sensitive());
        assert_eq!(format!("{header:?}"), "Sensitive");
        assert_eq!(header.to_str().unwrap(), "Basic YW5uOmh1bnRlcjI=");
    }
}

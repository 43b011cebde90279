//! Who asks, said in each request: a header that nothing prints, or a signature; and what else a gate on the way wants to be told.

use std::fs;
use std::path::{Path, PathBuf};

use reqwest::header::{AUTHORIZATION, HeaderMap, HeaderName, HeaderValue};

use super::aws::Signer;
use super::connection::{Credentials, Held};
use crate::error::Error;
use crate::model::secret::{CERTAIN, Secret, without_line_break};

/// What says who asks.
#[derive(Clone, Debug)]
pub struct Auth {
    means: Means,
    /// What goes along with each request, and nothing prints.
    headers: HeaderMap,
    /// The values of those.
    secrets: Vec<Secret>,
}

#[derive(Clone, Debug)]
enum Means {
    Nothing,
    /// The same for each request.
    Header(Authorization),
    /// A token in a file, which somebody renews: it is read for each request.
    TokenFile(PathBuf),
    /// A signature of each request.
    Aws(Signer),
}

/// A header, and what of it no screen shows, though a server or a gate may say it.
#[derive(Clone, Debug)]
struct Authorization {
    header: HeaderValue,
    secrets: Vec<Secret>,
}

impl Auth {
    /// Makes what says who asks; a file that cannot be read is told of before anything is asked.
    pub fn of(credentials: Option<&Credentials>, headers: &[(String, Secret)]) -> Result<Self, Error> {
        let long = headers.iter().filter(|(_, value)| value.expose().len() >= CERTAIN);
        let secrets = long.map(|(_, value)| value.clone()).collect();
        Ok(Self { means: Means::of(credentials)?, headers: extra(headers)?, secrets })
    }

    /// Lets a request say who asks, and gives what of that no screen shows.
    pub async fn authorize(&self, request: &mut reqwest::Request) -> Result<Vec<Secret>, Error> {
        request.headers_mut().extend(self.headers.clone());
        let mut secrets = self.secrets.clone();
        secrets.extend(self.means.authorize(request).await?);
        Ok(secrets)
    }
}

/// Headers that no answer and no log shows.
fn extra(headers: &[(String, Secret)]) -> Result<HeaderMap, Error> {
    let mut extra = HeaderMap::new();
    for (name, value) in headers {
        let (Ok(name), Some(value)) = (name.parse::<HeaderName>(), sensitive(value.expose())) else {
            return Err(Error::usage(
                format!("the header `{name}` has signs in it that no header has"),
                "a value is one line; look for a line break at the end of a file or a variable",
            ));
        };
        extra.insert(name, value);
    }
    Ok(extra)
}

impl Means {
    fn of(credentials: Option<&Credentials>) -> Result<Self, Error> {
        Ok(match credentials {
            None => Means::Nothing,
            Some(Credentials::Basic { username, password }) => Means::Header(basic(username, password)?),
            Some(Credentials::Bearer(Held::Given(token))) => Means::Header(bearer(token.clone())?),
            Some(Credentials::Bearer(Held::File(path))) => {
                bearer(in_file("token file", path)?)?;
                Means::TokenFile(path.clone())
            }
            Some(Credentials::Aws(aws)) => Means::Aws(Signer::new(aws.clone())),
        })
    }

    async fn authorize(&self, request: &mut reqwest::Request) -> Result<Vec<Secret>, Error> {
        let Authorization { header, secrets } = match self {
            Means::Nothing => return Ok(Vec::new()),
            Means::Header(authorization) => authorization.clone(),
            Means::TokenFile(path) => bearer(in_file("token file", path)?)?,
            Means::Aws(signer) => return Box::pin(signer.sign(request)).await,
        };
        request.headers_mut().insert(AUTHORIZATION, header);
        Ok(secrets)
    }
}

fn basic(username: &str, password: &Held) -> Result<Authorization, Error> {
    if username.contains(':') {
        return Err(Error::usage(
            "the user name holds a `:`, which basic authentication cannot carry",
            "give the name alone, and the password by `ALERTFORM_PASSWORD` or `--password-file`",
        ));
    }
    let password = read("password file", password)?;
    let encoded = base64(format!("{username}:{}", password.expose()).as_bytes());
    let header = sensitive(&format!("Basic {encoded}"))
        .ok_or_else(|| Error::usage("the credentials make no header", "look for odd characters in them"))?;
    let mut secrets = vec![Secret::new(encoded)];
    // a server may name the user
    secrets.extend(Some(password).filter(|password| password.expose() != username));
    Ok(Authorization { header, secrets })
}

/// RFC 6750, section 2.1.
fn bearer(token: Secret) -> Result<Authorization, Error> {
    let is_token = |c: char| c.is_ascii_alphanumeric() || "-._~+/=".contains(c);
    let header = sensitive(&format!("Bearer {}", token.expose()));
    match header.filter(|_| token.expose().chars().all(is_token)) {
        Some(header) => Ok(Authorization { header, secrets: vec![token] }),
        None => Err(Error::usage(
            "the token has signs in it that no bearer token has",
            "it is one word of letters, digits and `-._~+/=`, without `Bearer` before it",
        )),
    }
}

fn sensitive(text: &str) -> Option<HeaderValue> {
    let mut header = HeaderValue::from_str(text).ok()?;
    header.set_sensitive(true);
    Some(header)
}

/// What is held, wherever that is; an error calls a file of it `what`.
pub fn read(what: &'static str, held: &Held) -> Result<Secret, Error> {
    match held {
        Held::Given(secret) => Ok(secret.clone()),
        Held::File(path) => in_file(what, path),
    }
}

fn in_file(what: &'static str, path: &Path) -> Result<Secret, Error> {
    let text = fs::read_to_string(path).map_err(|source| Error::Unreadable {
        what,
        path: path.to_owned(),
        source,
    })?;
    let line = without_line_break(&text);
    if line.is_empty() {
        return Err(Error::usage(
            format!("the {what} `{}` is empty", path.display()),
            format!("it holds the {} and nothing else", what.trim_end_matches(" file")),
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

    #[tokio::test]
    async fn nothing_prints_the_header() {
        let secret = || Held::Given(Secret::new("hunter2"));
        for (credentials, expected) in [
            (Credentials::Basic { username: "ann".into(), password: secret() }, "Basic YW5uOmh1bnRlcjI="),
            (Credentials::Bearer(secret()), "Bearer hunter2"),
        ] {
            let auth = Auth::of(Some(&credentials), &[]).unwrap();
            assert!(!format!("{auth:?}").contains("hunter2"));
            let url = reqwest::Url::parse("http://localhost").unwrap();
            let mut request = reqwest::Request::new(reqwest::Method::GET, url);
            let secrets = auth.authorize(&mut request).await.unwrap();
            assert!(secrets.contains(&Secret::new("hunter2")));
            let header = &request.headers()[AUTHORIZATION];
            assert!(header.is_sensitive());
            assert_eq!(header.to_str().unwrap(), expected);
        }
    }

    #[test]
    fn a_token_is_one_word() {
        for text in ["Bearer abc", "abc\ndef", "\u{e4}"] {
            let error =
                Auth::of(Some(&Credentials::Bearer(Held::Given(Secret::new(text)))), &[]).unwrap_err();
            assert_eq!(error.to_string(), "the token has signs in it that no bearer token has");
        }
    }
}

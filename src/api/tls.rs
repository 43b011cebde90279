//! Whom to trust, and what to show: authorities, the client certificate, and no check at all if the user says so.

use std::fs;
use std::path::Path;

use reqwest::{Certificate, ClientBuilder, Identity};

use super::connection::{ClientCertificate, Connection, Verification};
use super::failure;
use crate::error::Error;

/// Which authorities are trusted beside those of `--ca`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Platform {
    /// Those of this machine; an error if it has none and `--ca` gives none.
    Trusted,
    /// None: nothing on the way speaks TLS, and the machine may have no store at all.
    Unneeded,
}

/// Makes `builder` trust and show what the settings say.
pub fn secure(
    builder: ClientBuilder,
    ca: Option<&Path>,
    certificate: Option<&ClientCertificate>,
    verification: Verification,
    platform: Platform,
) -> Result<ClientBuilder, Error> {
    // Fails only if there is a provider already, which serves as well.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let own = ca.map(authorities).transpose()?.unwrap_or_default();
    let builder = match platform {
        Platform::Trusted if own.is_empty() => builder,
        Platform::Trusted => builder.tls_certs_merge(own),
        Platform::Unneeded => builder.tls_certs_only(own),
    };
    let builder = match certificate {
        Some(files) => builder.identity(identity(files)?),
        None => builder,
    };
    Ok(match verification {
        Verification::Full => builder,
        Verification::None => builder.tls_danger_accept_invalid_certs(true),
    })
}

/// Why no client could be made, which only the TLS settings can bring about.
pub fn unusable(error: &reqwest::Error, connection: &Connection) -> Error {
    let reason = failure::innermost(error);
    if reason.contains("No CA certificates were loaded") {
        return Error::usage(
            "this machine has no store of authorities to check servers by",
            "`--ca FILE` names the authorities to trust",
        );
    }
    match &connection.client_certificate {
        Some(files) => Error::usage(
            format!("the client certificate `{}` cannot be used: {reason}", files.certificate.display()),
            "does the key belong to the certificate?",
        ),
        None => Error::usage(format!("no client can be made: {reason}"), "look at `--ca`"),
    }
}

fn authorities(path: &Path) -> Result<Vec<Certificate>, Error> {
    match Certificate::from_pem_bundle(&read("CA file", path)?) {
        Ok(certificates) if !certificates.is_empty() => Ok(certificates),
        _ => Err(Error::usage(
            format!("the CA file `{}` holds no certificate in PEM", path.display()),
            "`openssl x509 -inform der -in FILE -out FILE.pem` makes one from DER",
        )),
    }
}

fn identity(files: &ClientCertificate) -> Result<Identity, Error> {
    let ClientCertificate { certificate, key } = files;
    let mut pem = read("client certificate", certificate)?;
    let secret = read("client key", key)?;
    if contains(&secret, b"ENCRYPTED") {
        return Err(Error::usage(
            format!("the client key `{}` has a passphrase", key.display()),
            "`openssl pkey -in FILE -out FILE.plain` takes it off",
        ));
    }
    pem.push(b'\n');
    pem.extend(secret);
    Identity::from_pem(&pem).map_err(|_| {
        Error::usage(
            format!("`{}` and `{}` hold no certificate and key in PEM", certificate.display(), key.display()),
            "the first file begins with `-----BEGIN CERTIFICATE-----`, the second has a `PRIVATE KEY` in it",
        )
    })
}

fn read(what: &'static str, path: &Path) -> Result<Vec<u8>, Error> {
    fs::read(path).map_err(|source| Error::Unreadable { what, path: path.to_owned(), source })
}

fn contains(text: &[u8], word: &[u8]) -> bool {
    text.windows(word.len()).any(|window| window == word)
}

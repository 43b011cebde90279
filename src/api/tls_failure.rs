//! What is wrong between two ends that speak TLS.

use std::path::PathBuf;

use rustls::{AlertDescription, CertificateError, Error};

/// What is wrong between two ends that speak TLS.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TlsFailure {
    /// The certificate was good once.
    #[error("the server's certificate has expired")]
    Expired,
    /// The certificate will be good.
    #[error("the server's certificate is not valid yet")]
    NotYetValid,
    /// The certificate is another host's.
    #[error("the server's certificate is for other hosts{}", list(.0))]
    WrongHost(Vec<String>),
    /// Nobody who is trusted signed it.
    #[error("the server's certificate is signed by an authority that is not trusted here")]
    UnknownAuthority,
    /// Nobody signed it who stands in the file of those who are trusted.
    #[error("the server's certificate is signed by none of the authorities in `{}`", .0.display())]
    OtherAuthority(PathBuf),
    /// It stands for no host.
    #[error("the server's certificate names no host")]
    NoHost,
    /// What signs certificates is shown as one.
    #[error(
        "the server's certificate is that of an authority, which may sign others and not stand for a server"
    )]
    Authority,
    /// It is of X.509 version 1 or 2.
    #[error("the server's certificate is of a version before X.509 v3, which names no hosts")]
    Old,
    /// The server wants a certificate.
    #[error("the server wants a client certificate")]
    CertificateWanted,
    /// The server got a certificate and does not like it.
    #[error("the server does not accept the client certificate ({0})")]
    CertificateRefused(String),
    /// The server ended the handshake without a reason.
    #[error(
        "the server ended the handshake: it wants a client certificate, or offers no cipher of TLS 1.2 or 1.3 that is known here"
    )]
    Ended,
    /// The server speaks an older version.
    #[error("the server speaks neither TLS 1.2 nor 1.3")]
    OldTls,
    /// The other end speaks something else.
    #[error("the server does not speak TLS")]
    NotTls,
    /// Anything else.
    #[error("no secure connection: {0}")]
    Other(String),
}

/// Finds out what is wrong.
pub fn explain(error: &Error) -> TlsFailure {
    match error {
        Error::InvalidCertificate(error) => certificate(error),
        Error::AlertReceived(alert) => match alert {
            AlertDescription::CertificateRequired => TlsFailure::CertificateWanted,
            // TLS 1.2 has no word of its own for a certificate that is missing
            AlertDescription::HandshakeFailure => TlsFailure::Ended,
            AlertDescription::ProtocolVersion => TlsFailure::OldTls,
            AlertDescription::BadCertificate
            | AlertDescription::UnsupportedCertificate
            | AlertDescription::CertificateRevoked
            | AlertDescription::CertificateExpired
            | AlertDescription::CertificateUnknown
            | AlertDescription::UnknownCA
            | AlertDescription::DecryptError
            | AlertDescription::AccessDenied => TlsFailure::CertificateRefused(format!("{alert:?}")),
            _ => TlsFailure::Other(error.to_string()),
        },
        Error::InvalidMessage(_) => TlsFailure::NotTls,
        _ => TlsFailure::Other(error.to_string()),
    }
}

fn certificate(error: &CertificateError) -> TlsFailure {
    match error {
        CertificateError::Expired | CertificateError::ExpiredContext { .. } => TlsFailure::Expired,
        CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => {
            TlsFailure::NotYetValid
        }
        CertificateError::NotValidForName => TlsFailure::WrongHost(Vec::new()),
        CertificateError::NotValidForNameContext { presented, .. } if presented.is_empty() => {
            TlsFailure::NoHost
        }
        CertificateError::NotValidForNameContext { presented, .. } => {
            TlsFailure::WrongHost(presented.iter().map(|name| plain(name)).collect())
        }
        // an authority that bears a trusted one's name and has another key shows as a bad signature, or, where the key is
        // of another type, as one that this type cannot make
        CertificateError::UnknownIssuer
        | CertificateError::BadSignature
        | CertificateError::UnsupportedSignatureAlgorithmForPublicKeyContext { .. } => {
            TlsFailure::UnknownAuthority
        }
        // what the library has no variant of its own for, it names by the variant of another
        CertificateError::Other(other) => match other.to_string() {
            text if text.contains("CaUsedAsEndEntity") => TlsFailure::Authority,
            text if text.contains("UnsupportedCertVersion") => TlsFailure::Old,
            text => TlsFailure::Other(text),
        },
        other => TlsFailure::Other(other.to_string()),
    }
}

impl TlsFailure {
    /// What to do about it.
    pub const fn hint(&self) -> Option<&'static str> {
        match self {
            TlsFailure::Expired | TlsFailure::NotYetValid => {
                Some("renew it on the server, or look at this machine's clock")
            }
            TlsFailure::WrongHost(_) => Some("name the server in the URL as its certificate does"),
            TlsFailure::UnknownAuthority => Some("`--ca FILE` trusts the authorities in a PEM file"),
            TlsFailure::OtherAuthority(_) => Some(
                "the one that signed it, or one above that, must stand there; `openssl s_client -showcerts -connect HOST:PORT` names it",
            ),
            TlsFailure::NoHost => Some(
                "a host stands in it as `subjectAltName`, and a common name counts for nothing: make another on the server",
            ),
            TlsFailure::Authority | TlsFailure::Old => Some(
                "make another on the server: `openssl req -x509` takes `-addext basicConstraints=critical,CA:FALSE` and \
                 `-addext subjectAltName=DNS:HOST`",
            ),
            TlsFailure::CertificateWanted => {
                Some("`--client-certificate FILE` and `--client-key FILE` name it and its key")
            }
            TlsFailure::CertificateRefused(_) => {
                Some("is it, or the lack of one, what the server expects? see `--client-certificate`")
            }
            TlsFailure::Ended => Some(
                "`--client-certificate FILE` and `--client-key FILE` name one; else see which ciphers the server offers",
            ),
            TlsFailure::OldTls => Some("let the server offer TLS 1.2 or 1.3"),
            TlsFailure::NotTls => Some("does the server want `http://`?"),
            TlsFailure::Other(_) => None,
        }
    }
}

/// The name alone: the library writes `DnsName("search.example")` and `IpAddress(10.0.0.1)`.
fn plain(name: &str) -> String {
    let inner = name.split_once('(').and_then(|(_, rest)| rest.strip_suffix(')'));
    inner.unwrap_or(name).trim_matches('"').to_owned()
}

fn list(hosts: &[String]) -> String {
    if hosts.is_empty() {
        return String::new();
    }
    let hosts: Vec<String> = hosts.iter().map(|host| format!("`{host}`")).collect();
    format!(": {}", hosts.join(", "))
}

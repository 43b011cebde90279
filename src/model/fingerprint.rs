//! Fingerprints of secrets: they show whether two secrets are the same, and to who has not the key nothing else.
//!
//! A digest without a key would give away what it is of to whoever tries all that it may be: names of channels, short
//! passwords, a webhook that is known from elsewhere. Nobody can try without the key, and the key never stands where
//! fingerprints do. Nor is one ever kept in a cluster: servers give back what they hold, and that is what is compared.

use std::fmt;

use hmac::{Hmac, Mac};
use sha2::Sha256;

use super::hex::hex;
use super::secret::Secret;

/// What fingerprints are made with.
#[derive(Clone)]
pub struct FingerprintKey(Secret);

/// Shorter ones can be tried.
pub const SHORTEST: usize = 16;

/// So many bytes tell the secrets of a project apart.
const BYTES: usize = 6;

impl FingerprintKey {
    /// A key; nothing if it is too short for one.
    pub fn new(text: Secret) -> Option<Self> {
        (text.expose().len() >= SHORTEST).then_some(Self(text))
    }

    /// The fingerprint of secrets, in this order: twelve hexadecimal digits of their HMAC-SHA-256.
    pub fn of<'s>(&self, secrets: impl IntoIterator<Item = &'s Secret>) -> String {
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(self.0.expose().as_bytes()) else {
            unreachable!("a key of any length makes an HMAC")
        };
        for secret in secrets {
            // no two lists of secrets are the same text
            let length = u64::try_from(secret.expose().len()).unwrap_or(u64::MAX);
            mac.update(&length.to_be_bytes());
            mac.update(secret.expose().as_bytes());
        }
        hex(&mac.finalize().into_bytes()[..BYTES])
    }
}

impl fmt::Debug for FingerprintKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("FingerprintKey(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_secrets_have_the_same_fingerprint_under_one_key_alone() {
        let key = |text: &str| FingerprintKey::new(Secret::new(text)).unwrap();
        let [one, other] = [key("0123456789abcdef"), key("0123456789abcdeg")];
        let secrets = |texts: &[&str]| texts.iter().map(|text| Secret::new(*text)).collect::<Vec<_>>();
        let fingerprint = one.of(&secrets(&["a", "b"]));
        assert_eq!(fingerprint.len(), 12);
        assert_eq!(fingerprint, one.of(&secrets(&["a", "b"])));
        for texts in [&["ab"][..], &["b", "a"], &["a"], &["", "ab"]] {
            assert_ne!(fingerprint, one.of(&secrets(texts)), "{texts:?}");
        }
        assert_ne!(fingerprint, other.of(&secrets(&["a", "b"])));
        assert!(FingerprintKey::new(Secret::new("short")).is_none());
    }
}

//! Ids as the servers mint them: twenty characters of URL-safe base64; and what they take for one.

use std::collections::hash_map::RandomState;
use std::hash::{BuildHasher, Hasher};

use super::fault::Fault;

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// A source of ids.
#[derive(Clone, Debug)]
pub struct Ids {
    seed: u64,
    minted: u64,
}

/// Refuses characters that an id cannot have.
pub fn check(id: &str) -> Result<(), Fault> {
    let good = |c: &char| c.is_ascii_alphanumeric() || "+/_-".contains(*c);
    let bad: String = id.chars().filter(|c| !good(c)).collect();
    if id.is_empty() || !bad.is_empty() {
        return Err(Fault::illegal_argument(format!("Invalid characters in id : {bad}")));
    }
    Ok(())
}

impl Ids {
    /// Gives ids that nobody can foresee.
    pub fn random() -> Self {
        Ids::seeded(RandomState::new().build_hasher().finish())
    }

    /// Gives the same ids for the same seed.
    pub const fn seeded(seed: u64) -> Self {
        Ids { seed, minted: 0 }
    }

    /// Mints an id.
    pub fn mint(&mut self) -> String {
        let words = [self.next_word(), self.next_word()];
        let digit = |place: u32| words[usize::from(place >= 10)] >> (6 * (place % 10)) & 63;
        (0..20).map(|place| char::from(ALPHABET[usize::try_from(digit(place)).unwrap_or(0)])).collect()
    }

    /// Spreads a counter over 64 bits, so that neighbours look nothing alike.
    fn next_word(&mut self) -> u64 {
        self.minted += 1;
        let mut word = self.seed.wrapping_add(self.minted.wrapping_mul(0x9E37_79B9_7F4A_7C15));
        word = (word ^ (word >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        word = (word ^ (word >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        word ^ (word >> 31)
    }
}

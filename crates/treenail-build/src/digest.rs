//! Digests: 128 bits of SipHash 2-4 with the zero key. They tell two manifests apart; they keep no secrets.

use std::hash::Hasher;

use siphasher::sip128::{Hasher128, SipHasher24};

/// The digest of these bytes: 32 hexadecimal digits, the same on every machine.
pub(crate) fn digest(bytes: &[u8]) -> String {
    let mut digest = Digest::default();
    digest.write(bytes);
    digest.print()
}

/// A digest in the making, of values: the same on every machine, as all numbers go in with the same width and byte order.
#[derive(Default)]
pub(crate) struct Digest(SipHasher24);

impl Digest {
    /// 32 hexadecimal digits.
    pub(crate) fn print(&self) -> String {
        let hash = self.0.finish128();
        format!("{:016x}{:016x}", hash.h1, hash.h2)
    }
}

impl Hasher for Digest {
    fn write(&mut self, bytes: &[u8]) {
        self.0.write(bytes);
    }

    fn write_u8(&mut self, number: u8) {
        self.0.write_u8(number);
    }

    fn write_u32(&mut self, number: u32) {
        self.0.write_u32(number);
    }

    fn write_u64(&mut self, number: u64) {
        self.0.write_u64(number);
    }

    fn write_usize(&mut self, number: usize) {
        self.0.write_u64(number as u64);
    }

    fn write_isize(&mut self, number: isize) {
        self.0.write_u64(number as u64);
    }

    fn finish(&self) -> u64 {
        self.0.finish()
    }
}

#[cfg(test)]
mod tests {
    use std::hash::Hash;

    use super::{Digest, digest};

    #[test]
    fn a_digest_is_32_hexadecimal_digits_and_never_changes() {
        assert_eq!(digest(b"").len(), 32);
        assert_eq!(digest(b"treenail = 1\n"), digest(b"treenail = 1\n"));
        assert_ne!(digest(b"treenail = 1\n"), digest(b"treenail = 1"));
        assert_eq!(
            digest(b"treenail = 1\n"),
            "1a7f722e6df99273b44e2426b558ba26"
        );
    }

    #[test]
    fn the_digest_of_values_never_changes() {
        let mut values = Digest::default();
        (1usize, Some("a"), [2u32, 3], true, -1isize).hash(&mut values);
        assert_eq!(values.print(), "7a70ba2a393857bc96a23f6b1cf93302");
    }
}

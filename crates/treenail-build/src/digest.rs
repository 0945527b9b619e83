//! Digests, as texts.

use std::hash::Hasher;

use treenail_core::digest;

/// The digest of a manifest: 32 hexadecimal digits, the same on every machine.
pub(crate) fn digest(text: &[u8]) -> String {
    printed(digest::Digest::of_text(text))
}

fn printed(digest: digest::Digest) -> String {
    digest.print().into_iter().map(char::from).collect()
}

/// A digest in the making, of values: the same on every machine, as all numbers go in with the same width and byte order.
#[derive(Default)]
pub(crate) struct Digest(digest::Digest);

impl Digest {
    /// 32 hexadecimal digits.
    pub(crate) fn print(&self) -> String {
        printed(self.0)
    }
}

impl Hasher for Digest {
    fn write(&mut self, bytes: &[u8]) {
        self.0.write(bytes);
    }

    fn write_u8(&mut self, number: u8) {
        self.write(&[number]);
    }

    fn write_u32(&mut self, number: u32) {
        self.write(&number.to_le_bytes());
    }

    fn write_u64(&mut self, number: u64) {
        self.write(&number.to_le_bytes());
    }

    fn write_usize(&mut self, number: usize) {
        self.write_u64(number as u64);
    }

    fn write_isize(&mut self, number: isize) {
        self.write_u64(number as u64);
    }

    fn finish(&self) -> u64 {
        self.0.finish()[0]
    }
}

#[cfg(test)]
mod tests {
    use std::hash::Hash;

    use super::{Digest, digest};

    #[test]
    fn a_digest_is_32_hexadecimal_digits_and_never_changes() {
        assert_eq!(digest(b"").len(), 32);
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

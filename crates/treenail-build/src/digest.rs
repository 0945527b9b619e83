//! Digests: 128 bits of SipHash 2-4 with the zero key. They tell two manifests apart; they keep no secrets.

use siphasher::sip128::SipHasher24;

/// The digest of these bytes: 32 hexadecimal digits, the same on every machine.
pub(crate) fn digest(bytes: &[u8]) -> String {
    let hash = SipHasher24::new().hash(bytes);
    format!("{:016x}{:016x}", hash.h1, hash.h2)
}

#[cfg(test)]
mod tests {
    use super::digest;

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
}

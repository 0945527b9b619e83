//! Digests: 128 bits of SipHash 2-4 with the zero key, by the compiler and in constants of rustc. They tell two manifests apart; they
//! keep no secrets.

/// A digest in the making.
#[derive(Debug, Clone, Copy)]
pub struct Digest {
    state: [u64; 4],
    /// The bytes of a word that is not full yet, the first one lowest.
    word: u64,
    length: u64,
}

impl Digest {
    /// Of nothing yet.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            state: [
                0x736f_6d65_7073_6575,
                0x646f_7261_6e64_6f83,
                0x6c79_6765_6e65_7261,
                0x7465_6462_7974_6573,
            ],
            word: 0,
            length: 0,
        }
    }

    /// The digest of a text, whose lines may end as those of Windows do: Git writes them so there.
    #[must_use]
    pub const fn of_text(text: &[u8]) -> Self {
        let mut digest = Self::new();
        digest.take(text, true);
        digest
    }

    /// Takes more bytes in.
    pub const fn write(&mut self, bytes: &[u8]) {
        self.take(bytes, false);
    }

    /// Takes bytes in, word by word: what each costs counts in constants.
    const fn take(&mut self, bytes: &[u8], skips_returns: bool) {
        let (words, rest) = bytes.as_chunks();
        let mut at = 0;
        while at < words.len() {
            let word = u64::from_le_bytes(words[at]);
            if skips_returns && has_return(word) {
                self.take_bytes(&words[at], true);
            } else {
                self.take_word(word);
            }
            at += 1;
        }
        self.take_bytes(rest, skips_returns);
    }

    const fn take_bytes(&mut self, bytes: &[u8], skips_returns: bool) {
        let mut at = 0;
        while at < bytes.len() {
            if !(skips_returns && bytes[at] == b'\r') {
                let place = self.length % 8;
                self.word |= (bytes[at] as u64) << (8 * place);
                self.length += 1;
                if place == 7 {
                    self.compress(self.word);
                    self.word = 0;
                }
            }
            at += 1;
        }
    }

    const fn take_word(&mut self, word: u64) {
        let bits = 8 * (self.length % 8);
        self.length += 8;
        if bits == 0 {
            self.compress(word);
        } else {
            self.compress(self.word | (word << bits));
            self.word = word >> (64 - bits);
        }
    }

    const fn compress(&mut self, word: u64) {
        self.state[3] ^= word;
        self.mix(2);
        self.state[0] ^= word;
    }

    #[allow(
        clippy::manual_rotate,
        reason = "in a constant, a call takes longer than what it stands for"
    )]
    const fn mix(&mut self, rounds: usize) {
        let [mut a, mut b, mut c, mut d] = self.state;
        let mut round = 0;
        while round < rounds {
            a = (a as u128 + b as u128) as u64;
            c = (c as u128 + d as u128) as u64;
            b = ((b << 13) | (b >> 51)) ^ a;
            d = ((d << 16) | (d >> 48)) ^ c;
            a = (((a << 32) | (a >> 32)) as u128 + d as u128) as u64;
            c = (c as u128 + b as u128) as u64;
            d = ((d << 21) | (d >> 43)) ^ a;
            b = ((b << 17) | (b >> 47)) ^ c;
            c = (c << 32) | (c >> 32);
            round += 1;
        }
        self.state = [a, b, c, d];
    }

    const fn folded(&self) -> u64 {
        let [a, b, c, d] = self.state;
        a ^ b ^ c ^ d
    }

    /// The digest, as two numbers.
    #[must_use]
    pub const fn finish(mut self) -> [u64; 2] {
        self.compress(self.word | (self.length << 56));
        self.state[2] ^= 0xee;
        self.mix(4);
        let first = self.folded();
        self.state[1] ^= 0xdd;
        self.mix(4);
        [first, self.folded()]
    }

    /// The digest, as 32 hexadecimal digits.
    #[must_use]
    pub const fn print(self) -> [u8; 32] {
        let halves = self.finish();
        let mut digits = [0; 32];
        let mut at = 0;
        while at < digits.len() {
            let digit = (halves[at / 16] >> (60 - 4 * (at % 16))) & 0xf;
            digits[at] = b"0123456789abcdef"[digit as usize];
            at += 1;
        }
        digits
    }
}

/// Whether one of its bytes is a carriage return.
const fn has_return(word: u64) -> bool {
    const ONES: u64 = 0x0101_0101_0101_0101;
    let zeros = word ^ (ONES * b'\r' as u64);
    // Less one, no byte but a zero gets its highest bit; what it borrows of changes bytes above it alone.
    zeros.wrapping_sub(ONES) & !zeros & (ONES << 7) != 0
}

impl Default for Digest {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(test)]
mod tests {
    use super::Digest;

    /// In a constant, as generated code computes it.
    const MANIFEST: [u8; 32] = Digest::of_text(b"treenail = 1\n").print();

    #[test]
    fn a_digest_is_that_of_siphash_and_never_changes() {
        assert_eq!(&MANIFEST, b"1a7f722e6df99273b44e2426b558ba26");
        // As the crate `siphasher` has it.
        let bytes: Vec<u8> = (0..=255).collect();
        let mut digest = Digest::new();
        digest.write(&bytes[..100]);
        digest.write(&bytes[100..]);
        assert_eq!(
            digest.finish(),
            [0x25a0_ca28_e8d6_1d91, 0xbbee_ab27_76a4_0d3d]
        );
    }

    #[test]
    fn line_ends_of_windows_change_nothing() {
        let digest = Digest::of_text(b"treenail = 1\r\n").print();
        assert_eq!(digest, MANIFEST);
        let lines = "0123456\n[a]\n\nlonger = \"\u{e4}\"\n".repeat(20);
        let of_windows = lines.replace('\n', "\r\n");
        let digest = |text: &str| Digest::of_text(text.as_bytes()).print();
        assert_eq!(digest(&of_windows), digest(&lines));
        let mut written = Digest::new();
        written.write(lines.as_bytes());
        assert_eq!(written.print(), digest(&lines));
        assert_ne!(Digest::of_text(b"treenail = 1").print(), MANIFEST);
    }
}

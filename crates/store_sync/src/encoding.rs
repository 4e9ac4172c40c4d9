//! In which letters a text file is written.
//!
//! Spreadsheets and shops of our customers write UTF-8 (with or without its mark), UTF-16, Windows-1252
//! and, for Arabic, Windows-1256. Marks and validity decide where they can; between the two Windows sets
//! runs of Arabic letters decide. French letters with accents lie at the same places in both.

use std::io::Read;

use encoding_rs::{Decoder, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252, WINDOWS_1256};
use kernel::words;

words! {
    /// In which letters a file is written.
    pub enum Encoding {
        /// UTF-8.
        Utf8 = "utf-8",
        /// UTF-8 with the mark that Excel writes.
        Utf8Bom = "utf-8-bom",
        /// UTF-16, the low byte first.
        Utf16Le = "utf-16le",
        /// UTF-16, the high byte first.
        Utf16Be = "utf-16be",
        /// Western European of Windows.
        Windows1252 = "windows-1252",
        /// Arabic of Windows.
        Windows1256 = "windows-1256",
    }
}

impl Encoding {
    fn library(self) -> &'static encoding_rs::Encoding {
        match self {
            Encoding::Utf8 | Encoding::Utf8Bom => UTF_8,
            Encoding::Utf16Le => UTF_16LE,
            Encoding::Utf16Be => UTF_16BE,
            Encoding::Windows1252 => WINDOWS_1252,
            Encoding::Windows1256 => WINDOWS_1256,
        }
    }

    /// Whether its bytes are UTF-8 already.
    pub(crate) fn is_utf8(self) -> bool {
        matches!(self, Encoding::Utf8 | Encoding::Utf8Bom)
    }
}

/// Looks at bytes as they come and says in the end what they are.
pub(crate) struct Detector {
    head: Vec<u8>,
    /// The beginning of a letter that was cut at the end of a piece.
    open: Vec<u8>,
    is_utf8: bool,
    /// The longest run of bytes that are Arabic letters in Windows-1256, and the present one.
    longest: usize,
    run: usize,
}

/// Three Arabic letters in a row happen by accident in no western text.
const ARABIC_RUN: usize = 3;

impl Detector {
    pub(crate) fn new() -> Detector {
        Detector { head: Vec::new(), open: Vec::new(), is_utf8: true, longest: 0, run: 0 }
    }

    /// Looks at the next bytes.
    pub(crate) fn look(&mut self, bytes: &[u8]) {
        if self.head.len() < 4_096 {
            let wanted = (4_096 - self.head.len()).min(bytes.len());
            self.head.extend_from_slice(&bytes[..wanted]);
        }
        if self.is_utf8 {
            self.look_as_utf8(bytes);
        }
        for byte in bytes {
            self.run = if is_arabic(*byte) { self.run + 1 } else { 0 };
            self.longest = self.longest.max(self.run);
        }
    }

    fn look_as_utf8(&mut self, bytes: &[u8]) {
        let joined;
        let mut rest = bytes;
        if !self.open.is_empty() {
            joined = [self.open.as_slice(), bytes].concat();
            rest = &joined;
        }
        match std::str::from_utf8(rest) {
            Ok(_) => self.open = Vec::new(),
            // A letter may go on in the next piece.
            Err(error) if error.error_len().is_none() => self.open = rest[error.valid_up_to()..].to_vec(),
            Err(_) => self.is_utf8 = false,
        }
    }

    /// What they are.
    pub(crate) fn verdict(&self) -> Encoding {
        match self.head.as_slice() {
            [0xef, 0xbb, 0xbf, ..] => Encoding::Utf8Bom,
            [0xff, 0xfe, ..] => Encoding::Utf16Le,
            [0xfe, 0xff, ..] => Encoding::Utf16Be,
            head => self.unmarked(head),
        }
    }

    fn unmarked(&self, head: &[u8]) -> Encoding {
        // A table holds western signs (separators, digits), whose other byte is zero in UTF-16.
        let zeros = |odd: usize| head.iter().skip(odd).step_by(2).filter(|byte| **byte == 0).count() * 2;
        if zeros(1) > head.len() / 4 {
            return Encoding::Utf16Le;
        }
        if zeros(0) > head.len() / 4 {
            return Encoding::Utf16Be;
        }
        if self.is_utf8 && self.open.is_empty() {
            return Encoding::Utf8;
        }
        if self.longest >= ARABIC_RUN { Encoding::Windows1256 } else { Encoding::Windows1252 }
    }
}

/// Whether a byte is an Arabic letter in Windows-1256, and none of the French ones between them.
fn is_arabic(byte: u8) -> bool {
    let western = [0xd7, 0xe0, 0xe2, 0xe7, 0xe8, 0xe9, 0xea, 0xeb, 0xee, 0xef, 0xf4, 0xf7, 0xf9, 0xfb, 0xfc];
    (0xc1..=0xfe).contains(&byte) && !western.contains(&byte)
}

/// Looks through a whole file.
pub(crate) fn detect(mut plain: impl Read) -> std::io::Result<Encoding> {
    let mut detector = Detector::new();
    let mut piece = vec![0; 1 << 16];
    loop {
        let count = plain.read(&mut piece)?;
        if count == 0 {
            return Ok(detector.verdict());
        }
        detector.look(&piece[..count]);
    }
}

/// The bytes of a file as UTF-8. What is no letter becomes the sign for that.
pub(crate) struct Decoded<R> {
    plain: R,
    decoder: Decoder,
    raw: Vec<u8>,
    /// What of `raw` is still to be decoded.
    rest: std::ops::Range<usize>,
    text: Vec<u8>,
    given: usize,
    is_over: bool,
}

impl<R: Read> Decoded<R> {
    pub(crate) fn new(plain: R, encoding: Encoding) -> Decoded<R> {
        let decoder = encoding.library().new_decoder_with_bom_removal();
        Decoded { plain, decoder, raw: vec![0; 1 << 15], rest: 0..0, text: Vec::new(), given: 0, is_over: false }
    }

    fn fill(&mut self) -> std::io::Result<()> {
        if self.rest.is_empty() {
            let count = self.plain.read(&mut self.raw)?;
            self.is_over = count == 0;
            self.rest = 0..count;
        }
        // UTF-8 needs at most three bytes for each of one or two.
        let mut text = vec![0; self.rest.len() * 3 + 16];
        let (_, read, written, _) = self.decoder.decode_to_utf8(&self.raw[self.rest.clone()], &mut text, self.is_over);
        self.rest.start += read;
        text.truncate(written);
        (self.text, self.given) = (text, 0);
        Ok(())
    }
}

impl<R: Read> Read for Decoded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        while self.given == self.text.len() {
            if self.is_over {
                return Ok(0);
            }
            self.fill()?;
        }
        let count = buffer.len().min(self.text.len() - self.given);
        buffer[..count].copy_from_slice(&self.text[self.given..self.given + count]);
        self.given += count;
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(bytes: &[u8], expected: Encoding, text: &str) {
        assert_eq!(detect(bytes).unwrap(), expected, "{text}");
        let mut decoded = String::new();
        Decoded::new(bytes, expected).read_to_string(&mut decoded).unwrap();
        assert_eq!(decoded, text);
        // The same in the smallest pieces.
        let mut detector = Detector::new();
        bytes.iter().for_each(|byte| detector.look(&[*byte]));
        assert_eq!(detector.verdict(), expected);
    }

    fn utf16(text: &str, bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
        text.encode_utf16().flat_map(bytes).collect()
    }

    #[test]
    fn the_letters_of_a_file_are_found_and_read() {
        let (french, arabic) = ("nom;état\nAmina;livré\n", "الاسم;الحالة\nأمينة;Livré\n");
        check(french.as_bytes(), Encoding::Utf8, french);
        check(arabic.as_bytes(), Encoding::Utf8, arabic);
        check(b"plain", Encoding::Utf8, "plain");
        check(b"", Encoding::Utf8, "");
        check(&[b"\xef\xbb\xbf", arabic.as_bytes()].concat(), Encoding::Utf8Bom, arabic);
        check(&WINDOWS_1252.encode(french).0, Encoding::Windows1252, french);
        check(&WINDOWS_1256.encode(arabic).0, Encoding::Windows1256, arabic);
        check(&[vec![0xff, 0xfe], utf16(arabic, u16::to_le_bytes)].concat(), Encoding::Utf16Le, arabic);
        check(&[vec![0xfe, 0xff], utf16(french, u16::to_be_bytes)].concat(), Encoding::Utf16Be, french);
        check(&utf16(french, u16::to_le_bytes), Encoding::Utf16Le, french);
        check(&utf16(french, u16::to_be_bytes), Encoding::Utf16Be, french);
    }

    #[test]
    fn long_texts_are_decoded_whole() {
        let text = "Ouargla;livré à l'adresse;é\n".repeat(20_000);
        let mut decoded = String::new();
        Decoded::new(&*WINDOWS_1252.encode(&text).0, Encoding::Windows1252).read_to_string(&mut decoded).unwrap();
        assert_eq!(decoded, text);
    }
}

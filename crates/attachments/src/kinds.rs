//! What a file is, told by its content. Pure.

/// The kinds of files that are taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileKind {
    /// A picture; written anew as JPEG.
    Jpeg,
    /// A picture; written anew as PNG.
    Png,
    /// A picture; written anew as JPEG, or as PNG where one sees through it.
    Webp,
    /// A picture that only some phones can show; kept as it is.
    Heic,
    /// A document.
    Pdf,
    /// A voice note.
    Mp3,
    /// A voice note.
    Ogg,
    /// A voice note.
    M4a,
    /// Words.
    Text,
    /// A table.
    Csv,
    /// A table without macros.
    Xlsx,
}

use FileKind::*;

impl FileKind {
    /// The kind of this content; none when it is not taken. The name only tells a table from other words.
    pub fn of(bytes: &[u8], name: &str) -> Option<FileKind> {
        let begins = |signs: &[u8]| bytes.starts_with(signs);
        let at = |place: usize, signs: &[u8]| bytes.get(place..place + signs.len()) == Some(signs);
        if begins(&[0xff, 0xd8, 0xff]) {
            return Some(Jpeg);
        }
        if begins(b"\x89PNG\r\n\x1a\n") {
            return Some(Png);
        }
        if begins(b"RIFF") && at(8, b"WEBP") {
            return Some(Webp);
        }
        if at(4, b"ftyp") {
            return match bytes.get(8..12)? {
                b"heic" | b"heix" | b"heim" | b"heis" | b"hevc" | b"mif1" | b"msf1" => Some(Heic),
                b"M4A " | b"M4B " => Some(M4a),
                // Recorders of phones write these for sound alone; a film has a track of pictures.
                b"mp42" | b"mp41" | b"isom" | b"iso2" | b"3gp4" | b"3gp5" if !has(bytes, b"vide") && has(bytes, b"soun") => Some(M4a),
                _ => None,
            };
        }
        if begins(b"%PDF-") {
            return Some(Pdf);
        }
        if begins(b"ID3") || is_mpeg_frame(bytes) {
            return Some(Mp3);
        }
        if begins(b"OggS")
            && (has(first(bytes), b"OpusHead") || has(first(bytes), b"vorbis") || has(first(bytes), b"Speex") || has(first(bytes), b"FLAC"))
        {
            return Some(Ogg);
        }
        if begins(b"PK\x03\x04") {
            // The names of the parts of a packed file stand in it unpacked.
            let is_table = has(bytes, b"[Content_Types].xml") && has(bytes, b"xl/workbook.xml") && !has(bytes, b"vbaProject");
            return is_table.then_some(Xlsx);
        }
        let is_table = name.rsplit('.').next().is_some_and(|end| end.eq_ignore_ascii_case("csv"));
        if is_text(bytes) { Some(if is_table { Csv } else { Text }) } else { None }
    }

    /// What it is sent as.
    pub fn content_type(self) -> &'static str {
        match self {
            Jpeg => "image/jpeg",
            Png => "image/png",
            Webp => "image/webp",
            Heic => "image/heic",
            Pdf => "application/pdf",
            Mp3 => "audio/mpeg",
            Ogg => "audio/ogg",
            M4a => "audio/mp4",
            Text => "text/plain; charset=utf-8",
            Csv => "text/csv; charset=utf-8",
            Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        }
    }

    /// The endings of names that fit it; the first is the usual one.
    fn endings(self) -> &'static [&'static str] {
        match self {
            Jpeg => &["jpg", "jpeg"],
            Png => &["png"],
            Webp => &["webp"],
            Heic => &["heic", "heif"],
            Pdf => &["pdf"],
            Mp3 => &["mp3"],
            Ogg => &["ogg", "oga", "opus"],
            M4a => &["m4a", "mp4", "m4b", "3gp"],
            Text => &["txt", "log", "md"],
            Csv => &["csv"],
            Xlsx => &["xlsx"],
        }
    }

    /// Whether it is a picture that is written anew.
    pub fn is_picture(self) -> bool {
        matches!(self, Jpeg | Png | Webp)
    }

    /// The name with an ending that fits the content, so that nothing is opened as something else: a page that
    /// calls itself a picture becomes `page.html.txt`.
    pub fn named(self, name: &str) -> String {
        let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
        let clean: String = last.chars().filter(|sign| !sign.is_control()).collect();
        let clean = kernel::cut(clean.trim().trim_matches('.'), 180);
        let clean = if clean.is_empty() { "file" } else { clean };
        let end = clean.rsplit_once('.').map(|(_, end)| end.to_lowercase());
        let fits = end.as_deref().is_some_and(|end| self.endings().contains(&end));
        if fits { clean.to_owned() } else { format!("{clean}.{}", self.endings()[0]) }
    }
}

/// Whether pages may show it where it stands: what we wrote ourselves, and sound.
pub(crate) fn is_harmless(content_type: &str) -> bool {
    matches!(content_type, "image/jpeg" | "image/png" | "audio/mpeg" | "audio/ogg" | "audio/mp4")
}

fn first(bytes: &[u8]) -> &[u8] {
    &bytes[..bytes.len().min(4_096)]
}

fn has(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window == part)
}

/// A frame of MPEG sound, layer III: eleven ones, a version that exists, a rate that exists.
fn is_mpeg_frame(bytes: &[u8]) -> bool {
    let [a, b, c, ..] = bytes else { return false };
    *a == 0xff && b & 0xe0 == 0xe0 && b & 0x18 != 0x08 && b & 0x06 == 0x02 && c & 0xf0 != 0xf0 && c & 0xf0 != 0 && c & 0x0c != 0x0c
}

/// Words in UTF-8, without signs that only programs write.
fn is_text(bytes: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(bytes) else { return false };
    !text.is_empty() && !text.chars().any(|sign| sign.is_control() && !matches!(sign, '\n' | '\r' | '\t' | '\u{c}'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(bytes: &[u8], name: &str, expected: Option<FileKind>) {
        assert_eq!(FileKind::of(bytes, name), expected, "{name}");
    }

    #[test]
    fn content_tells_what_a_file_is() {
        check(&[0xff, 0xd8, 0xff, 0xe0, 1], "x.png", Some(Jpeg));
        check(b"\x89PNG\r\n\x1a\nrest", "x", Some(Png));
        check(b"RIFF\x10\0\0\0WEBPVP8 ", "x", Some(Webp));
        check(b"RIFF\x10\0\0\0WAVEfmt ", "x.webp", None);
        check(b"\0\0\0\x18ftypheic\0\0\0\0", "x.jpg", Some(Heic));
        check(b"\0\0\0\x18ftypM4A \0\0\0\0", "x", Some(M4a));
        check(b"\0\0\0\x18ftypmp42....soun", "voice.m4a", Some(M4a));
        check(b"\0\0\0\x18ftypmp42....soun....vide", "film.m4a", None);
        check(b"%PDF-1.7\n", "x", Some(Pdf));
        check(b"ID3\x04\0", "x", Some(Mp3));
        check(&[0xff, 0xfb, 0x90, 0x64], "x", Some(Mp3));
        check(&[0xff, 0xff, 0xff, 0xff], "x.mp3", None);
        check(b"OggS\0\x02......OpusHead", "x", Some(Ogg));
        check(b"OggS\0\x02......theora", "x.ogg", None);
        check(b"PK\x03\x04[Content_Types].xml xl/workbook.xml", "x", Some(Xlsx));
        check(b"PK\x03\x04[Content_Types].xml xl/workbook.xml xl/vbaProject.bin", "x.xlsx", None);
        check(b"PK\x03\x04word/document.xml", "x.xlsx", None);
        check("Réf;نعم\n".as_bytes(), "list.CSV", Some(Csv));
        check(b"<html><script>", "page.html", Some(Text));
        check(b"MZ\x90\0\x03", "photo.jpg", None);
        check(b"GIF89a\x01\0", "x.gif", None);
        check(b"", "x.txt", None);
    }

    #[test]
    fn a_name_ends_as_the_content_is() {
        assert_eq!(Text.named("page.html"), "page.html.txt");
        assert_eq!(Jpeg.named("../IMG 1.JPEG"), "IMG 1.JPEG");
        assert_eq!(Jpeg.named("photo.webp"), "photo.webp.jpg");
        assert_eq!(Pdf.named(""), "file.pdf");
        assert_eq!(Csv.named("طلبات.csv"), "طلبات.csv");
        assert!(Png.named(&"é".repeat(300)).len() <= 190);
    }
}

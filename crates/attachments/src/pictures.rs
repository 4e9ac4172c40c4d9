//! Pictures written anew: turned as the camera was held, without what it wrote into them, with small ones beside.
//! Pure, and slow: never on a thread that answers requests.

use std::io::Cursor;

use image::codecs::jpeg::JpegEncoder;
use image::codecs::png::PngEncoder;
use image::{DynamicImage, ImageDecoder, ImageEncoder, ImageFormat, ImageReader, Limits, Rgb, RgbImage, imageops};

use crate::kinds::FileKind;

/// The longest side of each small picture, in pixels: two for lists, one for looking at.
pub const THUMBS: [u32; 3] = [72, 144, 1_080];
/// The longest side of the picture that is kept.
const LONGEST: u32 = 4_096;
/// What is read at most: width times height.
const PIXELS: u64 = 50_000_000;
/// Bytes that reading may take.
const MEMORY: u64 = 320 << 20;

/// A picture as it is kept.
pub(crate) struct Picture {
    pub kind: FileKind,
    pub bytes: Vec<u8>,
    pub width: u32,
    pub height: u32,
    /// By their size; none that would be larger than the picture itself.
    pub thumbs: Vec<(u32, Vec<u8>)>,
}

/// A picture small enough for a page that strangers open on a bad line.
pub(crate) struct Small {
    pub kind: FileKind,
    pub bytes: Vec<u8>,
    pub width: u32,
    pub height: u32,
}

/// Why a picture is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Refused {
    /// It cannot be read.
    Broken,
    /// It has too many pixels.
    TooLarge,
}

/// What one sees of a logo at most: width and height, for screens with two points to a pixel.
const LOGO: (u32, u32) = (400, 96);
/// Bytes of a logo; what is larger gets fewer pixels.
const LOGO_BYTES: usize = 8 * 1024;

/// Writes a logo anew, in at most [`LOGO_BYTES`].
pub(crate) fn logo(bytes: &[u8], kind: FileKind) -> Result<Small, Refused> {
    let (picture, _) = read(bytes, kind)?;
    let is_seen_through = picture.color().has_alpha() && picture.to_rgba8().pixels().any(|pixel| pixel.0[3] < 255);
    let (most_wide, most_high) = LOGO;
    let mut share = 4;
    loop {
        let (wide, high) = (most_wide * share / 4, most_high * share / 4);
        let is_larger = picture.width() > wide || picture.height() > high;
        let small = if is_larger { picture.resize(wide, high, imageops::FilterType::Lanczos3) } else { picture.clone() };
        let (width, height) = (small.width(), small.height());
        // Drawn logos are smaller as PNG, photographs as JPEG.
        let sharp = png_small(&small)?;
        if sharp.len() <= LOGO_BYTES || (share == 1 && is_seen_through) {
            return Ok(Small { kind: FileKind::Png, bytes: sharp, width, height });
        }
        let soft = jpeg(&small.to_rgb8(), 85, None)?;
        if !is_seen_through && (soft.len() <= LOGO_BYTES || share == 1) {
            return Ok(Small { kind: FileKind::Jpeg, bytes: soft, width, height });
        }
        share -= 1;
    }
}

fn png_small(picture: &DynamicImage) -> Result<Vec<u8>, Refused> {
    use image::codecs::png::{CompressionType, FilterType};
    let mut bytes = Vec::new();
    let encoder = PngEncoder::new_with_quality(&mut bytes, CompressionType::Best, FilterType::Adaptive);
    picture.write_with_encoder(encoder).map_err(|_| Refused::Broken)?;
    Ok(bytes)
}

/// Writes a picture anew.
pub(crate) fn anew(bytes: &[u8], kind: FileKind) -> Result<Picture, Refused> {
    let (mut picture, profile) = read(bytes, kind)?;
    if picture.width().max(picture.height()) > LONGEST {
        picture = picture.resize(LONGEST, LONGEST, imageops::FilterType::Triangle);
    }
    let (width, height) = (picture.width(), picture.height());

    let is_seen_through = picture.color().has_alpha() && picture.to_rgba8().pixels().any(|pixel| pixel.0[3] < 255);
    let (kind, bytes) = if kind == FileKind::Png || is_seen_through {
        (FileKind::Png, png(&picture, profile.clone())?)
    } else {
        (FileKind::Jpeg, jpeg(&picture.to_rgb8(), 85, profile.clone())?)
    };
    // Each from the next larger one: as good, and much faster.
    let mut from = on_white(&picture);
    drop(picture);
    let mut thumbs = Vec::with_capacity(THUMBS.len());
    for side in THUMBS.into_iter().rev() {
        if from.width().max(from.height()) > side {
            let (w, h) = fitted(from.width(), from.height(), side);
            from = imageops::resize(&from, w, h, if side > 200 { imageops::FilterType::Triangle } else { imageops::FilterType::Lanczos3 });
        }
        thumbs.push((side, jpeg(&from, 78, profile.clone())?));
    }
    thumbs.reverse();
    Ok(Picture { kind, bytes, width, height, thumbs })
}

/// Reads a picture and turns it as it was held; answers how its colours are to be read, too.
fn read(bytes: &[u8], kind: FileKind) -> Result<(DynamicImage, Option<Vec<u8>>), Refused> {
    let format = match kind {
        FileKind::Png => ImageFormat::Png,
        FileKind::Webp => ImageFormat::WebP,
        _ => ImageFormat::Jpeg,
    };
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    let mut limits = Limits::default();
    limits.max_alloc = Some(MEMORY);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().map_err(|_| Refused::Broken)?;
    let (width, height) = decoder.dimensions();
    if u64::from(width) * u64::from(height) > PIXELS {
        return Err(Refused::TooLarge);
    }
    let orientation = decoder.orientation().map_err(|_| Refused::Broken)?;
    // Colours are read by it; it says nothing about place or person.
    let profile = decoder.icc_profile().ok().flatten();
    let mut picture = DynamicImage::from_decoder(decoder).map_err(|_| Refused::Broken)?;
    picture.apply_orientation(orientation);
    Ok((picture, profile))
}

fn fitted(width: u32, height: u32, side: u32) -> (u32, u32) {
    let longest = f64::from(width.max(height).max(1));
    let scaled = |length: u32| ((f64::from(length) * f64::from(side) / longest).round() as u32).clamp(1, side);
    (scaled(width), scaled(height))
}

/// What one sees through becomes white.
fn on_white(picture: &DynamicImage) -> RgbImage {
    if !picture.color().has_alpha() {
        return picture.to_rgb8();
    }
    let seen = picture.to_rgba8();
    RgbImage::from_fn(seen.width(), seen.height(), |x, y| {
        let [r, g, b, a] = seen.get_pixel(x, y).0;
        let mixed = |colour: u8| ((u32::from(colour) * u32::from(a) + 255 * (255 - u32::from(a))) / 255) as u8;
        Rgb([mixed(r), mixed(g), mixed(b)])
    })
}

fn jpeg(picture: &RgbImage, quality: u8, profile: Option<Vec<u8>>) -> Result<Vec<u8>, Refused> {
    let mut bytes = Vec::new();
    let mut encoder = JpegEncoder::new_with_quality(&mut bytes, quality);
    if let Some(profile) = profile {
        let _ = encoder.set_icc_profile(profile);
    }
    encoder.write_image(picture.as_raw(), picture.width(), picture.height(), image::ExtendedColorType::Rgb8).map_err(|_| Refused::Broken)?;
    Ok(bytes)
}

fn png(picture: &DynamicImage, profile: Option<Vec<u8>>) -> Result<Vec<u8>, Refused> {
    let mut bytes = Vec::new();
    let mut encoder = PngEncoder::new(&mut bytes);
    if let Some(profile) = profile {
        let _ = encoder.set_icc_profile(profile);
    }
    picture.write_with_encoder(encoder).map_err(|_| Refused::Broken)?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A picture with a camera's words in it: the place, and that it was held on its side.
    pub(crate) fn photo(width: u32, height: u32) -> Vec<u8> {
        let picture = RgbImage::from_fn(width, height, |x, y| Rgb([(x % 256) as u8, (y % 256) as u8, 90]));
        let plain = jpeg(&picture, 90, None).unwrap();
        let mut tiff = b"II*\0\x08\0\0\0\x02\0".to_vec();
        // Orientation 6: the top is on the right.
        tiff.extend(b"\x12\x01\x03\0\x01\0\0\0\x06\0\0\0");
        tiff.extend(b"\x0e\x01\x02\0\x0f\0\0\0\x26\0\0\0\0\0\0\0");
        tiff.extend(b"36.75N,3.06E!!\0");
        let mut exif = b"Exif\0\0".to_vec();
        exif.extend(tiff);
        let mut bytes = plain[..2].to_vec();
        bytes.extend([0xff, 0xe1]);
        bytes.extend(u16::try_from(exif.len() + 2).unwrap().to_be_bytes());
        bytes.extend(exif);
        bytes.extend(&plain[2..]);
        bytes
    }

    fn size(bytes: &[u8]) -> (u32, u32) {
        let picture = image::load_from_memory(bytes).unwrap();
        (picture.width(), picture.height())
    }

    fn has(bytes: &[u8], part: &[u8]) -> bool {
        bytes.windows(part.len()).any(|window| window == part)
    }

    #[test]
    fn a_photo_loses_what_the_camera_wrote_and_stands_upright() {
        let photo = photo(1_600, 1_200);
        assert!(has(&photo, b"36.75N"));
        let kept = anew(&photo, FileKind::Jpeg).unwrap_or_else(|why| panic!("{why:?}"));
        assert_eq!((kept.kind, kept.width, kept.height), (FileKind::Jpeg, 1_200, 1_600));
        assert_eq!(size(&kept.bytes), (1_200, 1_600));
        let all = std::iter::once(&kept.bytes).chain(kept.thumbs.iter().map(|(_, bytes)| bytes));
        for bytes in all {
            assert!(!has(bytes, b"36.75N") && !has(bytes, b"Exif"));
        }
        let sizes: Vec<_> = kept.thumbs.iter().map(|(side, bytes)| (*side, size(bytes))).collect();
        assert_eq!(sizes, [(72, (54, 72)), (144, (108, 144)), (1_080, (810, 1_080))]);
    }

    #[test]
    fn a_small_picture_is_not_made_larger() {
        let mut bytes = Vec::new();
        let picture = DynamicImage::ImageRgba8(image::RgbaImage::from_pixel(100, 20, image::Rgba([10, 20, 30, 0])));
        picture.write_to(&mut Cursor::new(&mut bytes), ImageFormat::WebP).unwrap();
        let kept = anew(&bytes, FileKind::Webp).unwrap_or_else(|why| panic!("{why:?}"));
        assert_eq!((kept.kind, kept.width, kept.height), (FileKind::Png, 100, 20), "one sees through it");
        let sizes: Vec<_> = kept.thumbs.iter().map(|(side, bytes)| (*side, size(bytes))).collect();
        assert_eq!(sizes, [(72, (72, 14)), (144, (100, 20)), (1_080, (100, 20))]);
        let white = image::load_from_memory(&kept.thumbs[1].1).unwrap().to_rgb8();
        assert!(white.pixels().all(|pixel| pixel.0.iter().all(|part| *part > 250)));
    }

    #[test]
    fn a_logo_is_small_whatever_came_in() {
        let noisy = RgbImage::from_fn(2_000, 700, |x, y| Rgb([(x * y % 251) as u8, (x * 7 % 253) as u8, (y * 13 % 249) as u8]));
        let photo = jpeg(&noisy, 90, None).unwrap();
        let kept = logo(&photo, FileKind::Jpeg).unwrap_or_else(|why| panic!("{why:?}"));
        assert!(kept.bytes.len() <= LOGO_BYTES && kept.width <= 400 && kept.height <= 96, "{} {}x{}", kept.bytes.len(), kept.width, kept.height);

        let drawn = DynamicImage::ImageRgba8(image::RgbaImage::from_fn(600, 200, |x, _| image::Rgba([11, 107, 93, if x < 300 { 255 } else { 0 }])));
        let mut bytes = Vec::new();
        drawn.write_to(&mut Cursor::new(&mut bytes), ImageFormat::Png).unwrap();
        let kept = logo(&bytes, FileKind::Png).unwrap_or_else(|why| panic!("{why:?}"));
        assert_eq!((kept.kind, kept.width, kept.height), (FileKind::Png, 288, 96));
        assert!(kept.bytes.len() < 3_000 && image::load_from_memory(&kept.bytes).unwrap().color().has_alpha());
    }

    #[test]
    fn what_cannot_be_read_is_refused() {
        let photo = photo(64, 64);
        assert_eq!(anew(&photo[..40], FileKind::Jpeg).err(), Some(Refused::Broken));
        assert_eq!(anew(b"\x89PNG\r\n\x1a\n", FileKind::Png).err(), Some(Refused::Broken));
        // A header that promises more than anybody photographs, in a few bytes.
        let mut huge = Vec::new();
        PngEncoder::new(&mut huge).write_image(&[0; 3], 1, 1, image::ExtendedColorType::Rgb8).unwrap();
        huge[16..24].copy_from_slice(&[0, 0, 0x75, 0x30, 0, 0, 0x75, 0x30]);
        assert!(anew(&huge, FileKind::Png).is_err());
    }
}

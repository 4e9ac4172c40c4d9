//! Icons of the sprite, drawn into the page itself: a customer's page shows a dozen, and a whole sprite would weigh more.

use std::collections::HashMap;
use std::sync::LazyLock;

use askama::filters::Safe;

use crate::assets;

static SYMBOLS: LazyLock<HashMap<&'static str, &'static str>> = LazyLock::new(|| {
    let sprite = assets::ASSETS.iter().find(|asset| asset.name == "icons.svg").map_or(&b""[..], |asset| asset.plain);
    let sprite = std::str::from_utf8(sprite).unwrap_or_default();
    let symbol = |part: &'static str| {
        let (name, rest) = part.split_once('"')?;
        let (_, shapes) = rest.split_once('>')?;
        Some((name, shapes.split("</symbol>").next()?))
    };
    sprite.split("<symbol id=\"").skip(1).filter_map(symbol).collect()
});

/// An icon with further classes, hidden from screen readers: words stand beside it.
pub(crate) fn drawn(name: &str, classes: &str) -> Safe<String> {
    let shapes = SYMBOLS.get(name).copied().unwrap_or_default();
    let space = if classes.is_empty() { "" } else { " " };
    Safe(format!(r#"<svg class="i{space}{classes}" viewBox="0 0 24 24" aria-hidden="true">{shapes}</svg>"#))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_icon_that_is_drawn_is_in_the_sprite() {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("templates/public");
        let mut looked = 0;
        for entry in std::fs::read_dir(folder).unwrap() {
            let template = std::fs::read_to_string(entry.unwrap().path()).unwrap();
            for (place, opening) in template.match_indices("drawn(\"") {
                let icon = template[place + opening.len()..].split('"').next().unwrap();
                assert!(SYMBOLS.contains_key(icon), "{icon}");
                looked += 1;
            }
        }
        for icon in ["check", "truck", "circle-check", "x", "undo-2", "banknote"] {
            assert!(SYMBOLS.contains_key(icon), "{icon}");
        }
        assert!(looked > 10);
        assert!(drawn("check", "").0.contains("<path") && drawn("check", "flip").0.contains(r#"class="i flip""#));
    }
}

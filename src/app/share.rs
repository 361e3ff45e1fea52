//! A manifest in a link: compressed, then base64 for addresses.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

/// What a link may unpack to.
const LIMIT: usize = 1 << 20;

/// The part of a link that carries a text and a moment, format 1.
pub(super) fn encode(text: &str, ms: u64) -> String {
    let packed = miniz_oxide::deflate::compress_to_vec(text.as_bytes(), 9);
    format!("1.{ms}.{}", URL_SAFE_NO_PAD.encode(packed))
}

/// The text and moment of a link.
///
/// # Errors
/// What is wrong with it, for people.
pub(super) fn decode(part: &str) -> Result<(String, u64), String> {
    let mut fields = part.splitn(3, '.');
    let (Some("1"), Some(ms), Some(data)) = (fields.next(), fields.next(), fields.next()) else {
        return Err("This link is of another version or cut off.".into());
    };
    let packed = URL_SAFE_NO_PAD.decode(data).map_err(|_| "This link is damaged: a character does not belong there.".to_owned())?;
    let bytes = miniz_oxide::inflate::decompress_to_vec_with_limit(&packed, LIMIT)
        .map_err(|_| "This link is damaged: a part of it is missing.".to_owned())?;
    let text = String::from_utf8(bytes).map_err(|_| "This link is damaged.".to_owned())?;
    Ok((text, ms.parse().unwrap_or_default()))
}

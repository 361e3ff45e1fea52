//! Markdown of items for the page.

/// Markdown as HTML; HTML of the author's own is shown as text.
pub fn markdown(text: &str) -> String {
    use pulldown_cmark::{Event, Parser, html};
    #[expect(clippy::wildcard_enum_match_arm, reason = "only raw HTML is treated apart")]
    let plain = Parser::new(text).map(|event| match event {
        Event::Html(raw) | Event::InlineHtml(raw) => Event::Text(raw),
        other => other,
    });
    let mut out = String::new();
    html::push_html(&mut out, plain);
    out
}

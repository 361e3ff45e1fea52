//! Variants of an item: its text with other words and numbers in it, each an item of its own.

use crate::order::SortedMap;
use crate::text::{Diagnostic, Span};
use crate::yaml::Node;

/// What surrounds a parameter in the text of an item.
const MARK: &str = "__";

/// The text of every variant, in their order; the text itself if there are none.
///
/// # Errors
/// A parameter that a variant does not give.
pub(super) fn texts(text: &str, root: &Node) -> Result<Vec<String>, Vec<Diagnostic>> {
    let Some(list) = root.get("variants") else { return Ok(vec![text.to_owned()]) };
    let wrong = |message: String| Err(vec![Diagnostic::error("item/variants", list.span, message)]);
    let mut all = Vec::new();
    for (number, parameters) in (1..).zip(parameters(text, list)) {
        if parameters.is_empty() {
            return wrong(format!("variant {number} gives no parameters: write `- {{seconds: 5, answer: 10}}`"));
        }
        match fill(text, &parameters) {
            Ok(filled) => all.push(filled),
            Err(name) => return wrong(format!("variant {number} does not give `{name}`, which the text names as `{MARK}{name}{MARK}`")),
        }
    }
    if all.is_empty() { wrong("`variants` is a list of parameters: `- {seconds: 5, answer: 10}`".into()) } else { Ok(all) }
}

/// The parameters of each variant: texts, and other values as they are written.
fn parameters(text: &str, list: &Node) -> Vec<SortedMap<String, String>> {
    let written = |node: &Node| text.get(node.span.start as usize..node.span.end as usize).unwrap_or_default();
    let value = |node: &Node| node.text().unwrap_or_else(|| written(node)).to_owned();
    list.items().iter().map(|node| node.entries().iter().map(|e| (e.key.clone(), value(&e.value))).collect()).collect()
}

/// The text with the parameters in place, or the name of one that is missing.
fn fill(text: &str, parameters: &SortedMap<String, String>) -> Result<String, String> {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once(MARK) {
        let Some((name, behind)) = after.split_once(MARK).filter(|(name, _)| is_name(name)) else {
            out.push_str(before);
            out.push_str(MARK);
            rest = after;
            continue;
        };
        out.push_str(before);
        out.push_str(parameters.get(name).ok_or_else(|| name.to_owned())?);
        rest = behind;
    }
    out.push_str(rest);
    Ok(out)
}

fn is_name(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric())
}

/// Says of what is wrong in which variant it is.
pub(super) fn of_variant(number: usize, found: Vec<Diagnostic>, at: Span) -> Vec<Diagnostic> {
    let told = |d: Diagnostic| Diagnostic { span: at, message: format!("variant {number}: {}", d.message), ..d };
    found.into_iter().map(told).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_stand_where_the_text_names_them() {
        let parameters = SortedMap::from([("code".to_owned(), "3".to_owned())]);
        let cases = [
            ("exit __code__, again __code__", Ok("exit 3, again 3")),
            ("a __ b __code__", Ok("a __ b 3")),
            ("no parameter", Ok("no parameter")),
            ("__other__", Err("other")),
        ];
        for (text, filled) in cases {
            assert_eq!(fill(text, &parameters), filled.map(str::to_owned).map_err(str::to_owned), "{text}");
        }
    }
}

//! Texts in, trees and complaints out.

use super::*;
use crate::text::Decimal;

fn root(text: &str) -> Node {
    let parsed = parse(text);
    assert_eq!(parsed.diagnostics, [], "{text}");
    parsed.value.into_iter().next().map_or(Node::null(Span::default()), |d| d.root)
}

#[test]
fn plain_scalars_are_yaml_1_1() {
    let cases = [
        ("yes", NodeKind::Bool(true)),
        ("N", NodeKind::Bool(false)),
        ("0644", NodeKind::Int(420)),
        ("0x1F", NodeKind::Int(31)),
        ("1_000", NodeKind::Int(1000)),
        ("18446744073709551615", NodeKind::UInt(u64::MAX)),
        ("1.5", NodeKind::Float(Decimal::parse("1.5").unwrap())),
        ("1e3", NodeKind::Float(Decimal::parse("1000.0").unwrap())),
        ("08", NodeKind::Float(Decimal::parse("8.0").unwrap())),
        ("'yes'", NodeKind::Text("yes".into())),
        ("!!str 5", NodeKind::Text("5".into())),
        ("1.2.3", NodeKind::Text("1.2.3".into())),
        ("100m", NodeKind::Text("100m".into())),
        ("12:30", NodeKind::Text("12:30".into())),
        ("null", NodeKind::Null),
    ];
    for (text, kind) in cases {
        let tree = root(&format!("a: {text}\n"));
        assert_eq!(tree.get("a").map(|n| &n.kind), Some(&kind), "{text}");
    }
}

#[test]
fn every_node_knows_its_place() {
    let text = "\u{feff}# ünïcode\r\nspec:\r\n  list: [ä, b]\r\n  text: |\r\n    hello\r\n";
    let tree = root(text);
    let spec = tree.get("spec").unwrap();
    assert_eq!(spec.span.of(text), "list: [ä, b]\r\n  text: |\r\n    hello");
    assert_eq!(spec.entries()[0].key_span.of(text), "list");
    assert_eq!(spec.get("list").unwrap().span.of(text), "[ä, b]");
    assert_eq!(spec.get("list").unwrap().items()[1].span.of(text), "b");
}

#[test]
fn documents_stand_alone() {
    let text = "---\na: 1\n--- # next\nb: [\n---\n\n---\nc: 3\n";
    let parsed = parse(text);
    assert_eq!(parsed.value.iter().map(|d| d.error.is_some()).collect::<Vec<_>>(), [false, true, false]);
    assert_eq!(parsed.value[2].root.get("c").map(|n| n.span.of(text)), Some("3"));
    assert_eq!(parsed.diagnostics.len(), 1);
}

#[test]
fn aliases_and_merge_keys_are_replaced() {
    let tree = root("base: &b {x: 1, z: 2}\nuse:\n  <<: *b\n  z: 3\nlist: [*b]\n");
    let merged = tree.get("use").unwrap();
    assert_eq!(merged.get("x").map(|n| &n.kind), Some(&NodeKind::Int(1)));
    assert_eq!(merged.get("z").map(|n| &n.kind), Some(&NodeKind::Int(3)));
    assert_eq!(tree.get("list").unwrap().items()[0].entries().len(), 2);
}

#[test]
fn mistakes_are_named_with_their_place_and_a_remedy() {
    let cases = [
        ("a:\n  b: 1\n c: 2\n", "yaml/indentation", 3),
        ("a:\n\tb: 1\n", "yaml/tab", 2),
        ("a: b: c\n", "yaml/colon", 1),
        ("a: [1, 2\nb: 3\n", "yaml/bracket", 2),
        ("a: 'open\n", "yaml/quote", 1),
        ("a: *none\n", "yaml/anchor", 1),
        ("a: @b\n", "yaml/character", 1),
        ("--- a: 1\n", "yaml/separator", 1),
    ];
    for (text, code, line) in cases {
        let parsed = parse(text);
        let found = &parsed.diagnostics[0];
        let at = crate::text::LineIndex::new(text).position(text, found.span.start as usize);
        assert_eq!((found.code, at.line, found.help.is_some()), (code, line, true), "{text}: {found:?}");
    }
}

#[test]
fn go_yaml_words_are_kept_for_the_api_server() {
    let text = "apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec:\n  containers:\n  - name: app\n   image: nginx\n";
    let error = parse(text).value[0].error.clone().unwrap();
    assert_eq!(error.server, "yaml: line 6: did not find expected key");
}

#[test]
fn size_depth_and_aliases_are_bounded() {
    let bomb: String = (1..30).map(|i| format!("a{i}: &a{i} [*a{0}, *a{0}, *a{0}, *a{0}]\n", i - 1)).collect();
    let cases = [
        ("x".repeat(MAX_TEXT + 1), "yaml/too-long"),
        (format!("{}1", "[".repeat(10_000)), "yaml/too-deep"),
        (format!("{}1", "- ".repeat(10_000)), "yaml/too-deep"),
        (format!("a0: &a0 [x]\n{bomb}"), "yaml/too-many"),
        ("a: &a [*a]\n".to_owned(), "yaml/anchor"),
    ];
    for (text, code) in cases {
        assert_eq!(parse(&text).diagnostics.iter().map(|d| d.code).collect::<Vec<_>>(), [code]);
    }
}
